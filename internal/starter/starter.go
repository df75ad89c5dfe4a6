// Package starter writes the first policy of a module: it looks for functions
// that seem to hand out the caller's tenant or environment and proposes them
// as sources.
//
// It goes by names and by syntax alone, which is enough for a proposal and for
// nothing more. So whatever it proposes is commented out: a person decides.
package starter

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/mod/modfile"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
)

// Command carries out "tenantvet policy" in dir: without arguments it tells
// which policy is in force, with "init" it returns the text of a first one.
func Command(dir string, getenv func(string) string, args []string) (string, error) {
	if len(args) > 0 {
		return Policy(dir)
	}
	p, err := policy.ForDir(dir, getenv)
	if err != nil {
		return "", err
	}
	if err := p.Schema().Check(); err != nil {
		return "", err
	}
	var b strings.Builder
	err = p.Explain(&b)
	return b.String(), err
}

// A Candidate is a function that may be a source.
type Candidate struct {
	Func    string // as a policy names it: "./internal/auth.TenantID"
	Result  string // "result0", or a field of it: "result0.OrgID"
	Dim     models.Dims
	Returns string // its results, as written
	Calls   int    // how often a function of that name is called in the module
	File    string // where it is declared, relative to the module's root, with /
	Line    int

	score int
}

// most is how many candidates of one dimension are proposed.
const most = 6

// Find returns the candidates of the module at root, by dimension, the likely
// ones first. Files that do not parse are passed over.
func Find(root string) ([]Candidate, error) {
	m := &module{root: root, calls: map[string]int{}, fields: map[string][]field{}}
	if err := m.read(); err != nil {
		return nil, err
	}
	var all []Candidate
	for _, f := range m.funcs {
		all = append(all, m.candidates(f)...)
	}
	slices.SortFunc(all, func(a, b Candidate) int {
		switch {
		case a.Dim != b.Dim:
			return int(a.Dim) - int(b.Dim)
		case a.score != b.score:
			return b.score - a.score
		case a.Calls != b.Calls:
			return b.Calls - a.Calls
		case a.Func != b.Func:
			return strings.Compare(a.Func, b.Func)
		}
		return strings.Compare(a.Result, b.Result)
	})
	count := map[models.Dims]int{}
	return slices.DeleteFunc(all, func(c Candidate) bool {
		count[c.Dim]++
		return count[c.Dim] > most
	}), nil
}

// Policy returns the text of a first policy for the module that holds dir. It
// does not mind one that is there: whoever redirects the output to the file has
// made it, empty, before this runs.
func Policy(dir string) (string, error) {
	root, err := moduleRoot(dir)
	if err != nil {
		return "", err
	}
	found, err := Find(root)
	if err != nil {
		return "", err
	}
	return write(found), nil
}

func moduleRoot(dir string) (string, error) {
	for d := dir; ; d = filepath.Dir(d) {
		if isFile(filepath.Join(d, "go.mod")) {
			return d, nil
		}
		if d == filepath.Dir(d) {
			return "", fmt.Errorf("no go.mod in %s or above: a policy belongs to a module", dir)
		}
	}
}

func isFile(name string) bool {
	st, err := os.Stat(name)
	return err == nil && st.Mode().IsRegular()
}

type module struct {
	root   string
	funcs  []*function
	calls  map[string]int     // by the name called
	fields map[string][]field // by package directory and struct: "./internal/auth.Claims"
}

type function struct {
	decl  *ast.FuncDecl
	pkg   string // "./internal/auth"
	file  string
	line  int
	paths map[string]string // imports of its file: name to directory, for those of the module
}

// field is a field that a dimension's name stands in.
type field struct {
	name string
	dim  models.Dims
}

func (m *module) read() error {
	data, err := os.ReadFile(filepath.Join(m.root, "go.mod"))
	if err != nil {
		return err
	}
	path := modfile.ModulePath(data)
	return filepath.WalkDir(m.root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrPermission) {
				return fs.SkipDir
			}
			return err
		}
		base := d.Name()
		if d.IsDir() {
			skip := base == "vendor" || base == "testdata" || base == "node_modules" || base == "mocks" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") ||
				isFile(filepath.Join(name, "go.mod"))
			if skip && name != m.root {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go") || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
			return nil
		}
		return m.readFile(name, path)
	})
}

