package variadic

import (
	"context"
	"net/http"
	"strings"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Claims serves claims.
type Claims struct{ rdb *redis.Client }

func (c *Claims) read(ctx context.Context, parts ...string) string {
	return c.rdb.Get(ctx, strings.Join(parts, ":")).Val()
}

// Show passes the scope as parts.
//
// case: variadic/parts-scoped clean
func (c *Claims) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	_, _ = w.Write([]byte(c.read(r.Context(), sc.Tenant(), sc.Env().String(), "claim", r.PathValue("claim"))))
}

// Drop spreads a slice of scoped keys.
//
// case: variadic/spread clean
func (c *Claims) Drop(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	var keys []string
	for _, id := range r.URL.Query()["claim"] {
		keys = append(keys, sc.Tenant()+":"+sc.Env().String()+":"+id)
	}
	c.rdb.Del(r.Context(), keys...)
}
