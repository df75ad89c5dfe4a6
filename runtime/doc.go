// Package runtime hands out the only scope that tenantvet's analyzers believe:
// who the caller is (tenant, environment, user, role), in a form that cannot be
// forged, forgotten or mixed up without an error. It imports the standard
// library only. By convention it is imported as tenant:
//
//	import tenant "github.com/tenantvet/tenantvet/runtime"
//
// # The contract
//
// A [Scope] is sealed. Its fields are unexported, its zero value is invalid, and
// no decoder can fill it. Every function of this package refuses an invalid
// scope with [ErrInvalidScope]. Whoever holds a valid Scope holds the identity
// that was resolved once, at the edge of the service; everything below derives
// from it and takes no tenant from anywhere else.
//
// A scope travels in a context. [NewContext] puts it in and refuses to replace a
// different one; [FromContext] gets it out, and a missing scope is the error
// [ErrNoScope], never an empty one. Both fail closed: where an error is ignored,
// what was returned with it is invalid and is refused by the next call.
//
// A [Key] always holds the tenant and the environment, and with [NewUserKey] the
// user. Building keys is injective: two keys are equal only if they were made
// for the same tenant, environment and user from the same parts in the same
// order, whatever the parts contain. A [Hasher] turns a key into text of a fixed
// length that shows no ids.
//
// A [Map] replaces a package-level map, a [Group] replaces a singleflight group.
// Both put the scope's tenant and environment in front of every key, and never
// show one scope what belongs to another.
//
//	func (s *Store) Invoice(ctx context.Context, id string) (*Invoice, error) {
//		sc, err := tenant.FromContext(ctx)
//		if err != nil {
//			return nil, err
//		}
//		key, err := tenant.NewKey(sc, "invoice", id)
//		if err != nil {
//			return nil, err
//		}
//		raw, err := s.redis.Get(ctx, key.String()).Bytes()
//		…
//	}
//
// # Where a scope comes from
//
// There is no constructor. A scope is born where the caller has been verified: at
// the [Boundary], which is the edge of a service; of an envelope that another
// process of the service has signed; and where a [System] visits tenants one
// after the other. A [Boundary] is made by [New] of a [Config] without defaults,
// and used as middleware or, in other frameworks, by calling [Boundary.Admit]:
//
//	boundary, err := tenant.New(tenant.Config{…})
//	…
//	http.ListenAndServe(addr, boundary.Middleware(mux))
//
// It asks the service's own [Authenticator] who is calling and its [Directory]
// which tenants that user belongs to, and lets the resolver decide: [Evaluate]
// and [Decide] are pure functions that never guess. Several tenants need a choice
// by the caller, and the answer to a choice of somebody else's tenant is the same
// whether it exists or not. What does not get through is a [Refusal] with a
// [Reason] of a closed set, answered as a problem document.
//
// Behind the boundary, [Boundary.RequireTenantMembership] and
// [Boundary.RequireTenantRole] ask the service's [Authority]. They leave a
// [Membership] or [Role] that functions can demand as parameters. A [Pipeline] is
// a boundary that asks for quota and governance as well, in a fixed order.
//
// Work that outlives a request goes on in a context of [Detach].
//
// # What is printed
//
// A scope redacts itself: fmt, log/slog and String show the environment and
// which other parts are set, never their values, and encoders (JSON, XML, gob)
// get an error. The printed form is therefore the same for all tenants and is no
// key. A key, in contrast, is made to be read by a store: its String holds the
// ids in the clear. It redacts itself in log/slog only; use a [Hasher] where
// keys are visible to others.
//
// All errors wrap one of the Err values of this package, or are a [*Refusal] or
// hold a [*ConfigError], say what to do, and hold no id. Nothing in the package panics on bad input, and it has no state of
// its own: no default, no registry, nothing that an import could swap.
package runtime
