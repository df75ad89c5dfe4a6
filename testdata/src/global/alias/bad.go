// Package alias writes state under another name.
package alias

import "net/http"

var notes = map[string]string{}

// Save writes through a local variable.
//
// case: alias/local
func Save(w http.ResponseWriter, r *http.Request) {
	m := notes
	m[r.PathValue("note")] = r.FormValue("text") // want `package-level map notes is written after initialisation and not keyed by tenant and env: its key is made of Request\.PathValue\("note"\) alone`
}

var tags = map[string][]string{}

func put(m map[string][]string, id, tag string) { m[id] = append(m[id], tag) }

// Tag hands the map to a function.
//
// case: alias/argument
func Tag(w http.ResponseWriter, r *http.Request) {
	put(tags, r.PathValue("note"), r.FormValue("tag")) // want `package-level map tags is written after initialisation and not keyed by tenant and env: its key is made of Request\.PathValue\("note"\) alone`
}
