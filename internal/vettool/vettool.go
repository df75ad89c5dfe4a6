// Package vettool speaks the protocol by which "go vet -vettool=tenantvet"
// runs an analysis tool: "-V=full", "-flags", and one run per package with a
// configuration file. It takes types from the compiler's export data and
// leaves facts in a compact form of its own.
//
// It is not x/tools' unitchecker for three reasons. That one wants the types of
// every package, the standard library's too, in the facts files, so each of a
// thousand dependencies is parsed and type-checked first; here they are
// answered without being opened. It trusts the go command's cache, which does
// not know of policy files, and which takes the answer for a dependency, given
// without findings, for the answer for the package itself. And it knows only
// gob for facts.
package vettool

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/tenantvet/tenantvet/internal/baseline"
	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/report"
	"golang.org/x/tools/go/analysis"
)

// A Cmd is one call of the vet tool. Its fields are those of [os/exec.Cmd].
type Cmd struct {
	Suite  driver.Suite
	Args   []string // without the program name
	Env    []string
	Dir    string // the working directory, absolute
	Stdout io.Writer
	Stderr io.Writer
}

// Called reports whether args are those of the go vet protocol rather than of
// the command line.
func Called(args []string) bool {
	if len(args) == 0 {
		return false
	}
	return args[0] == "-V=full" || args[0] == "-flags" || strings.HasSuffix(args[len(args)-1], ".cfg")
}

// config is the description of a package, as the go command writes it.
type config struct {
	ID            string
	Dir           string
	ImportPath    string
	GoVersion     string
	GoFiles       []string
	NonGoFiles    []string
	IgnoredFiles  []string
	ModulePath    string
	ModuleVersion string
	Module        *analysis.Module // from go1.27 on
	ImportMap     map[string]string
	PackageFile   map[string]string
	PackageVetx   map[string]string
	VetxOnly      bool
	VetxOutput    string
	Stdout        string
	FixArchive    string

	SucceedOnTypecheckFailure bool
}

type options struct {
	json, fix, diff bool
	context         int
	on              map[string]bool
	config          string
}

// Run answers one call and returns the exit code: 0, or 1 for findings in
// text form and for whatever went wrong.
func (c *Cmd) Run() int {
	switch {
	case len(c.Args) == 1 && c.Args[0] == "-V=full":
		return c.version()
	case len(c.Args) == 1 && c.Args[0] == "-flags":
		return c.flags()
	}
	opt, err := c.parse()
	if err != nil {
		return c.fail(err)
	}
	cfg, err := readConfig(opt.config)
	if err != nil {
		return c.fail(err)
	}
	return c.unit(cfg, opt)
}

func (c *Cmd) fail(err error) int {
	fmt.Fprintf(c.Stderr, "tenantvet: %v\n", err)
	return 1
}

func (c *Cmd) getenv(name string) string { return driver.Getenv(c.Env, name) }

// version prints the line by which the go command knows this tool. Go's cache
// of vet results is keyed on it, on the flags and on the package's build
// inputs, and on nothing else: so everything else that an answer depends on
// is folded into it.
func (c *Cmd) version() int {
	tool, err := driver.ToolDigest()
	if err != nil {
		return c.fail(err)
	}
	policy := "none"
	if c.Suite.PolicyDigest != nil {
		if policy, err = c.Suite.PolicyDigest(c.Dir, c.getenv); err != nil {
			return c.fail(err)
		}
	}
	var roots []string
	for _, m := range driver.MainModules(c.Dir, c.getenv) {
		roots = append(roots, m.Dir)
	}
	tests, err := driver.TestedDirs(roots)
	if err != nil {
		return c.fail(err)
	}
	id := driver.Hash("vettool", tool, policy, tests)
	// The third field may not contain "devel" unless the last one starts
	// with "buildID=", of which the go command then takes the part after
	// the last slash.
	fmt.Fprintf(c.Stdout, "tenantvet version devel suite=%s buildID=%s\n", oneWord(c.Suite.VersionString()), id)
	return 0
}

