// Package scopesource defines the analyzer of scope that is taken from what the
// client sends.
//
// # Analyzer scopesource
//
// scopesource: report tenants, environments and users that enter the scope from the request, unchecked
//
// Keys and statements are proven against the scope, so whoever decides the scope
// decides everything. This analyzer looks at the places where scope is stored: under
// a key of the context that a source reads, by a function that the policy calls a
// setter ([[setter]]) or that does so by way of others, in fields that the policy declares as
// sources. What is stored there must come from the signed-in
// caller. A header, a query parameter, a path, a cookie, a body, metadata of gRPC is
// the client's word; it counts once it was compared with the scope, passed a guard, or
// named a row that was found in the scope.
//
// Which keys hold scope is known from [[source]]: contextkey and contextstring, and the
// bodies of functions that are sources, also where the key is not exported.
//
// It stays silent about:
//   - what a function out of sight makes of the request, such as one that verifies a
//     token: what it returns is not what the client wrote;
//   - a value that a call took together with the context, and could have refused;
//   - a record that was looked up for the context, or within the scope;
//   - a record that was looked up by something that does not claim to be the dimension:
//     that is how credentials work; and what was found to be the same as such a record
//     says, or a token that was verified;
//   - what a message of a queue says, which the service has put there itself; where others
//     can, the policy calls it the client's word ([[origin]] with kind = "request");
//   - a tenant that the client names in a key or statement: that is unscopedkey/misscoped;
//   - a tenant that a handler hands to a parameter that the policy calls scope: routes
//     name tenants in their paths, and their guards are missingtenant's;
//   - code without sources, and test files.
//
// To take a finding out, where a trusted proxy sets the header for example:
// "//tenantvet:ignore scopesource/request REASON" where the value is read or where it is
// stored, or an [[exempt]] entry.
//
// # Category request
//
// What the client sent becomes the scope.
//
//	type tenantKey struct{} // the policy says: the context holds the tenant under it
//
//	func Tenancy(next http.Handler) http.Handler {
//		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
//			ctx := context.WithValue(r.Context(), tenantKey{}, r.Header.Get("X-Tenant-ID"))
//			next.ServeHTTP(w, r.WithContext(ctx))
//		})
//	}
//
// is reported as
//
//	Header.Get("X-Tenant-ID") (from the request) becomes the tenant by way of context.WithValue: nothing proves that it is the caller's
//
// Any client can write any tenant there. Take the tenant from what the sign-in decided,
// or let the client choose among the caller's own tenants only, as the Boundary of the
// runtime package does.
//
// # Category chosen
//
// What the client sent chooses the record that becomes the scope.
//
//	type Org struct{ ID, Name string }
//
//	type Orgs interface {
//		ByName(name string) (*Org, error)
//	}
//
//	type orgKey struct{} // the policy says: the context holds the tenant under it
//
//	func WithOrg(r *http.Request, orgs Orgs) (*http.Request, error) {
//		org, err := orgs.ByName(r.Header.Get("X-Tenant"))
//		if err != nil {
//			return nil, err
//		}
//		return r.WithContext(context.WithValue(r.Context(), orgKey{}, org)), nil
//	}
//
// is reported as
//
//	Header.Get("X-Tenant") (from the request) chooses the record that becomes the tenant by way of context.WithValue: nothing proves that it is the caller's
//
// That there is such an organisation does not make it the caller's. Look it up among
// those that the caller belongs to.
//
// # Category second
//
// What the client sent is put into the context for an accessor of its own, beside the
// source of the tenant.
//
//	type wishKey struct{}
//
//	func Wish(ctx context.Context) string {
//		id, _ := ctx.Value(wishKey{}).(string)
//		return id
//	}
//
//	func WithWish(next http.Handler) http.Handler {
//		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
//			ctx := context.WithValue(r.Context(), wishKey{}, r.Header.Get("X-Tenant-ID"))
//			next.ServeHTTP(w, r.WithContext(ctx))
//		})
//	}
//
// is reported as
//
//	Header.Get("X-Tenant-ID") (from the request) is what second.Wish hands out, beside the source of the tenant: nothing proves that it is the caller's
//
// Whoever finds the accessor takes what it returns for the caller's. Check the value
// before it is stored, or let handlers ask the source. Reported where the accessor, of a
// text, stands in the package that stores it, and the name under which the client sent
// the value claims to be a tenant or an environment.
//
// # Category forged
//
// A value of a sealed type, the runtime's Scope or a type that the policy declares as
// a source, is made or changed past the package that hands it out: by an unsafe
// pointer, to it or to something that holds one, by reflection, or by a function that is
// linked by its name. No other conversion, no decoder and no composite literal makes one
// of the runtime's that is valid; of a type of your own they can, and then what the client
// sent is told as request.
//
//	func Become(tenantID, user string) tenant.Scope {
//		forged := struct{ tenant, user, role string }{tenantID, user, "owner"}
//		return *(*tenant.Scope)(unsafe.Pointer(&forged))
//	}
//
// is reported as
//
//	runtime.Scope is made by an unsafe pointer, past who hands it out: what it says was decided here
//
// Take the scope from the Boundary, an envelope or a System.
package scopesource
