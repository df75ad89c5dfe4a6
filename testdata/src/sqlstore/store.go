// Package sqlstore writes its SQL by hand.
package sqlstore

import (
	"context"
	"database/sql"
	"strings"
)

// Store keeps invoices.
type Store struct{ db *sql.DB }

// Tx is what both a database and a transaction can do: an interface of this
// project's own.
type Tx interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Filter narrows a listing.
type Filter struct {
	CustomerID string
	Status     string
}

// builder makes a statement step by step.
type builder struct {
	text strings.Builder
	args []any
}

func (b *builder) add(clause string, args ...any) {
	b.text.WriteString(clause)
	b.text.WriteString(" ")
	b.args = append(b.args, args...)
}

func (b *builder) String() string { return b.text.String() }

const columns = "id, customer_id, status, total"

const selectInvoice = "SELECT " + columns + " FROM invoices WHERE id = $1 AND tenant_id = $2 AND environment_id = $3"

// selectAny is what somebody wrote for the support tool.
const selectAny = "SELECT " + columns + " FROM invoices WHERE id = $1"
