// Package drivertest holds a small suite with which the drivers are tested:
// facts across packages, a required result, a policy file, a fix. Its rules
// mean nothing.
package drivertest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/tenantvet/tenantvet/internal/driver"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"
)

// PolicyName is the name of the suite's policy file: one word a line, each the
// name of a function whose first argument is a key.
const PolicyName = ".toy.policy"

// Suite returns a new suite.
func Suite() driver.Suite {
	words := policyAnalyzer()
	return driver.Suite{
		Version:   "v0.0.0-toy",
		Analyzers: []*analysis.Analyzer{keyAnalyzer(words), globalAnalyzer(), faultAnalyzer()},
		Explain: func(name string) (string, bool) {
			if name == "literal" || name == "toykey/literal" {
				return "toykey/literal: a key is a literal.", true
			}
			return "", false
		},
		PolicyDigest: func(dir string, getenv func(string) string) (string, error) {
			file := policyFile(dir)
			if file == "" {
				return "none", nil
			}
			data, err := os.ReadFile(file)
			if err != nil {
				return "", err
			}
			return driver.Hash(file, string(data)), nil
		},
		Policy: func(dir string, getenv func(string) string) (string, error) {
			return fmt.Sprintf("policy: %q\n", filepath.Base(policyFile(dir))), nil
		},
	}
}

func policyFile(dir string) string {
	if d := driver.Upward(dir, PolicyName); d != "" {
		return filepath.Join(d, PolicyName)
	}
	return ""
}

// A Policy is the result of the policy analyzer.
type Policy struct{ Words []string }

func policyAnalyzer() *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:       "toypolicy",
		Doc:        "read the toy policy",
		ResultType: reflect.TypeFor[*Policy](),
		Run: func(pass *analysis.Pass) (any, error) {
			p := &Policy{Words: []string{"Sink"}}
			file := policyFile(filepath.Dir(pass.Fset.File(pass.Files[0].FileStart).Name()))
			if file == "" {
				return p, nil
			}
			data, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			for i, line := range bytes.Split(data, []byte("\n")) {
				word := strings.TrimSpace(string(line))
				if strings.Contains(word, " ") {
					return nil, fmt.Errorf("%s:%d:1: %q is two words: write one a line", file, i+1, word)
				}
				if word != "" {
					p.Words = append(p.Words, word)
				}
			}
			return p, nil
		},
	}
}

// PassesOn is the fact that a function passes its first argument on as a key.
type PassesOn struct {
	To []string // sorted
}

// AFact marks PassesOn as a fact.
func (*PassesOn) AFact() {}

func (f *PassesOn) String() string { return "passesOn(" + strings.Join(f.To, ",") + ")" }

func keyAnalyzer(policy *analysis.Analyzer) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:      "toykey",
		Doc:       "toykey: literal keys\n\nReports literals that reach a function called Sink.",
		URL:       "https://example.com/toykey",
		Requires:  []*analysis.Analyzer{inspect.Analyzer, policy},
		FactTypes: []analysis.Fact{new(PassesOn)},
		Run: func(pass *analysis.Pass) (any, error) {
			words := pass.ResultOf[policy].(*Policy).Words
			sinks := func(f *types.Func) []string {
				for _, w := range words {
					if f.Name() == w {
						return []string{w}
					}
				}
				var fact PassesOn
				if pass.ImportObjectFact(f.Origin(), &fact) {
					return fact.To
				}
				return nil
			}
			ins := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
			calls := func(report bool) {
				for cur := range ins.Root().Preorder((*ast.CallExpr)(nil)) {
					call := cur.Node().(*ast.CallExpr)
					f := typeutil.StaticCallee(pass.TypesInfo, call)
					if f == nil || len(call.Args) == 0 {
						continue
					}
					to := sinks(f)
					if to == nil {
						continue
					}
					if lit, ok := call.Args[0].(*ast.BasicLit); ok && report {
						pass.Report(analysis.Diagnostic{
							Pos: lit.Pos(), End: lit.End(), Category: "literal",
							Message: fmt.Sprintf("literal key %s reaches %s", lit.Value, strings.Join(to, ", ")),
							Related: []analysis.RelatedInformation{{Pos: call.Pos(), Message: "passed to " + f.Name() + " here"}},
							SuggestedFixes: []analysis.SuggestedFix{{
								Message:   "Name the key",
								TextEdits: []analysis.TextEdit{{Pos: lit.Pos(), End: lit.End(), NewText: []byte("key")}},
							}},
						})
					}
					id, ok := call.Args[0].(*ast.Ident)
					if !ok {
						continue
					}
					for up := range cur.Enclosing((*ast.FuncDecl)(nil)) {
						decl := up.Node().(*ast.FuncDecl)
						obj, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func)
						if ok && obj.Signature().Params().Len() > 0 && pass.TypesInfo.Uses[id] == obj.Signature().Params().At(0) {
							pass.ExportObjectFact(obj, &PassesOn{To: to})
						}
					}
				}
			}
			calls(false)
			calls(true)
			return nil, nil
		},
	}
}

func globalAnalyzer() *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     "toyglobal",
		Doc:      "toyglobal: package-level maps",
		Requires: []*analysis.Analyzer{inspect.Analyzer},
		Run: func(pass *analysis.Pass) (any, error) {
			scope := pass.Pkg.Scope()
			for _, name := range scope.Names() {
				v, ok := scope.Lookup(name).(*types.Var)
				if !ok {
					continue
				}
				if _, ok := v.Type().Underlying().(*types.Map); ok {
					pass.Reportf(v.Pos(), "package-level map %s", name)
				}
			}
			return nil, nil
		},
	}
}

// faultAnalyzer panics on a package that asks for it.
func faultAnalyzer() *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: "toyfault",
		Doc:  "toyfault: fails on request",
		Run: func(pass *analysis.Pass) (any, error) {
			if pass.Pkg.Scope().Lookup("PanicPlease") != nil {
				panic("as asked")
			}
			return nil, nil
		},
	}
}
