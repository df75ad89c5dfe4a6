package tenantgrpc_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"

	tenantgrpc "github.com/tenantvet/tenantvet/contrib/grpc"
	"github.com/tenantvet/tenantvet/contrib/internal/porttest"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// notes is the handler of a service that no code was generated for. What it
// answers says who the caller is.
type notes struct{ s *porttest.Service }

func (n *notes) get(ctx context.Context) *wrapperspb.StringValue {
	n.s.Runs.Add(1)
	return wrapperspb.String(porttest.Describe(ctx))
}

// watch sends the description twice, and then waits for the client.
func (n *notes) watch(stream grpc.ServerStream) error {
	for range 2 {
		if err := stream.SendMsg(n.get(stream.Context())); err != nil {
			return err
		}
	}
	for {
		if err := stream.RecvMsg(new(wrapperspb.StringValue)); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

// guards has a unary method and a stream for each guard of porttest.
var guards = []porttest.Guard{porttest.None, porttest.Member, porttest.Owner, "open", "unlisted"}

func desc() *grpc.ServiceDesc {
	d := &grpc.ServiceDesc{ServiceName: "test.Notes", HandlerType: (*any)(nil)}
	for _, g := range guards {
		d.Methods = append(d.Methods, grpc.MethodDesc{
			MethodName: "Get-" + string(g),
			Handler: func(srv any, ctx context.Context, decode func(any) error, interceptor grpc.UnaryServerInterceptor) (any, error) {
				in := new(wrapperspb.StringValue)
				if err := decode(in); err != nil {
					return nil, err
				}
				handle := func(ctx context.Context, _ any) (any, error) { return srv.(*notes).get(ctx), nil }
				if interceptor == nil {
					return handle(ctx, in)
				}
				return interceptor(ctx, in, &grpc.UnaryServerInfo{Server: srv, FullMethod: "/test.Notes/Get-" + string(g)}, handle)
			},
		})
		d.Streams = append(d.Streams, grpc.StreamDesc{
			StreamName: "Watch-" + string(g), ServerStreams: true, ClientStreams: true,
			Handler: func(srv any, stream grpc.ServerStream) error { return srv.(*notes).watch(stream) },
		})
	}
	return d
}

func rules() map[string]tenantgrpc.Rule {
	all := map[string]tenantgrpc.Rule{}
	for _, kind := range []string{"Get-", "Watch-"} {
		all["/test.Notes/"+kind+"none"] = tenantgrpc.Admitted()
		all["/test.Notes/"+kind+"member"] = tenantgrpc.Membership()
		all["/test.Notes/"+kind+"owner"] = tenantgrpc.Role("owner", "janitor")
		all["/test.Notes/"+kind+"open"] = tenantgrpc.Open()
	}
	return all
}

// serve starts a server on a socket and returns a connection to it.
func serve(t *testing.T, s *porttest.Service, options ...grpc.ServerOption) *grpc.ClientConn {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer(options...)
	server.RegisterService(desc(), &notes{s})
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		server.Stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return conn
}

// as returns a context with headers as metadata.
func as(ctx context.Context, h http.Header) context.Context {
	md := make(metadata.MD)
	for name, values := range h {
		md.Append(name, values...)
	}
	return metadata.NewOutgoingContext(ctx, md)
}

func signedIn(tenantID, user string) http.Header {
	return http.Header{"Authorization": {porttest.Token(map[string]any{"tenant": tenantID, "env": "prod", "user": user})}}
}

// unary and stream call a method as both kinds have it.
func unary(ctx context.Context, conn *grpc.ClientConn, name string) (string, error) {
	out := new(wrapperspb.StringValue)
	err := conn.Invoke(ctx, "/test.Notes/Get-"+name, wrapperspb.String("in"), out)
	return out.GetValue(), err
}

func stream(ctx context.Context, conn *grpc.ClientConn, name string) (string, error) {
	s, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, "/test.Notes/Watch-"+name)
	if err != nil {
		return "", err
	}
	if err := s.SendMsg(wrapperspb.String("in")); err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	var said []string
	for range 2 {
		out := new(wrapperspb.StringValue)
		if err := s.RecvMsg(out); err != nil {
			return strings.Join(said, ","), err
		}
		said = append(said, out.GetValue())
	}
	if err := s.CloseSend(); err != nil {
		return "", err
	}
	if err := s.RecvMsg(new(wrapperspb.StringValue)); !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("the stream ends with %w", err)
	}
	if len(said) != 2 || said[0] != said[1] {
		return "", fmt.Errorf("the stream says %q", said)
	}
	return said[0], nil
}

