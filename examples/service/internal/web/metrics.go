package web

import (
	"fmt"
	"net/http"
	"sync/atomic"

	"github.com/go-chi/chi/v5/middleware"
)

// Metrics counts answers by the class of their status. Nothing in it says whose
// they were: tenants as labels would tell anybody who reads metrics who is a
// customer, and one label each is more than a time series database bears.
type Metrics struct{ answers [6]atomic.Int64 }

// Count is middleware.
func (m *Metrics) Count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		next.ServeHTTP(ww, r)
		if class := ww.Status() / 100; class < len(m.answers) {
			m.answers[class].Add(1)
		}
	})
}

// ServeHTTP serves the counts in the text format of Prometheus.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	for class := 1; class < len(m.answers); class++ {
		fmt.Fprintf(w, "http_answers_total{class=\"%dxx\"} %d\n", class, m.answers[class].Load())
	}
}
