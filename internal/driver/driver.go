// Package driver runs a suite of analyzers on one type-checked package, with
// facts from the packages it imports. It is the one place where that is done:
// the vet tool and the command differ only in how they come by types and
// facts, so what they report cannot differ.
package driver

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/report"
	"golang.org/x/tools/go/analysis"
)

// A Suite is the set of analyzers and what the drivers must know beside it.
// It is passed by value and read only.
type Suite struct {
	// Analyzers are the rules, in the order in which they are listed.
	// What they require need not be listed.
	Analyzers []*analysis.Analyzer

	// OptIn names those of Analyzers that run only if switched on.
	OptIn []string

	// Version is what "tenantvet version" prints; "" means: what the build
	// information says.
	Version string

	// Explain returns the page of a rule, given the name of an analyzer, a
	// category, or "analyzer/category". If nil, or if it has none, the doc
	// text of the analyzer of that name is the page.
	Explain func(name string) (page string, ok bool)

	// Categories returns the categories of the findings of the analyzer of
	// that name, in the order in which they are listed. If nil, none are.
	Categories func(analyzer string) []Category

	// PolicyDigest returns a digest of every policy file that a run from dir
	// may see. It decides whether cached results may be used. It must be
	// fast: the go command asks for it on every "go vet". If nil, there is
	// no policy.
	PolicyDigest func(dir string, getenv func(string) string) (string, error)

	// Given, if set, is called once for a run over many packages. What it returns tells
	// the results of analyzers for the package in dir, from what is read once for all
	// of them; nil if it cannot, and they are run. It must be safe for concurrent use.
	Given func(getenv func(string) string) func(dir string) map[*analysis.Analyzer]any

	// Baseline returns the file of known findings that the policy for dir names,
	// "" if it names none. Findings that are in it are not reported. If nil,
	// there is none.
	Baseline func(dir string, getenv func(string) string) (string, error)

	// Tally, if set, is the one of Analyzers whose tally (see Result.Tallies)
	// says what only a run over many packages can judge, for Notes.
	Tally *analysis.Analyzer

	// Notes returns what a run shows beside findings, a line each. It is
	// asked only about runs in which all went well and Tally was on.
	Notes func(Run) ([]string, error)

	// Ledger, if set, is the one of Analyzers whose tally lists what was looked
	// at: a [report.Line] each, as its String writes it. The command runs it
	// where it is asked to count.
	Ledger *analysis.Analyzer

	// Routes, if set, is what "tenantvet routes" runs, and nothing else: its
	// tally lists what the package wires (see routes.Gather).
	Routes *analysis.Analyzer

	// Usage, if set, is what "tenantvet doctor" runs beside Analyzers: its tally
	// says what code uses of what is said about it. Doctor returns what that shows,
	// a line each, and what is to be mended.
	Usage  *analysis.Analyzer
	Doctor func(Run) (lines, mend []string, err error)

	// Policy carries out "tenantvet policy" for the directory dir and returns its
	// output. If nil, the command has no such subcommand.
	Policy func(dir string, getenv func(string) string) (string, error)

	// Flags returns what "tenantvet nogo" writes: the flags of the analyzer for nogo,
	// with the policy in force for dir in them. If nil, there is no such subcommand.
	Flags func(dir string, getenv func(string) string) (map[string]string, error)

	// Proposals, if set, is what "tenantvet init" and -suggest run: of its tally
	// Suggest makes rows for the policy, commented out; "" if there are none. Init
	// returns a first policy with these, for the module at root; routes is the tally of
	// Routes.
	Proposals *analysis.Analyzer
	Suggest   func(dir string, getenv func(string) string, tally []string) (rows string, err error)
	Init      func(root, rows string, routes []string) (First, error)
}

// First is a first policy for a module: proposals, none of them in force.
type First struct {
	File  string // where it belongs, absolute
	Text  string
	Count map[string]int // of the proposals, by table: "[[source]]"
}

// A Category is a kind of finding of one analyzer.
type Category struct {
	Name  string // without the analyzer's
	Title string // what it means, in one line
}

