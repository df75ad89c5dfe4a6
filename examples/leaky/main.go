// Leaky is a small billing service for many tenants, with a leak of every kind in
// it: see README.md.
package main

import (
	"cmp"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"

	"github.com/tenantvet/tenantvet/examples/leaky/internal/api"
	"github.com/tenantvet/tenantvet/examples/leaky/internal/cache"
	"github.com/tenantvet/tenantvet/examples/leaky/internal/invoices"
	"github.com/tenantvet/tenantvet/examples/leaky/internal/jobs"
	"github.com/tenantvet/tenantvet/examples/leaky/internal/ledger"
	"github.com/tenantvet/tenantvet/examples/leaky/internal/presence"
	"github.com/tenantvet/tenantvet/examples/leaky/internal/reports"
	"github.com/tenantvet/tenantvet/examples/leaky/internal/search"
	"github.com/tenantvet/tenantvet/examples/leaky/internal/settings"
	"github.com/tenantvet/tenantvet/examples/leaky/internal/signin"
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	env, err := tenant.ParseEnv(cmp.Or(os.Getenv("APP_ENV"), "dev"))
	if err != nil {
		return err
	}
	rdb := redis.NewClient(&redis.Options{Addr: cmp.Or(os.Getenv("REDIS_ADDR"), "localhost:6379")})
	defer rdb.Close()
	handler, err := newHandler(env, rdb)
	if err != nil {
		return err
	}
	server := &http.Server{
		Addr:              cmp.Or(os.Getenv("ADDR"), "localhost:8080"),
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
	}
	log.Printf("%s: listening on %s", env, server.Addr)
	return server.ListenAndServe()
}

// newHandler returns the whole service, behind the boundary.
func newHandler(env tenant.Env, rdb *redis.Client) (http.Handler, error) {
	books := ledger.Sample()
	shared := cache.New(rdb, time.Minute)
	set, err := settings.New(books)
	if err != nil {
		return nil, err
	}
	boundary, err := signin.NewBoundary(env, signin.SampleSessions())
	if err != nil {
		return nil, err
	}
	inv := invoices.New(books, shared)
	rep := reports.New(books, shared)
	sea := search.New(books, shared)
	pre := presence.New()

	mux := http.NewServeMux()
	mux.HandleFunc("GET /invoices/{id}", inv.Invoice)
	mux.HandleFunc("GET /credit-notes/{id}", inv.CreditNote)
	mux.HandleFunc("PUT /drafts/{id}", inv.SaveDraft)
	mux.HandleFunc("GET /drafts/{id}", inv.OpenDraft)
	mux.HandleFunc("PUT /memos/{id}", inv.SaveMemo)
	mux.HandleFunc("GET /memos/{id}", inv.OpenMemo)
	mux.HandleFunc("GET /reports/this-month", rep.Month)
	mux.HandleFunc("GET /reports/this-year", rep.Year)
	mux.HandleFunc("POST /exports/{name}", rep.Export)
	mux.HandleFunc("POST /imports/{name}", rep.Import)
	mux.HandleFunc("GET /search", sea.Search)
	mux.HandleFunc("GET /suggest", sea.Suggest)
	mux.HandleFunc("GET /branding", set.Branding)
	mux.HandleFunc("GET /quota", set.Quota)
	mux.HandleFunc("GET /last-seen/{user}", pre.LastSeen)
	mux.HandleFunc("GET /typing/{user}", pre.Typing)
	mux.HandleFunc("POST /notes/{user}", presence.NewNotes().Note)
	mux.HandleFunc("GET /recent", search.Recent)
	mux.HandleFunc("POST /projects/{id}/close", jobs.New(rdb).Close)

	all := http.NewServeMux()
	all.Handle("/", boundary.Middleware(boundary.RequireTenantMembership(mux)))
	all.Handle("/v2/", api.New(boundary, rdb, env.IsProd()).Handler())
	return all, nil
}
