// Package part says what a part of the service is.
package part

import "github.com/go-chi/chi/v5"

// A Part registers its routes on a router that it is handed.
type Part interface {
	Attach(r chi.Router)
}

// A Front makes the router that all parts are on.
type Front interface {
	Router() chi.Router
}
