// Package scopetest is the isolation test kit: it proves that a service keeps
// its tenants apart, and is meant for the tests of services, whether or not they
// use the rest of tenantvet's runtime.
//
//   - [Isolation] takes a repository, cache, lock or anything else that keeps
//     records by id, as a few functions, and proves that what one tenant,
//     environment or user wrote cannot be seen or changed by another.
//   - [Permutations] takes an [net/http.Handler] and a [Contract] that says who
//     may pass which route, and drives every route as everybody: nobody, an
//     outsider, a member, an admin, an owner, somebody from another environment,
//     with a header that contradicts the credentials, during an outage, and as
//     the owner of another tenant.
//   - [Scope] and [Context] are scopes for tests.
//
// What is proved is a closed list of guarantees, [Guarantees], each with the
// sentence that a failure says was broken. Each run first puts something broken
// in place of what is tested, for each of its guarantees, and fails if it is not
// caught: the kit is not green because it is blind. [CheckIsolation] and
// [CheckPermutations] return what they find instead of failing a test, for parts
// that are broken on purpose.
//
// Tests should run with -race. Everything but the interleaving of goroutines is
// the same in each run.
package scopetest
