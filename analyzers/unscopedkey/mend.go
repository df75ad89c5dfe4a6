package unscopedkey

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/rule"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// Fixes of statements: the predicate that is missing, with the caller's scope.
// They are offered where there is one way to write it, and where the scope is
// in hand: what is proven to be it, or what a source makes of the context in
// hand. A parameter that merely has the right name is not taken.

// mender writes the fix of one statement.
type mender struct {
	*reporter
	a    *scopeflow.Access
	call *ast.CallExpr
	path []ast.Node // around the call, the innermost first
	decl *ast.FuncDecl
	file *ast.File
}

// statementFix returns the fix that restricts the statement of access a, seen
// from itself, by the columns for what is missing.
func (r *reporter) statementFix(a *scopeflow.Access, missing []models.Dims) []analysis.SuggestedFix {
	if a.Root != nil || a.Row == nil || a.Way != "" || a.Child || !a.Pos.IsValid() {
		return nil // the statement is somewhere else, or in the library, or the column in another table
	}
	m := &mender{reporter: r, a: a}
	m.path = r.pathTo(a.Pos)
	at := slices.IndexFunc(m.path, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		return ok && call.Lparen == a.Pos
	})
	if at < 0 {
		return nil
	}
	m.call, m.path = m.path[at].(*ast.CallExpr), m.path[at+1:]
	for _, n := range m.path {
		switch n := n.(type) {
		case *ast.FuncDecl:
			m.decl = n
		case *ast.File:
			m.file = n
		}
	}
	if m.decl == nil || m.file == nil {
		return nil // an initialiser: nobody calls it
	}
	var cols []scopeflow.ScopeColumn
	var names []string
	for _, c := range a.Columns {
		if slices.Contains(missing, c.Need) {
			cols = append(cols, c)
			names = append(names, c.Name)
		}
	}
	var edits []analysis.TextEdit
	switch {
	case len(cols) == 0:
	case a.Row.SQL != nil:
		edits = m.text(cols)
	case a.Unbound:
		edits = m.byID(cols)
	default:
		edits = m.chain(cols)
	}
	if edits == nil {
		return nil
	}
	return []analysis.SuggestedFix{{Message: "restrict it by " + strings.Join(names, " and "), TextEdits: edits}}
}

func insert(pos token.Pos, text string) analysis.TextEdit {
	return analysis.TextEdit{Pos: pos, End: pos, NewText: []byte(text)}
}

// text mends SQL that is one literal, here or in a constant of its own.
func (m *mender) text(cols []scopeflow.ScopeColumn) []analysis.TextEdit {
	sig, ok := m.Pass.TypesInfo.TypeOf(m.call.Fun).(*types.Signature)
	sql, args := m.a.Row.SQL, m.a.Row.Args
	if !ok || args == nil || !isArg(*sql, sql.Index) || !isArgs(*args, args.Index) || sql.Index >= len(m.call.Args) || sql.Index >= args.Index {
		return nil
	}
	if !sig.Variadic() || args.Index != sig.Params().Len()-1 || m.call.Ellipsis.IsValid() || len(m.call.Args) < args.Index {
		return nil
	}
	lit := m.literal(m.call.Args[sql.Index])
	if lit == nil {
		return nil
	}
	value, err := strconv.Unquote(lit.Value)
	if err != nil {
		return nil
	}
	var names []string
	for _, c := range cols {
		names = append(names, c.SQL)
	}
	opts := sqlscope.Options{}
	if s := m.Policy.Schema(); s != nil {
		opts.Catalog = s
	}
	amendment, ok := sqlscope.Amend(value, opts, names)
	if !ok || !m.spelt(names) {
		return nil
	}
	given := m.call.Args[args.Index:]
	if amendment.Had != len(given) {
		return nil // some of them are not what they seem
	}
	var edits []analysis.TextEdit
	for _, in := range amendment.Insert {
		pos := m.inLiteral(lit, value, in.Offset)
		if !pos.IsValid() {
			return nil
		}
		edits = append(edits, insert(pos, in.Text))
	}
	var want types.Type
	if elem := sig.Params().At(args.Index).Type().(*types.Slice).Elem(); !types.IsInterface(elem) {
		want = elem
	}
	var values []string
	for _, c := range cols {
		v := m.value(c.Need, want)
		if v == "" {
			return nil
		}
		values = append(values, v)
	}
	// All new arguments stand side by side, before the one whose place is taken.
	list := strings.Join(values, ", ")
	switch at := amendment.Args[0]; {
	case at < len(given):
		edits = append(edits, insert(given[at].Pos(), list+", "))
	default:
		edits = append(edits, insert(m.call.Args[len(m.call.Args)-1].End(), ", "+list))
	}
	return edits
}

