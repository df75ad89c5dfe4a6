package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/http"
	"os/exec"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/go-chi/chi/v5"
	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
	"github.com/tenantvet/tenantvet/runtime/scopetest"

	"github.com/tenantvet/tenantvet/examples/service/internal/account"
	"github.com/tenantvet/tenantvet/examples/service/internal/store"
)

var secret = bytes.Repeat([]byte("s"), tenant.MinSecretBytes)

func prod(t *testing.T) tenant.Env {
	t.Helper()
	env, err := tenant.ParseEnv("prod")
	if err != nil {
		t.Fatal(err)
	}
	return env
}

// stores returns an empty database in memory, and an empty Redis.
func stores(t *testing.T) (*sql.DB, *redis.Client) {
	t.Helper()
	db, err := store.Open(t.Context(), ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	rdb := redis.NewClient(&redis.Options{Addr: miniredis.RunT(t).Addr()})
	t.Cleanup(func() { rdb.Close() })
	return db, rdb
}

// broken is an authority that does not answer while it is down.
type broken struct {
	tenant.Authority
	down atomic.Bool
}

func (b *broken) Standing(ctx context.Context, sc tenant.Scope) (tenant.Standing, error) {
	if b.down.Load() {
		return tenant.Standing{}, errors.New("down")
	}
	return b.Authority.Standing(ctx, sc)
}

// start returns the service on stores of its own.
func start(t *testing.T) (s *service, db *sql.DB, authority *broken) {
	t.Helper()
	db, rdb := stores(t)
	accounts := account.New(db)
	authority = &broken{Authority: accounts}
	s, err := newService(config{Env: prod(t), Secret: secret, Limit: 1 << 20}, db, rdb, accounts, authority, slog.DiscardHandler)
	if err != nil {
		t.Fatal(err)
	}
	return s, db, authority
}

// seed puts the rows back that the requests of the tests are about: two tenants
// with the same ids, and somebody in each.
func seed(ctx context.Context, db *sql.DB) error {
	const rows = `
		DELETE FROM invoices; DELETE FROM projects; DELETE FROM webhooks; DELETE FROM members; DELETE FROM tokens;
		INSERT INTO members (tenant_id, env, user_id, role) VALUES
			('acme', 'prod', 'member', 'member'), ('acme', 'prod', 'admin', 'admin'), ('acme', 'prod', 'owner', 'owner'),
			('acme', 'staging', 'owner', 'owner'), ('umbrella', 'prod', 'outsider', 'owner');
		INSERT INTO projects (tenant_id, env, id, name) VALUES
			('acme', 'prod', 'rocket', 'acme-only'), ('acme', 'prod', 'anvil', 'acme-only'), ('umbrella', 'prod', 'hive', 'umbrella-only');
		INSERT INTO invoices (tenant_id, env, id, project, cents, currency) VALUES
			('acme', 'prod', '42', 'rocket', 100, 'EUR'), ('umbrella', 'prod', '7', 'hive', 100, 'EUR');
		INSERT INTO webhooks (tenant_id, env, id, url) VALUES
			('acme', 'prod', 'a', 'https://acme-only.example'), ('umbrella', 'prod', 'u', 'https://umbrella-only.example');`
	if _, err := db.ExecContext(ctx, rows); err != nil {
		return err
	}
	for _, token := range [][2]string{{"member", "prod"}, {"admin", "prod"}, {"owner", "prod"}, {"owner", "staging"}, {"outsider", "prod"}} {
		_, err := db.ExecContext(ctx, `INSERT INTO tokens (hash, user_id, env) VALUES (?, ?, ?)`,
			account.Hash(token[0]+"@"+token[1]), token[0], token[1])
		if err != nil {
			return err
		}
	}
	return nil
}

// claimed returns what tenantvet reads off the code: which routes there are, and
// what their guards ask for.
func claimed(t *testing.T) scopetest.Contract {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "tool", "tenantvet", "routes", "-format", "json", "./...")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, &errs)
	}
	contract, left, err := scopetest.ParseRoutes(out)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) > 0 {
		t.Errorf("tenantvet makes no claim about %q", left)
	}
	return contract
}

// sameRoutes compares the routes that tenantvet finds with those that the router
// lists: none is missing, and none is made up.
func sameRoutes(t *testing.T, contract scopetest.Contract, router chi.Router) {
	t.Helper()
	var want, got []string
	err := chi.Walk(router, func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		want = append(want, method+" "+route)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range contract.Routes {
		got = append(got, r.String())
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("tenantvet finds\n%q\nthe router lists\n%q", got, want)
	}
}

// TestRoutes compares what tenantvet reads off the code with what the running
// service answers: to everybody from nobody to the owner, on every route, and
// with methods that there should not be.
func TestRoutes(t *testing.T) {
	s, db, authority := start(t)
	contract := claimed(t)
	sameRoutes(t, contract, s.routes())
	contract.Home, contract.Foreign = []string{"acme-only"}, []string{"umbrella-only"}
	bodies := map[string]string{
		"POST /projects/":                  `{"id": "new"}`,
		"PUT /projects/{project}":          `{"name": "acme-only"}`,
		"PUT /projects/{project}/settings": `{"footer": "acme-only"}`,
		"POST /invoices/":                  `{"id": "43", "project": "rocket", "cents": 5, "currency": "EUR"}`,
		"POST /admin/webhooks":             `{"id": "b", "url": "https://b.example"}`,
		"PUT /admin/members/{user}":        `{"role": "admin"}`,
	}
	for i := range contract.Routes {
		r := &contract.Routes[i]
		r.Body = bodies[r.String()]
		delete(bodies, r.String())
		r.Values = values(r.Path, map[string]string{"project": "rocket", "invoice": "42", "user": "member"})
		switch r.String() {
		case "DELETE /projects/{project}":
			r.Values["project"] = "anvil" // the one without invoices
		case "POST /invoices/":
			r.Expect = map[scopetest.Persona][]string{scopetest.Neighbour: {"422"}} // has no such project
		case "PUT /admin/members/{user}":
			r.Expect = map[scopetest.Persona][]string{scopetest.Neighbour: {"2xx"}} // becomes a member of its own tenant
		}
	}
	if len(bodies) > 0 {
		t.Errorf("tenantvet knows nothing of %v", bodies)
	}
	scopetest.Permutations(t, s.routes(), contract, func(r *http.Request, p scopetest.Persona) (*http.Request, error) {
		authority.down.Store(p == scopetest.Outage)
		token, header := string(p)+"@prod", "acme"
		switch p {
		case scopetest.WrongEnv:
			token = "owner@staging"
		case scopetest.Mismatched:
			token, header = "owner@prod", "umbrella"
		case scopetest.Outage:
			token = "owner@prod"
		case scopetest.Neighbour:
			token, header = "outsider@prod", "umbrella"
		}
		if p != scopetest.Nobody {
			r.Header.Set("Authorization", "Bearer "+token)
			r.Header.Set("X-Tenant", header)
		}
		return r, seed(r.Context(), db)
	})
}

// values returns those that stand for wildcards of the path.
func values(path string, all map[string]string) map[string]string {
	out := map[string]string{}
	for name, value := range all {
		if bytes.Contains([]byte(path), []byte("{"+name+"}")) {
			out[name] = value
		}
	}
	return out
}
