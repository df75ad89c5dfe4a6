package kinds

import (
	"context"

	"corpus/legacy/auth"
)

// overwrite finds the row by its id, whatever table it is in.
func overwrite(ctx context.Context, tx Tx, row Row) error {
	b := &builder{}
	b.add("UPDATE")
	b.add(row.Table())
	b.add("SET")
	b.add(assignments(row), row.Values()...)
	b.add("WHERE id = ?", row.Key())
	_, err := tx.ExecContext(ctx, b.text.String(), b.args...) // want `UPDATE of invoices is not restricted by tenant_id and environment_id`
	return err
}

// Overwrite saves anybody's bill.
//
// case: sql/rows-tell-table
func Overwrite(ctx context.Context, tx Tx, bill *Bill) error { return overwrite(ctx, tx, bill) }

// Rename saves what is nobody's.
//
// case: sql/rows-tell-nobodys-table clean
func Rename(ctx context.Context, tx Tx, plan Plan) error { return overwrite(ctx, tx, plan) }

// update finds the rows that are somebody's by that as well.
func update(ctx context.Context, tx Tx, row Row) error {
	b := &builder{}
	b.add("UPDATE")
	b.add(row.Table())
	b.add("SET")
	b.add(assignments(row), row.Values()...)
	b.add("WHERE id = ?", row.Key())
	if isOwned(row) {
		b.add("AND tenant_id = ?", auth.TenantID(ctx))
		b.add("AND environment_id = ?", auth.EnvironmentID(ctx))
	}
	_, err := tx.ExecContext(ctx, b.text.String(), b.args...)
	return err
}

// Update saves the caller's bill.
//
// case: sql/rows-tell-table-bound clean
func Update(ctx context.Context, tx Tx, bill *Bill) error { return update(ctx, tx, bill) }

// Relabel saves what is nobody's.
//
// case: sql/rows-tell-nobodys-table-bound clean
func Relabel(ctx context.Context, tx Tx, plan *Plan) error { return update(ctx, tx, plan) }

// amend does the same, and is handed rows that are not known to be somebody's.
func amend(ctx context.Context, tx Tx, row Row) error {
	b := &builder{}
	b.add("UPDATE "+row.Table()+" SET status = 'amended' WHERE id = ?", row.Key())
	if o, ok := row.(owned); ok {
		b.add("AND tenant_id = ? AND environment_id = ?", auth.TenantID(ctx), auth.EnvironmentID(ctx))
		o.SetOwner(auth.TenantID(ctx), auth.EnvironmentID(ctx))
	}
	_, err := tx.ExecContext(ctx, b.text.String(), b.args...) // want `UPDATE of invoices is not restricted by tenant_id and environment_id`
	return err
}

// AmendDraft saves anybody's draft.
//
// case: sql/rows-without-method
func AmendDraft(ctx context.Context, tx Tx, draft *Draft) error { return amend(ctx, tx, draft) }

// mend does it for those that are.
func mend(ctx context.Context, tx Tx, row Row) error {
	b := &builder{}
	b.add("UPDATE "+row.Table()+" SET status = 'amended' WHERE id = ?", row.Key())
	if o, ok := row.(owned); ok {
		b.add("AND tenant_id = ? AND environment_id = ?", auth.TenantID(ctx), auth.EnvironmentID(ctx))
		o.SetOwner(auth.TenantID(ctx), auth.EnvironmentID(ctx))
	}
	_, err := tx.ExecContext(ctx, b.text.String(), b.args...)
	return err
}

// MendBill saves the caller's bill.
//
// case: sql/rows-with-method clean
func MendBill(ctx context.Context, tx Tx, bill *Bill) error { return mend(ctx, tx, bill) }

// mendAny is handed the one or the other: it is for both that a statement has to do.
func mendAny(ctx context.Context, tx Tx, row Row) error {
	_, err := tx.ExecContext(ctx, "UPDATE "+row.Table()+" SET status = 'mended' WHERE id = ?", row.Key()) // want `UPDATE of invoices is not restricted by tenant_id and environment_id`
	return err
}

// MendEither saves anybody's draft, or a plan.
//
// case: sql/rows-of-two-tables
func MendEither(ctx context.Context, tx Tx, draft *Draft, plan *Plan) error {
	if draft != nil {
		return mendAny(ctx, tx, draft)
	}
	return mendAny(ctx, tx, plan)
}

// Touch has the columns of one table and the name of another told.
//
// case: sql/rows-tell-columns
func Touch(ctx context.Context, tx Tx, bill *Bill) error {
	b := &builder{}
	b.add("UPDATE invoices SET")
	b.add(assignments(bill), bill.Values()...)
	b.add("WHERE id = ? AND tenant_id = ?", bill.Key(), auth.TenantID(ctx))
	_, err := tx.ExecContext(ctx, b.text.String(), b.args...) // want `UPDATE of invoices is not restricted by environment_id`
	return err
}

// TouchBound has both.
//
// case: sql/rows-tell-columns-bound clean
func TouchBound(ctx context.Context, tx Tx, bill *Bill) error {
	b := &builder{}
	b.add("UPDATE invoices SET")
	b.add(assignments(bill), bill.Values()...)
	b.add("WHERE id = ? AND tenant_id = ?", bill.Key(), auth.TenantID(ctx))
	b.add("AND environment_id = ?", auth.EnvironmentID(ctx))
	_, err := tx.ExecContext(ctx, b.text.String(), b.args...)
	return err
}

// owners is what says whose the rows are.
func owners(ctx context.Context) []any { return []any{auth.TenantID(ctx), auth.EnvironmentID(ctx)} }

// Close has its arguments from a function.
//
// case: sql/returned-arguments clean
func Close(ctx context.Context, tx Tx) error {
	_, err := tx.ExecContext(ctx, "UPDATE invoices SET status = 'closed' WHERE tenant_id = ? AND environment_id = ?", owners(ctx)...)
	return err
}

// ownersOf forgets the environment.
func ownersOf(ctx context.Context, id string) []any { return []any{auth.TenantID(ctx), id} }

// CloseOne has one of them in place of another.
//
// case: sql/returned-arguments-missing
func CloseOne(ctx context.Context, tx Tx) error {
	_, err := tx.ExecContext(ctx, "UPDATE invoices SET status = 'closed' WHERE tenant_id = ? AND environment_id = ?", ownersOf(ctx, "main")...) // want `UPDATE of invoices takes environment_id from a constant`
	return err
}