// spelt reports whether the database has columns of these names as they are
// written. Schemas are read without regard to case: a name of several words has
// it in its joints, one of a single word must be spelt so in the policy.
func (m *mender) spelt(names []string) bool {
	for _, name := range names {
		known := strings.Contains(name, "_")
		for _, d := range models.AllDims.Each() {
			known = known || slices.Contains(m.Policy.Synonyms(d), name)
		}
		if !known {
			return false
		}
	}
	return true
}

// literal returns the literal that an expression is, or that the constant or the
// variable of the function is which it names, if nothing else uses that; nil if
// there is none.
func (m *mender) literal(e ast.Expr) *ast.BasicLit {
	e = ast.Unparen(e)
	if id, ok := e.(*ast.Ident); ok {
		obj := m.Pass.TypesInfo.Uses[id]
		uses := 0
		for _, o := range m.Pass.TypesInfo.Uses {
			if o == obj {
				uses++
			}
		}
		if obj == nil || uses != 1 {
			return nil
		}
		switch obj := obj.(type) {
		case *types.Const:
			if obj.Exported() && obj.Parent() == m.Pass.Pkg.Scope() || obj.Pkg() != m.Pass.Pkg {
				return nil
			}
			e = m.initialiser(obj)
		case *types.Var:
			e = nil
			m.assigned(obj, func(to ast.Expr, _ int, define bool) {
				if define {
					e = to
				}
			})
		}
	}
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return nil
	}
	return lit
}

// initialiser returns what a constant of this package is set to, nil if that is
// not written where it is declared.
func (m *mender) initialiser(c *types.Const) ast.Expr {
	var out ast.Expr
	for _, f := range m.Pass.Files {
		if c.Pos() < f.FileStart || f.FileEnd <= c.Pos() {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return out == nil
			}
			for i, name := range spec.Names {
				if m.Pass.TypesInfo.Defs[name] == c && i < len(spec.Values) {
					out = ast.Unparen(spec.Values[i])
				}
			}
			return out == nil
		})
	}
	return out
}

// inLiteral returns the place in the source of an offset in a literal's value.
func (m *mender) inLiteral(lit *ast.BasicLit, value string, offset int) token.Pos {
	if src := m.source(lit.Pos(), lit.Pos()+token.Pos(len(lit.Value))); src != lit.Value {
		return token.NoPos // carriage returns, which the value does not have
	}
	if lit.Value[0] == '`' {
		return lit.Pos() + 1 + token.Pos(offset)
	}
	rest := lit.Value[1 : len(lit.Value)-1]
	at := lit.Pos() + 1
	for made := 0; made < offset; {
		c, multibyte, tail, err := strconv.UnquoteChar(rest, '"')
		if err != nil {
			return token.NoPos
		}
		at += token.Pos(len(rest) - len(tail))
		rest = tail
		if multibyte {
			made += utf8.RuneLen(c)
		} else {
			made++
		}
	}
	return at
}