func newGuard(t *testing.T, cfg tenantgrpc.Config) *tenantgrpc.Guard {
	t.Helper()
	g, err := tenantgrpc.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestCalls makes a unary call and a stream of every case.
func TestCalls(t *testing.T) {
	t.Parallel()
	s := porttest.New(t)
	var refused atomic.Int64
	g := newGuard(t, tenantgrpc.Config{Boundary: s.Boundary, Rules: rules(), OnRefusal: func(context.Context, string, *tenant.Refusal) { refused.Add(1) }})
	conn := serve(t, s, g.ServerOptions()...)
	for _, c := range porttest.Cases() {
		for kind, call := range map[string]func(context.Context, *grpc.ClientConn, string) (string, error){"unary": unary, "stream": stream} {
			name := c.Name + ", " + kind
			runs, refusals := s.Runs.Load(), refused.Load()
			says, err := call(as(t.Context(), c.Headers), conn, string(c.Guard))
			if c.Reason == 0 {
				if err != nil || says != c.Says {
					t.Errorf("%s: %q, %v; want %q", name, says, err, c.Says)
				}
				continue
			}
			if ran := s.Runs.Load() - runs; ran != 0 {
				t.Errorf("%s: %d handlers ran", name, ran)
			}
			if n := refused.Load() - refusals; n != 1 {
				t.Errorf("%s: OnRefusal was called %d times", name, n)
			}
			got := status.Convert(err)
			if got.Code() != tenantgrpc.Code(c.Reason) || got.Message() != c.Reason.Explain() || got.Code() == codes.OK {
				t.Errorf("%s: %v, want %v: %s", name, got, tenantgrpc.Code(c.Reason), c.Reason.Explain())
			}
			if details := got.Details(); len(details) != 1 {
				t.Errorf("%s: details %v", name, details)
			} else if info, ok := details[0].(*errdetails.ErrorInfo); !ok || info.GetReason() != strings.ToUpper(c.Reason.String()) || info.GetDomain() != "tenantvet" {
				t.Errorf("%s: details %v", name, details)
			}
			for _, inside := range []string{"acme", "umbrella", "internal", "on purpose", "goroutine"} {
				if strings.Contains(fmt.Sprint(got, got.Details()), inside) {
					t.Errorf("%s: the status shows %q: %v", name, inside, got)
				}
			}
		}
	}
}

// TestDetails checks what the metadata of refusals say.
func TestDetails(t *testing.T) {
	t.Parallel()
	s := porttest.New(t)
	conn := serve(t, s, newGuard(t, tenantgrpc.Config{Boundary: s.Boundary, Rules: rules()}).ServerOptions()...)
	want := map[string]string{"a header that contradicts": "map[field:tenant]", "several tenants to choose from": "map[missing:tenant_choice]", "no owner": "map[]"}
	for _, c := range porttest.Cases() {
		if want[c.Name] == "" {
			continue
		}
		_, err := unary(as(t.Context(), c.Headers), conn, string(c.Guard))
		for _, d := range status.Convert(err).Details() {
			if got := fmt.Sprint(d.(*errdetails.ErrorInfo).GetMetadata()); got != want[c.Name] {
				t.Errorf("%s: %s, want %s", c.Name, got, want[c.Name])
			}
		}
		delete(want, c.Name)
	}
	if len(want) > 0 {
		t.Errorf("no case for %v", want)
	}
}

// TestRules checks what is open, what has no rule, and which rule wins.
func TestRules(t *testing.T) {
	t.Parallel()
	s := porttest.New(t)
	conn := serve(t, s, newGuard(t, tenantgrpc.Config{Boundary: s.Boundary, Rules: rules()}).ServerOptions()...)
	for kind, call := range map[string]func(context.Context, *grpc.ClientConn, string) (string, error){"unary": unary, "stream": stream} {
		if says, err := call(t.Context(), conn, "open"); err != nil || says != "nobody" {
			t.Errorf("%s, open: %q, %v", kind, says, err)
		}
		runs := s.Runs.Load()
		if _, err := call(as(t.Context(), signedIn("acme", "owner")), conn, "unlisted"); status.Code(err) != codes.PermissionDenied || s.Runs.Load() != runs {
			t.Errorf("%s, without a rule: %v", kind, err)
		}
	}
	wild := serve(t, s, newGuard(t, tenantgrpc.Config{Boundary: s.Boundary, Rules: map[string]tenantgrpc.Rule{
		"/test.Notes/*": tenantgrpc.Role("owner"), "/test.Notes/Get-none": tenantgrpc.Membership(), "/test.Other/*": tenantgrpc.Open(),
	}}).ServerOptions()...)
	for name, want := range map[string]codes.Code{"none": codes.OK, "member": codes.PermissionDenied, "unlisted": codes.PermissionDenied} {
		if _, err := unary(as(t.Context(), signedIn("acme", "admin")), wild, name); status.Code(err) != want {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	// Neither a zero guard nor none lets anything pass.
	for _, g := range []*tenantgrpc.Guard{nil, new(tenantgrpc.Guard)} {
		closed := serve(t, s, g.ServerOptions()...)
		for _, name := range []string{"open", "owner"} {
			if _, err := unary(as(t.Context(), signedIn("acme", "owner")), closed, name); status.Code(err) != codes.PermissionDenied {
				t.Errorf("with guard %v, %s: %v", g, name, err)
			}
			if _, err := stream(as(t.Context(), signedIn("acme", "owner")), closed, name); status.Code(err) != codes.PermissionDenied {
				t.Errorf("with guard %v, %s: %v", g, name, err)
			}
		}
	}
}

// TestAround checks that interceptors around the guard see the refusal, and that
// those within do not run.
func TestAround(t *testing.T) {
	t.Parallel()
	s := porttest.New(t)
	g := newGuard(t, tenantgrpc.Config{Boundary: s.Boundary, Rules: rules()})
	var seen, within atomic.Int64
	look := func(err error) {
		var refusal *tenant.Refusal
		if errors.As(err, &refusal) && refusal.Reason() == tenant.ReasonNotMember {
			seen.Add(1)
		}
	}
	options := slices.Concat(
		[]grpc.ServerOption{
			grpc.ChainUnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
				resp, err := handler(ctx, req)
				look(err)
				return resp, err
			}),
			grpc.ChainStreamInterceptor(func(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
				err := handler(srv, stream)
				look(err)
				return err
			}),
		},
		g.ServerOptions(),
		[]grpc.ServerOption{
			grpc.ChainUnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
				within.Add(1)
				return handler(ctx, req)
			}),
			grpc.ChainStreamInterceptor(func(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
				within.Add(1)
				return handler(srv, stream)
			}),
		})
	conn := serve(t, s, options...)
	ctx := as(t.Context(), signedIn("acme", "invited"))
	_, err := unary(ctx, conn, "member")
	_, errStream := stream(ctx, conn, "member")
	if status.Code(err) != codes.PermissionDenied || status.Code(errStream) != codes.PermissionDenied || seen.Load() != 2 || within.Load() != 0 {
		t.Errorf("%v, %v; %d refusals seen, %d ran within", err, errStream, seen.Load(), within.Load())
	}
}

