// Package keybuilder builds keys with a builder of its own.
package keybuilder

import (
	"net/http"
	"strings"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

type keyBuilder struct{ parts []string }

func newKey(kind string) *keyBuilder { return &keyBuilder{parts: []string{kind}} }

func (k *keyBuilder) scope(sc tenant.Scope) *keyBuilder {
	k.parts = append(k.parts, sc.Tenant(), sc.Env().String())
	return k
}

func (k *keyBuilder) add(part string) *keyBuilder {
	k.parts = append(k.parts, part)
	return k
}

func (k *keyBuilder) String() string { return strings.Join(k.parts, ":") }

// Roles serves roles.
type Roles struct{ rdb *redis.Client }

// Show forgets one call of the chain.
//
// case: keybuilder/forgotten-call
func (h *Roles) Show(w http.ResponseWriter, r *http.Request) {
	key := newKey("role").add(r.PathValue("role")).String()
	_, _ = w.Write([]byte(h.rdb.Get(r.Context(), key).Val())) // want `cache key has no tenant and no env`
}
