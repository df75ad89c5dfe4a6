// Package swappable has globals that anybody may replace.
package swappable

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

type tenantResolver interface {
	Resolve(r *http.Request) (string, error)
}

var resolver tenantResolver

// WithDefaultResolver replaces the resolver for the whole process.
//
// case: swappable/setter
func WithDefaultResolver(r tenantResolver) { resolver = r } // want `package-level resolver can be replaced at run time`

// TenantOf asks whichever resolver came last.
func TenantOf(r *http.Request) (string, error) { return resolver.Resolve(r) }

var client *redis.Client

// Connect lets a request choose the server for all that follow.
//
// case: swappable/client
func Connect(w http.ResponseWriter, r *http.Request) {
	client = redis.NewClient(&redis.Options{Addr: r.FormValue("addr")}) // want `package-level client can be replaced at run time`
}
