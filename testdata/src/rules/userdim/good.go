package userdim

import (
	"net/http"

	"corpus/rules/userdim/prefs"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Themes serves themes.
type Themes struct{ store *prefs.Store }

// Show has all three dimensions.
//
// case: userdim/with-user clean needs user
func (t *Themes) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	b, _ := t.store.Load(r.Context(), sc.Tenant()+":"+sc.Env().String()+":"+sc.User()+":theme")
	_, _ = w.Write(b)
}

// Save has them from the runtime's key.
//
// case: userdim/user-key clean needs user
func (t *Themes) Save(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key, err := tenant.NewUserKey(sc, "theme")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := t.store.Save(r.Context(), key.String(), []byte(r.FormValue("theme"))); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
