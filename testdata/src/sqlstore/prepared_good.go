package sqlstore

import (
	"context"
	"database/sql"

	"corpus/legacy/auth"
)

// PrepareOwn has the scope among what it is run with.
//
// case: sql/prepared-scoped clean
func PrepareOwn(ctx context.Context, db *sql.DB, ids []string) error {
	stmt, err := db.PrepareContext(ctx, "UPDATE invoices SET status = 'void' WHERE id = $1 AND tenant_id = $2 AND environment_id = $3")
	if err != nil {
		return err
	}
	defer stmt.Close()
	for _, id := range ids {
		if _, err := stmt.ExecContext(ctx, id, auth.TenantID(ctx), auth.EnvironmentID(ctx)); err != nil {
			return err
		}
	}
	return nil
}

// PrepareTwiceOwn is run by a statement of the transaction as well.
//
// case: sql/prepared-twice clean
func PrepareTwiceOwn(ctx context.Context, tx *sql.Tx) error {
	stmt, err := tx.Prepare("UPDATE invoices SET status = $1 WHERE tenant_id = $2 AND environment_id = $3")
	if err != nil {
		return err
	}
	defer stmt.Close()
	if _, err := stmt.Exec("new", auth.TenantID(ctx), auth.EnvironmentID(ctx)); err != nil {
		return err
	}
	_, err = tx.StmtContext(ctx, stmt).ExecContext(ctx, "old", auth.TenantID(ctx), auth.EnvironmentID(ctx))
	return err
}
