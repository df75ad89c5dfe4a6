package scopelog_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenantvet/tenantvet/runtime/scopelog"
)

// What had a secret in it prints alike in all else.
func TestRebuilt(t *testing.T) {
	type inner struct {
		Token string `json:"t,omitempty"`
		N     *int   `json:"n,omitempty"`
		Zero  int    `json:",omitzero"`
		Skip  string `json:"-"`
	}
	type account struct {
		base
		inner
		Name     string `json:"name"`
		Password string
		Since    time.Time
		Total    amount
		Color    color
		Sub      *inner
		Nil      *inner
		Map      map[string]any
		List     []any
		secret   string
		F        float64
	}
	n := 7
	acc := account{base: base{1, "note"}, inner: inner{Token: "x"}, Name: "bob", Password: "x", Since: start, Total: amount{250}, Color: 1, Sub: &inner{Token: "x", N: &n, Skip: "s"},
		Map: map[string]any{"b": 1, "a": "y", "cookie": "x"}, List: []any{1, map[string]string{"sid": "x"}, "y"}, secret: "x", F: 1.5}
	req, _ := http.NewRequest("POST", "https://bob:x@example.com/a?token=x&b=1", strings.NewReader("x"))
	req.Header.Set("Authorization", "x")
	req.Header.Set("Accept", "y")
	for _, c := range []struct {
		name       string
		value      any
		json, text string
	}{
		{"struct", acc,
			`{"id":1,"Note":"note","t":"[redacted]","name":"bob","Password":"[redacted]","Since":"2026-11-22T10:00:00Z","Total":2.50,"Color":1,` +
				`"Sub":{"t":"[redacted]","n":7},"Nil":null,"Map":{"a":"y","b":1,"cookie":"[redacted]"},"List":[1,{"sid":"[redacted]"},"y"],"F":1.5}`,
			`{base:{ID:1 Note:note} inner:{Token:[redacted] N:<nil> Zero:0 Skip:} Name:bob Password:[redacted] Since:2026-11-22 10:00:00 +0000 UTC Total:{Cents:250} Color:green ` +
				`Sub:{Token:[redacted] N:PTR Zero:0 Skip:s} Nil:<nil> Map:map[a:y b:1 cookie:[redacted]] List:[1 map[sid:[redacted]] y] F:1.5 [cut: unexported fields]}`},
		{"map", map[string]any{"user": "bob", "token": "x"}, `{"token":"[redacted]","user":"bob"}`, `map[token:[redacted] user:bob]`},
		{"secret key of a map", map[string]int{"a": 1, "Bearer x1234567": 2, "b": 3}, `{"Bearer [redacted]":2,"a":1,"b":3}`, `map[Bearer [redacted]:2 a:1 b:3]`},
		{"request", req,
			`{"method":"POST","url":"https://bob:[redacted]@example.com/a?token=[redacted]&b=1","proto":"HTTP/1.1","host":"example.com","remote_addr":"","header":{"Accept":["y"],"Authorization":"[redacted]"}}`,
			`{Method:POST URL:https://bob:[redacted]@example.com/a?token=[redacted]&b=1 Proto:HTTP/1.1 Host:example.com RemoteAddr: Header:map[Accept:[y] Authorization:[redacted]]}`},
		{"response", http.Response{Status: "200 OK", Proto: "HTTP/1.1", ContentLength: 3, Header: http.Header{"Set-Cookie": {"a=x"}}},
			`{"status":"200 OK","proto":"HTTP/1.1","content_length":3,"header":{"Set-Cookie":"[redacted]"}}`,
			`{Status:200 OK Proto:HTTP/1.1 ContentLength:3 Header:map[Set-Cookie:[redacted]]}`},
		{"empty request", http.Request{}, `{"method":"","proto":"","host":"","remote_addr":"","header":null}`, `{Method: Proto: Host: RemoteAddr: Header:map[]}`},
		{"cookie", http.Cookie{Name: "a", Value: "x"}, `"a=[redacted]"`, `a=[redacted]`},
		{"userinfo", *url.UserPassword("bob", "x"), `"[redacted]"`, `[redacted]`},
		{"values", url.Values{"code": {"12345678"}, "a": {"b"}}, `{"a":["b"],"code":["[redacted]"]}`, `map[a:[b] code:[[redacted]]]`},
		{"raw", json.RawMessage(`{"token":"x","a":1}`), `{"token":"[redacted]","a":1}`, `{"token":"[redacted]","a":1}`},
		{"joined", errors.Join(io.EOF, errors.New("token=x")), `"EOF\ntoken=[redacted]"`, "EOF\ntoken=[redacted]"},
		{"stack", &stackError{"token=x"}, `"token=[redacted]\nmain.main\n\t/src/main.go:12"`, "token=[redacted]\nmain.main\n\t/src/main.go:12"},
		{"LogValuers within", []any{group{"1", "2"}, struct{ G group }{group{"3", "token=x"}}}, `[{"a":"1","b":"2"},{"G":{"a":"3","b":"token=[redacted]"}}]`,
			`[map[a:1 b:2] {G:map[a:3 b:token=[redacted]]}]`},
		{"attributes", []any{[]slog.Attr{slog.Int("a", 1), slog.String("token", "x"), slog.Group("g", "c", time.Second)}, slog.Int("b", 2)},
			`[{"a":1,"token":"[redacted]","g":{"c":1000000000}},{"b":2}]`, `[map[a:1 token:[redacted] g:map[c:1s]] map[b:2]]`},
		{"unexported only", struct{ s string }{"x"}, `{}`, `{[cut: unexported fields]}`},
		{"function beside", []any{func() {}, "token=x"}, `["!ERROR:json: unsupported type: func()","token=[redacted]"]`, `[FUNC token=[redacted]]`},
		{"harmless under a name", struct {
			Token    *string
			HasToken bool
			Tokens   int
			Session  time.Duration
			Secret   time.Time
			Cookie   []string
			Password any
			Note     string
		}{Tokens: 5, Session: time.Second, Secret: start, Note: "token=x"},
			`{"Token":null,"HasToken":false,"Tokens":5,"Session":1000000000,"Secret":"2026-11-22T10:00:00Z","Cookie":null,"Password":null,"Note":"token=[redacted]"}`,
			`{Token:<nil> HasToken:false Tokens:5 Session:1s Secret:2026-11-22 10:00:00 +0000 UTC Cookie:[] Password:<nil> Note:token=[redacted]}`},
		{"secret under a name", map[string]any{"token": 12345678, "pin": 1.5, "session": map[string]int{"id": 7}, "tokens": []int{1}, "secret": [4]byte{1}},
			`{"pin":"[redacted]","secret":"[redacted]","session":"[redacted]","token":"[redacted]","tokens":"[redacted]"}`,
			`map[pin:[redacted] secret:[redacted] session:[redacted] token:[redacted] tokens:[redacted]]`},
	} {
		var j, text any
		keep := func(to *any) *slog.HandlerOptions {
			return &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
				if a.Key == "v" {
					*to = a.Value.Any()
				}
				return a
			}}
		}
		var b bytes.Buffer
		slog.New(newHandler(t, slog.NewJSONHandler(&b, keep(&j)), scopelog.Options{})).Info("m", "v", c.value)
		if _, got, _ := strings.Cut(strings.TrimSuffix(b.String(), "}\n"), `"v":`); got != c.json {
			t.Errorf("%s, json:\ngot  %s\nwant %s", c.name, got, c.json)
		}
		slog.New(newHandler(t, slog.NewTextHandler(&b, keep(&text)), scopelog.Options{})).Info("m", "v", c.value)
		got := fmt.Sprintf("%+v", text)
		want := strings.ReplaceAll(c.text, "PTR", fmt.Sprintf("%p", &n))
		if before, after, ok := strings.Cut(want, "FUNC"); ok && strings.HasPrefix(got, before+"0x") && strings.HasSuffix(got, after) {
			continue
		}
		if got != want {
			t.Errorf("%s, text:\ngot  %s\nwant %s", c.name, got, want)
		}
	}
}

