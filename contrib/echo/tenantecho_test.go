package tenantecho_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	tenantecho "github.com/tenantvet/tenantvet/contrib/echo"
	"github.com/tenantvet/tenantvet/contrib/internal/porttest"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// engine mounts what porttest sends requests to.
func engine(s *porttest.Service) *echo.Echo {
	b := s.Boundary
	show := func(c echo.Context) error {
		s.Runs.Add(1)
		return c.String(http.StatusOK, porttest.Describe(c.Request().Context()))
	}
	serve := func(c echo.Context) error {
		status, body := s.Answer(c.Request().Context(), c.Request().Method, c.Param("id"))
		return c.String(status, body)
	}
	e := echo.New()
	e.GET("/open", func(c echo.Context) error { return c.NoContent(http.StatusOK) })
	api := e.Group("", tenantecho.Middleware(b))
	api.GET("/none", show)
	api.GET("/member", show, tenantecho.RequireTenantMembership(b))
	api.GET("/owner", show, tenantecho.RequireTenantRole(b, "owner", "janitor"))
	notes := api.Group("/notes", tenantecho.RequireTenantMembership(b))
	notes.GET("", serve)
	notes.GET("/:id", serve)
	notes.POST("", serve, tenantecho.RequireTenantRole(b, "editor"))
	notes.DELETE("/:id", serve, tenantecho.RequireTenantRole(b, "owner", "janitor"))
	return e
}

func TestRequests(t *testing.T) {
	t.Parallel()
	s := porttest.New(t)
	s.RunHTTP(t, engine(s))
}

// get sends a request over a socket.
func get(t *testing.T, h http.Handler, headers http.Header) (int, string) {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = headers
	resp, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func signedIn(tenantID, user string) http.Header {
	return http.Header{"Authorization": {porttest.Token(map[string]any{"tenant": tenantID, "env": "prod", "user": user})}}
}

// TestChain checks what runs around a refusal, and what does not: no handler, no
// middleware behind it, no error handler. Hooks of the response stay.
func TestChain(t *testing.T) {
	t.Parallel()
	s := porttest.New(t)
	var ran []string
	mark := func(name string) echo.MiddlewareFunc {
		return func(next echo.HandlerFunc) echo.HandlerFunc {
			return func(c echo.Context) error {
				ran = append(ran, name)
				err := next(c)
				ran = append(ran, fmt.Sprint(name, " after ", c.Response().Status, " ", err))
				return err
			}
		}
	}
	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		ran = append(ran, "error handler")
		_ = c.NoContent(http.StatusTeapot)
	}
	e.Use(mark("logger"), func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.Response().Before(func() { ran = append(ran, "hook") })
			return next(c)
		}
	})
	e.GET("/x", func(c echo.Context) error {
		if sc, err := tenant.FromContext(c.Request().Context()); err == nil && sc.User() == "owner" {
			return errors.New("of the handler")
		}
		return c.NoContent(http.StatusAccepted)
	}, tenantecho.Middleware(s.Boundary), mark("second"), tenantecho.RequireTenantMembership(s.Boundary), mark("third"))
	for _, test := range []struct {
		headers http.Header
		want    string
	}{
		{nil, "[logger hook logger after 401 <nil>]"},
		{signedIn("acme", "invited"), "[logger second hook second after 403 <nil> logger after 403 <nil>]"},
		{signedIn("acme", "member"), "[logger second third hook third after 202 <nil> second after 202 <nil> logger after 202 <nil>]"},
		{signedIn("acme", "owner"), "[logger second third third after 200 of the handler second after 200 of the handler logger after 200 of the handler error handler hook]"},
	} {
		ran = nil
		get(t, e, test.headers)
		if got := fmt.Sprint(ran); got != test.want {
			t.Errorf("ran %s\nwant %s", got, test.want)
		}
	}
}

