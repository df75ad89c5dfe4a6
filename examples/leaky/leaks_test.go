package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// fakeRedis answers the few commands that the service uses from a map, in place
// of a server.
type fakeRedis struct {
	mu     sync.Mutex
	values map[string]string
}

func (f *fakeRedis) DialHook(next redis.DialHook) redis.DialHook { return next }

func (f *fakeRedis) ProcessPipelineHook(redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(context.Context, []redis.Cmder) error { return fmt.Errorf("fake redis: no pipelines") }
}

func (f *fakeRedis) ProcessHook(redis.ProcessHook) redis.ProcessHook {
	return func(_ context.Context, cmd redis.Cmder) error {
		f.mu.Lock()
		defer f.mu.Unlock()
		key := fmt.Sprint(cmd.Args()[1])
		old, ok := f.values[key]
		switch cmd := cmd.(type) {
		case *redis.StringCmd: // GET
			if !ok {
				cmd.SetErr(redis.Nil)
				break
			}
			cmd.SetVal(old)
		case *redis.StatusCmd: // SET
			f.values[key] = fmt.Sprintf("%s", cmd.Args()[2])
		case *redis.BoolCmd: // SET … NX
			cmd.SetVal(!ok)
			f.values[key] = fmt.Sprint(cmd.Args()[2])
		default:
			cmd.SetErr(fmt.Errorf("fake redis: no %s", cmd.Name()))
		}
		return cmd.Err()
	}
}

// services are processes of the service by their environment. They share a
// Redis, as deployments of small companies do.
type services map[string]http.Handler

// newServices starts a process per environment, with a Redis of those values.
func newServices(t *testing.T, values map[string]string) services {
	t.Helper()
	shared := &fakeRedis{values: make(map[string]string)}
	maps.Copy(shared.values, values)
	rdb := redis.NewClient(&redis.Options{})
	rdb.AddHook(shared)
	t.Cleanup(func() { rdb.Close() })
	all := make(services)
	for _, name := range []string{"staging", "prod"} {
		env, err := tenant.ParseEnv(name)
		if err != nil {
			t.Fatal(err)
		}
		if all[name], err = newHandler(env, rdb); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// call sends a request as the session's user and returns the status and body.
func call(h http.Handler, session, request, body string, header ...string) string {
	method, path, _ := strings.Cut(request, " ")
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+session)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return fmt.Sprint(w.Code, " ", w.Body.String())
}

// TestLeaks shows that every leak is one, and that its twin is none: what the
// second caller is answered must not depend on whether a first one, of another
// tenant or environment, asked before.
func TestLeaks(t *testing.T) {
	for _, tt := range []struct {
		name          string
		leak, twin    string // requests
		first, second string // environment and session
		header        []string
	}{
		{"1 no tenant", "GET /invoices/42", "GET /credit-notes/7", "prod acme-ann", "prod umbrella-ann", nil},
		{"2 no environment", "GET /reports/this-month", "GET /reports/this-year", "prod acme-ann", "staging acme-ann", nil},
		{"3 header", "GET /branding", "GET /quota", "prod acme-ann", "prod umbrella-ann", []string{"X-Tenant-ID", "acme"}},
		{"4 conditional", "GET /search?q=a", "GET /suggest?q=a", "prod acme-sue", "prod umbrella-bob", nil},
		{"6 global map", "GET /last-seen/sue", "GET /typing/sue", "prod acme-sue", "prod umbrella-ann", nil},
		{"7 discarded", "POST /exports/all", "POST /imports/all", "prod acme-ann", "prod umbrella-ann", nil},
	} {
		for request, leaks := range map[string]bool{tt.leak: true, tt.twin: false} {
			t.Run(tt.name+" "+request, func(t *testing.T) {
				ask := func(all services, who string) string {
					env, session, _ := strings.Cut(who, " ")
					return call(all[env], session, request, "", tt.header...)
				}
				alone := ask(newServices(t, nil), tt.second)
				all := newServices(t, nil)
				first := ask(all, tt.first)
				if !strings.HasPrefix(first, "200 ") {
					t.Fatalf("the first is answered %s", first)
				}
				after := ask(all, tt.second)
				if leaked := after != alone; leaked != leaks {
					t.Errorf("leaks: %t, want %t; the first is answered %s the second %s and, if alone, %s", leaked, leaks, first, after, alone)
				}
			})
		}
	}
}

// TestLeakingDraft is about leak 5, which shows only what another release wrote.
func TestLeakingDraft(t *testing.T) {
	all := newServices(t, map[string]string{"draft:9": `"acme's, by an older release"`})
	h := all["prod"]
	if got := call(h, "umbrella-ann", "GET /drafts/9", ""); !strings.Contains(got, "acme's") {
		t.Errorf("no leak: umbrella opens a draft and gets %s", got)
	}
	if got := call(h, "acme-ann", "PUT /drafts/10", "mine"); !strings.HasPrefix(got, "200 ") {
		t.Errorf("saving a draft: %s", got)
	}
	if got := call(h, "acme-ann", "GET /drafts/10", ""); !strings.HasPrefix(got, "404 ") {
		t.Errorf("a draft is found under the key it was written: %s", got)
	}
	if got := call(h, "acme-ann", "PUT /memos/9", "mine"); !strings.HasPrefix(got, "200 ") {
		t.Errorf("saving a memo: %s", got)
	}
	for session, want := range map[string]string{"acme-ann": "200 \"mine\"\n", "acme-sue": "404 Not Found\n", "umbrella-ann": "404 Not Found\n"} {
		if got := call(h, session, "GET /memos/9", ""); got != want {
			t.Errorf("%s opens ann's memo and gets %s", session, got)
		}
	}
}

func TestSignIn(t *testing.T) {
	if got := call(newServices(t, nil)["prod"], "nobody", "GET /quota", ""); !strings.HasPrefix(got, "401 ") {
		t.Errorf("without a session: %s", got)
	}
}
