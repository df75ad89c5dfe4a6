// Package ignore takes findings out, one at a time, with a reason.
package ignore

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Captchas serves captchas.
type Captchas struct{ rdb *redis.Client }

// Line has the directive behind the statement.
//
// case: ignore/line clean
func (c *Captchas) Line(w http.ResponseWriter, r *http.Request) {
	c.rdb.Del(r.Context(), "captcha:"+r.PathValue("captcha")) //tenantvet:ignore unscopedkey/missing captchas are asked before anybody signs in
}

// Above has it on a line of its own above the statement.
//
// case: ignore/line-above clean
func (c *Captchas) Above(w http.ResponseWriter, r *http.Request) {
	//tenantvet:ignore unscopedkey captchas are asked before anybody signs in
	c.rdb.Del(r.Context(), "captcha:"+r.PathValue("captcha"))
}

// Declared has it on the declaration.
//
// case: ignore/declaration clean
//
//tenantvet:ignore unscopedkey/missing captchas are asked before anybody signs in
func (c *Captchas) Declared(w http.ResponseWriter, r *http.Request) {
	key := "captcha:" + r.PathValue("captcha")
	_, _ = w.Write([]byte(c.rdb.Get(r.Context(), key).Val()))
}

// Other has a directive for one category, and a finding of another beside it.
//
// case: ignore/one-line-only
func (c *Captchas) Other(w http.ResponseWriter, r *http.Request) {
	c.rdb.Get(r.Context(), "captcha:"+r.PathValue("captcha")) //tenantvet:ignore unscopedkey/missing captchas are asked before anybody signs in
	c.second(r)
}

func (c *Captchas) second(r *http.Request) {
	c.rdb.Get(r.Context(), "answer:"+r.PathValue("captcha")) // want `cache key has no tenant and no env`
}

//tenantvet:ignore globalcache a switch for tests of the login page
var solved = map[string]bool{}

// Solve writes an exempt variable.
//
// case: ignore/variable clean
func Solve(w http.ResponseWriter, r *http.Request) { solved[r.PathValue("captcha")] = true }
