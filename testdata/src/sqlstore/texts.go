package sqlstore

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"strings"

	"corpus/legacy/auth"
)

// Texts that are kept in package-level variables.

//go:embed texts/any.sql
var anyText string

//go:embed texts/own.sql
var ownText string

var invoiceColumns = []string{"id", "total", "status"}

func selectFrom(table, where string) string {
	return fmt.Sprintf("SELECT %[2]s FROM %[1]s WHERE %[3]s", table, strings.Join(invoiceColumns, ", "), where)
}

var (
	openText    = selectFrom("invoices", "status = $1")
	ownOpenText = selectFrom("invoices", "tenant_id = $1 AND environment_id = $2 AND status = $3")
)

var texts = map[string]string{
	"all":  "SELECT id FROM invoices",
	"own":  "SELECT id FROM invoices WHERE tenant_id = $1 AND environment_id = $2",
	"paid": "SELECT id FROM invoices WHERE tenant_id = $1 AND environment_id = $2 AND status = 'paid'",
}

var ownTexts = map[string]string{
	"own":  "SELECT id FROM invoices WHERE tenant_id = $1 AND environment_id = $2",
	"paid": "SELECT id FROM invoices WHERE tenant_id = $1 AND environment_id = $2 AND status = 'paid'",
}

// Embedded runs the text of a file.
//
// case: sql/embedded
func (s *Store) Embedded(ctx context.Context, id string) *sql.Row {
	return s.db.QueryRowContext(ctx, anyText, id) // want `SELECT of invoices is not restricted by tenant_id and environment_id`
}

// OwnEmbedded runs the text of a file that restricts.
//
// case: sql/embedded-scoped clean
func (s *Store) OwnEmbedded(ctx context.Context, id string) *sql.Row {
	return s.db.QueryRowContext(ctx, ownText, id, auth.TenantID(ctx), auth.EnvironmentID(ctx))
}

// Composed runs a text that was put together once, by position.
//
// case: sql/composed-once
func (s *Store) Composed(ctx context.Context) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, openText, "open") // want `SELECT of invoices is not restricted by tenant_id and environment_id`
}

// OwnComposed is the same, for the caller.
//
// case: sql/composed-once-scoped clean
func (s *Store) OwnComposed(ctx context.Context) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, ownOpenText, auth.TenantID(ctx), auth.EnvironmentID(ctx), "open")
}

// ByName runs one of several texts.
//
// case: sql/map-of-texts
func (s *Store) ByName(ctx context.Context, name string) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, texts[name], auth.TenantID(ctx), auth.EnvironmentID(ctx)) // want `SELECT of invoices is restricted by tenant_id and environment_id only on some paths`
}

// All runs the one that restricts nothing.
//
// case: sql/map-of-texts-by-key
func (s *Store) All(ctx context.Context) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, texts["all"]) // want `SELECT of invoices is not restricted by tenant_id and environment_id`
}

// Paid runs one that restricts.
//
// case: sql/map-of-texts-by-key-scoped clean
func (s *Store) Paid(ctx context.Context) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, texts["paid"], auth.TenantID(ctx), auth.EnvironmentID(ctx))
}

// OwnByName runs one of several that all restrict.
//
// case: sql/map-of-texts-scoped clean
func (s *Store) OwnByName(ctx context.Context, name string) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, ownTexts[name], auth.TenantID(ctx), auth.EnvironmentID(ctx))
}

// in writes a list of placeholders.
func in(b *strings.Builder, n int) {
	if n == 0 {
		b.WriteString("(NULL)")
		return
	}
	b.WriteString("(")
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("?")
	}
	b.WriteString(")")
}

// ByIDs restricts by a list that a helper writes.
//
// case: sql/list-by-helper
func (s *Store) ByIDs(ctx context.Context, ids []any) (*sql.Rows, error) {
	var b strings.Builder
	b.WriteString("SELECT total FROM invoices WHERE id IN ")
	in(&b, len(ids))
	return s.db.QueryContext(ctx, b.String(), ids...) // want `SELECT of invoices is not restricted by tenant_id and environment_id`
}

// OwnByIDs restricts by the caller's scope before.
//
// case: sql/list-by-helper-scoped clean
func (s *Store) OwnByIDs(ctx context.Context, ids []any) (*sql.Rows, error) {
	var b strings.Builder
	b.WriteString("SELECT total FROM invoices WHERE tenant_id = ? AND environment_id = ? AND id IN ")
	in(&b, len(ids))
	return s.db.QueryContext(ctx, b.String(), append([]any{auth.TenantID(ctx), auth.EnvironmentID(ctx)}, ids...)...)
}
