package runtime_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// decoded is what a key was made from.
type decoded struct {
	tenant, env, user string
	hasUser           bool
	parts             []string
}

func (d decoded) String() string {
	return fmt.Sprintf("(tenant %q, env %s, user %q (%t), parts %q)", d.tenant, d.env, d.user, d.hasUser, d.parts)
}

func (d decoded) equal(e decoded) bool {
	return d.tenant == e.tenant && d.env == e.env && d.user == e.user && d.hasUser == e.hasUser && slices.Equal(d.parts, e.parts)
}

// decodeKey is the inverse of building a key, written from the description of
// its form and not from the code. That it exists is the proof that two
// different inputs never give the same key.
func decodeKey(text string) (decoded, error) {
	fields := strings.Split(text, ":")
	if len(fields) < 3 || fields[0] != "tv1" {
		return decoded{}, fmt.Errorf("no key: %q", text)
	}
	var d decoded
	var err error
	labelled := func(label string) string {
		if err != nil || len(fields) == 0 || !strings.HasPrefix(fields[0], label+"=") {
			err = errors.Join(err, fmt.Errorf("no %s in %q", label, text))
			return ""
		}
		field := fields[0][len(label)+1:]
		fields = fields[1:]
		value, uerr := unescape(field)
		err = errors.Join(err, uerr)
		return value
	}
	fields = fields[1:]
	d.tenant = labelled("t")
	d.env = labelled("e")
	if len(fields) > 0 && strings.HasPrefix(fields[0], "u=") {
		d.hasUser = true
		d.user = labelled("u")
	}
	for _, f := range fields {
		part, uerr := unescape(f)
		err = errors.Join(err, uerr)
		d.parts = append(d.parts, part)
	}
	return d, err
}

// unescape accepts the one canonical form of a field only.
func unescape(field string) (string, error) {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
	const hex = "0123456789ABCDEF"
	var out []byte
	for i := 0; i < len(field); i++ {
		c := field[i]
		if c == '%' {
			if i+2 >= len(field) || strings.IndexByte(hex, field[i+1]) < 0 || strings.IndexByte(hex, field[i+2]) < 0 {
				return "", fmt.Errorf("bad escape in %q", field)
			}
			c = byte(strings.IndexByte(hex, field[i+1])<<4 | strings.IndexByte(hex, field[i+2]))
			if strings.IndexByte(plain, c) >= 0 {
				return "", fmt.Errorf("needless escape in %q", field)
			}
			i += 2
		} else if strings.IndexByte(plain, c) < 0 {
			return "", fmt.Errorf("unescaped %q in %q", c, field)
		}
		out = append(out, c)
	}
	return string(out), nil
}