// source returns the text between two places of a file, "" if it cannot be had.
func (m *mender) source(pos, end token.Pos) string {
	tok := m.Pass.Fset.File(pos)
	if tok == nil || int(end) > tok.Base()+tok.Size() || m.Pass.Fset.Position(pos).Filename != tok.Name() {
		return ""
	}
	src, err := m.Pass.ReadFile(tok.Name())
	if err != nil || len(src) != tok.Size() {
		return ""
	}
	return string(src[tok.Offset(pos):tok.Offset(end)])
}

// chain mends a query that is a value, by a call of its Where: with predicates,
// or with the text of a condition.
func (m *mender) chain(cols []scopeflow.ScopeColumn) []analysis.TextEdit {
	sel, ok := ast.Unparen(m.call.Fun).(*ast.SelectorExpr)
	if !ok || len(m.a.Row.Key) != 1 || m.a.Row.Key[0].Base != models.Recv || len(m.a.Row.Key[0].Path) > 0 {
		return nil
	}
	if m.speaksOf(sel.X, cols) {
		return nil
	}
	t := m.Pass.TypesInfo.TypeOf(sel.X)
	if where := m.where(t, models.Where); where != nil {
		preds := m.predicates(where, cols)
		if preds == "" {
			return nil
		}
		if last, end := m.endsIn(sel.X, where); last != nil {
			return []analysis.TextEdit{insert(last.End(), ","+m.gap(last.Pos(), last.End(), end, " ")+preds)}
		}
		return []analysis.TextEdit{insert(sel.X.End(), "."+m.gap(sel.Sel.Pos(), sel.X.End(), sel.Sel.Pos(), "")+"Where("+preds+")")}
	}
	if where := m.where(t, models.WhereSQL); where != nil && m.alone(sel.X) {
		var conds, values []string
		for _, c := range cols {
			v := m.value(c.Need, nil)
			if v == "" || !plain(c.SQL) {
				return nil
			}
			conds = append(conds, c.SQL+" = ?")
			values = append(values, v)
		}
		return []analysis.TextEdit{insert(sel.X.End(), fmt.Sprintf(".%sWhere(%q, %s)", m.gap(sel.Sel.Pos(), sel.X.End(), sel.Sel.Pos(), ""), strings.Join(conds, " AND "), strings.Join(values, ", ")))}
	}
	return nil
}

// speaksOf reports whether a query names one of the columns already, in whichever
// way: that it is not restricted by it is no slip then.
func (m *mender) speaksOf(query ast.Expr, cols []scopeflow.ScopeColumn) bool {
	text := models.ColumnName(m.source(query.Pos(), query.End()))
	return slices.ContainsFunc(cols, func(c scopeflow.ScopeColumn) bool {
		return strings.Contains(text, models.ColumnName(c.Name)) || c.SQL != "" && strings.Contains(text, models.ColumnName(c.SQL))
	})
}

// plain reports whether a column's name needs no quotes.
func plain(name string) bool {
	for i := range len(name) {
		if c := name[i]; !(c == '_' || 'a' <= c && c <= 'z' || i > 0 && '0' <= c && c <= '9') {
			return false
		}
	}
	return name != "" && name != "user"
}

// where returns the method Where of a query's type that adds predicates, or the
// text of a condition, and returns the query; nil if it has none.
func (m *mender) where(t types.Type, how models.How) *types.Func {
	obj, _, _ := types.LookupFieldOrMethod(t, true, m.Pass.Pkg, "Where")
	fn, ok := obj.(*types.Func)
	if !ok {
		return nil
	}
	rows := m.Index.Func(fn.Origin())
	sig := fn.Signature()
	params := sig.Params()
	if rows == nil || !sig.Variadic() || sig.Results().Len() != 1 || !types.Identical(sig.Results().At(0).Type(), t) {
		return nil
	}
	for _, f := range rows.Flows {
		if f.How != how || f.NoTo || f.To.Base != models.Result || f.To.Index != 0 {
			continue
		}
		switch how {
		case models.Where:
			if params.Len() == 1 && slices.ContainsFunc(f.From, func(p models.Place) bool { return isArgs(p, 0) }) {
				return fn
			}
		case models.WhereSQL:
			if params.Len() == 2 && len(f.From) == 2 && isArg(f.From[0], 0) && isArgs(f.From[1], 1) && acceptsText(params.At(0).Type()) && isAny(params.At(1).Type().(*types.Slice).Elem()) {
				return fn
			}
		}
	}
	return nil
}

