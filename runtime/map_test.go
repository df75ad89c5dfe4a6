package runtime_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

func TestMap(t *testing.T) {
	var m tenant.Map[string]
	sc := scope(t, "acme prod ann")
	if v, ok, err := m.Load(sc, "k"); v != "" || ok || err != nil {
		t.Errorf("Load from an empty map = %q, %t, %v", v, ok, err)
	}
	if err := m.Delete(sc, "k"); err != nil {
		t.Errorf("Delete from an empty map: %v", err)
	}
	if err := m.Store(sc, "k", "one"); err != nil {
		t.Fatal(err)
	}
	if v, ok, err := m.Load(sc, "k"); v != "one" || !ok || err != nil {
		t.Errorf("Load = %q, %t, %v", v, ok, err)
	}
	// The user plays no part.
	if v, ok, err := m.Load(scope(t, "acme prod bob admin"), "k"); v != "one" || !ok || err != nil {
		t.Errorf("Load by another user = %q, %t, %v", v, ok, err)
	}
	if err := m.Store(sc, "k", "two"); err != nil {
		t.Fatal(err)
	}
	if v, loaded, err := m.LoadOrStore(sc, "k", "three"); v != "two" || !loaded || err != nil {
		t.Errorf("LoadOrStore = %q, %t, %v", v, loaded, err)
	}
	if v, loaded, err := m.LoadOrStore(sc, "", "empty"); v != "empty" || loaded || err != nil {
		t.Errorf("LoadOrStore of a new key = %q, %t, %v", v, loaded, err)
	}
	if n, err := m.Len(sc); n != 2 || err != nil {
		t.Errorf("Len = %d, %v; want 2", n, err)
	}
	if v, loaded, err := m.LoadAndDelete(sc, "k"); v != "two" || !loaded || err != nil {
		t.Errorf("LoadAndDelete = %q, %t, %v", v, loaded, err)
	}
	if v, loaded, err := m.LoadAndDelete(sc, "k"); v != "" || loaded || err != nil {
		t.Errorf("second LoadAndDelete = %q, %t, %v", v, loaded, err)
	}
	if err := m.Delete(sc, ""); err != nil {
		t.Fatal(err)
	}
	if n, err := m.Len(sc); n != 0 || err != nil {
		t.Errorf("Len = %d, %v; want 0", n, err)
	}
}

// TestMapIsolation runs every method in one scope and checks that the others
// see nothing of it.
func TestMapIsolation(t *testing.T) {
	var m tenant.Map[string]
	scopes := []string{"acme prod", "acme staging", "acme dev", "umbrella prod", "ACME prod", "acme: prod", "a prod"}
	check := func(gone ...string) {
		t.Helper()
		for _, ids := range scopes {
			sc := scope(t, ids)
			want := "of " + ids
			if slices.Contains(gone, ids) {
				want = ""
			}
			if v, ok, err := m.Load(sc, "k"); v != want || ok != (want != "") || err != nil {
				t.Errorf("%s: Load = %q, %t, %v; want %q", ids, v, ok, err, want)
			}
			if err := m.Range(sc, func(k, v string) bool {
				if k != "k" || v != want {
					t.Errorf("%s: Range yields %q, %q", ids, k, v)
				}
				return true
			}); err != nil {
				t.Error(err)
			}
		}
	}
	for _, ids := range scopes {
		if v, loaded, err := m.LoadOrStore(scope(t, ids), "k", "of "+ids); v != "of "+ids || loaded || err != nil {
			t.Errorf("%s: LoadOrStore = %q, %t, %v", ids, v, loaded, err)
		}
	}
	check()
	if err := m.Delete(scope(t, "acme prod"), "k"); err != nil {
		t.Fatal(err)
	}
	check("acme prod")
	if err := m.DropScope(scope(t, "umbrella prod ann")); err != nil {
		t.Fatal(err)
	}
	check("acme prod", "umbrella prod")
	if _, _, err := m.LoadAndDelete(scope(t, "acme dev"), "k"); err != nil {
		t.Fatal(err)
	}
	check("acme prod", "umbrella prod", "acme dev")
}

func TestMapRefusesInvalidScope(t *testing.T) {
	var m tenant.Map[int]
	var zero tenant.Scope
	for name, f := range map[string]func() error{
		"Load":          func() error { _, _, err := m.Load(zero, "k"); return err },
		"Store":         func() error { return m.Store(zero, "k", 1) },
		"LoadOrStore":   func() error { _, _, err := m.LoadOrStore(zero, "k", 1); return err },
		"LoadAndDelete": func() error { _, _, err := m.LoadAndDelete(zero, "k"); return err },
		"Delete":        func() error { return m.Delete(zero, "k") },
		"Len":           func() error { _, err := m.Len(zero); return err },
		"DropScope":     func() error { return m.DropScope(zero) },
		"Range": func() error {
			return m.Range(zero, func(string, int) bool { t.Error("Range calls its function"); return true })
		},
	} {
		if err := f(); !errors.Is(err, tenant.ErrInvalidScope) {
			t.Errorf("%s with the zero scope: error %v, want ErrInvalidScope", name, err)
		}
	}
}

