package scopelog_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/runtime/scopelog"
)

// script chooses: it is read byte by byte, and gives zeros at its end.
type script struct{ rest []byte }

func (s *script) next(n int) int {
	if len(s.rest) == 0 {
		return 0
	}
	c := s.rest[0]
	s.rest = s.rest[1:]
	return int(c) % n
}

func pick[T any](s *script, from []T) T { return from[s.next(len(from))] }

// secretNames name secrets, in the spellings that there are.
var secretNames = []string{
	"authorization", "Authorization", "Proxy-Authorization", "cookie", "Set-Cookie", "X-Api-Key", "x_api_key", "apiKey", "APIKey", "token", "access_token",
	"refreshToken", "id-token", "ID_TOKEN", "githubToken", "password", "Password", "new_password_2", "passwd", "pwd", "db.password", "secret", "client_secret",
	"clientSecret", "session", "session_id", "JSESSIONID", "sid", "private_key", "credentials", "tokens", "cookies", "passphrase", "token_value", "authHeaderToken",
	"csrf-token", "jwt", "OTP", "national-id", "nationalID", "customer.national_id",
}

// forms are texts that give a secret away whatever their name.
var forms = []func(secret string) string{
	func(s string) string { return "Bearer " + s },
	func(s string) string { return "bearer  " + s },
	func(s string) string { return "got Bearer " + s + ", from bob" },
	func(s string) string { return "eyJhbGciOiJIUzI1NiJ9." + s + "." + s },
	func(s string) string { return "https://bob:" + s + "@example.com/a?b=c" },
	func(s string) string { return "https://" + s + s + "@example.com/a" },
	func(s string) string { return "bob:" + s + "@tcp(db:3306)/app" },
	func(s string) string { return "https://example.com/a?b=c&access_token=" + s + "&d=e" },
	func(s string) string { return "/a?X-Amz-Signature=" + s },
	func(s string) string {
		return "GET /a HTTP/1.1\r\nCookie: a=" + s + "; b=" + s + "\r\nAccept: x\r\n\r\n"
	},
	func(s string) string { return "Authorization: Custom " + s },
	func(s string) string { return `curl -H "Authorization: Basic ` + s + `" https://example.com` },
	func(s string) string { return "-----BEGIN PRIVATE KEY-----\n" + s + "\n-----END PRIVATE KEY-----\n" },
	func(s string) string { return "dial with password=" + s + " user=bob" },
	func(s string) string { return "token: " + s },
	func(s string) string { return fmt.Sprint(map[string]string{"token": s, "user": "bob"}) },
	func(s string) string { return fmt.Sprint(http.Header{"Cookie": {s, s}, "Accept": {"x"}}) },
	func(s string) string { return fmt.Sprintf("%#v", http.Header{"Authorization": {s}, "Accept": {"x"}}) },
	func(s string) string { return fmt.Sprintf("%+v", struct{ ID, Password, Name string }{"7", s, "bob"}) },
	func(s string) string {
		return fmt.Sprintf("%#v", struct{ ID, Password, Name string }{"7", s, "bob"})
	},
	func(s string) string { return fmt.Sprintf(`{"user": "bob", "password": %q, "n": 1}`, s) },
	func(s string) string { return fmt.Sprintf(`[{"tokens": [%q, %q]}]`, s, s) },
	func(s string) string { return fmt.Sprintf(`{"user": "bob", "session": {"id": %q`, s) },
	func(s string) string { return "github_pat_" + s + s },
	func(s string) string { return "tve1:" + s + s + s + s },
}

// texts carry a text on.
var texts = []func(string) string{
	func(s string) string { return s },
	func(s string) string { return "failed: " + s },
	func(s string) string { return strconv.Quote(s) },
	func(s string) string { return "body " + strconv.Quote(s) + " refused" },
	func(s string) string { b, _ := json.Marshal(map[string]any{"a": 1, "m": s}); return string(b) },
	func(s string) string { b, _ := json.Marshal([]any{s, nil}); return "got " + string(b) + " back" },
	func(s string) string { return fmt.Sprintf("%v", []string{"a", s, "b"}) },
	func(s string) string { return fmt.Sprintf("%+v", struct{ A, M string }{"a", s}) },
	func(s string) string { return (&url.Error{Op: "Get", URL: s, Err: io.EOF}).Error() },
	func(s string) string { return fmt.Errorf("a: %w", errors.Join(errors.New("b"), errors.New(s))).Error() },
	func(s string) string { return "line one\n" + s + "\nline three" },
}

