package sqlstore

import (
	"context"
	"database/sql"
	"strings"

	"corpus/legacy/auth"
)

// table is what an entity knows of its table.
type table struct{}

// Columns returns the names of the columns.
func (table) Columns() []string { return []string{"id", "customer_id", "status", "total"} }

// list writes the names of columns, as those of an alias if there is one.
func list(alias string, columns []string) string {
	if alias == "" {
		return strings.Join(columns, ", ")
	}
	return alias + "." + strings.Join(columns, ", "+alias+".")
}

// Computed lists by a statement whose columns are computed.
//
// case: sql/computed-columns
func (s *Store) Computed(ctx context.Context, f Filter) (*sql.Rows, error) {
	b := &builder{}
	b.add("SELECT")
	b.add(list("i", table{}.Columns()))
	b.add("FROM invoices AS i WHERE i.tenant_id = ?", auth.TenantID(ctx))
	if f.Status != "" {
		b.add("AND i.status = ?", f.Status)
	}
	if f.CustomerID != "" {
		b.add("AND i.customer_id = ?", f.CustomerID)
	}
	return s.db.QueryContext(ctx, b.String(), b.args...) // want `SELECT of invoices is not restricted by environment_id`
}

// ComputedBound has both.
//
// case: sql/computed clean
func (s *Store) ComputedBound(ctx context.Context, f Filter) (*sql.Rows, error) {
	b := &builder{}
	b.add("SELECT")
	b.add(list("i", table{}.Columns()))
	b.add("FROM invoices AS i WHERE i.tenant_id = ?", auth.TenantID(ctx))
	b.add("AND i.environment_id = ?", auth.EnvironmentID(ctx))
	if f.Status != "" {
		b.add("AND i.status = ?", f.Status)
	}
	return s.db.QueryContext(ctx, b.String(), b.args...)
}

// wide lists many columns, some of them computed.
func wide(extra ...string) string {
	columns := []string{"id", "customer_id", "status", "total", "due", "paid", "currency", "number", "issued", "voided", "note", "reference", "terms"}
	for _, c := range extra {
		columns = append(columns, "COALESCE("+c+", '') AS "+c)
	}
	return strings.Join(columns, ", ")
}

// Wide has more columns than anybody counts.
//
// case: sql/wide-columns
func (s *Store) Wide(ctx context.Context, id string) *sql.Row {
	query := `SELECT ` + wide("plan", "coupon") + ` FROM invoices WHERE id = $1 AND tenant_id = $2`
	return s.db.QueryRowContext(ctx, query, id, auth.TenantID(ctx)) // want `SELECT of invoices is not restricted by environment_id`
}

// WideBound has both.
//
// case: sql/wide clean
func (s *Store) WideBound(ctx context.Context, id string) *sql.Row {
	query := `SELECT ` + wide("plan", "coupon") + ` FROM invoices WHERE id = $1 AND tenant_id = $2 AND environment_id = $3`
	return s.db.QueryRowContext(ctx, query, id, auth.TenantID(ctx), auth.EnvironmentID(ctx))
}
