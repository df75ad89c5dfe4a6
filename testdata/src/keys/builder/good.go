package builder

import (
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Charts keeps rendered charts.
type Charts struct{ rdb *redis.Client }

// Show writes the scope before the parts of the path.
//
// case: builder/scoped clean
func (h *Charts) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	var b strings.Builder
	b.WriteString(sc.Tenant())
	b.WriteByte(':')
	b.WriteString(sc.Env().String())
	b.WriteByte(':')
	b.WriteString(r.PathValue("chart"))
	body := h.rdb.Get(r.Context(), b.String())
	_, _ = w.Write([]byte(body.Val()))
}

// Save writes a part that may be absent after the scope, which never is.
//
// case: builder/conditional-tail clean
func (h *Charts) Save(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	var b strings.Builder
	_, _ = io.WriteString(&b, sc.Tenant()+":"+sc.Env().String()+":")
	if month := r.FormValue("month"); month != "" {
		b.WriteString(month)
		b.WriteByte(':')
	}
	b.WriteString(r.PathValue("chart"))
	h.rdb.Set(r.Context(), b.String(), r.FormValue("body"), time.Hour)
}

// Drop has the scope written by a helper.
//
// case: builder/appending-helper clean
func (h *Charts) Drop(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	var b strings.Builder
	writeScope(&b, sc)
	b.WriteString(r.PathValue("chart"))
	h.rdb.Del(r.Context(), b.String())
}

func writeScope(b *strings.Builder, sc tenant.Scope) {
	b.WriteString(sc.Tenant())
	b.WriteByte(':')
	b.WriteString(sc.Env().String())
	b.WriteByte(':')
}
