// Package userdim calls sinks that need the user.
package userdim

import (
	"net/http"

	"corpus/rules/userdim/prefs"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Preferences serves preferences.
type Preferences struct{ store *prefs.Store }

// Show hands one user's preferences to colleagues.
//
// case: userdim/no-user
func (p *Preferences) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	b, _ := p.store.Load(r.Context(), sc.Tenant()+":"+sc.Env().String()+":theme") // want `cache key has no user`
	_, _ = w.Write(b)
}
