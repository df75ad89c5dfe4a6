package runtime_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

const (
	oldSecret = "old-secret-old-secret-old-secret-"
	newSecret = "new-secret-new-secret-new-secret-"
	audience  = "billing/invoice-created"
)

var sealedAt = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func sealerConfig(t testing.TB) tenant.SealerConfig {
	t.Helper()
	return tenant.SealerConfig{
		Env:      env(t, "prod"),
		Keys:     []tenant.SealingKey{{ID: "k1", Secret: []byte(oldSecret)}},
		SealWith: "k1",
		MaxAge:   time.Hour,
		Skew:     5 * time.Second,
		Clock:    func() time.Time { return sealedAt },
	}
}

func newSealer(t testing.TB, change ...func(*tenant.SealerConfig)) *tenant.Sealer {
	t.Helper()
	config := sealerConfig(t)
	for _, f := range change {
		f(&config)
	}
	s, err := tenant.NewSealer(config)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func seal(t testing.TB, s *tenant.Sealer, sc tenant.Scope, audience string, payload []byte) string {
	t.Helper()
	text, err := s.Seal(sc, audience, payload)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// at sets the clock.
func at(d time.Duration) func(*tenant.SealerConfig) {
	return func(c *tenant.SealerConfig) { c.Clock = func() time.Time { return sealedAt.Add(d) } }
}

// sealFields writes an envelope by itself, to say what the form is and to make
// ones that Seal would not.
func sealFields(secret string, fields ...string) string {
	body := []byte{0, 0}
	for _, f := range fields {
		body = binary.BigEndian.AppendUint16(body, uint16(len(f)))
		body = append(body, f...)
	}
	return sealBody(secret, body)
}

func sealBody(secret string, body []byte) string {
	binary.BigEndian.PutUint16(body, uint16(len(body)-2+sha256.Size))
	mac := hmac.New(sha256.New, []byte(secret))
	const domain = "tenantvet envelope v1"
	_ = binary.Write(mac, binary.BigEndian, uint64(len(domain)))
	_, _ = mac.Write([]byte(domain))
	_, _ = mac.Write(body)
	return "tve1:" + base64.RawURLEncoding.EncodeToString(mac.Sum(body))
}

func milli(t time.Time) string {
	return string(binary.BigEndian.AppendUint64(nil, uint64(t.UnixMilli())))
}

func digest(payload string) string {
	sum := sha256.Sum256([]byte(payload))
	return string(sum[:])
}

// envelopeRefused checks that nothing came out and that the error says why, and only
// that, and shows nothing.
func envelopeRefused(t *testing.T, name string, sc tenant.Scope, err, want error) {
	t.Helper()
	if sc.IsValid() {
		t.Errorf("%s: a scope came out", name)
	}
	if !errors.Is(err, want) || !errors.Is(err, tenant.ErrInvalidEnvelope) {
		t.Errorf("%s: error %v, want %v", name, err, want)
		return
	}
	for _, other := range envelopeErrors() {
		if other != want && errors.Is(err, other) {
			t.Errorf("%s: error %v is also %v", name, err, other)
		}
	}
	for _, id := range []string{"acme", "ann", "billing", oldSecret} {
		if strings.Contains(err.Error(), id) {
			t.Errorf("%s: the error shows %q: %v", name, id, err)
		}
	}
}

func envelopeErrors() []error {
	return []error{
		tenant.ErrEnvelopeMissing, tenant.ErrEnvelopeOversized, tenant.ErrEnvelopeMalformed, tenant.ErrEnvelopeTruncated,
		tenant.ErrEnvelopeUnknownKey, tenant.ErrEnvelopeTampered, tenant.ErrEnvelopeForeignEnv, tenant.ErrEnvelopeAudience,
		tenant.ErrEnvelopePayload, tenant.ErrEnvelopeFuture, tenant.ErrEnvelopeExpired,
	}
}

// The form is a promise: envelopes wait in queues while services are updated.
func TestEnvelopeForm(t *testing.T) {
	got := seal(t, newSealer(t), scope(t, "acme prod ann admin"), audience, []byte("payload"))
	want := sealFields(oldSecret, "k1", milli(sealedAt), "prod", "acme", "ann", "admin", audience, digest("payload"))
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// And the same as another implementation computes it.
	if want := "tve1:AIEAAmsxAAgAAAGiArLFAAAEcHJvZAAEYWNtZQADYW5uAAVhZG1pbgAXYmlsbGluZy9pbnZvaWNlLWNyZWF0ZWQAICOfWe1V5zfHcUfPVa0MGwMLbX7nSKdCaVL5uFLVqTXlNYllnwD-PC7-Mbcox3rTdSIDaSZRbsgWn3p5o1kEqew"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if !regexp.MustCompile(`^tve1:[A-Za-z0-9_-]+$`).MatchString(got) {
		t.Errorf("%s is not of the documented form", got)
	}
}

func TestSealOpen(t *testing.T) {
	s := newSealer(t)
	longest := strings.Repeat("ü", tenant.MaxIDBytes/2)
	for _, sc := range []tenant.Scope{
		scope(t, "acme prod ann admin"),
		scope(t, "acme prod"),
		scope(t, longest+" prod "+longest+" "+longest),
	} {
		for _, payload := range [][]byte{nil, {}, []byte("payload"), bytes.Repeat([]byte{0}, 1<<20)} {
			for _, audience := range []string{audience, "a", longest} {
				text := seal(t, s, sc, audience, payload)
				if len(text) > tenant.MaxEnvelopeBytes {
					t.Errorf("%d bytes", len(text))
				}
				if got, err := s.Open(text, audience, payload); err != nil || got != sc {
					t.Errorf("Open = %v, %v", got, err)
				}
			}
		}
	}
	// Between the two, bytes that are not there do not matter.
	if _, err := s.Open(seal(t, s, scope(t, "acme prod"), audience, nil), audience, []byte{}); err != nil {
		t.Error(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	s := newSealer(t)
	text := seal(t, s, scope(t, "acme prod ann admin"), audience, []byte("payload"))
	valid := []string{"k1", milli(sealedAt), "prod", "acme", "ann", "admin", audience, digest("payload")}
	// with signs valid fields of which one is different.
	with := func(i int, field string) string {
		fields := slices.Clone(valid)
		fields[i] = field
		return sealFields(oldSecret, fields...)
	}
	if _, err := s.Open(sealFields(oldSecret, valid...), audience, []byte("payload")); err != nil {
		t.Fatal(err)
	}
	flip := func(i int) string {
		b := []byte(text)
		b[i] ^= 1
		return string(b)
	}
	short := base64.RawURLEncoding.EncodeToString([]byte{0, 3, 1, 2, 3})
	seen := make(map[error]bool)
	for _, c := range []struct {
		name     string
		sealer   *tenant.Sealer
		text     string
		audience string
		payload  string
		want     error
	}{
		{name: "empty", text: "", want: tenant.ErrEnvelopeMissing},
		{name: "oversized", text: text + strings.Repeat("A", tenant.MaxEnvelopeBytes), want: tenant.ErrEnvelopeOversized},
		{name: "no prefix", text: text[5:], want: tenant.ErrEnvelopeMalformed},
		{name: "next version", text: "tve2:" + text[5:], want: tenant.ErrEnvelopeMalformed},
		{name: "upper-case prefix", text: "TVE1:" + text[5:], want: tenant.ErrEnvelopeMalformed},
		{name: "space before", text: " " + text, want: tenant.ErrEnvelopeMalformed},
		{name: "space behind", text: text + " ", want: tenant.ErrEnvelopeMalformed},
		{name: "line end behind", text: text + "\n", want: tenant.ErrEnvelopeMalformed},
		{name: "line end inside", text: text[:50] + "\r\n" + text[50:], want: tenant.ErrEnvelopeMalformed},
		{name: "padding", text: text + "=", want: tenant.ErrEnvelopeMalformed},
		{name: "more behind", text: text + "AAAA", want: tenant.ErrEnvelopeMalformed},
		{name: "twice", text: text + text, want: tenant.ErrEnvelopeMalformed},
		{name: "standard alphabet", text: text[:50] + "+" + text[51:], want: tenant.ErrEnvelopeMalformed},
		{name: "bad length", text: text[:5] + "****" + text[9:], want: tenant.ErrEnvelopeMalformed},
		{name: "nothing signed", text: "tve1:" + short, want: tenant.ErrEnvelopeMalformed},
		{name: "no fields", text: sealBody(oldSecret, []byte{0, 0}), want: tenant.ErrEnvelopeMalformed},
		{name: "a field short", text: sealFields(oldSecret, valid[:7]...), want: tenant.ErrEnvelopeMalformed},
		{name: "a field more", text: sealFields(oldSecret, append(slices.Clone(valid), "")...), want: tenant.ErrEnvelopeMalformed},
		{name: "field beyond end", text: sealBody(oldSecret, []byte{0, 0, 255, 255, 1}), want: tenant.ErrEnvelopeMalformed},
		{name: "prefix only", text: "tve1:", want: tenant.ErrEnvelopeTruncated},
		{name: "half", text: text[:len(text)/2], want: tenant.ErrEnvelopeTruncated},
		{name: "unknown key", text: with(0, "k2"), want: tenant.ErrEnvelopeUnknownKey},
		{name: "no key id", text: with(0, ""), want: tenant.ErrEnvelopeUnknownKey},
		{name: "other secret", text: sealFields(newSecret, valid...), want: tenant.ErrEnvelopeTampered},
		{name: "signature changed", text: flip(len(text) - 5), want: tenant.ErrEnvelopeTampered},
		{name: "signature of another", text: with(3, "umbrella")[:len(with(3, "umbrella"))-43] + text[len(text)-43:], want: tenant.ErrEnvelopeTampered},
		{name: "short time", text: with(1, "now"), want: tenant.ErrEnvelopeMalformed},
		{name: "huge time", text: with(1, "\xff\xff\xff\xff\xff\xff\xff\xff"), want: tenant.ErrEnvelopeMalformed},
		{name: "unknown env", text: with(2, "local"), want: tenant.ErrEnvelopeMalformed},
		{name: "no tenant", text: with(3, ""), want: tenant.ErrEnvelopeMalformed},
		{name: "bad tenant", text: with(3, "a\nb"), want: tenant.ErrEnvelopeMalformed},
		{name: "short digest", text: with(7, digest("payload")[:16]), want: tenant.ErrEnvelopePayload},
		{name: "no digest", text: with(7, ""), want: tenant.ErrEnvelopePayload},
		{name: "foreign env", text: with(2, "staging"), want: tenant.ErrEnvelopeForeignEnv},
		{name: "foreign env here", sealer: newSealer(t, func(c *tenant.SealerConfig) { c.Env = env(t, "dev") }), want: tenant.ErrEnvelopeForeignEnv},
		{name: "other audience", audience: "billing/invoice-deleted", want: tenant.ErrEnvelopeAudience},
		{name: "longer audience", audience: audience + "2", want: tenant.ErrEnvelopeAudience},
		{name: "upper-case audience", audience: strings.ToUpper(audience), want: tenant.ErrEnvelopeAudience},
		{name: "other payload", payload: "payload2", want: tenant.ErrEnvelopePayload},
		{name: "from the future", sealer: newSealer(t, at(-5*time.Second-time.Millisecond)), want: tenant.ErrEnvelopeFuture},
		{name: "far future", text: with(1, "\x00\x1f\xff\xff\xff\xff\xff\xff"), want: tenant.ErrEnvelopeFuture},
		{name: "expired", sealer: newSealer(t, at(time.Hour+time.Millisecond)), want: tenant.ErrEnvelopeExpired},
		{name: "clock not set", sealer: newSealer(t, func(c *tenant.SealerConfig) { c.Clock = func() time.Time { return time.Time{} } }), want: tenant.ErrEnvelopeFuture},
	} {
		if c.sealer == nil {
			c.sealer = s
		}
		if c.text == "" && c.name != "empty" {
			c.text = text
		}
		if c.audience == "" {
			c.audience = audience
		}
		if c.payload == "" {
			c.payload = "payload"
		}
		sc, err := c.sealer.Open(c.text, c.audience, []byte(c.payload))
		envelopeRefused(t, c.name, sc, err, c.want)
		seen[c.want] = true
	}
	for _, want := range envelopeErrors() {
		if !seen[want] {
			t.Errorf("no case for %v", want)
		}
	}
}

func TestOpenAtTheLimits(t *testing.T) {
	text := seal(t, newSealer(t), scope(t, "acme prod"), audience, nil)
	for _, d := range []time.Duration{-5 * time.Second, 0, time.Hour} {
		if _, err := newSealer(t, at(d)).Open(text, audience, nil); err != nil {
			t.Errorf("after %s: %v", d, err)
		}
	}
	exact := newSealer(t, at(-time.Millisecond), func(c *tenant.SealerConfig) { c.Skew = 0 })
	sc, err := exact.Open(text, audience, nil)
	envelopeRefused(t, "no skew", sc, err, tenant.ErrEnvelopeFuture)
}

// Any text that differs from a valid one in any place is refused.
func TestEnvelopeEveryByte(t *testing.T) {
	s := newSealer(t)
	text := seal(t, s, scope(t, "acme prod ann admin"), audience, nil)
	for i := range len(text) {
		if i > 0 {
			sc, err := s.Open(text[:i], audience, nil)
			envelopeRefused(t, fmt.Sprintf("first %d bytes", i), sc, err, tenant.ErrEnvelopeTruncated)
		}
		for c := range 256 {
			changed := []byte(text)
			changed[i] = byte(c)
			if c == int(text[i]) {
				changed = slices.Insert(changed, i, byte(c)) // doubled instead
			}
			if sc, err := s.Open(string(changed), audience, nil); sc.IsValid() || !errors.Is(err, tenant.ErrInvalidEnvelope) {
				t.Errorf("byte %d set to %d: %v, %v", i, c, sc, err)
			}
		}
	}
}

// TestSealOpenProperties opens many envelopes under many configurations:
// exactly those come back that were sealed in the same environment, with the
// same key, for the same audience and payload.
func TestSealOpenProperties(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	pick := func(from ...string) string { return from[rnd.IntN(len(from))] }
	ids := []string{"a", "ab", "a:b", "b", "acme", "é", "e\u0301", strings.Repeat("x", tenant.MaxIDBytes)}
	type end struct{ env, key, audience, payload string }
	random := func() end {
		return end{pick("dev", "staging", "prod"), pick("k1", "k2"), pick("q1", "q2"), pick("", "p", "pp")}
	}
	sealer := func(e end) *tenant.Sealer {
		secret := map[string]string{"k1": oldSecret, "k2": newSecret}[e.key]
		return newSealer(t, func(c *tenant.SealerConfig) {
			c.Env, c.SealWith = env(t, e.env), e.key
			c.Keys = []tenant.SealingKey{{ID: e.key, Secret: []byte(secret)}}
		})
	}
	opened := 0
	for range 3000 {
		from, to := random(), random()
		if rnd.IntN(3) == 0 {
			to = from
		}
		sc := scope(t, strings.Join([]string{pick(ids...), from.env, pick(ids...), pick(ids...)}, " "))
		text := seal(t, sealer(from), sc, from.audience, []byte(from.payload))
		got, err := sealer(to).Open(text, to.audience, []byte(to.payload))
		switch {
		case from == to:
			opened++
			if err != nil || got != sc {
				t.Fatalf("from and to %+v: %v, %v", from, got, err)
			}
		case err == nil || got.IsValid():
			t.Fatalf("from %+v to %+v: opened", from, to)
		}
	}
	if opened < 500 {
		t.Errorf("only %d were to be opened", opened)
	}
}

func TestSealRefuses(t *testing.T) {
	s := newSealer(t)
	acme := scope(t, "acme prod")
	unset := newSealer(t, func(c *tenant.SealerConfig) { c.Clock = func() time.Time { return time.Time{} } })
	for _, c := range []struct {
		name     string
		sealer   *tenant.Sealer
		scope    tenant.Scope
		audience string
		want     error
	}{
		{"no scope", s, tenant.Scope{}, audience, tenant.ErrInvalidScope},
		{"foreign env", s, scope(t, "acme dev"), audience, tenant.ErrEnvelopeForeignEnv},
		{"no audience", s, acme, "", tenant.ErrInvalidAudience},
		{"bad audience", s, acme, "a\n", tenant.ErrInvalidAudience},
		{"long audience", s, acme, strings.Repeat("a", tenant.MaxIDBytes+1), tenant.ErrInvalidAudience},
		{"nil sealer", nil, acme, audience, tenant.ErrInvalidSealer},
		{"zero sealer", new(tenant.Sealer), acme, audience, tenant.ErrInvalidSealer},
		{"clock not set", unset, acme, audience, tenant.ErrInvalidSealer},
	} {
		text, err := c.sealer.Seal(c.scope, c.audience, nil)
		if text != "" || !errors.Is(err, c.want) {
			t.Errorf("%s: Seal = %q, %v; want %v", c.name, text, err, c.want)
		}
		h := http.Header{}
		if err := c.sealer.Inject(h, c.scope, c.audience, nil); len(h) > 0 || !errors.Is(err, c.want) {
			t.Errorf("%s: Inject: %v, %v; want %v", c.name, h, err, c.want)
		}
	}
	text := seal(t, s, acme, audience, nil)
	for _, s := range []*tenant.Sealer{nil, {}} {
		if sc, err := s.Open(text, audience, nil); sc.IsValid() || !errors.Is(err, tenant.ErrInvalidSealer) {
			t.Errorf("Open = %v, %v; want ErrInvalidSealer", sc, err)
		}
		if sc, err := s.Extract(http.Header{}, audience, nil); sc.IsValid() || !errors.Is(err, tenant.ErrInvalidSealer) {
			t.Errorf("Extract = %v, %v; want ErrInvalidSealer", sc, err)
		}
	}
	// Nothing is for everybody.
	for _, audience := range []string{"", " ", "\x00"} {
		if sc, err := s.Open(text, audience, nil); sc.IsValid() || !errors.Is(err, tenant.ErrInvalidAudience) {
			t.Errorf("Open for %q = %v, %v; want ErrInvalidAudience", audience, sc, err)
		}
	}
}

func TestSealerRotation(t *testing.T) {
	older := tenant.SealingKey{ID: "k1", Secret: []byte(oldSecret)}
	newer := tenant.SealingKey{ID: "k2", Secret: []byte(newSecret)}
	keys := func(with string, keys ...tenant.SealingKey) *tenant.Sealer {
		return newSealer(t, func(c *tenant.SealerConfig) { c.Keys, c.SealWith = keys, with })
	}
	before, both, sealsNew, after := keys("k1", older), keys("k1", older, newer), keys("k2", newer, older), keys("k2", newer)
	sc := scope(t, "acme prod")
	for _, c := range []struct {
		name     string
		from, to *tenant.Sealer
		want     error
	}{
		{"announced", before, both, nil},
		{"announced, back", both, before, nil},
		{"switched", both, sealsNew, nil},
		{"switched, back", sealsNew, both, nil},
		{"dropped", sealsNew, after, nil},
		{"too early", sealsNew, before, tenant.ErrEnvelopeUnknownKey},
		{"too late", before, after, tenant.ErrEnvelopeUnknownKey},
	} {
		got, err := c.to.Open(seal(t, c.from, sc, audience, nil), audience, nil)
		if c.want != nil {
			envelopeRefused(t, c.name, got, err, c.want)
		} else if err != nil || got != sc {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
}

func TestSealerFaults(t *testing.T) {
	key := tenant.SealingKey{ID: "k1", Secret: []byte(oldSecret)}
	for _, c := range []struct {
		name  string
		fault func(*tenant.SealerConfig)
		want  []string
	}{
		{"env", func(c *tenant.SealerConfig) { c.Env = tenant.Env{} }, []string{"Env: invalid environment"}},
		{"keys", func(c *tenant.SealerConfig) { c.Keys = nil }, []string{"Keys: none given", "SealWith: names none"}},
		{"key id", func(c *tenant.SealerConfig) { c.Keys[0].ID = ""; c.SealWith = "" }, []string{"Keys[0].ID: needs", "SealWith: missing"}},
		{"key id form", func(c *tenant.SealerConfig) { c.Keys[0].ID = "k 1"; c.SealWith = "k 1" }, []string{"Keys[0].ID: needs"}},
		{"key id length", func(c *tenant.SealerConfig) {
			c.Keys[0].ID = strings.Repeat("k", tenant.MaxSealingKeyID+1)
			c.SealWith = c.Keys[0].ID
		}, []string{"Keys[0].ID: needs"}},
		{"secret", func(c *tenant.SealerConfig) { c.Keys[0].Secret = []byte(oldSecret[:31]) }, []string{"Keys[0].Secret: invalid secret: 31 bytes"}},
		{"same key", func(c *tenant.SealerConfig) { c.Keys = append(c.Keys, key) }, []string{"Keys[1].ID: the same as of Keys[0]", "Keys[1].Secret: invalid secret: the same"}},
		{"same secret", func(c *tenant.SealerConfig) {
			c.Keys = append(c.Keys, tenant.SealingKey{ID: "k2", Secret: []byte(oldSecret)})
		}, []string{"Keys[1].Secret: invalid secret: the same"}},
		{"seal with", func(c *tenant.SealerConfig) { c.SealWith = "k2" }, []string{"SealWith: names none"}},
		{"no age", func(c *tenant.SealerConfig) { c.MaxAge, c.Skew = 0, 0 }, []string{"MaxAge: must be positive"}},
		{"negative age", func(c *tenant.SealerConfig) { c.MaxAge, c.Skew = -1, 0 }, []string{"MaxAge: must be positive"}},
		{"negative skew", func(c *tenant.SealerConfig) { c.Skew = -1 }, []string{"Skew: must not be negative"}},
		{"skew", func(c *tenant.SealerConfig) { c.Skew = time.Hour }, []string{"Skew: must be less"}},
		{"clock", func(c *tenant.SealerConfig) { c.Clock = nil }, []string{"Clock: missing"}},
		{"all", func(c *tenant.SealerConfig) { *c = tenant.SealerConfig{} }, []string{
			"Env: invalid", "Keys: none", "SealWith: missing", "MaxAge: must", "Clock: missing"}},
	} {
		config := sealerConfig(t)
		c.fault(&config)
		s, err := tenant.NewSealer(config)
		if s != nil || !errors.Is(err, tenant.ErrInvalidSealer) {
			t.Errorf("%s: NewSealer = %v, %v; want ErrInvalidSealer", c.name, s, err)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: the error lacks %q: %v", c.name, want, err)
			}
		}
		if got := strings.Count(err.Error(), "\n") + 1; got != len(c.want) {
			t.Errorf("%s: %d faults named, want %d: %v", c.name, got, len(c.want), err)
		}
		if strings.Contains(err.Error(), oldSecret[:31]) {
			t.Errorf("%s: the error shows the secret: %v", c.name, err)
		}
	}
	_, err := tenant.NewSealer(tenant.SealerConfig{Keys: []tenant.SealingKey{{}}})
	if !errors.Is(err, tenant.ErrInvalidEnv) || !errors.Is(err, tenant.ErrInvalidSecret) {
		t.Errorf("%v is not both ErrInvalidEnv and ErrInvalidSecret", err)
	}
}

func TestSealerKeepsSecret(t *testing.T) {
	own := []byte(oldSecret)
	config := sealerConfig(t)
	config.Keys[0].Secret = own
	s, err := tenant.NewSealer(config)
	if err != nil {
		t.Fatal(err)
	}
	before := seal(t, s, scope(t, "acme prod"), audience, nil)
	clear(own)
	if seal(t, s, scope(t, "acme prod"), audience, nil) != before {
		t.Error("the sealer changed with the caller's slice")
	}

	copy(own, oldSecret)
	var out bytes.Buffer
	for _, v := range []any{s, *s, []tenant.Sealer{*s}, struct{ s tenant.Sealer }{*s}, config, &config, config.Keys, config.Keys[0]} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("msg", "s", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("msg", "s", v)
		if config, ok := v.(tenant.SealingKey); ok {
			text, err := json.Marshal(config)
			if err != nil {
				t.Error(err)
			}
			out.Write(text)
		}
	}
	for _, form := range []string{oldSecret, fmt.Sprintf("%x", oldSecret), "111 108 100", "0x6f, 0x6c", base64.StdEncoding.EncodeToString(own)} {
		if strings.Contains(out.String(), form) {
			t.Errorf("printing shows the secret:\n%s", out.String())
		}
	}
}

// With one secret for all, what a hasher makes is no envelope.
func TestEnvelopeDomain(t *testing.T) {
	text := seal(t, newSealer(t), scope(t, "acme prod"), audience, nil)
	raw, err := base64.RawURLEncoding.DecodeString(text[len("tve1:"):])
	if err != nil {
		t.Fatal(err)
	}
	body := raw[:len(raw)-sha256.Size]
	for _, domain := range []string{"", "tenantvet key v1"} {
		mac := hmac.New(sha256.New, []byte(oldSecret))
		_ = binary.Write(mac, binary.BigEndian, uint64(len(domain)))
		_, _ = mac.Write([]byte(domain))
		_, _ = mac.Write(body)
		sc, err := newSealer(t).Open("tve1:"+base64.RawURLEncoding.EncodeToString(mac.Sum(slices.Clone(body))), audience, nil)
		envelopeRefused(t, domain, sc, err, tenant.ErrEnvelopeTampered)
	}
}

// The headers of the usual Kafka clients, in their own words.
type (
	kafkaHeader struct {
		Key   string
		Value []byte
	}
	recordHeader struct {
		Key   string
		Value []byte
	}
)

func TestCarriers(t *testing.T) {
	s, sc, payload := newSealer(t), scope(t, "acme prod ann"), []byte("payload")
	kafka := []kafkaHeader{{Key: "trace", Value: []byte("1")}}
	records := []recordHeader{}
	plain := tenant.MapCarrier{"trace": "1"}
	h := http.Header{"Trace": {"1"}}
	for name, c := range map[string]tenant.Carrier{
		"http": h, "map": plain, "kafka": tenant.RecordCarrier(&kafka), "records": tenant.RecordCarrier(&records),
	} {
		got, err := s.Extract(c, audience, payload)
		envelopeRefused(t, name+": before", got, err, tenant.ErrEnvelopeMissing)
		for range 2 { // the second takes the place of the first
			if err := s.Inject(c, sc, audience, payload); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if got, err := s.Extract(c, audience, payload); err != nil || got != sc {
			t.Errorf("%s: Extract = %v, %v", name, got, err)
		}
		got, err = s.Extract(c, audience, []byte("other"))
		envelopeRefused(t, name+": other payload", got, err, tenant.ErrEnvelopePayload)
		c.Set(strings.ToLower(tenant.EnvelopeHeader), "tve1:x")
		got, err = s.Extract(c, audience, payload)
		envelopeRefused(t, name+": replaced", got, err, tenant.ErrEnvelopeTruncated)
		c.Set(tenant.EnvelopeHeader, "")
		got, err = s.Extract(c, audience, payload)
		envelopeRefused(t, name+": emptied", got, err, tenant.ErrEnvelopeMissing)
	}
	if len(kafka) != 2 || string(kafka[0].Value) != "1" || len(records) != 1 || plain["trace"] != "1" || len(plain) != 2 || h.Get("Trace") != "1" {
		t.Errorf("other headers changed: %v %v %v %v", kafka, records, plain, h)
	}
}

func TestCarrierWithSeveral(t *testing.T) {
	s, payload := newSealer(t), []byte("payload")
	acme, umbrella := seal(t, s, scope(t, "acme prod"), audience, payload), seal(t, s, scope(t, "umbrella prod"), audience, payload)
	lower := strings.ToLower(tenant.EnvelopeHeader)
	for name, c := range map[string]tenant.Carrier{
		"http":  http.Header{tenant.EnvelopeHeader: {acme, umbrella}},
		"equal": http.Header{tenant.EnvelopeHeader: {acme, acme}},
		"map":   tenant.MapCarrier{tenant.EnvelopeHeader: acme, lower: umbrella},
		"kafka": tenant.RecordCarrier(&[]kafkaHeader{{tenant.EnvelopeHeader, []byte(acme)}, {lower, []byte(umbrella)}}),
	} {
		sc, err := s.Extract(c, audience, payload)
		envelopeRefused(t, name, sc, err, tenant.ErrEnvelopeMalformed)
	}
	m := tenant.MapCarrier{tenant.EnvelopeHeader: acme, lower: umbrella}
	if m.Get(tenant.EnvelopeHeader) != acme {
		t.Error("Get does not take the first name in order")
	}
	m.Set(lower, "x")
	if !reflect.DeepEqual(m, tenant.MapCarrier{lower: "x"}) {
		t.Errorf("Set left %v", m)
	}
}

// Headers that share their storage with another record do not change it.
func TestRecordCarrierCopies(t *testing.T) {
	shared := make([]kafkaHeader, 1, 8)
	first, second := shared, shared
	tenant.RecordCarrier(&first).Set("a", "1")
	tenant.RecordCarrier(&second).Set("b", "2")
	if first[1].Key != "a" || second[1].Key != "b" {
		t.Errorf("%v %v", first, second)
	}
}

func TestNilCarriers(t *testing.T) {
	s, sc := newSealer(t), scope(t, "acme prod")
	for name, c := range map[string]tenant.Carrier{
		"nil": nil, "http": http.Header(nil), "map": tenant.MapCarrier(nil), "kafka": tenant.RecordCarrier[kafkaHeader](nil),
	} {
		if err := s.Inject(c, sc, audience, nil); !errors.Is(err, tenant.ErrInvalidCarrier) {
			t.Errorf("%s: Inject: %v; want ErrInvalidCarrier", name, err)
		}
		got, err := s.Extract(c, audience, nil)
		envelopeRefused(t, name, got, err, tenant.ErrEnvelopeMissing)
	}
}

// FuzzOpen feeds Open texts, as they are and spliced into a valid envelope. A
// scope comes out for the one valid text only.
func FuzzOpen(f *testing.F) {
	s := newSealer(f)
	sc := scope(f, "acme prod ann admin")
	valid := seal(f, s, sc, audience, []byte("payload"))
	f.Add(valid, uint16(0), uint16(0))
	f.Add(valid+"\n", uint16(7), uint16(9))
	f.Add("", uint16(5), uint16(9))
	f.Add("tve1:AAAA", uint16(len(valid)-1), uint16(len(valid)))
	f.Add(sealFields(oldSecret, "k1", "", "", "", "", "", "", ""), uint16(0), uint16(0))
	f.Fuzz(func(t *testing.T, text string, from, to uint16) {
		i, j := int(from)%(len(valid)+1), int(to)%(len(valid)+1)
		for _, text := range []string{text, valid[:min(i, j)] + text + valid[max(i, j):]} {
			got, err := s.Open(text, audience, []byte("payload"))
			switch {
			case text == valid:
				if err != nil || got != sc {
					t.Fatalf("the valid text: %v, %v", got, err)
				}
			case got.IsValid() || !errors.Is(err, tenant.ErrInvalidEnvelope):
				t.Fatalf("%q: %v, %v", text, got, err)
			}
		}
	})
}

// FuzzSealOpen seals what it is given and opens it: what comes out went in, and
// no other audience, payload or environment opens it.
func FuzzSealOpen(f *testing.F) {
	f.Add("acme", "prod", "ann", "admin", audience, []byte("payload"), []byte("other"))
	f.Add("a:b", "dev", "", "", "q", []byte(nil), []byte{0})
	f.Fuzz(func(t *testing.T, name, envName, user, role, audience string, payload, other []byte) {
		sc, err := makeScope(name, envName, user, role)
		if err != nil {
			return
		}
		s := newSealer(t, func(c *tenant.SealerConfig) { c.Env = sc.Env() })
		text, err := s.Seal(sc, audience, payload)
		if err != nil {
			if !errors.Is(err, tenant.ErrInvalidAudience) {
				t.Fatal(err)
			}
			return
		}
		if got, err := s.Open(text, audience, payload); err != nil || got != sc {
			t.Fatalf("Open = %v, %v", got, err)
		}
		if !bytes.Equal(payload, other) {
			got, err := s.Open(text, audience, other)
			mustRefuse(t, got, err, tenant.ErrEnvelopePayload)
		}
		got, err := s.Open(text, audience+"x", payload)
		if len(audience) < tenant.MaxIDBytes {
			mustRefuse(t, got, err, tenant.ErrEnvelopeAudience)
		}
		for _, e := range []string{"dev", "staging", "prod"} {
			if env(t, e) == sc.Env() {
				continue
			}
			foreign := newSealer(t, func(c *tenant.SealerConfig) { c.Env = env(t, e) })
			got, err := foreign.Open(text, audience, payload)
			mustRefuse(t, got, err, tenant.ErrEnvelopeForeignEnv)
		}
	})
}

func mustRefuse(t *testing.T, sc tenant.Scope, err, want error) {
	t.Helper()
	if sc.IsValid() || !errors.Is(err, want) {
		t.Fatalf("%v, %v; want %v", sc, err, want)
	}
}

// makeScope is where these tests get scopes of odd ids from.
func makeScope(name, envName, user, role string) (tenant.Scope, error) {
	e, err := tenant.ParseEnv(envName)
	if err != nil {
		return tenant.Scope{}, err
	}
	return tenant.NewScope(name, e, user, role)
}

func BenchmarkSeal(b *testing.B) {
	s, sc, payload := newSealer(b), scope(b, "acme prod ann admin"), make([]byte, 1024)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Seal(sc, audience, payload); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	s, payload := newSealer(b), make([]byte, 1024)
	text := seal(b, s, scope(b, "acme prod ann admin"), audience, payload)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Open(text, audience, payload); err != nil {
			b.Fatal(err)
		}
	}
}
