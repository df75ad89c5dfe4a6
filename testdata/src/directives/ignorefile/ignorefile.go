// Package ignorefile is exempt as a whole.
//
//tenantvet:ignore unscopedkey the status page is public and the same for all
package ignorefile

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Status serves the status page.
type Status struct{ rdb *redis.Client }

// Show reads a public entry.
//
// case: ignorefile/first clean
func (s *Status) Show(w http.ResponseWriter, r *http.Request) {
	_, _ = w.Write([]byte(s.rdb.Get(r.Context(), "status:"+r.PathValue("page")).Val()))
}

// Drop removes one.
//
// case: ignorefile/second clean
func (s *Status) Drop(w http.ResponseWriter, r *http.Request) {
	s.rdb.Del(r.Context(), "status:"+r.PathValue("page"))
}
