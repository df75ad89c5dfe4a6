// Package tenantgrpc is the request boundary and the guards of tenantvet's
// runtime for gRPC servers.
//
//	guard, err := tenantgrpc.New(tenantgrpc.Config{
//		Boundary: boundary,
//		Rules: map[string]tenantgrpc.Rule{
//			"/shop.Invoices/Get":    tenantgrpc.Membership(),
//			"/shop.Invoices/*":      tenantgrpc.Role("admin", "owner"),
//			"/grpc.health.v1.Health/*": tenantgrpc.Open(),
//		},
//	})
//	…
//	server := grpc.NewServer(guard.ServerOptions()...)
//	shop.RegisterInvoicesServer(server, invoices)
//	if err := guard.Covers(server); err != nil { … }
//
// A server has one chain of interceptors for all of its methods, so what stands
// in front of a method is said in rules. A method without a rule is refused.
// Unary calls and streams are guarded alike, by the same rules.
//
// Metadata of the call are its headers. Handlers take the scope and the proofs
// from their context, or from that of the stream:
//
//	sc, err := tenant.FromContext(stream.Context())
//
// A stream is guarded when it is opened. Who loses a membership while it is open
// keeps it; a stream that lives long should ask again now and then, with
// [tenant.Boundary.CheckTenantMembership].
package tenantgrpc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Rule says what stands in front of a method. The zero Rule lets nobody pass and
// is refused by [New].
type Rule struct {
	kind  kind
	roles []string
}

type kind uint8

const (
	none kind = iota
	open
	admitted
	member
	role
)

// Open lets every call pass as it is, without a scope.
func Open() Rule { return Rule{kind: open} }

// Admitted lets pass whoever the boundary admits: see [tenant.Boundary.Admit].
// Nobody is asked for a membership.
func Admitted() Rule { return Rule{kind: admitted} }

// Membership lets members of the tenant pass: see
// [tenant.Boundary.CheckTenantMembership].
func Membership() Rule { return Rule{kind: member} }

// Role lets holders of at least one of the roles pass: see
// [tenant.Boundary.CheckTenantRole].
func Role(roles ...string) Rule { return Rule{kind: role, roles: slices.Clone(roles)} }

// Config is what a [Guard] is made of.
type Config struct {
	// Boundary admits calls and asks the authority. It is needed.
	Boundary *tenant.Boundary

	// Pipeline admits calls in place of the boundary, through all gates, if it is
	// not nil.
	Pipeline *tenant.Pipeline

	// Rules are by method, "/package.Service/Method", or by service,
	// "/package.Service/*". The rule of the method wins. They are needed.
	Rules map[string]Rule

	// OnRefusal is called with each refusal before it is answered, for logs and
	// metrics, if it is not nil. It may be called concurrently. What
	// [tenant.Refusal.Unwrap] returns may hold ids. The tenant.OnRefusal of the
	// boundary is not called, since that belongs to its middleware.
	OnRefusal func(ctx context.Context, method string, r *tenant.Refusal)
}

// Guard guards the methods of a server. It comes from [New], is immutable and
// safe for concurrent use. A zero or nil Guard refuses every call.
type Guard struct {
	boundary *tenant.Boundary
	pipeline *tenant.Pipeline
	rules    map[string]Rule
	observe  func(context.Context, string, *tenant.Refusal)
}

// New returns the guard of that configuration, or an error that lists all that
// is wrong with it.
func New(cfg Config) (*Guard, error) {
	var errs []error
	if cfg.Boundary == nil {
		errs = append(errs, errors.New("the boundary is missing; make one with tenant.New"))
	}
	if len(cfg.Rules) == 0 {
		errs = append(errs, errors.New("there are no rules, so every call would be refused; give one for each method or service"))
	}
	rules := make(map[string]Rule, len(cfg.Rules))
	for _, name := range sorted(cfg.Rules) {
		rule := cfg.Rules[name]
		rules[name] = rule
		service, method, ok := strings.Cut(strings.TrimPrefix(name, "/"), "/")
		switch {
		case !ok || !strings.HasPrefix(name, "/") || service == "" || method == "" || strings.Contains(method, "/") ||
			strings.Contains(service, "*") || strings.Contains(method, "*") && method != "*":
			errs = append(errs, fmt.Errorf("the rule for %q: write /package.Service/Method or /package.Service/*", name))
		case rule.kind == none:
			errs = append(errs, fmt.Errorf("the rule for %q is the zero Rule; use one of the functions that return one", name))
		case rule.kind == role && (len(rule.roles) == 0 || slices.Contains(rule.roles, "")):
			errs = append(errs, fmt.Errorf("the rule for %q demands no role, or one without a name", name))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("tenantgrpc: %w", err)
	}
	return &Guard{boundary: cfg.Boundary, pipeline: cfg.Pipeline, rules: rules, observe: cfg.OnRefusal}, nil
}

func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// ServerOptions returns the options that put the guard into a server: both
// interceptors, so that neither kind of call can be forgotten. They are chained;
// what was given to the server before runs before.
func (g *Guard) ServerOptions() []grpc.ServerOption {
	return []grpc.ServerOption{grpc.ChainUnaryInterceptor(g.Unary()), grpc.ChainStreamInterceptor(g.Stream())}
}

// Unary returns the interceptor for unary calls. A server needs that of
// [Guard.Stream] as well.
func (g *Guard) Unary() grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		ctx, err := g.admit(ctx, info.FullMethod)
		if err != nil {
			return nil, err
		}
		return handler(ctx, req)
	}
}

