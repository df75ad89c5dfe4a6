// Package helper builds keys in helpers of the same package.
package helper

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Tickets serves tickets.
type Tickets struct{ rdb *redis.Client }

func ticketKey(id string) string { return "ticket:" + id }

// Show has its key from a helper that cannot know the tenant.
//
// case: helper/no-scope
func (t *Tickets) Show(w http.ResponseWriter, r *http.Request) {
	body := t.rdb.Get(r.Context(), ticketKey(r.PathValue("ticket"))) // want `cache key has no tenant and no env`
	_, _ = w.Write([]byte(body.Val()))
}

func (t *Tickets) key(r *http.Request) (string, bool) {
	id := r.PathValue("ticket")
	return "ticket:" + id, id != ""
}

// Drop has it from a method with two results.
//
// case: helper/method-two-results
func (t *Tickets) Drop(w http.ResponseWriter, r *http.Request) {
	key, ok := t.key(r)
	if !ok {
		http.NotFound(w, r)
		return
	}
	t.rdb.Del(r.Context(), key) // want `cache key has no tenant and no env`
}
