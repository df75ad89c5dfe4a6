// Package lostscope defines the analyzer of contexts that lose the caller's
// scope on the way.
//
// # Analyzer lostscope
//
// lostscope: report bare contexts where the caller's scope is needed, and contexts that are rebuilt without it
//
// Scope travels in a context. Work that is begun with context.Background or
// context.TODO instead of the request's context has none: the source at its end
// fails, or hands out an empty tenant, and what is written is nobody's or
// everybody's. This analyzer knows of each function whether it takes scope out of
// a context that it is handed, itself or through what it calls, in other packages
// too. It reports where request code hands such a function a bare context: in the
// same goroutine, in a new one, in a literal that is run later. Consumers and workers
// have a context of their own: it reports where they hand on that one. So have some
// frameworks, of which the policy says so (owncontext, in [[type]] and [[func]]), since
// it depends on how they are set up what is in theirs.
//
// Sources are those of tenantvet's runtime package and of the policy.
//
// It stays silent about:
//   - context.WithoutCancel and Detach of the runtime package: they keep the scope;
//   - a bare context in which scope is stored again, by the runtime, by a function
//     that the policy calls a setter, or under the key that a source reads;
//   - code that no request reaches: main, init functions, functions that take
//     neither a context nor a request and are called by none that does;
//   - scope that is only printed, by something that the models or the policy call
//     benign;
//   - consumers that open the scope of the message and store it, those that are begun with
//     the scope of one tenant, and handlers of tasks where middleware that stores scope, or
//     is out of sight, is set up beside them;
//   - a bare context in place of none: if ctx == nil { ctx = context.Background() };
//   - contexts kept in fields, and test files.
//
// To take a finding out: "//tenantvet:ignore lostscope/dropped REASON" on the line,
// or an [[exempt]] entry.
//
// # Category dropped
//
// Something that takes scope out of its context is handed a bare one.
//
//	func (s *Shop) Close(w http.ResponseWriter, r *http.Request) {
//		go s.archive(context.Background(), r.PathValue("id"))
//	}
//
//	func (s *Shop) archive(ctx context.Context, id string) (tenant.Key, error) {
//		sc, err := tenant.FromContext(ctx)
//		if err != nil {
//			return tenant.Key{}, err
//		}
//		return tenant.NewKey(sc, "archive", id)
//	}
//
// is reported as
//
//	Shop.archive needs the caller's tenant, env and user, which the context of context.Background does not hold: it runs without scope
//
// The request's context is canceled when the request ends, so it cannot be used
// either. Hand over what Detach of the runtime package makes of it,
// context.WithoutCancel(ctx), or a context in which the scope is stored again.
//
// # Category rebuilt
//
// A function that stores scope in a context begins with a bare one and does not
// look at the one that it is handed.
//
//	type tenantKey struct{} // the policy says: the context holds the tenant under it
//
//	func WithTenant(ctx context.Context, tenantID string) context.Context {
//		return context.WithValue(context.Background(), tenantKey{}, tenantID)
//	}
//
// is reported as
//
//	WithTenant stores tenant in a context made of context.Background and drops ctx: what else the caller's context holds is lost
//
// What is lost is not only the deadline: the environment and the user go the same
// way. Store it in the context that was handed in.
//
// # Category unopened
//
// A consumer, or a handler of tasks, hands its own context to something that takes the
// scope out of it.
//
//	type Queue interface { // the policy says: Each receives
//		Each(f func(id string) error) error
//	}
//
//	func (s *Shop) Work(ctx context.Context, queue Queue) error {
//		return queue.Each(func(id string) error {
//			_, err := s.file(ctx, id)
//			return err
//		})
//	}
//
//	func (s *Shop) file(ctx context.Context, id string) (tenant.Key, error) {
//		sc, err := tenant.FromContext(ctx)
//		if err != nil {
//			return tenant.Key{}, err
//		}
//		return tenant.NewKey(sc, "file", id)
//	}
//
// is reported as
//
//	Shop.file needs the caller's tenant, env and user, and gets the context that Queue.Each has for all messages: nothing has opened the scope of this one
//
// That context was there before the message. Open the envelope that came with it
// (Open and Extract of the runtime's Sealer) and store its scope. Known are the clients of
// Kafka, NATS, AMQP and SQS, workers of asynq, River and Watermill, and what the policy
// says (receives and owncontext, in [[func]]).
package lostscope