// Types that print themselves.
type (
	stringer  struct{ s string }
	texter    struct{ s string }
	jsoner    struct{ v any }
	jsonerPtr struct{ v any }
	formatter struct{ s string }
	failing   struct{ s string }
	panicking struct{ s string }
	valuer    struct{ v any }
	grouper   struct{ v any }
	loop      struct{ v any }
	fieldErr  struct{ Detail any }
	wrapper   struct {
		A int
		V any `json:"v"`
	}
	embedder struct {
		wrapper
		B string
	}
	pair[T any] struct {
		First  T
		Second int
	}
	password string
)

func (x stringer) String() string                 { return x.s }
func (x texter) MarshalText() ([]byte, error)     { return []byte(x.s), nil }
func (x jsoner) MarshalJSON() ([]byte, error)     { return json.Marshal(x.v) }
func (x *jsonerPtr) MarshalJSON() ([]byte, error) { return json.Marshal(x.v) }
func (x formatter) Format(f fmt.State, _ rune)    { _, _ = io.WriteString(f, x.s) }
func (x failing) MarshalJSON() ([]byte, error)    { return nil, errors.New(x.s) }
func (x failing) MarshalText() ([]byte, error)    { return nil, errors.New(x.s) }
func (x panicking) String() string                { panic(x.s) }
func (x panicking) MarshalJSON() ([]byte, error)  { panic(x.s) }
func (x valuer) LogValue() slog.Value             { return slog.AnyValue(x.v) }
func (x grouper) LogValue() slog.Value            { return slog.GroupValue(slog.Any("a", 1), slog.Any("v", x.v)) }
func (x loop) LogValue() slog.Value               { return slog.AnyValue(x) }
func (x *fieldErr) Error() string                 { return "failed" }
func (x fieldErr) Unwrap() error                  { return io.EOF }

// textValues make values of a text.
var textValues = []func(string) any{
	func(s string) any { return s },
	func(s string) any { return []byte(s) },
	func(s string) any { return json.RawMessage(strconv.Quote(s)) },
	func(s string) any { return errors.New(s) },
	func(s string) any { return fmt.Errorf("a: %w", errors.Join(io.EOF, errors.New(s))) },
	func(s string) any { return &url.Error{Op: "Get", URL: s, Err: errors.New(s)} },
	func(s string) any { return stringer{s} },
	func(s string) any { return &stringer{s} },
	func(s string) any { return texter{s} },
	func(s string) any { return jsoner{s} },
	func(s string) any { return formatter{s} },
	func(s string) any { return failing{s} },
	func(s string) any { return panicking{s} },
	func(s string) any { return &fieldErr{s} },
	func(s string) any { return strings.Split(s, "\x00") },
	func(s string) any { return map[string]int{s: 1} },
	func(s string) any { return &s },
	func(s string) any { return [1]string{s} },
	func(s string) any { return http.Header{"X-Note": {s}} },
	func(s string) any { return &stackError{s} },
}

// namedValues put a secret under the name of one.
var namedValues = []func(name, secret string) any{
	func(n, s string) any { return slog.String(n, s) },
	func(n, s string) any { return slog.Any(n, []byte(s)) },
	func(n, s string) any { return []slog.Attr{slog.Int("a", 1), slog.Any(n, []any{s})} },
	func(n, s string) any { return slog.GroupValue(slog.String(n, s)) },
	func(n, s string) any { return slog.GroupValue(slog.Group(n, "id", s)) },
	func(n, s string) any { return map[string]string{n: s, "user": "bob"} },
	func(n, s string) any { return map[string]any{"a": 1, n: map[string]any{"x": s}} },
	func(n, s string) any { return map[password]any{password(n): &s} },
	func(n, s string) any { return map[string][]string{n: {"a", s}} },
	func(n, s string) any { return http.Header{http.CanonicalHeaderKey(n): {s}, "Accept": {"x"}} },
	func(n, s string) any { return url.Values{n: {s}, "a": {"b"}} },
	func(n, s string) any { b, _ := json.Marshal(map[string]any{"a": 1, n: s}); return json.RawMessage(b) },
	func(n, s string) any { b, _ := json.Marshal(map[string]any{"a": 1, n: []string{s}}); return string(b) },
	func(n, s string) any { return jsoner{map[string]any{n: s}} },
	func(_, s string) any { return struct{ ID, Password string }{"7", s} },
	func(_, s string) any {
		return &struct {
			ID string
			P  []byte `json:"client_secret"`
		}{"7", []byte(s)}
	},
	func(_, s string) any { return struct{ u *url.Userinfo }{url.UserPassword("bob", s)} },
	func(_, s string) any { return struct{ hidden any }{s} },
	func(_, s string) any {
		return &url.URL{Scheme: "https", User: url.UserPassword("bob", s), Host: "example.com", RawQuery: "token=" + s}
	},
	func(n, s string) any {
		r, _ := http.NewRequest("GET", "https://example.com/a?token="+s, strings.NewReader(s))
		r.Header.Set(n, s)
		r.AddCookie(&http.Cookie{Name: "a", Value: s})
		r.SetBasicAuth("bob", s)
		return r
	},
	func(n, s string) any {
		return &http.Response{Status: "200 OK", Header: http.Header{http.CanonicalHeaderKey(n): {s}, "Set-Cookie": {"a=" + s}}}
	},
}

