// Package broken has directives that do nothing, or say nothing.
package broken

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Banners serves banners.
type Banners struct{ rdb *redis.Client }

// Unused has a directive where nothing is found.
//
// case: broken/unused
func (b *Banners) Unused(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("banner")
	b.rdb.Del(r.Context(), key) /* want `unused directive` */ //tenantvet:ignore unscopedkey/missing it was unscoped once
}

// NoReason says nothing, so it takes nothing out.
//
// case: broken/no-reason
func (b *Banners) NoReason(w http.ResponseWriter, r *http.Request) {
	b.rdb.Del(r.Context(), "banner:"+r.PathValue("banner")) /* want `cache key has no tenant and no env` `reason` */ //tenantvet:ignore unscopedkey/missing
}

// NoSuchCategory names what does not exist.
//
// case: broken/unknown-category
func (b *Banners) NoSuchCategory(w http.ResponseWriter, r *http.Request) {
	b.rdb.Del(r.Context(), "banner:"+r.PathValue("banner")) /* want `cache key has no tenant and no env` `there is no category "unscopedkey/mising"; tenantvet explain lists them` */ //tenantvet:ignore unscopedkey/mising banners are public
}

/* want `reason` */ //tenantvet:shared
var clicks = map[string]int{}

// Click counts.
//
// case: broken/shared-without-reason
func Click(w http.ResponseWriter, r *http.Request) { clicks[r.PathValue("banner")]++ } // want `package-level map clicks is written after initialisation and not keyed by tenant and env: its key is made of Request\.PathValue\("banner"\) alone`
