// Package builder builds keys with a strings.Builder.
package builder

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Reports keeps rendered reports.
type Reports struct{ rdb *redis.Client }

// Show writes the parts of the path.
//
// case: builder/no-scope
func (h *Reports) Show(w http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	b.WriteString("report:")
	b.WriteString(r.PathValue("report"))
	b.WriteByte(':')
	fmt.Fprintf(&b, "%s", r.FormValue("month"))
	body := h.rdb.Get(r.Context(), b.String()) // want `cache key has no tenant and no env`
	_, _ = w.Write([]byte(body.Val()))
}

// Save writes the tenant only where the plan says so.
//
// case: builder/conditional-write
func (h *Reports) Save(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	var b strings.Builder
	b.WriteString("report:" + sc.Env().String() + ":")
	if r.FormValue("plan") == "enterprise" {
		b.WriteString(sc.Tenant())
		b.WriteByte(':')
	}
	b.WriteString(r.PathValue("report"))
	h.rdb.Set(r.Context(), b.String(), r.FormValue("body"), time.Hour) // want `cache key has tenant only on some paths`
}

// Clear empties the builder after the scope was written.
//
// case: builder/reset
func (h *Reports) Clear(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	var b strings.Builder
	b.WriteString(sc.Tenant() + ":" + sc.Env().String() + ":")
	b.Reset()
	b.WriteString(r.PathValue("report"))
	h.rdb.Del(r.Context(), b.String()) // want `cache key has no tenant and no env`
}
