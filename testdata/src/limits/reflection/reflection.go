// Package reflection calls the cache through package reflect, where calls
// cannot be followed.
package reflection

import (
	"net/http"
	"reflect"

	"github.com/redis/go-redis/v9"
)

// Admin runs commands by name.
type Admin struct{ rdb *redis.Client }

// Run reads an unscoped key and is not reported.
//
// case: limits/reflection limit
func (a *Admin) Run(w http.ResponseWriter, r *http.Request) {
	m := reflect.ValueOf(a.rdb).MethodByName(r.FormValue("command"))
	m.Call([]reflect.Value{reflect.ValueOf(r.Context()), reflect.ValueOf("row:" + r.PathValue("row"))})
}
