package models

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestRuntime holds the model of our runtime package and the package together:
// what is listed in ../../runtime/api.txt either has a row or is named here,
// with the reason why it needs none. A function that is added to the runtime
// fails this test until somebody decides what the analyzers are to make of it.
func TestRuntime(t *testing.T) {
	none := map[string]string{
		"InsecureUnresolvedScope": "makes a scope of what it is given, which proves nothing",
		"NewContext":              "a context carries scope only through FromContext",
		"ParseEnv":                "an environment by name is nobody's scope",
		"NewHasher":               "holds a secret, not a scope",
		"NewMap":                  "keyed by scope, so no sink",
		"Scope.IsValid":           "a bool",
		"Key.IsValid":             "a bool",
		"Scope.Role":              "a role is no dimension",
		"Scope.Format":            "prints what String prints",
		"Key.LogValue":            "logs no key",
		"Hasher.Format":           "prints no secret",
		"NewSealer":               "holds secrets, not a scope",
		"Sealer.Seal":             "an envelope is another text each time, so it is nobody's key",
		"Sealer.Inject":           "writes what Seal returns",
		"Sealer.Format":           "prints no secret",
		"SealingKey.Format":       "prints no secret",
		"RecordCarrier":           "headers prove nothing before they were opened",
		"Carrier.Get":             "headers prove nothing before they were opened",
		"Carrier.Set":             "returns nothing",
		"MapCarrier.Get":          "headers prove nothing before they were opened",
		"MapCarrier.Values":       "headers prove nothing before they were opened",
		"MapCarrier.Set":          "returns nothing",
	}
	api, err := os.ReadFile("../../runtime/api.txt")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := os.ReadFile("data/tenantvet-runtime.toml")
	if err != nil {
		t.Fatal(err)
	}
	modelled := func(name string) bool {
		recv, method, ok := strings.Cut(name, ".")
		if !ok {
			return regexp.MustCompile(`"` + name + `"`).Match(rows)
		}
		re := regexp.MustCompile(`\(\*?` + recv + `\)\.(?:\{([^}]*)\}|(\w+))`)
		for _, m := range re.FindAllStringSubmatch(string(rows), -1) {
			if m[2] == method || slices.Contains(strings.Split(m[1], ","), method) {
				return true
			}
		}
		return false
	}
	fn := regexp.MustCompile(`^func (\w+)`)
	method := regexp.MustCompile(`^method \(\*?(\w+)(?:\[\w+\])?\) (\w+)`)
	for line := range strings.Lines(string(api)) {
		var name string
		if m := fn.FindStringSubmatch(line); m != nil {
			name = m[1]
		} else if m := method.FindStringSubmatch(line); m != nil {
			name = m[1] + "." + m[2]
			switch m[1] {
			case "Map", "Group": // keyed by scope
				continue
			case "Env":
				if !modelled(name) {
					continue // by itself nobody's scope
				}
			}
		} else {
			continue
		}
		if _, ok := none[name]; !ok && !modelled(name) {
			t.Errorf("runtime.%s has no row in data/tenantvet-runtime.toml, and is not named as needing none", name)
		}
	}
}
