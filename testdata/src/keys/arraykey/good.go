package arraykey

import (
	"net/http"

	lru "github.com/hashicorp/golang-lru/v2"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Tours keeps tours.
type Tours struct{ cache *lru.Cache[[3]string, string] }

// Show has tenant and environment in the array.
//
// case: arraykey/scoped clean
func (t *Tours) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	body, _ := t.cache.Get([3]string{sc.Tenant(), sc.Env().String(), r.PathValue("tour")})
	_, _ = w.Write([]byte(body))
}

// Save fills the array one element at a time.
//
// case: arraykey/filled clean
func (t *Tours) Save(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	var k [3]string
	k[0] = sc.Tenant()
	k[1] = sc.Env().String()
	k[2] = r.PathValue("tour")
	t.cache.Add(k, r.FormValue("body"))
}
