package account

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"
	tenant "github.com/tenantvet/tenantvet/runtime"

	"github.com/tenantvet/tenantvet/examples/service/internal/store"
	"github.com/tenantvet/tenantvet/examples/service/internal/web"
)

// Member is somebody who belongs to the caller's tenant.
type Member struct {
	User string `json:"user"`
	Role string `json:"role"`
}

// Members keeps the members of tenants. It is safe for concurrent use.
type Members struct{ db *sql.DB }

// NewMembers returns the members in that database.
func NewMembers(db *sql.DB) *Members { return &Members{db: db} }

// List returns the members of the caller's tenant.
func (m *Members) List(ctx context.Context) ([]Member, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := m.db.QueryContext(ctx, `SELECT user_id, role FROM members WHERE tenant_id = ? AND env = ? ORDER BY user_id`,
		sc.Tenant(), sc.Env().String())
	return store.List(rows, err, func(r *sql.Rows, one *Member) error { return r.Scan(&one.User, &one.Role) })
}

// Set makes somebody a member with a role. By whom is a proof, not a name: it
// cannot be called by somebody who forgot to ask, and not for another tenant.
func (m *Members) Set(ctx context.Context, by tenant.Role, one Member) error {
	if !by.Has("owner") {
		return fmt.Errorf("a member is set by an owner: %w", tenant.ErrNoProof)
	}
	if one.User == "" || !slices.Contains([]string{"member", "admin", "owner"}, one.Role) {
		return fmt.Errorf("member: %w", store.ErrInvalid)
	}
	sc := by.Scope()
	_, err := m.db.ExecContext(ctx, `INSERT INTO members (tenant_id, env, user_id, role) VALUES (?, ?, ?, ?)
		ON CONFLICT (tenant_id, env, user_id) DO UPDATE SET role = excluded.role`,
		sc.Tenant(), sc.Env().String(), one.User, one.Role)
	return err
}

// ServeList serves the members.
func (m *Members) ServeList(w http.ResponseWriter, r *http.Request) {
	all, err := m.List(r.Context())
	web.Reply(w, http.StatusOK, all, err)
}

// ServeSet changes a member's role, or adds a member.
func (m *Members) ServeSet(w http.ResponseWriter, r *http.Request) {
	by, err := tenant.RoleFromContext(r.Context())
	if err != nil {
		web.Error(w, err)
		return
	}
	one, err := web.Read[Member](r)
	if err != nil {
		web.Error(w, err)
		return
	}
	one.User = chi.URLParam(r, "user")
	web.Reply(w, http.StatusOK, one, m.Set(r.Context(), by, one))
}
