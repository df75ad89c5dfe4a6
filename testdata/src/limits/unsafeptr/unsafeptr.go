// Package unsafeptr changes a key behind the back of the type system.
package unsafeptr

import (
	"net/http"
	"unsafe"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Blobs serves blobs.
type Blobs struct{ rdb *redis.Client }

// Show overwrites the tenant after it was put in, and is not reported.
//
// case: limits/unsafe limit
func (b *Blobs) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	raw := []byte(sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("blob"))
	clear(unsafe.Slice(unsafe.SliceData(raw), len(sc.Tenant())))
	_, _ = w.Write([]byte(b.rdb.Get(r.Context(), string(raw)).Val()))
}
