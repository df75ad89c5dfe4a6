// Package benign has package-level state that holds no tenant's data.
package benign

import (
	"errors"
	"expvar"
	"log/slog"
	"net/http"
	"regexp"
	"sync"
	"sync/atomic"
)

var (
	errNotFound = errors.New("not found")
	slug        = regexp.MustCompile(`^[a-z-]+$`)
	logger      = slog.Default()
	requests    = expvar.NewInt("requests")
	inFlight    atomic.Int64
	startOnce   sync.Once
)

// Count counts.
//
// case: benign/counters clean
func Count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		inFlight.Add(1)
		defer inFlight.Add(-1)
		next.ServeHTTP(w, r)
	})
}

// Show uses a pattern, a logger and an error.
//
// case: benign/regexp-logger-error clean
func Show(w http.ResponseWriter, r *http.Request) {
	startOnce.Do(func() { logger.Info("first request") })
	if !slug.MatchString(r.PathValue("page")) {
		http.Error(w, errNotFound.Error(), http.StatusNotFound)
	}
}
