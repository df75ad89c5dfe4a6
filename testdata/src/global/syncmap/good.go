package syncmap

import (
	"net/http"
	"sync"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

var carts sync.Map

// KeepScoped stores within the scope.
//
// case: syncmap/scoped clean
func KeepScoped(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	carts.Store([3]string{sc.Tenant(), sc.Env().String(), r.PathValue("cart")}, r.FormValue("items"))
}
