package guest

import (
	"context"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/loader"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/record"
)

// A Sources says where the sources of the project are, for hosts that are not to carry
// facts. A host that carries facts runs an analyzer on all dependencies, those of the
// standard library too, from source; there are facts about the project's own packages
// alone. So these are looked up: in what this process found before, else in the cache,
// else by analysing the package that an import names, with the types that the host has
// of its imports.
type Sources struct {
	Dir  string   // where the host runs, absolute
	Env  []string // for the go command
	Tags []string // build tags that the host was given
	// TagsRemedy says, after "; ", what to do if Tags are not the host's.
	TagsRemedy string
	CacheDir   string // "" for no cache
}

// project looks up what is known of the project's packages. It is safe for concurrent
// use.
type project struct {
	cfg   *Config
	start func() error // reads what follows, once, when something has to be analysed

	build   build.Context
	modules []driver.MainModule
	vendors []string // vendor directories in use
	base    string   // part of every key
	store   *record.Store
	list    loader.Config
	exports *exports

	mu    sync.Mutex
	known map[string]*own
}

// own is a package of the project.
type own struct {
	path string
	once sync.Once

	// Set once once is done.
	err     error
	res     *driver.Result // of its analysis in this process, nil if it came from the cache
	fset    *token.FileSet // that res has places in
	rec     *record.Record
	section *driver.Section
	deep    string
	needs   map[string]*own // the packages of the project that it depends on
	files   []string        // its Go files, tests left out
}

// subject is how a package is met: in a pass of the host, or as an import.
type subject struct {
	path, dir string
	main      token.Pos // in a file of it, for findings in other files
	module    *analysis.Module
	world     *universe // has its imports
	sizes     types.Sizes
	// unit returns what is to be analysed, nil if that is to be read from files.
	unit func() (*driver.Unit, error)
}

func newProject(cfg *Config) *project {
	p := &project{cfg: cfg, known: make(map[string]*own)}
	p.start = sync.OnceValue(p.init)
	return p
}

func (p *project) init() error {
	s := p.cfg.Sources
	flags := []string{}
	if len(s.Tags) > 0 {
		flags = []string{"-tags=" + strings.Join(s.Tags, ",")}
	}
	p.list = loader.Config{Dir: s.Dir, Env: s.Env, BuildFlags: flags}
	env, err := loader.ReadEnv(context.Background(), &p.list)
	if err != nil {
		return err
	}
	if p.store, err = record.Open(s.CacheDir); err != nil {
		return err
	}
	p.build = contextFor(env, s.Tags)
	getenv := func(name string) string {
		if name == "GOWORK" {
			return env.GOWORK
		}
		return p.cfg.Getenv(name)
	}
	p.modules = driver.MainModules(s.Dir, getenv)
	work := driver.Workspace(s.Dir, getenv)
	files := []string{work, work + ".sum"}
	for _, m := range p.modules {
		files = append(files, filepath.Join(m.Dir, "go.mod"), filepath.Join(m.Dir, "go.sum"))
	}
	parts := []string{"tenantvet guest 1", p.cfg.Digest, runtime.Version(), fmt.Sprint(*env), fmt.Sprint(p.build.BuildTags)}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err == nil {
			parts = append(parts, name, string(data))
		}
	}
	if !strings.Contains(env.GOFLAGS, "-mod=mod") {
		for _, m := range append(slices.Clone(p.modules), driver.MainModule{Dir: filepath.Dir(work)}) {
			dir := filepath.Join(m.Dir, "vendor")
			if _, err := os.Stat(filepath.Join(dir, "modules.txt")); err == nil && !slices.Contains(p.vendors, dir) {
				p.vendors = append(p.vendors, dir)
				parts = append(parts, stamps(dir)...) // nothing else keeps it as it is
			}
		}
	}
	p.base = driver.Hash(parts...)
	all := p.list
	for _, m := range p.modules {
		all.Patterns = append(all.Patterns, m.Path+"/...")
	}
	p.exports = &exports{cfg: all}
	p.store.Trim()
	return nil
}

// contextFor returns the go command's view of build constraints.
func contextFor(env *loader.Env, tags []string) build.Context {
	c := build.Default
	c.GOOS, c.GOARCH, c.CgoEnabled = env.GOOS, env.GOARCH, env.CGO_ENABLED == "1"
	c.BuildTags = slices.Clone(tags)
	for flag := range strings.FieldsSeq(env.GOFLAGS) {
		if list, ok := strings.CutPrefix(strings.TrimLeft(flag, "-"), "tags="); ok && len(tags) == 0 {
			c.BuildTags = strings.Split(list, ",")
		}
	}
	c.ToolTags = slices.Clone(c.ToolTags)
	for x := range strings.SplitSeq(env.GOEXPERIMENT, ",") {
		if x != "" {
			c.ToolTags = append(c.ToolTags, "goexperiment."+x)
		}
	}
	// The host may have been built by another version than the one that is in use.
	version, _, _ := strings.Cut(strings.TrimPrefix(env.GOVERSION, "go1."), ".")
	if minor, err := strconv.Atoi(version); err == nil {
		c.ReleaseTags = nil
		for i := range minor {
			c.ReleaseTags = append(c.ReleaseTags, fmt.Sprintf("go1.%d", i+1))
		}
	}
	return c
}

