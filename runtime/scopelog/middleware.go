package scopelog

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// maxStack is how much of the stack of a panic is logged, in bytes.
const maxStack = 8 << 10

// MiddlewareOptions are the settings of [NewMiddleware]. The zero value logs no
// headers.
type MiddlewareOptions struct {
	// RequestHeaders and ResponseHeaders name the headers that are logged. A
	// header that holds credentials is logged as "[redacted]" even so.
	RequestHeaders, ResponseHeaders []string

	// Route returns the pattern of the route that served the request, for
	// routers that do not set [http.Request.Pattern]. It is called after the
	// request was served. Nil means Pattern.
	Route func(*http.Request) string
}

// NewMiddleware returns net/http middleware that logs each request when it has
// been served, through h:
//
//	method, route, path    GET, "GET /invoices/{id}", /invoices/42
//	status, bytes          of the response as it was written; 0 if nothing was
//	duration
//	request, response      groups with the headers asked for, if there are any
//	hijacked               if the handler took over the connection
//	panic, stack           if the handler panicked
//
// Neither bodies nor query strings are logged. In the path, segments that are
// secrets by their form, or that the route names like a secret
// ("/reset/{token}"), are redacted.
//
// The level is Info, for a status of 500 and above Error. A panic is logged as
// what it is and goes on with the same value; [http.ErrAbortHandler], which
// means to stop quietly, is logged as Warn and without stack.
//
// The writer that handlers get is an [http.Flusher], [http.Hijacker] and
// [io.ReaderFrom] exactly if the one before was, and has the method Unwrap for
// [http.ResponseController].
//
// Put it outside of the middleware that makes the scope, so that refused
// requests are logged as well, and [Scoped] inside of that, so that the others
// are logged with their scope. A nil h, and names that no header can have, are
// refused in one error that wraps [ErrInvalidOptions].
func NewMiddleware(h *Handler, opts MiddlewareOptions) (func(http.Handler) http.Handler, error) {
	var faults []error
	if h == nil {
		faults = append(faults, errors.New("h: missing; make one with NewHandler"))
	}
	m := &middleware{route: opts.Route}
	for _, list := range []struct {
		slot  string
		names []string
		to    *[]string
	}{
		{"RequestHeaders", opts.RequestHeaders, &m.request},
		{"ResponseHeaders", opts.ResponseHeaders, &m.response},
	} {
		for i, name := range list.names {
			if !headerName(name) {
				faults = append(faults, fmt.Errorf("%s[%d]: is not the name of a header", list.slot, i))
			}
			*list.to = append(*list.to, textproto.CanonicalMIMEHeaderKey(name))
		}
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("NewMiddleware: %w: %w", ErrInvalidOptions, errors.Join(faults...))
	}
	m.names, m.log = h.names, slog.New(h)
	return m.wrap, nil
}

func headerName(name string) bool {
	for i := range len(name) {
		if c := name[i]; !isAlnum(c) && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return name != ""
}

type middleware struct {
	names             *names
	log               *slog.Logger
	request, response []string
	route             func(*http.Request) string
}

// seen is what the handlers inside tell the middleware outside.
type seen struct {
	mu      sync.Mutex // a handler may have been left behind by http.TimeoutHandler
	scope   tenant.Scope
	pattern string
	request *http.Request
}

type seenKey struct{}

// Scoped is the inner half of the middleware of [NewMiddleware]: placed inside
// of what puts the scope into the context, it makes the record of the request
// show the scope. Without the other half it does nothing.
func Scoped(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, ok := r.Context().Value(seenKey{}).(*seen)
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		if sc, err := tenant.FromContext(r.Context()); err == nil {
			s.mu.Lock()
			s.scope = sc
			s.mu.Unlock()
		}
		defer func() {
			s.mu.Lock()
			// The request that the router wrote its pattern to.
			s.pattern, s.request = r.Pattern, r
			s.mu.Unlock()
		}()
		next.ServeHTTP(w, r)
	})
}

