package sqlstore

import (
	"context"
	"database/sql"
	"net/http"

	"corpus/legacy/auth"
)

// PrepareAny has the id alone.
//
// case: sql/prepared
func PrepareAny(ctx context.Context, db *sql.DB, ids []string) error {
	stmt, err := db.PrepareContext(ctx, "UPDATE invoices SET status = 'void' WHERE id = $1") // want `UPDATE of invoices is not restricted by tenant_id and environment_id`
	if err != nil {
		return err
	}
	defer stmt.Close()
	for _, id := range ids {
		if _, err := stmt.ExecContext(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// PrepareTwice is run once with what the client says.
//
// case: sql/prepared-misscoped
func PrepareTwice(db *sql.DB, w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	stmt, err := db.Prepare("UPDATE invoices SET status = $1 WHERE tenant_id = $2 AND environment_id = $3") // want `UPDATE of invoices is restricted by tenant_id only on some paths`
	if err != nil {
		http.Error(w, "unavailable", http.StatusServiceUnavailable)
		return
	}
	defer stmt.Close()
	_, _ = stmt.ExecContext(ctx, "new", auth.TenantID(ctx), auth.EnvironmentID(ctx))
	_, _ = stmt.ExecContext(ctx, "old", r.FormValue("tenant_id"), auth.EnvironmentID(ctx))
}
