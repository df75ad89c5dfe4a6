package scopelog_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
	"github.com/tenantvet/tenantvet/runtime/scopelog"
)

// lockedBuffer is a buffer that a server and a test share.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// noDuration leaves out what differs from run to run.
var noDuration = &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
	switch a.Key {
	case slog.TimeKey, "duration", "stack":
		return slog.Attr{}
	}
	return a
}}

func newMiddleware(t testing.TB, w io.Writer, opts scopelog.MiddlewareOptions) func(http.Handler) http.Handler {
	t.Helper()
	m, err := scopelog.NewMiddleware(newHandler(t, slog.NewJSONHandler(w, noDuration), scopelog.Options{}), opts)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// signIn puts a scope into the context, as a boundary does.
func signIn(t testing.TB, sc tenant.Scope, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		ctx, err := tenant.NewContext(r.Context(), sc)
		if err != nil {
			t.Error(err)
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func TestMiddleware(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /invoices/{id}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "a=Pl4ntedS3cretV4lue")
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, "12345")
		_, _ = w.Write([]byte("678"))
	})
	mux.HandleFunc("GET /reset/{token}/{step}", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) })
	mux.HandleFunc("GET /magic/{session...}", func(w http.ResponseWriter, r *http.Request) {})
	mux.HandleFunc("/early", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusAccepted)
		w.WriteHeader(http.StatusTeapot) // too late
	})
	mux.HandleFunc("/fails", func(w http.ResponseWriter, r *http.Request) { http.Error(w, "x", http.StatusServiceUnavailable) })
	opts := scopelog.MiddlewareOptions{RequestHeaders: []string{"user-agent", "Authorization", "X-None", "X-Note"}, ResponseHeaders: []string{"Content-Type", "Set-Cookie"}}
	sc := scope(t, "acme", "ann")
	const whole = `"scope":{"tenant":"[redacted]","env":"prod","user":"[redacted]"},`
	const req = `"request":{"User-Agent":"test","Authorization":"[redacted]"}`
	for _, c := range []struct {
		method, target, anonymous, want string
	}{
		{"GET", "/invoices/42?token=Pl4ntedS3cretV4lue", "", `{"level":"INFO","msg":"http request",` + whole + `"method":"GET","route":"GET /invoices/{id}","path":"/invoices/42","status":200,"bytes":8,` + req +
			`,"response":{"Content-Type":"text/plain","Set-Cookie":"[redacted]"}}`},
		{"GET", "/invoices/42", "yes", `{"level":"INFO","msg":"http request","method":"GET","route":"","path":"/invoices/42","status":401,"bytes":13,"request":{"User-Agent":"test"},"response":{"Content-Type":"text/plain; charset=utf-8"}}`},
		{"GET", "/reset/hunter/2", "", `{"level":"INFO","msg":"http request",` + whole + `"method":"GET","route":"GET /reset/{token}/{step}","path":"/reset/[redacted]/2","status":204,"bytes":0,` + req + `}`},
		{"GET", "/magic/a/b", "", `{"level":"INFO","msg":"http request",` + whole + `"method":"GET","route":"GET /magic/{session...}","path":"/magic/[redacted]/[redacted]","status":200,"bytes":0,` + req + `}`},
		{"POST", "/early", "", `{"level":"INFO","msg":"http request",` + whole + `"method":"POST","route":"/early","path":"/early","status":202,"bytes":0,` + req + `}`},
		{"GET", "/fails", "", `{"level":"ERROR","msg":"http request",` + whole + `"method":"GET","route":"/fails","path":"/fails","status":503,"bytes":2,` + req + `,"response":{"Content-Type":"text/plain; charset=utf-8"}}`},
		{"GET", "/none/" + token + "/token/abc123/x/42", "", `{"level":"INFO","msg":"http request",` + whole + `"method":"GET","route":"","path":"/none/[redacted]/token/[redacted]/x/42","status":404,"bytes":19,` + req + `,"response":{"Content-Type":"text/plain; charset=utf-8"}}`},
	} {
		var b bytes.Buffer
		h := newMiddleware(t, &b, opts)(signIn(t, sc, scopelog.Scoped(mux)))
		r := httptest.NewRequest(c.method, c.target, nil)
		r.Header.Set("User-Agent", "test")
		if c.anonymous == "" {
			r.Header.Set("Authorization", "Bearer Pl4ntedS3cretV4lue")
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
		if got := strings.TrimSpace(b.String()); got != c.want {
			t.Errorf("%s %s:\ngot  %s\nwant %s", c.method, c.target, got, c.want)
		}
	}
}

// Under StripPrefix the path and the pattern do not correspond, and the value of
// the wildcard is what tells.
func TestMiddlewareStripPrefix(t *testing.T) {
	inner := http.NewServeMux()
	inner.HandleFunc("GET /reset/{token}", func(http.ResponseWriter, *http.Request) {})
	var b bytes.Buffer
	h := newMiddleware(t, &b, scopelog.MiddlewareOptions{})(http.StripPrefix("/api/v1", scopelog.Scoped(inner)))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/api/v1/reset/hunter%20x", nil))
	if strings.Contains(b.String(), "hunter") || !strings.Contains(b.String(), `"path":"/reset/[redacted]"`) {
		t.Errorf("got %s", b.String())
	}
}

