package notes

import (
	"context"
	"net/http"

	"github.com/jackc/pgx/v5"

	"corpus/legacy/auth"
	"corpus/rls/gen"
	"corpus/rls/tenantdb"
)

// Unset begins a transaction and forgets to set the tenant.
//
// case: rls/unset
func (s *Store) Unset(ctx context.Context, id string) (body string, err error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	err = tx.QueryRow(ctx, readNote, id).Scan(&body) // want `SELECT of jottings is not restricted by tenant_id, and app.tenant_id is not set in its transaction`
	return body, err
}

// OnPool sets it on one connection and reads on another.
//
// case: rls/pool
func (s *Store) OnPool(ctx context.Context, id string) (body string, err error) {
	if _, err := s.pool.Exec(ctx, "SELECT set_config('app.tenant_id', $1, true)", auth.TenantID(ctx)); err != nil {
		return "", err
	}
	err = s.pool.QueryRow(ctx, readNote, id).Scan(&body) // want `SELECT of jottings is not restricted by tenant_id, and it runs outside of a transaction`
	return body, err
}

// Other sets it in the transaction and reads outside of it.
//
// case: rls/other-connection
func (s *Store) Other(ctx context.Context, id string) (string, error) {
	tx, err := s.db.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	return s.q.GetNote(ctx, id) // want `SELECT of jottings is not restricted by tenant_id, and app.tenant_id is not set in its transaction`
}

// Session leaves it to the next user of the connection.
//
// case: rls/not-local
func (s *Store) Session(ctx context.Context, id string) (body string, err error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "SET app.tenant_id = '"+auth.TenantID(ctx)+"'"); err != nil {
		return "", err
	}
	err = conn.QueryRow(ctx, readNote, id).Scan(&body) // want `SELECT of jottings is not restricted by tenant_id, and app.tenant_id is set without LOCAL, so that whoever gets the connection next has it still`
	return body, err
}

// OnConnection takes a connection and begins no transaction on it.
//
// case: rls/connection
func (s *Store) OnConnection(ctx context.Context, id string) (body string, err error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "SELECT set_config('app.tenant_id', $1, true)", auth.TenantID(ctx)); err != nil {
		return "", err
	}
	err = conn.QueryRow(ctx, readNote, id).Scan(&body) // want `SELECT of jottings is not restricted by tenant_id, and it runs outside of a transaction`
	return body, err
}

// NotLocal is the same by set_config.
//
// case: rls/is-local-false
func (s *Store) NotLocal(ctx context.Context, id string) (body string, err error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if _, err := tx.Exec(ctx, "SELECT set_config('app.tenant_id', $1, false)", auth.TenantID(ctx)); err != nil {
		return "", err
	}
	err = tx.QueryRow(ctx, readNote, id).Scan(&body) // want `SELECT of jottings is not restricted by tenant_id, and app.tenant_id is set without LOCAL, so that whoever gets the connection next has it still`
	return body, err
}

// Late sets it when the note was read.
//
// case: rls/late
func (s *Store) Late(ctx context.Context, id string) (body string, err error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if err := tx.QueryRow(ctx, readNote, id).Scan(&body); err != nil { // want `SELECT of jottings is not restricted by tenant_id, and app.tenant_id is set after it`
		return "", err
	}
	return body, tenantdb.Set(ctx, tx)
}

// Sometimes sets it for some.
//
// case: rls/some-paths
func (s *Store) Sometimes(ctx context.Context, id string, all bool) (body string, err error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if !all {
		if err := tenantdb.Set(ctx, tx); err != nil {
			return "", err
		}
	}
	err = tx.QueryRow(ctx, readNote, id).Scan(&body) // want `SELECT of jottings is restricted by tenant_id only on some paths: app.tenant_id is set on some of them only`
	return body, err
}

// Helped is helped by what sets it for some.
//
// case: rls/helper-some
func (s *Store) Helped(ctx context.Context, id string) (string, error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if err := tenantdb.SetSome(ctx, tx); err != nil {
		return "", err
	}
	return gen.New(tx).GetNote(ctx, id) // want `SELECT of jottings is restricted by tenant_id only on some paths: app.tenant_id is set on some of them only`
}

// FromRequest believes the client.
//
// case: rls/request
func (s *Store) FromRequest(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		http.Error(w, "unavailable", http.StatusInternalServerError)
		return
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if err := tenantdb.SetTo(ctx, tx, r.Header.Get("X-Tenant-ID")); err != nil {
		http.Error(w, "unavailable", http.StatusInternalServerError)
		return
	}
	if _, err := gen.New(tx).GetNote(ctx, r.PathValue("id")); err != nil { // want `SELECT of jottings takes app.tenant_id from the request, not from the caller's scope`
		http.Error(w, "not found", http.StatusNotFound)
	}
}

// Overwritten sets it twice.
//
// case: rls/overwritten
func (s *Store) Overwritten(ctx context.Context, id string) (body string, err error) {
	err = s.db.Do(ctx, func(tx pgx.Tx) error {
		if err := tenantdb.SetTo(ctx, tx, "house"); err != nil {
			return err
		}
		return tx.QueryRow(ctx, readNote, id).Scan(&body) // want `SELECT of jottings takes app.tenant_id from a constant, not from the caller's scope`
	})
	return body, err
}

// AddUnset queues it behind what needs it.
//
// case: rls/batch-late
func (s *Store) AddUnset(ctx context.Context, id string) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	b := &pgx.Batch{}
	b.Queue("INSERT INTO jottings (id, body) VALUES ($1, '')", id) // want `INSERT into jottings leaves tenant_id unset, and app.tenant_id is set after it`
	b.Queue("SELECT set_config('app.tenant_id', $1, true)", auth.TenantID(ctx))
	return tx.SendBatch(ctx, b).Close()
}

// SetByOther sets it in one transaction and asks in another.
//
// case: rls/other-transaction
func (s *Store) SetByOther(ctx context.Context, id string) (string, error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	other, err := s.pool.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = other.Rollback(ctx) }()
	q := gen.New(other)
	if err := q.SetTenant(ctx, auth.TenantID(ctx)); err != nil {
		return "", err
	}
	return gen.New(tx).GetNote(ctx, id) // want `SELECT of jottings is not restricted by tenant_id, and app.tenant_id is set in another transaction`
}

// AnyTx is run by a helper that sets nothing.
//
// case: rls/callback-unset
func (s *Store) AnyTx(ctx context.Context, id, body string) error {
	return s.db.Any(ctx, func(tx pgx.Tx) error {
		return gen.New(tx).AddNote(ctx, id, body) // want `INSERT into jottings leaves tenant_id unset, and app.tenant_id is not set in its transaction`
	})
}

// Bare is handed a transaction in which it is not set.
//
// case: rls/begun-unset
func (s *Store) Bare(ctx context.Context, id string) (string, error) {
	tx, err := s.db.Bare(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	return s.q.WithTx(tx).GetNote(ctx, id) // want `SELECT of jottings is not restricted by tenant_id, and app.tenant_id is not set in its transaction`
}