// isArg reports whether a place is the parameter of that number.
func isArg(p models.Place, index int) bool {
	return p.Base == models.Arg && p.Index == index && len(p.Path) == 0
}

// isArgs reports whether a place is the list in the parameter of that number, or
// its elements.
func isArgs(p models.Place, index int) bool {
	return p.Base == models.Arg && p.Index == index && (len(p.Path) == 0 || len(p.Path) == 1 && p.Path[0] == models.Elem)
}

func isAny(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.Empty()
}

func acceptsText(t types.Type) bool { return isAny(t) || types.Identical(t, types.Typ[types.String]) }

// gap returns what stands in front of new text: a line break and the indent of
// what stands at pos, if that begins a line and there is a line break between
// two other places, else blank.
func (m *mender) gap(pos, from, to token.Pos, blank string) string {
	if l, ok := rule.LineOf(m.Pass, pos); ok && strings.Contains(m.source(from, to), "\n") {
		if indent := l.Before(pos); strings.TrimSpace(indent) == "" {
			return "\n" + indent
		}
	}
	return blank
}

// endsIn returns the last argument of the call of where that e is, and where the
// call ends; nil if it is no such call, or one whose arguments are a list.
func (m *mender) endsIn(e ast.Expr, where *types.Func) (ast.Expr, token.Pos) {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || call.Ellipsis.IsValid() || len(call.Args) == 0 {
		return nil, token.NoPos
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || m.Pass.TypesInfo.Uses[sel.Sel] != where {
		return nil, token.NoPos
	}
	return call.Args[len(call.Args)-1], call.Rparen
}

// alone reports whether a query, built from its beginning in one expression, is
// on one table: then a column's name needs nothing in front of it.
func (m *mender) alone(e ast.Expr) bool {
	for {
		call, ok := ast.Unparen(e).(*ast.CallExpr)
		if !ok {
			return false
		}
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return false
		}
		fn, ok := m.Pass.TypesInfo.Uses[sel.Sel].(*types.Func)
		if !ok {
			return false
		}
		rows := m.Index.Func(fn.Origin())
		if rows == nil {
			return false
		}
		for _, f := range rows.Flows {
			if f.How == models.Begin {
				return true
			}
		}
		for _, word := range []string{"Join", "Relation", "Table", "From", "With", "Union"} {
			if strings.Contains(fn.Name(), word) {
				return false
			}
		}
		e = sel.X
	}
}

// predicates returns the predicates on the columns that a call of where takes,
// made by functions of packages that the file imports; "" if one is missing.
func (m *mender) predicates(where *types.Func, cols []scopeflow.ScopeColumn) string {
	elem := where.Signature().Params().At(0).Type().(*types.Slice).Elem()
	var out []string
	for _, c := range cols {
		p := m.predicate(elem, c)
		if p == "" {
			return ""
		}
		out = append(out, p)
	}
	return strings.Join(out, ", ")
}

func (m *mender) predicate(elem types.Type, c scopeflow.ScopeColumn) string {
	for _, imp := range m.imports() {
		fn := m.constructor(imp.Imported(), elem, func(col string) bool {
			return col == models.ColumnName(c.Name) || c.SQL != "" && col == models.ColumnName(c.SQL)
		})
		if fn == nil {
			continue
		}
		if v := m.value(c.Need, fn.Signature().Params().At(0).Type()); v != "" {
			return imp.Name() + "." + fn.Name() + "(" + v + ")"
		}
	}
	return ""
}

