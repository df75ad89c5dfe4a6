package scopelog_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/tenantvet/tenantvet/runtime/scopelog"
)

// planted is the secret of these tests, and bearer a form that gives one away.
const (
	planted = "Pl4ntedS3cretV4lue"
	bearer  = "Bearer " + planted
	token   = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJQbDRudGVkUzNjcmV0VjRsdWUifQ." + planted
)

// leaks returns the form in which the secret shows in the text, or "".
func leaks(text, secret string) string {
	for _, form := range []string{
		secret,
		strings.ToLower(secret),
		base64.StdEncoding.EncodeToString([]byte(secret))[:len(secret)],
		base64.RawURLEncoding.EncodeToString([]byte(secret))[:len(secret)],
		hex.EncodeToString([]byte(secret)),
		strings.Trim(fmt.Sprint([]byte(secret)), "[]"),
		strings.ReplaceAll(strings.Trim(fmt.Sprint([]byte(secret)), "[]"), " ", ","),
	} {
		if strings.Contains(text, form) || form == strings.ToLower(secret) && strings.Contains(strings.ToLower(text), form) {
			return form
		}
	}
	return ""
}

// secretText has the secret in texts, and beside it what must stay.
var secretText = []struct{ in, want string }{
	// by form
	{"got Bearer Pl4ntedS3cretV4lue here", "got Bearer [redacted] here"},
	{"got bearer   Pl4ntedS3cretV4lue", "got bearer   [redacted]"},
	{"Basic cm9vdDpQbDRudGVkUzNjcmV0VjRsdWU=, next", "Basic [redacted], next"},
	{"Negotiate YIIPl4ntedS3cretV4lue==", "Negotiate [redacted]"},
	{`Digest username="ann", response="Pl4ntedS3cretV4lue"`, "Digest [redacted]"},
	{"x=1&h=Bearer%20Pl4ntedS3cretV4lue&y=2", "x=1&h=Bearer%20[redacted]&y=2"},
	{"jwt " + token + " end", "jwt [redacted] end"},
	{"sent " + token + ".", "sent [redacted]."},
	{"x\\n" + token, "x\\n[redacted]"},
	{"key ghp_Pl4ntedS3cretV4luePl4ntedS3 end", "key [redacted] end"},
	{"sk_live_Pl4ntedS3cretV4lue", "[redacted]"},
	{"sk-proj-Pl4ntedS3cretV4lue-Pl4nted", "[redacted]"},
	{"AKIAPL4NTEDS3CRETV4L", "[redacted]"},
	{"xoxb-Pl4ntedS3cretV4lue", "[redacted]"},
	{"https://bob:Pl4ntedS3cretV4lue@host/p?q=1", "https://bob:[redacted]@host/p?q=1"},
	{"https://Pl4ntedS3cretV4lue@host/p", "https://[redacted]@host/p"},
	{"https://Pl4ntedS3cretV4lue:@host/p", "https://[redacted]@host/p"},
	{"postgres://bob:Pl4ntedS3cret/V4l#ue@db:5432/app", "postgres://bob:[redacted]@db:5432/app"},
	{`parse "postgres://bob:Pl4ntedS3cretV4lue@db:x/app": invalid port`, `parse "postgres://bob:[redacted]@db:x/app": invalid port`},
	{"bob:Pl4ntedS3cretV4lue@tcp(db:3306)/app", "bob:[redacted]@tcp(db:3306)/app"},
	{"-----BEGIN RSA PRIVATE KEY-----\nPl4ntedS3cretV4lue\n-----END RSA PRIVATE KEY-----\nmore", "-----BEGIN RSA PRIVATE KEY-----[redacted]-----END RSA PRIVATE KEY-----\nmore"},
	{"-----BEGIN PRIVATE KEY-----\nPl4ntedS3cretV4lue", "-----BEGIN PRIVATE KEY-----[redacted]"},
	{"tve1:Pl4ntedS3cretV4luePl4ntedS3cretV4luePl4nted", "[redacted]"},

	// by name
	{"token=Pl4ntedS3cretV4lue user=bob", "token=[redacted] user=bob"},
	{"token = Pl4ntedS3cretV4lue, user = bob", "token = [redacted], user = bob"},
	{`password := "Pl4ntedS3cretV4lue" // x`, `password := "[redacted]" // x`},
	{":password => 'Pl4ntedS3cretV4lue', a: 1", ":password => '[redacted]', a: 1"},
	{"password=Pl4ntedS3cretV4lue;Database=app", "password=[redacted];Database=app"},
	{"password=Pl4nted,S3cret;V4lue b=c", "password=[redacted] b=c"},
	{"password: hunter", "password: [redacted]"},
	{"  - password: hunter\n    user: bob", "  - password: [redacted]\n    user: bob"},
	{"invalid token: Pl4ntedS3cretV4lue for bob", "invalid token: [redacted] for bob"},
	{"X-Api-Key: Pl4ntedS3cretV4lue\r\nAccept: a", "X-Api-Key: [redacted]\r\nAccept: a"},
	{"Authorization: Custom Pl4nted S3cretV4lue\r\nAccept: a", "Authorization: [redacted]\r\nAccept: a"},
	{"Authorization: Token Pl4nted S3cretV4lue\r\nAccept: a", "Authorization: [redacted]\r\nAccept: a"},
	{"Authorization=Bearer hunter user=bob", "Authorization=[redacted] user=bob"},
	{"Cookie: a=Pl4nted; b=S3cretV4lue\nAccept: a", "Cookie: [redacted]\nAccept: a"},
	{`"GET / HTTP/1.1\r\nCookie: a=Pl4nted; b=S3cretV4lue\r\nAccept: a"`, `"GET / HTTP/1.1\r\nCookie: [redacted]\r\nAccept: a"`},
	{`curl -H "Authorization: Token Pl4nted S3cretV4lue" https://x`, `curl -H "Authorization: [redacted]" https://x`},
	{"/cb?code=Pl4ntedS3cretV4lue&state=1", "/cb?code=[redacted]&state=1"},
	{"/cb?a=1&sig=Pl4nt&b=2", "/cb?a=1&sig=[redacted]&b=2"},
	{"/cb#access_token=Pl4ntedS3cretV4lue&token_type=bearer", "/cb#access_token=[redacted]&token_type=bearer"},
	{"?access%5Ftoken=Pl4ntedS3cretV4lue&b=1", "?access%5Ftoken=[redacted]&b=1"},
	{"?user[password]=Pl4ntedS3cretV4lue&b=1", "?user[password]=[redacted]&b=1"},
	{"?user%5Bpassword%5D=Pl4ntedS3cretV4lue&b=1", "?user%5Bpassword%5D=[redacted]&b=1"},
	{"?next=https%3A%2F%2Fx%2F%3Ftoken%3DPl4ntedS3cretV4lue%26b%3D2&c=3", "?next=https%3A%2F%2Fx%2F%3Ftoken%3D[redacted]%26b%3D2&c=3"},
	{`x "https://x?a=1\u0026token=Pl4ntedS3cretV4lue\u0026b=2"`, `x "https://x?a=1\u0026token=[redacted]\u0026b=2"`},
	{`"https://x?a=1\u0026token=Pl4ntedS3cretV4lue\u0026b=2"`, `"https://x?a=1&token=[redacted]&b=2"`},
	{`Get "https://x/?token=Pl4ntedS3cretV4lue": EOF`, `Get "https://x/?token=[redacted]": EOF`},
	{"map[Authorization:[Pl4nted S3cretV4lue] X:[1]]", "map[Authorization:[redacted] X:[1]]"},
	{"{ID:7 Password:Pl4ntedS3cretV4lue Name:bob}", "{ID:7 Password:[redacted] Name:bob}"},
	{`http.Header{"Cookie":[]string{"a=Pl4nted", "S3cretV4lue"}, "X":[]string{"1"}}`, `http.Header{"Cookie":[redacted], "X":[]string{"1"}}`},
	{`body: "{\"password\":\"Pl4nted \\\"S3cretV4lue\",\"a\":1}"`, `body: "{\"password\":\"[redacted]\",\"a\":1}"`},
	{`{'session': 'Pl4nted S3cretV4lue', 'a': 1}`, `{'session': '[redacted]', 'a': 1}`},
	{`x {"session":{"id":"Pl4nted","b":["S3cretV4lue"]},"a":1`, `x {"session":[redacted],"a":1`},
	{`x {"tokens":["Pl4nted", "S3cretV4lue"`, `x {"tokens":[redacted]`},
	{`{"password":"Pl4nted S3cretV4lu`, `{"password":"[redacted]`},
	{"otp: 123456", "otp: [redacted]"},

	// JSON
	{`{"a": 1, "password": "Pl4nted S3cretV4lue", "b": [2.50]}`, `{"a":1,"password":"[redacted]","b":[2.50]}`},
	{`{"\u0070assword": "Pl4ntedS3cretV4lue"}`, `{"password":"[redacted]"}`},
	{`{"m": "Bearer\u0020Pl4ntedS3cretV4lue"}`, `{"m":"Bearer [redacted]"}`},
	{`[{"tokens": ["Pl4ntedS3cretV4lue"], "n": 1}]`, `[{"tokens":"[redacted]","n":1}]`},
	{`{"inner": "{\"secret\": \"Pl4ntedS3cretV4lue\", \"n\": 1}"}`, `{"inner":"{\"secret\":\"[redacted]\",\"n\":1}"}`},
	{`{"token": 123456789}`, `{"token":"[redacted]"}`},
	{`{"Bearer Pl4ntedS3cretV4lue": 1}`, `{"Bearer [redacted]":1}`},
}

