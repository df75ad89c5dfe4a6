package schemas

import (
	"context"
	"net/http"

	"github.com/jackc/pgx/v5"

	"corpus/legacy/auth"
)

// CountAll counts in whatever schema comes first.
//
// case: schema/unset
func (s *Store) CountAll(ctx context.Context) (n int, err error) {
	err = s.pool.QueryRow(ctx, "SELECT count(*) FROM crates").Scan(&n) // want `SELECT of crates is not restricted by its schema, and it runs outside of a transaction`
	return n, err
}

// CountAny counts in the schema that the client names.
//
// case: schema/request
func (s *Store) CountAny(w http.ResponseWriter, r *http.Request) {
	n := 0
	err := s.in(r.Context(), r.Header.Get("X-Tenant-ID"), func(tx pgx.Tx) error {
		return tx.QueryRow(r.Context(), "SELECT count(*) FROM crates").Scan(&n) // want `SELECT of crates takes its schema from the request, not from the caller's scope`
	})
	if err != nil {
		http.Error(w, "unavailable", http.StatusInternalServerError)
	}
}

// CountKept leaves the schema to the next user of the connection.
//
// case: schema/not-local
func (s *Store) CountKept(ctx context.Context) (n int, err error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if _, err := tx.Exec(ctx, "SET search_path TO tenant_"+auth.TenantID(ctx)); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, "SELECT count(*) FROM crates").Scan(&n) // want `SELECT of crates is not restricted by its schema, and search_path is set without LOCAL`
	return n, err
}