func (m *module) readFile(name, modulePath string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil // the go command will say so
	}
	rel, err := filepath.Rel(m.root, name)
	if err != nil {
		return err
	}
	rel = filepath.ToSlash(rel)
	pkg := "."
	if i := strings.LastIndexByte(rel, '/'); i >= 0 {
		pkg = "./" + rel[:i]
	}
	paths := map[string]string{}
	for _, imp := range f.Imports {
		path := strings.Trim(imp.Path.Value, `"`)
		rest, ok := strings.CutPrefix(path, modulePath+"/")
		if !ok {
			continue
		}
		local := path[strings.LastIndexByte(path, '/')+1:]
		if imp.Name != nil {
			local = imp.Name.Name
		}
		paths[local] = "./" + rest
	}
	generated := ast.IsGenerated(f)
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if !generated {
				m.funcs = append(m.funcs, &function{d, pkg, rel, fset.Position(d.Pos()).Line, paths})
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if ts, ok := s.(*ast.TypeSpec); ok {
					m.readType(pkg, ts)
				}
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			switch fun := call.Fun.(type) {
			case *ast.Ident:
				m.calls[fun.Name]++
			case *ast.SelectorExpr:
				m.calls[fun.Sel.Name]++
			}
		}
		return true
	})
	return nil
}

func (m *module) readType(pkg string, ts *ast.TypeSpec) {
	st, ok := ts.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, f := range st.Fields.List {
		for _, name := range f.Names {
			// A field that only mentions a tenant (TenantName, OrgPlan) is not
			// who it is.
			words := split(name.Name)
			d := dimension(words)
			if d == 0 || d == models.User || len(words) > 2 || len(words) == 2 && words[1] != "id" && words[1] != "slug" {
				continue
			}
			if isIdent(f.Type, "string") || isNamedID(f.Type) {
				key := pkg + "." + ts.Name.Name
				m.fields[key] = append(m.fields[key], field{name.Name, d})
			}
		}
	}
}

// candidates returns what of f's results may be a source.
func (m *module) candidates(f *function) []Candidate {
	if !carriesContext(f.decl.Type.Params) {
		return nil
	}
	result, ok := firstResult(f.decl.Type.Results)
	if !ok {
		return nil
	}
	name := m.name(f)
	if name == "" {
		return nil
	}
	words := split(f.decl.Name.Name)
	if len(words) == 0 || slices.Contains(doers(), words[0]) {
		return nil
	}
	if slices.ContainsFunc(words, func(w string) bool { return slices.Contains(others(), w) }) {
		return nil
	}
	from := slices.ContainsFunc(words, func(w string) bool { return slices.Contains(carriers(), w) })
	c := Candidate{
		Func: name, Calls: m.calls[f.decl.Name.Name], File: f.file, Line: f.line,
		Returns: types(f.decl.Type.Results), Result: "result0",
	}
	if from {
		c.score++
	}
	if slices.Contains(words, "request") {
		c.score-- // more often what the client says than who it is
	}
	if c.Calls >= 5 {
		c.score++
	}
	plain := isIdent(result, "string") || isNamedID(result)
	if d := dimension(words); d != 0 && (plain || from && d != models.User) {
		c.Dim = d
		if plain {
			c.score++
		}
		if !plain && len(m.fieldsOf(f, result)) > 0 {
			return m.byField(f, c, result)
		}
		return []Candidate{c}
	}
	if from && !slices.Contains(words, "token") && !slices.Contains(words, "request") {
		// The claims, session or principal of a context, not what some token
		// or request leads to.
		return m.byField(f, c, result)
	}
	return nil
}

// byField returns a candidate for each telling field of what f returns, such
// as the OrgID of the claims of a token.
func (m *module) byField(f *function, c Candidate, result ast.Expr) []Candidate {
	var out []Candidate
	for _, fd := range m.fieldsOf(f, result) {
		one := c
		one.Dim, one.Result = fd.dim, "result0."+fd.name
		out = append(out, one)
	}
	return out
}

func (m *module) fieldsOf(f *function, t ast.Expr) []field {
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	switch t := t.(type) {
	case *ast.Ident:
		return m.fields[f.pkg+"."+t.Name]
	case *ast.SelectorExpr:
		if x, ok := t.X.(*ast.Ident); ok && f.paths[x.Name] != "" {
			return m.fields[f.paths[x.Name]+"."+t.Sel.Name]
		}
	}
	return nil
}

// name returns f as a policy names it, "" if it cannot be named.
func (m *module) name(f *function) string {
	if f.decl.Recv == nil || len(f.decl.Recv.List) == 0 {
		return f.pkg + "." + f.decl.Name.Name
	}
	t := f.decl.Recv.List[0].Type
	star := ""
	if p, ok := t.(*ast.StarExpr); ok {
		star, t = "*", p.X
	}
	switch x := t.(type) {
	case *ast.IndexExpr:
		t = x.X
	case *ast.IndexListExpr:
		t = x.X
	}
	id, ok := t.(*ast.Ident)
	if !ok || slices.ContainsFunc(split(id.Name), func(w string) bool { return w == "mock" || w == "fake" || w == "stub" }) {
		return ""
	}
	return "(" + star + f.pkg + "." + id.Name + ")." + f.decl.Name.Name
}

