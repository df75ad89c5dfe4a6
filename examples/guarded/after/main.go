package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

type config struct {
	Addr        string
	Env         tenant.Env
	KeySecret   []byte
	TokenSecret []byte
	Roles       map[string]map[string]string // by user and tenant
}

type server struct {
	config
	mu    sync.Mutex
	notes map[string][]string // by owner
}

func main() {
	var cfg config
	if err := json.NewDecoder(os.Stdin).Decode(&cfg); err != nil {
		log.Fatal(err)
	}
	handler, err := newHandler(cfg)
	if err != nil {
		log.Fatal(err)
	}
	srv := &http.Server{Addr: cfg.Addr, Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(srv.ListenAndServe())
}

func newHandler(cfg config) (http.Handler, error) {
	if len(cfg.TokenSecret) == 0 {
		return nil, errors.New("TokenSecret is missing")
	}
	s := &server{config: cfg, notes: make(map[string][]string)}
	boundary, err := tenant.New(tenant.Config{
		Env: cfg.Env, AllowedEnvs: []tenant.Env{cfg.Env}, KeySecret: cfg.KeySecret, Timeout: time.Second,
		Claims:  tenant.Names{User: "sub", Tenant: tenant.Unused, Env: tenant.Unused, Role: tenant.Unused},
		Headers: tenant.Names{Tenant: "X-Tenant", User: tenant.Unused, Env: tenant.Unused, Role: tenant.Unused},
		Authenticator: tenant.AuthenticatorFunc(func(ctx context.Context, _ tenant.Header) (tenant.Claims, error) {
			return tenant.MapClaims(claims(ctx)), nil
		}),
		Directory: tenant.DirectoryFunc(func(_ context.Context, user string, _ tenant.Env) (all []tenant.Binding, err error) {
			for name := range s.Roles[user] {
				all = append(all, tenant.Binding{Tenant: name, Policy: "default"})
			}
			return all, nil
		}),
		Authority: tenant.AuthorityFunc(func(_ context.Context, sc tenant.Scope) (tenant.Standing, error) {
			return tenant.Standing{Member: s.Roles[sc.User()][sc.Tenant()] != "", Roles: []string{s.Roles[sc.User()][sc.Tenant()]}}, nil
		}),
	})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /notes", s.list)
	mux.HandleFunc("POST /notes", s.add)
	mux.Handle("DELETE /notes", boundary.RequireTenantRole("admin")(http.HandlerFunc(s.clear)))
	return s.signedIn(boundary.Middleware(mux)), err
}

type claimsKey struct{}

// claims returns what signedIn left in the context.
func claims(ctx context.Context) map[string]any {
	all, _ := ctx.Value(claimsKey{}).(map[string]any)
	return all
}

// signedIn lets callers with a valid token pass, with its claims in the context.
func (s *server) signedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, sum, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), ".")
		mac := hmac.New(sha256.New, s.TokenSecret)
		mac.Write([]byte(user))
		if got, err := hex.DecodeString(sum); err != nil || !hmac.Equal(got, mac.Sum(nil)) {
			http.Error(w, "sign in first", http.StatusUnauthorized)
			return
		}
		ctx := context.WithValue(r.Context(), claimsKey{}, map[string]any{"sub": user})
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// owner says whose notes the request is about.
func owner(r *http.Request) (string, error) {
	sc, err := tenant.FromContext(r.Context())
	return sc.Tenant(), err
}

func (s *server) list(w http.ResponseWriter, r *http.Request) {
	name, err := owner(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = json.NewEncoder(w).Encode(s.notes[name])
}

func (s *server) add(w http.ResponseWriter, r *http.Request) {
	name, err := owner(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	note, err := io.ReadAll(io.LimitReader(r.Body, 1<<10))
	if err != nil {
		http.Error(w, "cannot read the note", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes[name] = append(s.notes[name], fmt.Sprintf("%v: %s", claims(r.Context())["sub"], note))
}

func (s *server) clear(w http.ResponseWriter, r *http.Request) {
	name, err := owner(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.notes, name)
}
