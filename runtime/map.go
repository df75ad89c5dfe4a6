package runtime

import (
	"fmt"
	"maps"
	"slices"
	"sync"
)

// Limits bounds a [Map]. Zero means no limit.
type Limits struct {
	PerScope int // entries of one tenant in one environment
	Total    int // entries of all scopes together
}

// Map is a concurrent map whose entries belong to scopes: every method takes
// the scope first and sees the entries of its tenant and environment only. It
// replaces a package-level map or a sync.Map that outlives a request.
//
// The user and role of a scope play no part, so all users of a tenant share its
// entries. For what belongs to one user, use the text of a [NewUserKey] as key.
//
// Every method refuses an invalid scope with an error that wraps
// [ErrInvalidScope], and does nothing else then. The zero Map is empty, has no
// limits and is ready to use; a Map must not be copied after first use. All
// methods may be called concurrently.
type Map[V any] struct {
	limits Limits

	mu     sync.RWMutex
	realms map[realm]map[string]V // no inner map is empty
	total  int
}

// NewMap returns an empty map with limits. A map that has reached one refuses
// new entries with [ErrFull]; it never evicts, so one tenant cannot push out
// another's entries. With a limit per scope, it cannot use up the total either.
// Negative limits are refused with [ErrInvalidLimits].
func NewMap[V any](limits Limits) (*Map[V], error) {
	if limits.PerScope < 0 || limits.Total < 0 {
		return nil, fmt.Errorf("NewMap: %w: %d per scope and %d in total; use 0 for no limit", ErrInvalidLimits, limits.PerScope, limits.Total)
	}
	return &Map[V]{limits: limits}, nil
}

// Load returns the scope's value under the key, and whether there is one.
func (m *Map[V]) Load(sc Scope, key string) (value V, ok bool, err error) {
	if err := sc.check("Map.Load"); err != nil {
		return value, false, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	value, ok = m.realms[sc.realm][key]
	return value, ok, nil
}

// Store sets the scope's value under the key. It returns an error that wraps
// [ErrFull] if the key is new and a limit is reached.
func (m *Map[V]) Store(sc Scope, key string, value V) error {
	if err := sc.check("Map.Store"); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.store(sc.realm, key, value)
}

// LoadOrStore returns the scope's value under the key if there is one, with
// loaded set. Otherwise it stores the given value and returns that. If it can
// neither load nor store it returns the zero value and an error that wraps
// [ErrFull].
func (m *Map[V]) LoadOrStore(sc Scope, key string, value V) (actual V, loaded bool, err error) {
	if err := sc.check("Map.LoadOrStore"); err != nil {
		return actual, false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r := sc.realm
	if present, ok := m.realms[r][key]; ok {
		return present, true, nil
	}
	if err := m.store(r, key, value); err != nil {
		return actual, false, err
	}
	return value, false, nil
}

// store sets an entry; m.mu is held.
func (m *Map[V]) store(r realm, key string, value V) error {
	entries := m.realms[r]
	if _, ok := entries[key]; !ok {
		if n := m.limits.PerScope; n > 0 && len(entries) >= n {
			return fmt.Errorf("%w: %d entries, the limit per scope; delete some or raise Limits.PerScope", ErrFull, n)
		}
		if n := m.limits.Total; n > 0 && m.total >= n {
			return fmt.Errorf("%w: %d entries, the limit in total; delete some or raise Limits.Total", ErrFull, n)
		}
		m.total++
	}
	if entries == nil {
		if m.realms == nil {
			m.realms = make(map[realm]map[string]V)
		}
		entries = make(map[string]V)
		m.realms[r] = entries
	}
	entries[key] = value
	return nil
}

// LoadAndDelete removes the scope's entry under the key and returns its value,
// and whether there was one.
func (m *Map[V]) LoadAndDelete(sc Scope, key string) (value V, loaded bool, err error) {
	if err := sc.check("Map.LoadAndDelete"); err != nil {
		return value, false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	value, loaded = m.remove(sc.realm, key)
	return value, loaded, nil
}

// Delete removes the scope's entry under the key, if there is one.
func (m *Map[V]) Delete(sc Scope, key string) error {
	if err := sc.check("Map.Delete"); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.remove(sc.realm, key)
	return nil
}

// remove deletes an entry; m.mu is held.
func (m *Map[V]) remove(r realm, key string) (value V, ok bool) {
	entries := m.realms[r]
	if value, ok = entries[key]; ok {
		delete(entries, key)
		m.total--
		if len(entries) == 0 {
			// Tenants come and go; an empty map each would stay for good.
			delete(m.realms, r)
		}
	}
	return value, ok
}

// Range calls f for each of the scope's entries, in the order of their keys,
// until f returns false. It works on the entries as they were when it was
// called, and f may call any method of the map.
func (m *Map[V]) Range(sc Scope, f func(key string, value V) bool) error {
	if err := sc.check("Map.Range"); err != nil {
		return err
	}
	if f == nil {
		return fmt.Errorf("Map.Range: %w: nothing to call", ErrNoFunc)
	}
	m.mu.RLock()
	entries := maps.Clone(m.realms[sc.realm])
	m.mu.RUnlock()
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		if !f(key, entries[key]) {
			break
		}
	}
	return nil
}

// Len returns how many entries the scope has.
func (m *Map[V]) Len(sc Scope) (int, error) {
	if err := sc.check("Map.Len"); err != nil {
		return 0, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	return len(m.realms[sc.realm]), nil
}

// DropScope removes all entries of the scope's tenant in its environment: for
// when a tenant leaves, or its data changed as a whole.
func (m *Map[V]) DropScope(sc Scope) error {
	if err := sc.check("Map.DropScope"); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r := sc.realm
	m.total -= len(m.realms[r])
	delete(m.realms, r)
	return nil
}
