package scopeflow

import (
	"slices"
	"testing"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// What the engine knows of the runtime's environments is what the runtime does.
func TestRuntimeEnvironments(t *testing.T) {
	var names []string
	for _, s := range runtimeSpellings() {
		env, err := tenant.ParseEnv(s)
		if err != nil {
			t.Errorf("ParseEnv refuses %q", s)
		}
		if !slices.Contains(names, env.String()) {
			names = append(names, env.String())
		}
	}
	if want := runtimeNames(); !slices.Equal(names, want) {
		t.Errorf("the runtime's environments are %q, the engine's %q", names, want)
	}
	if _, err := tenant.ParseEnv("qa"); err == nil {
		t.Error("ParseEnv accepts a spelling that runtimeSpellings does not have")
	}
}
