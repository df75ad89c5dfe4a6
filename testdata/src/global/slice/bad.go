// Package slice has lists at package level.
package slice

import "net/http"

var recent []string

// Search remembers what everybody searched for, and shows it to everybody.
//
// case: slice/append
func Search(w http.ResponseWriter, r *http.Request) {
	recent = append(recent, r.FormValue("q")) // want `package-level slice recent is written after initialisation with Request\.FormValue\("q"\) \(from the request\) and not keyed by tenant: the next request finds it`
	for _, q := range recent {
		_, _ = w.Write([]byte(q))
	}
}

var ring [8]string

// Trace keeps the last paths in an array.
//
// case: slice/array-element
func Trace(w http.ResponseWriter, r *http.Request) {
	ring[len(r.URL.Path)%len(ring)] = r.URL.RawQuery // want `package-level array ring is written after initialisation with r\.URL\.RawQuery \(from the request\) and not keyed by tenant: the next request finds it`
}
