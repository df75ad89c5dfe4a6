// Package notes keeps notes, whose rows the database keeps apart by a setting of the
// transaction.
package notes

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"corpus/legacy/auth"
	"corpus/rls/gen"
	"corpus/rls/tenantdb"
)

// Store keeps notes.
type Store struct {
	pool *pgxpool.Pool
	sql  *sql.DB
	db   *tenantdb.DB
	q    *gen.Queries
}

const readNote = `SELECT body FROM jottings WHERE id = $1`

// Read sets the tenant in the transaction first.
//
// case: rls/set-config clean
func (s *Store) Read(ctx context.Context, id string) (body string, err error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if _, err := tx.Exec(ctx, "SELECT set_config('app.tenant_id', $1, true)", auth.TenantID(ctx)); err != nil {
		return "", err
	}
	err = tx.QueryRow(ctx, readNote, id).Scan(&body)
	return body, err
}

// ReadLocal puts the tenant into the text, since SET takes no arguments.
//
// case: rls/set-local clean
func (s *Store) ReadLocal(ctx context.Context, id string) (body string, err error) {
	tx, err := s.sql.BeginTx(ctx, nil)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, "SET LOCAL app.tenant_id = '"+auth.TenantID(ctx)+"'"); err != nil {
		return "", err
	}
	err = tx.QueryRowContext(ctx, readNote, id).Scan(&body)
	return body, err
}

// ReadHelped sets it by a helper of another package.
//
// case: rls/helper clean
func (s *Store) ReadHelped(ctx context.Context, id string) (string, error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if err := tenantdb.SetTo(ctx, tx, auth.TenantID(ctx)); err != nil {
		return "", err
	}
	return gen.New(tx).GetNote(ctx, id)
}

// ReadBegun is handed a transaction in which it is set.
//
// case: rls/begun clean
func (s *Store) ReadBegun(ctx context.Context, id string) (string, error) {
	tx, err := s.db.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	return s.q.WithTx(tx).GetNote(ctx, id)
}

// Add is run by a helper that sets it.
//
// case: rls/callback clean
func (s *Store) Add(ctx context.Context, id, body string) error {
	return s.db.Do(ctx, func(tx pgx.Tx) error {
		return s.q.WithTx(tx).AddNote(ctx, id, body)
	})
}

// AddNested adds within a savepoint.
//
// case: rls/savepoint clean
func (s *Store) AddNested(ctx context.Context, id, body string) error {
	return s.db.Do(ctx, func(tx pgx.Tx) error {
		return pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error { return gen.New(tx).AddNote(ctx, id, body) })
	})
}

// AddAll sends a batch.
//
// case: rls/batch clean
func (s *Store) AddAll(ctx context.Context, ids []string) error {
	return s.db.Do(ctx, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		for _, id := range ids {
			b.Queue("INSERT INTO jottings (id, body) VALUES ($1, '')", id)
		}
		return tx.SendBatch(ctx, b).Close()
	})
}

// ReadConnection begins the transaction on a connection of its own.
//
// case: rls/connection-transaction clean
func (s *Store) ReadConnection(ctx context.Context, id string) (string, error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Release()
	tx, err := conn.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if err := tenantdb.Set(ctx, tx); err != nil {
		return "", err
	}
	return within(ctx, tx, id)
}

// AddSet sets it by the first statement of the batch, which is a transaction of
// its own.
//
// case: rls/batch-set clean
func (s *Store) AddSet(ctx context.Context, ids []string) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	b := &pgx.Batch{}
	b.Queue("SELECT set_config('app.tenant_id', $1, true)", auth.TenantID(ctx))
	for _, id := range ids {
		b.Queue("INSERT INTO jottings (id, body) VALUES ($1, '')", id)
	}
	return tx.SendBatch(ctx, b).Close()
}

// SetSince sets it when the queries have the transaction already.
//
// case: rls/set-since clean
func (s *Store) SetSince(ctx context.Context, id string) (string, error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	q := s.q.WithTx(tx)
	if err := tenantdb.Set(ctx, tx); err != nil {
		return "", err
	}
	return q.GetNote(ctx, id)
}

// SetByQuery sets it by a generated query.
//
// case: rls/set-by-query clean
func (s *Store) SetByQuery(ctx context.Context, id string) (string, error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	q := gen.New(tx)
	if err := q.SetTenant(ctx, auth.TenantID(ctx)); err != nil {
		return "", err
	}
	return q.GetNote(ctx, id)
}

// SetByOthers sets it by the same transaction, held by other queries.
//
// case: rls/set-by-others clean
func (s *Store) SetByOthers(ctx context.Context, id string) (string, error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if err := gen.New(tx).SetTenant(ctx, auth.TenantID(ctx)); err != nil {
		return "", err
	}
	return s.q.WithTx(tx).GetNote(ctx, id)
}

// within reads in whatever transaction it is handed.
func within(ctx context.Context, tx pgx.Tx, id string) (body string, err error) {
	err = tx.QueryRow(ctx, readNote, id).Scan(&body)
	return body, err
}

// Within hands on a transaction in which it is set.
//
// case: rls/handed clean
func (s *Store) Within(ctx context.Context, id string) (body string, err error) {
	err = s.db.Do(ctx, func(tx pgx.Tx) error {
		body, err = within(ctx, tx, id)
		return err
	})
	return body, err
}

// Either sets it one way or the other.
//
// case: rls/either-way clean
func (s *Store) Either(ctx context.Context, id string, text bool) (string, error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if text {
		err = tenantdb.SetTo(ctx, tx, auth.TenantID(ctx))
	} else {
		err = tenantdb.Set(ctx, tx)
	}
	if err != nil {
		return "", err
	}
	return within(ctx, tx, id)
}
