package runtime

import (
	"context"
	"fmt"
)

// contextKey is the key of what a context carries. Nobody else can make one.
type contextKey struct{}

// carried is what a context carries: the scope, and what has been found out
// about it on the way. It is never changed once it is in a context.
type carried struct {
	scope    Scope // invalid in a context that was closed for good
	decision DecisionBundle
	member   Membership
	role     Role
}

// carriedBy returns what the context carries, which may be nothing.
func carriedBy(ctx context.Context) *carried {
	if ctx == nil {
		return nil
	}
	c, _ := ctx.Value(contextKey{}).(*carried)
	return c
}

// with returns a context that carries c, which must not be changed any more.
func (c *carried) with(ctx context.Context) context.Context {
	return context.WithValue(ctx, contextKey{}, c)
}

// notNil returns a context in place of a nil one.
func notNil(ctx context.Context) context.Context {
	if ctx == nil {
		return context.Background()
	}
	return ctx
}

// NewContext returns a context that carries the scope.
//
// It refuses an invalid scope ([ErrInvalidScope]) and refuses to replace a
// different one ([ErrScopeConflict]): a context belongs to one caller from
// beginning to end. Work for another scope, such as a job that visits all
// tenants, starts from a context that carries none. If the context carries the
// very same scope already, it is returned unchanged.
//
// With an error, the context returned carries no scope for good: [FromContext]
// and NewContext both fail on it, so that a caller who ignored the error does
// not go on as somebody else. It is never nil.
func NewContext(ctx context.Context, sc Scope) (context.Context, error) {
	ctx = notNil(ctx)
	if err := sc.check("NewContext"); err != nil {
		return closed(ctx), err
	}
	present := carriedBy(ctx)
	switch {
	case present == nil:
		return (&carried{scope: sc}).with(ctx), nil
	case present.scope == sc:
		return ctx, nil
	case !present.scope.IsValid():
		return closed(ctx), fmt.Errorf("NewContext: %w: an earlier NewContext on this context failed; check its error", ErrScopeConflict)
	}
	return closed(ctx), fmt.Errorf("NewContext: %w: the context carries a different scope; start from a context without one", ErrScopeConflict)
}

// closed returns a context in which the scope is invalid, hiding any scope
// further up.
func closed(ctx context.Context) context.Context {
	return (&carried{}).with(notNil(ctx))
}

// FromContext returns the scope that [NewContext] or [Boundary.Admit] put into
// the context. If there is none it returns the invalid zero Scope and an error
// that wraps [ErrNoScope]. A nil context carries no scope.
func FromContext(ctx context.Context) (Scope, error) {
	if c := carriedBy(ctx); c != nil && c.scope.IsValid() {
		return c.scope, nil
	}
	return Scope{}, fmt.Errorf("FromContext: %w: let the request through Boundary.Admit or its middleware first", ErrNoScope)
}

// DecisionFromContext returns the decision that the context's scope rests on,
// for the policy reference and the locale that come with it. A context that was
// not admitted by a [Boundary] or a [Pipeline] has none, even if it carries a
// scope; the error wraps [ErrNoDecision], and the bundle is the zero one.
func DecisionFromContext(ctx context.Context) (DecisionBundle, error) {
	if c := carriedBy(ctx); c != nil && c.decision.Status() == StatusOK {
		return c.decision, nil
	}
	return DecisionBundle{}, fmt.Errorf("DecisionFromContext: %w: put one in with Boundary.Admit", ErrNoDecision)
}

// Detach returns a context for work that outlives the request, such as a
// goroutine that the handler does not wait for:
//
//	ctx, err := tenant.Detach(r.Context())
//	if err != nil {
//		return err
//	}
//	go s.sendReceipt(ctx, order)
//
// The context carries the scope and nothing else: no cancellation, no deadline,
// no other value, neither decision nor proof, since what they say may be out of
// date by the time it is used. Give it a deadline of its own. Without a scope in
// ctx the error wraps [ErrNoScope], and the context returned carries none for
// good; it is never nil.
func Detach(ctx context.Context) (context.Context, error) {
	c := carriedBy(ctx)
	if c == nil || !c.scope.IsValid() {
		return closed(context.Background()), fmt.Errorf("Detach: %w: detach a context that carries one, or start from the background", ErrNoScope)
	}
	return (&carried{scope: c.scope}).with(context.Background()), nil
}
