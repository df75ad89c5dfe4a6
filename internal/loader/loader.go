// Package loader runs a suite on whole modules in one process. It takes
// metadata from the go command, types from source, and compiles nothing:
// packages of the project are type-checked in full, all others only as far as
// the API that the project can see leads (see package light). What a package's
// analysis found is kept in a cache under a digest of everything it depends
// on, so that an unchanged module costs what "go list" costs.
package loader

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/light"
	"github.com/tenantvet/tenantvet/internal/record"
	"github.com/tenantvet/tenantvet/internal/report"
	"golang.org/x/tools/go/analysis"
)

// A Config says what to run on what.
type Config struct {
	Suite     driver.Suite
	Analyzers []*analysis.Analyzer // those switched on, from the suite
	Patterns  []string
	// Within, if set, are directories: findings are wanted only of those packages
	// named that are in one of them, or that import such a package, directly or
	// not.
	Within     []string
	Dir        string   // absolute; the go command runs there
	Env        []string // for the go command
	BuildFlags []string // for go list: -tags and the like
	CacheDir   string   // "" for no cache
	ToolDigest string   // part of every cache key
	Policy     string   // digest of the policy; part of every cache key
	// Given, if set, returns the results of analyzers for the package in dir: see
	// [driver.Suite.Given].
	Given func(dir string) map[*analysis.Analyzer]any
	// Progress, if set, is told how many of the packages to be analysed are
	// done. It is called from several goroutines.
	Progress func(done, total int)
}

// A Problem is a package that could not be read or type-checked.
type Problem struct {
	Package string
	Pos     report.Pos
	Msg     string
}

func (p Problem) String() string {
	if p.Pos.File == "" {
		return p.Msg
	}
	return p.Pos.String() + ": " + p.Msg
}

// A Result is what a run yields. Everything in it is sorted.
type Result struct {
	Findings []report.Finding
	Failures []report.Failure
	Problems []Problem
	// TakenOut are the findings of the packages named that exemptions took out.
	TakenOut []report.TakenOut
	tallies  map[string][]string
	Named    []string // those of the packages named that were analysed, or answered from the cache
	// Roots counts the packages named; Packages those of the project that
	// were looked at; Analyzed those among them that were not answered from
	// the cache.
	Roots, Packages, Analyzed int
}

// Tally returns what the tallies of an analyzer say of the packages named:
// sorted, each line once.
func (r *Result) Tally(a *analysis.Analyzer) []string {
	lines := slices.Clone(r.tallies[a.Name])
	slices.Sort(lines)
	return slices.Compact(lines)
}

// Run carries out cfg. An error means that nothing could be done at all; what
// goes wrong with one package is a problem or failure of the result.
func Run(ctx context.Context, cfg Config) (*Result, error) {
	var (
		env    *Env
		envErr error
		wg     sync.WaitGroup
	)
	wg.Go(func() { env, envErr = ReadEnv(ctx, &cfg) })
	pkgs, err := list(ctx, &cfg)
	wg.Wait()
	if err := cmp.Or(err, envErr); err != nil {
		return nil, err
	}
	l, err := newLoader(ctx, &cfg, env, pkgs)
	if err != nil {
		return nil, err
	}
	return l.run()
}

type loader struct {
	ctx   context.Context
	cfg   *Config
	env   *Env
	base  string // what is common to all keys
	fset  *token.FileSet
	sizes types.Sizes
	nodes map[string]*node
	order []*node // as go list gave them: dependencies first
	cache *record.Store
	cpu   chan struct{} // one token for each piece of work that may run at once

	compiledOnce  sync.Once
	compiledFiles map[string][]string
	compiledErrs  map[string]*listError
	compiledErr   error

	mu       sync.Mutex
	result   Result
	finished int
	total    int
}

// node is a package.
type node struct {
	*listed
	kind driver.Kind
	at   int     // place in the order; imports have a lower one
	deps []*node // resolved imports, sorted by ID
	wait []*node // packages of the project that must be done before n
	root bool    // named by the patterns: its findings are wanted
	need bool    // a package of the project that has to be looked at

	// Set once done is closed.
	done    chan struct{}
	deep    string // digest of all that importers may see of it
	section *driver.Section
	rec     *record.Record
	full    *types.Package // set if it was analysed in this run

	once  sync.Once
	light *types.Package
}