// A value without an end, or too large, ends and says so.
func TestCut(t *testing.T) {
	cycle := map[string]any{"a": 1}
	cycle["self"] = cycle
	type node struct{ Next, Other *node }
	ring := &node{}
	ring.Next, ring.Other = ring, &node{Next: ring}
	var slice []any
	slice = append(slice, nil)
	slice[0] = slice
	var deep any
	for range 100 {
		deep = []any{deep}
	}
	var deepJSON = strings.Repeat(`{"a":`, 100) + `{"token":"x"}` + strings.Repeat("}", 100)
	group := make([]any, 20_000)
	for i := range group {
		group[i] = slog.Int("i", i)
	}
	var bomb any = "x"
	for range 20 {
		bomb = []any{bomb, bomb, bomb}
	}
	cyclicAttrs := make([]slog.Attr, 1)
	cyclicAttrs[0] = slog.Attr{Key: "g", Value: slog.GroupValue(cyclicAttrs...)}
	for _, c := range []struct {
		name  string
		value any
		want  string
	}{
		{"map", cycle, "[cut: cycle]"},
		{"ring", ring, "[cut: cycle]"},
		{"slice", slice, "[cut: cycle]"},
		{"deep", deep, "[cut: too deep]"},
		{"deep JSON", deepJSON, "[cut: too deep]"},
		{"wide", make([]string, 20_000), "[cut: too many values]"},
		{"wide map", func() any {
			m := map[int]string{}
			for i := range 20_000 {
				m[i] = ""
			}
			return m
		}(), "[cut: too many values]"},
		{"wide group", slog.GroupValue(slog.Group("g", group...)), "[cut: too many values]"},
		{"bomb", bomb, "[cut: too many values]"},
		{"attributes", cyclicAttrs[0].Value, "[cut: too deep]"},
		{"valuer", valuer{valuer{loop{1}}}, "LogValue called too many times"},
		{"valuers", grouper{endless{}}, "[cut: too deep]"},
		{"panicking", panicking{"x"}, "[cut: panicked]"},
		{"panicking error", panickingError{}, "[cut: panicked]"},
		{"long", strings.Repeat("long ", 20<<10), "[cut: 36864 bytes]"},
		{"very long", strings.Repeat("long ", 200<<10), "[cut: 958464 bytes]"},
		{"long bytes", bytes.Repeat([]byte("long "), 200<<10), "bytes]"},
		{"long error", errors.New(strings.Repeat("long ", 20<<10)), "[cut: 36864 bytes]"},
		{"long header", http.Header{"A": {strings.Repeat("long ", 20<<10)}}, "[cut: 36864 bytes]"},
	} {
		for name, out := range output(t, scopelog.Options{}, func(l *slog.Logger) { l.Info("m", "v", c.value) }) {
			if !strings.Contains(out, c.want) {
				t.Errorf("%s, %s: %q is missing: %.2000s", c.name, name, c.want, out)
			}
			if len(out) > 1<<20 {
				t.Errorf("%s, %s: %d bytes", c.name, name, len(out))
			}
		}
	}
}

