package named

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

type (
	tenantID string
	envName  string
)

func idsOf(sc tenant.Scope) (tenantID, envName) {
	return tenantID(sc.Tenant()), envName(sc.Env().String())
}

// Phrases serves phrases.
type Phrases struct{ rdb *redis.Client }

// Show converts the tenant back and forth.
//
// case: named/converted-scoped clean
func (p *Phrases) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	id, env := idsOf(sc)
	key := cacheKey(string(id) + ":" + string(env) + ":" + r.PathValue("phrase"))
	_, _ = w.Write([]byte(p.rdb.Get(r.Context(), string(key)).Val()))
}