func newLoader(ctx context.Context, cfg *Config, env *Env, pkgs []*listed) (*loader, error) {
	l := &loader{
		ctx: ctx, cfg: cfg, env: env,
		fset:  token.NewFileSet(),
		sizes: types.SizesFor("gc", env.GOARCH),
		nodes: make(map[string]*node),
		cpu:   make(chan struct{}, runtime.GOMAXPROCS(0)),
	}
	if l.sizes == nil {
		return nil, fmt.Errorf("GOARCH=%s is not known", env.GOARCH)
	}
	var names []string
	for _, a := range cfg.Analyzers {
		names = append(names, a.Name)
	}
	l.base = driver.Hash("tenantvet record 3", cfg.ToolDigest, cfg.Policy, strings.Join(names, " "), runtime.Version(),
		env.GOVERSION, env.GOROOT, env.GOOS, env.GOARCH, env.GOEXPERIMENT, env.CGO_ENABLED,
		env.CGO_CFLAGS, env.CGO_CPPFLAGS, env.CGO_LDFLAGS, env.CC)
	var err error
	if l.cache, err = record.Open(cfg.CacheDir); err != nil {
		return nil, err
	}
	for _, p := range pkgs {
		if _, dup := l.nodes[p.ImportPath]; dup {
			continue
		}
		n := &node{listed: p, kind: p.kind(env), done: make(chan struct{}), at: len(l.order)}
		l.nodes[p.ImportPath] = n
		l.order = append(l.order, n)
	}
	for _, n := range l.order {
		for _, id := range n.Imports {
			// Dependencies come first in the list. What does not is part
			// of an import cycle, which the go command has reported; to
			// follow it would be to wait forever.
			if dep := l.nodes[id]; dep != nil && dep.at < n.at {
				n.deps = append(n.deps, dep)
			}
		}
		slices.SortFunc(n.deps, func(a, b *node) int { return cmp.Compare(a.ImportPath, b.ImportPath) })
	}
	l.choose()
	return l, nil
}

// choose marks what has to be looked at: the packages named and, for their
// facts, those of the project that they lead to.
func (l *loader) choose() {
	seen := make(map[*node]bool)
	var mark func(n *node)
	mark = func(n *node) {
		if seen[n] {
			return
		}
		seen[n] = true
		// A dependency of another kind may lead back to the project: a module
		// that replaces one that others require, too.
		n.need = n.kind == driver.Own
		for _, dep := range n.deps {
			mark(dep)
		}
	}
	within := l.within()
	for _, n := range l.order {
		if n.DepOnly || !within(n) {
			continue
		}
		l.result.Roots++
		if len(n.GoFiles)+len(n.CgoFiles) == 0 && n.Error != nil && len(n.TestGoFiles)+len(n.XTestGoFiles) > 0 {
			n.Error = nil // a package of tests alone
		}
		if len(n.GoFiles)+len(n.CgoFiles) == 0 && n.Error == nil {
			continue
		}
		n.root = true
		mark(n)
	}
	for _, n := range l.order {
		if n.need {
			l.total++
		}
		for _, dep := range n.deps {
			if dep.need {
				n.wait = append(n.wait, dep)
			} else {
				n.wait = append(n.wait, dep.wait...)
			}
		}
		slices.SortFunc(n.wait, func(a, b *node) int { return cmp.Compare(a.at, b.at) })
		n.wait = slices.Compact(n.wait)
	}
}

// within returns whether findings of a package are wanted, if it is named.
func (l *loader) within() func(n *node) bool {
	if l.cfg.Within == nil {
		return func(*node) bool { return true }
	}
	touched := make(map[*node]bool)
	for _, n := range l.order { // dependencies first
		touched[n] = slices.Contains(l.cfg.Within, n.Dir) || slices.ContainsFunc(n.deps, func(dep *node) bool { return touched[dep] })
	}
	return func(n *node) bool { return touched[n] }
}

