// Package script runs redis scripts, whose keys are a list.
package script

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

const decrement = `return redis.call("DECRBY", KEYS[1], ARGV[1])`

// Stock counts stock.
type Stock struct {
	rdb  *redis.Client
	take *redis.Script
}

// Take runs a script on a raw key.
//
// case: script/run
func (s *Stock) Take(w http.ResponseWriter, r *http.Request) {
	keys := []string{"stock:" + r.PathValue("item")}
	if err := s.take.Run(r.Context(), s.rdb, keys, 1).Err(); err != nil { // want `cache key has no tenant and no env`
		http.Error(w, err.Error(), http.StatusConflict)
	}
}

// Eval runs one on a raw key directly.
//
// case: script/eval
func (s *Stock) Eval(w http.ResponseWriter, r *http.Request) {
	s.rdb.Eval(r.Context(), decrement, []string{"stock:" + r.PathValue("item")}, 1) // want `cache key has no tenant and no env`
}
