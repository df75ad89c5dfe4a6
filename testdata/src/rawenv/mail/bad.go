// Package mail sends mail, in some environments.
package mail

import (
	"context"
	"net/http"
	"os"
	"strings"

	"corpus/legacy/auth"
	"corpus/lost/tenantctx"
	"corpus/rawenv/conf"
	"corpus/rawenv/stage"
	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Mail sends mail.
type Mail struct {
	cfg  conf.Config
	rdb  *redis.Client
	sent map[string]bool
}

// A Letter is to somebody.
type Letter struct {
	TenantID string
	Author   string
	Text     string
}

// Runtime compares what the scope says.
//
// case: rawenv/runtime-text
func (m *Mail) Runtime(sc tenant.Scope) bool {
	return sc.Env().String() == "prod" // want `Env.String is compared with the text "prod": a type of environments would refuse other spellings`
}

// Spelling never sends.
//
// case: rawenv/runtime-spelling
func (m *Mail) Spelling(sc tenant.Scope) bool {
	return sc.Env().String() == "production" // want `"production" is no environment: Env.String is one of dev, staging and prod`
}

// Later keeps the text.
//
// case: rawenv/runtime-variable
func (m *Mail) Later(ctx context.Context) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	env := sc.Env().String()
	if env != "dev" { // want `Env.String is compared with the text "dev"`
		m.sent[env] = true
	}
	return nil
}

// Parsed is refused whenever it is asked.
//
// case: rawenv/parse-spelling
func (m *Mail) Parsed() (tenant.Env, error) {
	return tenant.ParseEnv("qa") // want `"qa" is no environment: runtime.Env is one of dev, development, stg, stage, staging, prod and production`
}

// Source asks a source of the policy.
//
// case: rawenv/source-text
func (m *Mail) Source(ctx context.Context) bool {
	return auth.EnvironmentID(ctx) == "live" // want `auth.EnvironmentID is compared with the text "live"`
}

// SourceSpelling asks for one that there is not.
//
// case: rawenv/source-spelling
func (m *Mail) SourceSpelling(ctx context.Context) bool {
	switch auth.EnvironmentID(ctx) {
	case "sandbox": // want `auth.EnvironmentID is compared with the text "sandbox"`
		return false
	case "production": // want `"production" is no environment: auth.EnvironmentID is one of dev, staging, prod, sandbox and live`
		return true
	}
	return false
}

// Field asks a field.
//
// case: rawenv/source-field
func (m *Mail) Field(p *auth.Principal) bool {
	return strings.EqualFold(p.EnvID, "LIVE") // want `p.EnvID is compared with the text "LIVE"`
}

// Process asks what the process runs in.
//
// case: rawenv/process
func (m *Mail) Process() bool {
	return conf.Current() == "live" // want `conf.Current is compared with the text "live"`
}

// Config asks the configuration.
//
// case: rawenv/process-field
func (m *Mail) Config() bool {
	return m.cfg.Mode == "live" // want `cfg.Mode is compared with the text "live"`
}

// Getenv asks the process itself.
//
// case: rawenv/process-variable
func (m *Mail) Getenv() bool {
	if os.Getenv("ENVIRONMENT") == "dev" { // want `os.Getenv\("ENVIRONMENT"\) is compared with the text "dev"`
		return false
	}
	return true
}

// Typed compares a value of the type with a text.
//
// case: rawenv/type-literal
func (m *Mail) Typed() bool {
	return m.cfg.Stage == "live" // want `cfg.Stage is compared with the text "live"`
}

// TypedSpelling compares it with a text that it never is.
//
// case: rawenv/type-spelling
func (m *Mail) TypedSpelling() bool {
	return m.cfg.Stage != "production" // want `"production" is no environment: .*cfg.Stage is one of live and sandbox`
}

// Back makes a text of it.
//
// case: rawenv/type-converted
func (m *Mail) Back() bool {
	return string(m.cfg.Stage) == "live" // want `cfg.Stage is compared with the text "live"`
}

// Made makes a value that is none.
//
// case: rawenv/type-made
func (m *Mail) Made() {
	m.cfg.Stage = "prod" // want `"prod" is no environment: stage.Stage is one of live and sandbox`
}

func (m *Mail) set(s stage.Stage) { m.cfg.Stage = s }

// Handed hands one over.
//
// case: rawenv/type-handed
func (m *Mail) Handed() {
	m.set("Live") // want `"Live" is no environment: stage.Stage is one of live and sandbox`
}

// Welcome writes to one tenant.
//
// case: rawenv/literal-field
func (m *Mail) Welcome(ctx context.Context, text string) Letter {
	return Letter{TenantID: "acme", Text: text} // want `the tenant in Letter.TenantID is the literal "acme": it is this one's whoever asks`
}

// Forward does it later.
//
// case: rawenv/literal-assigned
func (m *Mail) Forward(r *http.Request, l *Letter) {
	l.TenantID = "acme" // want `the tenant in Letter.TenantID is the literal "acme"`
}

// Act works for one tenant.
//
// case: rawenv/literal-stored
func (m *Mail) Act(ctx context.Context) context.Context {
	return tenantctx.WithTenant(ctx, "acme") // want `the tenant in tenantctx.WithTenant is the literal "acme"`
}

// Key keeps letters apart by what the process was started with.
//
// case: rawenv/key
func (m *Mail) Key(ctx context.Context, sc tenant.Scope, id string) string {
	return m.rdb.Get(ctx, sc.Env().String()+":"+sc.Tenant()+":"+m.cfg.Mode+":"+id).Val() // want `cfg.Mode is part of the key as it is spelt: a key of another spelling is another key`
}

// Cron runs without a request, and makes a context.
//
// case: rawenv/literal-own-context
func (m *Mail) Cron(run interface{ Context() context.Context }, each func(context.Context, Letter)) {
	each(run.Context(), Letter{TenantID: "acme"}) // want `the tenant in Letter.TenantID is the literal "acme"`
}