// typedValues hold a secret by their type, which the JSON that a wrap makes of
// them does not show.
var typedValues = []func(secret string) any{
	func(s string) any { return pair[password]{password(s), 1} },
	func(s string) any { return []password{password(s)} },
	func(s string) any { return &http.Cookie{Name: "a", Value: s} },
	func(s string) any { return []*http.Cookie{{Name: "a", Value: s}} },
}

// wraps put a value into another.
var wraps = []func(any) any{
	func(v any) any { return []any{1, v} },
	func(v any) any { return [2]any{nil, v} },
	func(v any) any { return map[string]any{"a": 1, "v": v} },
	func(v any) any { return map[int]any{1: v} },
	func(v any) any { return wrapper{1, v} },
	func(v any) any { return &wrapper{1, v} },
	func(v any) any { return embedder{wrapper{1, v}, "b"} },
	func(v any) any { return &embedder{wrapper{1, v}, "b"} },
	func(v any) any { return pair[any]{v, 2} },
	func(v any) any { return struct{ In struct{ V any } }{struct{ V any }{v}} },
	func(v any) any { p := &v; return &p },
	func(v any) any { return valuer{v} },
	func(v any) any { return grouper{v} },
	func(v any) any { return []valuer{{v}} },
	func(v any) any { return slog.Any("v", v) },
	func(v any) any { return slog.GroupValue(slog.Any("a", 1), slog.Any("v", v)) },
	func(v any) any { return []slog.Attr{slog.Any("v", v)} },
	func(v any) any { return &fieldErr{v} },
	func(v any) any { return []any{loop{1}, v} },
	// JSON of their own.
	func(v any) any { return &struct{ J jsonerPtr }{jsonerPtr{v}} },
	func(v any) any { return []jsoner{{v}} },
	// Without an end, so that fmt would never be done.
	func(v any) any { m := map[string]any{"v": v}; m["self"] = m; return m },
	func(v any) any { w := &wrapper{}; w.V = []any{w, v}; return w },
}

const (
	jsonWraps    = 2 // of wraps, before the endless ones
	endlessWraps = 2 // of wraps, at the end
)

// plant builds a value with the secret in it, in a place that the script chooses.
// The value may also be a text, for a message or the name of a group.
func plant(s *script, secret string) (v any, text string) {
	from := wraps
	switch s.next(4) {
	case 0:
		v = pick(s, namedValues)(pick(s, secretNames), secret)
	case 1:
		v, from = pick(s, typedValues)(secret), wraps[:len(wraps)-jsonWraps-endlessWraps]
	default:
		text = pick(s, forms)(secret)
		for range s.next(3) {
			text = pick(s, texts)(text)
		}
		v = pick(s, textValues)(text)
	}
	for range s.next(7) {
		v = pick(s, from)(v)
	}
	return v, text
}

// emit logs the value in a place that the script chooses.
func emit(s *script, l *slog.Logger, scopedCtx context.Context, secret string, v any, text string) {
	switch s.next(9) {
	case 0:
		l.Info("m", "a", 1, "v", v)
	case 1:
		l.Info("m", slog.Group("g", slog.Group("h", "v", v)))
	case 2:
		l.With("v", v).Info("m")
	case 3:
		l.WithGroup("g").With("v", v).WithGroup("h").InfoContext(scopedCtx, "m", "w", v)
	case 4:
		l.Info("message "+text, "a", 1)
	case 5:
		l.WithGroup(text).With(text, 1).Info("m", text, 2)
	case 6:
		l.Info("m", pick(s, secretNames), secret)
	case 7:
		l.WithGroup(pick(s, secretNames)).With("id", secret).Info("m", "b", []string{secret}, slog.Group("g", "c", secret))
	case 8:
		l.Info("m", "a", 1, "b", 2, "c", 3, "d", 4, "e", 5, "f", 6, "g", 7, "h", 8, "i", 9, "v", v)
	}
}

// secretOf makes a secret of what it is given: letters, digits and a few more, as
// tokens have them, and no word.
func secretOf(seed []byte) string {
	const letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-_"
	b := []byte("Z9q")
	for i := range 24 {
		c := byte(i * 7)
		if i < len(seed) {
			c += seed[i]
		}
		b = append(b, letters[int(c)%len(letters)])
	}
	return string(append(b, "7Kx"...))
}

