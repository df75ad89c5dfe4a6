// Package guest runs the suite inside a driver that is not ours, such as
// golangci-lint: as analyzers that any driver of go/analysis can run.
//
// The suite as a whole is one analyzer there. That keeps the answer the same
// everywhere: which packages and files are looked at, in which order the rules
// run and what they learn of imported packages is decided by internal/driver,
// as for the vet tool and the command. The host gives types, carries facts, and
// shows what is found; where carrying facts would cost it too much, they are looked
// up instead (see [Sources]).
package guest

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/baseline"
	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/report"
)

// A Config says what to run.
type Config struct {
	Name  string // of the analyzer that reports
	Doc   string
	URL   string
	Suite driver.Suite
	// On switches analyzers of the suite on or off: see [driver.Suite.Enabled].
	On map[string]bool
	// Policy returns the policy for the package of that path in dir. It must be safe
	// for concurrent use.
	Policy func(path, dir string) (*policy.Policy, error)
	// Module returns the module of the package of that path, nil if it is not the
	// project's own. If Module is nil, the host tells.
	Module func(path string) *analysis.Module
	// Getenv looks up GOROOT.
	Getenv func(string) string
	// Sources, if set, says that the host carries no facts, and where sources are.
	Sources *Sources
	// Digest stands for everything but the code that answers depend on: the
	// tool and the policy. Hosts keep facts and findings under the names of
	// analyzers, so it is part of a name.
	Digest string
}

// Facts are the facts of the suite's analyzers about a package and what its
// API leads to, in the encoding of [driver.File].
type Facts struct{ Data []byte }

// AFact marks Facts as a fact.
func (*Facts) AFact() {}

// String returns the size, which is all that concerns a reader.
func (f *Facts) String() string { return fmt.Sprintf("%d bytes", len(f.Data)) }

// outcome is what the analyzer that does the work leaves to the one that
// reports.
type outcome struct {
	found []driver.Diagnostic
	main  token.Pos // in a file of the package, for findings in other files
	root  string    // file names are told relative to it
}

// Analyzers returns the analyzers for the host to run: the one that reports,
// and the one that it requires, so that the name of that one, with the digest
// in it, takes part wherever the host names what it runs.
func Analyzers(cfg Config) []*analysis.Analyzer {
	work := &analysis.Analyzer{
		Name:       cfg.Name + "_" + cfg.Digest[:min(len(cfg.Digest), 24)],
		Doc:        "analyse a package for " + cfg.Name,
		ResultType: reflect.TypeFor[*outcome](),
		FactTypes:  []analysis.Fact{new(Facts)},
	}
	var p *project
	if cfg.Sources != nil {
		p, work.FactTypes = newProject(&cfg), nil
	}
	work.Run = func(pass *analysis.Pass) (any, error) { return cfg.run(pass, p) }
	show := &analysis.Analyzer{
		Name:     cfg.Name,
		Doc:      cfg.Doc,
		URL:      cfg.URL,
		Requires: []*analysis.Analyzer{work},
		Run: func(pass *analysis.Pass) (any, error) {
			// A host may go on although what is required failed.
			if out, ok := pass.ResultOf[work].(*outcome); ok && out != nil {
				out.report(pass)
			}
			return nil, nil
		},
	}
	return []*analysis.Analyzer{show, work}
}

// run analyses a package.
func (cfg *Config) run(pass *analysis.Pass, p *project) (*outcome, error) {
	s := cfg.subject(pass)
	if s == nil {
		return new(outcome), nil
	}
	pol, err := cfg.Policy(s.path, s.dir)
	if err != nil {
		return nil, fmt.Errorf("package %s: %w", s.path, err)
	}
	var found []driver.Diagnostic
	if p != nil {
		found, err = p.inPass(s, pass)
	} else {
		found, err = cfg.withFacts(pass, s, pol)
	}
	if err != nil {
		return nil, err
	}
	if found, err = unknown(pol, found); err != nil {
		return nil, err
	}
	return &outcome{found: found, main: s.main, root: pol.Dir}, nil
}

