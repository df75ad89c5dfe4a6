// Package sharedelsewhere writes what another package says that all tenants share.
package sharedelsewhere

import (
	"net/http"

	"corpus/directives/sharedelsewhere/keep"
	"corpus/directives/sharedelsewhere/relay"
)

// Rate writes the variable itself.
//
// case: sharedelsewhere/variable clean
func Rate(w http.ResponseWriter, r *http.Request) {
	keep.Rates[r.PathValue("currency")] = r.FormValue("rate")
}

// Seen sets the variable as a whole.
//
// case: sharedelsewhere/whole clean
func Seen(w http.ResponseWriter, r *http.Request) {
	keep.Latest = r.PathValue("currency")
}

// Country has it written.
//
// case: sharedelsewhere/setter clean
func Country(w http.ResponseWriter, r *http.Request) {
	keep.SetCountry(r.PathValue("code"), r.FormValue("name"))
}

// Through has it written by a package in between.
//
// case: sharedelsewhere/relay clean
func Through(w http.ResponseWriter, r *http.Request) {
	relay.Country(r.PathValue("code"), r.FormValue("name"))
}

// Server has a calendar for everybody.
type Server struct{ calendar *keep.Calendar }

// Holiday has a field written.
//
// case: sharedelsewhere/field clean
func (s *Server) Holiday(w http.ResponseWriter, r *http.Request) {
	s.calendar.SetHoliday(r.PathValue("day"), r.FormValue("name"))
}
