// Package deferred calls the cache in defer statements.
package deferred

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Imports runs imports.
type Imports struct{ rdb *redis.Client }

// Run clears its marker when it is done, and that of every other tenant.
//
// case: deferred/delete
func (i *Imports) Run(w http.ResponseWriter, r *http.Request) {
	defer i.rdb.Del(r.Context(), "import:"+r.PathValue("import")) // want `cache key has no tenant and no env`
	_, _ = w.Write([]byte("running"))
}
