package main

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/packages"

	"github.com/tenantvet/tenantvet/internal/corpus"
)

// A mutant is one package of the corpus with one scope removed.
type mutant struct {
	Name string // "flow/helper:threadKey:const tenant", with "#2" for a second one
	Kind string // what kind of change it is: "drop-predicate"
	What string // what was changed, for people
	File string // the changed file, relative to the corpus
	Line int
	Func string

	pkg *packages.Package
	src []byte // the changed file
}

// mutants returns the mutants of which the path of the package within the module
// and kind are wanted, in a fixed order, and how many more did not compile.
func (o *origin) mutants(wanted choice) (list []*mutant, discarded int, err error) {
	pkgs, err := o.load()
	if err != nil {
		return nil, 0, err
	}
	scoped := scopedFuncs(pkgs)
	for _, pkg := range pkgs {
		if !wanted.run.MatchString(strings.TrimPrefix(pkg.PkgPath, pkg.Module.Path+"/")) {
			continue
		}
		imported := importer(pkg)
		seen := map[string]int{}
		for i, file := range pkg.Syntax {
			path := pkg.CompiledGoFiles[i]
			rel, err := filepath.Rel(o.dir, path)
			if err != nil {
				return nil, 0, err
			}
			rel = filepath.ToSlash(rel)
			need, topic := o.about(rel)
			if need == nil {
				continue
			}
			src, err := os.ReadFile(path)
			if err != nil {
				return nil, 0, err
			}
			if strings.Contains(string(src), "//tenantvet:") {
				continue // exempt on purpose: its mutants would be as well
			}
			m := &mutator{pkg: pkg, file: file, src: src, need: need, tf: pkg.Fset.File(file.Pos()), scopedFuncs: scoped}
			m.carriers = carriersOf(m)
			for _, decl := range file.Decls {
				if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil && o.clean(rel, fn.Name.Name) {
					m.about(topic, fn)
				}
			}
			for _, e := range m.edits {
				if !wanted.kind(e.kind()) {
					continue
				}
				changed, ok := compiles(pkg, imported, path, src, e)
				if !ok {
					discarded++
					continue
				}
				name := fmt.Sprintf("%s:%s:%s", strings.TrimPrefix(pkg.PkgPath, pkg.Module.Path+"/"), e.fn, e.op)
				seen[name]++
				if n := seen[name]; n > 1 {
					name += "#" + strconv.Itoa(n)
				}
				list = append(list, &mutant{
					Name: name, Kind: e.kind(), What: e.what, File: rel, Line: m.tf.Line(e.pos), Func: e.fn,
					pkg: pkg, src: changed,
				})
			}
		}
	}
	return list, discarded, nil
}

// cleanFiles returns the files that hold clean cases, with the dimensions that these
// are about; and, of those that hold others too, the functions that are clean.
func cleanFiles(cases []corpus.Case) (about map[string]map[string]bool, only map[string][]string) {
	only = map[string][]string{}
	funcs := map[string][]string{}
	needs := map[string]map[string]bool{}
	for _, c := range cases {
		if c.Verdict != corpus.Clean {
			only[c.File] = nil
			continue
		}
		if needs[c.File] == nil {
			needs[c.File] = map[string]bool{"tenant": true, "env": true}
		}
		for _, n := range c.Needs {
			needs[c.File][n] = true
		}
		funcs[c.File] = append(funcs[c.File], c.Func)
	}
	for f := range only {
		only[f] = funcs[f]
	}
	return needs, only
}

func (o *origin) load() ([]*packages.Package, error) {
	cfg := &packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedEmbedFiles | packages.NeedImports | packages.NeedDeps |
			packages.NeedTypes | packages.NeedTypesSizes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedModule | packages.NeedExportFile,
		Dir: o.dir,
		Env: o.env(),
	}
	// Dependencies come from export data: only the packages of the corpus
	// itself are needed as syntax.
	cfg.Mode &^= packages.NeedDeps
	pkgs, err := packages.Load(cfg, "./...")
	if err != nil {
		return nil, fmt.Errorf("loading the packages in %s: %w", o.dir, err)
	}
	var errs []error
	for _, p := range pkgs {
		for _, e := range p.Errors {
			errs = append(errs, e)
		}
		if p.Module == nil {
			errs = append(errs, fmt.Errorf("%s: not in a module", p.PkgPath))
		}
	}
	if len(errs) > 0 {
		return nil, fmt.Errorf("%s does not compile: %w", o.dir, errors.Join(errs...))
	}
	slices.SortFunc(pkgs, func(a, b *packages.Package) int { return cmp.Compare(a.PkgPath, b.PkgPath) })
	return pkgs, nil
}

