// Socket measures what the runtime's middleware adds to a request over a real
// connection: a handler that answers 1 KB, bare and behind the request boundary,
// on loopback, in one run, by turns.
//
//	go run ./bench/socket [-requests 20000] [-max 1.15]
//
// The two take turns from one request to the next, so that whatever else the
// machine does meets both. It prints the medians and their ratio, and ends with 1
// if the ratio is above -max.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

func main() {
	requests := flag.Int("requests", 20000, "requests per subject")
	limit := flag.Float64("max", 1.15, "largest ratio that is a success")
	flag.Parse()
	ratio, err := run(*requests)
	if err != nil {
		fmt.Fprintln(os.Stderr, "socket:", err)
		os.Exit(2)
	}
	if ratio > *limit {
		fmt.Printf("above the limit of %.2f\n", *limit)
		os.Exit(1)
	}
}

func run(requests int) (ratio float64, err error) {
	if requests < 1 {
		return 0, errors.New("-requests must be at least 1")
	}
	b, err := boundary()
	if err != nil {
		return 0, err
	}
	body := bytes.Repeat([]byte("x"), 1024)
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(body) // a client that is gone shows on the other side
	})
	guarded := b.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := tenant.FromContext(r.Context()); err != nil {
			_ = tenant.WriteProblem(w, err)
			return
		}
		answer(w, r)
	}))
	subjects := []*subject{{name: "bare", handler: answer}, {name: "boundary", handler: guarded}}
	for _, s := range subjects {
		stop, err := s.start()
		if err != nil {
			return 0, err
		}
		defer stop()
	}
	const warmUp = 500
	for i := range warmUp + requests {
		for j := range subjects {
			s := subjects[(i+j)%len(subjects)] // neither is always the first
			took, err := s.request()
			if err != nil {
				return 0, err
			}
			if i >= warmUp {
				s.took = append(s.took, took)
			}
		}
	}
	for _, s := range subjects {
		fmt.Printf("%-9s %8.2f µs, median of %d requests\n", s.name, float64(s.median())/1e3, requests)
	}
	ratio = float64(subjects[1].median()) / float64(subjects[0].median())
	fmt.Printf("ratio     %8.3f\n", ratio)
	return ratio, nil
}

// subject is a server and what its requests took.
type subject struct {
	name    string
	handler http.Handler
	url     string
	client  http.Client
	took    []time.Duration // of each request
}

func (s *subject) start() (stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: s.handler, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(l) }() // ends with the error of Close
	transport := &http.Transport{DisableCompression: true}
	s.client.Transport = transport
	s.url = "http://" + l.Addr().String()
	return func() {
		transport.CloseIdleConnections()
		_ = server.Close()
	}, nil
}

func (s *subject) request() (time.Duration, error) {
	r, err := http.NewRequest("GET", s.url, nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer ann")
	r.Header.Set("X-Tenant", "acme")
	start := time.Now()
	resp, err := s.client.Do(r)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(io.Discard, resp.Body)
	took := time.Since(start)
	resp.Body.Close()
	if err != nil || n != 1024 || resp.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("%s: status %d, %d bytes, error %v", s.name, resp.StatusCode, n, err)
	}
	return took, nil
}

func (s *subject) median() time.Duration {
	sorted := slices.Sorted(slices.Values(s.took))
	return sorted[len(sorted)/2]
}

// boundary has parts that answer from memory, so that what is measured is its
// own.
func boundary() (*tenant.Boundary, error) {
	prod, err := tenant.ParseEnv("prod")
	if err != nil {
		return nil, err
	}
	return tenant.New(tenant.Config{
		Env:         prod,
		AllowedEnvs: []tenant.Env{prod},
		Claims:      tenant.Names{Tenant: "org", Env: "env", User: "sub", Role: "role"},
		Headers:     tenant.Names{Tenant: "X-Tenant", Env: "X-Env", User: "X-User", Role: "X-Role"},
		Authenticator: tenant.AuthenticatorFunc(func(_ context.Context, h tenant.Header) (tenant.Claims, error) {
			if token := h.Values("Authorization"); len(token) != 1 || token[0] != "Bearer ann" {
				return nil, errors.New("not signed in")
			}
			return tenant.MapClaims{"sub": "ann", "org": "acme", "env": "prod", "role": "member"}, nil
		}),
		Directory: tenant.DirectoryFunc(func(context.Context, string, tenant.Env) ([]tenant.Binding, error) {
			return []tenant.Binding{{Tenant: "acme", Policy: "gold"}, {Tenant: "umbrella", Policy: "gold"}}, nil
		}),
		Authority: tenant.AuthorityFunc(func(context.Context, tenant.Scope) (tenant.Standing, error) {
			return tenant.Standing{Member: true}, nil
		}),
		KeySecret: []byte("0123456789abcdef0123456789abcdef"),
		Timeout:   time.Second,
	})
}
