// Package folding makes different tenants the same.
package folding

import (
	"net/http"
	"strings"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Names serves names.
type Names struct{ rdb *redis.Client }

// Show folds the tenant to lower case: "Acme" and "acme" share their entries
// where ids are case-sensitive. It is not reported.
//
// case: limits/folding limit
func (n *Names) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := strings.ToLower(sc.Tenant()) + ":" + sc.Env().String() + ":" + r.PathValue("name")
	_, _ = w.Write([]byte(n.rdb.Get(r.Context(), key).Val()))
}