// constructor returns the function of a package with the shortest name that
// makes a predicate of type elem: that a column equals its one argument.
func (m *mender) constructor(pkg *types.Package, elem types.Type, column func(string) bool) *types.Func {
	var best *types.Func
	for _, name := range pkg.Scope().Names() {
		fn, ok := pkg.Scope().Lookup(name).(*types.Func)
		if !ok || !fn.Exported() {
			continue
		}
		sig := fn.Signature()
		if sig.Variadic() || sig.TypeParams().Len() > 0 || sig.Params().Len() != 1 || sig.Results().Len() != 1 || !types.Identical(sig.Results().At(0).Type(), elem) {
			continue
		}
		rows := m.Index.Func(fn)
		if rows == nil || !slices.ContainsFunc(rows.Columns, func(c models.Column) bool {
			return column(c.Name) && c.To.Base == models.Result && c.Value.Base == models.Arg && c.Value.Index == 0 && len(c.Value.Path) == 0
		}) {
			continue
		}
		if best == nil || len(fn.Name()) < len(best.Name()) {
			best = fn
		}
	}
	return best
}

// byID mends a look-up by id alone, as generated clients have it: Get(ctx, id)
// is Query().Where(the id).Only(ctx) there, which takes more predicates.
func (m *mender) byID(cols []scopeflow.ScopeColumn) []analysis.TextEdit {
	sel, ok := ast.Unparen(m.call.Fun).(*ast.SelectorExpr)
	if !ok || len(m.call.Args) != 2 || m.call.Ellipsis.IsValid() {
		return nil
	}
	only := map[string]string{"Get": "Only", "GetX": "OnlyX"}[sel.Sel.Name]
	get, ok := m.Pass.TypesInfo.Uses[sel.Sel].(*types.Func)
	if only == "" || !ok {
		return nil
	}
	query := m.method(m.Pass.TypesInfo.TypeOf(sel.X), "Query")
	if query == nil || query.Params().Len() > 0 || query.Results().Len() != 1 {
		return nil
	}
	q := query.Results().At(0).Type()
	run, where := m.method(q, only), m.where(q, models.Where)
	params := get.Signature().Params()
	if run == nil || where == nil || params.Len() != 2 || run.Params().Len() != 1 || !types.Identical(run.Params().At(0).Type(), params.At(0).Type()) || !types.Identical(run.Results(), get.Signature().Results()) {
		return nil
	}
	elem := where.Signature().Params().At(0).Type().(*types.Slice).Elem()
	id := ""
	for _, imp := range m.imports() {
		fn := m.constructor(imp.Imported(), elem, func(col string) bool { return col == "id" })
		if fn != nil && types.Identical(fn.Signature().Params().At(0).Type(), params.At(1).Type()) {
			id = imp.Name() + "." + fn.Name()
			break
		}
	}
	preds := m.predicates(where, cols)
	ctx, arg := m.source(m.call.Args[0].Pos(), m.call.Args[0].End()), m.source(m.call.Args[1].Pos(), m.call.Args[1].End())
	if id == "" || preds == "" || ctx == "" || arg == "" {
		return nil
	}
	return []analysis.TextEdit{{
		Pos: sel.Sel.Pos(), End: m.call.Rparen + 1,
		NewText: fmt.Appendf(nil, "Query().Where(%s(%s), %s).%s(%s)", id, arg, preds, only, ctx),
	}}
}

// method returns the signature of a method, nil if t has none of that name.
func (m *mender) method(t types.Type, name string) *types.Signature {
	obj, _, _ := types.LookupFieldOrMethod(t, true, m.Pass.Pkg, name)
	if fn, ok := obj.(*types.Func); ok {
		return fn.Signature()
	}
	return nil
}

// imports returns the packages that the file imports and that can be named
// where the call is, in the order of the file.
func (m *mender) imports() []*types.PkgName {
	var out []*types.PkgName
	for _, spec := range m.file.Imports {
		obj := m.Pass.TypesInfo.Implicits[spec]
		if spec.Name != nil {
			obj = m.Pass.TypesInfo.Defs[spec.Name]
		}
		if name, ok := obj.(*types.PkgName); ok && name.Name() != "_" && name.Name() != "." && m.means(name.Name(), name) {
			out = append(out, name)
		}
	}
	return out
}