// withFacts analyses the package of a pass with the facts that the host carries.
func (cfg *Config) withFacts(pass *analysis.Pass, s *subject, pol *policy.Policy) ([]driver.Diagnostic, error) {
	unit, err := s.unit()
	if err != nil {
		return nil, err
	}
	unit.Given = map[*analysis.Analyzer]any{policy.Analyzer: pol}
	unit.Facts, err = imported(pass)
	if err != nil {
		return nil, err
	}
	res, err := cfg.Suite.Run(unit, cfg.Suite.Enabled(cfg.On))
	if err != nil {
		return nil, fmt.Errorf("package %s: %w", unit.Path, err)
	}
	if err := failure(res.Failures); err != nil {
		return nil, err
	}
	file := driver.File{Sections: append(unit.Facts.Reachable(unit.Pkg), res.Own)}
	if data := file.Encode(); len(data) > 0 {
		pass.ExportPackageFact(&Facts{data})
	}
	return res.Diagnostics, nil
}

// unknown returns the diagnostics that the baseline of the policy does not know.
func unknown(pol *policy.Policy, found []driver.Diagnostic) ([]driver.Diagnostic, error) {
	name := pol.Baseline
	if name == "" {
		return found, nil
	}
	var all, left []report.Finding
	for _, d := range found {
		all = append(all, d.Finding)
	}
	all = report.Normalize(all)
	var err error
	if text, packed := pol.BaselineText(); packed {
		left, err = baseline.NewIn(text, filepath.Base(name), all)
	} else {
		left, err = baseline.New(name, filepath.Base(name), all)
	}
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(found), func(d driver.Diagnostic) bool {
		return !slices.ContainsFunc(left, d.Finding.Same)
	}), nil
}

// failure returns the failures as one error, nil if there are none.
func failure(fs []report.Failure) error {
	var errs []error
	for _, f := range fs {
		errs = append(errs, fmt.Errorf("package %s: %s", f.Package, f.Err))
	}
	return errors.Join(errs...)
}

// subject returns what the pass is about, nil if nothing is to be analysed: it is not
// the project's own, or consists of tests.
func (cfg *Config) subject(pass *analysis.Pass) *subject {
	var files []*ast.File
	var names []string
	for _, f := range pass.Files {
		if !isTest(pass, f) {
			files = append(files, f)
			names = append(names, pass.Fset.File(f.FileStart).Name())
		}
	}
	if len(files) == 0 {
		return nil
	}
	main := written(pass.Fset, files).Package
	dir := filepath.Dir(driver.Position(pass.Fset, main).Filename)
	mod, own := cfg.module(pass, dir)
	if !own || driver.IsGenerated(names) {
		return nil
	}
	return &subject{
		path: pass.Pkg.Path(), dir: dir, main: main, module: mod, sizes: pass.TypesSizes,
		unit: func() (*driver.Unit, error) {
			u := &driver.Unit{
				Path: pass.Pkg.Path(), Fset: pass.Fset, Files: files, Pkg: pass.Pkg, Info: pass.TypesInfo, Sizes: pass.TypesSizes,
				OtherFiles: pass.OtherFiles, IgnoredFiles: pass.IgnoredFiles, Module: mod, ReadFile: pass.ReadFile,
			}
			if len(files) == len(pass.Files) {
				return u, nil
			}
			// Methods and initialisers that only tests declare are no part of
			// what runs in production, and to analyse part of a package's files
			// with the types of all would be to ask for bodies that are not there.
			if err := check(u, importsOf{pass.Pkg}, pass.Pkg.GoVersion()); err != nil {
				return nil, fmt.Errorf("package %s without its tests: %w", u.Path, err)
			}
			return u, nil
		},
	}
}

// written returns the first of the files that somebody wrote and that does not say to
// come from another that is no Go file, since hosts know of these alone.
func written(fset *token.FileSet, files []*ast.File) *ast.File {
	for _, f := range files {
		if driver.Written(driver.Position(fset, f.Package).Filename) && isGo(fset.Position(f.Package).Filename) {
			return f
		}
	}
	return driver.FirstWritten(fset, files)
}

func isTest(pass *analysis.Pass, f *ast.File) bool {
	if pass.Pkg.Name() == "main" && strings.HasSuffix(pass.Pkg.Path(), ".test") && !isGo(pass.Fset.File(f.FileStart).Name()) {
		return true // the go command wrote it into its cache, to run tests
	}
	return driver.IsTest(pass.Fset.Position(f.Package).Filename)
}

// module returns the module of the package in dir, and whether it is the project's
// own.
func (cfg *Config) module(pass *analysis.Pass, dir string) (*analysis.Module, bool) {
	path := pass.Pkg.Path()
	if cfg.Module != nil {
		mod := cfg.Module(path)
		return mod, mod != nil
	}
	mod := pass.Module
	if mod == nil {
		mod = new(analysis.Module)
	}
	return pass.Module, driver.Classify(path, dir, mod.Path, mod.Version, cfg.Getenv("GOROOT")) == driver.Own
}

