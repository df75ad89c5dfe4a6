package alias

import (
	"maps"
	"net/http"
)

var defaults = map[string]string{"theme": "light", "lang": "en"}

// Settings copies the table before it writes.
//
// case: alias/copy clean
func Settings(w http.ResponseWriter, r *http.Request) {
	m := maps.Clone(defaults)
	m["theme"] = r.FormValue("theme")
	_, _ = w.Write([]byte(m["theme"] + m["lang"]))
}

// Collect hands a map of its own to the function that writes.
//
// case: alias/own-map clean
func Collect(w http.ResponseWriter, r *http.Request) {
	own := map[string][]string{}
	for _, t := range r.Form["tag"] {
		put(own, "all", t)
	}
	_, _ = w.Write([]byte(own["all"][0]))
}
