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
	apply(&current, r.FormValue("theme")) // want `package-level .*current`
	_, _ = w.Write([]byte(current.theme))
}

var lastUser string

// Last remembers one user's name and shows it to the next.
//
// case: pointer/plain-variable
func Last(w http.ResponseWriter, r *http.Request) {
	_, _ = w.Write([]byte(lastUser))
	lastUser = r.FormValue("user") // want `package-level .*lastUser`
}