func key(t testing.TB, sc tenant.Scope, parts ...string) tenant.Key {
	t.Helper()
	k, err := tenant.NewKey(sc, parts...)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func userKey(t testing.TB, sc tenant.Scope, parts ...string) tenant.Key {
	t.Helper()
	k, err := tenant.NewUserKey(sc, parts...)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// The form is a promise: stored keys must be found again. A change here needs a
// new prefix.
func TestKeyForm(t *testing.T) {
	acme := scope(t, "acme prod ann admin")
	for _, tt := range []struct {
		key  tenant.Key
		want string
	}{
		{key(t, acme), "tv1:t=acme:e=prod"},
		{key(t, acme, ""), "tv1:t=acme:e=prod:"},
		{key(t, acme, "", ""), "tv1:t=acme:e=prod::"},
		{key(t, acme, "invoice", "42"), "tv1:t=acme:e=prod:invoice:42"},
		{key(t, acme, "invoice:42"), "tv1:t=acme:e=prod:invoice%3A42"},
		{key(t, acme, "u=ann"), "tv1:t=acme:e=prod:u%3Dann"},
		{key(t, acme, "%3A"), "tv1:t=acme:e=prod:%253A"},
		{key(t, acme, "a b/c*{d}\x00\xff\u00e9"), "tv1:t=acme:e=prod:a%20b%2Fc%2A%7Bd%7D%00%FF%C3%A9"},
		{key(t, acme, "AZaz09-_."), "tv1:t=acme:e=prod:AZaz09-_."},
		{userKey(t, acme), "tv1:t=acme:e=prod:u=ann"},
		{userKey(t, acme, "draft"), "tv1:t=acme:e=prod:u=ann:draft"},
		{key(t, scope(t, "a:e=dev staging")), "tv1:t=a%3Ae%3Ddev:e=staging"},
		{key(t, scope(t, "a dev")), "tv1:t=a:e=dev"},
	} {
		if got := tt.key.String(); got != tt.want || !tt.key.IsValid() {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

func TestKeyErrors(t *testing.T) {
	machine := scope(t, "acme prod")
	for name, tt := range map[string]struct {
		make func() (tenant.Key, error)
		want error
	}{
		"NewKey, zero scope":     {func() (tenant.Key, error) { return tenant.NewKey(tenant.Scope{}, "a") }, tenant.ErrInvalidScope},
		"NewUserKey, zero scope": {func() (tenant.Key, error) { return tenant.NewUserKey(tenant.Scope{}, "a") }, tenant.ErrInvalidScope},
		"NewUserKey, no user":    {func() (tenant.Key, error) { return tenant.NewUserKey(machine, "a") }, tenant.ErrNoUser},
	} {
		k, err := tt.make()
		if !errors.Is(err, tt.want) || k.IsValid() || k.String() != "" {
			t.Errorf("%s: got %q, %v; want the zero key and %v", name, k, err, tt.want)
		}
	}
}

func TestKeyEncoding(t *testing.T) {
	k := key(t, scope(t, "acme prod"), "invoice", "42")
	if text, err := json.Marshal(map[tenant.Key]tenant.Key{k: k}); err != nil ||
		string(text) != `{"tv1:t=acme:e=prod:invoice:42":"tv1:t=acme:e=prod:invoice:42"}` {
		t.Errorf("json: %s, %v", text, err)
	}
	if text, err := json.Marshal(tenant.Key{}); !errors.Is(err, tenant.ErrInvalidKey) {
		t.Errorf("json of the zero key: %s, %v", text, err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("msg", "k", k, "z", tenant.Key{})
	if strings.Contains(log.String(), "acme") || !strings.Contains(log.String(), "k=key([redacted]) z=key(invalid)") {
		t.Errorf("log/slog writes %s", log.String())
	}
}

// Pieces that would collide if anything were joined without care.
var nasty = []string{
	"", ":", "::", "%", "%3A", "%25", "=", "t=", "e=", "e=prod", "e=dev", "u=", "u=ann", ":u=ann", "tv1", "tv1:t=acme:e=prod",
	"a", "b", "ab", "a:b", "a:", ":b", "a%3Ab", "acme", "ann", "prod", "\x00", "\xff", "\u00e9", "e\u0301", "A", "*", "/", " ",
}

// TestKeyInjective makes every key of up to two nasty parts in scopes with nasty
// ids, and looks for two that are equal.
func TestKeyInjective(t *testing.T) {
	seen := make(map[string]string)
	add := func(text, from string) {
		if other, ok := seen[text]; ok {
			t.Errorf("%s and %s both give %s", from, other, text)
		}
		seen[text] = from
	}
	lists := [][]string{{}}
	for _, a := range nasty {
		lists = append(lists, []string{a})
		for _, b := range nasty {
			lists = append(lists, []string{a, b})
		}
	}
	for _, ids := range [][3]string{
		{"acme", "prod", "ann"}, {"acme", "prod", "bob"}, {"acme", "dev", "ann"}, {"acme:e=prod", "prod", "ann"}, {"acme:e=prod", "dev", "ann"},
		{"a", "prod", "b"}, {"a:b", "prod", "b"}, {"a%3Ab", "prod", "ann:a"}, {"ACME", "prod", "u=ann"}, {"u=ann", "prod", "%"},
	} {
		sc, err := tenant.NewScope(ids[0], env(t, ids[1]), ids[2], "")
		if err != nil {
			t.Fatal(err)
		}
		for _, parts := range lists {
			add(userKey(t, sc, parts...).String(), fmt.Sprintf("user %q %q", ids, parts))
			if ids != [3]string{"acme", "prod", "bob"} { // differs by user only
				add(key(t, sc, parts...).String(), fmt.Sprintf("%q %q", ids, parts))
			}
		}
	}
	if want := 19 * len(lists); len(seen) != want {
		t.Errorf("%d keys, want %d", len(seen), want)
	}
}

func TestKeyRoundTrip(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	pick := func() string {
		var b strings.Builder
		for range rnd.IntN(4) {
			if rnd.IntN(4) == 0 {
				b.WriteByte(byte(rnd.IntN(256)))
			} else {
				b.WriteString(nasty[rnd.IntN(len(nasty))])
			}
		}
		return b.String()
	}
	made := 0
	for range 20000 {
		want := decoded{tenant: pick(), env: []string{"dev", "staging", "prod"}[rnd.IntN(3)], user: pick()}
		sc, err := tenant.NewScope(want.tenant, env(t, want.env), want.user, "")
		if err != nil {
			continue
		}
		for range rnd.IntN(4) {
			want.parts = append(want.parts, pick())
		}
		made++
		checkRoundTrip(t, sc, want)
	}
	if made < 5000 {
		t.Errorf("only %d of 20000 scopes were valid", made)
	}
}

func checkRoundTrip(t *testing.T, sc tenant.Scope, want decoded) {
	t.Helper()
	user := want.user
	want.user = ""
	if got, err := decodeKey(key(t, sc, want.parts...).String()); err != nil || !got.equal(want) {
		t.Fatalf("made from %v, decoded as %v, %v", want, got, err)
	}
	if user == "" {
		return
	}
	want.user, want.hasUser = user, true
	if got, err := decodeKey(userKey(t, sc, want.parts...).String()); err != nil || !got.equal(want) {
		t.Fatalf("made from %v, decoded as %v, %v", want, got, err)
	}
}

// FuzzKey makes two keys of anything and checks that each can be decoded and
// that they are equal only if what they were made from is.
func FuzzKey(f *testing.F) {
	f.Add("acme", byte(2), "ann", "invoice,42", "acme", byte(2), "ann", "invoice:42", byte(','))
	f.Add("acme", byte(2), "", "", "acme:e=prod", byte(2), "u=ann", ":", byte(':'))
	f.Add("a", byte(0), "%", "\x00\xff%3A", "A", byte(1), "%25", "u=ann", byte(0))
	f.Fuzz(func(t *testing.T, tenantA string, envA byte, userA, partsA, tenantB string, envB byte, userB, partsB string, sep byte) {
		make := func(id string, e byte, user, parts string) (tenant.Scope, decoded, bool) {
			d := decoded{tenant: id, env: []string{"dev", "staging", "prod"}[e%3], user: user, parts: strings.Split(parts, string([]byte{sep}))}
			if parts == "" {
				d.parts = nil
			}
			sc, err := tenant.NewScope(id, env(t, d.env), user, "")
			return sc, d, err == nil
		}
		scA, a, ok := make(tenantA, envA, userA, partsA)
		if !ok {
			return
		}
		checkRoundTrip(t, scA, a)
		scB, b, ok := make(tenantB, envB, userB, partsB)
		if !ok {
			return
		}
		checkRoundTrip(t, scB, b)

		sameRealm := a.tenant == b.tenant && a.env == b.env && slices.Equal(a.parts, b.parts)
		if got := key(t, scA, a.parts...) == key(t, scB, b.parts...); got != sameRealm {
			t.Fatalf("keys of %v and %v are equal: %t", a, b, got)
		}
		if a.user == "" || b.user == "" {
			return
		}
		if got := userKey(t, scA, a.parts...) == userKey(t, scB, b.parts...); got != (sameRealm && a.user == b.user) {
			t.Fatalf("user keys of %v and %v are equal: %t", a, b, got)
		}
		if userKey(t, scA, a.parts...) == key(t, scB, b.parts...) {
			t.Fatalf("the user key of %v and the key of %v are equal", a, b)
		}
	})
}

func TestKeyAllocs(t *testing.T) {
	sc := scope(t, "acme prod ann")
	id := "8f14e45f-ceea-467f-a9c7-3f1d1c1e5b3a"
	if n := testing.AllocsPerRun(100, func() { key(t, sc, "invoice", id) }); n > 1 {
		t.Errorf("NewKey allocates %v times, want 1", n)
	}
	k := key(t, sc, "invoice", id)
	if n := testing.AllocsPerRun(100, func() { sink = k.String() }); n != 0 {
		t.Errorf("Key.String allocates %v times, want 0", n)
	}
}

var sink string

func BenchmarkNewKey(b *testing.B) {
	for name, id := range map[string]string{"uuid": "8f14e45f-ceea-467f-a9c7-3f1d1c1e5b3a", "escaped": "a/b c:d"} {
		b.Run(name, func(b *testing.B) {
			sc := scope(b, "acme prod ann")
			b.ReportAllocs()
			for b.Loop() {
				if _, err := tenant.NewKey(sc, "invoice", id); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkKeyString(b *testing.B) {
	k := key(b, scope(b, "acme prod ann"), "invoice", "42")
	b.ReportAllocs()
	for b.Loop() {
		sink = k.String()
	}
}
