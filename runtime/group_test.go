package runtime_test

import (
	"context"
	"errors"
	"fmt"
	goruntime "runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// outcome is how a call of Do ended.
type outcome struct {
	value    string
	shared   bool
	err      error
	panicked any
	exited   bool
}

// do calls Do in a goroutine of its own and sends how it ended.
func do(ctx context.Context, g *tenant.Group[string], sc tenant.Scope, key string, fn func() (string, error)) <-chan outcome {
	out := make(chan outcome, 1)
	go func() {
		o := outcome{exited: true}
		defer func() {
			if r := recover(); r != nil {
				o.panicked, o.exited = r, false
			}
			out <- o
		}()
		o.value, o.shared, o.err = g.Do(ctx, sc, key, fn)
		o.exited = false
	}()
	return out
}

func TestGroupShares(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g tenant.Group[string]
		var calls atomic.Int32
		release := make(chan struct{})
		fail := errors.New("and an error")
		fn := func() (string, error) {
			calls.Add(1)
			<-release
			return "value", fail
		}
		var all []<-chan outcome
		for _, ids := range []string{"acme prod ann", "acme prod bob admin", "acme prod"} {
			all = append(all, do(t.Context(), &g, scope(t, ids), "k", fn))
		}
		synctest.Wait()
		close(release)
		for i, out := range all {
			if o := <-out; o != (outcome{value: "value", shared: true, err: fail}) {
				t.Errorf("caller %d: %+v", i, o)
			}
		}
		if n := calls.Load(); n != 1 {
			t.Errorf("%d calls, want 1", n)
		}
		// Nothing is kept.
		v, shared, err := g.Do(t.Context(), scope(t, "acme prod"), "k", func() (string, error) { return "new", nil })
		if v != "new" || shared || err != nil {
			t.Errorf("afterwards: %q, %t, %v", v, shared, err)
		}
	})
}

func TestGroupIsolation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g tenant.Group[string]
		release := make(chan struct{})
		type call struct{ ids, key string }
		calls := []call{
			{"acme prod", "k"}, {"acme dev", "k"}, {"acme staging", "k"}, {"umbrella prod", "k"}, {"ACME prod", "k"},
			{"acme prod", "K"}, {"acme prod", ""}, {"acme:k prod", ""},
		}
		var all []<-chan outcome
		for _, c := range calls {
			all = append(all, do(t.Context(), &g, scope(t, c.ids), c.key, func() (string, error) {
				<-release
				return fmt.Sprint(c), nil
			}))
		}
		synctest.Wait() // all are under way at once
		close(release)
		for i, out := range all {
			if o := <-out; o != (outcome{value: fmt.Sprint(calls[i])}) {
				t.Errorf("%v: %+v", calls[i], o)
			}
		}
	})
}

func TestGroupContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g tenant.Group[string]
		sc := scope(t, "acme prod")
		release := make(chan struct{})
		leader := do(t.Context(), &g, sc, "k", func() (string, error) { <-release; return "value", nil })
		synctest.Wait()

		ctx, cancel := context.WithCancel(t.Context())
		never := func() (string, error) { t.Error("called"); return "", nil }
		waiter := do(ctx, &g, sc, "k", never)
		patient := do(noContext, &g, sc, "k", never)
		synctest.Wait()
		cancel()
		if o := <-waiter; !errors.Is(o.err, context.Canceled) || o.value != "" {
			t.Errorf("cancelled while waiting: %+v", o)
		}
		if o := <-do(ctx, &g, sc, "other", never); !errors.Is(o.err, context.Canceled) {
			t.Errorf("cancelled before: %+v", o)
		}
		close(release)
		for _, out := range []<-chan outcome{leader, patient} {
			if o := <-out; o != (outcome{value: "value", shared: true}) {
				t.Errorf("others: %+v", o)
			}
		}
	})
}

func TestGroupForget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g tenant.Group[string]
		acme, umbrella := scope(t, "acme prod"), scope(t, "umbrella prod")
		release := make(chan struct{})
		call := func(sc tenant.Scope, value string) <-chan outcome {
			out := do(t.Context(), &g, sc, "k", func() (string, error) { <-release; return value, nil })
			synctest.Wait()
			return out
		}
		first, other := call(acme, "first"), call(umbrella, "other")
		if err := g.Forget(acme, "k"); err != nil {
			t.Fatal(err)
		}
		second := call(acme, "second")
		third := call(acme, "not called")
		fourth := call(umbrella, "not called") // forgotten for acme only
		close(release)
		for name, tt := range map[string]struct {
			out  <-chan outcome
			want outcome
		}{
			"first":  {first, outcome{value: "first"}},
			"second": {second, outcome{value: "second", shared: true}},
			"third":  {third, outcome{value: "second", shared: true}},
			"other":  {other, outcome{value: "other", shared: true}},
			"fourth": {fourth, outcome{value: "other", shared: true}},
		} {
			if o := <-tt.out; o != tt.want {
				t.Errorf("%s: %+v, want %+v", name, o, tt.want)
			}
		}
	})
}