func (l *loader) run() (*Result, error) {
	l.problemsOfList()
	var wg sync.WaitGroup
	for _, n := range l.order {
		if !n.need {
			continue
		}
		wg.Go(func() {
			defer close(n.done)
			for _, dep := range n.wait {
				<-dep.done
			}
			if l.ctx.Err() != nil {
				return
			}
			l.visit(n)
			l.mu.Lock()
			defer l.mu.Unlock()
			l.finished++
			if l.cfg.Progress != nil {
				l.cfg.Progress(l.finished, l.total)
			}
		})
	}
	wg.Wait()
	if err := l.ctx.Err(); err != nil {
		return nil, err
	}
	res := &l.result
	res.tallies = map[string][]string{}
	for _, n := range l.order {
		if n.need {
			res.Packages++
		}
		if n.root && n.rec != nil {
			res.Findings = append(res.Findings, n.rec.Findings...)
			res.TakenOut = append(res.TakenOut, n.rec.TakenOut...)
			for _, t := range n.rec.Tallies {
				res.tallies[t.Analyzer] = append(res.tallies[t.Analyzer], t.Lines...)
			}
			res.Named = append(res.Named, n.ImportPath)
		}
	}
	slices.Sort(res.Named)
	res.Findings = report.Normalize(res.Findings)
	res.TakenOut = report.NormalizeTakenOut(res.TakenOut)
	slices.SortFunc(res.Problems, compareProblems)
	res.Problems = slices.Compact(res.Problems)
	slices.SortFunc(res.Failures, func(a, b report.Failure) int {
		return cmp.Or(cmp.Compare(a.Package, b.Package), cmp.Compare(a.Analyzer, b.Analyzer), cmp.Compare(a.Err, b.Err))
	})
	res.Failures = slices.Compact(res.Failures)
	l.cache.Trim()
	return res, nil
}

func compareProblems(a, b Problem) int {
	return cmp.Or(cmp.Compare(a.Pos.File, b.Pos.File), cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Col, b.Pos.Col),
		cmp.Compare(a.Msg, b.Msg), cmp.Compare(a.Package, b.Package))
}

func (l *loader) problem(ps ...Problem) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.result.Problems = append(l.result.Problems, ps...)
}

// problemsOfList reports what the go command could not find or read.
func (l *loader) problemsOfList() {
	for _, n := range l.order {
		if n.Error != nil {
			l.problem(n.Error.problem(l.cfg.Dir, n.listed))
		}
	}
}

// visit brings n to its outcome: from the cache, or by analysing it.
func (l *loader) visit(n *node) {
	key, err := l.key(n)
	if err != nil {
		l.problem(Problem{Package: n.ImportPath, Msg: err.Error()})
		return
	}
	n.deep = driver.Hash("broken", key) // unless it turns out well
	if rec := l.cache.Get(key); rec != nil && l.settle(n, rec) == nil {
		return
	}
	if rec := l.analyze(n); rec != nil && l.settle(n, rec) == nil {
		l.cache.Put(key, rec)
	}
}

// settle makes rec the outcome of n.
func (l *loader) settle(n *node, rec *record.Record) error {
	section, err := rec.Section(n.ImportPath)
	if err != nil {
		return err
	}
	n.rec, n.section = rec, section
	n.deep = rec.Deep(n.ImportPath, func(path string) string {
		if dep := l.resolve(n, path); dep != nil {
			return l.digest(dep)
		}
		return ""
	})
	return nil
}

// digest returns the digest of what importers may see of n.
func (l *loader) digest(n *node) string {
	switch {
	case n.need:
		return n.deep // done: importers wait for their imports
	case n.kind == driver.Std:
		return n.ImportPath // GOVERSION and GOROOT are in every key
	}
	l.mu.Lock()
	d := n.deep
	l.mu.Unlock()
	if d != "" {
		return d
	}
	parts := []string{"dep", n.ImportPath, n.Dir}
	if m := n.Module; m != nil {
		parts = append(parts, m.Path, m.Version)
		if m.Replace != nil {
			parts = append(parts, m.Replace.Path, m.Replace.Version)
		}
	}
	for _, name := range append(slices.Clone(n.GoFiles), n.CgoFiles...) {
		parts = append(parts, name)
		if n.kind != driver.Module {
			// Nothing but the directory keeps these as they are.
			if info, err := os.Stat(filepath.Join(n.Dir, name)); err == nil {
				parts = append(parts, fmt.Sprint(info.Size(), info.ModTime().UnixNano()))
			}
		}
	}
	for _, dep := range n.deps {
		parts = append(parts, l.digest(dep))
	}
	d = driver.Hash(parts...)
	l.mu.Lock()
	n.deep = d
	l.mu.Unlock()
	return d
}