// means reports whether a name means obj where the call is.
func (m *mender) means(name string, obj types.Object) bool {
	scope := m.Pass.Pkg.Scope().Innermost(m.call.Pos())
	if scope == nil {
		return false
	}
	_, got := scope.LookupParent(name, m.call.Pos())
	return got == obj
}

// value returns an expression for the caller's dimension d, where the call is,
// of a type that can be passed as want (as an argument of a statement, if that
// is nil); "" if none is in hand.
func (m *mender) value(d models.Dims, want types.Type) string {
	fits := func(t types.Type) bool {
		if want != nil {
			return types.AssignableTo(t, want)
		}
		b, ok := t.Underlying().(*types.Basic)
		return ok && b.Info()&(types.IsString|types.IsInteger) != 0
	}
	params, locals := m.visible()
	for _, v := range append(params, locals...) {
		if !m.steady(v) {
			continue
		}
		if m.yields(v, slices.Contains(params, v), d) && fits(v.Type()) {
			return v.Name()
		}
		if text := m.part(v, slices.Contains(params, v), d, fits); text != "" {
			return text
		}
	}
	return m.fromSource(d, fits, params)
}

// visible returns the variables of the function that can be named where the
// call is, in the order of the source.
func (m *mender) visible() (params, locals []*types.Var) {
	isParam := map[types.Object]bool{}
	for _, n := range m.path {
		var typ *ast.FuncType
		switch n := n.(type) {
		case *ast.FuncLit:
			typ = n.Type
		case *ast.FuncDecl:
			typ = n.Type
		default:
			continue
		}
		for _, f := range typ.Params.List {
			for _, id := range f.Names {
				isParam[m.Pass.TypesInfo.Defs[id]] = true
			}
		}
	}
	for s := m.Pass.Pkg.Scope().Innermost(m.call.Pos()); s != nil && s != m.Pass.Pkg.Scope(); s = s.Parent() {
		for _, name := range s.Names() {
			v, ok := s.Lookup(name).(*types.Var)
			if !ok || name == "_" || v.Pos() >= m.call.Pos() || !m.means(name, v) {
				continue
			}
			if isParam[v] {
				params = append(params, v)
			} else {
				locals = append(locals, v)
			}
		}
	}
	byPos := func(a, b *types.Var) int { return cmp.Compare(a.Pos(), b.Pos()) }
	slices.SortFunc(params, byPos)
	slices.SortFunc(locals, byPos)
	return params, locals
}

// assigned calls yield with what is assigned to v in the function, by its place
// among the results of a call if it is one of several; nil is for what is not an
// expression, such as the address that somebody else may write to.
func (m *mender) assigned(v *types.Var, yield func(e ast.Expr, result int, define bool)) {
	is := func(e ast.Expr) bool {
		id, ok := ast.Unparen(e).(*ast.Ident)
		return ok && (m.Pass.TypesInfo.Uses[id] == v || m.Pass.TypesInfo.Defs[id] == v)
	}
	ast.Inspect(m.decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if !is(lhs) {
					continue
				}
				id := ast.Unparen(lhs).(*ast.Ident)
				define := m.Pass.TypesInfo.Defs[id] == v
				switch {
				case n.Tok != token.ASSIGN && n.Tok != token.DEFINE:
					yield(nil, 0, false)
				case len(n.Rhs) == len(n.Lhs):
					yield(ast.Unparen(n.Rhs[i]), 0, define)
				default:
					yield(ast.Unparen(n.Rhs[0]), i, define)
				}
			}
		case *ast.ValueSpec:
			for i, id := range n.Names {
				if m.Pass.TypesInfo.Defs[id] != v {
					continue
				}
				switch {
				case len(n.Values) == len(n.Names):
					yield(ast.Unparen(n.Values[i]), 0, true)
				case len(n.Values) == 1:
					yield(ast.Unparen(n.Values[0]), i, true)
				default:
					yield(nil, 0, true)
				}
			}
		case *ast.RangeStmt:
			if n.Key != nil && is(n.Key) || n.Value != nil && is(n.Value) {
				yield(nil, 0, false)
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND && is(n.X) {
				yield(nil, 0, false)
			}
		}
		return true
	})
}

