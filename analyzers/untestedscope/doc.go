// Package untestedscope defines the analyzer of repositories and caches without a
// test of their isolation.
//
// # Analyzer untestedscope
//
// untestedscope: report repositories and caches of tenants that no test of isolation is about
//
// What is proven by reading should hold when it runs: a query may be right and the
// view under it not, a cache may fold its keys. The kit in the runtime's scopetest
// finds that out, in one call for each repository or cache. This analyzer tells which
// of them have none.
//
// It says nothing unless the policy names the files with tests of isolation:
//
//	[tests]
//	isolation = ["internal/*/*_test.go", "test/isolation/*_test.go"]
//	packages = ["./internal/store/..."] # whose types want a test; without it, all
//
// A repository or cache is a struct with a method that calls a cache, an object or
// embedded store, or runs a statement, that must be bound to the scope. It is tested if
// a function of these files runs Isolation, or CheckIsolation, of scopetest and speaks of
// the type or of a function that makes one, by itself or in others of its file.
//
// It stays silent about:
//   - functions that are no methods, and types that get there by way of others: those
//     are asked about;
//   - maps, locks, topics and tasks;
//   - generated code, and packages that [accept] compared names;
//   - a test that does not compile, or is skipped: files are read, not run.
//
// To take a finding out: "//tenantvet:ignore untestedscope REASON" at the type, or an
// [[exempt]] entry.
//
// # Category untested
//
// No test of isolation is about a type that keeps what belongs to tenants.
//
//	type Drafts struct{ rdb *redis.Client } // the policy names the files with tests of isolation
//
//	func (d *Drafts) Save(ctx context.Context, sc tenant.Scope, id, text string) error {
//		key, err := tenant.NewKey(sc, "draft", id)
//		if err != nil {
//			return err
//		}
//		return d.rdb.Set(ctx, key.String(), text, time.Hour).Err()
//	}
//
// is reported as
//
//	no test of isolation is about Drafts, which keeps what belongs to tenants by Client.Set
//
// "tenantvet gen isolation-test ./drafts.Drafts" prints a test to begin with: it
// compiles, and fails until it is filled in.
package untestedscope
