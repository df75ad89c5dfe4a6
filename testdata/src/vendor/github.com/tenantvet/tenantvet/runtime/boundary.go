package runtime

import (
	"context"
	"net/http"
)

// Boundary is where requests come in.
type Boundary struct{ n int }

// Membership is proof of a membership.
type Membership struct{ scope Scope }

// Scope returns the scope that the proof is about.
func (m Membership) Scope() Scope { return m.scope }

// Role is proof of a role.
type Role struct{ scope Scope }

// Has reports whether r proves the role.
func (r Role) Has(role string) bool { return false }

// Middleware lets on who has a scope.
func (b *Boundary) Middleware(next http.Handler) http.Handler { return next }

// RequireTenantMembership lets members on.
func (b *Boundary) RequireTenantMembership(next http.Handler) http.Handler { return next }

// RequireTenantRole lets holders of a role on.
func (b *Boundary) RequireTenantRole(roles ...string) func(http.Handler) http.Handler { return nil }

// CheckTenantMembership says whether the caller is a member.
func (b *Boundary) CheckTenantMembership(ctx context.Context) (Membership, error) {
	return Membership{}, nil
}

// CheckTenantRole says whether the caller holds one of the roles.
func (b *Boundary) CheckTenantRole(ctx context.Context, roles ...string) (Role, error) {
	return Role{}, nil
}

// AdmitTenantMembership puts the proof of a membership into the context.
func (b *Boundary) AdmitTenantMembership(ctx context.Context) (context.Context, error) {
	return ctx, nil
}

// Sealer seals scopes.
type Sealer struct{ n int }

// Open returns the scope that was sealed.
func (s *Sealer) Open(text, audience string, payload []byte) (Scope, error) { return Scope{}, nil }

// Header is the header of a request.
type Header interface{ Values(name string) []string }

// Admit puts the scope of a request into the context.
func (b *Boundary) Admit(ctx context.Context, h Header) (context.Context, error) { return ctx, nil }
