package porttest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/tenantvet/tenantvet/runtime/scopetest"
)

// RunHTTP sends every case to the handler over a socket and checks the answers.
// The handler serves GET on /none, /member and /owner, behind the boundary and
// the guard of that name, and answers with [Describe]. Then it drives the routes
// of [Contract].
func (s *Service) RunHTTP(t *testing.T, handler http.Handler) {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	for _, c := range Cases() {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/"+string(c.Guard), nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header = c.Headers
		runs, refusals := s.Runs.Load(), s.Refusals.Load()
		resp, err := server.Client().Do(req)
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if c.Reason != 0 {
			s.CheckProblem(t, c, resp, body, runs)
			if n := s.Refusals.Load() - refusals; n != 1 {
				t.Errorf("%s: OnRefusal was called %d times", c.Name, n)
			}
			continue
		}
		if resp.StatusCode != http.StatusOK || string(body) != c.Says || s.Runs.Load() != runs+1 {
			t.Errorf("%s: %d %q, want %q; %d handlers ran", c.Name, resp.StatusCode, body, c.Says, s.Runs.Load()-runs)
		}
	}
	t.Run("permutations", func(t *testing.T) {
		scopetest.Permutations(t, handler, Contract(t), s.As)
	})
}