func oneWord(s string) string { return strings.Join(strings.Fields(s), "_") }

// flags prints the flags that go vet should accept for this tool.
func (c *Cmd) flags() int {
	type flag struct {
		Name  string
		Bool  bool
		Usage string
	}
	list := []flag{
		{"V", true, "print version and exit"},
		{"c", false, "display offending line with this many lines of context"},
		{"diff", true, "with -fix, don't update the files, but print a unified diff"},
		{"flags", true, "print analyzer flags in JSON"},
		{"json", true, "emit JSON output"},
	}
	for _, a := range c.Suite.Analyzers {
		title, _, _ := strings.Cut(a.Doc, "\n")
		list = append(list, flag{a.Name, true, "enable " + a.Name + " analysis: " + title})
	}
	data, err := json.MarshalIndent(list, "", "\t")
	if err != nil {
		return c.fail(err)
	}
	fmt.Fprintf(c.Stdout, "%s\n", data)
	return 0
}

func (c *Cmd) parse() (*options, error) {
	opt := &options{on: make(map[string]bool), context: -1}
	known := make(map[string]bool)
	for _, a := range c.Suite.Analyzers {
		known[a.Name] = true
	}
	for i, arg := range c.Args {
		if i == len(c.Args)-1 {
			opt.config = arg
			break
		}
		name, value, given := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if !strings.HasPrefix(arg, "-") {
			return nil, fmt.Errorf("unexpected argument %q before the configuration file: run go vet -vettool=tenantvet, or tenantvet PACKAGES", arg)
		}
		if name == "c" {
			n, err := strconv.Atoi(value)
			if err != nil {
				return nil, fmt.Errorf("flag -c=%s: want a number of lines", value)
			}
			opt.context = n
			continue
		}
		set := true
		if given {
			var err error
			if set, err = strconv.ParseBool(value); err != nil {
				return nil, fmt.Errorf("flag -%s=%s: want true or false", name, value)
			}
		}
		switch {
		case name == "json":
			opt.json = set
		case name == "fix":
			opt.fix = set
		case name == "diff":
			opt.diff = set
		case known[name]:
			opt.on[name] = set
		default:
			return nil, fmt.Errorf("unknown flag -%s: run tenantvet help for those there are", name)
		}
	}
	return opt, nil
}

func readConfig(name string) (*config, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("reading the package description of go vet: %w", err)
	}
	cfg := new(config)
	if err := json.Unmarshal(data, cfg); err != nil {
		return nil, fmt.Errorf("%s: the package description of go vet is not understood: %w", name, err)
	}
	return cfg, nil
}

// unit analyses one package.
func (c *Cmd) unit(cfg *config, opt *options) (code int) {
	kind := driver.Classify(cfg.ImportPath, cfg.Dir, cfg.ModulePath, cfg.ModuleVersion, c.getenv("GOROOT"))
	if kind == driver.Own && driver.IsGenerated(cfg.GoFiles) {
		kind = driver.Generated
	}
	if kind != driver.Own || !slices.ContainsFunc(cfg.GoFiles, func(name string) bool { return !driver.IsTest(name) }) {
		return c.finish(cfg, driver.File{}, nil)
	}
	res, file, err := c.analyze(cfg, opt)
	if err != nil {
		if cfg.SucceedOnTypecheckFailure {
			return c.finish(cfg, driver.File{}, nil)
		}
		if syntax := (scanner.ErrorList)(nil); errors.As(err, &syntax) {
			for _, e := range syntax {
				fmt.Fprintln(c.Stderr, e)
			}
			return 1
		}
		var typ types.Error
		if errors.As(err, &typ) {
			fmt.Fprintln(c.Stderr, err) // has its place in front
			return 1
		}
		return c.fail(err)
	}
	if len(res.Failures) > 0 {
		// Exit code 1 makes the go command print what follows and keep
		// nothing of this run: a failure must not be replayed from the cache.
		_ = report.Text(c.Stderr, "", res.Findings)
		for _, f := range res.Failures {
			fmt.Fprintf(c.Stderr, "tenantvet: %s: %s\n", f.Analyzer, f.Err)
		}
		return 1
	}
	if err := c.leaveOutKnown(cfg, res); err != nil {
		return c.fail(err)
	}
	var out bytes.Buffer
	if c.reports(cfg, file) {
		switch {
		case opt.fix:
			if err := c.fix(cfg, opt, &out, res.Findings); err != nil {
				return c.fail(err)
			}
		case opt.json:
			if err := report.JSON(&out, res.Findings, nil, nil, true); err != nil {
				return c.fail(err)
			}
		default:
			c.text(opt, res.Findings)
			if len(res.Findings) > 0 {
				code = 1
			}
		}
	}
	return max(code, c.finish(cfg, *file, out.Bytes()))
}

