package isolation

import (
	"context"
	"database/sql"
	"errors"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// RowSchema makes a table whose rows PostgreSQL itself keeps apart, by two
// settings of the transaction. A role that is a superuser would see all.
func RowSchema() []string {
	return []string{
		`CREATE TABLE notes (
			tenant TEXT NOT NULL DEFAULT current_setting('app.tenant'), env TEXT NOT NULL DEFAULT current_setting('app.env'),
			id TEXT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (tenant, env, id))`,
		`ALTER TABLE notes ENABLE ROW LEVEL SECURITY`,
		`ALTER TABLE notes FORCE ROW LEVEL SECURITY`,
		`CREATE POLICY scoped ON notes USING (tenant = current_setting('app.tenant') AND env = current_setting('app.env'))`,
	}
}

// Notes keeps notes under row level security: its statements name no tenant.
type Notes struct{ DB *sql.DB }

// within calls f in a transaction whose settings are the caller's scope. They
// end with the transaction, before the connection goes back to the pool.
func (n Notes) within(ctx context.Context, f func(tx *sql.Tx) error) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	tx, err := n.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `SELECT set_config('app.tenant', $1, true), set_config('app.env', $2, true)`, sc.Tenant(), sc.Env().String())
	if err == nil {
		err = f(tx)
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// Create stores a new note.
func (n Notes) Create(ctx context.Context, note Order) error {
	return n.within(ctx, func(tx *sql.Tx) error {
		return one(tx.ExecContext(ctx, `INSERT INTO notes (id, note) VALUES ($1, $2)`, note.ID, note.Note))
	})
}

// Find returns a note.
func (n Notes) Find(ctx context.Context, id string) (note Order, err error) {
	err = n.within(ctx, func(tx *sql.Tx) (err error) {
		note, err = scan(tx.QueryRowContext(ctx, `SELECT id, note FROM notes WHERE id = $1`, id))
		return err
	})
	return note, err
}

// Rename changes a note.
func (n Notes) Rename(ctx context.Context, id, text string) error {
	return n.within(ctx, func(tx *sql.Tx) error {
		return one(tx.ExecContext(ctx, `UPDATE notes SET note = $1 WHERE id = $2`, text, id))
	})
}

// Delete removes a note.
func (n Notes) Delete(ctx context.Context, id string) error {
	return n.within(ctx, func(tx *sql.Tx) error {
		return one(tx.ExecContext(ctx, `DELETE FROM notes WHERE id = $1`, id))
	})
}

// All returns all notes.
func (n Notes) All(ctx context.Context) (notes []Order, err error) {
	err = n.within(ctx, func(tx *sql.Tx) (err error) {
		notes, err = scanAll(tx.QueryContext(ctx, `SELECT id, note FROM notes ORDER BY id`))
		return err
	})
	return notes, err
}
