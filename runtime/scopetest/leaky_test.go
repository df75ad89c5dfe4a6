package scopetest_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	tenant "github.com/tenantvet/tenantvet/runtime"
	"github.com/tenantvet/tenantvet/runtime/scopetest"
)

// store is a key-value store such as Redis, and a feature on it that is as good
// as its keys.
type store struct {
	key    func(sc tenant.Scope, id string) string
	prefix func(sc tenant.Scope) string // of the keys of a scope

	mu     sync.Mutex
	values map[string][2]string // id and payload
}

var errExists = errors.New("exists already")

func (s *store) scope(ctx context.Context) (tenant.Scope, error) { return tenant.FromContext(ctx) }

func (s *store) create(ctx context.Context, id, payload string) error {
	sc, err := s.scope(ctx)
	if err != nil {
		return err
	}
	return s.createAs(sc, id, payload)
}

func (s *store) createAs(sc tenant.Scope, id, payload string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.key(sc, id)
	if _, ok := s.values[k]; ok {
		return errExists
	}
	if s.values == nil {
		s.values = make(map[string][2]string)
	}
	s.values[k] = [2]string{id, payload}
	return nil
}

func (s *store) read(ctx context.Context, id string) (string, error) {
	sc, err := s.scope(ctx)
	if err != nil {
		return "", err
	}
	return s.readAs(sc, id)
}

func (s *store) readAs(sc tenant.Scope, id string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.values[s.key(sc, id)]; ok {
		return v[1], nil
	}
	return "", fmt.Errorf("read: %w", scopetest.ErrNotFound)
}

func (s *store) update(ctx context.Context, id, payload string) error {
	sc, err := s.scope(ctx)
	if err != nil {
		return err
	}
	return s.updateAs(sc, id, payload)
}

func (s *store) updateAs(sc tenant.Scope, id, payload string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.key(sc, id)
	if _, ok := s.values[k]; !ok {
		return scopetest.ErrNotFound
	}
	s.values[k] = [2]string{id, payload}
	return nil
}

func (s *store) delete(ctx context.Context, id string) error {
	sc, err := s.scope(ctx)
	if err != nil {
		return err
	}
	return s.deleteAs(sc, id)
}

func (s *store) deleteAs(sc tenant.Scope, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.key(sc, id)
	if _, ok := s.values[k]; !ok {
		return scopetest.ErrNotFound
	}
	delete(s.values, k)
	return nil
}

func (s *store) list(ctx context.Context) ([]scopetest.Record, error) {
	sc, err := s.scope(ctx)
	if err != nil {
		return nil, err
	}
	prefix := s.prefix(sc)
	return s.where(func(k string) bool { return strings.HasPrefix(k, prefix) }), nil
}

func (s *store) where(matches func(key string) bool) []scopetest.Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	var records []scopetest.Record
	for _, k := range slices.Sorted(maps.Keys(s.values)) {
		if matches(k) {
			records = append(records, scopetest.Record{ID: s.values[k][0], Payload: s.values[k][1]})
		}
	}
	return records
}

// first returns the first key, in the order of keys, that holds this id.
func (s *store) first(id string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range slices.Sorted(maps.Keys(s.values)) {
		if s.values[k][0] == id {
			return k, true
		}
	}
	return "", false
}

func (s *store) feature() scopetest.Feature {
	return scopetest.Feature{Create: s.create, Read: s.read, Update: s.update, Delete: s.delete, List: s.list}
}

// right returns a store that keeps scopes apart.
func right() *store {
	return &store{
		key: func(sc tenant.Scope, id string) string {
			k, _ := tenant.NewKey(sc, "record", id)
			return k.String()
		},
		prefix: func(sc tenant.Scope) string {
			k, _ := tenant.NewKey(sc, "record")
			return k.String() + ":"
		},
	}
}

// rightForUsers is the same for what belongs to users.
func rightForUsers() (*store, scopetest.Feature) {
	s := &store{
		key: func(sc tenant.Scope, id string) string {
			k, _ := tenant.NewUserKey(sc, "record", id)
			return k.String()
		},
		prefix: func(sc tenant.Scope) string {
			k, _ := tenant.NewUserKey(sc, "record")
			return k.String() + ":"
		},
	}
	f := s.feature()
	f.UserScoped = true
	// The zero Key of a scope without a user must not become a key.
	need := func(ctx context.Context) error {
		if sc, err := tenant.FromContext(ctx); err != nil || sc.User() == "" {
			return errors.Join(err, tenant.ErrNoUser)
		}
		return nil
	}
	f.Create = func(ctx context.Context, id, payload string) error {
		if err := need(ctx); err != nil {
			return err
		}
		return s.create(ctx, id, payload)
	}
	f.Read = func(ctx context.Context, id string) (string, error) {
		if err := need(ctx); err != nil {
			return "", err
		}
		return s.read(ctx, id)
	}
	f.Update = func(ctx context.Context, id, payload string) error {
		if err := need(ctx); err != nil {
			return err
		}
		return s.update(ctx, id, payload)
	}
	f.Delete = func(ctx context.Context, id string) error {
		if err := need(ctx); err != nil {
			return err
		}
		return s.delete(ctx, id)
	}
	f.List = func(ctx context.Context) ([]scopetest.Record, error) {
		if err := need(ctx); err != nil {
			return nil, err
		}
		return s.list(ctx)
	}
	return s, f
}

