// Package policy reads .tenantvet.toml: what a project says of its own code.
// It speaks the vocabulary of internal/models and adds what only a project can
// know: which dimensions are required, which keys and globals tenants share on
// purpose, which packages must establish scope for themselves, and exemptions.
//
// A policy is a value. It is found for a directory, read strictly, and handed
// to analyzers as the result of [Analyzer].
package policy

import (
	"fmt"
	"go/types"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/strictoml"
)

// FileName is the name of a policy file.
const FileName = ".tenantvet.toml"

// EnvVar names the environment variable that names a policy file.
const EnvVar = "TENANTVET_POLICY"

// Policy is what is in force for a module. It is immutable and safe for
// concurrent use.
type Policy struct {
	Path   string // of the file; "" for the default policy
	Dir    string // root of the module that the policy is for; "" if unknown
	Module string // its path; "" if unknown
	Set    *models.Set

	Shared     []Shared
	Boundaries []Boundary

	// Compared are import path patterns of packages whose statements may find a
	// row by its identifier: whoever calls them compares the row with the
	// caller's scope before doing anything with it.
	Compared []string

	// Sessions are the ways in which what a statement runs on may hold it to the
	// caller's rows.
	Sessions []Session

	// Hooks are what libraries run in front of statements, and may hold them to the
	// caller's rows.
	Hooks []Hook

	Exempts []Exempt
	Publics []Public

	// Environments are the names of the environments that there are; none if the
	// policy does not say.
	Environments []string

	// AllRoutes: every route that is not public wants a membership guard, whatever its
	// handler gets to.
	AllRoutes bool
	Roles     []Role

	redacted    []string // packages of loggers whose handler takes credentials out
	noLabels    bool     // of metrics may be tenants or users
	noWellKnown bool     // routes that are public by custom are not

	// Baseline is the file of known findings, absolute; "" if there is none.
	Baseline string

	synonyms map[models.Dims][]string
	need     map[models.Kind][]models.Dims
	needAt   map[models.Kind]models.At
	schema   *Schema
	ddl      []fileGlob

	entityFiles []fileGlob
	entities    *Entities

	isolation []fileGlob // tests
	wantTests []string   // import path patterns
	tests     *Tests

	library *models.Library // that is shared by the packages of a run; nil if none is

	packed map[string]string // if not nil, the files that it names, instead of those on disk

	size  int   // of the file
	lines []int // where its lines begin
}

// Shared takes keys, globals or functions out that all tenants share on
// purpose. Exactly one of Keys, Globals,
// Funcs and Tables is set.
type Shared struct {
	Index   int      // of the entry in the file, counted over shared and exempt entries
	Keys    []string // constant prefixes of keys
	Globals []models.Name
	Funcs   []models.Name
	Tables  []string // or entities, in any case
	Reason  string
	At      models.At
}

// Boundary is a group of packages whose functions must establish scope for
// themselves: an obligation may not leave them to callers.
type Boundary struct {
	Packages []string // import path patterns
	Reason   string
	At       models.At
}

// Exempt takes findings out. All targets that are set must match; within one,
// any of its entries.
type Exempt struct {
	Index      int      // as in Shared
	Categories []string // "unscopedkey" or "unscopedkey/missing"
	Funcs      []models.Name
	Globals    []models.Name
	Packages   []string    // import path patterns
	Files      []string    // globs relative to the module root, ** for any depth
	Lacks      models.Dims // of statements and keys: nothing else is missing; 0: whatever is
	Reason     string
	At         models.At
}

// Default returns the policy of a module that has none: scope comes from the
// runtime package, and keys need tenant and env.
func Default() *Policy {
	return &Policy{Set: &models.Set{}}
}

// IsSet reports whether there is a policy file.
func (p *Policy) IsSet() bool { return p.Path != "" }

// Need returns what a key of that kind must carry: every element must be
// satisfied, by any one of its dimensions.
func (p *Policy) Need(k models.Kind) []models.Dims {
	if need, ok := p.need[k]; ok {
		return slices.Clone(need)
	}
	dims := p.Set.SourceDims()
	if d := dims & (models.Tenant | models.Env); d != 0 {
		return d.Each()
	}
	if dims != 0 {
		return dims.Each()
	}
	return (models.Tenant | models.Env).Each()
}

