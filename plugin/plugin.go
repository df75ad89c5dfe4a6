// Package plugin is tenantvet as a module plugin of golangci-lint v2.
//
// Importing it registers the linter "tenantvet". "golangci-lint custom" builds a
// golangci-lint with it from a .custom-gcl.yml that names this module; see
// docs/golangci.md.
//
// It is a module of its own because it needs golangci-lint's registry, which
// nobody who runs the command or the vet tool has to download.
package plugin

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/analyzers"
	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/guest"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/record"
)

// Name is the name of the linter, in linters.enable, under
// linters.settings.custom and in //nolint comments.
const Name = "tenantvet"

func init() { register.Plugin(Name, New) }

// Settings is what stands under linters.settings.custom.tenantvet.settings.
// Keys that it does not have are an error.
type Settings struct {
	// Policy is the policy file, relative to the root of the module in which
	// golangci-lint runs. Without it, and without InlinePolicy, the policy is
	// found as by the command: TENANTVET_POLICY, else .tenantvet.toml at the
	// root of each package's module.
	Policy string `json:"policy"`
	// InlinePolicy is the text of a policy, in the place of a file.
	InlinePolicy string `json:"inline-policy"`
	// Analyzers switches analyzers on or off by name, as the flags of the
	// command do: those that are true run alone; without any, all but those
	// that are false.
	Analyzers map[string]bool `json:"analyzers"`
	// BuildTags repeats run.build-tags of golangci-lint, which plugins are not told:
	// with others a package that has different files is an error.
	BuildTags []string `json:"build-tags"`
}

// New makes the plugin from its settings: it is what golangci-lint calls. The
// error names the setting that is wrong.
func New(raw any) (register.LinterPlugin, error) {
	s, err := register.DecodeSettings[Settings](raw)
	if err != nil {
		return nil, fmt.Errorf("settings of %s: %w; there are policy, inline-policy, analyzers and build-tags", Name, err)
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	l, err := newLinter(s, dir, os.Getenv)
	if err != nil {
		return nil, fmt.Errorf("settings of %s: %w", Name, err)
	}
	return l, nil
}

// inlineName stands for the file in errors about an inline policy.
const inlineName = "inline-policy"

type linter struct {
	Settings
	suite  driver.Suite
	dir    string // where golangci-lint runs
	getenv func(string) string
}

func newLinter(s Settings, dir string, getenv func(string) string) (*linter, error) {
	l := &linter{Settings: s, suite: driver.Suite{Analyzers: analyzers.Suite()}, dir: dir, getenv: getenv}
	if s.Policy != "" && s.InlinePolicy != "" {
		return nil, errors.New("policy and inline-policy exclude each other: keep one")
	}
	var names []string
	for _, a := range l.suite.Analyzers {
		names = append(names, a.Name)
	}
	for name := range s.Analyzers {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("analyzers: there is no %q; there are %s", name, strings.Join(names, ", "))
		}
	}
	if len(l.suite.Enabled(s.Analyzers)) == 0 {
		return nil, errors.New("analyzers: all are switched off; remove the linter from linters.enable instead")
	}
	if s.Policy != "" {
		l.getenv = l.withPolicy(getenv)
	}
	return l, nil
}

// withPolicy is getenv as if TENANTVET_POLICY named the policy of the settings:
// what is true of a policy named there, such as what "./" in it means, is true
// of this one.
func (l *linter) withPolicy(getenv func(string) string) func(string) string {
	name := filepath.FromSlash(l.Policy)
	if !filepath.IsAbs(name) {
		root := driver.Upward(l.dir, "go.mod")
		if root == "" {
			root = l.dir // a workspace
		}
		name = filepath.Join(root, name)
	}
	return func(key string) string {
		if key == policy.EnvVar {
			return name
		}
		return getenv(key)
	}
}

// GetLoadMode says that packages are wanted with their types.
func (l *linter) GetLoadMode() string { return register.LoadModeTypesInfo }

// BuildAnalyzers returns the suite. The error is that of the policy of the
// directory where golangci-lint runs, if that is broken.
func (l *linter) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	policies := l.policies()
	if _, err := policies.For(l.dir); err != nil {
		return nil, err
	}
	pol, err := l.policyDigest()
	if err != nil {
		return nil, err
	}
	var roots []string
	for _, m := range driver.MainModules(l.dir, l.getenv) {
		roots = append(roots, m.Dir)
	}
	texts, err := policy.EmbeddedDigest(roots)
	if err != nil {
		return nil, err
	}
	// golangci-lint keeps findings and facts under the names of analyzers and
	// a hash of the Go files, and knows nothing of policies and embedded statements.
	digest, err := guest.Digest(l.suite, l.Analyzers, l.Policy, pol, texts)
	if err != nil {
		return nil, err
	}
	cache, err := cacheDir(l.getenv)
	if err != nil {
		return nil, err
	}
	return guest.Analyzers(guest.Config{
		Name:   Name,
		Doc:    "prove tenant isolation: keys and statements carry the caller's scope, no state is shared across tenants",
		URL:    "https://github.com/tenantvet/tenantvet",
		Suite:  l.suite,
		On:     l.Analyzers,
		Policy: func(_, dir string) (*policy.Policy, error) { return policies.For(dir) },
		Getenv: l.getenv,
		Digest: digest,
		Sources: &guest.Sources{
			Dir: l.dir, Env: os.Environ(), Tags: l.BuildTags, CacheDir: cache,
			TagsRemedy: "name what stands in run.build-tags or behind --build-tags in build-tags of the settings of " + Name + " too",
		},
	}), nil
}

// cacheDir returns where to keep what is known of packages, "" for nowhere: in
// golangci-lint's own cache, unless the environment says something else. So what keeps
// that one, as its action does, keeps this too, and "golangci-lint cache clean" removes
// both. It reads no other directories there than its own, which have two letters.
func cacheDir(getenv func(string) string) (string, error) {
	if getenv(record.EnvVar) != "" {
		return record.Dir(getenv)
	}
	host := getenv("GOLANGCI_LINT_CACHE")
	if host == "" {
		base := record.UserCacheDir(getenv)
		if base == "" {
			return "", nil
		}
		host = filepath.Join(base, "golangci-lint")
	}
	if !filepath.IsAbs(host) {
		return "", nil // "off"; golangci-lint says what is wrong with others
	}
	return filepath.Join(host, "tenantvet"), nil
}

func (l *linter) policies() *policy.Policies {
	if l.InlinePolicy != "" {
		return policy.TextPolicies(inlineName, l.InlinePolicy)
	}
	return policy.NewPolicies(l.getenv)
}

func (l *linter) policyDigest() (string, error) {
	if l.InlinePolicy != "" {
		digest, err := policy.DigestText(l.InlinePolicy, l.dir)
		return inlineName + " " + digest, err // findings may name it
	}
	return policy.Digest(l.dir, l.getenv)
}
