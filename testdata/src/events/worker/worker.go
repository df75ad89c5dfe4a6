// Package worker gives work.
package worker

import (
	"net/http"

	"corpus/events/queue"
	"corpus/legacy/auth"
)

// Server takes requests.
type Server struct{ q *queue.Queue }

// Submit files the job under the tenant that the client names.
//
// case: event/statement-too
func (s *Server) Submit(w http.ResponseWriter, r *http.Request) {
	err := s.q.Put(r.Context(), queue.Job{ID: r.PathValue("id"), TenantID: r.FormValue("tenant_id")}) // want `INSERT into spans takes tenant_id from the request`
	if err != nil {
		http.Error(w, "not queued", http.StatusInternalServerError)
	}
}

// SubmitOwn files it under the caller's.
//
// case: event/statement-too-scoped clean
func (s *Server) SubmitOwn(w http.ResponseWriter, r *http.Request) {
	err := s.q.Put(r.Context(), queue.Job{ID: r.PathValue("id"), TenantID: auth.TenantID(r.Context())})
	if err != nil {
		http.Error(w, "not queued", http.StatusInternalServerError)
	}
}

// SubmitElsewhere asks about one tenant, and files the job under another.
//
// case: event/guard-asked-elsewhere
func (s *Server) SubmitElsewhere(w http.ResponseWriter, r *http.Request) {
	if !s.q.Admits(r.Context(), r.PathValue("user"), r.FormValue("home")) {
		http.Error(w, "not yours", http.StatusForbidden)
		return
	}
	err := s.q.Put(r.Context(), queue.Job{ID: r.PathValue("id"), TenantID: r.FormValue("tenant_id")}) // want `INSERT into spans takes tenant_id from the request`
	if err != nil {
		http.Error(w, "not queued", http.StatusInternalServerError)
	}
}

// SubmitFor asks about the tenant that the client names. What the guard looks up for
// that is no question to who asks.
//
// case: event/guard-asked clean
func (s *Server) SubmitFor(w http.ResponseWriter, r *http.Request) {
	tenant := r.FormValue("tenant_id")
	if !s.q.Admits(r.Context(), r.PathValue("user"), tenant) {
		http.Error(w, "not yours", http.StatusForbidden)
		return
	}
	err := s.q.Put(r.Context(), queue.Job{ID: r.PathValue("id"), TenantID: tenant})
	if err != nil {
		http.Error(w, "not queued", http.StatusInternalServerError)
	}
}