// HasSource reports whether the policy says where scope comes from.
func (p *Policy) HasSource() bool { return p.Set.SourceDims() != 0 || len(p.Set.Params()) > 0 }

// Synonyms returns the names that fields and columns of one dimension have.
func (p *Policy) Synonyms(d models.Dims) []string {
	if names, ok := p.synonyms[d]; ok {
		return slices.Clone(names)
	}
	switch d {
	case models.Tenant:
		return []string{"tenant_id", "TenantID", "tenant"}
	case models.Env:
		return []string{"env", "environment_id", "EnvironmentID"}
	case models.User:
		return []string{"user_id", "UserID"}
	}
	return nil
}

// ComparedLater reports whether rows that the package's statements find by their
// identifiers may be compared with the caller's scope by whoever gets them.
func (p *Policy) ComparedLater(pkg string) bool {
	return slices.ContainsFunc(p.Compared, func(pattern string) bool { return models.MatchPackage(pattern, pkg) })
}

// Redacted reports whether a handler takes credentials out of what is logged by
// the functions and loggers of the package.
func (p *Policy) Redacted(pkg string) bool {
	return slices.ContainsFunc(p.redacted, func(pattern string) bool { return models.MatchPackage(pattern, pkg) })
}

// AcceptsLabels reports whether tenants and users may be labels of metrics.
func (p *Policy) AcceptsLabels() bool { return !p.noLabels }

// Boundary returns the boundary that the package belongs to, nil if none.
func (p *Policy) Boundary(pkg string) *Boundary {
	for i := range p.Boundaries {
		for _, pat := range p.Boundaries[i].Packages {
			if models.MatchPackage(pat, pkg) {
				return &p.Boundaries[i]
			}
		}
	}
	return nil
}

// matchCategory reports whether a finding's category falls under c.
func matchCategory(c, category string) bool {
	return c == category || strings.HasPrefix(category, c+"/")
}

// matchFile reports whether a slash-separated path matches a glob. ** stands
// for any number of elements; a glob without a slash matches the last element.
func matchFile(glob, name string) bool {
	if !strings.Contains(glob, "/") {
		ok, err := path.Match(glob, path.Base(name))
		return err == nil && ok
	}
	return matchElems(strings.Split(glob, "/"), strings.Split(name, "/"))
}

func matchElems(glob, name []string) bool {
	for i, g := range glob {
		if g == "**" {
			for j := i; j <= len(name); j++ {
				if matchElems(glob[i+1:], name[j:]) {
					return true
				}
			}
			return false
		}
		if i >= len(name) {
			return false
		}
		if ok, err := path.Match(g, name[i]); err != nil || !ok {
			return false
		}
	}
	return len(glob) == len(name)
}

func (s *Shared) target() string {
	return target(keyList(s.Keys), globalList(s.Globals), funcList(s.Funcs))
}

func (p *Policy) exemptTarget(e *Exempt) string {
	return target(funcList(e.Funcs), globalList(e.Globals), packageList(e.Packages), p.fileList(e.Files), lacksList(e.Lacks))
}

func target(lists ...list) string {
	var parts []string
	for _, l := range lists {
		if len(l.text) > 0 {
			parts = append(parts, l.key+" "+strings.Join(l.text, ", "))
		}
	}
	return strings.Join(parts, "; ")
}

