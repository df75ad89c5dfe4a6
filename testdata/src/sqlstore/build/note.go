package build

import (
	"context"
	"database/sql"
)

// Noted says whose a note is.
type Noted struct{ Tenant, Env string }

// Note writes a note, if there is one.
func Note(ctx context.Context, db *sql.DB, id string, with *Noted) error {
	if with == nil {
		return nil
	}
	_, err := db.ExecContext(ctx, "INSERT INTO invoices (id, tenant_id, environment_id) VALUES ($1, $2, $3)", id, with.Tenant, with.Env)
	return err
}