// carriesContext reports whether the first parameter is what requests carry
// their caller in, and few others follow.
func carriesContext(params *ast.FieldList) bool {
	if params.NumFields() == 0 || params.NumFields() > 2 {
		return false
	}
	t := params.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	sel, ok := t.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	if !ok {
		return false
	}
	switch x.Name + "." + sel.Sel.Name {
	case "context.Context", "http.Request", "gin.Context", "echo.Context", "fiber.Ctx", "iris.Context", "app.RequestContext", "huma.Context", "fasthttp.RequestCtx":
		return true
	}
	return false
}

// firstResult returns the type of the first of one or two results, the second
// of which must be an error or a bool.
func firstResult(results *ast.FieldList) (ast.Expr, bool) {
	n := results.NumFields()
	if n == 0 || n > 2 {
		return nil, false
	}
	first, last := results.List[0].Type, results.List[len(results.List)-1].Type
	if isIdent(first, "error") || isIdent(first, "bool") {
		return nil, false
	}
	switch first.(type) {
	case *ast.ArrayType, *ast.MapType, *ast.FuncType, *ast.ChanType:
		return nil, false // of several, none is the caller's
	}
	if n == 2 && !isIdent(last, "error") && !isIdent(last, "bool") {
		return nil, false
	}
	return first, true
}

func isIdent(t ast.Expr, name string) bool {
	id, ok := t.(*ast.Ident)
	return ok && id.Name == name
}

// isNamedID reports whether the type is one of a name that says identifier:
// uuid.UUID, valuer.UUID, TenantID.
func isNamedID(t ast.Expr) bool {
	switch t := t.(type) {
	case *ast.Ident:
		return t.IsExported() && strings.HasSuffix(t.Name, "ID")
	case *ast.SelectorExpr:
		return strings.HasSuffix(t.Sel.Name, "ID")
	}
	return false
}

// types writes a result list as it stands in the source, without names.
func types(list *ast.FieldList) string {
	var out []string
	for _, f := range list.List {
		for range max(1, len(f.Names)) {
			out = append(out, typeText(f.Type))
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	return "(" + strings.Join(out, ", ") + ")"
}

func typeText(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.Ident:
		return t.Name
	case *ast.SelectorExpr:
		return typeText(t.X) + "." + t.Sel.Name
	case *ast.StarExpr:
		return "*" + typeText(t.X)
	case *ast.ArrayType:
		return "[]" + typeText(t.Elt)
	}
	return "…"
}

// doers begin the names of functions that do something with what they name
// rather than say who the caller is.
func doers() []string {
	return []string{"with", "set", "new", "create", "delete", "update", "list", "find", "load", "fetch", "is", "has", "check", "validate", "require", "ensure", "parse", "format", "make", "build", "add", "remove", "put", "save", "insert", "upsert", "resolve", "handle", "count", "hash", "init", "test"}
}

// carriers are words for what the caller is carried in.
func carriers() []string {
	return []string{"current", "context", "ctx", "claims", "token", "session", "request", "principal"}
}

// others say that the function is about something else of a tenant.
func others() []string {
	return []string{"role", "roles", "name", "plan", "status", "currency", "settings", "config", "count", "balance", "type", "for", "by", "client"}
}

// dimension returns what the words speak of, the first that says so.
func dimension(words []string) models.Dims {
	for i, w := range words {
		switch w {
		case "tenant", "org", "organization", "organisation", "workspace":
			return models.Tenant
		case "account":
			// Of accounts there are many kinds: the customer's is called nothing else.
			if i == 0 || slices.Contains([]string{"get", "must", "current", "extract"}, words[i-1]) {
				return models.Tenant
			}
		case "env", "environment":
			return models.Env
		case "user":
			if i+1 < len(words) && words[i+1] == "id" {
				return models.User
			}
		}
	}
	return 0
}

// split returns the words of a Go name in lower case: GetTenantIDFromCtx is
// get tenant id from ctx.
func split(name string) []string {
	var words []string
	runes := []rune(name)
	start := 0
	add := func(end int) {
		if w := strings.Trim(strings.ToLower(string(runes[start:end])), "_"); w != "" {
			words = append(words, w)
		}
		start = end
	}
	for i := 1; i < len(runes); i++ {
		up, before := unicode.IsUpper(runes[i]), unicode.IsUpper(runes[i-1])
		switch {
		case runes[i] == '_':
			add(i)
		case up && !before:
			add(i)
		case up && before && i+1 < len(runes) && unicode.IsLower(runes[i+1]):
			add(i)
		}
	}
	add(len(runes))
	return words
}