func TestMapRange(t *testing.T) {
	var m tenant.Map[int]
	sc := scope(t, "acme prod")
	for i, k := range []string{"c", "a", "d", "b"} {
		if err := m.Store(sc, k, i); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	if err := m.Range(sc, func(k string, v int) bool {
		got = append(got, fmt.Sprint(k, v))
		// What happens during the call does not change what it yields.
		if err := errors.Join(m.Delete(sc, "d"), m.Store(sc, "aa", 9)); err != nil {
			t.Error(err)
		}
		return true
	}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"a1", "b3", "c0", "d2"}; !slices.Equal(got, want) {
		t.Errorf("Range yields %v, want %v", got, want)
	}
	n := 0
	if err := m.Range(sc, func(string, int) bool { n++; return n < 2 }); err != nil || n != 2 {
		t.Errorf("Range went on to %d after false, %v", n, err)
	}
	if err := m.Range(sc, nil); !errors.Is(err, tenant.ErrNoFunc) {
		t.Errorf("Range with nil: error %v, want ErrNoFunc", err)
	}
}

func TestMapLimits(t *testing.T) {
	for _, l := range []tenant.Limits{{PerScope: -1}, {Total: -1}} {
		if m, err := tenant.NewMap[int](l); !errors.Is(err, tenant.ErrInvalidLimits) || m != nil {
			t.Errorf("NewMap(%+v): error %v, want ErrInvalidLimits", l, err)
		}
	}
	m, err := tenant.NewMap[int](tenant.Limits{PerScope: 2, Total: 3})
	if err != nil {
		t.Fatal(err)
	}
	acme, umbrella := scope(t, "acme prod"), scope(t, "umbrella prod")
	store := func(sc tenant.Scope, key string, want error) {
		t.Helper()
		if err := m.Store(sc, key, 1); !errors.Is(err, want) {
			t.Errorf("Store of %s: error %v, want %v", key, err, want)
		}
	}
	store(acme, "a", nil)
	store(acme, "b", nil)
	store(acme, "c", tenant.ErrFull)
	store(acme, "a", nil) // there already
	if v, loaded, err := m.LoadOrStore(acme, "c", 7); !errors.Is(err, tenant.ErrFull) || loaded || v != 0 {
		t.Errorf("LoadOrStore into a full scope = %d, %t, %v", v, loaded, err)
	}
	if v, loaded, err := m.LoadOrStore(acme, "b", 7); err != nil || !loaded || v != 1 {
		t.Errorf("LoadOrStore of what a full scope has = %d, %t, %v", v, loaded, err)
	}
	store(umbrella, "a", nil)
	store(umbrella, "b", tenant.ErrFull) // 3 in total
	store(scope(t, "third prod"), "a", tenant.ErrFull)
	if n, err := m.Len(scope(t, "third prod")); n != 0 || err != nil {
		t.Errorf("Len after a refused Store = %d, %v", n, err)
	}
	if err := m.Delete(acme, "a"); err != nil {
		t.Fatal(err)
	}
	if err := m.Delete(acme, "a"); err != nil { // must not count twice
		t.Fatal(err)
	}
	store(umbrella, "b", nil)
	store(acme, "a", tenant.ErrFull)
	if err := m.DropScope(umbrella); err != nil {
		t.Fatal(err)
	}
	store(acme, "a", nil)
	store(umbrella, "a", nil)
	store(umbrella, "b", tenant.ErrFull)
}

// TestMapConcurrent has several tenants work with the same keys at once; run it
// with -race.
func TestMapConcurrent(t *testing.T) {
	var m tenant.Map[string]
	var wg sync.WaitGroup
	for i := range 8 {
		ids := []string{"acme prod", "acme dev", "umbrella prod", "umbrella dev"}[i%4]
		sc := scope(t, ids)
		wg.Go(func() {
			for n := range 500 {
				k := strconv.Itoa(n % 7)
				mine := func(method, v string, ok bool, err error) {
					if err != nil || ok && v != ids {
						t.Errorf("%s: %s = %q, %v", ids, method, v, err)
					}
				}
				v, _, err := m.LoadOrStore(sc, k, ids)
				mine("LoadOrStore", v, true, err)
				v, ok, err := m.Load(sc, k)
				mine("Load", v, ok, err)
				mine("Store", "", false, m.Store(sc, k, ids))
				mine("Range", "", false, m.Range(sc, func(_, v string) bool { mine("Range", v, true, nil); return true }))
				_, err = m.Len(sc)
				mine("Len", "", false, err)
				switch n % 5 {
				case 0:
					v, ok, err = m.LoadAndDelete(sc, k)
					mine("LoadAndDelete", v, ok, err)
				case 1:
					mine("Delete", "", false, m.Delete(sc, k))
				case 2:
					mine("DropScope", "", false, m.DropScope(sc))
				}
			}
		})
	}
	wg.Wait()
}

func TestMapAllocs(t *testing.T) {
	var m tenant.Map[int]
	sc := scope(t, "acme prod")
	if err := m.Store(sc, "k", 1); err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{"k", "none"} {
		if n := testing.AllocsPerRun(100, func() {
			if _, _, err := m.Load(sc, k); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("Load of %q allocates %v times, want 0", k, n)
		}
	}
	if n := testing.AllocsPerRun(100, func() {
		if err := m.Store(sc, "k", 2); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("Store over an entry allocates %v times, want 0", n)
	}
}

func BenchmarkMapLoad(b *testing.B) {
	var m tenant.Map[int]
	sc := scope(b, "acme prod ann")
	for i := range 1000 {
		if err := m.Store(sc, strconv.Itoa(i), i); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, ok, err := m.Load(sc, "500"); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}
