package api

import "net/http"

// router puts middleware in front of the routes that are registered after it.
type router struct {
	mux  *http.ServeMux
	used []func(http.Handler) http.Handler
}

func (r *router) use(mw func(http.Handler) http.Handler) { r.used = append(r.used, mw) }

func (r *router) handle(pattern string, h http.Handler) {
	for i := len(r.used) - 1; i >= 0; i-- {
		h = r.used[i](h)
	}
	r.mux.Handle(pattern, h)
}

func (r *router) ServeHTTP(w http.ResponseWriter, req *http.Request) { r.mux.ServeHTTP(w, req) }

// late returns routes.
//
// Leak 21, a guard behind the route: the router applies it to what comes later, and
// nothing does.
func (a *API) late() http.Handler {
	r := &router{mux: http.NewServeMux()}
	r.handle("GET /v2/late/{id}", http.HandlerFunc(a.note))
	r.use(a.guard.RequireTenantMembership)
	return r
}