// TestMisuse is for chains that are put together wrongly: all of them refuse.
func TestMisuse(t *testing.T) {
	t.Parallel()
	s := porttest.New(t)
	b := s.Boundary
	for name, chain := range map[string][]echo.MiddlewareFunc{
		"a guard without the boundary":      {tenantecho.RequireTenantMembership(b)},
		"a role guard without the boundary": {tenantecho.RequireTenantRole(b, "owner")},
		"a guard before the boundary":       {tenantecho.RequireTenantMembership(b), tenantecho.Middleware(b)},
		"a guard for no role":               {tenantecho.Middleware(b), tenantecho.RequireTenantRole(b)},
		"no boundary":                       {tenantecho.Middleware(nil)},
		"a guard of no boundary":            {tenantecho.Middleware(b), tenantecho.RequireTenantMembership(nil)},
		"no pipeline":                       {tenantecho.Pipeline(nil)},
		"a zero pipeline":                   {tenantecho.Pipeline(new(tenant.Pipeline))},
	} {
		e := echo.New()
		e.GET("/x", func(echo.Context) error { t.Errorf("%s: the handler runs", name); return nil }, chain...)
		if code, body := get(t, e, signedIn("acme", "owner")); code != http.StatusInternalServerError {
			t.Errorf("%s: status %d, want 500: %s", name, code, body)
		}
	}
}

func TestPipeline(t *testing.T) {
	t.Parallel()
	s := porttest.New(t)
	pipeline, err := s.Boundary.TenantGate().Access().
		Quota(tenant.QuotaFunc(func(_ context.Context, sc tenant.Scope, _ string) (tenant.Verdict, error) {
			if sc.User() == "admin" {
				return tenant.Refuse, nil
			}
			return tenant.Allow, nil
		})).
		Governance(tenant.GovernanceFunc(func(context.Context, tenant.Scope, string) (tenant.Verdict, error) { return tenant.Allow, nil }))
	if err != nil {
		t.Fatal(err)
	}
	e := echo.New()
	e.GET("/x", func(c echo.Context) error {
		return c.String(http.StatusOK, porttest.Describe(c.Request().Context()))
	}, tenantecho.Pipeline(pipeline))
	for user, want := range map[string]int{"member": 200, "admin": 429, "invited": 403} {
		if code, body := get(t, e, signedIn("acme", user)); code != want {
			t.Errorf("%s: status %d, want %d: %s", user, code, want, body)
		}
	}
}

// TestPanic checks that a panic of a handler gets through to echo's recovery.
func TestPanic(t *testing.T) {
	t.Parallel()
	s := porttest.New(t)
	e := echo.New()
	e.Use(middleware.RecoverWithConfig(middleware.RecoverConfig{LogErrorFunc: func(c echo.Context, err error, _ []byte) error {
		return c.String(http.StatusTeapot, err.Error())
	}}))
	e.GET("/x", func(echo.Context) error { panic("oh") }, tenantecho.Middleware(s.Boundary))
	if code, body := get(t, e, signedIn("acme", "member")); code != http.StatusTeapot || body != "oh" {
		t.Errorf("got %d %q", code, body)
	}
}

// TestConcurrent has several callers at once, since echo uses contexts again.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	s := porttest.New(t)
	server := httptest.NewServer(engine(s))
	defer server.Close()
	var wg sync.WaitGroup
	for _, caller := range []struct{ tenantID, user, want string }{
		{"acme", "member", "acme-only prod member  member"}, {"acme", "owner", "acme-only prod owner  member"},
		{"umbrella", "neighbour", "umbrella-only prod neighbour  member"}, {"acme", "invited", ""}, {"acme", "", ""},
	} {
		wg.Go(func() {
			for range 100 {
				req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/member", nil)
				if err != nil {
					t.Error(err)
					return
				}
				req.Header = signedIn(caller.tenantID, caller.user)
				resp, err := server.Client().Do(req)
				if err != nil {
					t.Error(err)
					return
				}
				body, err := io.ReadAll(resp.Body)
				if err := errors.Join(err, resp.Body.Close()); err != nil {
					t.Error(err)
					return
				}
				if (resp.StatusCode == http.StatusOK) != (caller.want != "") || caller.want != "" && string(body) != caller.want {
					t.Errorf("%s of %s: %d %q", caller.user, caller.tenantID, resp.StatusCode, body)
					return
				}
			}
		})
	}
	wg.Wait()
}