func (m *middleware) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := &seen{}
		r = r.WithContext(context.WithValue(r.Context(), seenKey{}, s))
		out := &writer{ResponseWriter: w}
		start := time.Now()
		returned := false
		defer func() {
			var panicked any
			if !returned {
				panicked = recover() // nil for runtime.Goexit
			}
			m.record(r, s, out, time.Since(start), returned, panicked)
			if panicked != nil {
				// From here, so that the stack is still that of the panic.
				panic(panicked)
			}
		}()
		next.ServeHTTP(out.as(), r)
		returned = true
	})
}

// record writes the record of a request.
func (m *middleware) record(r *http.Request, s *seen, out *writer, took time.Duration, returned bool, panicked any) {
	s.mu.Lock()
	scope, pattern, routed := s.scope, s.pattern, s.request
	s.mu.Unlock()
	if r.Pattern != "" || routed == nil {
		pattern, routed = r.Pattern, r
	}
	route := pattern
	if m.route != nil {
		route, _ = call(func() string { return m.route(routed) })
	}
	ctx := context.WithoutCancel(r.Context())
	if scope.IsValid() {
		// It fails only if the context has another scope, which then is shown.
		if scoped, err := tenant.NewContext(ctx, scope); err == nil {
			ctx = scoped
		}
	}

	status := out.status
	level := slog.LevelInfo
	message := "http request"
	aborted := false
	switch err, _ := panicked.(error); {
	case returned && status == 0:
		if !out.hijacked {
			status = http.StatusOK // what net/http sends for a handler that writes nothing
		}
	case returned:
	case errors.Is(err, http.ErrAbortHandler):
		level, message, aborted = slog.LevelWarn, "http request aborted", true
	default:
		level, message = slog.LevelError, "http request panicked"
	}
	if status >= 500 && level < slog.LevelError && !aborted {
		level = slog.LevelError
	}
	if !m.log.Enabled(ctx, level) {
		return
	}

	attrs := make([]slog.Attr, 0, 12)
	attrs = append(attrs,
		slog.String("method", r.Method),
		slog.String("route", route),
		slog.String("path", m.path(routed, pattern)),
		slog.Int("status", status),
		slog.Int64("bytes", out.bytes),
		slog.Duration("duration", took),
	)
	if out.hijacked {
		attrs = append(attrs, slog.Bool("hijacked", true))
	}
	if group := headers(m.request, r.Header); len(group) > 0 {
		attrs = append(attrs, slog.Attr{Key: "request", Value: slog.GroupValue(group...)})
	}
	if group := headers(m.response, out.Header()); len(group) > 0 {
		attrs = append(attrs, slog.Attr{Key: "response", Value: slog.GroupValue(group...)})
	}
	switch {
	case aborted, returned:
	case panicked == nil:
		attrs = append(attrs, slog.String("panic", "runtime.Goexit was called"))
	default:
		stack := debug.Stack()
		attrs = append(attrs, slog.Any("panic", panicked), slog.String("stack", string(stack[:min(len(stack), maxStack)])))
	}
	m.log.LogAttrs(ctx, level, message, attrs...)
}

// headers returns the listed headers that there are, in the order of the list.
func headers(names []string, h http.Header) []slog.Attr {
	var attrs []slog.Attr
	for _, name := range names {
		if values := h[name]; len(values) > 0 {
			attrs = append(attrs, slog.String(name, strings.Join(values, ", ")))
		}
	}
	return attrs
}