// joined returns a store whose keys are made of texts by the function, which
// gets tenant, env and id.
func joined(join func(parts ...string) string) scopetest.Feature {
	s := new(store)
	s.key = func(sc tenant.Scope, id string) string { return join(sc.Tenant(), sc.Env().String(), id) }
	f := s.feature()
	f.List = nil // it is the key alone that is caught
	return f
}

// seen lists what was broken, each once: "read/tenant no-scope".
func seen(violations []scopetest.Violation) string {
	var names []string
	for _, v := range violations {
		name := string(v.Guarantee)
		if v.Dimension != "" {
			name += "/" + string(v.Dimension)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

// TestLeaky runs the kit on implementations that are wrong in ways that were
// met in real services, and compares all that it says.
func TestLeaky(t *testing.T) {
	for _, test := range []struct {
		name string
		make func() scopetest.Feature
		want string // exactly this
		say  string // and somewhere this
	}{
		{
			name: "right",
			make: func() scopetest.Feature { return right().feature() },
		},
		{
			name: "right for users",
			make: func() scopetest.Feature { _, f := rightForUsers(); return f },
		},
		{
			name: "a cache keyed by the raw id",
			make: func() scopetest.Feature {
				s := right()
				s.key = func(_ tenant.Scope, id string) string { return id }
				f := s.feature()
				f.List = nil
				return f
			},
			want: "read/tenant read/env update/tenant update/env delete/tenant delete/env create/tenant create/env " +
				"same-id/tenant same-id/env existence/tenant existence/env",
			say: "read (tenant): no scope reads what another one wrote, but after tenant",
		},
		{
			name: "a key without the environment",
			make: func() scopetest.Feature {
				s := right()
				s.key = func(sc tenant.Scope, id string) string { return fmt.Sprintf("%q %q", sc.Tenant(), id) }
				s.prefix = func(sc tenant.Scope) string { return fmt.Sprintf("%q ", sc.Tenant()) }
				return s.feature()
			},
			want: "read/env list/env empty/env update/env delete/env create/env same-id/env existence/env",
			say:  "in staging created a record, tenant",
		},
		{
			name: "records of users that have no user in their key",
			make: func() scopetest.Feature {
				f := right().feature()
				f.UserScoped = true
				return f
			},
			want: "read/user list/user empty/user update/user delete/user create/user same-id/user existence/user no-scope",
			say:  `as user "bob"`,
		},
		{
			name: "a get by id alone",
			make: func() scopetest.Feature {
				s := right()
				f := s.feature()
				f.Read = func(ctx context.Context, id string) (string, error) {
					if payload, err := s.read(ctx, id); err == nil || !errors.Is(err, scopetest.ErrNotFound) {
						return payload, err
					}
					k, ok := s.first(id)
					if !ok {
						return "", scopetest.ErrNotFound
					}
					s.mu.Lock()
					defer s.mu.Unlock()
					return s.values[k][1], nil
				}
				return f
			},
			want: "read/tenant read/env update/tenant update/env same-id/tenant same-id/env existence/tenant existence/env",
		},
		{
			name: "an update by id alone",
			make: func() scopetest.Feature {
				s := right()
				f := s.feature()
				f.Update = func(ctx context.Context, id, payload string) error {
					err := s.update(ctx, id, payload)
					if k, ok := s.first(id); ok && errors.Is(err, scopetest.ErrNotFound) {
						s.mu.Lock()
						defer s.mu.Unlock()
						s.values[k] = [2]string{id, payload}
						return nil
					}
					return err
				}
				return f
			},
			want: "update/tenant update/env existence/tenant existence/env",
			say:  `an update leaves what other scopes wrote as it was, but after an update by tenant`,
		},
		{
			name: "a delete by id alone",
			make: func() scopetest.Feature {
				s := right()
				f := s.feature()
				f.Delete = func(ctx context.Context, id string) error {
					if _, err := tenant.FromContext(ctx); err != nil {
						return err
					}
					s.mu.Lock()
					defer s.mu.Unlock()
					maps.DeleteFunc(s.values, func(_ string, v [2]string) bool { return v[0] == id })
					return nil
				}
				return f
			},
			want: "delete/tenant delete/env same-id/tenant same-id/env",
			say:  `no longer finds its own record`,
		},
		{
			name: "a list without a condition",
			make: func() scopetest.Feature {
				s := right()
				f := s.feature()
				f.List = func(ctx context.Context) ([]scopetest.Record, error) {
					_, err := tenant.FromContext(ctx)
					if err != nil {
						return nil, err
					}
					return s.where(func(string) bool { return true }), nil
				}
				return f
			},
			want: "list/tenant list/env empty/tenant empty/env same-id/tenant same-id/env",
		},
		{
			name: "a list of ids without a condition",
			make: func() scopetest.Feature {
				s := right()
				f := s.feature()
				f.List = func(ctx context.Context) ([]scopetest.Record, error) {
					_, err := tenant.FromContext(ctx)
					if err != nil {
						return nil, err
					}
					records := s.where(func(string) bool { return true })
					for i := range records {
						records[i].Payload = ""
					}
					return records, nil
				}
				return f
			},
			want: "list/tenant list/env empty/tenant empty/env same-id/tenant same-id/env",
		},
		{
			name: "a list that shows examples to those who have nothing",
			make: func() scopetest.Feature {
				s := right()
				f := s.feature()
				f.List = func(ctx context.Context) ([]scopetest.Record, error) {
					own, err := s.list(ctx)
					if err == nil && len(own) == 0 {
						return s.where(func(string) bool { return true }), nil
					}
					return own, err
				}
				return f
			},
			want: "empty/tenant empty/env same-id/tenant same-id/env",
		},
		{
			name: "an insert that updates on conflict of the id alone",
			make: func() scopetest.Feature {
				s := right()
				f := s.feature()
				f.Create = func(ctx context.Context, id, payload string) error {
					sc, err := tenant.FromContext(ctx)
					if err != nil {
						return err
					}
					if k, ok := s.first(id); ok {
						s.mu.Lock()
						defer s.mu.Unlock()
						s.values[k] = [2]string{id, payload}
						return nil
					}
					return s.createAs(sc, id, payload)
				}
				return f
			},
			want: "create/tenant create/env same-id/tenant same-id/env",
		},
		{
			name: "an id that is unique in all of the store, unsaid",
			make: func() scopetest.Feature {
				s := right()
				f := s.feature()
				f.Create = func(ctx context.Context, id, payload string) error {
					if _, ok := s.first(id); ok {
						return errExists
					}
					return s.create(ctx, id, payload)
				}
				return f
			},
			want: "same-id/tenant same-id/env",
			say:  "uses already: exists already",
		},
		{
			name: "an error that quotes the record in the way",
			make: func() scopetest.Feature {
				s := right()
				f := s.feature()
				f.GlobalIDs = true
				f.Create = func(ctx context.Context, id, payload string) error {
					if _, err := tenant.FromContext(ctx); err != nil {
						return err
					}
					if k, ok := s.first(id); ok {
						s.mu.Lock()
						defer s.mu.Unlock()
						return fmt.Errorf("duplicate key, the row is (%s, %s)", id, s.values[k][1])
					}
					return s.create(ctx, id, payload)
				}
				return f
			},
			want: "create/tenant create/env",
			say:  "the error of a create by tenant",
		},
		{
			name: "forbidden for what is there, not found for what is not",
			make: func() scopetest.Feature {
				s := right()
				f := s.feature()
				f.Read = func(ctx context.Context, id string) (string, error) {
					payload, err := s.read(ctx, id)
					if _, ok := s.first(id); ok && errors.Is(err, scopetest.ErrNotFound) {
						return "", errors.New("forbidden")
					}
					return payload, err
				}
				return f
			},
			want: "existence/tenant existence/env",
			say:  "gives the error forbidden, and of one that nobody uses not found",
		},
		{
			name: "a text that tells what is there",
			make: func() scopetest.Feature {
				s := right()
				f := s.feature()
				f.Delete = func(ctx context.Context, id string) error {
					err := s.delete(ctx, id)
					if _, ok := s.first(id); ok && errors.Is(err, scopetest.ErrNotFound) {
						return fmt.Errorf("delete %s: %w here", id, err)
					}
					return err
				}
				return f
			},
			want: "existence/tenant existence/env",
			say:  "the errors of a delete",
		},
		{
			name: "a scope that nobody asked for is a wildcard",
			make: func() scopetest.Feature {
				s := right()
				f := s.feature()
				f.List = func(ctx context.Context) ([]scopetest.Record, error) {
					if _, err := tenant.FromContext(ctx); err != nil {
						return s.where(func(string) bool { return true }), nil
					}
					return s.list(ctx)
				}
				f.Delete = func(ctx context.Context, id string) error {
					if _, err := tenant.FromContext(ctx); err != nil {
						if k, ok := s.first(id); ok {
							s.mu.Lock()
							defer s.mu.Unlock()
							delete(s.values, k)
						}
						return nil
					}
					return s.delete(ctx, id)
				}
				return f
			},
			want: "no-scope",
			say:  "a list by a caller without a scope holds",
		},
		{
			name: "nobody is a tenant like any other",
			make: func() scopetest.Feature {
				s := right()
				f := s.feature()
				f.Read = func(ctx context.Context, id string) (string, error) {
					sc, _ := tenant.FromContext(ctx)
					return s.readAs(sc, id)
				}
				return f
			},
			want: "no-scope",
			say:  "is answered as if it had a scope",
		},
		{
			name: "nobody makes it panic",
			make: func() scopetest.Feature {
				f := right().feature()
				read := f.Read
				f.Read = func(ctx context.Context, id string) (string, error) {
					if _, err := tenant.FromContext(ctx); err != nil {
						panic(err)
					}
					return read(ctx, id)
				}
				return f
			},
			want: "no-scope",
			say:  "ends in a panic: FromContext",
		},
		{
			name: "a user of its own is not asked for",
			make: func() scopetest.Feature {
				s, f := rightForUsers()
				f.List = s.list // the zero Key is no prefix
				return f
			},
			want: "no-scope",
			say:  "a list by a caller without a user",
		},
		{
			name: "keys joined with colons",
			make: func() scopetest.Feature {
				return joined(func(parts ...string) string { return strings.Join(parts, ":") })
			},
			want: "encoding",
			say:  "no separator, wildcard, path or spelling",
		},
		{
			name: "keys joined with nothing",
			make: func() scopetest.Feature {
				return joined(func(parts ...string) string { return strings.Join(parts, "") })
			},
			want: "encoding",
		},
		{
			name: "keys that are paths",
			make: func() scopetest.Feature {
				return joined(func(parts ...string) string { return path.Join(parts...) })
			},
			want: "encoding",
		},
		{
			name: "keys in lower case",
			make: func() scopetest.Feature {
				return joined(func(parts ...string) string { return fmt.Sprintf("%q", strings.ToLower(strings.Join(parts, "\xff"))) })
			},
			want: "encoding",
		},
		{
			name: "keys that are escaped by halves",
			make: func() scopetest.Feature {
				return joined(func(parts ...string) string {
					for i := range parts {
						parts[i] = strings.ReplaceAll(parts[i], ":", "%3A")
					}
					return strings.Join(parts, ":")
				})
			},
			want: "encoding",
		},
		{
			name: "keys that are cut to what the column holds",
			make: func() scopetest.Feature {
				return joined(func(parts ...string) string {
					for i := range parts {
						parts[i] = parts[i][:min(len(parts[i]), 128)]
					}
					return fmt.Sprintf("%q", parts)
				})
			},
			want: "encoding",
		},
		{
			name: "a list of keys that begin with the tenant",
			make: func() scopetest.Feature {
				s := right()
				s.key = func(sc tenant.Scope, id string) string { return sc.Env().String() + sc.Tenant() + "\xff" + id }
				s.prefix = func(sc tenant.Scope) string { return sc.Env().String() + sc.Tenant() }
				return s.feature()
			},
			want: "encoding",
		},
		{
			name: "a list by pattern",
			make: func() scopetest.Feature {
				s := right()
				s.key = func(sc tenant.Scope, id string) string {
					return sc.Env().String() + "\xff" + sc.Tenant() + "\xff" + strings.ReplaceAll(id, "/", "\xfe")
				}
				f := s.feature()
				f.List = func(ctx context.Context) ([]scopetest.Record, error) {
					sc, err := tenant.FromContext(ctx)
					if err != nil {
						return nil, err
					}
					own := sc.Env().String() + "\xff" + sc.Tenant() + "\xff"
					return s.where(func(k string) bool {
						ok, _ := path.Match(own+"*", k)
						return ok || strings.HasPrefix(k, own)
					}), nil
				}
				return f
			},
			want: "encoding",
		},
		{
			name: "a cache in front that has no scope in its key",
			make: func() scopetest.Feature {
				s := right()
				f := s.feature()
				var mu sync.Mutex
				cache := make(map[string]string)
				f.Read = func(ctx context.Context, id string) (string, error) {
					if _, err := tenant.FromContext(ctx); err != nil {
						return "", err
					}
					mu.Lock()
					defer mu.Unlock()
					if payload, ok := cache[id]; ok {
						return payload, nil
					}
					payload, err := s.read(ctx, id)
					if err == nil {
						cache[id] = payload
					}
					return payload, err
				}
				drop := func(id string) {
					mu.Lock()
					defer mu.Unlock()
					delete(cache, id)
				}
				f.Update = func(ctx context.Context, id, payload string) error {
					defer drop(id)
					return s.update(ctx, id, payload)
				}
				f.Delete = func(ctx context.Context, id string) error {
					defer drop(id)
					return s.delete(ctx, id)
				}
				return f
			},
			want: "read/tenant read/env update/tenant update/env create/tenant create/env same-id/tenant same-id/env",
			say:  "read its own record, tenant",
		},
		{
			name: "misses that are remembered without their scope",
			make: func() scopetest.Feature {
				s := right()
				f := s.feature()
				var mu sync.Mutex
				misses := make(map[string]bool)
				f.Read = func(ctx context.Context, id string) (string, error) {
					payload, err := s.read(ctx, id)
					mu.Lock()
					defer mu.Unlock()
					if errors.Is(err, scopetest.ErrNotFound) {
						misses[id] = true
					}
					if misses[id] && !errors.Is(err, tenant.ErrNoScope) {
						return "", scopetest.ErrNotFound
					}
					return payload, err
				}
				f.Create = func(ctx context.Context, id, payload string) error {
					mu.Lock()
					defer mu.Unlock()
					delete(misses, id)
					return s.create(ctx, id, payload)
				}
				return f
			},
			want: "read/tenant read/env same-id/tenant same-id/env",
		},
		{
			name: "it stores nothing",
			make: func() scopetest.Feature {
				f := right().feature()
				f.Create = func(ctx context.Context, _, _ string) error {
					_, err := tenant.FromContext(ctx)
					return err
				}
				return f
			},
			want: "works",
			say:  "no longer finds its own record",
		},
		{
			name: "it has its own word for not found",
			make: func() scopetest.Feature {
				f := right().feature()
				f.NotFound = errors.New("no such record")
				return f
			},
			want: "works",
			say:  "other than the one that Feature.NotFound names: read: not found",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			violations, err := scopetest.CheckIsolation(t.Context(), t.Name(), test.make())
			if err != nil {
				t.Fatal(err)
			}
			got := seen(violations)
			if strings.Contains(test.want, "/") {
				// What breaks in plain use breaks there as well, or does by luck.
				got = strings.TrimSuffix(got, " concurrent")
				got = strings.TrimSuffix(got, " encoding")
			}
			if got != test.want {
				t.Errorf("found broken: %q\nwant          %q", got, test.want)
				for _, v := range violations[:min(len(violations), 12)] {
					t.Log(v)
				}
			}
			if !slices.ContainsFunc(violations, func(v scopetest.Violation) bool { return strings.Contains(v.String(), test.say) }) && test.say != "" {
				t.Errorf("nothing says %q; the first is %v", test.say, violations[:min(len(violations), 1)])
			}
		})
	}
}

// TestLeakyAtOnce is for what is right as long as one caller comes after the
// other.
func TestLeakyAtOnce(t *testing.T) {
	for _, test := range []struct {
		name string
		make func() scopetest.Feature
	}{
		{"the scope of a call kept in a field", func() scopetest.Feature {
			s := right()
			var mu sync.Mutex
			var current tenant.Scope
			// As with SET app.tenant on a connection that is not one's own.
			set := func(ctx context.Context) error {
				sc, err := tenant.FromContext(ctx)
				mu.Lock()
				defer mu.Unlock()
				current = sc
				return err
			}
			get := func() tenant.Scope {
				runtime.Gosched() // a round trip
				mu.Lock()
				defer mu.Unlock()
				return current
			}
			return scopetest.Feature{
				Create: func(ctx context.Context, id, payload string) error {
					if err := set(ctx); err != nil {
						return err
					}
					return s.createAs(get(), id, payload)
				},
				Read: func(ctx context.Context, id string) (string, error) {
					if err := set(ctx); err != nil {
						return "", err
					}
					return s.readAs(get(), id)
				},
				Delete: func(ctx context.Context, id string) error {
					if err := set(ctx); err != nil {
						return err
					}
					return s.deleteAs(get(), id)
				},
			}
		}},
		{"calls for the same id that share one answer", func() scopetest.Feature {
			s := right()
			f := s.feature()
			type flight struct {
				done    chan struct{}
				payload string
				err     error
			}
			var mu sync.Mutex
			flights := make(map[string]*flight)
			f.Read = func(ctx context.Context, id string) (string, error) {
				if _, err := tenant.FromContext(ctx); err != nil {
					return "", err
				}
				mu.Lock()
				if other, ok := flights[id]; ok {
					mu.Unlock()
					<-other.done
					return other.payload, other.err
				}
				own := &flight{done: make(chan struct{})}
				flights[id] = own
				mu.Unlock()
				runtime.Gosched()
				own.payload, own.err = s.read(ctx, id)
				mu.Lock()
				delete(flights, id)
				mu.Unlock()
				close(own.done)
				return own.payload, own.err
			}
			return f
		}},
		{"an answer in a buffer that is used again", func() scopetest.Feature {
			s := right()
			f := s.feature()
			var mu sync.Mutex
			var buffer []scopetest.Record
			f.List = func(ctx context.Context) ([]scopetest.Record, error) {
				records, err := s.list(ctx)
				if err != nil {
					return nil, err
				}
				mu.Lock()
				buffer = append(buffer[:0], records...)
				mu.Unlock()
				runtime.Gosched()
				mu.Lock()
				defer mu.Unlock()
				return slices.Clone(buffer), nil
			}
			return f
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			// Several times: what is seen by luck only would be missed sometime.
			for i := range 6 {
				violations, err := scopetest.CheckIsolation(t.Context(), fmt.Sprint(t.Name(), i), test.make())
				if err != nil {
					t.Fatal(err)
				}
				if got := seen(violations); got != "concurrent" {
					t.Fatalf("run %d found broken: %q, want concurrent", i, got)
				}
			}
		})
	}
}

// TestUseless is for features that are wrong within one scope: they must not
// pass, and nothing may be said about several.
func TestUseless(t *testing.T) {
	for name, change := range map[string]func(s *store, f *scopetest.Feature){
		"an update that does nothing": func(s *store, f *scopetest.Feature) {
			f.Update = func(ctx context.Context, id, _ string) error { _, err := s.read(ctx, id); return err }
		},
		"an update that fails": func(_ *store, f *scopetest.Feature) {
			f.Update = func(context.Context, string, string) error { return errExists }
		},
		"an update of everything": func(s *store, f *scopetest.Feature) {
			f.List = nil
			f.Update = func(ctx context.Context, _, payload string) error {
				records, err := s.list(ctx)
				for _, r := range records {
					err = errors.Join(err, s.update(ctx, r.ID, payload))
				}
				return err
			}
		},
		"a delete that does nothing": func(s *store, f *scopetest.Feature) {
			f.List = nil
			f.Delete = func(ctx context.Context, id string) error { _, err := s.read(ctx, id); return err }
		},
		"a delete that fails": func(_ *store, f *scopetest.Feature) {
			f.Delete = func(context.Context, string) error { return errExists }
		},
		"a delete of everything": func(s *store, f *scopetest.Feature) {
			f.List = nil
			f.Delete = func(ctx context.Context, _ string) error {
				records, err := s.list(ctx)
				for _, r := range records {
					err = errors.Join(err, s.delete(ctx, r.ID))
				}
				return err
			}
		},
		"a second record that is refused": func(s *store, f *scopetest.Feature) {
			f.Create = func(ctx context.Context, id, payload string) error {
				if records, err := s.list(ctx); err != nil || len(records) > 0 {
					return errExists
				}
				return s.create(ctx, id, payload)
			}
		},
		"a second record in place of the first": func(s *store, f *scopetest.Feature) {
			f.List = nil
			f.Create = func(ctx context.Context, id, payload string) error {
				records, err := s.list(ctx)
				for _, r := range records {
					err = errors.Join(err, s.delete(ctx, r.ID))
				}
				return errors.Join(err, s.create(ctx, id, payload))
			}
		},
		"a payload cut short": func(s *store, f *scopetest.Feature) {
			f.Create = func(ctx context.Context, id, payload string) error { return s.create(ctx, id, payload[:10]) }
		},
		"a read that finds something everywhere": func(s *store, f *scopetest.Feature) {
			f.Read = func(ctx context.Context, id string) (string, error) {
				payload, err := s.read(ctx, id)
				if errors.Is(err, scopetest.ErrNotFound) {
					return "", nil
				}
				return payload, err
			}
		},
		"a list that lacks the newest": func(s *store, f *scopetest.Feature) {
			f.List = func(ctx context.Context) ([]scopetest.Record, error) {
				records, err := s.list(ctx)
				return records[:max(0, len(records)-1)], err
			}
		},
		"a list that fails": func(_ *store, f *scopetest.Feature) {
			f.Read = nil
			f.List = func(context.Context) ([]scopetest.Record, error) { return nil, errExists }
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := right()
			f := s.feature()
			change(s, &f)
			violations, err := scopetest.CheckIsolation(t.Context(), t.Name(), f)
			if err != nil {
				t.Fatal(err)
			}
			if got := seen(violations); got != "works" {
				t.Errorf("found broken: %q, want works: %v", got, violations)
			}
		})
	}
}

// TestLeakyCaches has caches that leak in one order of calls only.
func TestLeakyCaches(t *testing.T) {
	for _, test := range []struct {
		name, want string
		change     func(s *store, f *scopetest.Feature)
	}{
		{"a list that is remembered without its scope", "list/tenant list/env empty/tenant empty/env create/tenant create/env same-id/tenant same-id/env", func(s *store, f *scopetest.Feature) {
			var mu sync.Mutex
			var last []scopetest.Record
			known := false
			forget := func() {
				mu.Lock()
				defer mu.Unlock()
				known = false
			}
			f.List = func(ctx context.Context) ([]scopetest.Record, error) {
				if _, err := tenant.FromContext(ctx); err != nil {
					return nil, err
				}
				mu.Lock()
				defer mu.Unlock()
				if known {
					return last, nil
				}
				var err error
				last, err = s.list(ctx)
				known = err == nil
				return last, err
			}
			f.Create = func(ctx context.Context, id, payload string) error { defer forget(); return s.create(ctx, id, payload) }
			f.Update = func(ctx context.Context, id, payload string) error { defer forget(); return s.update(ctx, id, payload) }
			f.Delete = func(ctx context.Context, id string) error { defer forget(); return s.delete(ctx, id) }
		}},
		{"an update that is published to all", "read/tenant read/env", func(s *store, f *scopetest.Feature) {
			f.List = nil
			var published sync.Map
			f.Update = func(ctx context.Context, id, payload string) error {
				err := s.update(ctx, id, payload)
				if err == nil {
					published.Store(id, payload)
				}
				return err
			}
			f.Read = func(ctx context.Context, id string) (string, error) {
				payload, err := s.read(ctx, id)
				if news, ok := published.Load(id); ok && errors.Is(err, scopetest.ErrNotFound) {
					return news.(string), nil
				}
				return payload, err
			}
			f.Delete = func(ctx context.Context, id string) error { published.Delete(id); return s.delete(ctx, id) }
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := right()
			f := s.feature()
			test.change(s, &f)
			violations, err := scopetest.CheckIsolation(t.Context(), t.Name(), f)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.TrimSuffix(strings.TrimSuffix(seen(violations), " concurrent"), " encoding")
			if got != test.want {
				t.Errorf("found broken: %q, want %q: %v", got, test.want, violations[:min(3, len(violations))])
			}
		})
	}
}

// TestLeakyIDs has stores that are right about everything but ids that mean more
// than they should.
func TestLeakyIDs(t *testing.T) {
	for name, change := range map[string]func(s *store, f *scopetest.Feature){
		"paths below folders of tenants": func(s *store, f *scopetest.Feature) {
			f.Tenant, f.List = uuid, nil
			s.key = func(sc tenant.Scope, id string) string { return path.Join("data", sc.Tenant(), sc.Env().String(), id) }
		},
		"a key that may be given as a whole": func(s *store, f *scopetest.Feature) {
			f.Tenant, f.List = uuid, nil
			s.key = func(sc tenant.Scope, id string) string {
				if strings.Count(id, ":") == 2 {
					return id
				}
				return sc.Tenant() + ":" + sc.Env().String() + ":" + id
			}
		},
		"a delete that takes a pattern": func(s *store, f *scopetest.Feature) {
			f.Delete = func(ctx context.Context, id string) error {
				if err := s.delete(ctx, id); err == nil || !strings.HasSuffix(id, "*") {
					return err
				}
				s.mu.Lock()
				defer s.mu.Unlock()
				maps.DeleteFunc(s.values, func(_ string, v [2]string) bool { return strings.HasPrefix(v[0], strings.TrimSuffix(id, "*")) })
				return nil
			}
		},
		"an update that is put together as text": func(s *store, f *scopetest.Feature) {
			f.Delete = nil
			f.Update = func(ctx context.Context, id, payload string) error {
				if _, err := tenant.FromContext(ctx); err != nil || !strings.Contains(id, "' OR '") {
					return errors.Join(err, s.update(ctx, id, payload))
				}
				s.mu.Lock()
				defer s.mu.Unlock()
				for k, v := range s.values {
					s.values[k] = [2]string{v[0], payload}
				}
				return nil
			}
		},
		"a read without an id": func(s *store, f *scopetest.Feature) {
			f.Create = func(ctx context.Context, id, payload string) error {
				if id == "" {
					return errExists
				}
				return s.create(ctx, id, payload)
			}
			f.Read = func(ctx context.Context, id string) (string, error) {
				if _, err := tenant.FromContext(ctx); err != nil || id != "" {
					return s.read(ctx, id)
				}
				for _, r := range s.where(func(string) bool { return true }) {
					return r.Payload, nil
				}
				return "", scopetest.ErrNotFound
			}
		},
		"an upsert that folds case": func(s *store, f *scopetest.Feature) {
			f.List = nil
			s.key = func(sc tenant.Scope, id string) string {
				return fmt.Sprintf("%q %s %q", strings.ToUpper(sc.Tenant()), sc.Env(), id)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := right()
			f := s.feature()
			change(s, &f)
			violations, err := scopetest.CheckIsolation(t.Context(), t.Name(), f)
			if err != nil {
				t.Fatal(err)
			}
			if got := seen(violations); got != "encoding" {
				t.Errorf("found broken: %q, want encoding: %v", got, violations[:min(3, len(violations))])
			}
		})
	}
}

// TestLeakyUsers has keys in which users of one tenant, or users and ids, can
// look the same.
func TestLeakyUsers(t *testing.T) {
	for name, key := range map[string]func(sc tenant.Scope, id string) string{
		"user and id": func(sc tenant.Scope, id string) string {
			return fmt.Sprintf("%q %s %s:%s", sc.Tenant(), sc.Env(), sc.User(), id)
		},
		"tenant and user": func(sc tenant.Scope, id string) string {
			return fmt.Sprintf("%s:%s %s %q", sc.Tenant(), sc.User(), sc.Env(), id)
		},
		"tenant, env and user": func(sc tenant.Scope, id string) string {
			return fmt.Sprintf("%s/%s/%s %q", sc.Tenant(), sc.Env(), sc.User(), id)
		},
		"the user's case": func(sc tenant.Scope, id string) string {
			return fmt.Sprintf("%q %s %q %q", sc.Tenant(), sc.Env(), strings.ToLower(sc.User()), id)
		},
		"the end of a user": func(sc tenant.Scope, id string) string {
			return fmt.Sprintf("%q %s %.64q %q", sc.Tenant(), sc.Env(), sc.User(), id)
		},
		"env and id, one of id": func(sc tenant.Scope, id string) string {
			return fmt.Sprintf("%s:%s:%s %q", sc.Tenant(), sc.Env(), id, sc.User())
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, f := rightForUsers()
			s.key = key
			f.List = nil
			violations, err := scopetest.CheckIsolation(t.Context(), t.Name(), f)
			if err != nil {
				t.Fatal(err)
			}
			if got := seen(violations); got != "encoding" {
				t.Errorf("found broken: %q, want encoding: %v", got, violations[:min(3, len(violations))])
			}
		})
	}
}

