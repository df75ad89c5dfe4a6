// Package pointer writes state through pointers.
package pointer

import "net/http"

type settings struct{ theme, owner string }

var current settings

func apply(s *settings, theme string) { s.theme = theme }

// Theme changes the one setting of the process for whoever comes next.
//
// case: pointer/parameter
func Theme(w http.ResponseWriter, r *http.Request) {
	apply(&current, r.FormValue("theme")) // want `package-level settings current is written after initialisation with Request\.FormValue\("theme"\) \(from the request\) and not keyed by tenant: the next request finds it`
	_, _ = w.Write([]byte(current.theme))
}

var lastUser string

// Last remembers one user's name and shows it to the next.
//
// case: pointer/plain-variable
func Last(w http.ResponseWriter, r *http.Request) {
	_, _ = w.Write([]byte(lastUser))
	lastUser = r.FormValue("user") // want `package-level variable lastUser is written after initialisation with Request\.FormValue\("user"\) \(from the request\) and not keyed by tenant: the next request finds it`
}