// steady reports whether v is set where it is declared and never again.
func (m *mender) steady(v *types.Var) bool {
	out := true
	m.assigned(v, func(_ ast.Expr, _ int, define bool) { out = out && define })
	return out
}

// made returns the call whose result v was declared as, and which result.
func (m *mender) made(v *types.Var) (call *ast.CallExpr, result int) {
	m.assigned(v, func(e ast.Expr, i int, define bool) {
		if c, ok := e.(*ast.CallExpr); ok && define {
			call, result = c, i
		}
	})
	return call, result
}

// yields reports whether v is the caller's dimension d itself.
func (m *mender) yields(v *types.Var, param bool, d models.Dims) bool {
	if param {
		return m.Index.ParamVar(m.Pass.Pkg, v)&d != 0
	}
	call, i := m.made(v)
	return call != nil && m.Carried(m.a, call.Lparen, i)&d != 0
}

// part returns an expression for what v, a scope of the caller, holds of d: a
// method or a field that the models know.
func (m *mender) part(v *types.Var, param bool, d models.Dims, fits func(types.Type) bool) string {
	if rows := m.Index.Type(v.Type()); rows != nil && rows.Source&d != 0 {
		call, i := m.made(v)
		if param || call != nil && m.Carried(m.a, call.Lparen, i)&d != 0 {
			if text := m.methodOf(v, d, fits); text != "" {
				return text
			}
		}
	}
	t := v.Type()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		if !m.reached(v) {
			return "" // it may be nil
		}
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return ""
	}
	for f := range s.Fields() {
		if !f.Exported() && f.Pkg() != m.Pass.Pkg {
			continue
		}
		if rows := m.Index.Field(f); rows != nil && rows.Source&d != 0 && fits(f.Type()) {
			return v.Name() + "." + f.Name()
		}
	}
	return ""
}

// methodOf returns a call of a method of v that yields d.
func (m *mender) methodOf(v *types.Var, d models.Dims, fits func(types.Type) bool) string {
	set := types.NewMethodSet(v.Type())
	for i := range set.Len() {
		fn, ok := set.At(i).Obj().(*types.Func)
		if !ok || !fn.Exported() && fn.Pkg() != m.Pass.Pkg {
			continue
		}
		sig := fn.Signature()
		rows := m.Index.Func(fn.Origin())
		if rows == nil || sig.Params().Len() > 0 || sig.Results().Len() != 1 || !sourceOf(rows, d) {
			continue
		}
		text := v.Name() + "." + fn.Name() + "()"
		t := sig.Results().At(0).Type()
		if fits(t) {
			return text
		}
		obj, _, _ := types.LookupFieldOrMethod(t, false, m.Pass.Pkg, "String")
		if str, ok := obj.(*types.Func); ok && fits(types.Typ[types.String]) {
			if rows := m.Index.Func(str); rows != nil && slices.ContainsFunc(rows.Flows, func(f models.Flow) bool { return f.How == models.Copy && f.To.Base == models.Result }) {
				return text + ".String()"
			}
		}
	}
	return ""
}

// sourceOf reports whether the first result of a function is a source of d.
func sourceOf(rows *models.Func, d models.Dims) bool {
	return slices.ContainsFunc(rows.Sources, func(s models.Source) bool {
		return s.Place.Base == models.Result && s.Place.Index == 0 && len(s.Place.Path) == 0 && s.Dims&d != 0
	})
}

