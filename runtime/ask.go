package runtime

import (
	"context"
	"runtime/debug"
	"sync"
	"time"
)

// PanicError says that an outside part panicked while it was asked. It is the
// cause of a [Refusal].
type PanicError struct {
	// Value is what the part panicked with. It may hold ids or secrets, so it is
	// no part of the message.
	Value any
	// Stack is the stack of the goroutine, as debug.Stack returns it.
	Stack []byte
}

// Error returns a text that is the same for all panics.
func (*PanicError) Error() string { return "an outside part panicked; see Value and Stack" }

// ask asks an outside part. It returns what f does, and an error as well if f
// panics, if the answer comes later than limit, or if ctx is done by then: an
// answer that nobody waited for counts as none. With an error, the answer is not
// to be looked at.
//
// A panic is turned into an error, since the request is refused all the same and
// outside of net/http a panic would end the process with all other requests in
// it. It is not swallowed: the error has its value and its stack.
//
// f runs on the caller's goroutine. A part that ignores its context therefore
// delays the refusal, but cannot turn it into anything else. Giving up on it
// from a second goroutine would answer sooner, and leave the goroutine behind,
// one for each request that comes in while the part hangs.
func ask[T any](ctx context.Context, limit time.Duration, only *carried, f func(context.Context) (T, error)) (answer T, err error) {
	if err := ctx.Err(); err != nil {
		return answer, err
	}
	inner := &partContext{parent: ctx, deadline: time.Now().Add(limit), only: only}
	defer func() {
		inner.end()
		if value := recover(); value != nil {
			err = &PanicError{Value: value, Stack: debug.Stack()}
		}
	}()
	answer, err = f(inner)
	switch {
	case err != nil:
	case ctx.Err() != nil:
		err = ctx.Err()
	case !time.Now().Before(inner.deadline):
		err = context.DeadlineExceeded
	}
	return answer, err
}

// partContext is the context that an outside part is asked with. It has a
// deadline, but sets a timer only if the part looks at it: parts that answer from
// memory never do, and asking them allocates nothing else.
type partContext struct {
	parent   context.Context
	deadline time.Time
	only     *carried // if not nil, the only value to be seen

	mu     sync.Mutex
	inner  context.Context // made when first needed
	cancel context.CancelFunc
	ended  bool
}

// partKey is the key under which a partContext answers true.
type partKey struct{}

// insidePart reports whether ctx was handed to an outside part.
func insidePart(ctx context.Context) bool {
	inside, _ := ctx.Value(partKey{}).(bool)
	return inside
}

func (c *partContext) Deadline() (time.Time, bool) {
	if d, ok := c.parent.Deadline(); ok && d.Before(c.deadline) {
		return d, true
	}
	return c.deadline, true
}

func (c *partContext) Done() <-chan struct{} { return c.timed().Done() }

func (c *partContext) Err() error { return c.timed().Err() }

func (c *partContext) Value(key any) any {
	switch {
	case key == partKey{}:
		return true
	case c.only == nil:
		return c.parent.Value(key)
	case key == contextKey{}:
		return c.only
	}
	return nil
}

// AfterFunc is what package context calls, if there is one, so as not to start
// a goroutine for each context that is derived from c.
func (c *partContext) AfterFunc(f func()) (stop func() bool) {
	return context.AfterFunc(c.timed(), f)
}

// timed returns the context that keeps the time.
func (c *partContext) timed() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inner == nil {
		c.inner, c.cancel = context.WithDeadline(c.parent, c.deadline)
		if c.ended {
			c.cancel()
		}
	}
	return c.inner
}

// end cancels the context: the part has answered.
func (c *partContext) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	if c.cancel != nil {
		c.cancel()
	}
}
