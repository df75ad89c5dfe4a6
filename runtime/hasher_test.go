package runtime_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

func hasher(t testing.TB, secret string) *tenant.Hasher {
	t.Helper()
	h, err := tenant.NewHasher([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func hash(t testing.TB, h *tenant.Hasher, k tenant.Key) string {
	t.Helper()
	text, err := h.Hash(k)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

const secret = "0123456789abcdef0123456789abcdef"

// The form is a promise, like that of a key.
func TestHashForm(t *testing.T) {
	k := key(t, scope(t, "acme prod"), "invoice", "42")
	mac := hmac.New(sha256.New, []byte(secret))
	for _, field := range []string{"tenantvet key v1", "tv1:t=acme:e=prod:invoice:42"} {
		_ = binary.Write(mac, binary.BigEndian, uint64(len(field)))
		_, _ = mac.Write([]byte(field))
	}
	want := "tvh1:" + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	got := hash(t, hasher(t, secret), k)
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	// And the same as another implementation computes it.
	if want := "tvh1:CFcj9hcricyH6w1ye0VuiR9xfp2DdRB4FZauDc6aXGo"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !regexp.MustCompile(`^tvh1:[A-Za-z0-9_-]{43}$`).MatchString(got) {
		t.Errorf("got %s, which is not of the documented form", got)
	}
}

func TestHashTellsApart(t *testing.T) {
	h := hasher(t, secret)
	seen := make(map[string]tenant.Key)
	for _, ids := range []string{"acme prod ann", "acme dev ann", "umbrella prod ann"} {
		sc := scope(t, ids)
		for _, a := range nasty {
			for _, k := range []tenant.Key{key(t, sc, a), key(t, sc, a, ""), userKey(t, sc, a)} {
				text := hash(t, h, k)
				if other, ok := seen[text]; ok {
					t.Errorf("%s and %s have the same hash", k, other)
				}
				seen[text] = k
				if text != hash(t, h, k) {
					t.Errorf("%s hashes differently the second time", k)
				}
			}
		}
	}
	k := key(t, scope(t, "acme prod"))
	if hash(t, h, k) == hash(t, hasher(t, secret+"x"), k) {
		t.Error("another secret gives the same hash")
	}
}

func TestHasherErrors(t *testing.T) {
	for _, n := range []int{0, 1, tenant.MinSecretBytes - 1} {
		if h, err := tenant.NewHasher(make([]byte, n)); !errors.Is(err, tenant.ErrInvalidSecret) || h != nil {
			t.Errorf("NewHasher with %d bytes = %v, %v; want ErrInvalidSecret", n, h, err)
		}
	}
	k := key(t, scope(t, "acme prod"))
	for name, h := range map[string]*tenant.Hasher{"nil": nil, "zero": {}} {
		if text, err := h.Hash(k); !errors.Is(err, tenant.ErrInvalidSecret) || text != "" {
			t.Errorf("%s hasher: %q, %v; want ErrInvalidSecret", name, text, err)
		}
	}
	if text, err := hasher(t, secret).Hash(tenant.Key{}); !errors.Is(err, tenant.ErrInvalidKey) || text != "" {
		t.Errorf("zero key: %q, %v; want ErrInvalidKey", text, err)
	}
}

func TestHasherKeepsSecret(t *testing.T) {
	own := []byte(secret)
	h, err := tenant.NewHasher(own)
	if err != nil {
		t.Fatal(err)
	}
	k := key(t, scope(t, "acme prod"))
	before := hash(t, h, k)
	clear(own)
	if hash(t, h, k) != before {
		t.Error("the hasher changed with the caller's slice")
	}

	var out bytes.Buffer
	for _, v := range []any{h, *h, []tenant.Hasher{*h}, struct{ h tenant.Hasher }{*h}, struct{ H *tenant.Hasher }{h}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("msg", "h", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("msg", "h", v)
	}
	for _, form := range []string{secret, fmt.Sprintf("%x", secret), "48 49 50", "0x30, 0x31"} {
		if strings.Contains(out.String(), form) {
			t.Errorf("printing shows the secret:\n%s", out.String())
		}
	}
}

func BenchmarkHash(b *testing.B) {
	h, k := hasher(b, secret), key(b, scope(b, "acme prod"), "invoice", "42")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.Hash(k); err != nil {
			b.Fatal(err)
		}
	}
}
