package kinds

import (
	"context"

	"corpus/legacy/auth"
)

// add stores a row as it is.
func add(ctx context.Context, tx Tx, row Row) error {
	b := &builder{}
	b.add("INSERT INTO")
	b.add(row.Table())
	b.add("(")
	b.add(names(row))
	b.add(") VALUES (")
	b.add(placeholders(row), row.Values()...)
	b.add(")")
	_, err := tx.ExecContext(ctx, b.text.String(), b.args...)
	return err
}

// keep hands rows on.
func keep(ctx context.Context, tx Tx, row Row) error { return add(ctx, tx, row) }

// KeepDraft stores a draft that is nobody's.
//
// case: sql/rows-tell-values
func KeepDraft(ctx context.Context, tx Tx, id string) error {
	return keep(ctx, tx, &Draft{ID: id, TenantID: auth.TenantID(ctx)}) // want `INSERT into invoices leaves environment_id unset`
}

// KeepOwn stores one that is the caller's.
//
// case: sql/rows-tell-values-set clean
func KeepOwn(ctx context.Context, tx Tx, id string) error {
	return keep(ctx, tx, &Draft{ID: id, TenantID: auth.TenantID(ctx), EnvironmentID: auth.EnvironmentID(ctx)})
}

// insert makes rows the caller's that are somebody's.
func insert(ctx context.Context, tx Tx, row Row) error {
	own(ctx, row)
	b := &builder{}
	b.add("INSERT INTO " + row.Table() + " (" + names(row) + ") VALUES (")
	b.add(placeholders(row)+")", row.Values()...)
	_, err := tx.ExecContext(ctx, b.text.String(), b.args...) // want `INSERT into invoices leaves tenant_id and environment_id unset`
	return err
}

// InsertDraft stores one that is nobody's: nothing makes it the caller's.
//
// case: sql/rows-not-owned
func InsertDraft(ctx context.Context, tx Tx, id string) error {
	return insert(ctx, tx, &Draft{ID: id})
}

// Insert stores the caller's bill.
//
// case: sql/rows-owned clean
func Insert(ctx context.Context, tx Tx, id string) error {
	return insert(ctx, tx, &Bill{ID: id})
}