// FuzzPlanted plants a secret in a value, nested at random, logs that, and looks
// for the secret in what comes out.
func FuzzPlanted(f *testing.F) {
	scopedCtx := scoped(f, "acme", "ann")
	for i := range 256 {
		b := byte(i)
		f.Add([]byte{b, b / 3, b / 5, b / 7, b * 3, b * 5, b * 7, b * 11, b * 13, b * 17}, []byte{b})
	}
	opts := scopelog.Options{Keys: []string{"National ID"}}
	f.Fuzz(func(t *testing.T, choices, seed []byte) {
		secret := secretOf(seed)
		for _, format := range formats {
			var b bytes.Buffer
			s := &script{choices}
			v, text := plant(s, secret)
			l := slog.New(newHandler(t, format.new(&b), opts))
			emit(s, l, scopedCtx, secret, v, text)
			out := b.String()
			if form := leaks(out, secret); form != "" {
				t.Fatalf("%s: %s came out as %s of %T %s:\n%s", format.name, secret, form, v, text, out)
			}
			if format.name == "json" && !json.Valid(b.Bytes()) {
				t.Fatalf("not JSON: %s", out)
			}
		}
	})
}

// TestPlanted does the same for every leaf in every wrap.
func TestPlanted(t *testing.T) {
	secret := secretOf(nil)
	var leaves []any
	for i, form := range forms {
		for j, text := range texts {
			for k, value := range textValues {
				if (i+j+k)%6 != 0 {
					continue // all pairs, but not all triples
				}
				leaves = append(leaves, value(text(form(secret))))
			}
		}
	}
	for _, value := range namedValues {
		for _, name := range secretNames {
			leaves = append(leaves, value(name, secret))
		}
	}
	opts := scopelog.Options{Keys: []string{"National ID"}}
	for _, format := range formats {
		var b, bareOut bytes.Buffer
		l, bare := slog.New(newHandler(t, format.new(&b), opts)), slog.New(format.new(&bareOut))
		leaked, tried, endless := 0, 0, len(wraps)-endlessWraps
		try := func(v any, what string, wraps ...int) {
			b.Reset()
			l.Info("m", "v", v)
			if form := leaks(b.String(), secret); form != "" {
				t.Errorf("%s: came out as %s of %T %s:\n%s", format.name, form, v, what, b.String())
			}
			// Without the handler it does come out, and with it that is said.
			for _, i := range wraps {
				if i >= endless {
					return
				}
			}
			tried++
			bareOut.Reset()
			bare.Info("m", "v", v)
			if leaks(bareOut.String(), secret) == "" {
				return
			}
			leaked++
			if !strings.Contains(b.String(), "[redacted]") && !strings.Contains(b.String(), "[cut: ") {
				t.Errorf("%s: no secret was seen in %T %s:\n%s", format.name, v, what, b.String())
			}
		}
		for i, leaf := range leaves {
			try(leaf, "")
			w := i % len(wraps)
			try(wraps[w](leaf), fmt.Sprint("wrap ", w), w)
		}
		for i := range wraps {
			for j := range wraps {
				try(wraps[i](wraps[j](leaves[i*31%len(leaves)])), fmt.Sprint("wraps ", i, j), i, j)
			}
		}
		for _, value := range typedValues {
			try(value(secret), "")
			for i, wrap := range wraps[:endless-jsonWraps] {
				try(wrap(value(secret)), fmt.Sprint("wrap ", i), i)
			}
		}
		if leaked < tried/2 {
			t.Errorf("%s: only %d of %d values show their secret without the handler", format.name, leaked, tried)
		}
		t.Logf("%s: %d values, %d show their secret without the handler", format.name, tried, leaked)
	}
}

// FuzzText feeds any text in each place of a record. Nothing of the program may
// panic, what comes out is a record, and what was redacted stays as it is when it
// is logged again.
func FuzzText(f *testing.F) {
	for _, s := range plainText {
		f.Add(s)
	}
	for _, c := range secretText {
		f.Add(c.in)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var b bytes.Buffer
		var got string
		h := newHandler(t, slog.NewJSONHandler(&b, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == "s" {
				got = a.Value.String()
			}
			return a
		}}), scopelog.Options{Keys: []string{"key"}})
		l := slog.New(h)
		l.WithGroup("g"+text).Info(text, "s", text, text, 1, "b", []byte(text), "e", errors.New(text), "m", map[string]any{text: text}, "r", json.RawMessage(text))
		if !json.Valid(b.Bytes()) {
			t.Fatalf("not JSON: %s", b.Bytes())
		}
		once := got
		l.Info("m", "s", once)
		if got != once && !strings.Contains(once, "[cut: ") {
			t.Fatalf("%q becomes %q, then %q", text, once, got)
		}
	})
}
