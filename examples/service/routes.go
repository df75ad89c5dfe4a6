package main

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/tenantvet/tenantvet/runtime/scopelog"

	"github.com/tenantvet/tenantvet/examples/service/internal/invoice"
	"github.com/tenantvet/tenantvet/examples/service/internal/web"
)

// routes returns the whole service. Who may pass is decided here and nowhere
// else: first everybody, then members, then holders of roles.
func (s *service) routes() chi.Router {
	var metrics web.Metrics
	r := chi.NewRouter()
	r.Use(s.logging, metrics.Count)
	r.Get("/healthz", s.health)
	r.Method(http.MethodGet, "/metrics", &metrics)
	r.Get("/currencies", invoice.ServeCurrencies(s.db))

	r.Group(func(r chi.Router) {
		r.Use(s.boundary.Middleware, scopelog.Scoped, s.boundary.RequireTenantMembership, s.limiter.Middleware)

		r.Route("/projects", func(r chi.Router) {
			r.Get("/", s.projects.List)
			r.Post("/", s.projects.Create)
			r.Get("/{project}", s.projects.Show)
			r.Put("/{project}", s.projects.Rename)
			r.With(s.boundary.RequireTenantRole("admin", "owner")).Delete("/{project}", s.projects.Delete)
			r.Get("/{project}/settings", s.projects.ShowSettings)
			r.Put("/{project}/settings", s.projects.ChangeSettings)
		})
		r.Route("/invoices", func(r chi.Router) {
			r.Get("/", s.invoices.List)
			r.Post("/", s.invoices.Create)
			r.Get("/{invoice}", s.invoices.Show)
			r.Post("/{invoice}/send", s.invoices.Send)
			r.With(s.boundary.RequireTenantRole("admin", "owner")).Post("/{invoice}/void", s.invoices.Void)
		})
		r.Route("/admin", func(r chi.Router) {
			r.Use(s.boundary.RequireTenantRole("admin", "owner"))
			r.Get("/members", s.members.ServeList)
			r.Get("/webhooks", s.hooks.ServeList)
			r.Post("/webhooks", s.hooks.ServeAdd)
			r.With(s.boundary.RequireTenantRole("owner")).Put("/members/{user}", s.members.ServeSet)
		})
	})
	return r
}

// pattern names the route of a request in logs.
func pattern(r *http.Request) string { return chi.RouteContext(r.Context()).RoutePattern() }

// health says whether the database answers.
func (s *service) health(w http.ResponseWriter, r *http.Request) {
	if err := s.db.PingContext(r.Context()); err != nil {
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
	}
}
