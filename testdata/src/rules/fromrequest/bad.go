// Package fromrequest believes the tenant that the client names.
package fromrequest

import (
	"encoding/json"
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Leads serves leads.
type Leads struct{ rdb *redis.Client }

// Header takes the tenant from a header.
//
// case: fromrequest/header
func (l *Leads) Header(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("X-Tenant-ID") + ":" + r.Header.Get("X-Environment") + ":" + r.PathValue("lead")
	_, _ = w.Write([]byte(l.rdb.Get(r.Context(), key).Val())) // want `cache key takes its tenant and env from the request`
}

// Query takes the tenant from the query.
//
// case: fromrequest/query
func (l *Leads) Query(w http.ResponseWriter, r *http.Request) {
	org := r.URL.Query().Get("tenant_id")
	env := r.URL.Query().Get("env")
	_, _ = w.Write([]byte(l.rdb.Get(r.Context(), org+":"+env+":"+r.PathValue("lead")).Val())) // want `cache key takes its tenant and env from the request`
}

// Path takes the tenant from the path.
//
// case: fromrequest/path
func (l *Leads) Path(w http.ResponseWriter, r *http.Request) {
	key := r.PathValue("tenant_id") + ":" + r.PathValue("env") + ":" + r.PathValue("lead")
	_, _ = w.Write([]byte(l.rdb.Get(r.Context(), key).Val())) // want `cache key takes its tenant and env from the request`
}

type leadBody struct {
	TenantID string `json:"tenant_id"`
	Env      string `json:"env"`
	Name     string `json:"name"`
}

// Body takes the tenant from the body.
//
// case: fromrequest/body
func (l *Leads) Body(w http.ResponseWriter, r *http.Request) {
	var in leadBody
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	l.rdb.Set(r.Context(), in.TenantID+":"+in.Env+":"+in.Name, "open", 0) // want `cache key takes its tenant and env from the request, not from the caller's scope`
}
