// Package shared says which keys and variables all tenants share.
package shared

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

//tenantvet:shared names of countries are the same for every tenant
var countries = map[string]string{}

// Country fills a shared table as it is asked for.
//
// case: shared/variable clean
func Country(w http.ResponseWriter, r *http.Request) {
	countries[r.PathValue("code")] = r.FormValue("name")
}

// Holidays serves public holidays.
type Holidays struct{ rdb *redis.Client }

// Show reads a shared key.
//
// case: shared/key clean
func (h *Holidays) Show(w http.ResponseWriter, r *http.Request) {
	_, _ = w.Write([]byte(h.rdb.Get(r.Context(), "holidays:"+r.PathValue("country")).Val())) //tenantvet:shared public holidays are the same for every tenant
}
