// Package httpapp wires a ServeMux.
package httpapp

import "net/http"

// New returns the handler of the service.
func New() (*http.ServeMux, http.Handler) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{id}", ok)
	mux.Handle("POST /orders", auth(tenant(http.HandlerFunc(ok))))
	mux.Handle("/any", chain(http.HandlerFunc(ok), auth, tenant))
	sub := http.NewServeMux()
	sub.HandleFunc("DELETE /users/{id}", ok)
	mux.Handle("/admin/", http.StripPrefix("/admin", admin(sub)))
	return mux, auth(mux)
}

// Serve serves it.
func Serve() error {
	_, h := New()
	srv := &http.Server{Addr: ":8080", Handler: h}
	return srv.ListenAndServe()
}

func chain(h http.Handler, mws ...func(http.Handler) http.Handler) http.Handler {
	for i := len(mws) - 1; i >= 0; i-- {
		h = mws[i](h)
	}
	return h
}

func ok(http.ResponseWriter, *http.Request) {}

// What these do does not matter here; that they are not what they wrap does.
type wrapped struct {
	name string
	next http.Handler
}

func (w wrapped) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Add("X-Passed", w.name)
	w.next.ServeHTTP(rw, r)
}

func auth(next http.Handler) http.Handler   { return wrapped{"auth", next} }
func tenant(next http.Handler) http.Handler { return wrapped{"tenant", next} }
func admin(next http.Handler) http.Handler  { return wrapped{"admin", next} }
