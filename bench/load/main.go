// Load sends many requests of many tenants at once through the runtime's
// boundary and guards, over real connections, while clients hang up at random and
// the outside parts fail at random, and counts what must never be:
//
//	go run ./bench/load [-for 60s] [-clients 100] [-tenants 50]
//
// An answer that is another tenant's, environment's or user's is a cross-tenant
// answer; one that came without a proof of membership or to somebody who is no
// member is an unguarded answer. It ends with 1 if there was one.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

func main() {
	length := flag.Duration("for", 60*time.Second, "how long")
	clients := flag.Int("clients", 100, "connections at once")
	tenants := flag.Int("tenants", 50, "tenants")
	flag.Parse()
	c, err := run(*length, *clients, *tenants)
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(2)
	}
	fmt.Printf("%d requests in %v: %d answered, %d refused, %d hung up\n",
		c.requests.Load(), *length, c.answered.Load(), c.refused.Load(), c.hungUp.Load())
	fmt.Printf("%d cross-tenant answers, %d unguarded answers, %d of an unexpected status\n",
		c.crossed.Load(), c.unguarded.Load(), c.odd.Load())
	if c.crossed.Load()+c.unguarded.Load()+c.odd.Load() > 0 {
		os.Exit(1)
	}
	if c.answered.Load() == 0 || c.refused.Load() == 0 || c.hungUp.Load() == 0 {
		fmt.Fprintln(os.Stderr, "load: one of these did not happen at all, so nothing is shown; run it for longer")
		os.Exit(2)
	}
}

type counts struct {
	requests, answered, refused, hungUp, crossed, unguarded, odd atomic.Uint64
}

// service has users "u0", "u1" and so on. User n is a member of tenants n and
// n+1, modulo their number, and the directory lists n+2 as well, where the user
// was a member before.
type service struct {
	tenants int
	cache   tenant.Map[string]
	loads   tenant.Group[string]
}

var errFlaky = errors.New("flaky")

// flaky fails now and then, in each of the ways there are.
func flaky(ctx context.Context) error {
	switch rand.IntN(60) {
	case 0:
		return errFlaky
	case 1:
		panic(errFlaky)
	case 2:
		<-ctx.Done()
		return ctx.Err()
	case 3:
		<-ctx.Done() // and answers all the same
	}
	return nil
}

func (s *service) name(n int) string { return fmt.Sprintf("t%d", n%s.tenants) }

func (s *service) Authenticate(ctx context.Context, h tenant.Header) (tenant.Claims, error) {
	token := h.Values("Authorization")
	if len(token) != 1 || !strings.HasPrefix(token[0], "u") {
		return nil, errors.New("nobody")
	}
	user, env, _ := strings.Cut(token[0], "/")
	if err := flaky(ctx); err != nil {
		return nil, fmt.Errorf("%w: %w", tenant.ErrUnavailable, err)
	}
	return tenant.MapClaims{"sub": user, "env": env}, nil
}

func (s *service) Bindings(ctx context.Context, user string, _ tenant.Env) ([]tenant.Binding, error) {
	var n int
	if _, err := fmt.Sscanf(user, "u%d", &n); err != nil {
		return nil, err
	}
	var all []tenant.Binding
	for i := range 3 {
		all = append(all, tenant.Binding{Tenant: s.name(n + i), Policy: "p"})
	}
	return all, flaky(ctx)
}

func (s *service) member(user, name string) bool {
	var n int
	_, err := fmt.Sscanf(user, "u%d", &n)
	return err == nil && (name == s.name(n) || name == s.name(n+1))
}

func (s *service) Standing(ctx context.Context, sc tenant.Scope) (tenant.Standing, error) {
	return tenant.Standing{Member: s.member(sc.User(), sc.Tenant())}, flaky(ctx)
}

