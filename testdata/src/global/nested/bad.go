// Package nested has maps of maps.
package nested

import "net/http"

var rights = map[string]map[string]bool{}

// Grant writes below two raw ids.
//
// case: nested/raw-raw
func Grant(w http.ResponseWriter, r *http.Request) {
	group := r.PathValue("group")
	if rights[group] == nil {
		rights[group] = map[string]bool{}
	}
	rights[group][r.PathValue("user")] = true // want `package-level map rights is written after initialisation and not keyed by tenant and env: its key is made of Request\.PathValue\("group"\) and Request\.PathValue\("user"\) alone`
}
