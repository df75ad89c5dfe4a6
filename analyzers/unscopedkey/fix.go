package unscopedkey

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/rule"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// Only what is mended in one way, and keeps every reader and writer of an entry
// in step, gets a fix. A key of a server's cache has none: who else uses it,
// and what is stored there already, cannot be seen.

// pathTo returns the nodes around pos, the innermost first.
func (r *reporter) pathTo(pos token.Pos) []ast.Node {
	for _, f := range r.Pass.Files {
		if f.FileStart <= pos && pos < f.FileEnd {
			path, _ := astutil.PathEnclosingInterval(f, pos, pos)
			return path
		}
	}
	return nil
}

// checkFix returns the fix that checks the errors of the sources that the
// leaf's key takes its scope from: "sc, _ := FromContext(ctx)" in a function
// that can return an error. The key of a caller with a scope stays as it is.
func (r *reporter) checkFix(l *scopeflow.Leaf) []analysis.SuggestedFix {
	var edits []analysis.TextEdit
	var done []token.Pos
	for _, st := range l.Status {
		if !st.Unchecked || slices.Contains(done, st.Cause.Pos) {
			continue
		}
		done = append(done, st.Cause.Pos)
		more := r.checkError(st.Cause.Pos)
		if more == nil {
			return nil
		}
		edits = append(edits, more...)
	}
	if len(done) != 1 {
		return nil // the second check would want another name than the first
	}
	return []analysis.SuggestedFix{{Message: "return the error", TextEdits: edits}}
}

// checkError returns the edits that make a variable of the blank error of the
// call at pos and return it if it is not nil; nil if that is not possible.
func (r *reporter) checkError(pos token.Pos) []analysis.TextEdit {
	if !pos.IsValid() {
		return nil
	}
	path := r.pathTo(pos)
	at := slices.IndexFunc(path, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		return ok && call.Lparen == pos
	})
	if at < 0 || at+2 >= len(path) {
		return nil
	}
	assign, ok := path[at+1].(*ast.AssignStmt)
	if !ok || assign.Tok != token.DEFINE || len(assign.Rhs) != 1 || assign.Rhs[0] != path[at] {
		return nil
	}
	switch path[at+2].(type) {
	case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
	default:
		return nil // the first part of an if or switch
	}
	blank, ok := assign.Lhs[len(assign.Lhs)-1].(*ast.Ident)
	tuple, isTuple := r.Pass.TypesInfo.TypeOf(assign.Rhs[0]).(*types.Tuple)
	if !ok || blank.Name != "_" || !isTuple || !isError(tuple.At(tuple.Len()-1).Type()) {
		return nil
	}
	zeros, ok := r.zeroResults(path[at+2:])
	if !ok {
		return nil
	}
	name := r.freshError(assign.Pos())
	line, ok := rule.LineOf(r.Pass, assign.Pos())
	if name == "" || !ok || assign.End() > line.End {
		return nil
	}
	indent := line.Before(assign.Pos())
	rest := strings.TrimSpace(line.After(assign.End()))
	if strings.TrimSpace(indent) != "" || rest != "" && !strings.HasPrefix(rest, "//") {
		return nil // other code on the same line
	}
	end := assign.End() + token.Pos(len(line.After(assign.End())))
	return []analysis.TextEdit{
		{Pos: blank.Pos(), End: blank.End(), NewText: []byte(name)},
		{Pos: end, End: end, NewText: fmt.Appendf(nil, "\n%sif %s != nil {\n%s\treturn %s\n%s}", indent, name, indent, strings.Join(append(zeros, name), ", "), indent)},
	}
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// freshError returns a name for an error that nothing around pos has; "" if
// those one would think of are taken.
func (r *reporter) freshError(pos token.Pos) string {
	scope := r.Pass.Pkg.Scope().Innermost(pos)
	if scope == nil {
		return ""
	}
	for _, name := range []string{"err", "scopeErr"} {
		if _, obj := scope.LookupParent(name, token.NoPos); obj == nil {
			return name
		}
	}
	return ""
}

