// Package rawenv defines the analyzer of environments and tenants that are
// texts in the code.
//
// # Analyzer rawenv
//
// rawenv: report environments that are compared as texts, and tenants and environments that are literals
//
// An environment is one of a few: dev, staging, prod. As a text it is anything:
// "prod" here and "production" there are both right for the compiler, and the
// branch that was meant for production is never taken. The Env of the runtime
// package, or a type of the project's own that the policy calls one (env = true in
// [[type]]), is read once, and wrong spellings are refused there.
//
// This analyzer looks at the environment of the caller's scope, at values of these
// types that are turned back into texts, and at what holds the environment that the
// process runs in: functions and fields that the policy names ([[origin]] with kind =
// "env"), and variables of the process that are called as [dimensions] says. How
// environments are spelt is known of the runtime's type, of types that have
// constants, and of others if the policy says so ([environments]). A variable that
// merely has the name of an environment proves nothing.
//
// It stays silent about:
//   - comparisons with the empty text, and with constants that have a name: they are
//     spelt in one place;
//   - the package that declares the type, or holds what the process runs in, functions
//     that return the type, and initialisers: that is where texts become environments;
//     and, for what the process runs in, package main;
//   - literal users, literal tenants in package main, and those where there is neither
//     a context nor a request: programs run for somebody, what a service does by
//     itself it does under a name, and nothing there could know better;
//   - code that knows no environments: it neither has the runtime package, nor a
//     policy with a source of them, a type or an origin;
//   - test files.
//
// To take a finding out: "//tenantvet:ignore rawenv/compared REASON" on the line, or
// an [[exempt]] entry.
//
// # Category compared
//
// An environment is compared with a literal.
//
//	func Send(sc tenant.Scope, mail string) error {
//		if sc.Env().String() != "prod" {
//			return nil
//		}
//		return fmt.Errorf("not sent: %s", mail)
//	}
//
// is reported as
//
//	Env.String is compared with the text "prod": a type of environments would refuse other spellings
//
// Ask the value: IsProd of the runtime's Env, or the constant of your own type.
//
// # Category spelling
//
// A literal that is compared with an environment, or made one, is none of those
// that there are.
//
//	func Live(sc tenant.Scope) bool {
//		return sc.Env().String() == "production"
//	}
//
// is reported as
//
//	"production" is no environment: Env.String is one of dev, staging and prod
//
// The comparison is never true. ParseEnv of the runtime package knows other
// spellings; what it returns prints as one of these.
//
// # Category key
//
// The environment that the process runs in is a part of a key as a text.
//
//	type Config struct{ Stage string } // the policy says: the environment of the process
//
//	func Entry(sc tenant.Scope, cfg Config, rdb *redis.Client) string {
//		return rdb.Get(context.Background(), sc.Env().String()+":"+sc.Tenant()+":"+cfg.Stage).Val()
//	}
//
// is reported as
//
//	cfg.Stage is part of the key as it is spelt: a key of another spelling is another key
//
// A process that is configured as "production" does not find what one wrote that is
// configured as "prod". Read it into a type first, and print that.
//
// # Category literal
//
// A tenant or an environment is a literal.
//
//	type Invoice struct{ TenantID, Text string }
//
//	func Welcome(ctx context.Context, text string) Invoice {
//		return Invoice{TenantID: "acme", Text: text}
//	}
//
// is reported as
//
//	the tenant in Invoice.TenantID is the literal "acme": it is this one's whoever asks
//
// Take it from the caller's scope. What belongs to the service itself should have a
// constant with a name that says so.
package rawenv
