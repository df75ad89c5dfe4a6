package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// system is a configuration that lists those tenants and keeps the audit.
func system(t testing.TB, audit *[]string, tenants ...string) tenant.SystemConfig {
	return tenant.SystemConfig{
		Env: env(t, "prod"),
		Tenants: func(_ context.Context, env tenant.Env) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				for _, name := range tenants {
					var err error
					if name == "down" {
						err = errDown
					}
					if !yield(name, err) {
						return
					}
				}
			}
		},
		Audit: func(_ context.Context, e tenant.SystemEvent) error {
			line := fmt.Sprintf("%s %s %s %s", e.Actor, e.Purpose, e.Env, e.Tenant)
			*audit = append(*audit, strings.TrimSpace(line))
			if e.Tenant == "unaudited" || e.Purpose == "secretly" {
				return errDown
			}
			return nil
		},
		Timeout: time.Second,
	}
}

func begin(t testing.TB, cfg tenant.SystemConfig) tenant.System {
	t.Helper()
	a, err := tenant.NewSystem(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s, err := a.Begin(context.Background(), "ops", "sweep")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestForEachTenant(t *testing.T) {
	errStop := errors.New("stop")
	for _, tt := range []struct {
		name    string
		tenants []string
		stopAt  string
		visited string
		want    error
	}{
		{"all", []string{"acme", "umbrella"}, "", "acme umbrella", nil},
		{"none", nil, "", "", nil},
		{"stops at an error", []string{"acme", "umbrella", "initech"}, "umbrella", "acme umbrella", errStop},
		{"audit fails", []string{"acme", "unaudited", "initech"}, "", "acme", tenant.ErrAudit},
		{"list fails", []string{"acme", "down", "initech"}, "", "acme", errDown},
		{"malformed", []string{"acme", "a\nb", "initech"}, "", "acme", tenant.ErrInvalidID},
		{"empty", []string{"acme", "", "initech"}, "", "acme", tenant.ErrInvalidID},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var audit, visited []string
			var kept context.Context
			s := begin(t, system(t, &audit, tt.tenants...))
			err := s.ForEachTenant(context.WithValue(context.Background(), otherKey{}, 1), func(ctx context.Context, sc tenant.Scope) error {
				if kept != nil && kept.Err() == nil {
					t.Error("the last tenant's context goes on")
				}
				kept = ctx
				if fromContext(t, ctx) != sc || sc != scope(t, sc.Tenant()+" prod") || ctx.Err() != nil || ctx.Value(otherKey{}) == nil {
					t.Errorf("a visit with scope %v", sc)
				}
				if audit[len(audit)-1] != "ops sweep prod "+sc.Tenant() {
					t.Errorf("visited before the audit: %q", audit)
				}
				visited = append(visited, sc.Tenant())
				if sc.Tenant() == tt.stopAt {
					return errStop
				}
				return nil
			})
			if !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			if err != nil && err != errStop {
				for _, id := range append(tt.tenants, "ops", "down:") {
					if id != "" && id != "down" && strings.Contains(err.Error(), id) && !errors.Is(err, errDown) {
						t.Errorf("error %q shows %q", err, id)
					}
				}
			}
			if got := strings.Join(visited, " "); got != tt.visited {
				t.Errorf("visited %q, want %q", got, tt.visited)
			}
			if audit[0] != "ops sweep prod" {
				t.Errorf("the audit begins with %q", audit[0])
			}
			if kept != nil && kept.Err() == nil {
				t.Error("the context goes on after the visit")
			}
		})
	}
}

func TestForTenant(t *testing.T) {
	var audit, visited []string
	s := begin(t, system(t, &audit, "acme", "umbrella", "initech"))
	visit := func(err error) func(context.Context, tenant.Scope) error {
		return func(ctx context.Context, sc tenant.Scope) error {
			visited = append(visited, fromContext(t, ctx).Tenant())
			return err
		}
	}
	if err := s.ForTenant(context.Background(), "umbrella", visit(nil)); err != nil {
		t.Error(err)
	}
	if err := s.ForTenant(context.Background(), "acme", visit(errDown)); err != errDown {
		t.Errorf("error %v, want that of the visit", err)
	}
	for _, name := range []string{"", "nosuchone", "Acme"} {
		if err := s.ForTenant(context.Background(), name, visit(nil)); !errors.Is(err, tenant.ErrUnknownTenant) || strings.Contains(err.Error(), "nosuchone") {
			t.Errorf("%q: error %v, want ErrUnknownTenant", name, err)
		}
	}
	if !slices.Equal(visited, []string{"umbrella", "acme"}) || !slices.Equal(audit, []string{"ops sweep prod", "ops sweep prod umbrella", "ops sweep prod acme"}) {
		t.Errorf("visited %q, audit %q", visited, audit)
	}
	failing := begin(t, system(t, &audit, "unaudited"))
	if err := failing.ForTenant(context.Background(), "unaudited", visit(nil)); !errors.Is(err, tenant.ErrAudit) || len(visited) != 2 {
		t.Errorf("without an audit: %v", err)
	}
}

