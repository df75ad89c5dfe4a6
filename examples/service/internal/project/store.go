// Package project keeps the projects of tenants and what they have set for them.
package project

import (
	"context"
	"database/sql"
	"fmt"

	tenant "github.com/tenantvet/tenantvet/runtime"

	"github.com/tenantvet/tenantvet/examples/service/internal/store"
)

// Project is what invoices are about.
type Project struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Store keeps projects. Each of its methods takes whose they are from the
// context, and from nowhere else. It is safe for concurrent use.
type Store struct{ db *sql.DB }

// NewStore returns the projects in that database.
func NewStore(db *sql.DB) *Store { return &Store{db: db} }

// Create adds a project under an id that the caller chose.
func (s *Store) Create(ctx context.Context, p Project) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	if p.ID == "" {
		return fmt.Errorf("a project needs an id: %w", store.ErrInvalid)
	}
	res, err := s.db.ExecContext(ctx, `INSERT INTO projects (tenant_id, env, id, name) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		sc.Tenant(), sc.Env().String(), p.ID, p.Name)
	return store.Changed(res, err, store.ErrExists)
}

// Find returns a project.
func (s *Store) Find(ctx context.Context, id string) (Project, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return Project{}, err
	}
	p := Project{ID: id}
	err = s.db.QueryRowContext(ctx, `SELECT name FROM projects WHERE tenant_id = ? AND env = ? AND id = ?`,
		sc.Tenant(), sc.Env().String(), id).Scan(&p.Name)
	return p, store.Found(err)
}

// List returns the projects of the caller's tenant.
func (s *Store) List(ctx context.Context) ([]Project, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.QueryContext(ctx, `SELECT id, name FROM projects WHERE tenant_id = ? AND env = ? ORDER BY id`,
		sc.Tenant(), sc.Env().String())
	return store.List(rows, err, func(r *sql.Rows, p *Project) error { return r.Scan(&p.ID, &p.Name) })
}

// Rename changes the name of a project.
func (s *Store) Rename(ctx context.Context, id, name string) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	res, err := s.db.ExecContext(ctx, `UPDATE projects SET name = ? WHERE tenant_id = ? AND env = ? AND id = ?`,
		name, sc.Tenant(), sc.Env().String(), id)
	return store.Changed(res, err, store.ErrNotFound)
}

// Delete removes a project that has no invoices.
func (s *Store) Delete(ctx context.Context, id string) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	res, err := s.db.ExecContext(ctx, `DELETE FROM projects WHERE tenant_id = ? AND env = ? AND id = ? AND NOT EXISTS (
		SELECT 1 FROM invoices WHERE tenant_id = projects.tenant_id AND env = projects.env AND project = projects.id)`,
		sc.Tenant(), sc.Env().String(), id)
	return store.Changed(res, err, store.ErrNotFound)
}