// Stream returns the interceptor for streams. A server needs that of
// [Guard.Unary] as well.
func (g *Guard) Stream() grpc.StreamServerInterceptor {
	return func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		ctx, err := g.admit(stream.Context(), info.FullMethod)
		if err != nil {
			return err
		}
		return handler(srv, &scopedStream{ServerStream: stream, ctx: ctx})
	}
}

// scopedStream is a stream whose context carries the scope.
type scopedStream struct {
	grpc.ServerStream
	ctx context.Context
}

// Context returns the context with the scope.
func (s *scopedStream) Context() context.Context { return s.ctx }

// rule returns the rule of a method, or the zero Rule.
func (g *Guard) rule(method string) Rule {
	if g == nil {
		return Rule{}
	}
	if rule, ok := g.rules[method]; ok {
		return rule
	}
	return g.rules[method[:strings.LastIndexByte(method, '/')+1]+"*"]
}

// admit returns the context for the handler, or the error of a refusal.
func (g *Guard) admit(ctx context.Context, method string) (context.Context, error) {
	rule := g.rule(method)
	switch rule.kind {
	case none:
		return nil, status.Error(codes.PermissionDenied, "the method has no rule; add one to the server's guard")
	case open:
		return ctx, nil
	}
	md, _ := metadata.FromIncomingContext(ctx) // nil has no values
	scoped, err := g.enter(ctx, header(md))
	if err == nil {
		switch rule.kind {
		case member:
			scoped, err = g.boundary.AdmitTenantMembership(scoped)
		case role:
			scoped, err = g.boundary.AdmitTenantRole(scoped, rule.roles...)
		}
	}
	if err != nil {
		var refusal *tenant.Refusal
		if g.observe != nil && errors.As(err, &refusal) {
			g.observe(ctx, method, refusal)
		}
		return nil, Error(ctx, err)
	}
	return scoped, nil
}

func (g *Guard) enter(ctx context.Context, h tenant.Header) (context.Context, error) {
	if g.pipeline != nil {
		return g.pipeline.Admit(ctx, h)
	}
	return g.boundary.Admit(ctx, h)
}

// header is metadata as headers. Names of metadata are in lower case.
type header metadata.MD

// Values implements [tenant.Header].
func (h header) Values(name string) []string { return metadata.MD(h).Get(name) }

// Covers returns an error that lists the methods of the server that no rule is
// for, and the rules that are for nothing it has. Call it when all services are
// registered.
func (g *Guard) Covers(server *grpc.Server) error {
	var errs []error
	used := make(map[string]bool)
	info := server.GetServiceInfo()
	for _, service := range sorted(info) {
		used["/"+service+"/*"] = true
		for _, m := range info[service].Methods {
			method := "/" + service + "/" + m.Name
			used[method] = true
			if g.rule(method).kind == none {
				errs = append(errs, fmt.Errorf("no rule is for %s; every call of it is refused", method))
			}
		}
	}
	if g != nil {
		for _, name := range sorted(g.rules) {
			if !used[name] {
				errs = append(errs, fmt.Errorf("the rule for %s is for nothing that the server has; correct or remove it", name))
			}
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("tenantgrpc: %w", err)
	}
	return nil
}

// Error returns an error of the runtime as the error of a call: its status has
// the code of the reason, a message that shows nothing of the inside, and an
// errdetails.ErrorInfo with the reason's code in upper case, the domain
// "tenantvet", and in its metadata "field" and "missing" where the refusal has
// them. [errors.As] finds the [tenant.Refusal] in it. An error that holds no
// refusal is answered as [tenant.ReasonUnspecified]. The context is that of the
// call, and tells a deadline from a cancellation; nil gives nil.
//
// It is for handlers that ask by themselves, as with
// [tenant.Boundary.CheckTenantRole].
func Error(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	reason := tenant.ReasonOf(err)
	s := status.New(Code(reason), reason.Explain())
	if reason == tenant.ReasonRequestCancelled && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		s = status.New(codes.DeadlineExceeded, reason.Explain())
	}
	info := &errdetails.ErrorInfo{Reason: strings.ToUpper(reason.String()), Domain: "tenantvet"}
	var refusal *tenant.Refusal
	if errors.As(err, &refusal) {
		info.Metadata = make(map[string]string)
		if field := refusal.Field(); field != "" {
			info.Metadata["field"] = field
		}
		for _, missing := range refusal.Missing() {
			info.Metadata["missing"] = string(missing) // there is only one that can be
		}
	}
	if detailed, err := s.WithDetails(info); err == nil {
		s = detailed
	}
	return &refused{status: s, cause: err}
}

// Code returns the status code of calls that are refused with the reason.
func Code(r tenant.Reason) codes.Code {
	if r == tenant.ReasonRequestCancelled {
		return codes.Canceled
	}
	switch r.HTTPStatus() {
	case http.StatusOK:
		return codes.OK
	case http.StatusBadRequest:
		return codes.InvalidArgument
	case http.StatusUnauthorized:
		return codes.Unauthenticated
	case http.StatusForbidden:
		return codes.PermissionDenied
	case http.StatusConflict:
		return codes.FailedPrecondition
	case http.StatusTooManyRequests:
		return codes.ResourceExhausted
	case http.StatusServiceUnavailable:
		return codes.Unavailable
	}
	return codes.Internal
}

// refused is the error of a call that was refused. Interceptors around the guard
// find the refusal in it; clients get the status alone.
type refused struct {
	status *status.Status
	cause  error
}

// Error returns the text of the status.
func (e *refused) Error() string { return e.status.Err().Error() }

// Unwrap returns the refusal.
func (e *refused) Unwrap() error { return e.cause }

// GRPCStatus returns the status that the client gets.
func (e *refused) GRPCStatus() *status.Status { return e.status }
