// Package shorthash uses a hash so short that tenants meet by chance.
package shorthash

import (
	"hash/crc32"
	"net/http"
	"strconv"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Cells serves cells.
type Cells struct{ rdb *redis.Client }

// Show has the whole scope in 32 bits, and is not reported: hashes are taken to
// be as good as what goes in.
//
// case: limits/short-hash limit
func (c *Cells) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	sum := crc32.ChecksumIEEE([]byte(sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("cell")))
	_, _ = w.Write([]byte(c.rdb.Get(r.Context(), strconv.FormatUint(uint64(sum), 16)).Val()))
}
