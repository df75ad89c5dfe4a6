// Package missingtenant defines the analyzer of routes.
//
// # Analyzer missingtenant
//
// missingtenant: report routes, and tasks, that get to data of tenants past their guards
//
// A route whose handler reads or changes data of tenants has to stand behind a guard
// that lets only members of the tenant pass, and, where that is asked for, only
// holders of a role. What stands in front of a route is read off the code that wires
// it, through groups, sub-routers, wrapped handlers and other packages; "tenantvet
// routes" shows it.
//
// Guards are
//   - RequireTenantMembership, RequireTenantRole and the other guards of tenantvet's
//     runtime;
//   - what a [[guard]] entry of the policy names, a middleware or a function that a
//     handler calls;
//   - middleware and functions that do their work by one of these: they let nobody on
//     where it refused. A source of the policy that was found to have a scope counts
//     as one, too.
//
// A guard in a handler counts for what comes after it, on every way there, and only
// if its word is heeded.
//
// Data of tenants is what unscopedkey looks at, keys and statements that need a
// tenant, however many calls away; and methods of interfaces that cannot be followed
// but take a tenant, or records that have one. A task, a topic or a job is asked for
// less: something that establishes a scope, such as a sealed envelope that is opened.
//
// It stays silent where nothing names a guard: without our runtime and without a
// [[guard]] in the policy. It is silent about routes that get to no data of tenants,
// or to nothing but rows that tenants share, such as people (members of [[table]]), about
// routes whose handler or middleware cannot be told, and about routers that are handed
// on: what stands in front of them, whoever mounts them says.
//
// Routes for everybody are said to be: "//tenantvet:public REASON" at the line that
// registers the route, or the group, or a [[public]] entry in .tenantvet.toml. Those
// that are so by custom, such as /healthz and /metrics, are known. A role is asked
// for by "//tenantvet:role ROLES" in the same places, or by a [[role]] entry.
//
// In the examples s.show is a handler that reads an invoice of the caller's tenant,
// and s.guard the Boundary of the service.
//
// # Category unguarded
//
// A route is behind no guard, and its handler gets to data of tenants.
//
//	func (s *Shop) Serve() error {
//		mux := http.NewServeMux()
//		mux.HandleFunc("GET /invoices/{id}", s.show)
//		return http.ListenAndServe(":8080", s.guard.Middleware(mux))
//	}
//
// is reported as
//
//	GET /invoices/{id} is behind no membership guard, and its handler (*unguarded.Shop).show reads cached data (Client.Get)
//
// Who is signed in somewhere gets at the data of any tenant that a header names. Put
// the guard in front of it, of its group or of the router. If all routes of a router
// or a group want one, that is one finding.
//
// # Category norole
//
// A route is for holders of a role, and no guard asks for it, or for another one.
//
//	func (s *Shop) Serve() error {
//		mux := http.NewServeMux()
//		//tenantvet:role admin
//		mux.Handle("GET /audit/{id}", s.guard.RequireTenantMembership(http.HandlerFunc(s.show)))
//		return http.ListenAndServe(":8080", s.guard.Middleware(mux))
//	}
//
// is reported as
//
//	GET /audit/{id} is for role admin, and no guard asks for it
//
// Any member gets there. A guard that accepts several roles holds only if each of
// them is among those that are asked for.
//
// # Category failopen
//
// A middleware asks a guard and lets the request on though it refused; or a handler
// goes on.
//
//	func (s *Shop) member(next http.Handler) http.Handler {
//		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
//			if _, err := s.guard.CheckTenantMembership(r.Context()); err != nil {
//				http.Error(w, "forbidden", http.StatusForbidden)
//			}
//			next.ServeHTTP(w, r)
//		})
//	}
//
//	func (s *Shop) Serve() error {
//		mux := http.NewServeMux()
//		mux.Handle("GET /invoices/{id}", s.member(http.HandlerFunc(s.show)))
//		return http.ListenAndServe(":8080", s.guard.Middleware(mux))
//	}
//
// is reported as
//
//	requests go on that Boundary.CheckTenantMembership refused, and nothing else guards GET /invoices/{id}
//
// Mostly a return is missing. Where the check is optional on purpose, something else
// has to guard the routes behind it.
//
// # Category ignored
//
// Nobody looks at what a guard says.
//
//	func (s *Shop) Invoice(w http.ResponseWriter, r *http.Request) {
//		_, _ = s.guard.CheckTenantMembership(r.Context())
//		s.show(w, r)
//	}
//
// is reported as
//
//	nobody looks at what Boundary.CheckTenantMembership says: whom it refuses gets on
//
// # Category late
//
// The handler gets to data of tenants before it asks.
//
//	func (s *Shop) first(w http.ResponseWriter, r *http.Request) {
//		s.show(w, r)
//		if _, err := s.guard.CheckTenantMembership(r.Context()); err != nil {
//			http.Error(w, "forbidden", http.StatusForbidden)
//		}
//	}
//
//	func (s *Shop) Serve() error {
//		mux := http.NewServeMux()
//		mux.HandleFunc("GET /invoices/{id}", s.first)
//		return http.ListenAndServe(":8080", s.guard.Middleware(mux))
//	}
//
// is reported as
//
//	the guard of GET /invoices/{id} comes too late: its handler (*late.Shop).first reads cached data (Client.Get) first
//
// # Category order
//
// A guard stands before what it builds on: one of a role before one of the
// membership, or one of the runtime before its Boundary has established a scope.
//
//	func (s *Shop) Serve() error {
//		mux := http.NewServeMux()
//		mux.HandleFunc("GET /invoices/{id}", s.show)
//		return http.ListenAndServe(":8080", s.guard.RequireTenantMembership(s.guard.Middleware(mux)))
//	}
//
// is reported as
//
//	(*runtime.Boundary).RequireTenantMembership stands before what it builds on, so it proves nothing: GET /invoices/{id}
//
// # Category deadmiddleware
//
// A guard is added to a router after the route, and the router applies to a route
// what was there when it was registered.
//
//	func (s *Shop) Serve() error {
//		r := gin.New()
//		r.Use(gin.WrapH(s.guard.Middleware(nil)))
//		r.GET("/invoices/:id", gin.WrapF(s.show))
//		r.Use(s.member)
//		return r.Run(":8080")
//	}
//
//	func (s *Shop) member(c *gin.Context) {
//		if _, err := s.guard.CheckTenantMembership(c.Request.Context()); err != nil {
//			c.AbortWithStatus(http.StatusForbidden)
//		}
//	}
//
// is reported as
//
//	(*deadmiddleware.Shop).member comes too late for GET /invoices/:id: it applies to what is registered after it
//
// Gin and the groups of echo are like this; gorilla/mux and echo itself are not, and
// chi panics.
//
// # Category partial
//
// A guard is there on some paths only: a condition decides whether it is put in front
// of the route, or the handler asks on one branch and not on the other; or it is for
// unary calls of gRPC, and streams go past it, or is a directive of GraphQL on an argument
// that may be left out.
//
//	func (s *Shop) Serve(strict bool) error {
//		var h http.Handler = http.HandlerFunc(s.show)
//		if strict {
//			h = s.guard.RequireTenantMembership(h)
//		}
//		mux := http.NewServeMux()
//		mux.Handle("GET /invoices/{id}", h)
//		return http.ListenAndServe(":8080", s.guard.Middleware(mux))
//	}
//
// is reported as
//
//	(*runtime.Boundary).RequireTenantMembership guards GET /invoices/{id} on some paths only, and the handler (*partial.Shop).show reads cached data (Client.Get)
package missingtenant
