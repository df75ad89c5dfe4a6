package std

import (
	"errors"
	"log"
	"net/http"
	"os"
)

// Run ends the program with the error that serving ends with.
func Run(secret string) {
	defer log.Print("done")
	if _, err := os.Stat(secret); err != nil {
		log.Fatal(err)
	}
	h, err := private(secret)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe(":8081", h))
}

// private returns its error beside the handler, whether there is one or not.
func private(secret string) (http.Handler, error) {
	defer log.Print("wired")
	if secret == "" {
		return nil, errors.New("the secret is missing")
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /private", ok)
	_, err := os.Stat(secret)
	return logged(member(mux)), err
}

// Command is what a library for command lines would run.
type Command struct{ Action func() error }

// Commands hands on what serves, for the library to call.
func Commands() []*Command {
	return []*Command{{Action: func() error {
		mux := http.NewServeMux()
		mux.HandleFunc("GET /acted", ok)
		return http.ListenAndServe(":8082", member(mux))
	}}}
}
