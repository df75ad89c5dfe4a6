package bytesconv

import (
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Grants keeps grants.
type Grants struct{ rdb *redis.Client }

// Save encodes the whole key.
//
// case: bytesconv/base64-scoped clean
func (g *Grants) Save(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	raw := []byte(sc.Tenant() + ":" + sc.Env().String() + ":" + strings.TrimSpace(r.PathValue("device")))
	g.rdb.Set(r.Context(), base64.RawURLEncoding.EncodeToString(raw), r.FormValue("grant"), time.Hour)
}
