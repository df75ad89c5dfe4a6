package ledger

import (
	"context"
	"database/sql"
	"net/http"
	"os"
)

// FromHeader believes the client.
//
// case: database/request
func (s *Store) FromHeader(w http.ResponseWriter, r *http.Request) {
	db, err := s.pools.For(r.Header.Get("X-Tenant-ID"))
	if err != nil {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	if err := db.QueryRowContext(r.Context(), readEntry, r.PathValue("id")).Err(); err != nil { // want `SELECT of entries takes its database from the request, not from the caller's scope`
		http.Error(w, "not found", http.StatusNotFound)
	}
}

// House writes to the house's database.
//
// case: database/constant
func (s *Store) House(ctx context.Context, id string, total int64) error {
	db, err := s.pools.For("house")
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `INSERT INTO entries (id, total) VALUES ($1, $2)`, id, total) // want `INSERT into entries takes its database from a constant, not from the caller's scope`
	return err
}

// Opened opens whatever is configured.
//
// case: database/configured
func Opened(ctx context.Context, id string) error {
	db, err := sql.Open("postgres", os.Getenv("DATABASE_URL"))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `DELETE FROM entries WHERE id = $1`, id) // want `DELETE from entries is not restricted by its database, and nothing of the caller's scope chose that`
	return err
}

// Wrong begins a transaction where the client says.
//
// case: database/transaction-request
func (s *Store) Wrong(w http.ResponseWriter, r *http.Request) {
	db, err := s.pools.Kept(r.URL.Query().Get("tenant_id"))
	if err != nil {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	tx, err := db.BeginTx(r.Context(), nil)
	if err != nil {
		http.Error(w, "unavailable", http.StatusInternalServerError)
		return
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := read(r.Context(), tx, r.PathValue("id")); err != nil { // want `SELECT of entries takes its database from the request, not from the caller's scope`
		http.Error(w, "not found", http.StatusNotFound)
	}
}
