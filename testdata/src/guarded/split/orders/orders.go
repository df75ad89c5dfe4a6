// Package orders registers its routes on a router that it is handed.
package orders

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	tenant "github.com/tenantvet/tenantvet/runtime"

	"corpus/guarded/shop"
)

type module struct{ store *shop.Store }

func (m *module) list(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		return
	}
	total, _ := m.store.Total(r.Context(), sc, "orders")
	_, _ = w.Write([]byte(total))
}

// Register registers the routes of orders.
//
// case: guarded/split-register clean
func Register(r chi.Router, store *shop.Store) {
	m := &module{store}
	r.Get("/orders", m.list)
	r.Delete("/orders", func(w http.ResponseWriter, r *http.Request) {
		if sc, err := tenant.FromContext(r.Context()); err == nil {
			_ = store.Drop(r.Context(), sc, "orders")
		}
	})
	//tenantvet:public how many there are is no secret
	r.Get("/orders/count", m.list)
}

// Routes returns the routes of orders: their guards are for who mounts them.
//
// case: guarded/split-routes clean
func Routes(store *shop.Store) http.Handler {
	r := chi.NewRouter()
	Register(r, store)
	return r
}

// Behind returns the routes of orders behind what it is handed.
//
// case: guarded/split-behind clean
func Behind(a *shop.API, guard func(http.Handler) http.Handler) http.Handler {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware, guard)
	r.Get("/orders/{id}", a.Get)
	return r
}