// leaveOutKnown takes out the findings that the baseline knows.
func (c *Cmd) leaveOutKnown(cfg *config, res *driver.Result) error {
	if c.Suite.Baseline == nil || len(res.Findings) == 0 {
		return nil
	}
	name, err := c.Suite.Baseline(cfg.Dir, c.getenv)
	if err != nil || name == "" {
		return err
	}
	res.Findings, err = baseline.New(name, filepath.Base(name), res.Findings)
	return err
}

// reports decides whether the findings of a unit are printed. The go command
// says by VetxOnly when it wants facts only, but its cache does not tell the
// two answers apart: a package first met as a dependency would be answered
// clean ever after. So both answers are made the same. There is a unit that is
// never a root and whose findings its double prints: a package that has
// in-package tests is reported on together with these, and one that was
// compiled against the tests of another on its own.
func (c *Cmd) reports(cfg *config, file *driver.File) bool {
	if !cfg.VetxOnly {
		return true
	}
	return !file.Variant && !driver.HasInPackageTests(cfg.Dir)
}

// finish leaves facts and output where the go command wants them.
func (c *Cmd) finish(cfg *config, file driver.File, out []byte) int {
	if cfg.VetxOutput != "" {
		if err := os.WriteFile(cfg.VetxOutput, file.Encode(), 0o666); err != nil {
			return c.fail(fmt.Errorf("writing facts: %w", err))
		}
	}
	if cfg.Stdout != "" {
		// Written even if empty: the go command keeps it with the facts.
		if err := os.WriteFile(cfg.Stdout, out, 0o666); err != nil {
			return c.fail(fmt.Errorf("writing findings: %w", err))
		}
	} else if len(out) > 0 {
		if _, err := c.Stdout.Write(out); err != nil {
			return c.fail(fmt.Errorf("writing findings: %w", err))
		}
	}
	return 0
}

// text prints findings as go versions before 1.26 want them: on standard
// error. The go command shortens the file names.
func (c *Cmd) text(opt *options, fs []report.Finding) {
	for _, f := range fs {
		fmt.Fprintf(c.Stderr, "%s: %s\n", f.Pos, f.Message)
		if opt.context >= 0 {
			data, _ := os.ReadFile(f.Pos.File)
			for i, line := range strings.Split(string(data), "\n") {
				if n := i + 1; n >= f.Pos.Line-opt.context && n <= f.End.Line+opt.context {
					fmt.Fprintf(c.Stderr, "%d\t%s\n", n, line)
				}
			}
		}
		for _, s := range f.Related {
			fmt.Fprintf(c.Stderr, "%s: \t%s\n", s.Pos, s.Message)
		}
	}
}

