package dims

import (
	"fmt"
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Gauges counts usage.
type Gauges struct{ rdb *redis.Client }

// Both has both dimensions.
//
// case: dims/both clean
func (g *Gauges) Both(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	g.rdb.Incr(r.Context(), fmt.Sprintf("gauge:%s:%s:%s", sc.Tenant(), sc.Env(), r.PathValue("gauge")))
}

// All has the user as well.
//
// case: dims/all-three clean
func (g *Gauges) All(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	g.rdb.Incr(r.Context(), fmt.Sprintf("gauge:%s:%s:%s", sc.Tenant(), sc.Env(), sc.User()))
}
