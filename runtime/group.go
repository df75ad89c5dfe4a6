package runtime

import (
	"context"
	"fmt"
	goruntime "runtime"
	"runtime/debug"
	"sync"
)

// Group suppresses duplicate work within a scope: of the calls with the same
// tenant, environment and key that overlap in time, one does the work and the
// others get its result. Calls of different tenants or environments never share
// anything. It replaces golang.org/x/sync/singleflight.
//
// The user and role of a scope play no part. Where the result depends on the
// user, use the text of a [NewUserKey] as key; where it depends on the role, make
// the role a part of the key.
//
// The zero Group is ready to use; a Group must not be copied after first use. All
// methods may be called concurrently.
type Group[V any] struct {
	mu      sync.Mutex
	flights map[flightKey]*flight[V]
}

type flightKey struct {
	realm realm
	key   string
}

// flight is one call of the function. Its fields but dups are written before
// done is closed and read after.
type flight[V any] struct {
	done  chan struct{}
	dups  int // guarded by Group.mu
	value V
	err   error

	// How the function ended if it did not return; kept apart from err, which
	// the function may set to anything.
	panicked *panicError
	exited   bool // by runtime.Goexit
}

// panicError is what a panic of the function is raised as again: the value and
// the stack that it came from.
type panicError struct {
	value any
	stack []byte
}

func (p *panicError) Error() string {
	return fmt.Sprintf("%v\n\n%s", p.value, p.stack)
}

func (p *panicError) Unwrap() error {
	err, _ := p.value.(error)
	return err
}

// Do calls fn and returns its results, unless a call for the scope's tenant and
// environment and the same key is under way: then it waits for that one and
// returns its results. shared tells whether the results went to more than one
// caller; such a value must not be changed.
//
// The context bounds the waiting: if it ends first, Do returns its error. It does
// not reach fn, which runs in the goroutine of the first caller and takes the
// context it needs from there; if that one is cancelled, all who wait get the
// error that fn makes of it. A nil context never ends.
//
// If fn panics, or calls runtime.Goexit, so do all who wait for it, as with
// singleflight. An invalid scope is refused with an error that wraps
// [ErrInvalidScope] and a nil fn with [ErrNoFunc].
func (g *Group[V]) Do(ctx context.Context, sc Scope, key string, fn func() (V, error)) (value V, shared bool, err error) {
	if err := sc.check("Group.Do"); err != nil {
		return value, false, err
	}
	if fn == nil {
		return value, false, fmt.Errorf("Group.Do: %w: nothing to call", ErrNoFunc)
	}
	if ctx == nil {
		ctx = context.Background()
	}
	if err := ctx.Err(); err != nil {
		return value, false, err
	}
	k := flightKey{realm: sc.realm, key: key}
	g.mu.Lock()
	if f, ok := g.flights[k]; ok {
		f.dups++
		g.mu.Unlock()
		return f.wait(ctx)
	}
	f := &flight[V]{done: make(chan struct{})}
	if g.flights == nil {
		g.flights = make(map[flightKey]*flight[V])
	}
	g.flights[k] = f
	g.mu.Unlock()

	return g.lead(k, f, fn)
}

// wait returns the results of a flight that another goroutine leads.
func (f *flight[V]) wait(ctx context.Context) (value V, shared bool, err error) {
	select {
	case <-f.done:
	case <-ctx.Done():
		return value, false, ctx.Err()
	}
	switch {
	case f.exited:
		goruntime.Goexit()
	case f.panicked != nil:
		panic(f.panicked)
	}
	return f.value, true, f.err
}

// lead calls fn and hands the results to those who wait.
func (g *Group[V]) lead(k flightKey, f *flight[V], fn func() (V, error)) (value V, shared bool, err error) {
	// Overwritten unless fn calls runtime.Goexit, after which only deferred
	// calls run: nothing else tells that case from a panic.
	f.exited = true
	defer func() {
		g.mu.Lock()
		if g.flights[k] == f { // not if forgotten, and begun again since
			delete(g.flights, k)
		}
		shared = f.dups > 0
		g.mu.Unlock()
		close(f.done)
		if f.panicked != nil {
			panic(f.panicked)
		}
	}()
	f.call(fn)
	f.exited = false
	return f.value, false, f.err
}

// call calls fn and keeps what it returned, or what it panicked with.
func (f *flight[V]) call(fn func() (V, error)) {
	defer func() {
		if r := recover(); r != nil { // nil: fn returned, or called Goexit
			f.panicked = &panicError{value: r, stack: debug.Stack()}
		}
	}()
	f.value, f.err = fn()
}

// Forget makes the next [Group.Do] for the scope's tenant and environment and the
// key call its function, even if a call is under way. Those who wait for that one
// still get its results. An invalid scope is refused with an error that wraps
// [ErrInvalidScope].
func (g *Group[V]) Forget(sc Scope, key string) error {
	if err := sc.check("Group.Forget"); err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.flights, flightKey{realm: sc.realm, key: key})
	return nil
}