func TestMiddlewareRoute(t *testing.T) {
	var b bytes.Buffer
	m := newMiddleware(t, &b, scopelog.MiddlewareOptions{Route: func(r *http.Request) string { return "chi:" + r.URL.Path }})
	m(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/x", nil))
	if !strings.Contains(b.String(), `"route":"chi:/x"`) {
		t.Errorf("got %s", b.String())
	}
	b.Reset()
	m = newMiddleware(t, &b, scopelog.MiddlewareOptions{Route: func(*http.Request) string { panic("x") }})
	m(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/x", nil))
	if !strings.Contains(b.String(), `"route":"[cut: panicked]"`) {
		t.Errorf("got %s", b.String())
	}
}

func TestMiddlewareOptions(t *testing.T) {
	m, err := scopelog.NewMiddleware(nil, scopelog.MiddlewareOptions{RequestHeaders: []string{"A", ""}, ResponseHeaders: []string{"a b"}})
	if m != nil || !errors.Is(err, scopelog.ErrInvalidOptions) {
		t.Fatalf("%v; want ErrInvalidOptions", err)
	}
	for _, want := range []string{"h: missing", "RequestHeaders[1]", "ResponseHeaders[0]"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error lacks %q: %v", want, err)
		}
	}
}

// Scoped alone does nothing.
func TestScopedAlone(t *testing.T) {
	called := false
	scopelog.Scoped(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true })).
		ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	if !called {
		t.Error("the handler was not called")
	}
}

func TestMiddlewarePanic(t *testing.T) {
	for _, c := range []struct {
		name  string
		value any
		wrote bool
		want  []string
	}{
		{"text", "lost token=Pl4ntedS3cretV4lue", false, []string{`"level":"ERROR"`, `"msg":"http request panicked"`, `"status":0`, `"panic":"lost token=[redacted]"`}},
		{"error", fmt.Errorf("lost %w", errors.New(bearer)), true, []string{`"status":202`, `"panic":"lost Bearer [redacted]"`}},
		{"abort", http.ErrAbortHandler, true, []string{`"level":"WARN"`, `"msg":"http request aborted"`, `"status":202`}},
	} {
		var b bytes.Buffer
		h := newMiddleware(t, &b, scopelog.MiddlewareOptions{})(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if c.wrote {
				w.WriteHeader(202)
			}
			panic(c.value)
		}))
		func() {
			defer func() {
				if got := recover(); got != c.value {
					t.Errorf("%s: panics with %v, want %v", c.name, got, c.value)
				}
			}()
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		}()
		for _, want := range c.want {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s: %s is missing: %s", c.name, want, b.String())
			}
		}
		if leaks(b.String(), planted) != "" || strings.Count(b.String(), "\n") != 1 || c.name == "abort" && strings.Contains(b.String(), `"panic"`) {
			t.Errorf("%s: %s", c.name, b.String())
		}
	}
}

// The stack that is logged is that of the panic.
func TestMiddlewarePanicStack(t *testing.T) {
	var b bytes.Buffer
	m, err := scopelog.NewMiddleware(newHandler(t, slog.NewJSONHandler(&b, nil), scopelog.Options{}), scopelog.MiddlewareOptions{})
	if err != nil {
		t.Fatal(err)
	}
	func() {
		defer func() { _ = recover() }()
		m(http.HandlerFunc(theOneThatPanics)).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	}()
	var r struct{ Stack string }
	if err := json.Unmarshal(b.Bytes(), &r); err != nil || !strings.Contains(r.Stack, "theOneThatPanics") {
		t.Errorf("%v: %s", err, r.Stack)
	}
}

func theOneThatPanics(http.ResponseWriter, *http.Request) { panic("x") }

func TestMiddlewareGoexit(t *testing.T) {
	var b bytes.Buffer
	h := newMiddleware(t, &b, scopelog.MiddlewareOptions{})(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { runtime.Goexit() }))
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	}()
	<-done
	if !strings.Contains(b.String(), `"panic":"runtime.Goexit was called"`) {
		t.Errorf("got %s", b.String())
	}
}