// key is the digest of everything that the analysis of n depends on.
func (l *loader) key(n *node) (string, error) {
	parts := []string{l.base, n.ImportPath, n.Dir, n.Name}
	if m := n.Module; m != nil {
		parts = append(parts, m.Path, m.Version, m.GoVersion)
	}
	files := n.abs(n.GoFiles, n.CgoFiles, n.IgnoredGoFiles, n.IgnoredOtherFiles, n.CFiles, n.CXXFiles, n.HFiles, n.SFiles)
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		parts = append(parts, name, string(data))
	}
	for _, name := range n.abs(n.EmbedFiles) {
		// Some hold the text of statements. Others are large: they are not read here.
		info, err := os.Stat(name)
		if err != nil {
			return "", err
		}
		parts = append(parts, name, fmt.Sprint(info.Size(), info.ModTime().UnixNano()))
	}
	parts = append(parts, fmt.Sprint(len(n.GoFiles), len(n.CgoFiles), len(n.IgnoredGoFiles)))
	parts = append(parts, n.CgoCFLAGS...)
	parts = append(parts, n.CgoCPPFLAGS...)
	parts = append(parts, n.CgoLDFLAGS...)
	for _, dep := range n.deps {
		parts = append(parts, dep.ImportPath, l.digest(dep))
	}
	return driver.Hash(parts...), nil
}

// resolve returns the package that an import in n names, or nil.
func (l *loader) resolve(n *node, path string) *node {
	if id, ok := n.ImportMap[path]; ok {
		path = id
	}
	if dep := l.nodes[path]; dep != nil && dep.at < n.at {
		return dep
	}
	return nil
}

func (l *loader) nameOf(n *node) func(path string) string {
	return func(path string) string {
		if path == "C" {
			return "C"
		}
		if dep := l.resolve(n, path); dep != nil {
			return dep.Name
		}
		return ""
	}
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

func (l *loader) importer(n *node) types.Importer {
	return importerFunc(func(path string) (*types.Package, error) {
		if path == "unsafe" {
			return types.Unsafe, nil
		}
		dep := l.resolve(n, path)
		if dep == nil {
			return nil, errors.New("no such package")
		}
		pkg := l.types(dep)
		if pkg == nil {
			return nil, errors.New("it could not be read")
		}
		return pkg, nil
	})
}

func (l *loader) goVersion(n *node) string {
	if n.Module == nil {
		return ""
	}
	if n.Module.GoVersion == "" {
		return "go1.16" // what the go command assumes
	}
	return "go" + n.Module.GoVersion
}

// types returns the types of n: those of its analysis, or else light ones. The
// caller must not hold a cpu token.
func (l *loader) types(n *node) *types.Package {
	if n.full != nil {
		return n.full
	}
	n.once.Do(func() { n.light = l.loadLight(n) })
	return n.light
}

// files returns the names of the Go files to parse. For cgo packages of the
// project these are what cgo made of them; elsewhere the originals will do.
func (l *loader) files(n *node) ([]string, error) {
	if len(n.CgoFiles) == 0 || n.kind != driver.Own {
		return n.abs(n.GoFiles, n.CgoFiles), nil
	}
	l.compiledOnce.Do(func() {
		var paths []string
		for _, n := range l.order {
			if n.kind == driver.Own && len(n.CgoFiles) > 0 {
				paths = append(paths, n.ImportPath)
			}
		}
		slices.Sort(paths)
		var pkgs []*listed
		if pkgs, l.compiledErr = listCompiled(l.ctx, l.cfg, slices.Compact(paths)); l.compiledErr != nil {
			return
		}
		l.compiledFiles = make(map[string][]string)
		l.compiledErrs = make(map[string]*listError)
		for _, p := range pkgs {
			if other := l.nodes[p.ImportPath]; other != nil {
				l.compiledFiles[p.ImportPath] = other.abs(p.CompiledGoFiles)
				l.compiledErrs[p.ImportPath] = p.Error
			}
		}
	})
	if l.compiledErr != nil {
		return nil, fmt.Errorf("running cgo: %w", l.compiledErr)
	}
	if e := l.compiledErrs[n.ImportPath]; e != nil {
		return nil, problemError{e.problem(l.cfg.Dir, n.listed)}
	}
	return n.compiled(l.compiledFiles[n.ImportPath])
}

type problemError struct{ Problem }

func (e problemError) Error() string { return e.String() }

func (l *loader) loadLight(n *node) *types.Package {
	if n.ImportPath == "unsafe" {
		return types.Unsafe
	}
	names, err := l.files(n)
	if err != nil {
		return nil // reported when the package itself was visited
	}
	l.cpu <- struct{}{}
	var files []*ast.File
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		// Errors in dependencies show in what the project cannot use of them.
		if f, _ := light.Parse(l.fset, name, src); f != nil && f.Name != nil {
			files = append(files, f)
		}
	}
	sel := light.Select(files, l.nameOf(n))
	for i, f := range files {
		files[i] = sel.File(f)
	}
	<-l.cpu
	l.prefetch(n, sel.Paths)
	l.cpu <- struct{}{}
	defer func() { <-l.cpu }()
	conf := types.Config{
		Importer:                 l.importer(n),
		Sizes:                    l.sizes,
		GoVersion:                l.goVersion(n),
		IgnoreFuncBodies:         true,
		FakeImportC:              true,
		DisableUnusedImportCheck: true,
		Error:                    func(error) {},
	}
	pkg, _ := conf.Check(n.ImportPath, l.fset, files, nil)
	return pkg
}