func TestPipeline(t *testing.T) {
	t.Parallel()
	s := porttest.New(t)
	pipeline, err := s.Boundary.TenantGate().Access().
		Quota(tenant.QuotaFunc(func(_ context.Context, sc tenant.Scope, _ string) (tenant.Verdict, error) {
			if sc.User() == "admin" {
				return tenant.Refuse, nil
			}
			return tenant.Allow, nil
		})).
		Governance(tenant.GovernanceFunc(func(context.Context, tenant.Scope, string) (tenant.Verdict, error) { return tenant.Allow, nil }))
	if err != nil {
		t.Fatal(err)
	}
	conn := serve(t, s, newGuard(t, tenantgrpc.Config{Boundary: s.Boundary, Pipeline: pipeline, Rules: rules()}).ServerOptions()...)
	for user, want := range map[string]codes.Code{"member": codes.OK, "admin": codes.ResourceExhausted, "invited": codes.PermissionDenied} {
		if _, err := unary(as(t.Context(), signedIn("acme", user)), conn, "none"); status.Code(err) != want {
			t.Errorf("%s: %v, want %v", user, err, want)
		}
	}
	if _, err := unary(as(t.Context(), signedIn("acme", "member")), conn, "owner"); status.Code(err) != codes.PermissionDenied {
		t.Errorf("a role behind a pipeline: %v", err)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	b := porttest.New(t).Boundary
	_, err := tenantgrpc.New(tenantgrpc.Config{})
	if err == nil || !strings.Contains(err.Error(), "the boundary is missing") || !strings.Contains(err.Error(), "there are no rules") {
		t.Errorf("error %v, want all that is wrong", err)
	}
	for name, rule := range map[string]tenantgrpc.Rule{
		"/a.B/C": {}, "a.B/C": tenantgrpc.Open(), "/a.B": tenantgrpc.Open(), "/*": tenantgrpc.Open(), "/*/C": tenantgrpc.Open(), "/a.B/": tenantgrpc.Open(),
		"//C": tenantgrpc.Open(), "/a.B/C/D": tenantgrpc.Open(), "/a.B/C*": tenantgrpc.Open(), "": tenantgrpc.Open(),
		"/a.B/D": tenantgrpc.Role(), "/a.B/E": tenantgrpc.Role("owner", ""),
	} {
		if g, err := tenantgrpc.New(tenantgrpc.Config{Boundary: b, Rules: map[string]tenantgrpc.Rule{name: rule}}); err == nil || g != nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", name)) {
			t.Errorf("the rule for %q: error %v", name, err)
		}
	}
	// What was given may change later.
	given := map[string]tenantgrpc.Rule{"/test.Notes/Get-none": tenantgrpc.Membership()}
	g := newGuard(t, tenantgrpc.Config{Boundary: b, Rules: given})
	given["/test.Notes/Get-none"] = tenantgrpc.Open()
	s := porttest.New(t)
	if _, err := unary(t.Context(), serve(t, s, g.ServerOptions()...), "none"); status.Code(err) != codes.Unauthenticated {
		t.Errorf("after a change of the map: %v", err)
	}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	s := porttest.New(t)
	server := grpc.NewServer()
	server.RegisterService(desc(), &notes{s})
	all := rules()
	g := newGuard(t, tenantgrpc.Config{Boundary: s.Boundary, Rules: all})
	err := g.Covers(server)
	if err == nil || !strings.Contains(err.Error(), "no rule is for /test.Notes/Get-unlisted") || !strings.Contains(err.Error(), "no rule is for /test.Notes/Watch-unlisted") || strings.Contains(err.Error(), "Get-open") {
		t.Errorf("error %v", err)
	}
	all["/test.Notes/*"] = tenantgrpc.Membership()
	if err := newGuard(t, tenantgrpc.Config{Boundary: s.Boundary, Rules: all}).Covers(server); err != nil {
		t.Error(err)
	}
	all["/test.Notes/Gets"] = tenantgrpc.Membership()
	if err := newGuard(t, tenantgrpc.Config{Boundary: s.Boundary, Rules: all}).Covers(server); err == nil || !strings.Contains(err.Error(), "/test.Notes/Gets is for nothing") {
		t.Errorf("error %v", err)
	}
	var none *tenantgrpc.Guard
	if err := none.Covers(server); err == nil {
		t.Error("no guard covers everything")
	}
}

