// Package hashes uses redis hashes, sets and lists.
package hashes

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Members lists members.
type Members struct{ rdb redis.Cmdable }

// Add puts a member into the set of a bare group id.
//
// case: hashes/set
func (m *Members) Add(w http.ResponseWriter, r *http.Request) {
	m.rdb.SAdd(r.Context(), "group:"+r.PathValue("group"), r.FormValue("member")) // want `cache key has no tenant and no env`
}

// Rename writes a field of the hash of a bare group id.
//
// case: hashes/hash
func (m *Members) Rename(w http.ResponseWriter, r *http.Request) {
	m.rdb.HSet(r.Context(), "group:"+r.PathValue("group"), "name", r.FormValue("name")) // want `cache key has no tenant and no env`
}
