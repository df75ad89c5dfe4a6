// Package signin finds out who the caller is. It is the only package that makes
// a scope; all others take it from the context.
package signin

import (
	"net/http"
	"strings"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Account is who a session belongs to.
type Account struct {
	Tenant, User, Role string
}

// SampleSessions returns sessions of two tenants by their token. Both have an
// ann.
func SampleSessions() map[string]Account {
	return map[string]Account{
		"acme-ann":     {Tenant: "acme", User: "ann", Role: "member"},
		"acme-sue":     {Tenant: "acme", User: "sue", Role: "support"},
		"umbrella-ann": {Tenant: "umbrella", User: "ann", Role: "member"},
		"umbrella-bob": {Tenant: "umbrella", User: "bob", Role: "support"},
	}
}

// Guard lets signed-in callers pass, with their scope in the context.
type Guard struct {
	env      tenant.Env
	sessions map[string]Account // never changes
}

// NewGuard returns a guard for the environment that the service runs in.
func NewGuard(env tenant.Env, sessions map[string]Account) *Guard {
	return &Guard{env: env, sessions: sessions}
}

// Wrap returns a handler that calls next for signed-in callers only.
func (g *Guard) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		account, ok := g.sessions[token]
		if !ok {
			http.Error(w, "sign in first", http.StatusUnauthorized)
			return
		}
		// Stands for the resolver; the tenant is the session's, never the
		// request's.
		sc, err := tenant.InsecureUnresolvedScope(account.Tenant, g.env, account.User, account.Role)
		if err != nil {
			http.Error(w, "bad account", http.StatusForbidden)
			return
		}
		ctx, err := tenant.NewContext(r.Context(), sc)
		if err != nil {
			http.Error(w, "two callers in one request", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