type imports map[string]*types.Package

// Import returns a package that the unchanged package imports.
func (m imports) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if p, ok := m[path]; ok {
		return p, nil
	}
	return nil, fmt.Errorf("%s: not imported by the unchanged package", path)
}

func importer(pkg *packages.Package) imports {
	m := imports{}
	for _, p := range pkg.Types.Imports() {
		m[p.Path()] = p
	}
	return m
}

var unused = regexp.MustCompile(`^declared and not used: (\w+)$`)

// compiles applies e to src and type-checks the package with it. Variables that
// are not used any more are named in a blank assignment, on the same line; what
// then still does not compile is no mutant.
func compiles(pkg *packages.Package, imported imports, path string, src []byte, e edit) ([]byte, bool) {
	for range 4 {
		changed := apply(src, e)
		fset := token.NewFileSet()
		var files []*ast.File
		for i, name := range pkg.CompiledGoFiles {
			var text any
			if name == path {
				text = changed
			}
			f, err := parser.ParseFile(fset, pkg.CompiledGoFiles[i], text, parser.SkipObjectResolution)
			if err != nil {
				return nil, false
			}
			files = append(files, f)
		}
		var names []string
		fatal := false
		conf := types.Config{Importer: imported, Sizes: pkg.TypesSizes, GoVersion: "go1.26", Error: func(err error) {
			var te types.Error
			if errors.As(err, &te) {
				if m := unused.FindStringSubmatch(te.Msg); m != nil {
					names = append(names, m[1])
					return
				}
			}
			fatal = true
		}}
		_, _ = conf.Check(pkg.PkgPath, fset, files, nil) // errors go to conf.Error
		if fatal {
			return nil, false
		}
		if len(names) == 0 {
			return changed, true
		}
		if e.stmt < 0 {
			return nil, false
		}
		for _, n := range names {
			e.uses += "_ = " + n + "; "
		}
	}
	return nil, false
}

// An edit replaces src[start:end]. The new text has as many lines as the old,
// so that positions behind it hold.
type edit struct {
	fn, op, what string
	pos          token.Pos
	start, end   int
	text         string
	stmt         int    // where the enclosing statement of a block starts, -1 if there is none
	uses         string // put before that statement
}

// kind returns the kind of a change: what is done, whatever the dimension.
func (e edit) kind() string {
	words := strings.Fields(e.op)
	switch words[0] {
	case "const", "raw", "drop":
		words = slices.DeleteFunc(words, func(w string) bool {
			return w == "tenant" || w == "env" || w == "user" || w == "text" || w == "link" || w == "listed"
		})
	}
	return strings.Join(words, "-")
}

func apply(src []byte, e edit) []byte {
	lines := strings.Count(string(src[e.start:e.end]), "\n") - strings.Count(e.text, "\n")
	text := e.text + strings.Repeat("\n", max(lines, 0))
	out := slices.Clone(src)
	out = slices.Replace(out, e.start, e.end, []byte(text)...)
	if e.uses != "" && e.stmt >= 0 && e.stmt <= e.start {
		out = slices.Insert(out, e.stmt, []byte(e.uses)...)
	}
	return out
}

// A mutator collects the edits of one file.
type mutator struct {
	pkg   *packages.Package
	file  *ast.File
	tf    *token.File
	src   []byte
	need  map[string]bool
	edits []edit

	carriers map[types.Object]bool // functions of the package that scope is in

	scopedFuncs map[string]bool // functions that take scope out of a context that they are handed

	fn       *ast.FuncDecl
	scoped   map[types.Object]string // local variables that hold a dimension, and which
	guardsOf map[types.Object]bool   // functions of the package that call a guard
}

const (
	runtimePath = "github.com/tenantvet/tenantvet/runtime"
	authPath    = "corpus/legacy/auth"
)

