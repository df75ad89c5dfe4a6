package scopetest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	goruntime "runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
	"github.com/tenantvet/tenantvet/runtime/scopetest"
)

// service is a small service with invoices: the boundary and guards of the
// runtime, and switches that make it wrong.
type service struct {
	boundary *tenant.Boundary
	outage   atomic.Bool

	mu       sync.Mutex
	invoices map[string]map[string]string // by tenant and id
}

func newService(t testing.TB) *service {
	s := new(service)
	prod, err := tenant.ParseEnv("prod")
	if err != nil {
		t.Fatal(err)
	}
	s.boundary, err = tenant.New(tenant.Config{
		Env:           prod,
		AllowedEnvs:   []tenant.Env{prod},
		Claims:        tenant.Names{Tenant: "tenant", Env: "env", User: "user", Role: tenant.Unused},
		Headers:       tenant.Names{Tenant: "X-Tenant", Env: tenant.Unused, User: tenant.Unused, Role: tenant.Unused},
		Authenticator: tenant.AuthenticatorFunc(authenticate),
		Directory: tenant.DirectoryFunc(func(_ context.Context, user string, _ tenant.Env) ([]tenant.Binding, error) {
			// Users are listed where they were invited, which makes them no members
			// yet.
			if user == "neighbour" {
				return []tenant.Binding{{Tenant: "umbrella", Policy: "p"}}, nil
			}
			return []tenant.Binding{{Tenant: "acme", Policy: "p"}, {Tenant: "umbrella", Policy: "p"}}, nil
		}),
		Authority: tenant.AuthorityFunc(s.standing),
		KeySecret: make([]byte, tenant.MinSecretBytes),
		Timeout:   time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.reset()
	return s
}

func (s *service) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.invoices = map[string]map[string]string{
		"acme":     {"a 42": "42 of acme-only"},
		"umbrella": {"u 1": "1 of umbrella-only"},
	}
}

// authenticate takes "Bearer tenant env user" for a token.
func authenticate(_ context.Context, h tenant.Header) (tenant.Claims, error) {
	if h == nil {
		return nil, errors.New("no token")
	}
	values := h.Values("Authorization")
	if len(values) != 1 {
		return nil, errors.New("no token")
	}
	f := strings.Fields(values[0])
	if len(f) != 4 || f[0] != "Bearer" {
		return nil, errors.New("no token")
	}
	return tenant.MapClaims{"tenant": f[1], "env": f[2], "user": f[3]}, nil
}

func (s *service) standing(_ context.Context, sc tenant.Scope) (tenant.Standing, error) {
	if s.outage.Load() {
		return tenant.Standing{}, tenant.ErrUnavailable
	}
	switch {
	case sc.Tenant() == "umbrella" && sc.User() == "neighbour":
		return tenant.Standing{Member: true, Roles: []string{"viewer", "editor", "owner"}}, nil
	case sc.Tenant() != "acme":
		return tenant.Standing{}, nil
	}
	switch sc.User() {
	case "member":
		return tenant.Standing{Member: true, Roles: []string{"viewer"}}, nil
	case "admin":
		return tenant.Standing{Member: true, Roles: []string{"viewer", "editor"}}, nil
	case "owner":
		return tenant.Standing{Member: true, Roles: []string{"viewer", "editor", "owner"}}, nil
	}
	return tenant.Standing{}, nil
}

// as signs in.
func (s *service) as(r *http.Request, p scopetest.Persona) (*http.Request, error) {
	s.reset()
	s.outage.Store(p == scopetest.Outage)
	token := func(tenantID, env, user string) {
		r.Header.Set("Authorization", "Bearer "+tenantID+" "+env+" "+user)
	}
	switch p {
	case scopetest.Nobody:
	case scopetest.Neighbour:
		token("umbrella", "prod", "neighbour")
	case scopetest.WrongEnv:
		token("acme", "staging", "owner")
	case scopetest.Mismatched:
		token("acme", "prod", "owner")
		r.Header.Set("X-Tenant", "umbrella")
	case scopetest.Outage:
		token("acme", "prod", "owner")
	default:
		token("acme", "prod", string(p))
	}
	return r, nil
}

// guards are what a service puts in front of its handlers.
type guards struct {
	member, editor, owner func(http.Handler) http.Handler
}

func (s *service) guards() guards {
	chain := func(guard func(http.Handler) http.Handler) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler { return s.boundary.Middleware(guard(next)) }
	}
	return guards{
		member: chain(s.boundary.RequireTenantMembership),
		editor: chain(s.boundary.RequireTenantRole("editor")),
		owner:  chain(s.boundary.RequireTenantRole("owner", "janitor")),
	}
}

