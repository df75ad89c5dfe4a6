// Package failopen defines the analyzer of code that goes on where the scope is
// not there.
//
// # Analyzer failopen
//
// failopen: report code in which a scope that is missing widens what is done
//
// A missing tenant is an error. Where it is an empty string instead, a default, or a
// second try without it, the request goes on with somebody else's data, or with
// everybody's. This analyzer looks at what happens where the scope is not there: in
// accessors, where a default takes its place, where a lookup with the scope has failed,
// and where a setting of the process decides, and may not be set.
//
// It stays silent about:
//   - accessors that return an error or a bool, panic, or return a nil pointer, which
//     whoever uses it notices;
//   - a default that is itself the caller's scope, or that is chosen by more than that
//     the first value is empty;
//   - a second lookup that has the scope, too, finds something else, or is made for
//     another reason than that the first has failed;
//   - a predicate that is added only where there is scope: that is unscopedkey/conditional;
//   - settings that are asked for before they are used, wherever in their package that is,
//     those that a package of its own reads from a file, and those that decide nothing
//     about callers;
//   - code without sources, and test files.
//
// To take a finding out: "//tenantvet:ignore failopen/zero REASON" on the line, or an
// [[exempt]] entry.
//
// # Category zero
//
// An accessor hands out an empty dimension where the context holds none.
//
//	type tenantKey struct{} // the policy says: the context holds the tenant under it
//
//	func TenantOf(ctx context.Context) string {
//		if t, ok := ctx.Value(tenantKey{}).(string); ok {
//			return t
//		}
//		return ""
//	}
//
// is reported as
//
//	zero.TenantOf hands out an empty tenant where the context holds none, and does not say so: who does not look goes on without
//
// Rows and entries of the empty tenant exist sooner or later, and everybody without a
// tenant shares them. Return an error, as FromContext of the runtime package does.
//
// # Category fallback
//
// A constant takes the place of a tenant or environment that is empty.
//
//	type tenantKey struct{} // the policy says: the context holds the tenant under it
//
//	func Bucket(ctx context.Context) string {
//		tenantID, _ := ctx.Value(tenantKey{}).(string)
//		if tenantID == "" {
//			tenantID = "default"
//		}
//		return "uploads-" + tenantID
//	}
//
// is reported as
//
//	"default" takes the place of an empty tenant: who has none acts in it
//
// In a function that the policy declares as a source, anything else that is returned
// where what was found first is empty counts, such as what a configuration file says.
//
// # Category retry
//
// A lookup that failed with the scope is made again without it.
//
//	type Invoice struct{ ID string }
//
//	type Invoices interface {
//		InTenant(ctx context.Context, id, tenantID string) (*Invoice, error)
//		Get(ctx context.Context, id string) (*Invoice, error)
//	}
//
//	func Find(ctx context.Context, all Invoices, id, tenantID string) (*Invoice, error) {
//		inv, err := all.InTenant(ctx, id, tenantID)
//		if err != nil {
//			inv, err = all.Get(ctx, id)
//		}
//		return inv, err
//	}
//
// is reported as
//
//	Invoices.Get is made where Invoices.InTenant failed, and is not restricted by tenant: it finds what the first lookup must not
//
// What is not found in the tenant is not there. Return the error.
//
// # Category empty
//
// An argument that selects rows may be empty, and the policy says that the function
// must not be called so (filled, in [[func]]): rows whose column is empty belong to
// nobody in particular, and all of them fit.
//
//	type Keys interface {
//		RevokeOfOwner(ctx context.Context, ownerID string) error // filled = "ownerID"
//	}
//
//	func Offboard(ctx context.Context, keys Keys, ownerID string) error {
//		return keys.RevokeOfOwner(ctx, ownerID)
//	}
//
// is reported as
//
//	Keys.RevokeOfOwner may be called with an empty ownerID: every row without one fits
//
// Refuse the empty argument before the call.
//
// # Category skipped
//
// A check of whose something is stands only where there is a scope to compare with,
// or a guard to ask.
//
//	type tenantKey struct{} // the policy says: the context holds the tenant under it
//
//	func Allowed(ctx context.Context, ownerTenantID string) error {
//		tenantID, _ := ctx.Value(tenantKey{}).(string)
//		if tenantID != "" && ownerTenantID != tenantID {
//			return fmt.Errorf("not found")
//		}
//		return nil
//	}
//
// is reported as
//
//	the comparison with the tenant is skipped where there is no Context.Value(tenantKey): everybody passes then
//
// Refuse whoever has no tenant, and compare always.
//
// # Category unconfigured
//
// A secret by which callers are told apart, or a tenant, is a variable of the process
// that may not be set.
//
//	func Sign(message []byte) []byte {
//		mac := hmac.New(sha256.New, []byte(os.Getenv("LINK_SECRET")))
//		mac.Write(message)
//		return mac.Sum(nil)
//	}
//
// is reported as
//
//	hmac.New relies on LINK_SECRET, which may not be set: nothing asks, and everybody has the empty secret
//
// It works without a word, and anybody can sign. A text of the program that takes its
// place is as bad: whoever reads the code has it. Stop where it is not set. Known are
// keys of HMAC and of golang-jwt, what is compared with a credential that the client
// sent, what becomes the scope, and what the policy says (signs, in [[func]]).
//
// # Category swallowed
//
// What a call returned with an error that nobody heeds becomes a tenant, or a secret
// by which callers are told apart.
//
//	type Directory interface {
//		TenantOf(ctx context.Context, token string) (string, error)
//	}
//
//	type tenantKey struct{} // the policy says: the context holds the tenant under it
//
//	func SignIn(r *http.Request, d Directory) *http.Request {
//		tenantID, _ := d.TenantOf(r.Context(), r.Header.Get("Authorization"))
//		return r.WithContext(context.WithValue(r.Context(), tenantKey{}, tenantID))
//	}
//
// is reported as
//
//	nobody heeds the error of Directory.TenantOf, and what it returns becomes the tenant by way of context.WithValue: where it failed, that is nobody
//
// Whoever is nobody's shares the empty tenant with all the others. Refuse them.
package failopen
