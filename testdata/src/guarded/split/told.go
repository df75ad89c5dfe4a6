package split

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/guarded/shop"
	"corpus/guarded/split/reports"
)

// What the package of the routes was told of is not told again.
//
// case: guarded/split-told clean
func Told(a *shop.API) error {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware)
	reports.Register(r, a)
	return http.ListenAndServe(":8080", r)
}
