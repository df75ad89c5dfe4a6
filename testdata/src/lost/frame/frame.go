// Package frame is a framework with a context of its own.
package frame

import (
	"context"
	"net/http"
	"time"
)

// Context is the context of a request, as the framework keeps it.
type Context struct{ Request *http.Request }

// Deadline is that of a context.
func (c *Context) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done is that of a context.
func (c *Context) Done() <-chan struct{} { return nil }

// Err is that of a context.
func (c *Context) Err() error { return nil }

// Value finds what the framework keeps.
func (c *Context) Value(key any) any { return nil }

// Std returns the context of the server that runs the framework.
func (c *Context) Std() context.Context { return c }