// reached reports whether a field or method of v is used before the call: who
// does that has looked whether v is nil, or is not afraid of it.
func (m *mender) reached(v *types.Var) bool {
	out := false
	ast.Inspect(m.decl, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && sel.Pos() < m.call.Pos() {
			if id, ok := ast.Unparen(sel.X).(*ast.Ident); ok && m.Pass.TypesInfo.Uses[id] == v {
				out = true
			}
		}
		return !out
	})
	return out
}

// fromSource returns the call of a source of the policy, one that cannot fail
// and takes nothing but what comes with the request that is served: its
// context, mostly.
func (m *mender) fromSource(d models.Dims, fits func(types.Type) bool, params []*types.Var) string {
	for _, sym := range m.Policy.Set.Symbols() {
		name, ok := strings.CutPrefix(sym.Text, sym.Package+".")
		if sym.Table != "source" || sym.Dims&d == 0 || !ok {
			continue
		}
		var obj types.Object
		prefix := ""
		if sym.Package == m.Pass.Pkg.Path() {
			if obj = m.Pass.Pkg.Scope().Lookup(name); obj == nil || !m.means(name, obj) {
				continue
			}
		} else {
			for _, imp := range m.imports() {
				if imp.Imported().Path() == sym.Package {
					obj, prefix = imp.Imported().Scope().Lookup(name), imp.Name()+"."
				}
			}
		}
		fn, ok := obj.(*types.Func)
		if !ok || prefix != "" && !fn.Exported() {
			continue
		}
		sig := fn.Signature()
		rows := m.Index.Func(fn)
		if rows == nil || sig.TypeParams().Len() > 0 || sig.Variadic() || sig.Params().Len() > 1 || sig.Results().Len() != 1 || !sourceOf(rows, d) || !fits(sig.Results().At(0).Type()) {
			continue
		}
		arg := ""
		if sig.Params().Len() == 1 {
			if arg = m.served(sig.Params().At(0).Type(), params); arg == "" {
				continue
			}
		}
		return prefix + name + "(" + arg + ")"
	}
	return ""
}

// served returns the name of a variable of type t that came with the request:
// an argument of the call, or a parameter of the function.
func (m *mender) served(t types.Type, params []*types.Var) string {
	for _, arg := range m.call.Args {
		id, ok := ast.Unparen(arg).(*ast.Ident)
		if !ok {
			continue
		}
		if v, ok := m.Pass.TypesInfo.Uses[id].(*types.Var); ok && types.AssignableTo(v.Type(), t) && m.handed(v, params, 0) {
			return v.Name()
		}
	}
	for _, v := range params {
		if types.AssignableTo(v.Type(), t) && m.handed(v, params, 0) {
			return v.Name()
		}
	}
	return ""
}

// handed reports whether v is a parameter, or made of one as contexts are.
func (m *mender) handed(v *types.Var, params []*types.Var, depth int) bool {
	set, ok := false, true
	m.assigned(v, func(e ast.Expr, _ int, _ bool) {
		set = true
		ok = ok && m.derived(v, e, params, depth)
	})
	return ok && (set || slices.Contains(params, v))
}

// derived reports whether e is a call that was handed a context which came with
// the request, or asks the request for its own. Of v itself that is taken for
// granted: it is what is to be shown.
func (m *mender) derived(v *types.Var, e ast.Expr, params []*types.Var, depth int) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok || depth > 4 {
		return false
	}
	from := func(e ast.Expr) bool {
		id, ok := ast.Unparen(e).(*ast.Ident)
		if !ok {
			return m.derived(v, ast.Unparen(e), params, depth+1)
		}
		w, ok := m.Pass.TypesInfo.Uses[id].(*types.Var)
		return ok && (w == v && slices.Contains(params, v) || w != v && m.handed(w, params, depth+1))
	}
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && sel.Sel.Name == "Context" && len(call.Args) == 0 {
		return from(sel.X)
	}
	return slices.ContainsFunc(call.Args, func(arg ast.Expr) bool {
		return types.Identical(m.Pass.TypesInfo.TypeOf(arg), v.Type()) && from(arg)
	})
}
