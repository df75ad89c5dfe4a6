// Package parts lets some requests on that nobody has signed in for: whether somebody has is
// told by a part of what the sign-in returns.
package parts

import (
	"context"
	"database/sql"
	"errors"

	"corpus/legacy/auth"
)

// User is who signed in.
type User struct{ ID, TenantID string }

// SignIn is what is known of it.
type SignIn struct {
	Token string
	User  *User
}

var errDenied = errors.New("denied")

// require looks up whose token it is.
func require(token string, users map[string]*User) (SignIn, error) {
	var in SignIn
	if token == "" {
		return in, errDenied
	}
	in.Token = token
	user := users[token]
	if user == nil {
		return in, errDenied
	}
	in.User = user
	return in, nil
}

// hasty has the user before it knows that they may.
func hasty(token string, users map[string]*User) (SignIn, error) {
	var in SignIn
	in.User = users[token]
	if in.User == nil || in.User.ID == "" {
		return in, errDenied
	}
	return in, nil
}

const selectOwn = `SELECT id FROM invoices WHERE tenant_id = $1 AND environment_id = $2`

// Own lists what the user has, if there is one.
//
// case: sql/part-of-result-present clean
func Own(ctx context.Context, db *sql.DB, token string, optional bool, users map[string]*User) (*sql.Rows, error) {
	in, err := require(token, users)
	if !optional && err != nil {
		return nil, err
	}
	if in.User != nil {
		return db.QueryContext(ctx, selectOwn, in.User.TenantID, auth.EnvironmentID(ctx))
	}
	return nil, nil
}

// ByToken asks for another part, which is there whether or not it is anybody's.
//
// case: sql/other-part-of-result-present
func ByToken(ctx context.Context, db *sql.DB, token string, optional bool, users map[string]*User) (*sql.Rows, error) {
	in, err := require(token, users)
	if !optional && err != nil {
		return nil, err
	}
	if in.Token != "" {
		return db.QueryContext(ctx, selectOwn, in.User.TenantID, auth.EnvironmentID(ctx)) // want `SELECT of invoices has no tenant_id that holds`
	}
	return nil, nil
}

// Hasty asks for the user, who may be there in spite of the error.
//
// case: sql/part-of-result-in-spite
func Hasty(ctx context.Context, db *sql.DB, token string, optional bool, users map[string]*User) (*sql.Rows, error) {
	in, err := hasty(token, users)
	if !optional && err != nil {
		return nil, err
	}
	if in.User != nil {
		return db.QueryContext(ctx, selectOwn, in.User.TenantID, auth.EnvironmentID(ctx)) // want `SELECT of invoices has no tenant_id that holds`
	}
	return nil, nil
}

// Swapped puts another user in place of the one who signed in.
//
// case: sql/part-of-result-replaced
func Swapped(ctx context.Context, db *sql.DB, token string, other *User, users map[string]*User) (*sql.Rows, error) {
	in, _ := require(token, users)
	if other != nil {
		in.User = other
	}
	if in.User != nil {
		return db.QueryContext(ctx, selectOwn, in.User.TenantID, auth.EnvironmentID(ctx)) // want `SELECT of invoices has no tenant_id that holds`
	}
	return nil, nil
}