// fix applies fixes: into the archive that the go command unpacks after the
// run, or, with -diff, as text.
func (c *Cmd) fix(cfg *config, opt *options, out io.Writer, fs []report.Finding) error {
	fixed, _, err := report.ApplyFixes(fs, os.ReadFile)
	if err != nil {
		return err
	}
	if opt.diff {
		for _, f := range fixed {
			if _, err := out.Write(f.Diff(c.Dir)); err != nil {
				return err
			}
		}
		return nil
	}
	if cfg.FixArchive == "" {
		// Without an archive this is a dependency; nobody asked for it.
		return nil
	}
	var buf bytes.Buffer
	zw := zip.NewWriter(&buf)
	for _, f := range fixed {
		w, err := zw.Create(f.File)
		if err != nil {
			return err
		}
		if _, err := w.Write(f.New); err != nil {
			return err
		}
	}
	if err := zw.Close(); err != nil {
		return err
	}
	return os.WriteFile(cfg.FixArchive, buf.Bytes(), 0o666)
}

func (c *Cmd) analyze(cfg *config, opt *options) (*driver.Result, *driver.File, error) {
	fset := token.NewFileSet()
	var files []*ast.File
	file := new(driver.File)
	for _, name := range cfg.GoFiles {
		if driver.IsTest(name) {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, nil, err
		}
		files = append(files, f)
	}
	// The files of an external test are alone in their unit, so these are
	// in-package tests.
	file.Variant = len(files) < len(cfg.GoFiles)
	facts := driver.NewFacts(nil)
	for _, path := range sortedKeys(cfg.PackageVetx) {
		data, err := os.ReadFile(cfg.PackageVetx[path])
		if err != nil {
			return nil, nil, fmt.Errorf("reading the facts of package %s: %w", path, err)
		}
		dep, err := driver.DecodeFile(data)
		if err != nil {
			return nil, nil, fmt.Errorf("reading the facts of package %s: %w", path, err)
		}
		facts.Add(dep.Sections)
		file.Variant = file.Variant || dep.Variant
	}
	sizes := types.SizesFor("gc", c.goarch())
	tc := &types.Config{
		Importer:  importer(fset, cfg),
		Sizes:     sizes,
		GoVersion: cfg.GoVersion,
	}
	info := driver.NewInfo()
	path := driver.PlainPath(cfg.ImportPath)
	pkg, err := tc.Check(path, fset, files, info)
	if err != nil {
		return nil, nil, err
	}
	mod := cfg.Module
	if mod == nil && cfg.ModulePath != "" {
		mod = &analysis.Module{Path: cfg.ModulePath, Version: cfg.ModuleVersion, GoVersion: strings.TrimPrefix(cfg.GoVersion, "go")}
	}
	res, err := c.Suite.Run(&driver.Unit{
		Path:         path,
		Fset:         fset,
		Files:        files,
		Pkg:          pkg,
		Info:         info,
		Sizes:        sizes,
		OtherFiles:   cfg.NonGoFiles,
		IgnoredFiles: cfg.IgnoredFiles,
		Module:       mod,
		Facts:        facts,
	}, c.Suite.Enabled(opt.on))
	if err != nil {
		return nil, nil, err
	}
	file.Sections = append(facts.Reachable(pkg), res.Own)
	return res, file, nil
}

func (c *Cmd) goarch() string {
	if a := c.getenv("GOARCH"); a != "" {
		return a
	}
	return runtime.GOARCH
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// importer reads the compiler's export data.
func importer(fset *token.FileSet, cfg *config) types.Importer {
	imports := make(map[string]*types.Package)
	return importerFunc(func(name string) (*types.Package, error) {
		if name == "unsafe" {
			return types.Unsafe, nil
		}
		id, ok := cfg.ImportMap[name]
		if !ok {
			return nil, fmt.Errorf("no package for import %q", name)
		}
		path := driver.PlainPath(id)
		if pkg := imports[path]; pkg != nil && pkg.Complete() {
			return pkg, nil
		}
		file, ok := cfg.PackageFile[id]
		if !ok {
			return nil, fmt.Errorf("no export data for package %q", id)
		}
		return driver.ReadExport(file, path, fset, imports)
	})
}
