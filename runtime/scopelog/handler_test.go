package scopelog_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/slogtest"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
	"github.com/tenantvet/tenantvet/runtime/scopelog"
	"github.com/tenantvet/tenantvet/runtime/scopetest"
)

// scope is where all tests of this package get a scope from.
func scope(t testing.TB, name, user string) tenant.Scope {
	t.Helper()
	return scopetest.Scope(t, name, "prod", user, "")
}

func scoped(t testing.TB, name, user string) context.Context {
	t.Helper()
	ctx, err := tenant.NewContext(context.Background(), scope(t, name, user))
	if err != nil {
		t.Fatal(err)
	}
	return ctx
}

func newHandler(t testing.TB, inner slog.Handler, opts scopelog.Options) *scopelog.Handler {
	t.Helper()
	h, err := scopelog.NewHandler(inner, opts)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func newHasher(t testing.TB) *tenant.Hasher {
	t.Helper()
	h, err := tenant.NewHasher([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// noTime leaves the time out, so that records can be compared.
var noTime = &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey && len(groups) == 0 {
		return slog.Attr{}
	}
	return a
}}

// formats are the handlers of log/slog.
var formats = []struct {
	name string
	new  func(io.Writer) slog.Handler
}{
	{"json", func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, noTime) }},
	{"text", func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, noTime) }},
}

// output returns what f logs in each format.
func output(t testing.TB, opts scopelog.Options, f func(*slog.Logger)) map[string]string {
	t.Helper()
	out := make(map[string]string)
	for _, format := range formats {
		var b bytes.Buffer
		f(slog.New(newHandler(t, format.new(&b), opts)))
		out[format.name] = b.String()
	}
	return out
}

// inContext handles records as if they came with a context.
type inContext struct {
	slog.Handler
	ctx context.Context
}

func (h inContext) Handle(_ context.Context, r slog.Record) error { return h.Handler.Handle(h.ctx, r) }
func (h inContext) WithAttrs(a []slog.Attr) slog.Handler {
	return inContext{h.Handler.WithAttrs(a), h.ctx}
}
func (h inContext) WithGroup(n string) slog.Handler {
	return inContext{h.Handler.WithGroup(n), h.ctx}
}

func TestSlogtest(t *testing.T) {
	for name, ctx := range map[string]context.Context{"no scope": context.Background(), "scope": scoped(t, "acme", "ann")} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			slogtest.Run(t, func(t *testing.T) slog.Handler {
				b.Reset()
				return inContext{newHandler(t, slog.NewJSONHandler(&b, nil), scopelog.Options{}), ctx}
			}, func(t *testing.T) map[string]any {
				var m map[string]any
				if err := json.Unmarshal(b.Bytes(), &m); err != nil {
					t.Fatal(err)
				}
				return m
			})
		})
	}
}

func TestOptions(t *testing.T) {
	h, err := scopelog.NewHandler(nil, scopelog.Options{Keys: []string{"ok", "", "--", strings.Repeat("x", 65)}})
	if h != nil || !errors.Is(err, scopelog.ErrInvalidOptions) {
		t.Fatalf("NewHandler = %v, %v; want ErrInvalidOptions", h, err)
	}
	for _, want := range []string{"inner: missing", "in Keys[1]:", "in Keys[2]:", "in Keys[3]:"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error lacks %q: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "Keys[0]") {
		t.Errorf("the error names a good key: %v", err)
	}
}

func TestEnabled(t *testing.T) {
	h := newHandler(t, slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelWarn}), scopelog.Options{})
	if h.Enabled(t.Context(), slog.LevelInfo) || !h.Enabled(t.Context(), slog.LevelWarn) {
		t.Error("the level is not that of the other handler")
	}
}