// prefetch loads the types behind the imports of n, side by side.
func (l *loader) prefetch(n *node, paths []string) {
	var wg sync.WaitGroup
	for _, path := range paths {
		if dep := l.resolve(n, path); dep != nil {
			wg.Go(func() { l.types(dep) })
		}
	}
	wg.Wait()
}

// analyze parses, checks and analyses n. It returns nil if that failed, having
// reported why.
func (l *loader) analyze(n *node) *record.Record {
	names, err := l.files(n)
	if err != nil {
		var p problemError
		if errors.As(err, &p) {
			l.problem(p.Problem)
		} else {
			l.problem(Problem{Package: n.ImportPath, Msg: err.Error()})
		}
		return nil
	}
	if len(names) == 0 {
		return nil // said by problemsOfList
	}
	l.cpu <- struct{}{}
	var files []*ast.File
	src := make(map[*ast.File][]byte)
	ok := true
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			l.problem(Problem{Package: n.ImportPath, Msg: err.Error()})
			ok = false
			continue
		}
		f, err := parser.ParseFile(l.fset, name, data, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			l.problem(syntaxProblems(n, err)...)
			ok = false
			continue
		}
		files = append(files, f)
		src[f] = data
	}
	if !ok {
		<-l.cpu
		return nil
	}
	var paths []string
	for _, f := range files {
		for _, spec := range f.Imports {
			if path, err := strconv.Unquote(spec.Path.Value); err == nil {
				paths = append(paths, path)
			}
		}
	}
	slices.Sort(paths)
	paths = slices.Compact(paths)
	<-l.cpu
	l.prefetch(n, paths)
	l.cpu <- struct{}{}
	defer func() { <-l.cpu }()
	l.mu.Lock()
	l.result.Analyzed++
	l.mu.Unlock()

	var problems []Problem
	broken := false // for a reason that was given elsewhere
	conf := types.Config{
		Importer:  l.importer(n),
		Sizes:     l.sizes,
		GoVersion: l.goVersion(n),
		Error: func(err error) {
			var te types.Error
			if errors.As(err, &te) {
				if strings.HasPrefix(te.Msg, "\t") {
					return // a further line of the error before
				}
				if path, ok := strings.CutPrefix(te.Msg, "could not import "); ok {
					path, _, _ = strings.Cut(path, " ")
					if l.saidOfImport(n, path) {
						broken = true
						return
					}
				}
				pos := te.Fset.Position(te.Pos)
				problems = append(problems, Problem{n.ImportPath, report.Pos{File: pos.Filename, Line: pos.Line, Col: pos.Column}, te.Msg})
			} else {
				problems = append(problems, Problem{Package: n.ImportPath, Msg: err.Error()})
			}
		},
	}
	info := driver.NewInfo()
	pkg, err := conf.Check(n.ImportPath, l.fset, files, info)
	if err != nil && len(problems) == 0 && !broken {
		problems = append(problems, Problem{Package: n.ImportPath, Msg: err.Error()})
	}
	if len(problems) > 0 || broken {
		const most = 10 // as the compiler does
		if len(problems) > most {
			problems = append(problems[:most], Problem{n.ImportPath, problems[most].Pos, "too many errors"})
		}
		l.problem(problems...)
		return nil
	}
	facts := driver.NewFacts(func(path string) *driver.Section { return l.section(n, path) })
	unit := &driver.Unit{
		Path:         n.ImportPath,
		Fset:         l.fset,
		Files:        files,
		Pkg:          pkg,
		Info:         info,
		Sizes:        l.sizes,
		OtherFiles:   n.abs(n.CFiles, n.CXXFiles, n.HFiles, n.SFiles),
		IgnoredFiles: n.abs(n.IgnoredGoFiles, n.IgnoredOtherFiles),
		Module:       n.analysisModule(),
		Facts:        facts,
	}
	if l.cfg.Given != nil {
		unit.Given = l.cfg.Given(n.Dir)
	}
	res, err := l.cfg.Suite.Run(unit, l.cfg.Analyzers)
	if err != nil {
		p := Problem{Package: n.ImportPath, Msg: err.Error()}
		if te := (types.Error{}); errors.As(err, &te) {
			pos := te.Fset.Position(te.Pos)
			p.Pos, p.Msg = report.Pos{File: pos.Filename, Line: pos.Line, Col: pos.Column}, te.Msg
		}
		l.problem(p)
		return nil
	}
	n.full = pkg
	if len(res.Failures) > 0 {
		l.mu.Lock()
		l.result.Failures = append(l.result.Failures, res.Failures...)
		if n.root {
			l.result.Findings = append(l.result.Findings, res.Findings...)
		}
		l.mu.Unlock()
		return nil // not to be cached
	}
	return record.New(unit, res, src, l.nameOf(n))
}

