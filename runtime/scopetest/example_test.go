package scopetest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	tenant "github.com/tenantvet/tenantvet/runtime"
	"github.com/tenantvet/tenantvet/runtime/scopetest"
)

// sessions is a cache of a service, and wrong: its key has no environment.
type sessions struct{ entries sync.Map }

func (s *sessions) Set(ctx context.Context, id, text string) error {
	sc, err := tenant.FromContext(ctx)
	if err == nil {
		s.entries.Store([2]string{sc.Tenant(), id}, text)
	}
	return err
}

func (s *sessions) Get(ctx context.Context, id string) (string, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return "", err
	}
	text, ok := s.entries.Load([2]string{sc.Tenant(), id})
	if !ok {
		return "", errNoSession
	}
	return text.(string), nil
}

var errNoSession = errors.New("no session")

// In a test, call scopetest.Isolation(t, feature) instead.
func ExampleCheckIsolation() {
	var cache sessions
	found, err := scopetest.CheckIsolation(context.Background(), "example", scopetest.Feature{
		Create:   cache.Set,
		Read:     cache.Get,
		NotFound: errNoSession,
	})
	fmt.Println(err)
	fmt.Println(found[0].Guarantee, found[0].Dimension)
	fmt.Println(found[0].Guarantee.Sentence())
	// Output:
	// <nil>
	// read env
	// no scope reads what another one wrote
}

// In a test, call scopetest.Permutations(t, handler, contract, as) instead.
func ExampleCheckPermutations() {
	contract, err := scopetest.ParseContract("contract.json", []byte(`{
		"version": 1,
		"routes": [
			{"method": "GET", "path": "/invoices/{id}", "values": {"id": "42"}, "requires": "membership"}
		]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	// A handler that lets in whoever is signed in.
	mux := http.NewServeMux()
	mux.HandleFunc("GET /invoices/{id}", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	as := func(r *http.Request, p scopetest.Persona) (*http.Request, error) {
		switch p {
		case scopetest.Nobody:
		case scopetest.Outsider, scopetest.Member:
			r.Header.Set("Authorization", "token of "+string(p))
		default:
			return nil, scopetest.ErrNoPersona
		}
		return r, nil
	}
	found, err := scopetest.CheckPermutations(context.Background(), mux, contract, as)
	fmt.Println(err)
	for _, v := range found {
		fmt.Println(v)
	}
	// Output:
	// <nil>
	// guarded: who must not pass a route is refused, with the status that the contract names, but GET /invoices/{id} as outsider answers 200, want 403
}
