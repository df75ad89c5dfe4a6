package mail

import (
	"context"
	"os"
	"strings"

	"corpus/legacy/auth"
	"corpus/lost/tenantctx"
	"corpus/rawenv/conf"
	"corpus/rawenv/stage"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// RuntimeAsked asks the value.
//
// case: rawenv/runtime-asked clean
func (m *Mail) RuntimeAsked(sc tenant.Scope) bool { return sc.Env().IsProd() }

// RuntimeEqual compares two values.
//
// case: rawenv/runtime-equal clean
func (m *Mail) RuntimeEqual(sc tenant.Scope, other tenant.Env) bool { return sc.Env() == other }

// RuntimeTexts compares the texts of two.
//
// case: rawenv/runtime-texts clean
func (m *Mail) RuntimeTexts(sc tenant.Scope, other tenant.Env) bool {
	return sc.Env().String() == other.String()
}

// ParsedWell parses one that there is.
//
// case: rawenv/parse-known clean
func (m *Mail) ParsedWell() (tenant.Env, error) { return tenant.ParseEnv("Production") }

// SourceThere asks whether there is one.
//
// case: rawenv/source-there clean
func (m *Mail) SourceThere(ctx context.Context) bool { return auth.EnvironmentID(ctx) != "" }

const live = "live"

// SourceNamed compares with what is spelt in one place.
//
// case: rawenv/source-named clean
func (m *Mail) SourceNamed(ctx context.Context) bool { return auth.EnvironmentID(ctx) == live }

// SourceSwitch does so in a switch.
//
// case: rawenv/source-switch clean
func (m *Mail) SourceSwitch(ctx context.Context) bool {
	switch stage.Stage(auth.EnvironmentID(ctx)) {
	case stage.Live:
		return true
	case stage.Sandbox:
	}
	return false
}

// FieldOther asks another field.
//
// case: rawenv/other-field clean
func (m *Mail) FieldOther(p *auth.Principal) bool { return strings.EqualFold(p.UserID, "root") }

// Named asks what is merely called so.
//
// case: rawenv/merely-named clean
func (m *Mail) Named(env string) bool { return env == "prod" }

// ConfigOther asks the configuration for something else.
//
// case: rawenv/process-other clean
func (m *Mail) ConfigOther() bool { return m.cfg.Name == "live" }

// GetenvOther asks the process for something else.
//
// case: rawenv/process-other-variable clean
func (m *Mail) GetenvOther() bool { return os.Getenv("LOG_FORMAT") == "dev" }

// StageOf makes a value of the text.
//
// case: rawenv/process-parsed clean
func (m *Mail) StageOf() (stage.Stage, error) {
	if conf.Current() == "test" {
		return stage.Sandbox, nil
	}
	return stage.Parse(conf.Current())
}

// TypedNamed compares with a constant.
//
// case: rawenv/type-named clean
func (m *Mail) TypedNamed() bool { return m.cfg.Stage == stage.Live }

// TypedThere asks whether there is one.
//
// case: rawenv/type-there clean
func (m *Mail) TypedThere() bool { return m.cfg.Stage != "" }

// Printed prints it.
//
// case: rawenv/type-printed clean
func (m *Mail) Printed() string { return "stage=" + string(m.cfg.Stage) }

// MadeWell makes a value of a name.
//
// case: rawenv/type-made-named clean
func (m *Mail) MadeWell() { m.set(stage.Live) }

// MadeKnown makes one of a text that there is.
//
// case: rawenv/type-made-known clean
func (m *Mail) MadeKnown() { m.cfg.Stage = "sandbox" }

// Reply writes to the caller.
//
// case: rawenv/caller-field clean
func (m *Mail) Reply(ctx context.Context, text string) Letter {
	return Letter{TenantID: auth.TenantID(ctx), Author: "postmaster", Text: text}
}

const ourselves = "corpus-internal"

// Note writes to ourselves.
//
// case: rawenv/named-tenant clean
func (m *Mail) Note(ctx context.Context, l *Letter) { l.TenantID = ourselves }

// ActFor works for the caller's tenant.
//
// case: rawenv/caller-stored clean
func (m *Mail) ActFor(ctx context.Context) context.Context {
	return tenantctx.WithTenant(ctx, auth.TenantID(ctx))
}

// KeyOf keeps letters apart by the type.
//
// case: rawenv/key-typed clean
func (m *Mail) KeyOf(ctx context.Context, sc tenant.Scope, id string) string {
	return m.rdb.Get(ctx, sc.Env().String()+":"+sc.Tenant()+":"+string(m.cfg.Stage)+":"+id).Val()
}

// Nobody's letter stands for one where there is none.
type nobodys struct{}

// Letter is of no tenant.
//
// case: rawenv/literal-stand-in clean
func (nobodys) Letter() Letter { return Letter{TenantID: "noop"} }
