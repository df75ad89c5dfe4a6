// Command twice registers the same routes twice, and serves one of the routers.
package main

import (
	"log"
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/routes/twice/pages"
)

type server struct{ pages pages.Pages }

func main() {
	p, err := pages.New()
	if err != nil {
		log.Fatal(err)
	}
	r := chi.NewRouter()
	r.Use(member)
	s := &server{p}
	if err := s.pages.AddTo(r); err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe(":8080", r))
}

func member(next http.Handler) http.Handler { return next }
