// Package keptcontext keeps a bare context where requests find it.
package keptcontext

import (
	"context"
	"net/http"

	"corpus/lost/repo"
)

// Worker works for whoever asks.
type Worker struct {
	base context.Context
	repo *repo.Repo
}

// New returns a worker.
func New(r *repo.Repo) *Worker { return &Worker{base: context.Background(), repo: r} }

// Archive files an order of nobody's.
//
// case: limits/kept-context limit
func (w *Worker) Archive(r *http.Request) error {
	return w.repo.Archive(w.base, r.PathValue("id"))
}
