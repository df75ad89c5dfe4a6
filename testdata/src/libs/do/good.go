package do

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Knobs serves knobs.
type Knobs struct{ rdb *redis.Client }

// Show sends GET by name with a scoped key.
//
// case: do/get-scoped clean
func (k *Knobs) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("knob")
	text, _ := k.rdb.Do(r.Context(), "GET", key).Text()
	_, _ = w.Write([]byte(text))
}
