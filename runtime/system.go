package runtime

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"
)

// SystemEvent is what the audit hook is told: by whom, what for, and what is
// about to happen.
type SystemEvent struct {
	Actor   string // id of the person or job
	Purpose string // as given, such as "migration 2026-11-04"
	Env     Env
	// Tenant is the tenant that is about to be entered, or empty when the access
	// begins.
	Tenant string
}

// SystemConfig is what access to all tenants needs. There are no defaults.
type SystemConfig struct {
	// Env is the environment whose tenants are visited.
	Env Env
	// Tenants lists the tenants of an environment, each once. An error ends the
	// list.
	Tenants func(ctx context.Context, env Env) iter.Seq2[string, error]
	// Audit records the event. Nothing happens before it has returned without an
	// error. It may be called concurrently.
	Audit func(ctx context.Context, e SystemEvent) error
	// Timeout is how long Audit may take: more than zero and at most
	// [MaxTimeout].
	Timeout time.Duration
}

// SystemAccess lets a service work on all tenants, one after the other: for
// migrations, sweeps and support. It comes from [NewSystem], is immutable and
// safe for concurrent use.
type SystemAccess struct {
	cfg SystemConfig
}

// NewSystem returns the access of that configuration. If anything is missing or
// wrong it returns nil and an error that joins a [*ConfigError] for each slot,
// named System.Env and so on.
func NewSystem(cfg SystemConfig) (*SystemAccess, error) {
	var f faults
	if !cfg.Env.IsValid() {
		f.check("System.Env", errMissing)
	}
	if cfg.Tenants == nil {
		f.check("System.Tenants", errMissing)
	}
	if cfg.Audit == nil {
		f.check("System.Audit", errMissing)
	}
	f.check("System.Timeout", checkTimeout(cfg.Timeout))
	if len(f) > 0 {
		return nil, fmt.Errorf("NewSystem: %w", errors.Join(f...))
	}
	return &SystemAccess{cfg: cfg}, nil
}

// System is the capability to visit tenants, for one actor and one purpose. A
// function that does so demands one as a parameter. It is no [Scope] and opens no
// tenant's data by itself: it hands out the scope of one tenant at a time.
//
// It is sealed and comes from [SystemAccess.Begin]. The zero System is invalid.
type System struct {
	access *SystemAccess
	actor  id
	why    id
}

// Begin returns the capability, after the audit hook has recorded that it was
// given. The actor is an id, the purpose is printable text of at most
// [MaxIDBytes] bytes; neither may be empty. Errors wrap [ErrInvalidSystem] or
// [ErrAudit], and the System then is the zero one.
//
// It is for jobs, not for requests: a context that carries a scope is refused
// with [ErrScopeConflict], so that nobody's request becomes everybody's.
func (a *SystemAccess) Begin(ctx context.Context, actor, purpose string) (System, error) {
	if a == nil || a.cfg.Audit == nil {
		return System{}, fmt.Errorf("Begin: %w: make the access with NewSystem", ErrInvalidSystem)
	}
	for _, given := range []struct{ name, value string }{{"actor", actor}, {"purpose", purpose}} {
		if given.value == "" {
			return System{}, fmt.Errorf("Begin: %w: the %s is missing; say who does it and what for", ErrInvalidSystem, given.name)
		}
		if problem := malformedID(given.value); problem != "" {
			return System{}, fmt.Errorf("Begin: %w: the %s %s", ErrInvalidSystem, given.name, problem)
		}
	}
	s := System{access: a, actor: makeID(actor), why: makeID(purpose)}
	ctx = notNil(ctx)
	if err := unscoped(ctx, "Begin"); err != nil {
		return System{}, err
	}
	if err := s.audit(ctx, "Begin", ""); err != nil {
		return System{}, err
	}
	return s, nil
}

// unscoped refuses a context that carries a scope, or once did.
func unscoped(ctx context.Context, fn string) error {
	if carriedBy(ctx) != nil {
		return fmt.Errorf("%s: %w: the context carries a scope; start from one without", fn, ErrScopeConflict)
	}
	return nil
}