// TestCode checks that every reason has a code of its own kind, and only those
// that are no refusal are OK.
func TestCode(t *testing.T) {
	t.Parallel()
	for _, r := range tenant.Reasons() {
		code := tenantgrpc.Code(r)
		if (code == codes.OK) != (r.HTTPStatus() == http.StatusOK) {
			t.Errorf("%s has %v and %d", r, code, r.HTTPStatus())
		}
		if r.HTTPStatus() != http.StatusInternalServerError && code == codes.Internal {
			t.Errorf("%s is %d over HTTP, and internal here", r, r.HTTPStatus())
		}
	}
	if err := tenantgrpc.Error(t.Context(), nil); err != nil {
		t.Errorf("no error is %v", err)
	}
	if err := tenantgrpc.Error(t.Context(), errors.New("secret")); status.Code(err) != codes.Internal || strings.Contains(status.Convert(err).String(), "secret") || strings.Contains(err.Error(), "secret") {
		t.Errorf("another error is %v", err)
	}
}

// TestDeadline has the client give up while the directory does not answer.
func TestDeadline(t *testing.T) {
	t.Parallel()
	s := porttest.New(t)
	type seen struct {
		reason tenant.Reason
		code   codes.Code
	}
	refused := make(chan seen, 1)
	g := newGuard(t, tenantgrpc.Config{Boundary: s.Boundary, Rules: rules(), OnRefusal: func(ctx context.Context, _ string, r *tenant.Refusal) {
		refused <- seen{r.Reason(), status.Code(tenantgrpc.Error(ctx, r))}
	}})
	conn := serve(t, s, g.ServerOptions()...)
	ctx, cancel := context.WithTimeout(t.Context(), porttest.Timeout/4)
	defer cancel()
	if _, err := unary(as(ctx, signedIn("acme", "directory-slow")), conn, "owner"); status.Code(err) != codes.DeadlineExceeded {
		t.Errorf("error %v", err)
	}
	// The client's cancellation may reach the server before its own timer does.
	if r := <-refused; r.reason != tenant.ReasonRequestCancelled || r.code != codes.DeadlineExceeded && r.code != codes.Canceled {
		t.Errorf("the server refuses with %v", r)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	time.AfterFunc(porttest.Timeout/4, cancel)
	if _, err := stream(as(cancelled, signedIn("acme", "directory-slow")), conn, "owner"); status.Code(err) != codes.Canceled {
		t.Errorf("error %v", err)
	}
	if r := <-refused; r.reason != tenant.ReasonRequestCancelled || r.code != codes.Canceled {
		t.Errorf("the server refuses with %v", r)
	}
	// Told apart by the context of the call.
	_, refusal := s.Boundary.Admit(cancelled, nil)
	for want, call := range map[codes.Code]context.Context{codes.DeadlineExceeded: ctx, codes.Canceled: cancelled} {
		<-call.Done()
		if got := status.Code(tenantgrpc.Error(call, refusal)); got != want {
			t.Errorf("a refusal in a context that ended with %v: %v, want %v", call.Err(), got, want)
		}
	}
}

// TestConcurrent has several callers at once on one connection.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	s := porttest.New(t)
	conn := serve(t, s, newGuard(t, tenantgrpc.Config{Boundary: s.Boundary, Rules: rules()}).ServerOptions()...)
	var wg sync.WaitGroup
	for _, caller := range []struct{ tenantID, user, want string }{
		{"acme", "member", "acme-only prod member  member"}, {"acme", "owner", "acme-only prod owner  member"},
		{"umbrella", "neighbour", "umbrella-only prod neighbour  member"}, {"acme", "invited", ""}, {"acme", "", ""},
	} {
		for _, call := range []func(context.Context, *grpc.ClientConn, string) (string, error){unary, stream} {
			wg.Go(func() {
				for range 50 {
					says, err := call(as(t.Context(), signedIn(caller.tenantID, caller.user)), conn, "member")
					if says != caller.want || (err == nil) != (caller.want != "") {
						t.Errorf("%s of %s: %q, %v", caller.user, caller.tenantID, says, err)
						return
					}
				}
			})
		}
	}
	wg.Wait()
}
