package runtime

import (
	"context"
	"fmt"
)

// contextKey is the key of the scope in a context. Nobody else can make one.
type contextKey struct{}

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
	if ctx == nil {
		ctx = context.Background()
	}
	if err := sc.check("NewContext"); err != nil {
		return closed(ctx), err
	}
	switch present := ctx.Value(contextKey{}).(type) {
	case nil:
		return context.WithValue(ctx, contextKey{}, sc), nil
	case Scope:
		if present == sc {
			return ctx, nil
		}
		if !present.IsValid() {
			return closed(ctx), fmt.Errorf("NewContext: %w: an earlier NewContext on this context failed; check its error", ErrScopeConflict)
		}
	}
	return closed(ctx), fmt.Errorf("NewContext: %w: the context carries a different scope; start from a context without one", ErrScopeConflict)
}

// closed returns a context in which the scope is invalid, hiding any scope
// further up.
func closed(ctx context.Context) context.Context {
	return context.WithValue(ctx, contextKey{}, Scope{})
}

// FromContext returns the scope that [NewContext] put into the context. If
// there is none it returns the invalid zero Scope and an error that wraps
// [ErrNoScope]. A nil context carries no scope.
func FromContext(ctx context.Context) (Scope, error) {
	if ctx != nil {
		if sc, _ := ctx.Value(contextKey{}).(Scope); sc.IsValid() {
			return sc, nil
		}
	}
	return Scope{}, fmt.Errorf("FromContext: %w: put one in with NewContext where the caller is authenticated", ErrNoScope)
}