func TestSystemRefuses(t *testing.T) {
	var audit []string
	a, err := tenant.NewSystem(system(t, &audit, "acme"))
	if err != nil {
		t.Fatal(err)
	}
	scoped := mustContext(t, scope(t, "acme prod ann"))
	for _, tt := range []struct {
		name           string
		ctx            context.Context
		actor, purpose string
		want           error
	}{
		{"no actor", context.Background(), "", "sweep", tenant.ErrInvalidSystem},
		{"no purpose", context.Background(), "ops", "", tenant.ErrInvalidSystem},
		{"odd actor", context.Background(), "op\ns", "sweep", tenant.ErrInvalidSystem},
		{"long purpose", context.Background(), "ops", strings.Repeat("x", 257), tenant.ErrInvalidSystem},
		{"in a request", scoped, "ops", "sweep", tenant.ErrScopeConflict},
		{"in a closed context", closedContext(t), "ops", "sweep", tenant.ErrScopeConflict},
		{"audit fails", context.Background(), "ops", "secretly", tenant.ErrAudit},
		{"cancelled", cancelled(context.Background()), "ops", "sweep", tenant.ErrAudit},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := a.Begin(tt.ctx, tt.actor, tt.purpose)
			if !errors.Is(err, tt.want) || s.IsValid() {
				t.Errorf("%v, %v, want %v", s, err, tt.want)
			}
			if strings.Contains(err.Error(), "ops") {
				t.Errorf("error %q shows the actor", err)
			}
		})
	}
	for name, a := range map[string]*tenant.SystemAccess{"nil": nil, "zero": {}} {
		if s, err := a.Begin(context.Background(), "ops", "sweep"); !errors.Is(err, tenant.ErrInvalidSystem) || s.IsValid() {
			t.Errorf("%s access: %v, %v", name, s, err)
		}
	}
	never := func(context.Context, tenant.Scope) error { t.Error("visited"); return nil }
	var zero tenant.System
	if err := zero.ForEachTenant(context.Background(), never); !errors.Is(err, tenant.ErrInvalidSystem) {
		t.Errorf("the zero System: %v", err)
	}
	if zero.Actor() != "" || zero.Purpose() != "" || fmt.Sprint(zero) != "system(invalid)" {
		t.Errorf("the zero System is %v of %q", zero, zero.Actor())
	}
	s, err := a.Begin(noContext, "ops", "sweep")
	if err != nil {
		t.Fatal(err)
	}
	if s.Actor() != "ops" || s.Purpose() != "sweep" || fmt.Sprintf("%#v", s) != "system(actor=[redacted] env=prod)" {
		t.Errorf("%#v of %q for %q", s, s.Actor(), s.Purpose())
	}
	if err := s.ForEachTenant(scoped, never); !errors.Is(err, tenant.ErrScopeConflict) {
		t.Errorf("in a request: %v", err)
	}
	if err := s.ForEachTenant(cancelled(context.Background()), never); !errors.Is(err, context.Canceled) || errors.Is(err, tenant.ErrAudit) {
		t.Errorf("cancelled: %v", err)
	}
	visits := 0
	if err := s.ForEachTenant(noContext, func(context.Context, tenant.Scope) error { visits++; return nil }); err != nil || visits != 1 {
		t.Errorf("without a context: %d visits, %v", visits, err)
	}
	if err := s.ForEachTenant(context.Background(), nil); !errors.Is(err, tenant.ErrNoFunc) {
		t.Errorf("no function: %v", err)
	}
	cfg := system(t, &audit)
	cfg.Tenants = func(context.Context, tenant.Env) iter.Seq2[string, error] { return nil }
	if err := begin(t, cfg).ForEachTenant(context.Background(), never); err == nil {
		t.Error("a nil list is no error")
	}
	// What the audit hook panics with is not lost, and nothing is visited.
	cfg = system(t, &audit, "acme")
	calls := 0
	cfg.Audit = func(context.Context, tenant.SystemEvent) error {
		if calls++; calls > 1 {
			panic("acme")
		}
		return nil
	}
	var panicked *tenant.PanicError
	if err := begin(t, cfg).ForEachTenant(context.Background(), never); !errors.Is(err, tenant.ErrAudit) || !errors.As(err, &panicked) {
		t.Errorf("the audit panics: %v", err)
	}
	synctest.Test(t, func(t *testing.T) {
		cfg := system(t, &audit, "acme")
		calls := 0
		cfg.Audit = func(ctx context.Context, _ tenant.SystemEvent) error {
			if calls++; calls > 1 {
				<-ctx.Done()
			}
			return nil
		}
		if err := begin(t, cfg).ForEachTenant(context.Background(), never); !errors.Is(err, tenant.ErrAudit) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a slow audit: %v", err)
		}
	})
}

// A panic in a visit is the caller's own; the tenant's context is over all the
// same.
func TestVisitPanics(t *testing.T) {
	var audit []string
	var kept context.Context
	s := begin(t, system(t, &audit, "acme"))
	func() {
		defer func() {
			if recover() != "mine" {
				t.Error("the panic is swallowed")
			}
		}()
		_ = s.ForEachTenant(context.Background(), func(ctx context.Context, _ tenant.Scope) error {
			kept = ctx
			panic("mine")
		})
	}()
	if kept.Err() == nil {
		t.Error("the context goes on")
	}
}
