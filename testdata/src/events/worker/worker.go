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
