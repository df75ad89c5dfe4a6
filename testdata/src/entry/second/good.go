package second

import (
	"context"
	"net/http"

	"corpus/entry/second/choice"
	"corpus/entry/session"
)

// OfUser puts there whose it is.
//
// case: entry/second-of-user clean
func OfUser(ctx context.Context) (context.Context, error) {
	u, err := session.UserOf(ctx)
	if err != nil {
		return nil, err
	}
	return choice.With(ctx, u.OrgID), nil
}

// Checked asks first.
//
// case: entry/second-checked clean
func Checked(r *http.Request, members session.Members) (context.Context, error) {
	org := r.Header.Get("X-Org")
	if err := members.Check(r.Context(), org); err != nil {
		return nil, err
	}
	return choice.With(r.Context(), org), nil
}

// Lang puts a header there that is no dimension.
//
// case: entry/second-other clean
func Lang(r *http.Request) context.Context {
	return choice.WithLang(r.Context(), r.Header.Get("Accept-Language"))
}

// Noted puts it where nobody hands it out.
//
// case: entry/second-unread clean
func Noted(r *http.Request) context.Context {
	return choice.Seen(r.Context(), r.Header.Get("X-Org"))
}

// Comparing accepts a credential of the organisation that is named.
//
// case: entry/credential-compared clean
func Comparing(keys session.Orgs, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		org := r.Header.Get("X-Org")
		key, err := keys.ByToken(r.Header.Get("X-Api-Key"))
		if err != nil || key.ID != org {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r.WithContext(session.WithUser(r.Context(), &session.User{OrgID: org})))
	})
}