// A Run is what Suite.Notes and Suite.Doctor are told of a run of the command.
type Run struct {
	Dir      string // where it ran, absolute
	Getenv   func(string) string
	Patterns []string // the packages named
	Tally    []string // of Suite.Tally, or of Suite.Usage: sorted, each line once
	Findings []report.Finding
}

// Validate reports what is wrong with the suite: see [analysis.Validate]. It
// also checks that every fact type can be encoded.
func (s Suite) Validate() error {
	all := slices.Clone(s.Analyzers)
	for _, a := range []*analysis.Analyzer{s.Routes, s.Usage, s.Proposals} {
		if a != nil {
			all = append(all, a)
		}
	}
	if err := analysis.Validate(all); err != nil {
		return err
	}
	_, err := factTypes(all)
	return err
}

// Enabled returns the analyzers of s that run when the named ones are switched
// on or off: those that are on, if any is switched on; else all but those that
// are off.
func (s Suite) Enabled(on map[string]bool) []*analysis.Analyzer {
	some := false
	for _, v := range on {
		some = some || v
	}
	var out []*analysis.Analyzer
	for _, a := range s.Analyzers {
		v, said := on[a.Name]
		if some && v || !some && !said && !slices.Contains(s.OptIn, a.Name) {
			out = append(out, a)
		}
	}
	return out
}

// A Unit is a type-checked package to be analysed.
type Unit struct {
	Path         string // the package path, without the suffix of test variants
	Fset         *token.FileSet
	Files        []*ast.File
	Pkg          *types.Package
	Info         *types.Info
	Sizes        types.Sizes
	OtherFiles   []string
	IgnoredFiles []string
	Module       *analysis.Module
	Facts        *Facts                       // what is known of the imported packages
	ReadFile     func(string) ([]byte, error) // nil means os.ReadFile
	// Given holds the results of analyzers that are known beforehand: these
	// are not run.
	Given map[*analysis.Analyzer]any
}

// A Result is what became of a unit.
type Result struct {
	Findings []report.Finding
	// Diagnostics are what Findings were made of, in the order in which
	// analyzers reported them.
	Diagnostics []Diagnostic
	// TakenOut are findings that exemptions took out, sorted.
	TakenOut []report.TakenOut
	Failures []report.Failure
	// Tallies are those of the analyzers whose results are a [Teller], in the
	// order in which the analyzers were given. The command gathers them, from its
	// cache too.
	Tallies []Tally
	Own     *Section // the facts about objects of the unit, ready to be encoded
}

// A Tally is what an analyzer has to tell a run over many packages.
type Tally struct {
	Analyzer string
	Lines    []string
}

// A Teller is the result of an analyzer that has something to tell a run over many
// packages, beside findings.
type Teller interface {
	// Tally returns it, line by line.
	Tally() []string
}

// Lines is the [Teller] of an analyzer whose result is nothing else.
type Lines []string

// Tally returns the lines.
func (l Lines) Tally() []string { return l }

// An Exempter is the result of an analyzer that knows which of its findings
// were taken out by exemptions.
type Exempter interface {
	// TakenOut returns them, each with what took it out.
	TakenOut() []Unreported
}

// An Unreported is a diagnostic that was taken out, and what by.
type Unreported struct {
	analysis.Diagnostic
	By report.Exemption
}

// A Diagnostic is a diagnostic with the analyzer that reported it, and the
// finding that was made of it.
type Diagnostic struct {
	Analyzer *analysis.Analyzer
	analysis.Diagnostic
	Finding report.Finding
}

// NewInfo returns a types.Info with every map that analyzers may ask for.
func NewInfo() *types.Info {
	return &types.Info{
		Types:        make(map[ast.Expr]types.TypeAndValue),
		Defs:         make(map[*ast.Ident]types.Object),
		Uses:         make(map[*ast.Ident]types.Object),
		Implicits:    make(map[ast.Node]types.Object),
		Instances:    make(map[*ast.Ident]types.Instance),
		Scopes:       make(map[ast.Node]*types.Scope),
		Selections:   make(map[*ast.SelectorExpr]*types.Selection),
		FileVersions: make(map[*ast.File]string),
	}
}

