// Package crosspkg writes state of another package.
package crosspkg

import (
	"net/http"

	"corpus/global/crosspkg/registry"
)

// Own writes another package's map: nothing was to see there, so the finding is
// here.
//
// case: crosspkg/foreign-map
func Own(w http.ResponseWriter, r *http.Request) {
	registry.Owners[r.PathValue("doc")] = r.FormValue("user") // want `package-level map Owners is written after initialisation and not keyed by tenant and env: its key is made of Request\.PathValue\("doc"\) alone`
}

// Raise passes a raw key to a setter in another package: the finding is at the
// call, as for any key.
//
// case: crosspkg/foreign-setter
func Raise(w http.ResponseWriter, r *http.Request) {
	registry.SetLimit(r.PathValue("plan"), 10) // want `package-level registry\.limits is written after initialisation and not keyed by tenant and env: its key is made of Request\.PathValue\("plan"\) alone`
}
