// Package globalcache defines the analyzer of process-wide state that is shared
// by all tenants.
//
// # Analyzer globalcache
//
// globalcache: report process-wide state that is written after initialisation and not keyed by tenant
//
// One process serves many tenants. What request code keeps in a package-level
// variable, or in a field of a service that lives as long as the process, is there
// for the next request, whoever sends it. Maps, sync.Map, the in-memory caches of
// known libraries, slices that are appended to, pools and plain variables are looked
// at; what counts is not how they are declared but what is written to them, through
// methods, closures, aliases and from other packages.
//
// This analyzer needs no policy. What must be in a key follows from the policy if
// there is one; keyed by scope is clean.
//
// It stays silent about:
//   - what is written only during initialisation: tables, registries filled by init
//     functions or by what only they call;
//   - state that no request reaches, or that holds nothing of a request: counters,
//     metrics, loggers, compiled patterns, clients, configuration;
//   - values that live for one request or belong to one tenant;
//   - local variables, and test files.
//
// To take a finding out, with a reason: "//tenantvet:shared REASON" where the
// variable or field is declared, which holds for packages that write it as well, or
// where it is written, or a [[shared]] entry with its name in .tenantvet.toml.
//
// # Category unkeyed
//
// An entry of a package-level map or cache is written under a key that does not
// carry the scope.
//
//	var logos = map[string]string{}
//
//	func Logo(w http.ResponseWriter, r *http.Request) {
//		id := r.PathValue("id")
//		if _, ok := logos[id]; !ok {
//			logos[id] = r.FormValue("logo")
//		}
//		fmt.Fprint(w, logos[id])
//	}
//
// is reported as
//
//	package-level map logos is written after initialisation and not keyed by tenant and env: its key is made of Request.PathValue("id") alone
//
// Two tenants with the same id share the entry. Use Map of the runtime package,
// which takes the scope with every call and bounds what one scope may hold, or make
// the scope part of the key.
//
// # Category longlived
//
// An entry of a map or cache in a field of a service, which is made once and serves
// all requests, is written under a key that does not carry the scope.
//
//	type Notes struct {
//		mu   sync.Mutex
//		text map[string]string
//	}
//
//	func (n *Notes) Save(w http.ResponseWriter, r *http.Request) {
//		n.mu.Lock()
//		defer n.mu.Unlock()
//		n.text[r.PathValue("id")] = r.FormValue("text")
//	}
//
// is reported as
//
//	field text of long-lived Notes is written after initialisation and not keyed by tenant and env: its key is made of Request.PathValue("id") alone
//
// A mutex keeps requests from corrupting the map, not from reading each other's
// entries. Mend it as above.
//
// # Category retained
//
// Request data is kept in a package-level variable as a whole or in a pool.
//
//	var recent []string
//
//	func Recent(w http.ResponseWriter, r *http.Request) {
//		recent = append(recent, r.FormValue("q"))
//		fmt.Fprint(w, recent)
//	}
//
// is reported as
//
//	package-level slice recent is written after initialisation with Request.FormValue("q") (from the request) and not keyed by tenant: the next request finds it
//
// Keep it per tenant, or clear an object before it goes back to its pool.
//
// # Category swappable
//
// A package-level function, interface or client can be replaced while the process
// serves requests.
//
//	type TenantResolver interface {
//		TenantOf(r *http.Request) (string, error)
//	}
//
//	var resolver TenantResolver
//
//	func SetResolver(r TenantResolver) { resolver = r }
//
//	func TenantOf(r *http.Request) (string, error) { return resolver.TenantOf(r) }
//
// is reported as
//
//	package-level resolver can be replaced at run time by whoever imports the package, for every tenant
//
// Whoever decides who the tenant is decides it for all. Pass the resolver to what
// needs it, as a field that is set when the service is made.
package globalcache
