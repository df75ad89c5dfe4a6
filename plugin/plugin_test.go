package plugin

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/analyzers"
)

// build makes the linter of settings in a module with the given policy, and
// returns its analyzers.
func build(t *testing.T, policy string, settings any) ([]*analysis.Analyzer, error) {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("TENANTVET_POLICY", "")
	for name, text := range map[string]string{"go.mod": "module example.com/m\n", ".tenantvet.toml": policy} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	plugin, err := register.GetPlugin(Name)
	if err != nil {
		t.Fatal(err)
	}
	l, err := plugin(settings)
	if err != nil {
		return nil, err
	}
	if l.GetLoadMode() != register.LoadModeTypesInfo {
		t.Errorf("load mode %s", l.GetLoadMode())
	}
	return l.BuildAnalyzers()
}

// TestNames: whatever changes answers changes the name of an analyzer, under
// which golangci-lint keeps them, and nothing else does. The one that reports has
// the linter's name, without which golangci-lint would put it before each message.
func TestNames(t *testing.T) {
	const text = "[[shared]]\nkey = \"rates:\"\nreason = \"public\"\n"
	names := map[string]string{}
	for _, tc := range []struct {
		name, policy string
		settings     any
	}{
		{"plain", "", nil},
		{"policy", text, nil},
		{"inline", "", map[string]any{"inline-policy": text}},
		{"other inline", "", map[string]any{"inline-policy": text + "\n"}},
		{"less", "", map[string]any{"analyzers": map[string]any{"globalcache": false}}},
	} {
		list, err := build(t, tc.policy, tc.settings)
		if err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		if err := analysis.Validate(list); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		if list[0].Name != Name {
			t.Errorf("%s: the analyzer that reports is called %s", tc.name, list[0].Name)
		}
		key := list[1].Name
		if other, ok := names[key]; ok {
			t.Errorf("%s and %s have the same key %s", tc.name, other, key)
		}
		names[key] = tc.name
	}
	again, err := build(t, text, nil)
	if err != nil {
		t.Fatal(err)
	}
	if names[again[1].Name] != "policy" {
		t.Errorf("the same policy elsewhere has another key, %s", again[1].Name)
	}
}

// TestRefusals: what is wrong with the settings is said, with the remedy.
func TestRefusals(t *testing.T) {
	off := map[string]any{}
	for _, a := range analyzers.Suite() {
		off[a.Name] = false
	}
	for _, tc := range []struct {
		policy   string
		settings any
		want     string
	}{
		{"", "x", "cannot unmarshal"},
		{"", map[string]any{"polcy": "x"}, "there are policy, inline-policy, analyzers and build-tags"},
		{"", map[string]any{"policy": "x", "inline-policy": "y"}, "keep one"},
		{"", map[string]any{"policy": "x.toml"}, "x.toml, which cannot be read"},
		{"", map[string]any{"inline-policy": "[[shared]]\nkey = 1\n"}, "inline-policy:2:"},
		{"", map[string]any{"analyzers": map[string]any{"unscoped": true}}, `no "unscoped"; there are unscopedkey, `},
		{"", map[string]any{"analyzers": off}, "all are switched off"},
		{"[shared]\n", nil, ".tenantvet.toml:1:"},
	} {
		_, err := build(t, tc.policy, tc.settings)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%v: got %v; want an error with %q", tc.settings, err, tc.want)
		}
	}
}

// TestCacheDir: what is kept lies with what golangci-lint keeps, unless the environment
// says something else.
func TestCacheDir(t *testing.T) {
	abs, other := filepath.Join(t.TempDir(), "lint"), filepath.Join(t.TempDir(), "own")
	home := t.TempDir()
	for _, test := range []struct{ ours, host, want string }{
		{"", abs, filepath.Join(abs, "tenantvet")},
		{other, abs, other},
		{"off", abs, ""},
		{"", "off", ""},
		{"", "relative", ""},
	} {
		got, err := cacheDir(func(name string) string {
			return map[string]string{"TENANTVET_CACHE": test.ours, "GOLANGCI_LINT_CACHE": test.host, "HOME": home, "LocalAppData": home}[name]
		})
		if err != nil || got != test.want {
			t.Errorf("%q, %q: %q, %v, want %q", test.ours, test.host, got, err, test.want)
		}
	}
	got, err := cacheDir(func(name string) string {
		return map[string]string{"HOME": home, "LocalAppData": home}[name]
	})
	if err != nil || !strings.HasPrefix(got, home) || !strings.HasSuffix(filepath.ToSlash(got), "golangci-lint/tenantvet") {
		t.Errorf("by default: %q, %v", got, err)
	}
	if _, err := cacheDir(func(name string) string { return map[string]string{"TENANTVET_CACHE": "here"}[name] }); err == nil {
		t.Error("a relative directory of ours is no error")
	}
}
