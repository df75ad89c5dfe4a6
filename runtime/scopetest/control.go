package scopetest

import (
	"context"
	"errors"
	"fmt"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// control shows that the checks can tell right from wrong, for a feature with
// these functions and forms of ids: a store that is right passes them all, and
// one that breaks a single guarantee in a single dimension is caught.
func (r *run) control() error {
	for _, t := range r.tasks() {
		if t.skip != "" {
			continue
		}
		right := r.like(&memory{})
		if violations, _ := r.do(r.ctx, right, t); len(violations) > 0 {
			return fmt.Errorf("scopetest: the kit is broken: a store that keeps scopes apart fails its check for %s: %s", t.name(), violations[0])
		}
		wrong := r.like(&memory{breaks: t.guarantee, forgets: t.dimension})
		violations, _ := r.do(r.ctx, wrong, t)
		if !slices.ContainsFunc(violations, func(v Violation) bool { return v.Guarantee == t.guarantee }) {
			if r.ctx.Err() != nil {
				return fmt.Errorf("scopetest: nothing was proved: %w", context.Cause(r.ctx))
			}
			return fmt.Errorf("scopetest: the kit is broken: a store that leaks on purpose passes its check for %s, so a pass proves nothing", t.name())
		}
	}
	return nil
}

// like returns the memory as a feature of the same shape as the one under test.
func (r *run) like(m *memory) *subject {
	s := *r.subject
	m.userScoped = s.UserScoped
	m.global = s.GlobalIDs
	s.NotFound = ErrNotFound
	if s.Create != nil {
		s.Create = m.create
	}
	if s.Add != nil {
		s.Add = m.add
	}
	if s.Read != nil {
		s.Read = m.read
	}
	if s.Update != nil {
		s.Update = m.update
	}
	if s.Delete != nil {
		s.Delete = m.delete
	}
	if s.List != nil {
		s.List = m.list
	}
	// The forms of ids may create tenants; the control must not.
	return &s
}

// memory is a store that keeps scopes apart, but for what it was told to break.
type memory struct {
	userScoped, global bool
	breaks             Guarantee
	forgets            Dimension

	mu      sync.Mutex
	entries []entry
	serial  int
	current tenant.Scope // of whoever came last
}

// entry is a record and where it belongs.
type entry struct {
	spot
	payload string
}

var (
	errTaken = errors.New("the id is in use")
	errOther = errors.New("the record belongs to somebody else")
)

// enter returns whose call this is, and locks the memory.
func (m *memory) enter(ctx context.Context) (at spot, everything bool, err error) {
	sc, err := tenant.FromContext(ctx)
	if err == nil && m.userScoped && sc.User() == "" {
		err = tenant.ErrNoUser
	}
	if m.breaks == NoScope && err != nil {
		m.mu.Lock()
		return spot{}, true, nil
	}
	if err != nil {
		return spot{}, false, err
	}
	if m.breaks == Concurrent {
		sc = m.meet(sc)
	}
	m.mu.Lock()
	at = spot{tenant: sc.Tenant(), env: sc.Env().String()}
	if m.userScoped {
		at.user = sc.User()
	}
	return at, false, nil
}

// meet waits for another call, if there is one, and mixes up the two.
func (m *memory) meet(sc tenant.Scope) tenant.Scope {
	m.mu.Lock()
	m.current = sc
	m.mu.Unlock()
	for range 50 {
		runtime.Gosched()
		m.mu.Lock()
		met := m.current
		m.mu.Unlock()
		if met != sc {
			return met
		}
	}
	return sc
}

// same reports whether an entry belongs to this place, as the memory sees it
// for the guarantee that is asked for.
func (m *memory) same(g Guarantee, e entry, at spot) bool {
	x, y := e.spot, at
	x.id, y.id = "", ""
	if m.breaks == g {
		switch m.forgets {
		case Tenant:
			x.tenant, y.tenant = "", ""
		case Env:
			x.env, y.env = "", ""
		case User:
			x.user, y.user = "", ""
		}
	}
	return x == y
}

// find returns the index of the entry with the id, or -1.
func (m *memory) find(g Guarantee, at spot, everything bool, id string) int {
	return slices.IndexFunc(m.entries, func(e entry) bool {
		if m.breaks == Encoding {
			return m.joined(e.spot) == m.joined(spot{at.tenant, at.env, at.user, id})
		}
		return e.id == id && (everything || m.same(g, e, at))
	})
}

// joined is a key as it should not be made.
func (m *memory) joined(s spot) string {
	if m.userScoped {
		return path.Join("x", s.tenant, s.env, s.user, s.id)
	}
	return path.Join("x", s.tenant, s.env, s.id)
}

func (m *memory) create(ctx context.Context, id, payload string) error {
	at, everything, err := m.enter(ctx)
	if err != nil {
		return err
	}
	defer m.mu.Unlock()
	at.id = id
	if m.breaks == Works {
		return nil
	}
	i := m.find(Create, at, everything, id)
	switch {
	case i >= 0 && (m.breaks == Create || m.breaks == Encoding || m.breaks == Concurrent):
		m.entries[i].payload = payload
		return nil
	case i >= 0,
		m.breaks == SameID && m.find(SameID, at, everything, id) >= 0,
		m.global && slices.ContainsFunc(m.entries, func(e entry) bool { return e.id == id }):
		return errTaken
	}
	m.entries = append(m.entries, entry{at, payload})
	return nil
}

func (m *memory) add(ctx context.Context, payload string) (string, error) {
	at, _, err := m.enter(ctx)
	if err != nil {
		return "", err
	}
	defer m.mu.Unlock()
	m.serial++
	at.id = fmt.Sprintf("id-%d-", m.serial)
	if m.breaks != Works {
		m.entries = append(m.entries, entry{at, payload})
	}
	return at.id, nil
}

// missing is the answer for an id that is not there.
func (m *memory) missing(at spot, id string) error {
	if m.breaks == Existence && slices.ContainsFunc(m.entries, func(e entry) bool { return e.id == id && m.same(Existence, e, at) }) {
		return errOther
	}
	return ErrNotFound
}

func (m *memory) read(ctx context.Context, id string) (string, error) {
	at, everything, err := m.enter(ctx)
	if err != nil {
		return "", err
	}
	defer m.mu.Unlock()
	// An entry of one's own comes first, so that only the leak is wrong.
	i := m.find("", at, everything, id)
	if i < 0 {
		i = m.find(Read, at, everything, id)
	}
	if i < 0 {
		return "", m.missing(at, id)
	}
	return m.entries[i].payload, nil
}

func (m *memory) update(ctx context.Context, id, payload string) error {
	at, everything, err := m.enter(ctx)
	if err != nil {
		return err
	}
	defer m.mu.Unlock()
	i := m.find(Update, at, everything, id)
	if i < 0 {
		return m.missing(at, id)
	}
	m.entries[i].payload = payload
	return nil
}

func (m *memory) delete(ctx context.Context, id string) error {
	at, everything, err := m.enter(ctx)
	if err != nil {
		return err
	}
	defer m.mu.Unlock()
	i := m.find(Delete, at, everything, id)
	if i < 0 {
		return m.missing(at, id)
	}
	m.entries = slices.Delete(m.entries, i, i+1)
	return nil
}

func (m *memory) list(ctx context.Context) ([]Record, error) {
	at, everything, err := m.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	if m.breaks == Encoding {
		prefix := strings.TrimSuffix(m.joined(at), "/")
		return m.records(func(e entry) bool { return strings.HasPrefix(m.joined(e.spot), prefix) }), nil
	}
	own := m.records(func(e entry) bool { return everything || m.same(List, e, at) })
	if len(own) == 0 && m.breaks == Empty {
		return m.records(func(e entry) bool { return m.same(Empty, e, at) }), nil
	}
	return own, nil
}

func (m *memory) records(belongs func(e entry) bool) []Record {
	var records []Record
	for _, e := range m.entries {
		if belongs(e) {
			records = append(records, Record{ID: e.id, Payload: e.payload})
		}
	}
	return records
}