// function collects the edits of one function: each place where a dimension
// comes in is changed in each of several ways, one at a time.
func (m *mutator) function(fn *ast.FuncDecl) {
	m.fn = fn
	m.scoped = map[types.Object]string{}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			// Parameters by which the corpus passes dimensions on as plain text.
			for _, name := range n.Names {
				if d := map[string]string{"org": "tenant", "env": "env"}[name.Name]; d != "" {
					if obj := m.pkg.TypesInfo.Defs[name]; obj != nil && isString(obj.Type()) {
						m.scoped[obj] = d
					}
				}
			}
		case *ast.AssignStmt:
			m.assign(n)
		}
		return true
	})
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt:
			m.check(n)
		case ast.Expr:
			if d := m.dimension(n); d != "" {
				if m.need[d] {
					m.root(n, d)
				}
				return false
			}
			m.key(n)
			m.scopeCall(n)
		}
		return true
	})
	m.predicates(fn)
}

// assign notes variables that are set to a dimension.
func (m *mutator) assign(s *ast.AssignStmt) {
	set := func(lhs ast.Expr, d string) {
		if id, ok := lhs.(*ast.Ident); ok && d != "" {
			if obj := m.pkg.TypesInfo.ObjectOf(id); obj != nil {
				m.scoped[obj] = d
			}
		}
	}
	if len(s.Lhs) == len(s.Rhs) {
		for i := range s.Rhs {
			set(s.Lhs[i], m.dimension(s.Rhs[i]))
		}
		return
	}
	if call, ok := s.Rhs[0].(*ast.CallExpr); ok && m.calls(call, authPath, "Lookup") {
		set(s.Lhs[0], "tenant")
		set(s.Lhs[1], "env")
	}
}

// dimension returns which dimension an expression is, "" if none.
func (m *mutator) dimension(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return m.dimension(e.X)
	case *ast.Ident:
		return m.scoped[m.pkg.TypesInfo.Uses[e]]
	case *ast.SelectorExpr:
		if obj, ok := m.pkg.TypesInfo.Uses[e.Sel].(*types.Var); ok && obj.IsField() && obj.Pkg() != nil && obj.Pkg().Path() == authPath {
			return map[string]string{"OrgID": "tenant", "EnvID": "env", "UserID": "user"}[obj.Name()]
		}
	case *ast.CallExpr:
		fun, ok := m.callee(e).(*types.Func)
		if !ok || fun.Pkg() == nil {
			if m.pkg.TypesInfo.Types[e.Fun].IsType() && len(e.Args) == 1 && isString(m.pkg.TypesInfo.TypeOf(e)) {
				return m.dimension(e.Args[0]) // a conversion
			}
			return ""
		}
		switch fun.Pkg().Path() {
		case runtimePath:
			switch fun.FullName() {
			case "(" + runtimePath + ".Scope).Tenant":
				return "tenant"
			case "(" + runtimePath + ".Scope).Env":
				return "env"
			case "(" + runtimePath + ".Scope).User":
				return "user"
			case "(" + runtimePath + ".Env).String":
				return "env"
			}
		case authPath:
			return map[string]string{"TenantID": "tenant", "EnvironmentID": "env"}[fun.Name()]
		}
	}
	return ""
}

func (m *mutator) callee(call *ast.CallExpr) types.Object {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return m.pkg.TypesInfo.Uses[fun]
	case *ast.SelectorExpr:
		return m.pkg.TypesInfo.Uses[fun.Sel]
	case *ast.IndexExpr:
		if id, ok := fun.X.(*ast.Ident); ok {
			return m.pkg.TypesInfo.Uses[id]
		}
	}
	return nil
}

func (m *mutator) calls(call *ast.CallExpr, path, name string) bool {
	obj := m.callee(call)
	return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == path && obj.Name() == name
}

func (m *mutator) offset(pos token.Pos) int { return m.tf.Offset(pos) }

func (m *mutator) text(n ast.Node) string {
	return string(m.src[m.offset(n.Pos()):m.offset(n.End())])
}

// path returns the nodes that enclose n, n first.
func (m *mutator) path(n ast.Node) []ast.Node {
	path, _ := astutil.PathEnclosingInterval(m.file, n.Pos(), n.End())
	for i, p := range path {
		if p == n {
			return path[i:]
		}
	}
	return append([]ast.Node{n}, path...)
}