// ServeHTTP answers with the scope three times: as the proof has it, from a map
// and from a group that all tenants share.
func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m, err := tenant.MembershipFromContext(r.Context())
	if err != nil {
		_, _ = io.WriteString(w, "unguarded") // counted on the other side
		return
	}
	sc := m.Scope()
	own := sc.Tenant() + "/" + sc.Env().String()
	cached, _, err := s.cache.LoadOrStore(sc, "own", own)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	loaded, _, err := s.loads.Do(r.Context(), sc, "own", func() (string, error) { return own, nil })
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	_, _ = fmt.Fprintf(w, "%s/%s %s %s", own, sc.User(), cached, loaded)
}

func run(length time.Duration, clients, tenants int) (*counts, error) {
	if tenants < 4 || clients < 1 {
		return nil, errors.New("-tenants must be at least 4 and -clients at least 1")
	}
	s := &service{tenants: tenants}
	staging, err := tenant.ParseEnv("staging")
	if err != nil {
		return nil, err
	}
	prod, err := tenant.ParseEnv("prod")
	if err != nil {
		return nil, err
	}
	b, err := tenant.New(tenant.Config{
		Env:           prod,
		AllowedEnvs:   []tenant.Env{staging, prod},
		Claims:        tenant.Names{User: "sub", Env: "env", Tenant: tenant.Unused, Role: tenant.Unused},
		Headers:       tenant.Names{Tenant: "X-Tenant", User: "X-User", Env: "X-Env", Role: tenant.Unused},
		Authenticator: s,
		Directory:     s,
		Authority:     s,
		KeySecret:     []byte("0123456789abcdef0123456789abcdef"),
		Timeout:       20 * time.Millisecond,
	})
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: b.Middleware(b.RequireTenantMembership(s)), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(l) }() // ends with the error of Close
	defer server.Close()

	var c counts
	ctx, cancel := context.WithTimeout(context.Background(), length)
	defer cancel()
	transport := &http.Transport{MaxIdleConnsPerHost: clients}
	defer transport.CloseIdleConnections()
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for ctx.Err() == nil {
				c.one(ctx, s, &http.Client{Transport: transport}, "http://"+l.Addr().String())
			}
		})
	}
	wg.Wait()
	return &c, nil
}

// one sends one request, as a member, as somebody who was one, as an outsider,
// with a header that contradicts, or as nobody.
func (c *counts) one(ctx context.Context, s *service, client *http.Client, url string) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	n := rand.IntN(s.tenants)
	user, env, name := fmt.Sprintf("u%d", n), []string{"staging", "prod"}[rand.IntN(2)], s.name(n+rand.IntN(4))
	r, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		c.odd.Add(1)
		return
	}
	r.Header.Set("Authorization", user+"/"+env)
	r.Header.Set("X-Tenant", name)
	allowed := s.member(user, name)
	switch rand.IntN(12) {
	case 0:
		r.Header.Del("Authorization")
		allowed = false
	case 1:
		r.Header.Set("X-User", fmt.Sprintf("u%d", n+1))
		allowed = false
	case 2:
		r.Header.Del("X-Tenant") // there are three
		allowed = false
	case 3:
		r.Header.Add("X-Tenant", name)
		allowed = false
	}
	if rand.IntN(10) == 0 {
		time.AfterFunc(time.Duration(rand.IntN(3000))*time.Microsecond, cancel)
	}
	c.requests.Add(1)
	resp, err := client.Do(r)
	if err != nil {
		c.hungUp.Add(1)
		return
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		c.hungUp.Add(1)
		return
	}
	own := name + "/" + env
	switch {
	case resp.StatusCode == http.StatusOK && (!allowed || string(body) == "unguarded"):
		c.unguarded.Add(1)
	case resp.StatusCode == http.StatusOK && string(body) != fmt.Sprintf("%s/%s %s %s", own, user, own, own):
		c.crossed.Add(1)
	case resp.StatusCode == http.StatusOK:
		c.answered.Add(1)
	case resp.StatusCode >= 400 && resp.StatusCode < 500 && !allowed, resp.StatusCode == http.StatusServiceUnavailable:
		c.refused.Add(1)
	default:
		c.odd.Add(1)
	}
}