// check type-checks the files of u by themselves.
func check(u *driver.Unit, imports types.Importer, goVersion string) error {
	u.Info = driver.NewInfo()
	conf := types.Config{Importer: imports, Sizes: u.Sizes, GoVersion: goVersion}
	var err error
	u.Pkg, err = conf.Check(u.Path, u.Fset, u.Files, u.Info)
	return err
}

// importsOf imports what a package imports.
type importsOf struct{ pkg *types.Package }

func (in importsOf) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	for _, p := range in.pkg.Imports() {
		// A vendored package has a longer path than the import says.
		if p.Path() == path || strings.HasSuffix(p.Path(), "/vendor/"+path) {
			return p, nil
		}
	}
	return nil, fmt.Errorf("package %s imports no %s", in.pkg.Path(), path)
}

// imported returns what is known of the packages that pass imports.
func imported(pass *analysis.Pass) (*driver.Facts, error) {
	facts := driver.NewFacts(nil)
	for _, p := range pass.Pkg.Imports() {
		var fact Facts
		if !pass.ImportPackageFact(p, &fact) {
			continue
		}
		file, err := driver.DecodeFile(fact.Data)
		if err != nil {
			return nil, fmt.Errorf("reading the facts of package %s: %w", p.Path(), err)
		}
		facts.Add(file.Sections)
	}
	return facts, nil
}

// report tells the host what was found. Hosts differ in what they make of
// related places, and golangci-lint makes findings of them: so the path is
// part of the message.
func (o *outcome) report(pass *analysis.Pass) {
	for _, d := range o.found {
		var steps []string
		for _, r := range d.Finding.Related {
			steps = append(steps, o.place(r.Pos)+": "+r.Message)
		}
		out := analysis.Diagnostic{Pos: d.Pos, End: d.End, Category: d.Category, Message: Message(d.Analyzer.Name, d.Category, d.Message, steps), URL: d.URL}
		if !isGo(d.Finding.Pos.File) {
			// It is about a line of the policy, and hosts know of Go files only.
			out.Pos, out.End = o.main, token.NoPos
			out.Message = o.place(d.Finding.Pos) + ": " + out.Message
		}
		if out.URL == "" {
			out.URL = d.Analyzer.URL
		}
		if len(d.SuggestedFixes) > 0 && inFile(pass.Fset, d.SuggestedFixes[0], out.Pos) {
			// Further ones are alternatives, and golangci-lint would apply all.
			out.SuggestedFixes = d.SuggestedFixes[:1]
		}
		pass.Report(out)
	}
}

// Message returns a finding as one line: what [report.Text] prints on several.
func Message(analyzer, category, message string, steps []string) string {
	s := fmt.Sprintf("%s (%s/%s)", message, analyzer, category)
	if len(steps) > 0 {
		s += " [" + strings.Join(steps, "; ") + "]"
	}
	return s
}

func isGo(file string) bool { return filepath.Ext(file) == ".go" }

// place returns a place as messages tell it.
func (o *outcome) place(at report.Pos) string {
	at.File = o.short(at.File)
	return at.String()
}

// short returns a file's name relative to the module, with slashes, so that
// messages are the same on every machine: hosts keep and share them.
func (o *outcome) short(name string) string {
	if rel, err := filepath.Rel(o.root, name); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return filepath.Base(name)
}

// inFile reports whether all edits of a fix are in the file that holds pos.
// golangci-lint applies those that are and leaves the others out, which makes
// half a fix of it.
func inFile(fset *token.FileSet, fix analysis.SuggestedFix, pos token.Pos) bool {
	file := fset.File(pos)
	for _, e := range fix.TextEdits {
		if fset.File(e.Pos) != file {
			return false
		}
	}
	return true
}

// Digest returns a digest for [Config]: of the running tool, of which analyzers
// are switched on or off, and of what the host's settings say else.
func Digest(suite driver.Suite, on map[string]bool, settings ...string) (string, error) {
	tool, err := driver.ToolDigest()
	if err != nil {
		return "", err
	}
	for _, a := range suite.Enabled(on) {
		settings = append(settings, a.Name)
	}
	return driver.Hash(append([]string{"guest", tool}, settings...)...), nil
}
