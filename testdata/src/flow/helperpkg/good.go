package helperpkg

import (
	"net/http"

	"corpus/keyenc"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Badges serves badges.
type Badges struct{ rdb *redis.Client }

// Show joins the scope in another package.
//
// case: helperpkg/join-scoped clean
func (b *Badges) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	body := b.rdb.Get(r.Context(), keyenc.Join("badge", sc.Tenant(), sc.Env().String(), r.PathValue("badge")))
	_, _ = w.Write([]byte(body.Val()))
}

// Save has the key made of the scope in another package.
//
// case: helperpkg/scoped clean
func (b *Badges) Save(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	b.rdb.Set(r.Context(), keyenc.Scoped(sc, "badge", r.PathValue("badge")), "x", 0)
}
