package runtime_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

func TestParseEnv(t *testing.T) {
	for _, tt := range []struct {
		in, want string // want "" = error
	}{
		{"dev", "dev"},
		{"development", "dev"},
		{"stg", "staging"},
		{"stage", "staging"},
		{"staging", "staging"},
		{"prod", "prod"},
		{"production", "prod"},
		{"PROD", "prod"},
		{"Production", "prod"},
		{"dEvElOpMeNt", "dev"},
		{"", ""},
		{"local", ""},
		{"test", ""},
		{"qa", ""},
		{"prd", ""},
		{"live", ""},
		{"invalid", ""},
		{" prod", ""},
		{"prod ", ""},
		{"prod\n", ""},
		{"prod\x00", ""},
		{"prod,dev", ""},
		{"productions", ""},
		{"productionproduction", ""},
		{"\u017ftaging", ""},  // long s folds to s in Unicode
		{"pr\u043ed", ""},     // Cyrillic o
		{"\uff50rod", ""},     // full-width p
		{"de\u00advelop", ""}, // soft hyphen
		{strings.Repeat("prod", 1000), ""},
		{"\xff", ""},
	} {
		got, err := tenant.ParseEnv(tt.in)
		if tt.want == "" {
			if !errors.Is(err, tenant.ErrInvalidEnv) || got.IsValid() || got != (tenant.Env{}) {
				t.Errorf("ParseEnv(%q) = %v, %v; want the zero Env and ErrInvalidEnv", tt.in, got, err)
			} else if !strings.Contains(err.Error(), "dev, development, stg, stage, staging, prod, production") {
				t.Errorf("ParseEnv(%q): error %q does not list what is accepted", tt.in, err)
			} else if len(err.Error()) > 300 {
				t.Errorf("ParseEnv of %d bytes: error of %d bytes", len(tt.in), len(err.Error()))
			}
			continue
		}
		if err != nil || got.String() != tt.want || !got.IsValid() {
			t.Errorf("ParseEnv(%q) = %v, %v; want %s", tt.in, got, err, tt.want)
		}
		if got.IsDev() != (tt.want == "dev") || got.IsStaging() != (tt.want == "staging") || got.IsProd() != (tt.want == "prod") {
			t.Errorf("ParseEnv(%q): IsDev %t, IsStaging %t, IsProd %t", tt.in, got.IsDev(), got.IsStaging(), got.IsProd())
		}
	}
}

func TestZeroEnv(t *testing.T) {
	var zero tenant.Env
	if zero.IsValid() || zero.IsDev() || zero.IsStaging() || zero.IsProd() {
		t.Error("the zero Env is an environment")
	}
	if _, err := tenant.ParseEnv(zero.String()); err == nil {
		t.Errorf("the zero Env prints as %q, which ParseEnv accepts", zero)
	}
	if _, err := zero.MarshalText(); !errors.Is(err, tenant.ErrInvalidEnv) {
		t.Errorf("MarshalText of the zero Env: error %v, want ErrInvalidEnv", err)
	}
}

func TestEnvJSON(t *testing.T) {
	type config struct{ Env tenant.Env }
	var c config
	if err := json.Unmarshal([]byte(`{"Env":"Production"}`), &c); err != nil || !c.Env.IsProd() {
		t.Fatalf("Unmarshal: %v, %v", c.Env, err)
	}
	if text, err := json.Marshal(c); err != nil || string(text) != `{"Env":"prod"}` {
		t.Errorf("Marshal = %s, %v", text, err)
	}
	if err := json.Unmarshal([]byte(`{"Env":"local"}`), &c); !errors.Is(err, tenant.ErrInvalidEnv) || c.Env.IsValid() {
		t.Errorf("Unmarshal of an unknown name: %v, %v; want ErrInvalidEnv and no environment", c.Env, err)
	}
}

func FuzzParseEnv(f *testing.F) {
	for _, s := range []string{"dev", "STG", "Production", "", "local", " prod", "prod\n", "\u017ftage", "\xff"} {
		f.Add(s)
	}
	accepted := strings.Fields("dev development stg stage staging prod production")
	f.Fuzz(func(t *testing.T, s string) {
		want := slices.ContainsFunc(accepted, func(name string) bool {
			// Same length rules out folding beyond ASCII.
			return len(name) == len(s) && strings.EqualFold(name, s)
		})
		env, err := tenant.ParseEnv(s)
		if (err == nil) != want || env.IsValid() != want {
			t.Fatalf("ParseEnv(%q) = %v, %v; accepted should be %t", s, env, err, want)
		}
		if err != nil {
			if !errors.Is(err, tenant.ErrInvalidEnv) {
				t.Fatalf("ParseEnv(%q): error %v does not wrap ErrInvalidEnv", s, err)
			}
			return
		}
		if again, err := tenant.ParseEnv(env.String()); err != nil || again != env {
			t.Fatalf("ParseEnv(%q) = %v, whose text gives %v, %v", s, env, again, err)
		}
	})
}
