// Package porttest is what the tests of the ports have in common: a service with
// a boundary whose outside parts can be made to fail, requests for every class
// of refusal, and a contract of routes.
package porttest

import (
	"context"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
	"github.com/tenantvet/tenantvet/runtime/scopetest"
)

// Service has a boundary and its outside parts. What a part answers depends on
// the user who is asked about.
type Service struct {
	Boundary *tenant.Boundary

	// Runs counts the handlers that ran. A handler that a port protects has to
	// count itself, through [Service.Answer] or by itself.
	Runs atomic.Int64

	// Refusals counts what the boundary's OnRefusal was told.
	Refusals atomic.Int64

	outage atomic.Bool
}

// Timeout is how long the outside parts may take.
const Timeout = time.Second

// New returns a service in prod.
func New(tb testing.TB) *Service {
	tb.Helper()
	s := new(Service)
	var envs []tenant.Env
	for _, name := range []string{"prod", "dev"} {
		env, err := tenant.ParseEnv(name)
		if err != nil {
			tb.Fatal(err)
		}
		envs = append(envs, env)
	}
	boundary, err := tenant.New(tenant.Config{
		Env:           envs[0],
		AllowedEnvs:   envs,
		Claims:        tenant.Names{Tenant: "tenant", Env: "env", User: "user", Role: "role"},
		Headers:       tenant.Names{Tenant: "X-Tenant", Env: "X-Env", User: "X-User", Role: tenant.Unused},
		Authenticator: tenant.AuthenticatorFunc(s.authenticate),
		Directory:     tenant.DirectoryFunc(s.bindings),
		Authority:     tenant.AuthorityFunc(s.standing),
		KeySecret:     []byte(strings.Repeat("a secret for tests only ", 2)),
		Timeout:       Timeout,
	}, tenant.OnRefusal(func(context.Context, *tenant.Refusal) { s.Refusals.Add(1) }))
	if err != nil {
		tb.Fatal(err)
	}
	s.Boundary = boundary
	return s
}

// Token returns credentials with these claims.
func Token(claims map[string]any) string {
	data, err := json.Marshal(claims)
	if err != nil {
		return "" // which nobody accepts
	}
	return "Bearer " + base64.StdEncoding.EncodeToString(data)
}

var errToken = errors.New("no valid token")

func (s *Service) authenticate(ctx context.Context, h tenant.Header) (tenant.Claims, error) {
	if h == nil {
		return nil, errToken
	}
	values := h.Values("Authorization")
	if len(values) != 1 {
		return nil, errToken
	}
	text, ok := strings.CutPrefix(values[0], "Bearer ")
	if !ok {
		return nil, errToken
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errToken
	}
	claims := make(tenant.MapClaims)
	if err := json.Unmarshal(data, &claims); err != nil {
		return nil, errToken
	}
	switch claims["user"] {
	case "token-unknown":
		return nil, fmt.Errorf("the token server: %w", tenant.ErrUnavailable)
	case "token-panics":
		panic("on purpose")
	}
	return claims, nil
}

