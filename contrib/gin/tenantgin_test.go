package tenantgin_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/gin-gonic/gin"

	tenantgin "github.com/tenantvet/tenantvet/contrib/gin"
	"github.com/tenantvet/tenantvet/contrib/internal/porttest"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.TestMode)
	m.Run()
}

// engine mounts what porttest sends requests to.
func engine(s *porttest.Service) *gin.Engine {
	b := s.Boundary
	show := func(c *gin.Context) {
		s.Runs.Add(1)
		c.String(http.StatusOK, "%s", porttest.Describe(c.Request.Context()))
	}
	serve := func(c *gin.Context) {
		status, body := s.Answer(c.Request.Context(), c.Request.Method, c.Param("id"))
		c.String(status, "%s", body)
	}
	e := gin.New()
	e.GET("/open", func(c *gin.Context) { c.Status(http.StatusOK) })
	api := e.Group("/", tenantgin.Middleware(b))
	api.GET("/none", show)
	api.GET("/member", tenantgin.RequireTenantMembership(b), show)
	api.GET("/owner", tenantgin.RequireTenantRole(b, "owner", "janitor"), show)
	notes := api.Group("/notes", tenantgin.RequireTenantMembership(b))
	notes.GET("", serve)
	notes.GET("/:id", serve)
	notes.POST("", tenantgin.RequireTenantRole(b, "editor"), serve)
	notes.DELETE("/:id", tenantgin.RequireTenantRole(b, "owner", "janitor"), serve)
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

// TestChain checks what runs around a refusal, and what does not.
func TestChain(t *testing.T) {
	t.Parallel()
	s := porttest.New(t)
	var ran []string
	mark := func(name string) gin.HandlerFunc {
		return func(c *gin.Context) {
			ran = append(ran, name)
			c.Next()
			ran = append(ran, fmt.Sprint(name, " after ", c.Writer.Status(), " aborted ", c.IsAborted()))
		}
	}
	e := gin.New()
	e.Use(mark("logger"))
	e.GET("/x", tenantgin.Middleware(s.Boundary), mark("second"), tenantgin.RequireTenantMembership(s.Boundary), mark("third"), func(c *gin.Context) { c.Status(http.StatusAccepted) })
	for _, test := range []struct {
		headers http.Header
		want    string
	}{
		{nil, "[logger logger after 401 aborted true]"},
		{signedIn("acme", "invited"), "[logger second second after 403 aborted true logger after 403 aborted true]"},
		{signedIn("acme", "member"), "[logger second third third after 202 aborted false second after 202 aborted false logger after 202 aborted false]"},
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
	for name, chain := range map[string][]gin.HandlerFunc{
		"a guard without the boundary":      {tenantgin.RequireTenantMembership(b)},
		"a role guard without the boundary": {tenantgin.RequireTenantRole(b, "owner")},
		"a guard before the boundary":       {tenantgin.RequireTenantMembership(b), tenantgin.Middleware(b)},
		"a guard for no role":               {tenantgin.Middleware(b), tenantgin.RequireTenantRole(b)},
		"no boundary":                       {tenantgin.Middleware(nil)},
		"a guard of no boundary":            {tenantgin.Middleware(b), tenantgin.RequireTenantMembership(nil)},
		"no pipeline":                       {tenantgin.Pipeline(nil)},
		"a zero pipeline":                   {tenantgin.Pipeline(new(tenant.Pipeline))},
	} {
		e := gin.New()
		e.GET("/x", append(chain, func(*gin.Context) { t.Errorf("%s: the handler runs", name) })...)
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
	e := gin.New()
	e.GET("/x", tenantgin.Pipeline(pipeline), func(c *gin.Context) { c.String(http.StatusOK, "%s", porttest.Describe(c.Request.Context())) })
	for user, want := range map[string]int{"member": 200, "admin": 429, "invited": 403} {
		if code, body := get(t, e, signedIn("acme", user)); code != want {
			t.Errorf("%s: status %d, want %d: %s", user, code, want, body)
		}
	}
}

// TestContext checks where the scope is found.
func TestContext(t *testing.T) {
	t.Parallel()
	s := porttest.New(t)
	for _, fallback := range []bool{false, true} {
		e := gin.New()
		e.ContextWithFallback = fallback
		e.GET("/x", tenantgin.Middleware(s.Boundary), func(c *gin.Context) {
			sc, err := tenant.FromContext(c.Request.Context())
			if err != nil || sc.User() != "member" {
				t.Errorf("in the request's context: %v, %v", sc, err)
			}
			if sc, err := tenant.FromContext(c); (err == nil) != fallback || sc.IsValid() != fallback {
				t.Errorf("in the gin.Context with fallback %t: %v, %v", fallback, sc, err)
			}
		})
		if code, _ := get(t, e, signedIn("acme", "member")); code != http.StatusOK {
			t.Errorf("status %d", code)
		}
	}
}

// TestPanic checks that a panic of a handler gets through to gin's recovery.
func TestPanic(t *testing.T) {
	t.Parallel()
	s := porttest.New(t)
	e := gin.New()
	e.Use(gin.CustomRecoveryWithWriter(io.Discard, func(c *gin.Context, value any) { c.String(http.StatusTeapot, "%v", value) }))
	e.GET("/x", tenantgin.Middleware(s.Boundary), func(*gin.Context) { panic("oh") })
	if code, body := get(t, e, signedIn("acme", "member")); code != http.StatusTeapot || body != "oh" {
		t.Errorf("got %d %q", code, body)
	}
}

// TestConcurrent has several callers at once, since gin uses contexts again.
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
