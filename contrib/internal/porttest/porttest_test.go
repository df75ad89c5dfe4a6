package porttest_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/tenantvet/tenantvet/contrib/internal/porttest"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// TestNetHTTP runs the cases on what the ports are ports of.
func TestNetHTTP(t *testing.T) {
	t.Parallel()
	s := porttest.New(t)
	b := s.Boundary
	show := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Runs.Add(1)
		_, _ = fmt.Fprint(w, porttest.Describe(r.Context()))
	})
	serve := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, body := s.Answer(r.Context(), r.Method, r.PathValue("id"))
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /open", func(http.ResponseWriter, *http.Request) {})
	mux.Handle("GET /none", b.Middleware(show))
	mux.Handle("GET /member", b.Middleware(b.RequireTenantMembership(show)))
	mux.Handle("GET /owner", b.Middleware(b.RequireTenantRole("owner", "janitor")(show)))
	mux.Handle("GET /notes", b.Middleware(b.RequireTenantMembership(serve)))
	mux.Handle("GET /notes/{id}", b.Middleware(b.RequireTenantMembership(serve)))
	mux.Handle("POST /notes", b.Middleware(b.RequireTenantRole("editor")(serve)))
	mux.Handle("DELETE /notes/{id}", b.Middleware(b.RequireTenantRole("owner", "janitor")(serve)))
	s.RunHTTP(t, mux)
}

// TestCases checks that no class of refusal is left out.
func TestCases(t *testing.T) {
	t.Parallel()
	classes := make(map[int]bool)
	for _, c := range porttest.Cases() {
		if c.Reason != 0 {
			classes[c.Reason.HTTPStatus()] = true
		}
	}
	for _, r := range tenant.Reasons() {
		code := r.HTTPStatus()
		if code != http.StatusOK && code != http.StatusTooManyRequests && !classes[code] {
			t.Errorf("no case is answered with %d, as %s is", code, r)
		}
	}
}
