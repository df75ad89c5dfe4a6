package sqlstore

import (
	"context"
	"database/sql"

	"corpus/legacy/auth"
)

// AnyShift goes by the shift alone, which is somebody's, as its courier is.
//
// case: sql/listed-reference
func (s *Store) AnyShift(ctx context.Context, id string) *sql.Row {
	const query = "SELECT c.name FROM shifts s JOIN couriers c ON c.id = s.courier WHERE s.id = $1"
	return s.db.QueryRowContext(ctx, query, id) // want `SELECT of couriers is not restricted by tenant_id and environment_id`
}

// Shift reads the courier that a shift of the caller's refers to, as the policy says.
//
// case: sql/listed-reference-scoped clean
func (s *Store) Shift(ctx context.Context, id string) *sql.Row {
	return s.db.QueryRowContext(ctx, `SELECT c.name FROM shifts s JOIN couriers c ON c.id = s.courier
		WHERE s.id = $1 AND s.tenant_id = $2 AND s.environment_id = $3`, id, auth.TenantID(ctx), auth.EnvironmentID(ctx))
}

// Deputy goes by another column, of which the policy does not say that it refers: whose
// the courier is cannot be told.
//
// case: sql/unlisted-reference clean
func (s *Store) Deputy(ctx context.Context, id string) *sql.Row {
	return s.db.QueryRowContext(ctx, `SELECT c.name FROM shifts s JOIN couriers c ON c.id = s.deputy
		WHERE s.id = $1 AND s.tenant_id = $2 AND s.environment_id = $3`, id, auth.TenantID(ctx), auth.EnvironmentID(ctx))
}