func (s System) audit(ctx context.Context, fn, tenant string) error {
	cfg := &s.access.cfg
	_, err := ask(ctx, cfg.Timeout, nil, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, cfg.Audit(ctx, SystemEvent{Actor: s.Actor(), Purpose: s.Purpose(), Env: cfg.Env, Tenant: tenant})
	})
	if err != nil {
		return fmt.Errorf("%s: %w: nothing was done; see the cause: %w", fn, ErrAudit, err)
	}
	return nil
}

// IsValid reports whether s came from [SystemAccess.Begin].
func (s System) IsValid() bool { return s.access != nil }

// Actor returns who it was given to, or "" if s is invalid.
func (s System) Actor() string { return s.actor.value() }

// Purpose returns what it was given for, or "" if s is invalid.
func (s System) Purpose() string { return s.why.value() }

// String describes the capability without ids.
func (s System) String() string {
	if !s.IsValid() {
		return "system(invalid)"
	}
	return "system(actor=" + redacted + " env=" + s.access.cfg.Env.String() + ")"
}

// Format writes the same as [System.String], whatever the verb.
func (s System) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, s.String()) // a State takes no errors back
}

// ForEachTenant calls visit for each tenant of the environment, one after the
// other, with a context that carries its scope: the tenant and the environment,
// without a user and a role. Each tenant is audited before it is entered.
//
// It stops at the first error: of visit, which is returned as it is; of the
// list; of the audit hook ([ErrAudit]); of an id in the list that is malformed
// ([ErrInvalidID]); or of ctx. The context of a visit is cancelled when visit
// returns, so that no work for one tenant goes on during another's turn; that
// is why this is a function with a callback and not an iterator, whose loop body
// could keep it. A context that carries a scope is refused with
// [ErrScopeConflict], a zero System with [ErrInvalidSystem].
func (s System) ForEachTenant(ctx context.Context, visit func(ctx context.Context, sc Scope) error) error {
	return s.visit(ctx, "ForEachTenant", func(string) bool { return true }, visit)
}

// errFound ends the list of tenants.
var errFound = errors.New("found")

// ForTenant calls visit for that one tenant, as [System.ForEachTenant] would. A
// tenant that is not listed is refused with [ErrUnknownTenant].
func (s System) ForTenant(ctx context.Context, tenant string, visit func(ctx context.Context, sc Scope) error) error {
	var visited error
	err := s.visit(ctx, "ForTenant", func(listed string) bool { return listed == tenant }, func(ctx context.Context, sc Scope) error {
		visited = visit(ctx, sc)
		return errFound
	})
	switch {
	case err == errFound:
		return visited
	case err == nil:
		return fmt.Errorf("ForTenant: %w: it is not among the tenants of the environment", ErrUnknownTenant)
	}
	return err
}

func (s System) visit(ctx context.Context, fn string, wanted func(string) bool, visit func(context.Context, Scope) error) error {
	if !s.IsValid() {
		return fmt.Errorf("%s: %w: the zero System; take one from Begin and check its error", fn, ErrInvalidSystem)
	}
	if visit == nil {
		return fmt.Errorf("%s: %w: there is nothing to call for a tenant", fn, ErrNoFunc)
	}
	ctx = notNil(ctx)
	if err := unscoped(ctx, fn); err != nil {
		return err
	}
	env := s.access.cfg.Env
	tenants := s.access.cfg.Tenants(ctx, env)
	if tenants == nil {
		return fmt.Errorf("%s: the list of tenants: it is nil; return an empty one if there are none", fn)
	}
	for tenant, err := range tenants {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("%s: the list of tenants: %w", fn, err)
		}
		if !wanted(tenant) {
			continue
		}
		sc, err := newScope(tenant, env, "", "")
		if err != nil {
			return fmt.Errorf("%s: the list of tenants: %w", fn, err)
		}
		if err := s.audit(ctx, fn, tenant); err != nil {
			return err
		}
		if err := enter(ctx, sc, visit); err != nil {
			return err
		}
	}
	return nil
}

// enter calls visit with a context of its own.
func enter(ctx context.Context, sc Scope, visit func(context.Context, Scope) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return visit((&carried{scope: sc}).with(ctx), sc)
}
