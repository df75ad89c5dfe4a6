package structkey

import (
	"net/http"

	lru "github.com/hashicorp/golang-lru/v2"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

type panelKey struct {
	tenant, env, panel string
}

type realm struct {
	tenant string
	env    tenant.Env
}

type tileKey struct {
	realm
	tile string
}

// Panels keeps rendered panels.
type Panels struct {
	panels *lru.Cache[panelKey, string]
	tiles  *lru.Cache[tileKey, string]
	scopes *lru.Cache[tenant.Scope, string]
}

// Show has tenant and environment in fields of the key.
//
// case: structkey/scoped clean
func (p *Panels) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	k := panelKey{tenant: sc.Tenant(), env: sc.Env().String(), panel: r.PathValue("panel")}
	if body, ok := p.panels.Get(k); ok {
		_, _ = w.Write([]byte(body))
	}
}

// Tile has them in an embedded struct, set one by one.
//
// case: structkey/embedded clean
func (p *Panels) Tile(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	var k tileKey
	k.tile = r.PathValue("tile")
	k.tenant = sc.Tenant()
	k.env = sc.Env()
	if body, ok := p.tiles.Get(k); ok {
		_, _ = w.Write([]byte(body))
	}
}

// Home is keyed by the scope itself.
//
// case: structkey/scope-is-the-key clean
func (p *Panels) Home(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	if body, ok := p.scopes.Get(sc); ok {
		_, _ = w.Write([]byte(body))
	}
}