// routes mounts the handlers behind the guards.
func (s *service) routes(g guards) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /me", func(w http.ResponseWriter, r *http.Request) {
		if _, err := authenticate(r.Context(), r.Header); err != nil {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	mux.Handle("GET /invoices", g.member(http.HandlerFunc(s.list)))
	mux.Handle("GET /invoices/{id}", g.member(http.HandlerFunc(s.get)))
	mux.Handle("POST /invoices", g.editor(http.HandlerFunc(s.create)))
	mux.Handle("DELETE /invoices/{id}", g.owner(http.HandlerFunc(s.delete)))
	mux.Handle("GET /files/{path...}", g.member(http.RedirectHandler("/elsewhere", http.StatusTemporaryRedirect)))
	return mux
}

// tenantOf is the tenant of the request's scope, or of the token where a test
// has taken the boundary away.
func tenantOf(r *http.Request) string {
	if sc, err := tenant.FromContext(r.Context()); err == nil {
		return sc.Tenant()
	}
	return "acme"
}

func (s *service) list(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = fmt.Fprintln(w, s.invoices[tenantOf(r)])
}

func (s *service) get(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	invoice, ok := s.invoices[tenantOf(r)][r.PathValue("id")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	_, _ = fmt.Fprintln(w, invoice)
}

func (s *service) create(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Content-Type") != "application/json" {
		http.Error(w, "no json", http.StatusUnsupportedMediaType)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

func (s *service) delete(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.invoices[tenantOf(r)][r.PathValue("id")]; !ok {
		http.NotFound(w, r)
		return
	}
	delete(s.invoices[tenantOf(r)], r.PathValue("id"))
	w.WriteHeader(http.StatusNoContent)
}

func contract(t testing.TB) scopetest.Contract {
	c, err := scopetest.ReadContract("testdata/contract.json")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPermutations(t *testing.T) {
	t.Parallel()
	s := newService(t)
	scopetest.Permutations(t, s.routes(s.guards()), contract(t), s.as)
}

// TestWrongHandlers drives handlers that are wrong in one way each.
func TestWrongHandlers(t *testing.T) {
	t.Parallel()
	open := func(next http.Handler) http.Handler { return next }
	mount := func(s *service, pattern string, h http.HandlerFunc) http.Handler {
		right := s.routes(s.guards())
		mux := http.NewServeMux()
		mux.Handle("/", right)
		mux.HandleFunc(pattern, h)
		return mux
	}
	for _, test := range []struct {
		name string
		make func(s *service) http.Handler
		want []string // each found somewhere, and nothing of another guarantee
	}{
		{"right", func(s *service) http.Handler { return s.routes(s.guards()) }, nil},
		{
			"no guard on one route",
			func(s *service) http.Handler {
				h := s.boundary.Middleware(http.HandlerFunc(s.get))
				return mount(s, "GET /invoices/{id}", h.ServeHTTP)
			},
			[]string{
				"guarded: who must not pass a route is refused, with the status that the contract names, but GET /invoices/{id} as outsider answers 200, want 403",
				`leaks: no answer holds what belongs to a tenant other than the caller's, but GET /invoices/{id} as outsider answers 200 with "acme-only"`,
			},
		},
		{
			"no boundary at all",
			func(s *service) http.Handler {
				g := s.guards()
				g.member = open
				return s.routes(g)
			},
			[]string{"guarded: *GET /invoices/{id} as nobody answers 200, want 401", "guarded: *GET /invoices as wrong-env answers 200", "leaks: *as neighbour"},
		},
		{
			"a role that is not demanded",
			func(s *service) http.Handler {
				g := s.guards()
				g.owner = g.member
				return s.routes(g)
			},
			[]string{"guarded: *DELETE /invoices/{id} as member answers 204, want 403", "guarded: *DELETE /invoices/{id} as admin answers 204, want 403"},
		},
		{
			"another role",
			func(s *service) http.Handler {
				g := s.guards()
				g.editor, g.owner = g.owner, g.editor
				return s.routes(g)
			},
			[]string{"guarded: *DELETE /invoices/{id} as admin answers 204, want 403", "available: *POST /invoices as admin answers 403, want 201"},
		},
		{
			"open when the authority does not answer",
			func(s *service) http.Handler {
				g := s.guards()
				g.member = func(next http.Handler) http.Handler {
					guarded := s.boundary.RequireTenantMembership(next)
					return s.boundary.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						if _, err := s.boundary.CheckTenantMembership(r.Context()); tenant.ReasonOf(err) == tenant.ReasonAuthorityUnavailable {
							next.ServeHTTP(w, r)
							return
						}
						guarded.ServeHTTP(w, r)
					}))
				}
				return s.routes(g)
			},
			[]string{"guarded: *GET /invoices as outage answers 200, want 403 or 503", "leaks: *as outage"},
		},
		{
			"another environment is let in",
			func(s *service) http.Handler {
				right := s.routes(s.guards())
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), " staging ", " prod ", 1))
					right.ServeHTTP(w, r)
				})
			},
			[]string{"guarded: *GET /invoices as wrong-env answers 200", "leaks: *as wrong-env"},
		},
		{
			"a header that is believed over the token",
			func(s *service) http.Handler {
				right := s.routes(s.guards())
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.Header.Get("X-Tenant") != "" && r.Method == http.MethodGet && r.URL.Path == "/invoices" {
						s.mu.Lock()
						defer s.mu.Unlock()
						_, _ = fmt.Fprintln(w, s.invoices[r.Header.Get("X-Tenant")])
						return
					}
					right.ServeHTTP(w, r)
				})
			},
			[]string{"guarded: *GET /invoices as mismatched-header answers 200", `leaks: *GET /invoices as mismatched-header answers 200 with "umbrella-only", which is of another tenant`},
		},
		{
			"a guard for GET alone",
			func(s *service) http.Handler {
				right := s.routes(s.guards())
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/invoices" && r.Method != http.MethodGet && r.Method != http.MethodPost {
						s.list(w, r)
						return
					}
					right.ServeHTTP(w, r)
				})
			},
			[]string{"guarded: *HEAD /invoices as nobody answers 200, want what GET has: 401", "listed: *TENANTVET /invoices as nobody answers 200", "leaks: *PUT /invoices as nobody"},
		},
		{
			"an id of another tenant is taken",
			func(s *service) http.Handler {
				h := s.boundary.Middleware(s.boundary.RequireTenantMembership(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					s.mu.Lock()
					defer s.mu.Unlock()
					_, _ = fmt.Fprintln(w, s.invoices["acme"][r.PathValue("id")])
				})))
				return mount(s, "GET /invoices/{id}", h.ServeHTTP)
			},
			[]string{"guarded: *GET /invoices/{id} as neighbour answers 200, want 403 or 404", `leaks: *as neighbour answers 200 with "acme-only"`},
		},
		{
			"a route that is not there",
			func(s *service) http.Handler { return mount(s, "DELETE /invoices/{id}", http.NotFound) },
			[]string{
				"reached: every route of the contract is there, but DELETE /invoices/{id} as owner answers 404, want 204",
				"guarded: *DELETE /invoices/{id} as nobody answers 404, want 401",
			},
		},
		{
			"a router that corrects paths",
			func(s *service) http.Handler {
				return mount(s, "POST /invoices", func(w http.ResponseWriter, r *http.Request) {
					http.Redirect(w, r, "/invoices/", http.StatusMovedPermanently)
				})
			},
			[]string{"redirects: *POST /invoices as nobody answers 301, want 401", "redirects: *POST /invoices as admin answers 301, want 201"},
		},
		{
			"an error for those who may",
			func(s *service) http.Handler {
				g := s.guards()
				h := g.editor(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }))
				return mount(s, "POST /invoices", h.ServeHTTP)
			},
			[]string{"sound: *POST /invoices as admin answers 500, want 201"},
		},
		{
			"a panic for nobody",
			func(s *service) http.Handler {
				return mount(s, "POST /invoices", func(w http.ResponseWriter, r *http.Request) {
					if r.Header.Get("Authorization") == "" {
						panic("no token")
					}
					s.guards().editor(http.HandlerFunc(s.create)).ServeHTTP(w, r)
				})
			},
			[]string{"sound: *POST /invoices as nobody panics: no token"},
		},
		{
			"the end of the goroutine",
			func(s *service) http.Handler {
				return mount(s, "GET /healthz", func(http.ResponseWriter, *http.Request) { goruntime.Goexit() })
			},
			[]string{"sound: *GET /healthz as nobody ends the goroutine of the handler", "sound: *HEAD /healthz"},
		},
		{
			"a body that quotes what was refused",
			func(s *service) http.Handler {
				right := s.routes(s.guards())
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("X-Debug", "owner of acme-only")
					right.ServeHTTP(w, r)
				})
			},
			[]string{`leaks: *GET /healthz as nobody answers 200 with "acme-only"`},
		},
		{
			"answers without content",
			func(s *service) http.Handler {
				g := s.guards()
				empty := g.member(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
				mux := http.NewServeMux()
				mux.Handle("/", s.routes(g))
				mux.Handle("GET /invoices", empty)
				return mux
			},
			nil,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			c := contract(t)
			if test.name == "answers without content" {
				c.Routes = append(c.Routes[:3], c.Routes[4])
				test.want = []string{"markers: *nobody of the home tenant saw \"acme-only\""}
			}
			found, err := scopetest.CheckPermutations(t.Context(), test.make(s), c, s.as)
			if err != nil {
				t.Fatal(err)
			}
			meant := make(map[scopetest.Guarantee]bool)
			for _, want := range test.want {
				name, rest, _ := strings.Cut(want, ": ")
				meant[scopetest.Guarantee(name)] = true
				rest = strings.TrimPrefix(rest, "*")
				if !slices.ContainsFunc(found, func(v scopetest.Violation) bool {
					return string(v.Guarantee) == name && strings.Contains(v.String(), rest)
				}) {
					t.Errorf("nothing says %q", want)
				}
			}
			for i, v := range found {
				if slices.Contains(found[:i], v) {
					t.Errorf("found twice: %s", v)
				}
				if !meant[v.Guarantee] {
					t.Errorf("found as well: %s", v)
				}
			}
		})
	}
}
