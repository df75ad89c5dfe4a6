// Package bills reads and writes invoices by way of squirrel. Which columns
// they have, the policy's schema says.
package bills

import (
	"context"
	"database/sql"

	"corpus/legacy/auth"

	sq "github.com/Masterminds/squirrel"
)

// Store keeps invoices.
type Store struct {
	db    *sql.DB
	build sq.StatementBuilderType
}

// New returns a store on a database.
func New(db *sql.DB) *Store { return &Store{db, sq.StatementBuilder.RunWith(db)} }

// own is what every invoice of the caller has.
func own(ctx context.Context) sq.Eq {
	return sq.Eq{"tenant_id": auth.TenantID(ctx), "invoices.environment_id": auth.EnvironmentID(ctx)}
}
