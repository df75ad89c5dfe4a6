package scopelog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// ErrInvalidOptions is returned by [NewHandler] and [NewMiddleware] for options
// with faults.
var ErrInvalidOptions = errors.New("invalid options")

// Options are the settings of a [Handler]. The zero Options are useful.
type Options struct {
	// Keys are names whose values are secret, besides those that always are.
	// They match whole words at the end of a name, whatever the case and the
	// separators: "national-id" matches nationalID and customer.national_id. A
	// key has 1 to 64 letters and digits.
	Keys []string

	// Hasher makes the text that tells tenants and users apart. Without one,
	// records show that there is a tenant and a user, not which.
	Hasher *tenant.Hasher
}

// Handler is a [slog.Handler] that takes secrets out of records, adds the scope
// of the context to them, and hands them to another handler. It is safe for
// concurrent use if that one is.
type Handler struct {
	names  *names
	scopes *scopes

	// inner has all groups and attributes. top has those before the first
	// group; tail has the rest. The scope is added to top, so that it is found
	// at the same place in all records.
	inner, top slog.Handler
	tail       []step

	mask bool // an open group has the name of a secret
}

// step is a group or attributes.
type step struct {
	group string
	attrs []slog.Attr
}

// NewHandler returns a handler in front of inner. A nil inner and keys that are
// empty or too long are refused, all in one error that wraps
// [ErrInvalidOptions].
func NewHandler(inner slog.Handler, opts Options) (*Handler, error) {
	var faults []error
	if inner == nil {
		faults = append(faults, errors.New("inner: missing; give the handler that writes the records"))
	}
	var keys []string
	for i, key := range opts.Keys {
		k := foldKey(key)
		if k == "" {
			faults = append(faults, fmt.Errorf("in Keys[%d]: needs 1 to %d letters and digits", i, maxName))
		}
		keys = append(keys, k)
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("NewHandler: %w: %w", ErrInvalidOptions, errors.Join(faults...))
	}
	return &Handler{names: newNames(keys), scopes: &scopes{hasher: opts.Hasher}, inner: inner, top: inner}, nil
}

// Enabled reports whether the handler behind this one handles records of the
// level.
func (h *Handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.inner.Enabled(ctx, level)
}

// Handle hands the record on without the secrets in it and with the scope of the
// context, if there is one. A record without secrets and scope is handed on as it
// is.
func (h *Handler) Handle(ctx context.Context, r slog.Record) error {
	sc, err := tenant.FromContext(ctx)
	switch {
	case err == nil:
		return h.rewrite(ctx, r, h.scopes.value(sc), true)
	case h.secret(r):
		return h.rewrite(ctx, r, slog.Value{}, false)
	}
	return h.inner.Handle(ctx, r)
}

// secret reports whether there is something in the record to take out. It makes
// nothing, since most often there is not.
func (h *Handler) secret(r slog.Record) bool {
	w := h.names.walker()
	_, changed := w.str(r.Message, public, 0)
	r.Attrs(func(a slog.Attr) bool {
		if !changed {
			_, changed = w.attr(a, 0, h.mask)
		}
		return !changed
	})
	return changed
}

// rewrite hands on a record made anew, with the attribute of the scope if there
// is one.
func (h *Handler) rewrite(ctx context.Context, r slog.Record, scope slog.Value, scoped bool) error {
	w := h.names.walker()
	message, _ := w.str(r.Message, public, 0)
	attrs := make([]slog.Attr, 0, r.NumAttrs())
	r.Attrs(func(a slog.Attr) bool {
		a, _ = w.attr(a, 0, h.mask)
		attrs = append(attrs, a)
		return true
	})
	out := slog.NewRecord(r.Time, r.Level, message, r.PC)
	to := h.inner
	if scoped {
		out.AddAttrs(slog.Attr{Key: "scope", Value: scope})
		if len(h.tail) > 0 {
			to, attrs = h.top, nest(h.tail, attrs)
		}
	}
	out.AddAttrs(attrs...)
	return to.Handle(ctx, out)
}

// nest returns the attributes within the groups and beside the attributes of the
// steps.
func nest(tail []step, attrs []slog.Attr) []slog.Attr {
	attrs = slices.Clone(attrs)
	for _, s := range slices.Backward(tail) {
		if s.group != "" {
			attrs = []slog.Attr{{Key: s.group, Value: slog.GroupValue(attrs...)}}
		} else {
			attrs = slices.Concat(s.attrs, attrs)
		}
	}
	return attrs
}

// WithAttrs returns a handler that adds the attributes, without the secrets in
// them, to each record.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	if len(attrs) == 0 {
		return h
	}
	w := h.names.walker()
	if redacted, ok := w.attrs(attrs, 0, h.mask); ok {
		attrs = redacted
	}
	next := *h
	next.inner = h.inner.WithAttrs(attrs)
	if len(h.tail) == 0 {
		next.top = next.inner
	} else {
		next.tail = append(slices.Clip(h.tail), step{attrs: slices.Clone(attrs)})
	}
	return &next
}

// WithGroup returns a handler that puts what follows into a group. If the name
// is that of a secret, all that follows is.
func (h *Handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	next := *h
	next.mask = h.mask || h.names.check(name) != public
	name, _ = h.names.text(name)
	next.inner = h.inner.WithGroup(name)
	next.tail = append(slices.Clip(h.tail), step{group: name})
	return &next
}

// maxScopes is how many scopes are remembered, twice.
const maxScopes = 1024

// scopes makes the attribute of a scope, and remembers what it made: hashing
// costs more than all else of a record.
type scopes struct {
	hasher *tenant.Hasher

	mu       sync.RWMutex
	now, old map[tenant.Scope]slog.Value // old is asked when now has none
}

func (s *scopes) value(sc tenant.Scope) slog.Value {
	s.mu.RLock()
	v, ok := s.now[sc]
	s.mu.RUnlock()
	if ok {
		return v
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok = s.old[sc]; !ok {
		v = s.make(sc)
	}
	if s.now == nil || len(s.now) >= maxScopes {
		s.now, s.old = make(map[tenant.Scope]slog.Value), s.now
	}
	s.now[sc] = v
	return v
}

func (s *scopes) make(sc tenant.Scope) slog.Value {
	attrs := []slog.Attr{
		slog.String("tenant", s.hash(tenant.NewKey(sc, "log", "tenant"))),
		slog.String("env", sc.Env().String()),
	}
	if sc.User() != "" {
		attrs = append(attrs, slog.String("user", s.hash(tenant.NewUserKey(sc, "log", "user"))))
	}
	return slog.GroupValue(attrs...)
}

// hash returns the hash of the key, or that there is something.
func (s *scopes) hash(key tenant.Key, err error) string {
	if s.hasher != nil && err == nil {
		if text, err := s.hasher.Hash(key); err == nil {
			return text
		}
	}
	return redacted
}
