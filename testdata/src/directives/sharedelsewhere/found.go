package sharedelsewhere

import (
	"net/http"

	"corpus/directives/sharedelsewhere/keep"
	"corpus/directives/sharedelsewhere/relay"
)

// Draft writes the variable beside, which nobody calls shared.
//
// case: sharedelsewhere/beside
func Draft(w http.ResponseWriter, r *http.Request) {
	keep.Drafts[r.PathValue("id")] = r.FormValue("text") // want `package-level map Drafts is written after initialisation and not keyed by tenant and env`
}

// Both has two entries written under one key; one of them is somebody's.
//
// case: sharedelsewhere/both
func Both(w http.ResponseWriter, r *http.Request) {
	keep.SetBoth(r.PathValue("code"), r.FormValue("name")) // want `package-level keep\.nicknames is written after initialisation and not keyed by tenant and env`
}

// Alias has two written by a package in between.
//
// case: sharedelsewhere/both-relay
func Alias(w http.ResponseWriter, r *http.Request) {
	relay.Alias(r.PathValue("code"), r.FormValue("name")) // want `package-level keep\.aliases is written after initialisation and not keyed by tenant and env`
}

// Name has it written by any of the implementations, one of which shares nothing.
//
// case: sharedelsewhere/interface
func Name(names keep.Namer, w http.ResponseWriter, r *http.Request) {
	names.SetName(r.PathValue("code"), r.FormValue("name")) // want `package-level keep\.petNames is written after initialisation and not keyed by tenant and env`
}

// List has much written that all share, and one entry that is somebody's.
//
// case: sharedelsewhere/many
func List(w http.ResponseWriter, r *http.Request) {
	keep.SetList(r.PathValue("a"), r.PathValue("b"), r.PathValue("c"), r.PathValue("d"), r.PathValue("e"), r.PathValue("f"), r.PathValue("g"), r.PathValue("h"), r.PathValue("i"), r.PathValue("j"), r.PathValue("k"), r.PathValue("l"), r.PathValue("code")) // want `package-level keep\.mottos is written after initialisation and not keyed by tenant and env`
}

// Party has the field beside written.
//
// case: sharedelsewhere/field-beside
func (s *Server) Party(w http.ResponseWriter, r *http.Request) {
	s.calendar.SetParty(r.PathValue("day"), r.FormValue("name")) // want `field parties of long-lived keep\.Calendar is written after initialisation and not keyed by tenant and env`
}