// TestLeakyWithoutScope has one call each that does something for nobody.
func TestLeakyWithoutScope(t *testing.T) {
	for name, change := range map[string]func(s *store, f *scopetest.Feature){
		"create": func(s *store, f *scopetest.Feature) {
			f.Create = func(ctx context.Context, id, payload string) error {
				sc, _ := tenant.FromContext(ctx)
				return s.createAs(sc, id, payload)
			}
		},
		"add": func(s *store, f *scopetest.Feature) {
			n := 0
			var mu sync.Mutex
			f.Create = nil
			f.Add = func(ctx context.Context, payload string) (string, error) {
				sc, _ := tenant.FromContext(ctx)
				mu.Lock()
				n++
				id := fmt.Sprint("id-", n, "-")
				mu.Unlock()
				return id, s.createAs(sc, id, payload)
			}
		},
		"update": func(s *store, f *scopetest.Feature) {
			f.Update = func(ctx context.Context, id, payload string) error {
				sc, _ := tenant.FromContext(ctx)
				return s.updateAs(sc, id, payload)
			}
		},
		"delete": func(s *store, f *scopetest.Feature) {
			f.Delete = func(ctx context.Context, id string) error {
				sc, _ := tenant.FromContext(ctx)
				return s.deleteAs(sc, id)
			}
		},
		"list": func(s *store, f *scopetest.Feature) {
			f.List = func(ctx context.Context) ([]scopetest.Record, error) {
				if _, err := tenant.FromContext(ctx); err != nil {
					return nil, nil
				}
				return s.list(ctx)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := right()
			f := s.feature()
			change(s, &f)
			violations, err := scopetest.CheckIsolation(t.Context(), t.Name(), f)
			if err != nil {
				t.Fatal(err)
			}
			if got := seen(violations); got != "no-scope" {
				t.Errorf("found broken: %q, want no-scope: %v", got, violations[:min(3, len(violations))])
			}
		})
	}
}
