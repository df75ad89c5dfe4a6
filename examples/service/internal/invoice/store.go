// Package invoice keeps the invoices of tenants and sends them.
package invoice

import (
	"context"
	"database/sql"
	"fmt"

	tenant "github.com/tenantvet/tenantvet/runtime"

	"github.com/tenantvet/tenantvet/examples/service/internal/store"
)

// Invoice is an invoice. Its status is draft, sent or void.
type Invoice struct {
	ID       string `json:"id"`
	Project  string `json:"project"`
	Cents    int64  `json:"cents"`
	Currency string `json:"currency"`
	Status   string `json:"status"`
}

// Store keeps invoices. Each of its methods takes whose they are from the
// context, and from nowhere else. It is safe for concurrent use.
type Store struct{ db *sql.DB }

// NewStore returns the invoices in that database.
func NewStore(db *sql.DB) *Store { return &Store{db: db} }

// Create adds a draft. The project is found among the caller's, whatever the
// client calls it.
func (s *Store) Create(ctx context.Context, inv Invoice) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	if inv.ID == "" || inv.Cents < 0 {
		return fmt.Errorf("an invoice needs an id and an amount: %w", store.ErrInvalid)
	}
	res, err := s.db.ExecContext(ctx, `INSERT INTO invoices (tenant_id, env, id, project, cents, currency)
		SELECT p.tenant_id, p.env, ?, p.id, ?, c.code FROM projects p JOIN currencies c ON c.code = ?
		WHERE p.tenant_id = ? AND p.env = ? AND p.id = ? ON CONFLICT DO NOTHING`,
		inv.ID, inv.Cents, inv.Currency, sc.Tenant(), sc.Env().String(), inv.Project)
	return store.Changed(res, err, store.ErrInvalid)
}

// Find returns an invoice.
func (s *Store) Find(ctx context.Context, id string) (Invoice, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return Invoice{}, err
	}
	inv := Invoice{ID: id}
	err = s.db.QueryRowContext(ctx, `SELECT project, cents, currency, status FROM invoices WHERE tenant_id = ? AND env = ? AND id = ?`,
		sc.Tenant(), sc.Env().String(), id).Scan(&inv.Project, &inv.Cents, &inv.Currency, &inv.Status)
	return inv, store.Found(err)
}

// List returns the invoices of the caller's tenant, with the names of their
// projects in place of the ids.
func (s *Store) List(ctx context.Context) ([]Invoice, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.QueryContext(ctx, `SELECT i.id, p.name, i.cents, i.currency, i.status FROM invoices i
		JOIN projects p ON p.tenant_id = i.tenant_id AND p.env = i.env AND p.id = i.project
		WHERE i.tenant_id = ? AND i.env = ? ORDER BY i.id`,
		sc.Tenant(), sc.Env().String())
	return store.List(rows, err, func(r *sql.Rows, inv *Invoice) error {
		return r.Scan(&inv.ID, &inv.Project, &inv.Cents, &inv.Currency, &inv.Status)
	})
}

// Mark changes the status of an invoice from one to another.
func (s *Store) Mark(ctx context.Context, id, from, to string) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	res, err := s.db.ExecContext(ctx, `UPDATE invoices SET status = ? WHERE tenant_id = ? AND env = ? AND id = ? AND status = ?`,
		to, sc.Tenant(), sc.Env().String(), id, from)
	return store.Changed(res, err, store.ErrNotFound)
}

// DeleteVoid removes the void invoices of one tenant, and says how many.
func (s *Store) DeleteVoid(ctx context.Context, sc tenant.Scope) (int64, error) {
	res, err := s.db.ExecContext(ctx, `DELETE FROM invoices WHERE tenant_id = ? AND env = ? AND status = 'void'`,
		sc.Tenant(), sc.Env().String())
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
