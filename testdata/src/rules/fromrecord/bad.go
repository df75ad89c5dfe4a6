// Package fromrecord takes the tenant of what it loaded: the owner's, who need
// not be the caller.
package fromrecord

import (
	"context"
	"database/sql"
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Report is a row.
type Report struct {
	ID       string
	TenantID string
	Env      string
}

// Reports serves reports.
type Reports struct {
	db  *sql.DB
	rdb *redis.Client
}

func (h *Reports) find(ctx context.Context, id string) (*Report, error) {
	var rep Report
	row := h.db.QueryRowContext(ctx, "SELECT id, tenant_id, env FROM reports WHERE id = $1", id)
	if err := row.Scan(&rep.ID, &rep.TenantID, &rep.Env); err != nil {
		return nil, err
	}
	return &rep, nil
}

// Show reads another tenant's cache if the report is another tenant's.
//
// case: fromrecord/loaded
func (h *Reports) Show(w http.ResponseWriter, r *http.Request) {
	rep, err := h.find(r.Context(), r.PathValue("report"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	key := rep.TenantID + ":" + rep.Env + ":" + rep.ID
	_, _ = w.Write([]byte(h.rdb.Get(r.Context(), key).Val())) // want `cache key takes its tenant and env from a loaded record`
}