// endless is a LogValuer that holds another one, for ever.
type endless struct{}

func (e endless) LogValue() slog.Value { return slog.GroupValue(slog.Any("e", e)) }

type panickingError struct{}

func (panickingError) Error() string { panic("token=x") }

// The same thing at two places is no cycle.
func TestSharedIsNoCycle(t *testing.T) {
	shared := &struct{ A, Token string }{"a", "x"}
	for name, out := range output(t, scopelog.Options{}, func(l *slog.Logger) {
		l.Info("m", "v", []any{shared, shared, map[string]any{"s": shared}, struct{ P, Q any }{shared, shared}})
	}) {
		if strings.Contains(out, "[cut: ") || strings.Count(out, "[redacted]") != 5 {
			t.Errorf("%s: %s", name, out)
		}
	}
}

// What a package keeps under a lock is not read without it.
func TestUnexportedIsNotRead(t *testing.T) {
	type service struct {
		Name  string
		mu    sync.Mutex
		cache map[string]string
	}
	s := &service{Name: "s", cache: map[string]string{}}
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			s.mu.Lock()
			s.cache[fmt.Sprint(i%10)] = "x"
			s.mu.Unlock()
		}
	}()
	for range 200 {
		output(t, scopelog.Options{}, func(l *slog.Logger) { l.Info("m", "s", s) })
	}
	close(stop)
	<-done
}