// zeroResults returns the zero values of the results but the last of the
// function that path leads out of. The second result is false if the last is
// no error, or one of the others cannot be written down.
func (r *reporter) zeroResults(path []ast.Node) ([]string, bool) {
	var sig *types.Signature
	for _, n := range path {
		switch n := n.(type) {
		case *ast.FuncLit:
			sig, _ = r.Pass.TypesInfo.TypeOf(n).(*types.Signature)
		case *ast.FuncDecl:
			if obj, ok := r.Pass.TypesInfo.Defs[n.Name].(*types.Func); ok {
				sig = obj.Signature()
			}
		}
		if sig != nil {
			break
		}
	}
	if sig == nil || sig.Results().Len() == 0 || !isError(sig.Results().At(sig.Results().Len()-1).Type()) {
		return nil, false
	}
	var zeros []string
	for i := range sig.Results().Len() - 1 {
		zero, ok := r.zero(sig.Results().At(i).Type())
		if !ok {
			return nil, false
		}
		zeros = append(zeros, zero)
	}
	return zeros, true
}

func (r *reporter) zero(t types.Type) (string, bool) {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return "", false
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsString != 0:
			return `""`, true
		case u.Info()&types.IsBoolean != 0:
			return "false", true
		case u.Info()&types.IsNumeric != 0:
			return "0", true
		}
	case *types.Pointer, *types.Slice, *types.Map, *types.Chan, *types.Signature, *types.Interface:
		return "nil", true
	case *types.Struct:
		// One of this package has a name that needs no import.
		if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Parent() == r.Pass.Pkg.Scope() && n.TypeArgs().Len() == 0 {
			return n.Obj().Name() + "{}", true
		}
	}
	return "", false
}

// prefixFix returns the fix that puts the scope in hand before the key of
// access j, and before every other key of the same cache. It is offered only
// for a cache of this process that lives in a field which nobody else sees and
// nothing else uses: then no reader or writer is left behind, and the keys of
// one caller stay apart, or the same, as they were.
func (r *reporter) prefixFix(j *scopeflow.Judged, need []models.Dims) []analysis.SuggestedFix {
	if j.Field == nil || j.Field.Exported() || j.Field.Pkg() != r.Pass.Pkg || j.Row == nil || !j.Row.Process || j.Kind != models.Cache {
		return nil
	}
	field := j.Field.Origin()
	judged := 0
	for i := range r.Judged {
		o := &r.Judged[i]
		if o.Field == nil || o.Field.Origin() != field || o.Unbound {
			continue
		}
		judged++
		for k := range o.Leaves {
			l := &o.Leaves[k]
			if !l.Open || len(l.Via) > 0 || !slices.Equal(l.Lacking(), need) {
				return nil // some of its keys are made otherwise
			}
		}
	}
	keys, ok := r.keysOf(field)
	if !ok || len(keys) != judged {
		return nil
	}
	var edits []analysis.TextEdit
	for _, key := range keys {
		prefix := r.scopeInHand(key, need)
		if prefix == "" {
			return nil
		}
		edits = append(edits, analysis.TextEdit{Pos: key.Pos(), End: key.Pos(), NewText: []byte(prefix + "+")})
	}
	return []analysis.SuggestedFix{{Message: "put the scope into every key of " + field.Name(), TextEdits: edits}}
}

// keysOf returns the key of every call on the cache in a field, in the order of
// the source. The second result is false if anything else is done with the
// field than to fill it with a new cache.
func (r *reporter) keysOf(field *types.Var) (keys []ast.Expr, ok bool) {
	ok = true
	for _, f := range r.Pass.Files {
		var stack []ast.Node
		ast.Inspect(f, func(n ast.Node) bool {
			if n == nil {
				stack = stack[:len(stack)-1]
				return true
			}
			stack = append(stack, n)
			id, isIdent := n.(*ast.Ident)
			if !isIdent || r.Pass.TypesInfo.Uses[id] == nil {
				return true
			}
			if v, isVar := r.Pass.TypesInfo.Uses[id].(*types.Var); !isVar || v.Origin() != field {
				return true
			}
			key, fine := r.useOf(field, stack)
			ok = ok && fine
			if key != nil {
				keys = append(keys, key)
			}
			return true
		})
	}
	return keys, ok
}

