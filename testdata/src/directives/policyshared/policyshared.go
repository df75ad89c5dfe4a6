// Package policyshared has a key and a variable that the policy declares as
// shared by all tenants.
package policyshared

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

var countryNames = map[string]string{}

// Name fills the shared variable.
//
// case: policyshared/global clean
func Name(w http.ResponseWriter, r *http.Request) {
	countryNames[r.PathValue("code")] = r.FormValue("name")
}

// Rates serves exchange rates.
type Rates struct{ rdb *redis.Client }

// Show reads below the shared prefix.
//
// case: policyshared/key clean
func (x *Rates) Show(w http.ResponseWriter, r *http.Request) {
	_, _ = w.Write([]byte(x.rdb.Get(r.Context(), "rates:"+r.PathValue("currency")).Val()))
}

// Other reads below another prefix.
//
// case: policyshared/other-key
func (x *Rates) Other(w http.ResponseWriter, r *http.Request) {
	_, _ = w.Write([]byte(x.rdb.Get(r.Context(), "rated:"+r.PathValue("currency")).Val())) // want `cache key has no tenant and no env`
}
