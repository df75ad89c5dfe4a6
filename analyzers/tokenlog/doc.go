// Package tokenlog defines the analyzer of credentials that get into logs,
// errors, traces and metrics.
//
// # Analyzer tokenlog
//
// tokenlog: report credentials that get into logs, errors, traces and metrics, and tenants that are labels of metrics
//
// Whoever can read the logs of a service reads those of all its tenants. A bearer
// token in a line of the log makes every such reader a member of every tenant, for
// as long as the token lives, and logs outlive it.
//
// A credential is known by where it comes from: a header, cookie, parameter or
// variable of the process whose name says so (Authorization, X-Api-Key, ...), the
// password of basic authentication, metadata of gRPC, an envelope of the runtime
// package, and what the policy calls one ([[secret]]). It is followed through
// prefixes cut off, formatting, encodings, structs, helpers and wrappers of loggers,
// in other packages too, to log, slog, zap, zerolog, logrus and logr, to what fmt
// prints, to errors that clients are told, attributes of spans and labels of
// metrics, and to what the policy calls such ([[output]]).
//
// It stays silent about:
//   - what does not hold the credential: a digest of it, some of its characters, its
//     length, whether it is there, what was looked up by it;
//   - what a function out of sight makes of it;
//   - values of types that print as something else: by LogValue, String, Format or
//     MarshalText, or as the policy says (redacts = true);
//   - loggers whose handler takes credentials out: that of the runtime's scopelog,
//     where it is in sight that the logger is made of it, and loggers of packages that
//     the policy names in [accept] redacted;
//   - what programs print for whoever started them, in functions without a context or
//     request;
//   - tenants and users as labels of metrics, unless the policy says labels = false in
//     [accept]: many services count by tenant on purpose;
//   - answers other than errors, since signing in means handing out a token;
//   - test files.
//
// To take a finding out: "//tenantvet:ignore tokenlog/log REASON" on the line, or an
// [[exempt]] entry.
//
// # Category log
//
// A credential gets into the log, or is printed.
//
//	func Login(w http.ResponseWriter, r *http.Request) {
//		auth := r.Header.Get("Authorization")
//		slog.Info("signing in", "auth", auth)
//	}
//
// is reported as
//
//	Header.Get("Authorization") gets into the log by slog.Info: who reads that can act in the caller's name
//
// Log who it was instead, once that is known. Where values are logged that may hold
// credentials, let the handler of the runtime's scopelog take them out.
//
// # Category response
//
// A credential gets into the error that a client is told.
//
//	func Show(w http.ResponseWriter, r *http.Request) {
//		if key := r.Header.Get("X-Api-Key"); len(key) != 32 {
//			http.Error(w, fmt.Sprintf("%s is not a key", key), http.StatusUnauthorized)
//		}
//	}
//
// is reported as
//
//	Header.Get("X-Api-Key") gets into the error that the client is told by http.Error: who reads that can act in the caller's name
//
// Proxies and error trackers keep answers. Say what is wrong, not with what.
//
// # Category trace
//
// A credential becomes an attribute of a span or a label of a metric.
//
//	type Span interface{ Tag(key, value string) } // the policy says: Tag makes an attribute of a span
//
//	func Trace(span Span, r *http.Request) {
//		span.Tag("session", r.Header.Get("Cookie"))
//	}
//
// is reported as
//
//	Header.Get("Cookie") gets into the trace by Span.Tag: who reads that can act in the caller's name
//
// Traces and metrics are kept by other services, often elsewhere.
//
// # Category dump
//
// A request or a header is shown as a whole.
//
//	func Debug(w http.ResponseWriter, r *http.Request) {
//		slog.Debug("request", "header", r.Header)
//	}
//
// is reported as
//
//	r.Header gets into the log by slog.Debug: its credentials are in it
//
// Show the headers that matter, by name. The middleware of the runtime's scopelog
// logs requests without their credentials.
//
// # Category label
//
// The caller's tenant or user is a label of a metric.
//
//	type Counter interface{ Add(n int, labels ...string) } // the policy says: Add makes labels
//
//	func Count(sc tenant.Scope, requests Counter) {
//		requests.Add(1, sc.Tenant())
//	}
//
// is reported as
//
//	the tenant is a label in Counter.Add: each makes a series of its own, for whoever reads the metrics
//
// The store of the metrics grows with the number of tenants, and its readers see who
// they are and how much they do. Count by plan, or keep the numbers of each tenant
// where its data is. Reported only if the policy says labels = false in [accept].
package tokenlog