// useOf judges one use of the field, the last of stack.
func (r *reporter) useOf(field *types.Var, stack []ast.Node) (key ast.Expr, ok bool) {
	up := func(i int) ast.Node {
		if i >= len(stack) {
			return nil
		}
		return stack[len(stack)-1-i]
	}
	if kv, isKV := up(1).(*ast.KeyValueExpr); isKV && kv.Key == up(0) {
		return nil, r.isNew(field, kv.Value, stack)
	}
	sel, isSel := up(1).(*ast.SelectorExpr)
	if !isSel || sel.Sel != up(0) {
		return nil, false
	}
	if a, isAssign := up(2).(*ast.AssignStmt); isAssign {
		if i := slices.Index(a.Lhs, ast.Expr(sel)); i >= 0 && len(a.Lhs) == len(a.Rhs) {
			return nil, r.isNew(field, a.Rhs[i], stack)
		}
		return nil, false
	}
	method, isSel := up(2).(*ast.SelectorExpr)
	call, isCall := up(3).(*ast.CallExpr)
	if !isSel || !isCall || method.X != sel || call.Fun != method {
		return nil, false
	}
	fn, isFunc := r.Pass.TypesInfo.Uses[method.Sel].(*types.Func)
	if !isFunc {
		return nil, false
	}
	m := r.Index.Func(fn.Origin())
	if m == nil || len(m.Sinks) == 0 {
		return nil, tellsNoKey(fn.Signature())
	}
	if len(m.Sinks) != 1 || !m.Sinks[0].Process {
		return nil, false
	}
	if m.Sinks[0].Unbound {
		return nil, tellsNoKey(fn.Signature())
	}
	if len(m.Sinks[0].Key) != 1 {
		return nil, false
	}
	p := m.Sinks[0].Key[0]
	if p.Base != models.Arg || len(p.Path) > 0 || p.Index >= len(call.Args) {
		return nil, false
	}
	key = call.Args[p.Index]
	return key, types.Identical(r.Pass.TypesInfo.TypeOf(key), types.Typ[types.String])
}

// tellsNoKey reports whether a method neither takes nor gives anything that
// could be a key, such as Len.
func tellsNoKey(sig *types.Signature) bool {
	if sig.Params().Len() > 0 {
		return false
	}
	for v := range sig.Results().Variables() {
		b, ok := v.Type().Underlying().(*types.Basic)
		if !ok || b.Info()&types.IsString != 0 {
			return false
		}
	}
	return true
}

// isNew reports whether e is a cache that was just made and is kept nowhere
// else: a call of a function of the cache's library, or a variable that holds
// the result of one and is used here only.
func (r *reporter) isNew(field *types.Var, e ast.Expr, stack []ast.Node) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		return r.makes(field, e)
	case *ast.Ident:
		v, ok := r.Pass.TypesInfo.Uses[e].(*types.Var)
		if !ok || v.Parent() == r.Pass.Pkg.Scope() {
			return false
		}
		file := stack[0]
		made, uses := false, 0
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for i, lhs := range n.Lhs {
					if id, ok := lhs.(*ast.Ident); ok && r.Pass.TypesInfo.Defs[id] == v && i == 0 && len(n.Rhs) == 1 {
						call, ok := ast.Unparen(n.Rhs[0]).(*ast.CallExpr)
						made = ok && r.makes(field, call)
					}
				}
			case *ast.Ident:
				if r.Pass.TypesInfo.Uses[n] == v {
					uses++
				}
			}
			return true
		})
		return made && uses == 1
	}
	return false
}

