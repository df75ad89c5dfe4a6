// Package account knows who is who: whose a token is, which tenants somebody
// belongs to, and what they may do there. It is the only package that looks at
// rows before there is a scope.
package account

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Accounts answers what the boundary asks. It is safe for concurrent use.
type Accounts struct{ db *sql.DB }

// New returns the accounts in that database.
func New(db *sql.DB) *Accounts { return &Accounts{db: db} }

// Hash returns what is stored of a token.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Authenticate implements [tenant.Authenticator]: who has this token?
func (a *Accounts) Authenticate(ctx context.Context, h tenant.Header) (tenant.Claims, error) {
	values := h.Values("Authorization")
	if len(values) != 1 {
		return nil, errors.New("one Authorization header is needed")
	}
	token, ok := strings.CutPrefix(values[0], "Bearer ")
	if !ok {
		return nil, errors.New("the Authorization header holds no bearer token")
	}
	var user, env string
	err := a.db.QueryRowContext(ctx, `SELECT user_id, env FROM tokens WHERE hash = ?`, Hash(token)).Scan(&user, &env)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errors.New("no such token")
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", tenant.ErrUnavailable, err)
	}
	return tenant.MapClaims{"user": user, "env": env}, nil
}

// Bindings implements [tenant.Directory]: which tenants does the user, whom the
// boundary has verified, belong to?
func (a *Accounts) Bindings(ctx context.Context, user string, env tenant.Env) ([]tenant.Binding, error) {
	rows, err := a.db.QueryContext(ctx, `SELECT tenant_id FROM members WHERE user_id = ? AND env = ?`, user, env.String())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []tenant.Binding
	for rows.Next() {
		b := tenant.Binding{Policy: "standard"}
		if err := rows.Scan(&b.Tenant); err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, rows.Err()
}

// Standing implements [tenant.Authority]: is the caller a member of the tenant,
// and with which role? The guards ask each time, so that who is removed is out
// at once.
func (a *Accounts) Standing(ctx context.Context, sc tenant.Scope) (tenant.Standing, error) {
	var role string
	err := a.db.QueryRowContext(ctx, `SELECT role FROM members WHERE tenant_id = ? AND env = ? AND user_id = ?`,
		sc.Tenant(), sc.Env().String(), sc.User()).Scan(&role)
	if errors.Is(err, sql.ErrNoRows) {
		return tenant.Standing{}, nil
	}
	if err != nil {
		return tenant.Standing{}, err
	}
	return tenant.Standing{Member: true, Roles: []string{role}}, nil
}

// Tenants lists the tenants of an environment, for jobs that visit them all.
func (a *Accounts) Tenants(ctx context.Context, env tenant.Env) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		rows, err := a.db.QueryContext(ctx, `SELECT DISTINCT tenant_id FROM members WHERE env = ? ORDER BY tenant_id`, env.String())
		if err != nil {
			yield("", err)
			return
		}
		defer rows.Close()
		// All are read before the first is visited: the visit needs the connection.
		var all []string
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				yield("", err)
				return
			}
			all = append(all, id)
		}
		if err := rows.Err(); err != nil {
			yield("", err)
			return
		}
		for _, id := range all {
			if !yield(id, nil) {
				return
			}
		}
	}
}

// NewBoundary returns the boundary of a deployment. The authority is the
// accounts themselves, but for tests that let it fail.
func NewBoundary(env tenant.Env, secret []byte, a *Accounts, authority tenant.Authority) (*tenant.Boundary, error) {
	return tenant.New(tenant.Config{
		Env:           env,
		AllowedEnvs:   []tenant.Env{env},
		Claims:        tenant.Names{User: "user", Env: "env", Tenant: tenant.Unused, Role: tenant.Unused},
		Headers:       tenant.Names{Tenant: "X-Tenant", User: tenant.Unused, Env: tenant.Unused, Role: tenant.Unused},
		Authenticator: a,
		Directory:     a,
		Authority:     authority,
		KeySecret:     secret,
		Timeout:       2 * time.Second,
	})
}
