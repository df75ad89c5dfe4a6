// Package nogo is tenantvet as an analyzer of nogo, which runs analyzers in Bazel
// builds of Go.
//
// nogo wants a package with a variable Analyzer, and sees no file but those of the
// package that is built. So the policy reaches it by flags, which stand in nogo's
// config: "tenantvet nogo -write FILE" puts them there. Since the config is an input
// of nogo itself, an edit of it makes Bazel run everything again. See docs/bazel.md.
package nogo

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/analyzers"
	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/guest"
	"github.com/tenantvet/tenantvet/internal/policy"
)

// Analyzer is the whole suite as one analyzer. Its flags, which nogo sets from its
// config before it runs anything, are
//
//	module   the path of the module: packages of others are left out
//	policy   the text of the policy
//	files    the files that the policy names, by name: JSON
//	without  analyzers that are left out, separated by commas
//
// Without module it fails.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer {
	packed, on := new(policy.Packed), map[string]bool{}
	suite := driver.Suite{Analyzers: analyzers.Suite()}
	a := guest.Analyzers(guest.Config{
		Name:   "tenantvet",
		Doc:    "prove tenant isolation: keys and statements carry the caller's scope, no state is shared across tenants",
		URL:    "https://github.com/tenantvet/tenantvet",
		Suite:  suite,
		On:     on,
		Policy: func(path, dir string) (*policy.Policy, error) { return packed.Open(root(packed.Module, path, dir)) },
		Module: func(path string) *analysis.Module { return own(packed.Module, path) },
		Getenv: os.Getenv,
	})[0]
	run := a.Run
	a.Run = func(pass *analysis.Pass) (any, error) {
		if packed.Module == "" {
			return nil, errors.New(`the flag module of tenantvet is not set: write it, and the policy, into the config of nogo by "tenantvet nogo -write FILE"`)
		}
		return run(pass)
	}
	a.Flags.StringVar(&packed.Module, "module", "", "path of the module")
	a.Flags.StringVar(&packed.Policy, "policy", "", "text of the policy")
	a.Flags.StringVar(&packed.Files, "files", "", "files that the policy names, by name, as JSON")
	a.Flags.Func("without", "analyzers to leave out, separated by commas", func(names string) error {
		for name := range strings.SplitSeq(names, ",") {
			if !slices.ContainsFunc(suite.Analyzers, func(a *analysis.Analyzer) bool { return a.Name == name }) {
				return fmt.Errorf("there is no analyzer %q", name)
			}
			on[name] = false
		}
		return nil
	})
	return a
}

// own returns the module of the package of that path, nil if it is another's.
func own(module, path string) *analysis.Module {
	if path != module && !strings.HasPrefix(path, module+"/") {
		return nil
	}
	return &analysis.Module{Path: module}
}

// root returns the root of the module, which has the package of that path in dir.
// Bazel tells directories relative to the workspace, which need not be the module.
func root(module, path, dir string) string {
	dir = filepath.ToSlash(dir)
	below := strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
	if dir == below {
		return "."
	}
	if above, ok := strings.CutSuffix(dir, "/"+below); ok && below != "" {
		return filepath.FromSlash(above)
	}
	return filepath.FromSlash(dir)
}
