package sqlstore

import (
	"context"
	"database/sql"
	"net/http"

	"corpus/legacy/auth"
	"corpus/sqlstore/build"
)

// noted is what may be written beside an invoice.
type noted struct {
	rows *notedRows
}

type notedRows struct{ tenant, env, text string }

// place writes an invoice, and a note if there is one.
func (s *Store) place(ctx context.Context, id string, with *noted) error {
	if _, err := s.db.ExecContext(ctx, "UPDATE invoices SET status = 'placed' WHERE id = $1 AND tenant_id = $2 AND environment_id = $3",
		id, auth.TenantID(ctx), auth.EnvironmentID(ctx)); err != nil {
		return err
	}
	if with == nil {
		return nil
	}
	_, err := s.db.ExecContext(ctx, "INSERT INTO invoices (id, tenant_id, environment_id, status) VALUES ($1, $2, $3, $4)", id, with.rows.tenant, with.rows.env, with.rows.text) // want `INSERT into invoices leaves tenant_id unset`
	return err
}

// add writes a note, if there is one.
func (s *Store) add(ctx context.Context, id string, with *noted) error {
	if with == nil || with.rows == nil {
		return nil
	}
	_, err := s.db.ExecContext(ctx, "INSERT INTO invoices (id, tenant_id, environment_id, status) VALUES ($1, $2, $3, $4)", id, with.rows.tenant, with.rows.env, with.rows.text)
	return err
}

// PlaceNoted leaves out whose the note is.
//
// case: sql/part-of-a-struct-left-out
func (s *Store) PlaceNoted(ctx context.Context, id string) error {
	return s.place(ctx, id, &noted{rows: &notedRows{text: "placed", env: auth.EnvironmentID(ctx)}})
}

// AddNoted says whose the note is.
//
// case: sql/part-of-a-struct clean
func (s *Store) AddNoted(ctx context.Context, id string) error {
	return s.add(ctx, id, &noted{rows: &notedRows{text: "placed", tenant: auth.TenantID(ctx), env: auth.EnvironmentID(ctx)}})
}

// AddNone has no note: nothing is read of what is not there.
//
// case: sql/part-of-nothing clean
func (s *Store) AddNone(ctx context.Context, id string) error {
	return s.add(ctx, id, nil)
}

// AddElsewhere is the same in another package: there is no note.
//
// case: sql/part-of-nothing-elsewhere clean
func (s *Store) AddElsewhere(ctx context.Context, id string) error {
	return build.Note(ctx, s.db, id, nil)
}

// AddNobodys has a note that is nobody's.
//
// case: sql/part-of-a-struct-elsewhere
func (s *Store) AddNobodys(ctx context.Context, id string) error {
	return build.Note(ctx, s.db, id, &build.Noted{Env: auth.EnvironmentID(ctx)}) // want `INSERT into invoices leaves tenant_id unset`
}

// keeper writes now and then what it was made for.
type keeper struct {
	every *interval
}

type interval struct {
	db          *sql.DB
	tenant, env string
}

func (i *interval) save(ctx context.Context, status string) error {
	_, err := i.db.ExecContext(ctx, "INSERT INTO invoices (tenant_id, environment_id, status) VALUES ($1, $2, $3)", i.tenant, i.env, status)
	return err
}

// Keep saves where there is something to save with.
//
// case: sql/part-of-a-field-that-may-be-nothing clean
func (s *Store) Keep(r *http.Request, often bool) error {
	k := &keeper{}
	if often {
		k.every = &interval{s.db, auth.TenantID(r.Context()), auth.EnvironmentID(r.Context())}
	}
	if k.every != nil {
		return k.every.save(r.Context(), "kept")
	}
	return nil
}

// KeepAny saves with an interval that is there and nobody's.
//
// case: sql/part-of-a-field-that-is-nobodys
func (s *Store) KeepAny(r *http.Request) error {
	k := &keeper{every: &interval{db: s.db, env: auth.EnvironmentID(r.Context())}}
	if k.every == nil {
		return nil
	}
	return k.every.save(r.Context(), "kept") // want `INSERT into invoices leaves tenant_id unset`
}

// byValue is not behind a pointer: its parts are there, and empty.
type byValue struct{ rows notedRows }

// PlaceValue leaves out all of a struct that is no pointer.
//
// case: sql/part-of-a-struct-by-value
func (s *Store) PlaceValue(ctx context.Context, id string) error {
	var with byValue
	with.rows.env = auth.EnvironmentID(ctx)
	_, err := s.db.ExecContext(ctx, "INSERT INTO invoices (id, tenant_id, environment_id) VALUES ($1, $2, $3)", id, with.rows.tenant, with.rows.env) // want `INSERT into invoices leaves tenant_id unset`
	return err
}