// visit brings the package to its outcome, whoever asks first.
func (p *project) visit(s *subject) (*own, error) {
	p.mu.Lock()
	o := p.known[s.path]
	if o == nil {
		o = &own{path: s.path}
		p.known[s.path] = o
	}
	p.mu.Unlock()
	// Imports have no cycles, so nobody waits for himself.
	o.once.Do(func() {
		if o.err = p.resolve(o, s); o.err != nil {
			o.err = fmt.Errorf("package %s: %w", s.path, o.err)
		}
	})
	return o, o.err
}

func (p *project) resolve(o *own, s *subject) error {
	b, err := p.build.ImportDir(s.dir, 0)
	if err != nil {
		return err
	}
	o.files = within(s.dir, b.GoFiles, b.CgoFiles)
	digests, err := p.imports(o, s, b.Imports)
	if err != nil {
		return err
	}
	if driver.IsGenerated(o.files) {
		return p.settle(o, new(record.Record), digests) // its types count, and are its files
	}
	key, err := p.key(s, b, digests)
	if err != nil {
		return err
	}
	if rec := p.store.Get(key); rec != nil && p.settle(o, rec, digests) == nil {
		return nil
	}
	rec, err := p.analyse(o, s, b)
	if err != nil {
		return err
	}
	if err := p.settle(o, rec, digests); err != nil {
		return err
	}
	p.store.Put(key, rec)
	return nil
}

func (p *project) settle(o *own, rec *record.Record, digests map[string]string) error {
	section, err := rec.Section(o.path)
	if err != nil {
		return err
	}
	o.rec, o.section = rec, section
	o.deep = rec.Deep(o.path, func(path string) string { return digests[path] })
	return nil
}

// imports brings the packages of the project that o imports to their outcomes, and
// returns the digests of what o sees of each of its imports.
func (p *project) imports(o *own, s *subject, paths []string) (map[string]string, error) {
	o.needs = make(map[string]*own)
	digests := make(map[string]string)
	for _, path := range paths {
		if path == "C" || path == "unsafe" {
			continue
		}
		found, err := p.behind(s, path, make(map[string]bool))
		if err != nil {
			return nil, err
		}
		parts := []string{"import", path}
		for _, dep := range found {
			o.needs[dep.path] = dep
			maps.Copy(o.needs, dep.needs)
			parts = append(parts, dep.deep)
		}
		digests[path] = driver.Hash(parts...)
	}
	return digests, nil
}

// behind returns the packages of the project that an import leads to first: itself, if
// it is one. Others lead back to the project where a module that they require is
// replaced by one of the project's.
func (p *project) behind(s *subject, path string, seen map[string]bool) ([]*own, error) {
	if seen[path] {
		return nil, nil
	}
	seen[path] = true
	if m, dir := p.locate(path); m != nil {
		dep, err := p.visit(&subject{
			path: path, dir: dir, world: s.world, sizes: s.sizes,
			module: &analysis.Module{Path: m.Path, GoVersion: m.GoVersion},
		})
		if err != nil {
			return nil, err
		}
		return []*own{dep}, nil
	}
	if len(p.modules) < 2 {
		return nil, nil
	}
	pkg, err := s.world.Import(path)
	if err != nil {
		return nil, err
	}
	var out []*own
	for _, imp := range pkg.Imports() {
		found, err := p.behind(s, imp.Path(), seen)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	slices.SortFunc(out, func(a, b *own) int { return strings.Compare(a.path, b.path) })
	return slices.Compact(out), nil
}

// locate returns the module of the project that the package of that path is in, and
// its directory; nil if there is none.
func (p *project) locate(pkgPath string) (*driver.MainModule, string) {
	var best *driver.MainModule
	for i := range p.modules {
		m := &p.modules[i]
		if below(m.Path, pkgPath) && (best == nil || len(m.Path) > len(best.Path)) {
			best = m
		}
	}
	if best == nil {
		return nil, ""
	}
	dir := filepath.Join(best.Dir, filepath.FromSlash(strings.TrimPrefix(pkgPath[len(best.Path):], "/")))
	if info, err := os.Stat(dir); err != nil || !info.IsDir() || driver.Upward(dir, "go.mod") != best.Dir {
		return nil, "" // a module of that name that is taken from elsewhere
	}
	for _, vendor := range p.vendors {
		if _, err := os.Stat(filepath.Join(vendor, filepath.FromSlash(pkgPath))); err == nil {
			return nil, ""
		}
	}
	return best, dir
}

// below reports whether the module may have the package of that path.
func below(module, pkgPath string) bool {
	return module != "" && (pkgPath == module || strings.HasPrefix(pkgPath, module+"/"))
}

// key is the digest of everything that the analysis of a package depends on.
func (p *project) key(s *subject, b *build.Package, digests map[string]string) (string, error) {
	parts := []string{p.base, s.path, s.dir, b.Name, fmt.Sprint(len(b.GoFiles), len(b.CgoFiles), len(b.IgnoredGoFiles))}
	if m := s.module; m != nil {
		parts = append(parts, m.Path, m.GoVersion)
	}
	for _, name := range within(s.dir, b.GoFiles, b.CgoFiles, b.IgnoredGoFiles, b.IgnoredOtherFiles, b.CFiles, b.CXXFiles, b.HFiles, b.SFiles) {
		data, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		parts = append(parts, name, string(data))
	}
	for _, pattern := range b.EmbedPatterns {
		names, _ := filepath.Glob(filepath.Join(s.dir, filepath.FromSlash(strings.TrimPrefix(pattern, "all:"))))
		for _, name := range names {
			parts = append(parts, stamps(name)...)
		}
	}
	for _, imp := range slices.Sorted(maps.Keys(digests)) {
		parts = append(parts, imp, digests[imp])
	}
	return driver.Hash(parts...), nil
}

// stamps returns the names, sizes and times of the files under name.
func stamps(name string) []string {
	var out []string
	_ = filepath.WalkDir(name, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // what cannot be read is told by who needs it
		}
		if info, err := d.Info(); err == nil {
			out = append(out, name, fmt.Sprint(info.Size(), info.ModTime().UnixNano()))
		}
		return nil
	})
	return out
}