func TestMiddlewareDisabled(t *testing.T) {
	var b bytes.Buffer
	m, err := scopelog.NewMiddleware(newHandler(t, slog.NewJSONHandler(&b, &slog.HandlerOptions{Level: slog.LevelError}), scopelog.Options{}), scopelog.MiddlewareOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	if b.Len() > 0 {
		t.Errorf("got %s", b.String())
	}
}

// Writers with any choice of optional methods.
type (
	plainWriter struct{ http.ResponseWriter }
	flushes     struct{}
	hijacks     struct{}
	reads       struct{}
)

func (flushes) Flush()                                       {}
func (hijacks) Hijack() (net.Conn, *bufio.ReadWriter, error) { return nil, nil, nil }
func (reads) ReadFrom(r io.Reader) (int64, error)            { return io.Copy(io.Discard, r) }

// The writer inside has the methods of the one outside, no more and no fewer.
func TestWriterInterfaces(t *testing.T) {
	w := plainWriter{httptest.NewRecorder()}
	for i, outer := range []http.ResponseWriter{
		w,
		struct {
			plainWriter
			flushes
		}{plainWriter: w},
		struct {
			plainWriter
			hijacks
		}{plainWriter: w},
		struct {
			plainWriter
			flushes
			hijacks
		}{plainWriter: w},
		struct {
			plainWriter
			reads
		}{plainWriter: w},
		struct {
			plainWriter
			flushes
			reads
		}{plainWriter: w},
		struct {
			plainWriter
			hijacks
			reads
		}{plainWriter: w},
		struct {
			plainWriter
			flushes
			hijacks
			reads
		}{plainWriter: w},
	} {
		var b bytes.Buffer
		newMiddleware(t, &b, scopelog.MiddlewareOptions{})(http.HandlerFunc(func(inner http.ResponseWriter, r *http.Request) {
			f, isF := inner.(http.Flusher)
			h, isH := inner.(http.Hijacker)
			rf, isR := inner.(io.ReaderFrom)
			if isF != (i&1 != 0) || isH != (i&2 != 0) || isR != (i&4 != 0) {
				t.Errorf("%d: flusher %v, hijacker %v, reader %v", i, isF, isH, isR)
			}
			if u, ok := inner.(interface{ Unwrap() http.ResponseWriter }); !ok || !reflect.DeepEqual(u.Unwrap(), outer) {
				t.Errorf("%d: Unwrap does not give the writer outside", i)
			}
			if isF {
				f.Flush()
				if err := http.NewResponseController(inner).Flush(); err != nil {
					t.Errorf("%d: %v", i, err)
				}
			}
			if isR {
				if n, err := rf.ReadFrom(strings.NewReader("12345")); n != 5 || err != nil {
					t.Errorf("%d: ReadFrom = %d, %v", i, n, err)
				}
			}
			if isH {
				if _, _, err := h.Hijack(); err != nil {
					t.Errorf("%d: %v", i, err)
				}
			}
		})).ServeHTTP(outer, httptest.NewRequest("GET", "/", nil))
		if got := strings.Contains(b.String(), `"hijacked":true`); got != (i&2 != 0) {
			t.Errorf("%d: %s", i, b.String())
		}
		if got := strings.Contains(b.String(), `"bytes":5`); got != (i&4 != 0) {
			t.Errorf("%d: %s", i, b.String())
		}
		if got := strings.Contains(b.String(), `"status":200`); got == (i == 2) { // only hijacked: no status was sent
			t.Errorf("%d: %s", i, b.String())
		}
	}
}

// Over a real connection: streaming, a deadline through the controller, sendfile's
// way, and a connection taken over.
func TestMiddlewareServer(t *testing.T) {
	var b lockedBuffer
	flushed := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/stream", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "first\n")
		w.(http.Flusher).Flush()
		if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Error(err)
		}
		<-flushed
		_, _ = io.Copy(w, strings.NewReader("second\n"))
	})
	mux.HandleFunc("/hijack", func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\n\r\nhi")
		_ = conn.Close()
	})
	mux.Handle("/slow", http.TimeoutHandler(scopelog.Scoped(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })), time.Millisecond, "late"))
	s := httptest.NewUnstartedServer(newMiddleware(t, &b, scopelog.MiddlewareOptions{})(mux))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	res, err := http.Get(s.URL + "/stream")
	if err != nil {
		t.Fatal(err)
	}
	body := bufio.NewReader(res.Body)
	if line, err := body.ReadString('\n'); line != "first\n" || err != nil {
		t.Errorf("%q, %v", line, err)
	}
	close(flushed)
	if line, err := body.ReadString('\n'); line != "second\n" || err != nil {
		t.Errorf("%q, %v", line, err)
	}
	_ = res.Body.Close()
	u, _ := url.Parse(s.URL)
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(conn, "GET /hijack HTTP/1.1\r\nHost: x\r\n\r\n")
	if got, err := io.ReadAll(conn); err != nil || !strings.HasSuffix(string(got), "hi") {
		t.Errorf("%q, %v", got, err)
	}
	if res, err = http.Get(s.URL + "/slow"); err != nil || res.StatusCode != 503 {
		t.Errorf("%v, %v", res, err)
	} else {
		_ = res.Body.Close()
	}
	s.Close() // waits for the handlers
	for _, want := range []string{`"path":"/stream","status":200,"bytes":13}`, `"path":"/hijack","status":0,"bytes":0,"hijacked":true}`, `"path":"/slow","status":503,"bytes":4}`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s is missing:\n%s", want, b.String())
		}
	}
}
