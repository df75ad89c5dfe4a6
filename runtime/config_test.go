package runtime_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// slotsOf returns the slots that the error names, in its order.
func slotsOf(err error) []string {
	var slots []string
	switch e := err.(type) {
	case nil:
	case *tenant.ConfigError:
		slots = append(slots, e.Slot)
	case interface{ Unwrap() []error }:
		for _, err := range e.Unwrap() {
			slots = append(slots, slotsOf(err)...)
		}
	case interface{ Unwrap() error }:
		slots = slotsOf(e.Unwrap())
	}
	return slots
}

// configFaults are configurations with something wrong, by the slots it is in.
func configFaults(t *testing.T) []struct {
	name   string
	change func(*tenant.Config)
	opts   []tenant.Option
	want   string
	says   string
} {
	type cfg = tenant.Config
	return []struct {
		name   string
		change func(*tenant.Config)
		opts   []tenant.Option
		want   string
		says   string
	}{
		{"empty", func(c *cfg) { *c = cfg{} }, nil, "Env AllowedEnvs Claims.Tenant Claims.Env Claims.User Claims.Role " +
			"Headers.Tenant Headers.Env Headers.User Headers.Role Authenticator Directory Authority KeySecret Timeout", "fill the slot"},
		{"env", func(c *cfg) { c.Env = tenant.Env{} }, nil, "Env", "missing"},
		{"no allowed envs", func(c *cfg) { c.AllowedEnvs = nil }, nil, "AllowedEnvs", "missing"},
		{"zero allowed env", func(c *cfg) { c.AllowedEnvs = append(c.AllowedEnvs, tenant.Env{}) }, nil, "AllowedEnvs", "ParseEnv"},
		{"own env not allowed", func(c *cfg) { c.AllowedEnvs = c.AllowedEnvs[:1] }, nil, "AllowedEnvs", "deployment's own"},
		{"no claim of the user", func(c *cfg) { c.Claims.User = tenant.Unused }, nil, "Claims.User Headers.User", "cannot be admitted"},
		{"two claims of one name", func(c *cfg) { c.Claims.Role = "org" }, nil, "Claims.Role", "the same as Tenant"},
		{"claim too long", func(c *cfg) { c.Claims.Tenant = strings.Repeat("x", 300) }, nil, "Claims.Tenant", "no name"},
		{"claim not utf-8", func(c *cfg) { c.Claims.Env = "\xff" }, nil, "Claims.Env", "no name"},
		{"header with a blank", func(c *cfg) { c.Headers.Tenant = "X Tenant" }, nil, "Headers.Tenant", "no name of a header"},
		{"header too long", func(c *cfg) { c.Headers.Tenant = strings.Repeat("x", tenant.MaxIDBytes+1) }, nil, "Headers.Tenant", "no name of a header"},
		{"header with an underscore", func(c *cfg) { c.Headers.Env = "X_Env" }, nil, "Headers.Env", "no name of a header"},
		{"two headers of one name", func(c *cfg) { c.Headers.User = "x-tenant" }, nil, "Headers.User", "the same as Tenant"},
		{"env header alone", func(c *cfg) { c.Claims.Env = tenant.Unused }, nil, "Headers.Env", "not believed alone"},
		{"role header alone", func(c *cfg) { c.Claims.Role = tenant.Unused }, nil, "Headers.Role", "not believed alone"},
		{"authenticator", func(c *cfg) { c.Authenticator = nil }, nil, "Authenticator", "missing"},
		{"nil authenticator func", func(c *cfg) { c.Authenticator = tenant.AuthenticatorFunc(nil) }, nil, "Authenticator", "missing"},
		{"nil directory func", func(c *cfg) { c.Directory = tenant.DirectoryFunc(nil) }, nil, "Directory", "missing"},
		{"nil authority func", func(c *cfg) { c.Authority = tenant.AuthorityFunc(nil) }, nil, "Authority", "missing"},
		{"nil pointer", func(c *cfg) { c.Authority = (*pointerAuthority)(nil) }, nil, "Authority", "missing"},
		{"short secret", func(c *cfg) { c.KeySecret = []byte("tttt") }, nil, "KeySecret", "4 bytes"},
		{"negative timeout", func(c *cfg) { c.Timeout = -1 }, nil, "Timeout", "more than 0"},
		{"long timeout", func(c *cfg) { c.Timeout = time.Hour }, nil, "Timeout", "at most 1m0s"},
		{"trust", nil, []tenant.Option{tenant.InsecureTrustHeaders(nil)}, "InsecureTrustHeaders", "missing"},
		{"candidates", nil, []tenant.Option{tenant.WithMaxCandidates(0)}, "WithMaxCandidates", "use 1 to 1024"},
		{"many candidates", nil, []tenant.Option{tenant.WithMaxCandidates(tenant.MaxCandidates + 1)}, "WithMaxCandidates", "use 1 to 1024"},
		{"observer", nil, []tenant.Option{tenant.OnRefusal(nil)}, "OnRefusal", "missing"},
		{"zero option", nil, []tenant.Option{{}}, "Option", "zero Option"},
		{"several", func(c *cfg) { c.Timeout, c.Directory = 0, nil }, []tenant.Option{tenant.OnRefusal(nil)}, "Directory Timeout OnRefusal", "missing"},
	}
}

type pointerAuthority struct{ tenant.Authority }