func within(dir string, lists ...[]string) []string {
	var out []string
	for _, name := range slices.Concat(lists...) {
		out = append(out, filepath.Join(dir, name))
	}
	return out
}

// analyse analyses a package of the project.
func (p *project) analyse(o *own, s *subject, b *build.Package) (*record.Record, error) {
	unit, err := p.unit(o, s, b)
	if err != nil {
		return nil, err
	}
	res, err := p.run(o, unit, s.dir)
	if err != nil {
		return nil, err
	}
	o.res, o.fset = res, s.world.fset
	src := make(map[*ast.File][]byte)
	for _, f := range unit.Files {
		if src[f], err = os.ReadFile(unit.Fset.File(f.FileStart).Name()); err != nil {
			return nil, err
		}
	}
	return record.New(unit, res, src, func(path string) string {
		if pkg := s.world.known[path]; pkg != nil {
			return pkg.Name()
		}
		return path // "C", "unsafe"
	}), nil
}

// run runs the suite on the unit, which is what is to be analysed of o.
func (p *project) run(o *own, unit *driver.Unit, dir string) (*driver.Result, error) {
	pol, err := p.cfg.Policy(o.path, dir)
	if err != nil {
		return nil, err
	}
	unit.Given = map[*analysis.Analyzer]any{policy.Analyzer: pol}
	unit.Facts = driver.NewFacts(func(path string) *driver.Section {
		if dep := o.needs[path]; dep != nil {
			return dep.section
		}
		return nil
	})
	res, err := p.cfg.Suite.Run(unit, p.cfg.Suite.Enabled(p.cfg.On))
	if err != nil {
		return nil, err
	}
	return res, failure(res.Failures)
}

// unit returns what is to be analysed of a package.
func (p *project) unit(o *own, s *subject, b *build.Package) (*driver.Unit, error) {
	if s.unit != nil {
		return s.unit()
	}
	files := o.files
	if len(b.CgoFiles) > 0 {
		var err error
		if files, err = loader.CompiledFiles(context.Background(), &p.list, s.path); err != nil {
			return nil, err
		}
	}
	u := &driver.Unit{
		Path: s.path, Fset: s.world.fset, Sizes: s.sizes, Module: s.module,
		OtherFiles:   within(s.dir, b.CFiles, b.CXXFiles, b.HFiles, b.SFiles),
		IgnoredFiles: within(s.dir, b.IgnoredGoFiles, b.IgnoredOtherFiles),
	}
	for _, name := range files {
		f, err := parser.ParseFile(s.world.fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		u.Files = append(u.Files, f)
	}
	version := ""
	if s.module.GoVersion != "" {
		version = "go" + s.module.GoVersion
	}
	return u, check(u, s.world, version)
}

// inPass returns what is to be reported of the package that a pass of the host is
// about.
func (p *project) inPass(s *subject, pass *analysis.Pass) ([]driver.Diagnostic, error) {
	if err := p.start(); err != nil {
		return nil, err
	}
	s.world = newUniverse(pass.Pkg, pass.Fset, p.exports)
	files := pass.Files
	o, err := p.visit(s)
	if err != nil {
		return nil, err
	}
	if err := p.sameFiles(o, s, files); err != nil {
		return nil, err
	}
	if o.res != nil && o.fset == s.world.fset {
		return o.res.Diagnostics, nil
	}
	if out, ok := p.placed(o, s.world.fset, files); ok {
		return out, nil
	}
	// What was kept has places that line directives made, or in what cgo wrote.
	unit, err := s.unit()
	if err != nil {
		return nil, err
	}
	res, err := p.run(o, unit, s.dir)
	if err != nil {
		return nil, err
	}
	return res.Diagnostics, nil
}