func (m *mutator) add(n ast.Node, op, what string, start, end token.Pos, text string) {
	e := edit{
		fn: m.fn.Name.Name, op: op, what: what, pos: n.Pos(),
		start: m.offset(start), end: m.offset(end), text: text, stmt: -1,
	}
	path := m.path(n)
	for i := 0; i+1 < len(path); i++ {
		if stmt, ok := path[i].(ast.Stmt); ok {
			switch path[i+1].(type) {
			case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
				e.stmt = m.offset(stmt.Pos())
			}
		}
		if e.stmt >= 0 {
			break
		}
	}
	m.edits = append(m.edits, e)
}

// root adds the edits of an expression that is a dimension.
func (m *mutator) root(e ast.Expr, dim string) {
	path := m.path(e)
	if len(path) < 2 {
		return
	}
	old := m.text(e)
	if m.defines(path) || m.compared(path) {
		return // what the variable is used for is changed where it is used
	}
	t := m.pkg.TypesInfo.TypeOf(e)
	constant := `"shared"`
	if !isString(t) {
		constant = m.zero(t, path[1])
	}
	if constant != "" {
		m.add(e, "const "+dim, fmt.Sprintf("%s becomes %s", old, constant), e.Pos(), e.End(), constant)
	}
	if raw := m.raw(e); raw != "" && (isString(t) || constant == `"shared"`) {
		m.add(e, "raw "+dim, fmt.Sprintf("%s becomes %s", old, raw), e.Pos(), e.End(), raw)
	}
	what := old + " is dropped"
	op := "drop " + dim
	switch p := path[1].(type) {
	case *ast.BinaryExpr:
		if p.Op == token.ADD {
			m.dropOperand(e, p, path, op, what)
		}
	case *ast.CompositeLit:
		m.dropElement(e, p.Elts, op, what)
	case *ast.KeyValueExpr:
		if lit, ok := path[2].(*ast.CompositeLit); ok && p.Value == e {
			if m.isCondition(lit) {
				op += " predicate"
			}
			m.dropElement(p, lit.Elts, op, what)
		}
	case *ast.CallExpr:
		if e != p.Fun {
			if m.calls(p, "fmt", "Sprintf") || m.calls(p, "fmt", "Appendf") || m.calls(p, "fmt", "Fprintf") {
				m.dropVerb(e, p, op, what)
			} else if !m.dropPredicate(e, p, op) {
				m.dropElement(e, p.Args, op, what)
			}
		}
	}
	m.dropStatement(e, path, op, what)
}

// defines reports whether the innermost statement does nothing but name the
// expression.
func (m *mutator) defines(path []ast.Node) bool {
	s, ok := path[1].(*ast.AssignStmt)
	return ok && s.Tok == token.DEFINE
}

// compared reports whether the expression is an operand of a comparison.
func (m *mutator) compared(path []ast.Node) bool {
	b, ok := path[1].(*ast.BinaryExpr)
	return ok && (b.Op == token.EQL || b.Op == token.NEQ)
}

// zero returns what to write for a constant of type t where parent uses it: the
// printing functions take text as well.
func (m *mutator) zero(t types.Type, parent ast.Node) string {
	if call, ok := parent.(*ast.CallExpr); ok {
		if fun := m.callee(call); fun != nil && fun.Pkg() != nil && fun.Pkg().Path() == "fmt" {
			return `"shared"`
		}
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return ""
	}
	for _, spec := range m.file.Imports {
		if path, _ := strconv.Unquote(spec.Path.Value); path == named.Obj().Pkg().Path() && spec.Name != nil {
			return spec.Name.Name + "." + named.Obj().Name() + "{}"
		}
	}
	return ""
}

// raw returns an expression in scope at e that is some id of no dimension: the
// client's choice, or a parameter. It is "" if there is none.
func (m *mutator) raw(e ast.Expr) string {
	scope := m.pkg.Types.Scope().Innermost(e.Pos())
	best := ""
	for s := scope; s != nil && s != m.pkg.Types.Scope(); s = s.Parent() {
		for _, name := range s.Names() {
			obj, ok := s.Lookup(name).(*types.Var)
			if !ok || obj.Pos() >= e.Pos() || obj.IsField() || name == "_" {
				continue
			}
			if p, ok := obj.Type().(*types.Pointer); ok && p.String() == "*net/http.Request" {
				return name + `.PathValue("raw")`
			}
			if best == "" && m.scoped[obj] == "" && isString(obj.Type()) && name == "id" {
				best = name
			}
		}
	}
	return best
}

