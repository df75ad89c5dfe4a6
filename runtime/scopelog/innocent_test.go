package scopelog_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

type named struct {
	name  string
	value any
}

// plainText is what must come out as it went in: the more of it, the fewer logs
// are destroyed by zeal.
var plainText = []string{
	"", " ", "request done", "user 42 signed in", "bearer of bad news", "Basic plan", "basic authentication failed", "Bearer token missing",
	"digest mismatch", "negotiate terms", "parse token: unexpected end of JSON input", "token: not found", "invalid session: expired",
	"cookie: not present", "http: named cookie not present", "authorization: denied", "refusing authorization: user is no member",
	"a == b", "token == nil", "if token != \"\" {", "token=", "token=null", "token=true", "password=\"\"", "tokens=42", "max_tokens: 4096",
	"tokens: 1234 used", "token_count=12", "password_changed_at=2026-11-22", "secretary=ann", "session_count=7", "tokenizer=bpe",
	"inside=42", "author=bob", "monkey=1", "keyboard=qwerty", "key=42", "code=404", "?code=404&page=2", "?key=a", "signature=abcdef",
	"https://example.com/a/b?page=2&sort=name#top", "https://example.com:8080/@user/post", "ssh://git@github.com/a/b.git", "git@github.com:a/b.git",
	"mailto:ann@example.com", "postgres://db:5432/app", "http://[::1]:8080/x", "ann@tcp.example.com", "https://user:[redacted]@host/", "https://user:xxxxx@host/",
	"2026-11-22T10:00:00Z", "10:00:00", "::1", "00:1b:44:11:3a:b7", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
	"d41d8cd98f00b204e9800998ecf8427e", "eyJ", "eyJa.b", "eyJhbGciOi", "task-force-alpha-bravo-charlie", "disk-usage-and-some-other-things", "sk-this-is-a-hyphenated-name",
	"npm_config_cache", "SG.", "AKIA", "AIza", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "-----BEGIN nothing", "-----",
	"tvh1:CFcj9hcricyH6w1ye0VuiR9xfp2DdRB4FZauDc6aXGo", "tv1:t=acme:e=prod:invoice:42", "100%", "100%3", "a%3Db", "%3D", "=", ":", "://", "@tcp(", ":=", "==", "x:", ":x", "[", "]", "\"", "\\", "\\\"",
	"[redacted]", "token=[redacted]", "password: [redacted]", "[cut: too deep]", "map[user:bob id:7]", "{ID:7 Name:bob}", "&{A:1}", `{"a": 1}`, `{"b": [1, 2.50, 1e3], "a": {"c": null}}`, `[1,`, `{"a":`, `{}`, "[]",
	`{"tokens": 12, "token": null, "has_secret": true, "password": ""}`, "SELECT id FROM users WHERE tenant_id = $1", "SET search_path TO a", "a=b; c=d", "x-request-id: 7", "Content-Type: text/html",
	"ünïcödé = größe", "\x00\xff=", "goroutine 1 [running]:\nmain.main()\n\t/src/main.go:12 +0x1d", "func (t *Token) String() string", "runtime error: index out of range [1] with length 1",
}

type color int

func (c color) String() string { return [...]string{"red", "green"}[c] }

type point struct{ X, Y int }

func (p point) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%d,%d", p.X, p.Y), nil }

type amount struct{ Cents int }

func (a amount) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, "%d.%02d", a.Cents/100, a.Cents%100), nil
}

type base struct {
	ID   int `json:"id"`
	Note string
}

type invoice struct {
	base
	*point
	Number    string    `json:"number"`
	Total     amount    `json:"total,omitempty"`
	Paid      *bool     `json:",omitempty"`
	Tokens    int       // how many, not which
	Lines     []string  `json:"lines"`
	CreatedAt time.Time `json:"created_at"`
	Hidden    string    `json:"-"`
	n         int       // no text
	Extra     map[string]any
	Next      *invoice
}

type stackError struct{ msg string }

func (e *stackError) Error() string { return e.msg }
func (e *stackError) Format(f fmt.State, verb rune) {
	_, _ = io.WriteString(f, e.msg)
	if f.Flag('+') {
		_, _ = io.WriteString(f, "\nmain.main\n\t/src/main.go:12")
	}
}

// innocent returns values that hold no secret.
func innocent() []named {
	var all []named
	for _, s := range plainText {
		all = append(all, named{fmt.Sprintf("string %q", s), s}, named{fmt.Sprintf("error %q", s), errors.New(s)},
			named{fmt.Sprintf("bytes %q", s), []byte(s)})
	}
	u, _ := url.Parse("https://example.com/a?page=2")
	truth := true
	inv := invoice{base: base{1, "n"}, point: &point{1, 2}, Number: "I-7", Total: amount{250}, Paid: &truth, Tokens: 12, Lines: []string{"a", "b"},
		CreatedAt: start, Hidden: "h", n: 3, Extra: map[string]any{"b": 2, "a": []any{1, "x", nil}}}
	shared := &point{3, 4}
	return append(all,
		named{"nil", nil}, named{"nil error", error(nil)}, named{"nil pointer", (*invoice)(nil)}, named{"nil error pointer", (*stackError)(nil)},
		named{"nil map", map[string]string(nil)}, named{"nil header", http.Header(nil)},
		named{"int", 7}, named{"uint8", uint8(7)}, named{"float", 1.5}, named{"complex", complex(1, 2)}, named{"bool", true}, named{"duration", time.Second}, named{"time", start},
		named{"color", color(1)}, named{"point", point{1, 2}}, named{"pointer", shared}, named{"amount", amount{199}}, named{"big", big.NewInt(7)},
		named{"ip", net.IPv4(127, 0, 0, 1)}, named{"addr", netip.MustParseAddr("::1")}, named{"url", u}, named{"url value", *u},
		named{"values", url.Values{"page": {"2"}, "code": {"404"}}}, named{"header", http.Header{"Accept": {"a", "b"}, "X-Request-Id": {"7"}}},
		named{"ints", []int{1, 2}}, named{"strings", []string{"a", "b"}}, named{"array", [2]string{"a", "b"}}, named{"byte array", [4]byte{1, 2, 3, 255}},
		named{"map", map[string]int{"b": 1, "a": 2}}, named{"map of ints", map[int]string{2: "b", 1: "a"}}, named{"map of points", map[point]string{{1, 2}: "a"}},
		named{"nested", map[string]any{"a": map[string][]any{"b": {1, "x", nil, 2.5}}}}, named{"raw", json.RawMessage(`{"b": 1, "a": 2}`)},
		named{"same twice", []*point{shared, shared}},
		named{"invoice", inv}, named{"invoice pointer", &inv}, named{"invoices", []invoice{inv}},
		named{"wrapped", fmt.Errorf("charge: %w", io.EOF)}, named{"joined", errors.Join(io.EOF, errors.New("x"))}, named{"stack", &stackError{"m"}},
		named{"url error", &url.Error{Op: "Get", URL: "https://example.com/a?b=c", Err: io.EOF}},
		named{"func", func() {}}, named{"chan", (chan int)(nil)},
		named{"embedded time", struct{ time.Time }{start}},
	)
}