func (s *Service) bindings(ctx context.Context, user string, _ tenant.Env) ([]tenant.Binding, error) {
	acme, umbrella := tenant.Binding{Tenant: "acme", Policy: "p"}, tenant.Binding{Tenant: "umbrella", Policy: "p"}
	switch user {
	case "neighbour":
		return []tenant.Binding{umbrella}, nil
	case "invited", "outsider":
		return []tenant.Binding{acme, umbrella}, nil
	case "unlisted":
		return nil, nil
	case "disabled":
		acme.Disabled = true
	case "blocked":
		acme.Blocked = true
	case "disagreed":
		other := acme
		other.Policy = "q"
		return []tenant.Binding{acme, other}, nil
	case "directory-fails":
		return nil, errors.New("no connection to accounts.internal")
	case "directory-slow":
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return []tenant.Binding{acme}, nil
}

func (s *Service) standing(ctx context.Context, sc tenant.Scope) (tenant.Standing, error) {
	if s.outage.Load() {
		return tenant.Standing{}, tenant.ErrUnavailable
	}
	roles := map[string][]string{
		"member":    {"viewer"},
		"admin":     {"viewer", "editor"},
		"owner":     {"viewer", "editor", "owner"},
		"neighbour": {"viewer", "editor", "owner"},
	}
	switch sc.User() {
	case "authority-fails":
		return tenant.Standing{Member: true, Roles: roles["owner"]}, errors.New("no connection to accounts.internal")
	case "authority-panics":
		panic("on purpose")
	case "authority-slow":
		<-ctx.Done()
		return tenant.Standing{Member: true, Roles: roles["owner"]}, nil
	}
	held, ok := roles[sc.User()]
	return tenant.Standing{Member: ok, Roles: held}, nil
}

// As makes a request that of a persona, for scopetest.Permutations.
func (s *Service) As(r *http.Request, p scopetest.Persona) (*http.Request, error) {
	s.outage.Store(p == scopetest.Outage)
	claims := map[string]any{"tenant": "acme", "env": "prod", "user": string(p)}
	switch p {
	case scopetest.Nobody:
		return r, nil
	case scopetest.WrongEnv:
		claims["env"], claims["user"] = "staging", "owner"
	case scopetest.Mismatched:
		claims["user"] = "owner"
		r.Header.Set("X-Tenant", "umbrella")
	case scopetest.Outage:
		claims["user"] = "owner"
	case scopetest.Neighbour:
		claims["tenant"] = "umbrella"
	}
	r.Header.Set("Authorization", Token(claims))
	return r, nil
}

//go:embed contract.json
var contract string // not bytes, which somebody could write to

// Contract returns the contract of the routes that a test mounts:
//
//	GET    /open          in front of everything
//	GET    /notes         members
//	GET    /notes/{id}    members
//	POST   /notes         editors
//	DELETE /notes/{id}    owners
func Contract(tb testing.TB) scopetest.Contract {
	tb.Helper()
	c, err := scopetest.ParseContract("contract.json", []byte(contract))
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// Answer is what the handlers of a test do: it counts, and returns a status and
// a body that says who the caller is and what was proven.
func (s *Service) Answer(ctx context.Context, method, id string) (status int, body string) {
	s.Runs.Add(1)
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return http.StatusInternalServerError, err.Error()
	}
	if id != "" && id != sc.Tenant()+"-1" {
		return http.StatusNotFound, ""
	}
	status = http.StatusOK
	switch method {
	case http.MethodPost:
		status = http.StatusCreated
	case http.MethodDelete:
		return http.StatusNoContent, ""
	}
	return status, Describe(ctx)
}

// Describe says who the caller is and what was proven.
func Describe(ctx context.Context) string {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return "nobody"
	}
	text := fmt.Sprintf("%s-only %s %s %s", sc.Tenant(), sc.Env(), sc.User(), sc.Role())
	if m, err := tenant.MembershipFromContext(ctx); err == nil && m.Scope() == sc {
		text += " member"
	}
	if r, err := tenant.RoleFromContext(ctx); err == nil && r.Scope() == sc && r.Has("owner") {
		text += " owner"
	}
	return text
}

// Case is a request and what comes of it.
type Case struct {
	Name    string
	Headers http.Header
	Guard   Guard
	Reason  tenant.Reason // 0 if the handler runs
	Says    string        // by [Describe], if the handler runs
}

// Guard is what stands in front of the handler that a case is sent to.
type Guard string

// The guards, each behind the boundary.
const (
	None   Guard = "none"
	Member Guard = "member"
	Owner  Guard = "owner" // demands the role owner or janitor
)