// dropOperand takes e out of a chain of +, with the literal next to it.
func (m *mutator) dropOperand(e ast.Expr, inner *ast.BinaryExpr, path []ast.Node, op, what string) {
	top := inner
	for _, n := range path[2:] {
		b, ok := n.(*ast.BinaryExpr)
		if !ok || b.Op != token.ADD {
			break
		}
		top = b
	}
	var operands []ast.Expr
	var walk func(ast.Expr)
	walk = func(x ast.Expr) {
		if b, ok := x.(*ast.BinaryExpr); ok && b.Op == token.ADD {
			walk(b.X)
			walk(b.Y)
			return
		}
		operands = append(operands, x)
	}
	walk(top)
	at := slices.Index(operands, e)
	if at < 0 {
		return
	}
	rest := slices.Delete(slices.Clone(operands), at, at+1)
	if at < len(rest) && separator(rest[at]) && (at == 0 || separator(rest[at-1])) {
		rest = slices.Delete(rest, at, at+1)
	}
	if len(rest) == 0 {
		return
	}
	var text []string
	for _, x := range rest {
		text = append(text, m.text(x))
	}
	m.add(e, op, what, top.Pos(), top.End(), strings.Join(text, "+"))
}

// separator reports whether x is a literal that only parts its neighbours.
func separator(x ast.Expr) bool {
	lit, ok := x.(*ast.BasicLit)
	return ok && lit.Kind == token.STRING && len(lit.Value) == 3
}

// dropElement takes e out of a list.
func (m *mutator) dropElement(e ast.Expr, list []ast.Expr, op, what string) {
	at := slices.Index(list, e)
	switch {
	case at < 0:
	case at+1 < len(list):
		m.add(e, op, what, e.Pos(), list[at+1].Pos(), "")
	case at > 0:
		m.add(e, op, what, list[at-1].End(), e.End(), "")
	case len(list) == 1:
		m.add(e, op, what, e.Pos(), e.End(), "")
	}
}

var verb = regexp.MustCompile(`%[a-zA-Z]:?`)

var predicate = regexp.MustCompile(`(?i)[a-z_."]+\s*=\s*$`)

// dropPredicate takes the predicate out of a statement whose argument e is. To
// take the argument would leave a statement that fails when it runs. It reports
// whether e is the argument of a text with placeholders.
func (m *mutator) dropPredicate(e ast.Expr, call *ast.CallExpr, op string) bool {
	at := slices.Index(call.Args, e)
	for i, arg := range call.Args[:max(at, 0)] {
		tv := m.pkg.TypesInfo.Types[arg]
		if tv.Value == nil || tv.Value.Kind() != constant.String {
			continue
		}
		text := constant.StringVal(tv.Value)
		if !strings.ContainsAny(text, "?$@:") {
			continue
		}
		mark := "$" + strconv.Itoa(at-i)
		from := strings.Index(text, mark)
		if !strings.Contains(text, "$1") {
			mark, from = "?", -1
			for range at - i {
				next := strings.Index(text[from+1:], mark)
				if next < 0 {
					return true
				}
				from += 1 + next
			}
		}
		if from < 0 {
			return true
		}
		if loc := predicate.FindStringIndex(text[:from]); loc != nil {
			mutated := text[:loc[0]] + mark + " IS NOT NULL" + text[from+len(mark):]
			m.add(e, op+" predicate", text[loc[0]:from+len(mark)]+" is dropped", arg.Pos(), arg.End(), strconv.Quote(mutated))
		}
		return true
	}
	return false
}

// dropVerb takes an operand and its verb out of a call of a printing function.
func (m *mutator) dropVerb(e ast.Expr, call *ast.CallExpr, op, what string) {
	at := slices.Index(call.Args, e)
	for i, arg := range call.Args[:max(at, 0)] {
		lit, ok := arg.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING || strings.Contains(lit.Value, "%[") {
			continue
		}
		verbs := verb.FindAllStringIndex(lit.Value, -1)
		if n := at - i - 1; n < len(verbs) {
			format := lit.Value[:verbs[n][0]] + lit.Value[verbs[n][1]:]
			args := []string{format}
			for k, x := range call.Args[i+1:] {
				if k != n {
					args = append(args, m.text(x))
				}
			}
			m.add(e, op, what, lit.Pos(), call.Args[len(call.Args)-1].End(), strings.Join(args, ", "))
		}
		return
	}
}

