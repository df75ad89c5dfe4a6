// Package signin finds out who the caller is. It is the only package that makes
// a scope; all others take it from the context.
package signin

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Account is who a session belongs to.
type Account struct {
	Tenant, User, Role string
}

// SampleSessions returns sessions of two tenants by their token. Both have an
// ann.
func SampleSessions() map[string]Account {
	return map[string]Account{
		"acme-ann":     {Tenant: "acme", User: "ann", Role: "member"},
		"acme-sue":     {Tenant: "acme", User: "sue", Role: "support"},
		"umbrella-ann": {Tenant: "umbrella", User: "ann", Role: "member"},
		"umbrella-bob": {Tenant: "umbrella", User: "bob", Role: "support"},
	}
}

// sessions answers what the boundary asks from a map that never changes.
type sessions map[string]Account

// Authenticate takes the tenant from the session, never from the request.
func (s sessions) Authenticate(_ context.Context, h tenant.Header) (tenant.Claims, error) {
	if values := h.Values("Authorization"); len(values) == 1 {
		token, _ := strings.CutPrefix(values[0], "Bearer ")
		if a, ok := s[token]; ok {
			return tenant.MapClaims{"tenant": a.Tenant, "user": a.User, "role": a.Role}, nil
		}
	}
	return nil, errors.New("no such session")
}

// Bindings returns the tenants in which somebody of that name has an account.
func (s sessions) Bindings(_ context.Context, user string, _ tenant.Env) ([]tenant.Binding, error) {
	var all []tenant.Binding
	for _, a := range s {
		if b := (tenant.Binding{Tenant: a.Tenant, Policy: "standard"}); a.User == user && !slices.Contains(all, b) {
			all = append(all, b)
		}
	}
	return all, nil
}

// Standing makes a member of everybody who has an account.
func (s sessions) Standing(_ context.Context, sc tenant.Scope) (tenant.Standing, error) {
	for _, a := range s {
		if a.Tenant == sc.Tenant() && a.User == sc.User() {
			return tenant.Standing{Member: true, Roles: []string{a.Role}}, nil
		}
	}
	return tenant.Standing{}, nil
}

// NewBoundary returns the boundary that lets the owners of those sessions in.
// The environment is the one that the service runs in.
func NewBoundary(env tenant.Env, accounts map[string]Account) (*tenant.Boundary, error) {
	secret := make([]byte, tenant.MinSecretBytes)
	rand.Read(secret) // this service keeps no hashed key for longer than it runs
	return tenant.New(tenant.Config{
		Env:           env,
		AllowedEnvs:   []tenant.Env{env},
		Claims:        tenant.Names{Tenant: "tenant", User: "user", Role: "role", Env: tenant.Unused},
		Headers:       tenant.Names{Tenant: tenant.Unused, User: tenant.Unused, Role: tenant.Unused, Env: tenant.Unused},
		Authenticator: sessions(accounts),
		Directory:     sessions(accounts),
		Authority:     sessions(accounts),
		KeySecret:     secret,
		Timeout:       time.Second,
	})
}