// CheckCategories returns an error that names every exempt entry whose
// category is not known, nil if all are. The policy itself knows no rule.
func (p *Policy) CheckCategories(known func(category string) bool) error {
	var errs models.Errors
	for _, e := range p.Exempts {
		for _, c := range e.Categories {
			if !known(c) {
				errs = append(errs, &models.Error{File: e.At.File, Line: e.At.Line, Col: 1, Msg: fmt.Sprintf("there is no category %q", c), Hint: "the categories are listed in docs/rules.md"})
			}
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return errs
}

// Unresolved returns the shared and exempt entries that name something in pkg
// that pkg does not declare, in the order of the file.
func (p *Policy) Unresolved(pkg *types.Package) []models.Problem {
	var out []models.Problem
	check := func(at models.At, lists ...[]models.Name) {
		for _, list := range lists {
			for _, n := range list {
				if n.Package != pkg.Path() {
					continue
				}
				if msg := n.Exists(pkg); msg != "" {
					out = append(out, models.Problem{At: at, Msg: msg})
				}
			}
		}
	}
	for _, s := range p.Shared {
		check(s.At, s.Globals, s.Funcs)
	}
	for _, e := range p.Exempts {
		check(e.At, e.Globals, e.Funcs)
	}
	for _, h := range p.Hooks {
		check(h.At, h.Funcs, h.Clients, h.Lifted)
	}
	for _, e := range p.Publics {
		check(e.At, e.Handlers)
	}
	for _, e := range p.Roles {
		check(e.At, e.Handlers, e.Funcs)
	}
	slices.SortStableFunc(out, func(a, b models.Problem) int { return a.At.Line - b.At.Line })
	return out
}

// load reads the policy file for the module that holds dir: "./x" in it is
// a package of that module. It checks what [Parse] cannot: that every package
// named can exist, in the module's directory or in a module that go.mod or
// go.work name.
func load(path, dir string) (*Policy, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	return read(path, data, dir)
}

// read is load for the text of the file.
func read(path string, data []byte, dir string) (*Policy, error) {
	root, mod, err := moduleOf(dir)
	if err != nil {
		return nil, err
	}
	p, refs, err := parse(path, data, mod)
	if err != nil {
		return nil, err
	}
	p.Dir = root
	if root == "" {
		p.Dir = filepath.Dir(path)
	}
	if p.Baseline != "" {
		p.Baseline = filepath.Join(p.Dir, p.Baseline)
	}
	if err := checkPackages(path, refs, root, mod); err != nil {
		return nil, err
	}
	if err := p.openFiles(); err != nil {
		return nil, err
	}
	return p, nil
}

// Parse reads the text of a policy for the module of that path, without
// looking at the file system. The error is a models.Errors with every
// complaint.
func Parse(path string, data []byte, module string) (*Policy, error) {
	p, _, err := parse(path, data, module)
	return p, err
}

// pkgRef is a package that the policy names somewhere.
type pkgRef struct {
	path string
	at   strictoml.Pos
}

func parse(path string, data []byte, module string) (*Policy, []pkgRef, error) {
	doc, err := strictoml.Parse(path, data)
	if err != nil {
		return nil, nil, err
	}
	root := doc.Root()
	r := &reader{doc: doc, opts: models.DecodeOptions{ModulePath: module}}
	p := &Policy{Path: path, Dir: filepath.Dir(path), Module: module, size: len(data), lines: []int{0}}
	for i, c := range data {
		if c == '\n' && i+1 < len(data) {
			p.lines = append(p.lines, i+1)
		}
	}
	p.Set = models.FromDoc(doc, r.opts)
	for _, s := range p.Set.Symbols() {
		r.refs = append(r.refs, pkgRef{s.Package, strictoml.Pos{Line: s.Line, Col: s.Col}})
	}
	r.dimensions(p, root)
	r.require(p, root)
	r.shared(p, root)
	r.boundary(p, root)
	r.accept(p, root)
	r.environments(p, root)
	r.exempt(p, root)
	r.publics(p, root)
	r.roleEntries(p, root)
	r.readSchema(p, root)
	if t := root.Table("tests"); t != nil {
		if p.isolation = r.globs("isolation", t.Strings("isolation")); len(p.isolation) == 0 {
			r.doc.Complain(t.At(), `write isolation = "internal/*/*_test.go", or leave the table out`, "[tests] names none")
		}
		p.wantTests = r.packages(t, "packages")
		t.Done()
	}
	r.baseline(p, root)
	root.Done()
	number(p)
	if err := doc.Err(); err != nil {
		return nil, nil, err
	}
	return p, r.refs, nil
}

// number gives the entries of [Policy.Takes] their index in the order of the file.
func number(p *Policy) {
	type entry struct {
		line  int
		index *int
	}
	var all []entry
	for i := range p.Shared {
		all = append(all, entry{p.Shared[i].At.Line, &p.Shared[i].Index})
	}
	for i := range p.Exempts {
		all = append(all, entry{p.Exempts[i].At.Line, &p.Exempts[i].Index})
	}
	for i := range p.Publics {
		all = append(all, entry{p.Publics[i].At.Line, &p.Publics[i].Index})
	}
	for i := range p.Roles {
		all = append(all, entry{p.Roles[i].At.Line, &p.Roles[i].Index})
	}
	slices.SortStableFunc(all, func(a, b entry) int { return a.line - b.line })
	for i, e := range all {
		*e.index = i
	}
}

type reader struct {
	doc  *strictoml.Doc
	opts models.DecodeOptions
	refs []pkgRef
}

func (r *reader) at(t *strictoml.Table) models.At {
	return models.At{File: r.doc.File, Line: t.At().Line}
}

// baseline reads the name of the file of known findings.
func (r *reader) baseline(p *Policy, root *strictoml.Table) {
	s := root.String("baseline")
	if root.Has("baseline") && !filepath.IsLocal(filepath.FromSlash(s.S)) {
		r.doc.Complain(s.At, `write baseline = "tenantvet.baseline"`, "the baseline %q is not the name of a file relative to the module's root", s.S)
	}
	p.Baseline = filepath.FromSlash(s.S)
}

func (r *reader) dimensions(p *Policy, root *strictoml.Table) {
	t := root.Table("dimensions")
	if t == nil {
		return
	}
	p.synonyms = map[models.Dims][]string{}
	for _, d := range models.AllDims.Each() {
		strs := t.Strings(d.String())
		if len(strs) == 0 {
			continue
		}
		for _, s := range strs {
			if s.S == "" {
				r.doc.Complain(s.At, "", "an empty name for %s", d)
			}
			for other, names := range p.synonyms {
				if other != d && slices.Contains(names, s.S) {
					r.doc.Complain(s.At, "a name stands for one dimension", "%q is a name for %s already", s.S, other)
				}
			}
			p.synonyms[d] = append(p.synonyms[d], s.S)
		}
	}
	t.Done()
}

func (r *reader) environments(p *Policy, root *strictoml.Table) {
	t := root.Table("environments")
	if t == nil {
		return
	}
	for _, s := range t.Strings("names") {
		p.Environments = append(p.Environments, s.S)
	}
	if len(p.Environments) == 0 {
		r.doc.Complain(t.At(), `write names = ["dev", "prod"], or leave the table out`, "[environments] names none")
	}
	t.Done()
}

func (r *reader) require(p *Policy, root *strictoml.Table) {
	t := root.Table("require")
	if t == nil {
		return
	}
	p.need = map[models.Kind][]models.Dims{}
	p.needAt = map[models.Kind]models.At{}
	for _, k := range kinds() {
		if !t.Has(string(k)) {
			t.Strings(string(k)) // known, though not set
			continue
		}
		need := []models.Dims{}
		for _, s := range t.Strings(string(k)) {
			var any models.Dims
			for one := range strings.SplitSeq(s.S, "|") {
				d := models.ParseDim(strings.TrimSpace(one))
				if d == 0 {
					r.doc.Complain(s.At, `dimensions are tenant, env and user; write "tenant|user" for either`, "%s: there is no dimension %q", k, one)
				}
				any |= d
			}
			need = append(need, any)
		}
		p.need[k] = need
		p.needAt[k] = models.At{File: r.doc.File, Line: t.KeyAt(string(k)).Line}
	}
	if s := t.String("routes"); t.Has("routes") {
		p.AllRoutes = s.S == "all"
		if !p.AllRoutes && s.At.Line > 0 {
			r.doc.Complain(s.At, `write routes = "all", or leave it out: then those that get to data of tenants are`, "routes: there is no %q", s.S)
		}
	}
	t.Done()
}

func kinds() []models.Kind {
	return []models.Kind{models.Cache, models.Lock, models.Blob, models.Topic, models.Store, models.Task, models.Query}
}

// reason reads the reason, without which an entry does not count.
func (r *reader) reason(t *strictoml.Table, table string) string {
	s := t.String("reason")
	if strings.TrimSpace(s.S) == "" && (s.At.Line > 0 || !t.Has("reason")) {
		at := t.At()
		if t.Has("reason") {
			at = s.At
		}
		r.doc.Complain(at, "say why, for whoever reads it next", "[[%s]] needs a reason", table)
	}
	return s.S
}

// names reads functions, methods, variables or fields.
func (r *reader) names(t *strictoml.Table, key string) []models.Name {
	var out []models.Name
	for _, s := range t.Strings(key) {
		ns, err := models.ParseNames(s.S, r.opts)
		if err != nil {
			r.doc.Complain(s.At, "", "%s %v", key, err)
			continue
		}
		for _, n := range ns {
			r.refs = append(r.refs, pkgRef{n.Package, s.At})
		}
		out = append(out, ns...)
	}
	return out
}

// packages reads import path patterns.
func (r *reader) packages(t *strictoml.Table, key string) []string {
	var out []string
	for _, s := range t.Strings(key) {
		pat, err := r.opts.PackagePattern(s.S)
		if err != nil {
			r.doc.Complain(s.At, "", "%s: %v", key, err)
			continue
		}
		r.refs = append(r.refs, pkgRef{strings.TrimSuffix(pat, "/..."), s.At})
		out = append(out, pat)
	}
	return out
}

func (r *reader) shared(p *Policy, root *strictoml.Table) {
	for _, t := range root.Tables("shared") {
		s := Shared{At: r.at(t)}
		for _, k := range t.Strings("key") {
			if k.S == "" {
				r.doc.Complain(k.At, "give a constant beginning of the keys", "an empty prefix would make every key shared")
			}
			s.Keys = append(s.Keys, k.S)
		}
		s.Globals = r.names(t, "global")
		s.Funcs = r.names(t, "func")
		for _, n := range t.Strings("table") {
			s.Tables = append(s.Tables, n.S)
		}
		s.Reason = r.reason(t, "shared")
		r.count(t, "shared", []string{"key", "global", "func", "table"}, true)
		t.Done()
		p.Shared = append(p.Shared, s)
	}
}

// count complains unless at least one of the keys is set, or exactly one.
func (r *reader) count(t *strictoml.Table, table string, keys []string, exactly bool) {
	n := 0
	for _, k := range keys {
		if !t.Has(k) {
			continue
		}
		n++
		if t.EmptyList(k) {
			r.doc.Complain(t.ValueAt(k), "", "%s is empty", k)
		}
		if n > 1 && exactly {
			r.doc.Complain(t.KeyAt(k), "write two [["+table+"]] entries", "[[%s]] has more than one of %s", table, strings.Join(keys, ", "))
		}
	}
	if n == 0 {
		r.doc.Complain(t.At(), "", "[[%s]] needs one of %s", table, strings.Join(keys, ", "))
	}
}

func (r *reader) boundary(p *Policy, root *strictoml.Table) {
	for _, t := range root.Tables("boundary") {
		b := Boundary{At: r.at(t), Packages: r.packages(t, "packages"), Reason: r.reason(t, "boundary")}
		r.count(t, "boundary", []string{"packages"}, false)
		t.Done()
		p.Boundaries = append(p.Boundaries, b)
	}
}

func (r *reader) exempt(p *Policy, root *strictoml.Table) {
	for _, t := range root.Tables("exempt") {
		e := Exempt{At: r.at(t)}
		cats := t.Strings("category")
		if !t.Has("category") || t.EmptyList("category") {
			r.doc.Complain(t.At(), `write category = "unscopedkey/missing"`, "[[exempt]] needs a category")
		}
		for _, c := range cats {
			if !isCategory(c.S) {
				r.doc.Complain(c.At, `categories look like "unscopedkey" or "unscopedkey/missing"`, "%q is not a category", c.S)
			}
			e.Categories = append(e.Categories, c.S)
		}
		e.Funcs = r.names(t, "func")
		e.Globals = r.names(t, "global")
		e.Packages = append(r.packages(t, "packages"), r.packages(t, "package")...)
		for _, f := range t.Strings("file") {
			if f.S == "" || strings.HasPrefix(f.S, "/") || strings.Contains(f.S, "\\") {
				r.doc.Complain(f.At, "globs are relative to the module's root, with / between elements", "file %q is not a glob", f.S)
			}
			for elem := range strings.SplitSeq(f.S, "/") {
				if _, err := path.Match(elem, ""); err != nil {
					r.doc.Complain(f.At, "", "file %q is not a glob", f.S)
					break
				}
			}
			e.Files = append(e.Files, strings.TrimPrefix(f.S, "./"))
		}
		for _, d := range t.Strings("dimension") {
			dim := models.ParseDim(d.S)
			if dim == 0 {
				r.doc.Complain(d.At, "dimensions are tenant, env and user", "there is no dimension %q", d.S)
			}
			e.Lacks |= dim
		}
		e.Reason = r.reason(t, "exempt")
		r.count(t, "exempt", []string{"func", "global", "packages", "package", "file"}, false)
		t.Done()
		p.Exempts = append(p.Exempts, e)
	}
}

// isCategory reports whether s has the form name or name/kind.
func isCategory(s string) bool {
	rule, kind, two := strings.Cut(s, "/")
	ok := func(w string) bool {
		return w != "" && strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") == ""
	}
	return ok(rule) && (!two || ok(kind))
}

// checkPackages complains of packages that cannot exist.
func checkPackages(file string, refs []pkgRef, root, module string) error {
	if root == "" {
		return nil
	}
	known, err := knownModules(root)
	if err != nil {
		return err
	}
	var errs models.Errors
	seen := map[pkgRef]bool{}
	for _, ref := range refs {
		if seen[ref] {
			continue
		}
		seen[ref] = true
		complain := func(hint, format string, args ...any) {
			errs = append(errs, &models.Error{File: file, Line: ref.at.Line, Col: ref.at.Col, Msg: fmt.Sprintf(format, args...), Hint: hint})
		}
		if slices.ContainsFunc(known, func(m string) bool { return inModule(ref.path, m) }) {
			continue
		}
		if inModule(ref.path, module) {
			rel := strings.TrimPrefix(strings.TrimPrefix(ref.path, module), "/")
			if st, err := os.Stat(filepath.Join(root, filepath.FromSlash(rel))); err != nil || !st.IsDir() {
				complain("check the path", "there is no directory ./%s for package %s", rel, ref.path)
			}
			continue
		}
		first, _, _ := strings.Cut(ref.path, "/")
		if !strings.Contains(first, ".") {
			continue // the standard library
		}
		complain("add the module to go.mod or correct the path", "package %s is in no module that go.mod requires", ref.path)
	}
	if len(errs) == 0 {
		return nil
	}
	slices.SortStableFunc(errs, func(a, b *models.Error) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
	return errs
}

func inModule(pkg, module string) bool {
	return module != "" && (pkg == module || strings.HasPrefix(pkg, module+"/"))
}

// knownModules returns the modules, other than the one at root, whose packages
// code of the module can import: what go.mod requires or replaces, and the
// other modules of a workspace.
func knownModules(root string) ([]string, error) {
	name := filepath.Join(root, "go.mod")
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	f, err := modfile.ParseLax(name, data, nil)
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	var out []string
	for _, r := range f.Require {
		out = append(out, r.Mod.Path)
	}
	for _, dir := range workspaceDirs(root, os.Getenv) {
		if data, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil && dir != root {
			out = append(out, modfile.ModulePath(data))
		}
	}
	return out, nil
}

// Explain writes what is in force and where each row came from.
func (p *Policy) Explain(w io.Writer) error {
	var b strings.Builder
	if p.IsSet() {
		fmt.Fprintf(&b, "policy   %s\n", p.Path)
	} else {
		fmt.Fprintf(&b, "policy   none: defaults are in force\n")
	}
	if p.Module != "" {
		fmt.Fprintf(&b, "module   %s\n", p.Module)
	}
	b.WriteString("\nrequired in keys\n")
	for _, k := range kinds() {
		var parts []string
		for _, any := range p.Need(k) {
			var alts []string
			for _, d := range any.Each() {
				alts = append(alts, d.String())
			}
			parts = append(parts, strings.Join(alts, "|"))
		}
		text := strings.Join(parts, ", ")
		if text == "" {
			text = "nothing"
		}
		from := "default"
		switch at, ok := p.needAt[k]; {
		case ok:
			from = p.place(at)
		case p.Set.SourceDims() != 0:
			from = "what the sources yield"
		}
		fmt.Fprintf(&b, "  %-8s %-24s %s\n", k, text, from)
	}
	b.WriteString("\nnames of dimensions\n")
	for _, d := range models.AllDims.Each() {
		fmt.Fprintf(&b, "  %-8s %s\n", d, strings.Join(p.Synonyms(d), ", "))
	}
	if len(p.Environments) > 0 {
		fmt.Fprintf(&b, "\nenvironments\n  %s\n", strings.Join(p.Environments, ", "))
	}
	syms := p.Set.Symbols()
	params := p.Set.Params()
	texts, dims := p.Set.ContextStrings()
	if len(syms)+len(params)+len(texts) > 0 {
		b.WriteString("\nrows\n")
	}
	for _, s := range syms {
		fmt.Fprintf(&b, "  %-8s %s", s.Table, s.Text)
		if s.Dims != 0 && s.Table == "source" {
			fmt.Fprintf(&b, " (%s)", s.Dims)
		}
		fmt.Fprintf(&b, "  %s\n", p.place(models.At{File: s.File, Line: s.Line}))
	}
	for i, text := range texts {
		fmt.Fprintf(&b, "  %-8s context key %q (%s)\n", "source", text, dims[i])
	}
	for _, q := range params {
		where := "the module"
		if len(q.Packages) > 0 {
			where = strings.Join(q.Packages, ", ")
		}
		typ := ""
		if q.Type != "" {
			typ = " " + q.Type
		}
		fmt.Fprintf(&b, "  %-8s parameter %s%s in %s (%s)  %s\n", "source", q.Name, typ, where, q.Dims, p.place(q.At))
	}
	if len(p.Shared) > 0 {
		b.WriteString("\nshared by all tenants\n")
	}
	for i := range p.Shared {
		s := &p.Shared[i]
		fmt.Fprintf(&b, "  %s: %s  %s\n", s.target(), s.Reason, p.place(s.At))
	}
	if len(p.Boundaries) > 0 {
		b.WriteString("\npackages that establish scope for themselves\n")
	}
	for _, s := range p.Boundaries {
		fmt.Fprintf(&b, "  %s: %s  %s\n", strings.Join(s.Packages, ", "), s.Reason, p.place(s.At))
	}
	if len(p.Sessions) > 0 {
		b.WriteString("\nkept apart by the database\n")
	}
	for i := range p.Sessions {
		s := &p.Sessions[i]
		fmt.Fprintf(&b, "  %s (%s) in %s  %s\n", s.By(), s.Dims, strings.Join(s.tables, ", "), p.place(s.At))
	}
	if len(p.Hooks) > 0 {
		b.WriteString("\nkept apart by hooks\n")
	}
	for i := range p.Hooks {
		h := &p.Hooks[i]
		fmt.Fprintf(&b, "  %s (%s) in %s  %s\n", strings.Join(funcList(h.Funcs).text, ", "), h.Dims, strings.Join(h.tables, ", "), p.place(h.At))
	}
	if p.Baseline != "" {
		fmt.Fprintf(&b, "\nknown findings\n  %s\n", p.Baseline)
	}
	if len(p.Exempts) > 0 {
		b.WriteString("\nexempt\n")
	}
	for i := range p.Exempts {
		e := &p.Exempts[i]
		fmt.Fprintf(&b, "  %s: %s: %s  %s\n", strings.Join(e.Categories, ", "), p.exemptTarget(e), e.Reason, p.place(e.At))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// place is file:line, with the file as short as it stays clear.
func (p *Policy) place(at models.At) string {
	return fmt.Sprintf("%s:%d", filepath.Base(at.File), at.Line)
}