func TestNewRefuses(t *testing.T) {
	seen := map[string]bool{}
	for _, tt := range configFaults(t) {
		t.Run(tt.name, func(t *testing.T) {
			cfg := config(t)
			if tt.change != nil {
				tt.change(&cfg)
			}
			b, err := tenant.New(cfg, tt.opts...)
			if err == nil || b != nil {
				t.Fatalf("%v, %v", b, err)
			}
			if got := strings.Join(slotsOf(err), " "); got != tt.want {
				t.Errorf("faults in %q, want %q", got, tt.want)
			}
			if !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "tttt") {
				t.Errorf("error %q does not say %q, or too much", err, tt.says)
			}
			for _, slot := range tenant.ConfigSlots() {
				want := slices.Contains(strings.Fields(tt.want), slot)
				if errors.Is(err, &tenant.ConfigError{Slot: slot}) != want {
					t.Errorf("errors.Is for %s is %t", slot, !want)
				}
				seen[slot] = seen[slot] || want
			}
			var one *tenant.ConfigError
			if !errors.As(err, &one) || one.Slot != strings.Fields(tt.want)[0] || errors.Is(err, tenant.ErrNoScope) {
				t.Errorf("errors.As finds %v", one)
			}
		})
	}
	var audit []string
	for name, change := range map[string]func(*tenant.SystemConfig){
		"System.Env System.Tenants System.Audit System.Timeout": func(c *tenant.SystemConfig) { *c = tenant.SystemConfig{} },
		"System.Env":     func(c *tenant.SystemConfig) { c.Env = tenant.Env{} },
		"System.Tenants": func(c *tenant.SystemConfig) { c.Tenants = nil },
		"System.Audit":   func(c *tenant.SystemConfig) { c.Audit = nil },
		"System.Timeout": func(c *tenant.SystemConfig) { c.Timeout = -1 },
	} {
		cfg := system(t, &audit)
		change(&cfg)
		a, err := tenant.NewSystem(cfg)
		if got := strings.Join(slotsOf(err), " "); got != name || a != nil {
			t.Errorf("faults in %q, want %q", got, name)
		}
		for _, slot := range slotsOf(err) {
			seen[slot] = true
		}
	}
	for _, slot := range tenant.ConfigSlots() {
		if !seen[slot] {
			t.Errorf("no configuration here has a fault in %s", slot)
		}
	}
	for slot := range seen {
		if !slices.Contains(tenant.ConfigSlots(), slot) {
			t.Errorf("ConfigSlots does not list %s", slot)
		}
	}
}

func TestNewTakes(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*tenant.Config)
		opts   []tenant.Option
	}{
		"all":              {nil, nil},
		"as little as can": {func(c *tenant.Config) { c.Claims, c.Headers = onlyUser() }, nil},
		"longest names": {func(c *tenant.Config) {
			c.Claims.Tenant, c.Headers.Tenant = strings.Repeat("x", tenant.MaxIDBytes), strings.Repeat("x", tenant.MaxIDBytes)
		}, nil},
		"least candidates": {nil, []tenant.Option{tenant.WithMaxCandidates(1)}},
		"most candidates":  {nil, []tenant.Option{tenant.WithMaxCandidates(tenant.MaxCandidates)}},
		"longest timeout":  {func(c *tenant.Config) { c.Timeout = tenant.MaxTimeout }, nil},
		"headers of a gateway": {func(c *tenant.Config) { c.Claims, _ = onlyUser() },
			[]tenant.Option{tenant.InsecureTrustHeaders(func(context.Context, tenant.Header) bool { return false })}},
	} {
		if _, err := tenant.New(func() tenant.Config {
			cfg := config(t)
			if tt.change != nil {
				tt.change(&cfg)
			}
			return cfg
		}(), tt.opts...); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHeaderNames(t *testing.T) {
	for c := range 256 {
		cfg := config(t)
		cfg.Headers.Tenant = "X" + string([]byte{byte(c)})
		_, err := tenant.New(cfg)
		want := strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", rune(c))
		if (err == nil) != want {
			t.Errorf("name %q: %v", cfg.Headers.Tenant, err)
		}
	}
}

func onlyUser() (claims, headers tenant.Names) {
	claims = tenant.Names{User: "sub", Tenant: tenant.Unused, Env: tenant.Unused, Role: tenant.Unused}
	headers = claims
	headers.User = tenant.Unused
	return claims, headers
}

// A boundary does not change with the configuration that it was made of.
func TestNewKeepsItsOwn(t *testing.T) {
	cfg := config(t)
	b, err := tenant.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	key, err := tenant.NewKey(scope(t, "acme prod"), "k")
	if err != nil {
		t.Fatal(err)
	}
	before, err := b.Hasher().Hash(key)
	if err != nil {
		t.Fatal(err)
	}
	cfg.AllowedEnvs[0] = env(t, "dev")
	clear(cfg.KeySecret)
	if after, err := b.Hasher().Hash(key); err != nil || after != before {
		t.Errorf("the secret changed: %v", err)
	}
	admitted(t, b, "sub=ann env=staging")
	ctx, err := b.Admit(as("sub=ann env=dev"), nil)
	refused(t, ctx, err, tenant.ReasonEnvNotAllowed)
}

func TestWithMaxCandidates(t *testing.T) {
	several := tenant.DirectoryFunc(func(context.Context, string, tenant.Env) ([]tenant.Binding, error) { return bind(many(100)...), nil })
	change := func(c *tenant.Config) { c.Directory = several }
	ctx, err := boundary(t, change).Admit(as("sub=ann env=prod org=t0050"), nil)
	refused(t, ctx, err, tenant.ReasonTooManyCandidates)
	ctx = admitted(t, boundary(t, change, tenant.WithMaxCandidates(100)), "sub=ann env=prod org=t0050")
	if got := fromContext(t, ctx).Tenant(); got != "t0050" {
		t.Errorf("tenant %s", got)
	}
	ctx, err = boundary(t, change, tenant.WithMaxCandidates(99)).Admit(as("sub=ann env=prod org=t0050"), nil)
	refused(t, ctx, err, tenant.ReasonTooManyCandidates)
}