// Run runs the given analyzers on u, what they require first, one after the
// other and always in the same order. An analyzer that fails or panics is a
// failure of the result and stops only those that require it.
func (s Suite) Run(u *Unit, analyzers []*analysis.Analyzer) (*Result, error) {
	known, err := factTypes(s.Analyzers)
	if err != nil {
		return nil, err
	}
	if err := incomplete(u); err != nil {
		return nil, err
	}
	st := newStore(u, known)
	res := new(Result)
	type outcome struct {
		value  any
		failed bool
	}
	done := make(map[*analysis.Analyzer]outcome)
	var exec func(a *analysis.Analyzer) outcome
	exec = func(a *analysis.Analyzer) outcome {
		if o, ok := done[a]; ok {
			return o
		}
		if value, ok := u.Given[a]; ok {
			return outcome{value: value}
		}
		inputs := make(map[*analysis.Analyzer]any, len(a.Requires))
		broken := false
		for _, req := range a.Requires {
			// If one fails, its cause is on record under its name; the others
			// run all the same, for what they have to say.
			o := exec(req)
			broken = broken || o.failed
			inputs[req] = o.value
		}
		if broken {
			done[a] = outcome{failed: true}
			return done[a]
		}
		value, found, err := runOne(u, st, a, inputs)
		if err != nil {
			res.Failures = append(res.Failures, report.Failure{Package: u.Path, Analyzer: a.Name, Err: err.Error()})
			done[a] = outcome{failed: true}
			return done[a]
		}
		if slices.Contains(analyzers, a) {
			// Helpers that are not switched on do their work in silence.
			for _, d := range found {
				f := finding(u, a, d)
				res.Diagnostics = append(res.Diagnostics, Diagnostic{a, d, f})
				res.Findings = append(res.Findings, f)
			}
			if x, ok := value.(Teller); ok {
				res.Tallies = append(res.Tallies, Tally{a.Name, x.Tally()})
			}
			if x, ok := value.(Exempter); ok {
				for _, t := range x.TakenOut() {
					res.TakenOut = append(res.TakenOut, report.TakenOut{Finding: finding(u, a, t.Diagnostic), By: t.By})
				}
			}
		}
		done[a] = outcome{value: value}
		return done[a]
	}
	for _, a := range analyzers {
		exec(a)
	}
	res.Findings = report.Normalize(res.Findings)
	res.TakenOut = report.NormalizeTakenOut(res.TakenOut)
	res.Own, err = st.own()
	if err != nil {
		res.Failures = append(res.Failures, report.Failure{Package: u.Path, Analyzer: "facts", Err: err.Error()})
		res.Own = &Section{Path: u.Pkg.Path()}
	}
	return res, nil
}

func runOne(u *Unit, st *store, a *analysis.Analyzer, inputs map[*analysis.Analyzer]any) (value any, found []analysis.Diagnostic, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("internal error: analyzer %s panicked on package %s: %v%s: please report it; -%s=false goes on without",
				a.Name, u.Path, p, panicSite(debug.Stack()), a.Name)
		}
	}()
	filter := make(map[reflect.Type]bool)
	for _, f := range a.FactTypes {
		filter[reflect.TypeOf(f)] = true
	}
	readFile := u.ReadFile
	if readFile == nil {
		readFile = os.ReadFile
	}
	pass := &analysis.Pass{
		Analyzer:     a,
		Fset:         u.Fset,
		Files:        u.Files,
		OtherFiles:   u.OtherFiles,
		IgnoredFiles: u.IgnoredFiles,
		Pkg:          u.Pkg,
		TypesInfo:    u.Info,
		TypesSizes:   u.Sizes,
		Module:       u.Module,
		ResultOf:     inputs,
		Report:       func(d analysis.Diagnostic) { found = append(found, d) },
		ReadFile: func(name string) ([]byte, error) {
			if err := readable(u, name); err != nil {
				return nil, err
			}
			return readFile(name)
		},
		ImportObjectFact:  st.importObjectFact,
		ExportObjectFact:  st.exportObjectFact,
		AllObjectFacts:    func() []analysis.ObjectFact { return st.allObjectFacts(filter) },
		ImportPackageFact: st.importPackageFact,
		ExportPackageFact: st.exportPackageFact,
		AllPackageFacts:   func() []analysis.PackageFact { return st.allPackageFacts(filter) },
	}
	value, err = a.Run(pass)
	if err != nil {
		return nil, nil, err
	}
	if got := reflect.TypeOf(value); got != a.ResultType {
		return nil, nil, fmt.Errorf("internal error: analyzer %s returned a result of type %v, not %v, on package %s", a.Name, got, a.ResultType, u.Path)
	}
	if st.err != nil {
		return nil, nil, st.err
	}
	return value, found, nil
}

