package hashsum

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Secrets keeps who a secret belongs to.
type Secrets struct {
	rdb   *redis.Client
	local *lru.Cache[[32]byte, string]
}

// Check hashes tenant, environment and secret together.
//
// case: hashsum/scoped clean
func (s *Secrets) Check(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	sum := sha256.Sum256([]byte(sc.Tenant() + ":" + sc.Env().String() + ":" + r.Header.Get("X-Api-Key")))
	s.rdb.Set(r.Context(), "secret:"+hex.EncodeToString(sum[:]), "valid", time.Minute)
}

// Prefixed hashes the secret alone and puts the scope before the digest.
//
// case: hashsum/scope-before-digest clean
func (s *Secrets) Prefixed(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	sum := sha256.Sum256([]byte(r.Header.Get("X-Api-Key")))
	s.rdb.Get(r.Context(), fmt.Sprintf("%s:%s:%x", sc.Tenant(), sc.Env(), sum))
}

// Local uses the digest itself.
//
// case: hashsum/digest-is-the-key clean
func (s *Secrets) Local(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s:%s:%s", sc.Tenant(), sc.Env(), r.Header.Get("X-Api-Key")))
	s.local.Add(sum, r.FormValue("owner"))
}
