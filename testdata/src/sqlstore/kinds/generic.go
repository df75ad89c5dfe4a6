package kinds

import (
	"context"

	"corpus/legacy/auth"
)

// count counts the rows of a table.
func count[T Named](ctx context.Context, tx Tx) (n int, err error) {
	var row T
	err = tx.QueryRowContext(ctx, "SELECT count(*) FROM "+row.Table()+" WHERE status = 'open'").Scan(&n) // want `SELECT of invoices is not restricted by tenant_id and environment_id`
	return n, err
}

// CountBills counts everybody's.
//
// case: sql/type-tells-table
func CountBills(ctx context.Context, tx Tx) (int, error) { return count[Bill](ctx, tx) }

// CountPlans counts what is nobody's.
//
// case: sql/type-tells-nobodys-table clean
func CountPlans(ctx context.Context, tx Tx) (int, error) { return count[*Plan](ctx, tx) }

// countOwn counts the caller's rows of a table.
func countOwn[T Named](ctx context.Context, tx Tx) (n int, err error) {
	var row T
	const where = " WHERE tenant_id = ? AND environment_id = ?"
	err = tx.QueryRowContext(ctx, "SELECT count(*) FROM "+row.Table()+where, auth.TenantID(ctx), auth.EnvironmentID(ctx)).Scan(&n)
	return n, err
}

// CountOwn counts the caller's.
//
// case: sql/type-tells-table-bound clean
func CountOwn(ctx context.Context, tx Tx) (int, error) { return countOwn[Bill](ctx, tx) }

// CountBoth counts the one and the other, by types that have one name in two functions.
//
// case: sql/types-of-one-name
func CountBoth(ctx context.Context, tx Tx) (int, error) {
	type row struct{ Plan }
	if _, err := countNamed[row](ctx, tx); err != nil {
		return 0, err
	}
	return countOther(ctx, tx)
}

func countOther(ctx context.Context, tx Tx) (int, error) {
	type row struct{ Bill }
	return countNamed[row](ctx, tx)
}

func countNamed[T Named](ctx context.Context, tx Tx) (n int, err error) {
	var row T
	err = tx.QueryRowContext(ctx, "SELECT count(*) FROM "+row.Table()+" WHERE status = 'due'").Scan(&n) // want `SELECT of invoices is not restricted by tenant_id and environment_id`
	return n, err
}