func TestSecretText(t *testing.T) {
	for _, c := range secretText {
		for place, value := range map[string]func(string) any{
			"string": func(s string) any { return s },
			"error":  func(s string) any { return errors.New(s) },
			"bytes":  func(s string) any { return []byte(s) },
		} {
			var b bytes.Buffer
			h := newHandler(t, slog.NewTextHandler(&b, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
				if a.Key == "v" {
					if got := fmt.Sprint(a.Value.Any()); got != c.want {
						t.Errorf("%s %s:\ngot  %s\nwant %s", place, c.in, got, c.want)
					}
				}
				return a
			}}), scopelog.Options{})
			slog.New(h).Info("m", "v", value(c.in))
		}
		// Once more changes nothing.
		var b bytes.Buffer
		slog.New(newHandler(t, slog.NewJSONHandler(&b, noTime), scopelog.Options{})).Info(c.want)
		var r struct{ Msg string }
		if err := json.Unmarshal(b.Bytes(), &r); err != nil || r.Msg != c.want {
			t.Errorf("%s becomes %s", c.want, r.Msg)
		}
	}
}

// Long texts that are made to be slow are not.
func TestSlowText(t *testing.T) {
	l := slog.New(newHandler(t, slog.NewTextHandler(io.Discard, nil), scopelog.Options{}))
	for _, piece := range []string{
		"eyJ", "eyJhbGciOiJIUzI1NiJ9", "eyJa.", "sk-", "sk-a.", "bearer ", "bearer+", "basic a ", "://", "://a:b", "://a@", "a:b@tcp(", "@tcp(", "token=", "token=[", "?a=[", "?key=[",
		"token: ", "cookie: a ", "Cookie: a ", "Cookie: a\n", "cookie:", "-----BEGIN ", "-----BEGIN PRIVATE KEY", "%3D", "a%3D", "\"token\":\"\"", "\\\"", "\\", "\"", "'", "[", "]", "{\"a\":", "[\"", "=", "=>", ":=", " ", " =", ": ",
		"tokens=1", "tokens=1,", "password ", ".", "a.", "ghp_", "tve1:", "token=,a", "token=\\", "YWFh", "AIza-",
	} {
		// A bound for a hang, not for speed: what is linear takes a hundredth
		// of it, what backtracks takes hours.
		start := time.Now()
		l.Info("m", "v", strings.Repeat(piece, 32<<10/len(piece)))
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%q, repeated to 32 KiB, took %s", piece, took)
		}
	}
}