// A flight that was forgotten must not take the next one away when it ends.
func TestGroupForgottenEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g tenant.Group[string]
		sc := scope(t, "acme prod")
		wait := []chan struct{}{make(chan struct{}), make(chan struct{})}
		first := do(t.Context(), &g, sc, "k", func() (string, error) { <-wait[0]; return "first", nil })
		synctest.Wait()
		if err := g.Forget(sc, "k"); err != nil {
			t.Fatal(err)
		}
		second := do(t.Context(), &g, sc, "k", func() (string, error) { <-wait[1]; return "second", nil })
		synctest.Wait()
		close(wait[0])
		<-first
		third := do(t.Context(), &g, sc, "k", func() (string, error) { return "third", nil })
		synctest.Wait()
		close(wait[1])
		for _, out := range []<-chan outcome{second, third} {
			if o := <-out; o != (outcome{value: "second", shared: true}) {
				t.Errorf("got %+v", o)
			}
		}
	})
}

func TestGroupPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g tenant.Group[string]
		sc := scope(t, "acme prod")
		boom := errors.New("boom")
		release := make(chan struct{})
		fn := func() (string, error) { <-release; panic(boom) }
		all := []<-chan outcome{do(t.Context(), &g, sc, "k", fn)}
		synctest.Wait()
		all = append(all, do(t.Context(), &g, sc, "k", fn))
		synctest.Wait()
		other := do(t.Context(), &g, scope(t, "acme dev"), "k", func() (string, error) { <-release; return "fine", nil })
		close(release)
		for i, out := range all {
			o := <-out
			err, _ := o.panicked.(error)
			if !errors.Is(err, boom) {
				t.Errorf("caller %d: %+v, want a panic of boom", i, o)
			} else if !strings.Contains(err.Error(), "TestGroupPanic") {
				t.Errorf("caller %d: the panic does not say where it came from:\n%v", i, err)
			}
		}
		if o := <-other; o != (outcome{value: "fine"}) {
			t.Errorf("other scope: %+v", o)
		}
		if o := <-do(t.Context(), &g, sc, "k", func() (string, error) { return "again", nil }); o.value != "again" {
			t.Errorf("after the panic: %+v", o)
		}
	})
}

func TestGroupGoexit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g tenant.Group[string]
		sc := scope(t, "acme prod")
		release := make(chan struct{})
		fn := func() (string, error) { <-release; goruntime.Goexit(); return "", nil }
		all := []<-chan outcome{do(t.Context(), &g, sc, "k", fn)}
		synctest.Wait()
		all = append(all, do(t.Context(), &g, sc, "k", fn))
		synctest.Wait()
		close(release)
		for i, out := range all {
			if o := <-out; o != (outcome{exited: true}) {
				t.Errorf("caller %d: %+v, want its goroutine to exit", i, o)
			}
		}
		if o := <-do(t.Context(), &g, sc, "k", func() (string, error) { return "again", nil }); o.value != "again" {
			t.Errorf("after the exit: %+v", o)
		}
	})
}

func TestGroupRefuses(t *testing.T) {
	var g tenant.Group[string]
	_, _, err := g.Do(t.Context(), tenant.Scope{}, "k", func() (string, error) { t.Error("called"); return "", nil })
	if !errors.Is(err, tenant.ErrInvalidScope) {
		t.Errorf("Do with the zero scope: error %v, want ErrInvalidScope", err)
	}
	if err := g.Forget(tenant.Scope{}, "k"); !errors.Is(err, tenant.ErrInvalidScope) {
		t.Errorf("Forget with the zero scope: error %v, want ErrInvalidScope", err)
	}
	if _, _, err := g.Do(t.Context(), scope(t, "acme prod"), "k", nil); !errors.Is(err, tenant.ErrNoFunc) {
		t.Errorf("Do with nil: error %v, want ErrNoFunc", err)
	}
}

// TestGroupConcurrent has several tenants ask for the same keys at once; run it
// with -race.
func TestGroupConcurrent(t *testing.T) {
	var g tenant.Group[string]
	var wg sync.WaitGroup
	for i := range 8 {
		ids := []string{"acme prod", "acme dev", "umbrella prod", "umbrella dev"}[i%4]
		sc := scope(t, ids)
		wg.Go(func() {
			for n := range 500 {
				k := fmt.Sprint(n % 3)
				v, _, err := g.Do(t.Context(), sc, k, func() (string, error) { goruntime.Gosched(); return ids + k, nil })
				if v != ids+k || err != nil {
					t.Errorf("%s %s: got %q, %v", ids, k, v, err)
				}
				if n%7 == 0 {
					if err := g.Forget(sc, k); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
}