func TestGroupsAndKeys(t *testing.T) {
	var b bytes.Buffer
	l := slog.New(newHandler(t, slog.NewJSONHandler(&b, noTime), scopelog.Options{Keys: []string{"national-id"}}))
	l.WithGroup("").With().WithGroup("a").With("sid", "x", "n", 1).WithGroup("session").With("id", "x", "ok", true, "n", 1, "none", "", slog.Group("g", "id", "x"), slog.Group("none")).
		Info("m", "id", []string{"x"}, "NationalID", "x")
	const want = `{"level":"INFO","msg":"m","a":{"sid":"[redacted]","n":1,"session":{"id":"[redacted]","ok":true,"n":"[redacted]","none":"","g":{"id":"[redacted]"},` +
		`"id":"[redacted]","NationalID":"[redacted]"}}}`
	if got := strings.TrimSpace(b.String()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

type (
	Exported struct {
		A string `json:"a"`
		T string `json:"token"`
	}
	Clean struct {
		B string `json:"b"`
	}
	hidden struct{ C, D string }
	named2 struct{ E string }
)

// Embedded structs keep their place in JSON, wherever the secret is.
func TestRebuiltEmbedded(t *testing.T) {
	type all struct {
		Exported
		*Clean
		hidden
		named2   `json:"named"`
		Any      fmt.Stringer
		Clean2   Clean
		Session  `json:"-"`
		Password string
	}
	for name, c := range map[string]struct {
		value any
		want  string
	}{
		"secret beside": {all{Exported: Exported{A: "1"}, Clean: &Clean{"2"}, hidden: hidden{"3", "4"}, named2: named2{"5"}, Clean2: Clean{"6"}, Password: "x"},
			`{"a":"1","token":"","b":"2","C":"3","D":"4","named":{"E":"5"},"Any":null,"Clean2":{"b":"6"},"Password":"[redacted]"}`},
		"secret within": {&all{Exported: Exported{A: "1", T: "x"}, hidden: hidden{"token=x", "4"}},
			`{"a":"1","token":"[redacted]","C":"token=[redacted]","D":"4","named":{"E":""},"Any":null,"Clean2":{"b":""},"Password":""}`},
		"a pointer that is nil": {struct {
			*Clean
			Token string
		}{nil, "x"}, `{"Token":"[redacted]"}`},
		"empty": {struct {
			Session2
			Token string
		}{Token: "x"}, `{"Token":"[redacted]"}`},
	} {
		var b bytes.Buffer
		slog.New(newHandler(t, slog.NewJSONHandler(&b, noTime), scopelog.Options{})).Info("m", "v", c.value)
		if _, got, _ := strings.Cut(strings.TrimSuffix(b.String(), "}\n"), `"v":`); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, c.want)
		}
	}
}

type (
	Session  struct{ ID string }
	Session2 struct{}
)

// What a lock guards is neither read nor copied if a struct beside it is rebuilt.
func TestRebuiltDoesNotCopy(t *testing.T) {
	type counter struct {
		mu sync.Mutex
		N  int
		n  int
	}
	v := &struct {
		Token string
		C     counter
	}{Token: "x"}
	v.C.mu.Lock()
	v.C.n = 1
	done := make(chan struct{})
	go func() {
		defer close(done)
		v.C.mu.Unlock()
		for range 100 {
			v.C.mu.Lock()
			v.C.n++
			v.C.mu.Unlock()
		}
	}()
	var b bytes.Buffer
	l := slog.New(newHandler(t, slog.NewJSONHandler(&b, noTime), scopelog.Options{}))
	for range 100 {
		l.Info("m", "v", v)
	}
	<-done
	if want := `{"Token":"[redacted]","C":{"N":0}}`; !strings.Contains(b.String(), want) {
		t.Errorf("got %s", b.String())
	}
}

// Errors that also print themselves in other ways.
type richError struct{ msg, json, text string }

func (e richError) Error() string                { return e.msg }
func (e richError) MarshalJSON() ([]byte, error) { return json.Marshal(map[string]string{"j": e.json}) }
func (e richError) MarshalText() ([]byte, error) { return []byte(e.text), nil }

type textError struct{ msg, text string }

func (e textError) Error() string                { return e.msg }
func (e textError) MarshalText() ([]byte, error) { return []byte(e.text), nil }

func TestErrorsThatPrintThemselves(t *testing.T) {
	for _, err := range []error{
		richError{bearer, "a", "b"}, richError{"a", bearer, "b"}, richError{"a", "b", bearer},
		textError{bearer, "a"}, textError{"a", bearer}, &stackError{bearer},
	} {
		for _, v := range []any{err, []any{err}, struct{ Err error }{err}, &struct{ Err error }{err}} {
			for name, out := range output(t, scopelog.Options{}, func(l *slog.Logger) { l.Info("m", "v", v) }) {
				if form := leaks(out, planted); form != "" {
					t.Errorf("%s, %T: %s", name, v, out)
				}
			}
		}
	}
	for _, err := range []error{richError{"a", "b", "c"}, textError{"a", "b"}} {
		for _, format := range formats {
			var plain, through bytes.Buffer
			logAll(slog.New(format.new(&plain)), err)
			logAll(slog.New(newHandler(t, format.new(&through), scopelog.Options{})), err)
			if plain.String() != through.String() {
				t.Errorf("%s:\ngot  %swant %s", format.name, through.String(), plain.String())
			}
		}
	}
}
