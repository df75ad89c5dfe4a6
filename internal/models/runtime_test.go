package models

import (
	"go/importer"
	"go/token"
	"go/types"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestRuntime holds the model of our runtime package and the package together,
// both ways: what is listed in ../../runtime/api.txt either has a row or is named
// here, with the reason why it needs none, and what has a row exists. A function
// that is added to the runtime fails this test until somebody decides what the
// analyzers are to make of it.
func TestRuntime(t *testing.T) {
	// Functions and methods, and types all of whose methods need no row.
	none := map[string]string{
		"Detach":                "a context carries scope only through FromContext",
		"MembershipFromContext": "a proof gives its scope through Scope",
		"RoleFromContext":       "a proof gives its scope through Scope",
		"DecisionFromContext":   "a decision is no scope",
		"Evaluate":              "decides about what it is given, which proves nothing",
		"Decide":                "decides about what it is given, which proves nothing",
		"ParseEnv":              "an environment by name is nobody's scope",
		"NewHasher":             "holds a secret, not a scope",
		"NewMap":                "keyed by scope, so no sink",
		"New":                   "a boundary puts the scope into a context",
		"NewSystem":             "gives the scope to a callback",
		"Reasons":               "constants",
		"ReasonOf":              "a constant",
		"ConfigSlots":           "constants",
		"InsecureTrustHeaders":  "configuration",
		"WithMaxCandidates":     "configuration",
		"OnRefusal":             "configuration",
		"WriteProblem":          "writes no ids",

		"Scope.IsValid":      "a bool",
		"Scope.Role":         "a role is no dimension",
		"Scope.Format":       "prints what String prints",
		"Key.IsValid":        "a bool",
		"Key.LogValue":       "logs no key",
		"Hasher.Format":      "prints no secret",
		"Membership.IsValid": "a bool",
		"Membership.String":  "prints no ids",
		"Membership.Format":  "prints no ids",
		"Role.IsValid":       "a bool",
		"Role.Has":           "a bool",
		"Role.Membership":    "a proof gives its scope through Scope",
		"Role.String":        "prints no ids",
		"Role.Format":        "prints no ids",
		"System.IsValid":     "a bool",
		"System.Actor":       "whoever runs a job is nobody's user",
		"System.Purpose":     "text",
		"System.String":      "prints no ids",
		"System.Format":      "prints no ids",
		"SystemAccess.Begin": "a capability gives scopes to a callback",
		"DecisionBundle":     "decides about what it is given, which proves nothing",
		"PolicyBundle":       "decides about what it is given, which proves nothing",
		"Boundary":           "puts the scope into a context",
		"TenantGate":         "configuration",
		"AccessGate":         "configuration",
		"QuotaGate":          "configuration",
		"Refusal":            "holds no ids",
		"ConfigError":        "holds no ids",
		"PanicError":         "holds no ids",
		"Reason":             "a constant",
		"Status":             "a constant",
		"Posture":            "a constant",
		"Map":                "keyed by scope, so no sink",
		"Group":              "keyed by scope, so no sink",
		"Header":             "the service's own, or the request's",
		"Claims":             "the service's own",
		"MapClaims":          "the service's own",
		"Authenticator":      "the service's own",
		"AuthenticatorFunc":  "the service's own",
		"Directory":          "the service's own",
		"DirectoryFunc":      "the service's own",
		"Authority":          "the service's own",
		"AuthorityFunc":      "the service's own",
		"Quota":              "the service's own",
		"QuotaFunc":          "the service's own",
		"Governance":         "the service's own",
		"GovernanceFunc":     "the service's own",

		"NewSealer":     "holds secrets, not a scope",
		"Sealer.Inject": "writes what Seal returns",
		"Sealer.Format": "prints no secret",
		"SealingKey":    "holds a secret, not a scope",
		"Carrier":       "headers prove nothing before they were opened",
		"MapCarrier":    "headers prove nothing before they were opened",
		"RecordCarrier": "headers prove nothing before they were opened",
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
	used := map[string]bool{}
	for line := range strings.Lines(string(api)) {
		name, typ := "", ""
		if m := fn.FindStringSubmatch(line); m != nil {
			name = m[1]
		} else if m := method.FindStringSubmatch(line); m != nil {
			name, typ = m[1]+"."+m[2], m[1]
			if typ == "Env" && !modelled(name) {
				continue // by itself nobody's scope
			}
		} else {
			continue
		}
		switch {
		case modelled(name):
		case none[name] != "":
			used[name] = true
		case typ != "" && none[typ] != "":
			used[typ] = true
		default:
			t.Errorf("runtime.%s has no row in data/tenantvet-runtime.toml, and is not named as needing none", name)
		}
	}
	for name := range none {
		if !used[name] {
			t.Errorf("%s is named as needing no row, but has one or is not exported: take it off the list", name)
		}
	}

	set, err := Decode("tenantvet-runtime.toml", rows, DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	imp := importer.ForCompiler(token.NewFileSet(), "source", nil)
	for _, p := range Check(set, func(path string) *types.Package {
		pkg, err := imp.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		return pkg
	}) {
		t.Errorf("%s:%d: %s", p.At.File, p.At.Line, p.Msg)
	}
}
