package hasher

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Frames keeps frames.
type Frames struct {
	rdb    *redis.Client
	secret []byte
}

// Save writes the scope into the hash first.
//
// case: hasher/scoped clean
func (f *Frames) Save(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	h := sha256.New()
	h.Write([]byte(sc.Tenant()))
	h.Write([]byte{0})
	h.Write([]byte(sc.Env().String()))
	h.Write([]byte{0})
	h.Write([]byte(r.URL.Path))
	f.rdb.Set(r.Context(), hex.EncodeToString(h.Sum(nil)), r.FormValue("html"), time.Minute)
}

// Load prints into a keyed hash.
//
// case: hasher/hmac clean
func (f *Frames) Load(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	mac := hmac.New(sha256.New, f.secret)
	fmt.Fprintf(mac, "%s\x00%s\x00%s", sc.Tenant(), sc.Env(), r.URL.Path)
	html := f.rdb.Get(r.Context(), hex.EncodeToString(mac.Sum(nil)))
	_, _ = w.Write([]byte(html.Val()))
}

// Count uses a short hash behind the scope.
//
// case: hasher/fnv-behind-scope clean
func (f *Frames) Count(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	h := fnv.New64a()
	_, _ = io.WriteString(h, r.URL.Path)
	f.rdb.Incr(r.Context(), fmt.Sprintf("%s:%s:%d", sc.Tenant(), sc.Env(), h.Sum64()))
}