// saidOfImport reports whether the go command had an error to tell of the
// package that n imports under the given path, or of an import cycle.
func (l *loader) saidOfImport(n *node, path string) bool {
	id := path
	if mapped, ok := n.ImportMap[path]; ok {
		id = mapped
	}
	dep := l.nodes[id]
	return dep != nil && (dep.Error != nil || dep.at >= n.at)
}

// section returns the facts about a package as n sees it.
func (l *loader) section(n *node, path string) *driver.Section {
	for _, dep := range n.deps {
		if dep.ImportPath == path && dep.need {
			return dep.section
		}
	}
	if dep := l.nodes[path]; dep != nil && dep.need {
		return l.ifDone(dep)
	}
	return nil
}

// ifDone returns the facts about a package that the one being analysed depends
// on, if only by way of others: so it is done. A package that it does not
// depend on may be met by its path alone and must not be waited for.
func (l *loader) ifDone(n *node) *driver.Section {
	select {
	case <-n.done:
		return n.section
	default:
		return nil
	}
}

func (n *node) analysisModule() *analysis.Module {
	m := n.Module
	if m == nil {
		return nil
	}
	return &analysis.Module{Path: m.Path, Version: m.Version, GoVersion: m.GoVersion}
}

func syntaxProblems(n *node, err error) []Problem {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return []Problem{{Package: n.ImportPath, Msg: err.Error()}}
	}
	var out []Problem
	for _, e := range list {
		out = append(out, Problem{n.ImportPath, report.Pos{File: e.Pos.Filename, Line: e.Pos.Line, Col: e.Pos.Column}, e.Msg})
	}
	return out
}
