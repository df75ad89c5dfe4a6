package runtime

import (
	"context"
	"errors"
	"net/http"
)

// Verdict is the answer of a [Quota] or a [Governance]. The zero Verdict refuses.
type Verdict uint8

const (
	// Refuse says no.
	Refuse Verdict = iota
	// Allow says yes.
	Allow
)

// Quota says whether a tenant may use more. It is called concurrently.
type Quota interface {
	// AllowUse answers for the scope, under the policy that it refers to. An
	// error means that it could not tell. The context has the request's deadline
	// and the scope, and no other value.
	AllowUse(ctx context.Context, sc Scope, policy string) (Verdict, error)
}

// QuotaFunc is a function that is a [Quota].
type QuotaFunc func(ctx context.Context, sc Scope, policy string) (Verdict, error)

// AllowUse calls f.
func (f QuotaFunc) AllowUse(ctx context.Context, sc Scope, policy string) (Verdict, error) {
	return f(ctx, sc, policy)
}

// Governance says whether a tenant's policy permits that it is served. It is
// called concurrently.
type Governance interface {
	// AllowUnderPolicy answers for the scope, under the policy that it refers to.
	// An error means that it could not tell. The context has the request's
	// deadline and the scope, and no other value.
	AllowUnderPolicy(ctx context.Context, sc Scope, policy string) (Verdict, error)
}

// GovernanceFunc is a function that is a [Governance].
type GovernanceFunc func(ctx context.Context, sc Scope, policy string) (Verdict, error)

// AllowUnderPolicy calls f.
func (f GovernanceFunc) AllowUnderPolicy(ctx context.Context, sc Scope, policy string) (Verdict, error) {
	return f(ctx, sc, policy)
}

// TenantGate is the first gate of a [Pipeline], which resolves the tenant. It
// comes from [Boundary.TenantGate].
type TenantGate struct {
	boundary *Boundary
}

// AccessGate is the first two gates of a [Pipeline]. It comes from
// [TenantGate.Access].
type AccessGate struct {
	tenant TenantGate
}

// QuotaGate is the first three gates of a [Pipeline]. It comes from
// [AccessGate.Quota].
type QuotaGate struct {
	access AccessGate
	quota  Quota
}

// Pipeline is all that a request has to pass, in this order and no other:
//
//	tenant → access → quota → governance
//
// Each gate is made from the one before, so there is no pipeline in which one is
// missing, comes early or comes twice:
//
//	gates, err := boundary.TenantGate().Access().Quota(quota).Governance(governance)
//
// Quota and governance are asked about the scope that was resolved and the
// policy reference that came with it, and get nothing else: no request, no value
// of its context. They cannot ask another gate either: the context that they are
// given is refused by the boundary, the guards and pipelines
// ([ReasonGateReentered]).
//
// A Pipeline is immutable and safe for concurrent use. A zero or nil one refuses
// everything ([ReasonMisconfigured]).
type Pipeline struct {
	boundary   *Boundary
	quota      Quota
	governance Governance
}

// TenantGate returns the gate that resolves the tenant, as [Boundary.Admit]
// does.
func (b *Boundary) TenantGate() TenantGate { return TenantGate{boundary: b} }

// Access adds the gate that lets only members of the tenant pass, as
// [Boundary.CheckTenantMembership] does.
func (g TenantGate) Access() AccessGate { return AccessGate{tenant: g} }

// Quota adds the gate that asks the quota.
func (g AccessGate) Quota(q Quota) QuotaGate { return QuotaGate{access: g, quota: q} }

// Governance adds the gate that asks the governance and returns the pipeline. If
// the boundary, the quota or the governance is missing it returns nil and an
// error that names all that are.
func (g QuotaGate) Governance(gov Governance) (*Pipeline, error) {
	b := g.access.tenant.boundary
	var faults []error
	if b == nil || b.authenticator == nil {
		faults = append(faults, errors.New("pipeline: there is no boundary behind the tenant gate; make one with New and start from its TenantGate"))
	}
	if checkPart(g.quota) != nil {
		faults = append(faults, errors.New("pipeline: the quota is missing; a service without quotas passes one that allows everything"))
	}
	if checkPart(gov) != nil {
		faults = append(faults, errors.New("pipeline: the governance is missing; a service without one passes one that allows everything"))
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return &Pipeline{boundary: b, quota: g.quota, governance: gov}, nil
}

// Admit sends a request through all gates. The first that refuses ends it, and
// the error, always a [*Refusal], has its reason; gates behind it are not asked.
// The context returned is that of [Boundary.Admit] with the proof of membership
// in it ([MembershipFromContext]). With an error it carries no scope for good.
func (p *Pipeline) Admit(ctx context.Context, h Header) (context.Context, error) {
	ctx = notNil(ctx)
	c, refusal := p.admit(ctx, h)
	if refusal != nil {
		return closed(ctx), refusal
	}
	return c.with(ctx), nil
}

// Middleware is to [Pipeline.Admit] what [Boundary.Middleware] is to
// [Boundary.Admit].
func (p *Pipeline) Middleware(next http.Handler) http.Handler {
	var b *Boundary
	if p != nil {
		b = p.boundary
	}
	return b.guard(next, func(r *http.Request) (context.Context, error) {
		return p.Admit(r.Context(), r.Header)
	})
}

func (p *Pipeline) admit(ctx context.Context, h Header) (*carried, *Refusal) {
	if p == nil {
		return nil, refuse(ReasonMisconfigured)
	}
	b := p.boundary
	c, refusal := b.admit(ctx, h)
	if refusal != nil {
		return nil, refusal
	}
	only := &carried{scope: c.scope}
	if _, refusal := b.standing(ctx, only); refusal != nil {
		return nil, refusal
	}
	c.member = Membership{scope: c.scope}
	for _, gate := range []struct {
		ask                  func(ctx context.Context, sc Scope, policy string) (Verdict, error)
		refused, unavailable Reason
	}{
		{p.quota.AllowUse, ReasonQuotaRefused, ReasonQuotaUnavailable},
		{p.governance.AllowUnderPolicy, ReasonGovernanceRefused, ReasonGovernanceUnavailable},
	} {
		verdict, err := ask(ctx, b.timeout, only, func(ctx context.Context) (Verdict, error) {
			return gate.ask(ctx, c.scope, c.decision.Policy())
		})
		switch {
		case err != nil:
			return nil, unanswered(ctx, gate.unavailable, err)
		case verdict != Allow:
			return nil, refuse(gate.refused)
		}
	}
	return c, nil
}