// panicSite returns " at file:line" for the innermost frame of the panic.
func panicSite(stack []byte) string {
	lines := strings.Split(string(stack), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "panic(") && i+3 < len(lines) {
			site, _, _ := strings.Cut(strings.TrimSpace(lines[i+3]), " ")
			// The base name is enough to find it and the same everywhere.
			return " at " + site[strings.LastIndexAny(site, `/\`)+1:]
		}
	}
	return ""
}

func readable(u *Unit, name string) error {
	if slices.Contains(u.OtherFiles, name) || slices.Contains(u.IgnoredFiles, name) {
		return nil
	}
	for _, f := range u.Files {
		if u.Fset.File(f.FileStart).Name() == name {
			return nil
		}
	}
	return fmt.Errorf("%s is no file of package %s", name, u.Path)
}

func place(fset *token.FileSet, pos token.Pos) report.Pos {
	p := fset.Position(pos)
	return report.Pos{File: p.Filename, Line: p.Line, Col: p.Column}
}

func finding(u *Unit, a *analysis.Analyzer, d analysis.Diagnostic) report.Finding {
	end := func(pos, end token.Pos) token.Pos {
		if end.IsValid() {
			return end
		}
		return pos
	}
	f := report.Finding{
		Package:  u.Path,
		Analyzer: a.Name,
		Category: d.Category,
		Message:  d.Message,
		URL:      d.URL,
		Pos:      place(u.Fset, d.Pos),
		End:      place(u.Fset, end(d.Pos, d.End)),
	}
	if f.URL == "" {
		f.URL = a.URL
	}
	for _, r := range d.Related {
		f.Related = append(f.Related, report.Step{
			Pos: place(u.Fset, r.Pos), End: place(u.Fset, end(r.Pos, r.End)), Message: r.Message,
		})
	}
fixes:
	for _, x := range d.SuggestedFixes {
		fix := report.Fix{Message: x.Message}
		for _, e := range x.TextEdits {
			file := u.Fset.File(e.Pos)
			last := end(e.Pos, e.End)
			if file == nil || last < e.Pos || int(last) > file.Base()+file.Size() || file.Name() != u.Fset.Position(e.Pos).Filename {
				// Out of bounds, or in a file that cgo or another
				// generator made: nothing a user could apply.
				continue fixes
			}
			fix.Edits = append(fix.Edits, report.Edit{
				File: file.Name(), Start: file.Offset(e.Pos), End: file.Offset(last), New: string(e.NewText),
			})
		}
		f.Fixes = append(f.Fixes, fix)
	}
	return f
}

// incomplete returns an error, which is a [types.Error], if some expression of
// the unit has no valid type though the type checker did not complain: it comes
// from a package that could not be read whole, and analyzers may not be asked
// about it.
func incomplete(u *Unit) error {
	var first ast.Expr
	for expr, tv := range u.Info.Types {
		if tv.Type == types.Typ[types.Invalid] && !tv.IsBuiltin() && (first == nil || expr.Pos() < first.Pos()) {
			first = expr
		}
	}
	if first == nil {
		return nil
	}
	return types.Error{Fset: u.Fset, Pos: first.Pos(), Msg: types.ExprString(first) + " has no type: it comes from a package that could not be read"}
}