// dropStatement takes a whole statement out that does nothing but write e into
// what becomes the key.
func (m *mutator) dropStatement(e ast.Expr, path []ast.Node, op, what string) {
	for i, n := range path {
		stmt, ok := n.(ast.Stmt)
		if !ok {
			continue
		}
		if i+1 >= len(path) {
			return
		}
		switch path[i+1].(type) {
		case *ast.BlockStmt, *ast.CaseClause:
		default:
			return
		}
		switch s := stmt.(type) {
		case *ast.ExprStmt:
			call, ok := s.X.(*ast.CallExpr)
			if !ok {
				return
			}
			obj := m.callee(call)
			if obj == nil || obj.Pkg() == nil {
				return
			}
			switch obj.Pkg().Path() {
			case "strings", "bytes", "fmt", "io", "hash":
			default:
				return // may be the sink
			}
		case *ast.AssignStmt:
			if len(s.Lhs) != 1 {
				return
			}
			switch lhs := s.Lhs[0].(type) {
			case *ast.Ident:
				if s.Tok != token.ADD_ASSIGN && !m.appends(s, lhs, e) {
					return
				}
			case *ast.SelectorExpr:
			case *ast.IndexExpr:
				if _, ok := m.pkg.TypesInfo.TypeOf(lhs.X).Underlying().(*types.Map); ok {
					return // the sink
				}
				if s.Rhs[0] != e {
					return // a list of whole keys: without one it is shorter, and no leak
				}
			default:
				return
			}
			if s.Tok == token.DEFINE {
				return
			}
		default:
			return
		}
		m.add(e, strings.Replace(op, "drop", "drop statement", 1), m.oneLine(stmt)+" is dropped", stmt.Pos(), stmt.End(), "{}")
		return
	}
}

// appends reports whether s is "x = append(x, ..., e, ...)".
func (m *mutator) appends(s *ast.AssignStmt, lhs *ast.Ident, e ast.Expr) bool {
	call, ok := s.Rhs[0].(*ast.CallExpr)
	if !ok || s.Tok != token.ASSIGN || len(call.Args) == 0 {
		return false
	}
	fun, ok := call.Fun.(*ast.Ident)
	first, ok2 := call.Args[0].(*ast.Ident)
	return ok && ok2 && fun.Name == "append" && first.Name == lhs.Name && slices.Contains(call.Args, e)
}

func (m *mutator) oneLine(n ast.Node) string {
	return strings.Join(strings.Fields(m.text(n)), " ")
}

// key replaces an argument that holds the whole scoped key with a raw id.
func (m *mutator) key(e ast.Expr) {
	path := m.path(e)
	if len(path) < 2 {
		return
	}
	parent, ok := path[1].(*ast.CallExpr)
	if !ok || !slices.Contains(parent.Args, e) || !isString(m.pkg.TypesInfo.TypeOf(e)) {
		return
	}
	if tv := m.pkg.TypesInfo.Types[parent.Fun]; tv.IsType() || tv.IsBuiltin() {
		return
	}
	switch x := e.(type) {
	case *ast.Ident:
		obj, ok := m.pkg.TypesInfo.Uses[x].(*types.Var)
		if !ok || !m.holdsScope(obj) {
			return
		}
	case *ast.CallExpr:
		fun, ok := m.callee(x).(*types.Func)
		if !ok || fun.FullName() != "("+runtimePath+".Key).String" && !m.takesScope(x) {
			return
		}
	case *ast.BinaryExpr:
		if !m.mentions(x) {
			return
		}
	default:
		return
	}
	if raw := m.raw(e); raw != "" {
		m.add(e, "raw key", fmt.Sprintf("%s becomes %s", m.oneLine(e), raw), e.Pos(), e.End(), raw)
	}
}

// scopeCall takes out a call that is handed the scope to write it into a key:
// one link of a chain of methods, or a statement of its own.
func (m *mutator) scopeCall(e ast.Expr) {
	call, ok := e.(*ast.CallExpr)
	if !ok || !m.takesScope(call) {
		return
	}
	fun, ok := m.callee(call).(*types.Func)
	if !ok || fun.Pkg() != m.pkg.Types {
		return
	}
	for p := range fun.Signature().Params().Variables() {
		if p.Type().String() == "context.Context" {
			return // may be the sink
		}
	}
	path := m.path(e)
	if len(path) < 2 {
		return
	}
	if stmt, ok := path[1].(*ast.ExprStmt); ok {
		m.add(e, "drop call", m.oneLine(e)+" is dropped", stmt.Pos(), stmt.End(), "{}")
		return
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if ok && types.Identical(m.pkg.TypesInfo.TypeOf(sel.X), m.pkg.TypesInfo.TypeOf(call)) {
		m.add(e, "drop call", "."+sel.Sel.Name+" is dropped", call.Pos(), call.End(), m.text(sel.X))
	}
}

// mentions reports whether a dimension is part of the expression.
func (m *mutator) mentions(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok && m.need[m.dimension(e)] {
			found = true
		}
		return !found
	})
	return found
}

