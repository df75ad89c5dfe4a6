// Package auth has the guards of an older service, as its policy declares them.
package auth

import (
	"context"
	"net/http"
)

// Require lets members on.
func Require(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

// Role lets holders of a role on, of those that Require has let on.
func Role(names ...string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
	}
}

// Admin is Role("admin").
func Admin(next http.Handler) http.Handler { return Role("admin")(next) }

// Check says whether the caller is a member.
func Check(ctx context.Context) error { return nil }
