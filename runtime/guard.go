package runtime

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
)

// Membership is proof that the scope's user was found to be a member of the
// scope's tenant, in this request. A function that demands one as a parameter
// cannot be called by somebody who forgot to ask:
//
//	func (s *Store) Rename(ctx context.Context, m tenant.Membership, name string) error
//
// It is sealed: it comes from [Boundary.CheckTenantMembership], from
// [MembershipFromContext] behind a guard, or from [Role.Membership]. The zero
// Membership is invalid and its scope is as well, so whatever is done with that
// is refused. A proof says nothing about later: do not keep it.
type Membership struct {
	scope Scope
}

// IsValid reports whether m proves anything.
func (m Membership) IsValid() bool { return m.scope.IsValid() }

// Scope returns the scope that the proof is about: the invalid zero Scope for
// the zero Membership. Take the scope from the proof rather than from elsewhere,
// so that a proof about one caller is not used for another.
func (m Membership) Scope() Scope { return m.scope }

// String describes the proof without ids.
func (m Membership) String() string {
	if !m.IsValid() {
		return "membership(invalid)"
	}
	return "membership(" + m.scope.String() + ")"
}

// Format writes the same as [Membership.String], whatever the verb.
func (m Membership) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, m.String()) // a State takes no errors back
}

// Role is proof that the scope's user was found to hold at least one of the
// roles that were demanded, in this request. It is sealed as [Membership] is and
// comes from [Boundary.CheckTenantRole] or [RoleFromContext].
//
// A proof of one role is none of another. A function that demands a proof has to
// look at it: r.Has("admin").
type Role struct {
	scope Scope
	roles []id // demanded and held, none without a name; never changed
}

// IsValid reports whether r proves anything.
func (r Role) IsValid() bool { return len(r.roles) > 0 }

// Has reports whether r proves that role. It is false for roles that the user
// holds but nobody demanded, for "" and for the zero Role.
func (r Role) Has(role string) bool {
	return slices.ContainsFunc(r.roles, func(held id) bool { return held.value() == role })
}

// Membership returns the membership that holding a role proves as well, or the
// invalid zero Membership for the zero Role.
func (r Role) Membership() Membership { return Membership{scope: r.scope} }

// Scope returns the scope that the proof is about: the invalid zero Scope for
// the zero Role.
func (r Role) Scope() Scope { return r.scope }

// String describes the proof without ids and roles.
func (r Role) String() string {
	if !r.IsValid() {
		return "role(invalid)"
	}
	return "role(" + r.scope.String() + ")"
}

// Format writes the same as [Role.String], whatever the verb.
func (r Role) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, r.String()) // a State takes no errors back
}

// standing asks the authority about the scope that c carries. Nobody is a member
// of anything without being somebody, so it is not asked about a scope without a
// user.
func (b *Boundary) standing(ctx context.Context, c *carried) (Standing, *Refusal) {
	if c.scope.user == (id{}) {
		return Standing{}, refuse(ReasonNotMember)
	}
	standing, err := ask(ctx, b.timeout, c, func(ctx context.Context) (Standing, error) {
		return b.authority.Standing(ctx, c.scope)
	})
	switch {
	case err != nil:
		return Standing{}, unanswered(ctx, ReasonAuthorityUnavailable, err)
	case !standing.Member:
		return Standing{}, refuse(ReasonNotMember)
	}
	return standing, nil
}

// subject returns what the context carries, if a guard may ask about it.
func (b *Boundary) subject(ctx context.Context) (*carried, *Refusal) {
	if b == nil || b.authority == nil {
		return nil, refuse(ReasonMisconfigured)
	}
	c := carriedBy(ctx)
	switch {
	case c == nil || !c.scope.IsValid():
		return nil, refuse(ReasonScopeMissing)
	case insidePart(ctx):
		return nil, refuse(ReasonGateReentered)
	}
	return &carried{scope: c.scope}, nil
}

// CheckTenantMembership asks the authority whether the scope's user is a member
// of the scope's tenant, and returns the proof. The scope is the context's.
//
// The error is always a [*Refusal], and the proof then is the invalid zero
// Membership: not a member, a scope without a user, no scope in the context, or
// no answer from the authority, be it an error, a panic, a timeout or a cancelled
// context. It is asked every time, so that a membership that was taken away is
// gone.
func (b *Boundary) CheckTenantMembership(ctx context.Context) (Membership, error) {
	c, refusal := b.subject(ctx)
	if refusal == nil {
		_, refusal = b.standing(ctx, c)
	}
	if refusal != nil {
		return Membership{}, refusal
	}
	return Membership{scope: c.scope}, nil
}

