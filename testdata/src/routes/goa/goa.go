// Package goa serves what a generator has wired on a muxer.
package goa

import (
	"net/http"

	goahttp "goa.design/goa/v3/http"

	"corpus/routes/goa/gen"
)

// Serve mounts a service behind middleware.
func Serve(e *gen.Endpoints) error {
	mux := goahttp.NewMuxer()
	mux.Use(member)
	attach(mux, e)
	return http.ListenAndServe(":8080", mux)
}

func attach(mux goahttp.Muxer, e *gen.Endpoints) { gen.Mount(mux, gen.New(e, mux)) }

func member(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}