// takesScope reports whether one of the arguments is the scope itself.
func (m *mutator) takesScope(call *ast.CallExpr) bool {
	return slices.ContainsFunc(call.Args, func(a ast.Expr) bool { return isScope(m.pkg.TypesInfo.TypeOf(a)) })
}

// holdsScope reports whether the variable is set to something that a dimension
// is part of, in this function.
func (m *mutator) holdsScope(obj *types.Var) bool {
	found := false
	ast.Inspect(m.fn.Body, func(n ast.Node) bool {
		s, ok := n.(*ast.AssignStmt)
		if !ok || len(s.Lhs) != len(s.Rhs) {
			return !found
		}
		for i, lhs := range s.Lhs {
			if id, ok := lhs.(*ast.Ident); ok && m.pkg.TypesInfo.ObjectOf(id) == obj && m.mentions(s.Rhs[i]) {
				found = true
			}
		}
		return !found
	})
	return found
}

// check removes the check of the error that a scope came with.
func (m *mutator) check(s *ast.IfStmt) {
	path := m.path(s)
	if len(path) < 2 {
		return
	}
	if init, ok := s.Init.(*ast.AssignStmt); ok {
		if m.yieldsScope(init) {
			if b, ok := s.Cond.(*ast.BinaryExpr); ok && b.Op == token.EQL {
				m.add(s.Cond, "invert check", m.text(s.Cond)+" is turned round", b.OpPos, b.OpPos+2, "!=")
			}
		}
		return
	}
	block, ok := path[1].(*ast.BlockStmt)
	if !ok || s.Init != nil || s.Else != nil {
		return
	}
	at := slices.Index(block.List, ast.Stmt(s))
	if at < 1 {
		return
	}
	prev, ok := block.List[at-1].(*ast.AssignStmt)
	if !ok || !m.yieldsScope(prev) {
		return
	}
	if b, ok := s.Cond.(*ast.BinaryExpr); ok && b.Op == token.NEQ {
		m.add(s, "invert check", m.text(s.Cond)+" is turned round", b.OpPos, b.OpPos+2, "==")
	}
	last := prev.Lhs[len(prev.Lhs)-1]
	m.add(s, "drop check", "if "+m.text(s.Cond)+" is dropped", s.Pos(), s.End(), "_ = "+m.text(last))
}

// yieldsScope reports whether s takes a scope, or its parts, and an error or a
// bool from a call.
func (m *mutator) yieldsScope(s *ast.AssignStmt) bool {
	if len(s.Rhs) != 1 || len(s.Lhs) < 2 {
		return false
	}
	call, ok := s.Rhs[0].(*ast.CallExpr)
	if !ok {
		return false
	}
	id, ok := s.Lhs[0].(*ast.Ident)
	if !ok || id.Name == "_" || m.onlyRuntime(m.pkg.TypesInfo.ObjectOf(id)) {
		return false
	}
	return m.calls(call, authPath, "Lookup") || isScope(m.pkg.TypesInfo.TypeOf(id))
}

// onlyRuntime reports whether the scope goes nowhere but to functions of the
// runtime, which refuse an invalid one themselves: without the check there is
// still no leak.
func (m *mutator) onlyRuntime(scope types.Object) bool {
	only := true
	ast.Inspect(m.fn.Body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && m.pkg.TypesInfo.Uses[id] == scope {
			call, ok := m.path(id)[1].(*ast.CallExpr)
			if !ok || !slices.Contains(call.Args, ast.Expr(id)) {
				only = false
				return true
			}
			fun := m.callee(call)
			only = only && fun != nil && fun.Pkg() != nil && fun.Pkg().Path() == runtimePath
		}
		return true
	})
	return only
}

func isString(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

func isScope(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == runtimePath && named.Obj().Name() == "Scope"
}
