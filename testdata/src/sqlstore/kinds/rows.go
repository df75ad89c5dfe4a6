// Package kinds writes its SQL for rows of several kinds, which say themselves of which
// table they are.
package kinds

import (
	"context"
	"database/sql"
	"strings"

	"corpus/legacy/auth"
)

// Tx runs statements.
type Tx interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Named is a row that knows its table.
type Named interface{ Table() string }

// Row is one that knows its columns, and what is in them.
type Row interface {
	Named
	Columns() []string
	Values() []any
	Key() string
}

// owned is a row that somebody owns.
type owned interface {
	Row
	SetOwner(tenant, env string)
}

// Owner is what owned rows have in common.
type Owner struct{ TenantID, EnvironmentID string }

// SetOwner says whose the row is.
func (o *Owner) SetOwner(tenant, env string) { o.TenantID, o.EnvironmentID = tenant, env }

// Bill is a row of a tenant's.
type Bill struct {
	Owner
	ID, Status string
}

// Table is the name of the table.
func (Bill) Table() string { return "invoices" }

// Columns are those of the table.
func (Bill) Columns() []string { return []string{"id", "tenant_id", "environment_id", "status"} }

// Values are what is in the columns.
func (b Bill) Values() []any { return []any{b.ID, b.TenantID, b.EnvironmentID, b.Status} }

// Key names the row.
func (b Bill) Key() string { return b.ID }

// Draft is of the same table, and does not know that somebody owns it.
type Draft struct{ ID, TenantID, EnvironmentID, Status string }

// Table is the name of the table.
func (*Draft) Table() string { return "invoices" }

// Columns are those of the table.
func (*Draft) Columns() []string { return []string{"id", "tenant_id", "environment_id", "status"} }

// Values are what is in the columns.
func (d *Draft) Values() []any { return []any{d.ID, d.TenantID, d.EnvironmentID, d.Status} }

// Key names the row.
func (d *Draft) Key() string { return d.ID }

// Plan is the same for everybody.
type Plan struct{ ID, Name string }

// Table is the name of the table.
func (Plan) Table() string { return "plans" }

// Columns are those of the table.
func (Plan) Columns() []string { return []string{"id", "name"} }

// Values are what is in the columns.
func (p Plan) Values() []any { return []any{p.ID, p.Name} }

// Key names the row.
func (p Plan) Key() string { return p.ID }

// builder makes a statement step by step.
type builder struct {
	text strings.Builder
	args []any
}

func (b *builder) add(clause string, args ...any) {
	b.text.WriteString(clause + " ")
	b.args = append(b.args, args...)
}

// assignments sets each column of a row.
func assignments(row Row) string { return strings.Join(row.Columns(), " = ?, ") + " = ?" }

// names lists the columns of a row.
func names(row Row) string { return strings.Join(row.Columns(), ", ") }

// placeholders has one for each column of a row.
func placeholders(row Row) string {
	columns := row.Columns()
	out := make([]string, len(columns))
	for i := range columns {
		out[i] = "?"
	}
	return strings.Join(out, ", ")
}

func isOwned(row any) bool {
	_, ok := row.(owned)
	return ok
}

// own makes a row the caller's, if it is somebody's.
func own(ctx context.Context, row any) {
	o, ok := row.(owned)
	if !ok {
		return
	}
	o.SetOwner(auth.TenantID(ctx), auth.EnvironmentID(ctx))
}