// CheckTenantRole asks the authority whether the scope's user holds at least one
// of the roles in the scope's tenant, and returns the proof of those that the
// user holds. Role names are compared byte for byte; which role implies which is
// the authority's business. The role that the scope has ([Scope.Role]) is not
// looked at: it is what the credentials said when they were issued.
//
// The error is always a [*Refusal], and the proof then is the invalid zero Role.
// To demand no role, or one without a name, is a mistake that refuses everybody
// ([ReasonMisconfigured]).
func (b *Boundary) CheckTenantRole(ctx context.Context, roles ...string) (Role, error) {
	c, refusal := b.subject(ctx)
	if refusal != nil {
		return Role{}, refusal
	}
	if len(roles) == 0 || slices.Contains(roles, "") {
		return Role{}, refuse(ReasonMisconfigured)
	}
	standing, refusal := b.standing(ctx, c)
	if refusal != nil {
		return Role{}, refusal
	}
	proof := Role{scope: c.scope}
	for _, role := range roles {
		if slices.Contains(standing.Roles, role) {
			proof.roles = append(proof.roles, makeID(role))
		}
	}
	if len(proof.roles) == 0 {
		return Role{}, refuse(ReasonRoleNotHeld)
	}
	return proof, nil
}

// RequireTenantMembership is middleware that lets members of the tenant pass:
// see [Boundary.CheckTenantMembership]. It goes behind [Boundary.Middleware]. The
// handler gets the proof from [MembershipFromContext].
func (b *Boundary) RequireTenantMembership(next http.Handler) http.Handler {
	return b.guard(next, func(r *http.Request) (context.Context, error) {
		return b.AdmitTenantMembership(r.Context())
	})
}

// RequireTenantRole is middleware that lets holders of at least one of the roles
// pass: see [Boundary.CheckTenantRole]. It goes behind [Boundary.Middleware]. The
// handler gets the proof from [RoleFromContext] and [MembershipFromContext].
func (b *Boundary) RequireTenantRole(roles ...string) func(http.Handler) http.Handler {
	roles = slices.Clone(roles)
	return func(next http.Handler) http.Handler {
		return b.guard(next, func(r *http.Request) (context.Context, error) {
			return b.AdmitTenantRole(r.Context(), roles...)
		})
	}
}

// AdmitTenantMembership does what [Boundary.CheckTenantMembership] does and puts
// the proof into the context that it returns: it is the guard for middleware of
// other frameworks. With an error, the context returned carries no scope for
// good.
func (b *Boundary) AdmitTenantMembership(ctx context.Context) (context.Context, error) {
	proof, err := b.CheckTenantMembership(ctx)
	if err != nil {
		return closed(ctx), err
	}
	c := *carriedBy(ctx)
	c.member = proof
	return (&c).with(ctx), nil
}

// AdmitTenantRole does what [Boundary.CheckTenantRole] does and puts the proof
// into the context that it returns: it is the guard for middleware of other
// frameworks. Behind two such guards the proof is of the roles of both. With an
// error, the context returned carries no scope for good.
func (b *Boundary) AdmitTenantRole(ctx context.Context, roles ...string) (context.Context, error) {
	proof, err := b.CheckTenantRole(ctx, roles...)
	if err != nil {
		return closed(ctx), err
	}
	c := *carriedBy(ctx)
	c.member = proof.Membership()
	// What is proven already is about the same scope: a context has but one.
	c.role = Role{scope: proof.scope, roles: slices.Concat(proof.roles, c.role.roles)}
	return (&c).with(ctx), nil
}

// MembershipFromContext returns the proof that a guard put into the context.
// Without one it returns the invalid zero Membership and an error that wraps
// [ErrNoProof].
func MembershipFromContext(ctx context.Context) (Membership, error) {
	if c := carriedBy(ctx); c != nil && c.member.IsValid() {
		return c.member, nil
	}
	return Membership{}, fmt.Errorf("MembershipFromContext: %w: put RequireTenantMembership in front of the handler", ErrNoProof)
}

// RoleFromContext returns the proof that a guard put into the context. Without
// one it returns the invalid zero Role and an error that wraps [ErrNoProof].
func RoleFromContext(ctx context.Context) (Role, error) {
	if c := carriedBy(ctx); c != nil && c.role.IsValid() {
		return c.role, nil
	}
	return Role{}, fmt.Errorf("RoleFromContext: %w: put RequireTenantRole in front of the handler", ErrNoProof)
}