// Cases returns requests for every class of refusal, and some that get through.
func Cases() []Case {
	with := func(claims map[string]any, headers ...string) http.Header {
		h := make(http.Header)
		if claims != nil {
			h.Set("Authorization", Token(claims))
		}
		for i := 0; i+1 < len(headers); i += 2 {
			h.Add(headers[i], headers[i+1])
		}
		return h
	}
	user := func(name string) map[string]any {
		return map[string]any{"tenant": "acme", "env": "prod", "user": name, "role": "viewer"}
	}
	change := func(key string, value any) map[string]any {
		claims := user("owner")
		claims[key] = value
		if value == nil {
			delete(claims, key)
		}
		return claims
	}
	long := strings.Repeat("x", tenant.MaxIDBytes+1)
	return []Case{
		{"signed in", with(user("owner")), None, 0, "acme-only prod owner viewer"},
		{"member", with(user("member")), Member, 0, "acme-only prod member viewer member"},
		{"owner", with(user("owner")), Owner, 0, "acme-only prod owner viewer member owner"},
		{"header that agrees", with(user("owner"), "X-Tenant", "acme"), Owner, 0, "acme-only prod owner viewer member owner"},
		{"header that selects", with(map[string]any{"env": "dev", "user": "invited"}, "X-Tenant", "umbrella"), None, 0, "umbrella-only dev invited "},
		{"environment by another name", with(change("env", "Production")), None, 0, "acme-only prod owner viewer"},

		{"no token", with(nil), Owner, tenant.ReasonUnauthenticated, ""},
		{"headers alone", with(nil, "X-Tenant", "acme", "X-User", "owner", "X-Env", "prod"), Owner, tenant.ReasonUnauthenticated, ""},
		{"no user", with(change("user", nil)), Owner, tenant.ReasonClaimMissing, ""},
		{"no environment", with(change("env", nil)), Owner, tenant.ReasonClaimMissing, ""},
		{"two tenants in the claim", with(change("tenant", []string{"acme", "umbrella"})), Owner, tenant.ReasonClaimRepeated, ""},
		{"a long claim", with(change("tenant", long)), Owner, tenant.ReasonClaimOversized, ""},
		{"a number for a tenant", with(change("tenant", 7)), Owner, tenant.ReasonClaimMalformed, ""},
		{"an empty tenant", with(change("tenant", "")), Owner, tenant.ReasonClaimMalformed, ""},
		{"a header twice", with(user("owner"), "X-Tenant", "acme", "X-Tenant", "acme"), Owner, tenant.ReasonHeaderRepeated, ""},
		{"a long header", with(user("owner"), "X-Tenant", long), Owner, tenant.ReasonHeaderOversized, ""},
		{"an empty header", with(user("owner"), "X-Tenant", ""), Owner, tenant.ReasonHeaderMalformed, ""},
		{"a header without a claim", with(change("env", nil), "X-Env", "prod"), Owner, tenant.ReasonHeaderUntrusted, ""},
		{"a header that contradicts", with(user("owner"), "X-Tenant", "umbrella"), Owner, tenant.ReasonHeaderConflict, ""},
		{"an environment that nobody knows", with(change("env", "moon")), Owner, tenant.ReasonEnvUnknown, ""},
		{"an environment of another deployment", with(change("env", "staging")), Owner, tenant.ReasonEnvNotAllowed, ""},
		{"no answer to whose token it is", with(user("token-unknown")), Owner, tenant.ReasonAuthenticationUnavailable, ""},
		{"a panic over a token", with(user("token-panics")), Owner, tenant.ReasonAuthenticationUnavailable, ""},
		{"a tenant of others", with(change("tenant", "umbrella")), Owner, tenant.ReasonSelectionNotAllowed, ""},
		{"a tenant that is none", with(change("tenant", "atlantis")), Owner, tenant.ReasonSelectionNotAllowed, ""},
		{"several tenants to choose from", with(map[string]any{"env": "prod", "user": "invited"}), Owner, tenant.ReasonTenantChoice, ""},
		{"no tenant at all", with(user("unlisted")), Owner, tenant.ReasonNoCandidates, ""},
		{"a disabled tenant", with(user("disabled")), Owner, tenant.ReasonTenantDisabled, ""},
		{"a blocked tenant", with(user("blocked")), Owner, tenant.ReasonTenantBlocked, ""},
		{"a directory that contradicts itself", with(user("disagreed")), Owner, tenant.ReasonCandidatesDisagree, ""},
		{"a directory that fails", with(user("directory-fails")), Owner, tenant.ReasonDirectoryUnavailable, ""},
		{"a directory that is slow", with(user("directory-slow")), Owner, tenant.ReasonDirectoryUnavailable, ""},
		{"no member", with(user("invited")), Member, tenant.ReasonNotMember, ""},
		{"no member with a role", with(user("invited")), Owner, tenant.ReasonNotMember, ""},
		{"no owner", with(user("admin")), Owner, tenant.ReasonRoleNotHeld, ""},
		{"an authority that fails", with(user("authority-fails")), Member, tenant.ReasonAuthorityUnavailable, ""},
		{"an authority that panics", with(user("authority-panics")), Owner, tenant.ReasonAuthorityUnavailable, ""},
		{"an authority that is slow", with(user("authority-slow")), Owner, tenant.ReasonAuthorityUnavailable, ""},
	}
}

// CheckProblem checks the answer to a case over HTTP: the status, the problem,
// that it shows nothing of the inside, and that no handler ran.
func (s *Service) CheckProblem(tb testing.TB, c Case, resp *http.Response, body []byte, runs int64) {
	tb.Helper()
	if ran := s.Runs.Load() - runs; ran != 0 {
		tb.Errorf("%s: %d handlers ran", c.Name, ran)
	}
	if resp.StatusCode != c.Reason.HTTPStatus() || resp.Header.Get("Content-Type") != "application/problem+json" {
		tb.Errorf("%s: status %d with %q, want %d", c.Name, resp.StatusCode, resp.Header.Get("Content-Type"), c.Reason.HTTPStatus())
	}
	var problem struct {
		Status int
		Reason string
	}
	if err := json.Unmarshal(body, &problem); err != nil || problem.Reason != c.Reason.String() || problem.Status != resp.StatusCode {
		tb.Errorf("%s: the problem is %s, %v; want reason %s", c.Name, body, err, c.Reason)
	}
	for _, inside := range []string{"acme", "umbrella", "internal", "on purpose", "goroutine"} {
		if strings.Contains(string(body), inside) {
			tb.Errorf("%s: the problem shows %q: %s", c.Name, inside, body)
		}
	}
}
