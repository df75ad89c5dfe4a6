// Package methodvalue calls through method values and function variables.
package methodvalue

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Alerts serves alerts.
type Alerts struct{ rdb *redis.Client }

// Show calls the cache through a method value.
//
// case: methodvalue/sink
func (a *Alerts) Show(w http.ResponseWriter, r *http.Request) {
	get := a.rdb.Get
	body := get(r.Context(), "alert:"+r.PathValue("alert")) // want `cache key has no tenant and no env`
	_, _ = w.Write([]byte(body.Val()))
}

// Drop builds its key through a function variable.
//
// case: methodvalue/key-function
func (a *Alerts) Drop(w http.ResponseWriter, r *http.Request) {
	key := func(id string) string { return "alert:" + id }
	a.rdb.Del(r.Context(), key(r.PathValue("alert"))) // want `cache key has no tenant and no env`
}
