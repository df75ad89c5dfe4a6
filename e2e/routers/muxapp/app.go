// Package muxapp wires gorilla/mux in every way that services do.
package muxapp

import (
	"net/http"

	"github.com/gorilla/mux"
)

// New returns the router of the service.
func New() *mux.Router {
	r := mux.NewRouter()
	r.HandleFunc("/health", ok).Methods(http.MethodGet).Name("health")
	api := r.PathPrefix("/api/v1").Subrouter()
	register(api)
	r.Use(requestID)
	r.Methods(http.MethodPost, http.MethodPut).Path("/late/{id:[0-9]+}").HandlerFunc(ok)
	r.PathPrefix("/files/").Handler(http.StripPrefix("/files/", http.NotFoundHandler()))
	return r
}

func register(r *mux.Router) {
	r.Use(auth)
	r.HandleFunc("/orders", view(ok)).Methods("GET")
	r.Handle("/orders", admin(http.HandlerFunc(ok))).Methods("POST")
	sub := r.PathPrefix("/users").Subrouter()
	sub.Use(tenant)
	sub.Path("/{id}").Methods("DELETE").HandlerFunc(ok)
}

func ok(http.ResponseWriter, *http.Request)    {}
func requestID(next http.Handler) http.Handler { return http.HandlerFunc(next.ServeHTTP) }
func auth(next http.Handler) http.Handler      { return http.HandlerFunc(next.ServeHTTP) }
func tenant(next http.Handler) http.Handler    { return http.HandlerFunc(next.ServeHTTP) }
func admin(next http.Handler) http.Handler     { return http.HandlerFunc(next.ServeHTTP) }
func view(next http.HandlerFunc) http.HandlerFunc {
	return http.HandlerFunc(http.HandlerFunc(next).ServeHTTP)
}
