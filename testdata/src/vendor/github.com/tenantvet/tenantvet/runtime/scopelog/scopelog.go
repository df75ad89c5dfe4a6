// Package scopelog is a stub of the tenantvet runtime's: the same names and
// signatures, no behaviour.
package scopelog

import (
	"context"
	"log/slog"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Options say what is taken out.
type Options struct {
	Keys   []string
	Hasher *tenant.Hasher
}

// Handler takes credentials out.
type Handler struct{ inner slog.Handler }

// NewHandler returns a handler in front of another one.
func NewHandler(inner slog.Handler, opts Options) (*Handler, error) { return &Handler{inner}, nil }

// Enabled reports whether records of the level are logged.
func (h *Handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.inner.Enabled(ctx, level)
}

// Handle logs a record.
func (h *Handler) Handle(ctx context.Context, r slog.Record) error { return h.inner.Handle(ctx, r) }

// WithAttrs returns a handler with attributes.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler { return h }

// WithGroup returns a handler with a group.
func (h *Handler) WithGroup(name string) slog.Handler { return h }