// makes reports whether a call of the library of the field's type makes a new
// cache that tells nobody of its keys.
func (r *reporter) makes(field *types.Var, call *ast.CallExpr) bool {
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	var id *ast.Ident
	switch x := fun.(type) {
	case *ast.SelectorExpr:
		id = x.Sel
	case *ast.Ident:
		id = x
	default:
		return false
	}
	fn, ok := r.Pass.TypesInfo.Uses[id].(*types.Func)
	t := field.Type()
	if p, isPtr := types.Unalias(t).(*types.Pointer); isPtr {
		t = p.Elem()
	}
	named, isNamed := types.Unalias(t).(*types.Named)
	if !ok || !isNamed || fn.Signature().Recv() != nil || fn.Pkg() == nil || fn.Pkg() != named.Obj().Pkg() {
		return false
	}
	for _, arg := range call.Args {
		if _, ok := r.Pass.TypesInfo.TypeOf(arg).Underlying().(*types.Basic); !ok {
			return false // may hold a function that is told of keys
		}
	}
	return true
}

// scopeInHand returns the text of a key's beginning with each of the needed
// dimensions, made of the parameters around the key; "" if they have not all.
func (r *reporter) scopeInHand(key ast.Expr, need []models.Dims) string {
	var params []*types.Var
	for _, n := range r.pathTo(key.Pos()) {
		if decl, ok := n.(*ast.FuncDecl); ok {
			for _, f := range decl.Type.Params.List {
				for _, id := range f.Names {
					if v, ok := r.Pass.TypesInfo.Defs[id].(*types.Var); ok && r.isParam(decl, v, key.Pos()) {
						params = append(params, v)
					}
				}
			}
		}
	}
	var b strings.Builder
	for i, d := range need {
		text := ""
		for _, v := range params {
			if text = r.carries(v, d); text != "" {
				break
			}
		}
		if text == "" {
			return ""
		}
		if i > 0 {
			b.WriteString("+")
		}
		fmt.Fprintf(&b, `%s+":"`, text)
	}
	return b.String()
}

// isParam reports whether the name of v means v at pos, and v is never set.
func (r *reporter) isParam(decl *ast.FuncDecl, v *types.Var, pos token.Pos) bool {
	scope := r.Pass.Pkg.Scope().Innermost(pos)
	if scope == nil {
		return false
	}
	if _, obj := scope.LookupParent(v.Name(), pos); obj != v {
		return false
	}
	set := false
	ast.Inspect(decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				if id, ok := lhs.(*ast.Ident); ok && r.Pass.TypesInfo.Uses[id] == v {
					set = true
				}
			}
		case *ast.UnaryExpr:
			if id, ok := n.X.(*ast.Ident); ok && n.Op == token.AND && r.Pass.TypesInfo.Uses[id] == v {
				set = true
			}
		}
		return !set
	})
	return !set
}

// carries returns the expression by which parameter v yields a dimension of d
// as text, "" if it does not.
func (r *reporter) carries(v *types.Var, d models.Dims) string {
	if r.Index.ParamVar(r.Pass.Pkg, v)&d != 0 && types.Identical(v.Type(), types.Typ[types.String]) {
		return v.Name()
	}
	if m := r.Index.Type(v.Type()); m == nil || m.Source&d == 0 {
		return ""
	}
	set := types.NewMethodSet(v.Type())
	for i := range set.Len() {
		fn, ok := set.At(i).Obj().(*types.Func)
		if !ok || !fn.Exported() && fn.Pkg() != r.Pass.Pkg {
			continue
		}
		sig := fn.Signature()
		m := r.Index.Func(fn)
		if m == nil || sig.Params().Len() > 0 || sig.Results().Len() != 1 {
			continue
		}
		for _, s := range m.Sources {
			if s.Place.Base != models.Result || len(s.Place.Path) > 0 || s.Dims&d == 0 {
				continue
			}
			text := v.Name() + "." + fn.Name() + "()"
			t := sig.Results().At(0).Type()
			if types.Identical(t, types.Typ[types.String]) {
				return text
			}
			// Not any String will do: the models must say that it keeps the value whole.
			obj, _, _ := types.LookupFieldOrMethod(t, false, r.Pass.Pkg, "String")
			if str, ok := obj.(*types.Func); ok {
				if sm := r.Index.Func(str); sm != nil && slices.ContainsFunc(sm.Flows, func(f models.Flow) bool { return f.How == models.Copy && f.To.Base == models.Result }) {
					return text + ".String()"
				}
			}
		}
	}
	return ""
}