// path returns the path of the request without the segments that are secrets.
func (m *middleware) path(r *http.Request, pattern string) string {
	if r.URL == nil {
		return ""
	}
	path := r.URL.EscapedPath()
	// "GET example.org/reset/{token}": method and host go first.
	pattern = pattern[strings.LastIndexByte(pattern, ' ')+1:]
	if slash := strings.IndexByte(pattern, '/'); slash > 0 {
		pattern = pattern[slash:]
	}
	segments := strings.Split(path, "/")
	changed := false
	hide := func(i int) {
		if segments[i] != "" {
			segments[i], changed = redacted, true
		}
	}
	secret := false // the segment before has the name of a secret: /token/…
	for i, segment := range segments {
		if secret && opaque(segment) {
			hide(i)
		} else if text, ok := m.names.text(segment); ok {
			segments[i], changed = text, true
		}
		secret = m.names.check(segment) != public
	}
	// A pattern and a path correspond segment by segment, up to {rest...}.
	// Under http.StripPrefix the path is shorter, and nothing may correspond;
	// then all that a wildcard with such a name stands for goes.
	wild := strings.Split(pattern, "/")
	for i, p := range wild {
		if !strings.HasPrefix(p, "{") || !strings.HasSuffix(p, "}") {
			continue
		}
		name := p[1 : len(p)-1]
		name, rest := strings.CutSuffix(name, "...")
		if name == "$" || m.names.check(name) == public {
			continue
		}
		value := r.PathValue(name)
		for j := range segments {
			if j == i && len(wild) == len(segments) || rest && j >= i || value != "" && unescape(segments[j]) == value {
				hide(j)
			}
		}
	}
	if !changed {
		return path
	}
	return strings.Join(segments, "/")
}

func unescape(segment string) string {
	if text, err := url.PathUnescape(segment); err == nil {
		return text
	}
	return segment
}

// writer notes what is written to a response.
type writer struct {
	http.ResponseWriter
	status   int
	bytes    int64
	hijacked bool
}

// Unwrap is for [http.ResponseController].
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *writer) WriteHeader(status int) {
	// 1xx are sent before the status, but for the one that ends HTTP.
	if w.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *writer) wrote(n int64) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	w.bytes += n
}

func (w *writer) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	w.wrote(int64(n))
	return n, err
}

// WriteString saves io.WriteString a copy where the writer behind does.
func (w *writer) WriteString(s string) (int, error) {
	n, err := io.WriteString(w.ResponseWriter, s)
	w.wrote(int64(n))
	return n, err
}

// The optional interfaces of a response writer, each in a type of its own.
type (
	flusher    struct{ *writer }
	hijacker   struct{ *writer }
	readerFrom struct{ *writer }
)

func (f flusher) Flush() {
	f.flushed()
	f.ResponseWriter.(http.Flusher).Flush()
}

// FlushError is what http.ResponseController asks first.
func (f flusher) FlushError() error {
	f.flushed()
	return http.NewResponseController(f.ResponseWriter).Flush()
}

func (w *writer) flushed() {
	if w.status == 0 {
		w.status = http.StatusOK
	}
}

func (h hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := h.ResponseWriter.(http.Hijacker).Hijack()
	h.hijacked = h.hijacked || err == nil
	return conn, rw, err
}

func (r readerFrom) ReadFrom(src io.Reader) (int64, error) {
	n, err := r.ResponseWriter.(io.ReaderFrom).ReadFrom(src)
	r.wrote(n)
	return n, err
}

// as returns the writer with exactly the optional interfaces of the one behind
// it: code asks for them by type.
func (w *writer) as() http.ResponseWriter {
	f, h, r := flusher{w}, hijacker{w}, readerFrom{w}
	_, flushes := w.ResponseWriter.(http.Flusher)
	_, hijacks := w.ResponseWriter.(http.Hijacker)
	_, reads := w.ResponseWriter.(io.ReaderFrom)
	switch {
	case flushes && hijacks && reads:
		return struct {
			base
			flushing
			http.Hijacker
			io.ReaderFrom
		}{w, f, h, r}
	case flushes && hijacks:
		return struct {
			base
			flushing
			http.Hijacker
		}{w, f, h}
	case flushes && reads:
		return struct {
			base
			flushing
			io.ReaderFrom
		}{w, f, r}
	case hijacks && reads:
		return struct {
			base
			http.Hijacker
			io.ReaderFrom
		}{w, h, r}
	case flushes:
		return struct {
			base
			flushing
		}{w, f}
	case hijacks:
		return struct {
			base
			http.Hijacker
		}{w, h}
	case reads:
		return struct {
			base
			io.ReaderFrom
		}{w, r}
	}
	return w
}

// base is what every writer has.
type base interface {
	http.ResponseWriter
	io.StringWriter
	Unwrap() http.ResponseWriter
}

type flushing interface {
	http.Flusher
	FlushError() error
}