func TestScope(t *testing.T) {
	hasher := newHasher(t)
	hash := func(k tenant.Key, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		text, err := hasher.Hash(k)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	ann := scope(t, "acme", "ann")
	hashed := fmt.Sprintf(`"scope":{"tenant":"%s","env":"prod","user":"%s"}`,
		hash(tenant.NewKey(ann, "log", "tenant")), hash(tenant.NewUserKey(ann, "log", "user")))
	hidden := `"scope":{"tenant":"[redacted]","env":"prod","user":"[redacted]"}`
	nobody := `"scope":{"tenant":"[redacted]","env":"prod"}`
	for _, c := range []struct {
		name string
		opts scopelog.Options
		ctx  context.Context
		log  func(*slog.Logger) *slog.Logger
		want string
	}{
		{"none", scopelog.Options{Hasher: hasher}, t.Context(), nil, `{"level":"INFO","msg":"m","a":1}`},
		{"hidden", scopelog.Options{}, scoped(t, "acme", "ann"), nil, `{"level":"INFO","msg":"m",` + hidden + `,"a":1}`},
		{"no user", scopelog.Options{}, scoped(t, "acme", ""), nil, `{"level":"INFO","msg":"m",` + nobody + `,"a":1}`},
		{"hashed", scopelog.Options{Hasher: hasher}, scoped(t, "acme", "ann"), nil, `{"level":"INFO","msg":"m",` + hashed + `,"a":1}`},
		{"useless hasher", scopelog.Options{Hasher: new(tenant.Hasher)}, scoped(t, "acme", "ann"), nil, `{"level":"INFO","msg":"m",` + hidden + `,"a":1}`},
		{"attributes", scopelog.Options{}, scoped(t, "acme", "ann"),
			func(l *slog.Logger) *slog.Logger { return l.With("b", 2) },
			`{"level":"INFO","msg":"m","b":2,` + hidden + `,"a":1}`},
		{"groups", scopelog.Options{}, scoped(t, "acme", "ann"),
			func(l *slog.Logger) *slog.Logger {
				return l.With("b", 2).WithGroup("g").With("c", 3, "token", "x").WithGroup("h").With("d", 4)
			},
			`{"level":"INFO","msg":"m","b":2,` + hidden + `,"g":{"c":3,"token":"[redacted]","h":{"d":4,"a":1}}}`},
	} {
		var b bytes.Buffer
		l := slog.New(newHandler(t, slog.NewJSONHandler(&b, noTime), c.opts))
		if c.log != nil {
			l = c.log(l)
		}
		l.InfoContext(c.ctx, "m", "a", 1)
		if got := strings.TrimSpace(b.String()); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

// An open group without attributes is left out, as it is without a scope.
func TestScopeEmptyGroup(t *testing.T) {
	var b bytes.Buffer
	l := slog.New(newHandler(t, slog.NewJSONHandler(&b, noTime), scopelog.Options{})).WithGroup("g")
	l.InfoContext(scoped(t, "acme", ""), "m")
	if want := `{"level":"INFO","msg":"m","scope":{"tenant":"[redacted]","env":"prod"}}`; strings.TrimSpace(b.String()) != want {
		t.Errorf("got  %swant %s", b.String(), want)
	}
}

// Loggers that share a beginning do not share what follows.
func TestDerivedLoggers(t *testing.T) {
	var b bytes.Buffer
	ctx := scoped(t, "acme", "")
	l := slog.New(newHandler(t, slog.NewTextHandler(&b, noTime), scopelog.Options{})).WithGroup("g").With("a", 1).With("b", 2)
	one, two := l.With("c", 1), l.With("d", 2)
	one.InfoContext(ctx, "m")
	two.InfoContext(ctx, "m")
	const head = "level=INFO msg=m scope.tenant=[redacted] scope.env=prod g.a=1 g.b=2 "
	if want := head + "g.c=1\n" + head + "g.d=2\n"; b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

// More scopes than are remembered do not mix.
func TestManyScopes(t *testing.T) {
	var b bytes.Buffer
	l := slog.New(newHandler(t, slog.NewTextHandler(&b, noTime), scopelog.Options{Hasher: newHasher(t)}))
	first := make(map[string]string)
	for round := range 2 {
		for i := range 2500 {
			name := fmt.Sprint("tenant", i)
			b.Reset()
			l.InfoContext(scoped(t, name, "ann"), "m")
			if round == 0 {
				for other, text := range first {
					if text == b.String() {
						t.Fatalf("%s and %s look the same", name, other)
					}
					break
				}
				first[name] = b.String()
			} else if first[name] != b.String() {
				t.Fatalf("%s looks different the second time", name)
			}
		}
	}
}

func TestConcurrent(t *testing.T) {
	var b bytes.Buffer
	l := slog.New(newHandler(t, slog.NewJSONHandler(&b, noTime), scopelog.Options{Hasher: newHasher(t)}))
	var wg sync.WaitGroup
	for i := range 8 {
		ctx := scoped(t, fmt.Sprint("tenant", i), "ann")
		l := l.WithGroup("g").With("i", i)
		wg.Go(func() {
			for j := range 200 {
				l.InfoContext(ctx, "m", "j", j, "token", "plantedsecret1", "v", map[string]any{"cookie": "plantedsecret1", "n": j})
			}
		})
	}
	wg.Wait()
	if strings.Contains(b.String(), "planted") {
		t.Error("a secret came out")
	}
	byScope := make(map[string]string)
	for line := range strings.Lines(b.String()) {
		var r struct {
			Scope struct{ Tenant string }
			G     struct{ I int }
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		i := fmt.Sprint(r.G.I)
		if was, ok := byScope[r.Scope.Tenant]; ok && was != i {
			t.Fatalf("records of %s and %s have one scope", was, i)
		}
		byScope[r.Scope.Tenant] = i
	}
	if len(byScope) != 8 {
		t.Errorf("%d scopes, want 8", len(byScope))
	}
}

// What is no secret is printed as without the handler, byte for byte.
func TestUnchanged(t *testing.T) {
	for _, v := range innocent() {
		for _, format := range formats {
			var plain, through bytes.Buffer
			logAll(slog.New(format.new(&plain)), v.value)
			logAll(slog.New(newHandler(t, format.new(&through), scopelog.Options{})), v.value)
			if plain.String() != through.String() {
				t.Errorf("%s, %s:\ngot  %swant %s", v.name, format.name, through.String(), plain.String())
			}
		}
	}
}

func logAll(l *slog.Logger, v any) {
	l.Info("m", "v", v)
	l.Info("m", slog.Group("g", "v", v))
	l.With("v", v).WithGroup("g").Info("m", "w", []any{v})
	if s, ok := v.(string); ok {
		l.Info(s)
	}
}

var start = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
