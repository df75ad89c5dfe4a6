package scopeflow

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// Environments that are texts, where they could be values of a type that knows
// them, and dimensions that are literals.

// An EnvText is a place where an environment is taken for a text.
type EnvText struct {
	Func  *types.Func // the declared function that it is in, nil in an initialiser
	Pos   token.Pos
	Name  string   // of the environment, as messages call it
	Text  string   // what it is compared with, or made of; "" for keys
	Known []string // Text is none of these, which are all there are
}

// runtimeNames returns the environments of the runtime package as its Env prints
// them.
func runtimeNames() []string { return []string{"dev", "staging", "prod"} }

// runtimeSpellings returns what the runtime's ParseEnv accepts, in lower case.
func runtimeSpellings() []string {
	return []string{"dev", "development", "stg", "stage", "staging", "prod", "production"}
}

// speaksOfEnvs reports whether the project says what its environments are: it
// has the runtime's type or one of its own, a source of them, or names of what
// holds the one that the process runs in.
func (e *engine) speaksOfEnvs() bool {
	return e.imported[runtimePath] != nil || e.policy.Set != nil && (e.policy.Set.SourceDims()&models.Env != 0 || e.policy.Set.NamesEnvs())
}

// EnvTexts returns the comparisons of environments with literals, and the
// literals that are made environments and that none is spelt like, in source
// order.
func (r *Result) EnvTexts() []EnvText {
	e := r.e
	if !e.speaksOfEnvs() {
		return nil
	}
	var out []EnvText
	for _, fn := range e.funcs {
		e.instrs(fn, func(in ssa.Instruction) {
			t, ok := e.comparedEnv(fn, in)
			if !ok {
				t, ok = e.madeEnv(in)
			}
			if ok {
				t.Func, t.Pos = declared(fn), in.Pos()
				out = append(out, t)
			}
		})
	}
	return out
}

// comparedEnv reports whether an instruction compares an environment with a
// literal.
func (e *engine) comparedEnv(fn *ssa.Function, in ssa.Instruction) (EnvText, bool) {
	x, y := e.comparedTexts(in)
	if x == nil {
		return EnvText{}, false
	}
	if _, ok := x.(*ssa.Const); ok {
		x, y = y, x
	}
	k, ok := y.(*ssa.Const)
	if !ok || isConst(x) || isZero(k) || !e.spelt(in.Pos(), constant.StringVal(k.Value)) {
		return EnvText{}, false
	}
	name, known, ok := e.envOf(x, in, fn)
	if !ok {
		return EnvText{}, false
	}
	t := EnvText{Name: name, Text: constant.StringVal(k.Value)}
	same := func(s string) bool { return s == t.Text }
	if _, call := in.(*ssa.Call); call {
		same = func(s string) bool { return strings.EqualFold(s, t.Text) }
	}
	if len(known) > 0 && !slices.ContainsFunc(known, same) {
		t.Known = known
	}
	return t, true
}

// comparedTexts returns the two texts that an instruction compares, nil if it
// compares none.
func (e *engine) comparedTexts(in ssa.Instruction) (x, y ssa.Value) {
	switch in := in.(type) {
	case *ssa.BinOp:
		if (in.Op == token.EQL || in.Op == token.NEQ) && isString(in.X.Type()) {
			return in.X, in.Y
		}
	case *ssa.Call:
		args := in.Common().Args
		if len(args) != 2 || !isString(args[0].Type()) || !isString(args[1].Type()) || !isConst(args[0]) && !isConst(args[1]) {
			return nil, nil
		}
		if m := e.index.Func(callee(in.Common())); m != nil && m.Equal {
			return args[0], args[1]
		}
	}
	return nil, nil
}

// envOf reports whether v is the text of an environment, what it is called and
// how environments are spelt, if that is known. Where texts are made
// environments they are none yet: in the package of the type, or of what holds
// the one that the process runs in, and in functions that return the type.
func (e *engine) envOf(v ssa.Value, at ssa.Instruction, fn *ssa.Function) (name string, known []string, ok bool) {
	if tn := e.envTypeBehind(v); tn != nil {
		name := e.nameOf(v, at)
		if call, ok := v.(*ssa.Call); ok {
			name = calleeName(call.Common())
		}
		return name, e.spellings(tn), tn.Pkg() != e.pass.Pkg
	}
	if e.atBoundary(fn) || e.ownProcess(v) {
		return "", nil, false
	}
	val := e.ev(v, "", at)
	for i := range val.Alts {
		if len(val.Alts[i].Parts) == 0 {
			continue
		}
		switch a := &val.Alts[i].Parts[0]; {
		case len(val.Alts[i].Parts) > 1 || a.Selected:
		case a.Kind == Scope && a.Dims == models.Env:
			return a.Text, e.policy.Environments, true
		case a.Kind == Constant && a.Mixed && a.Claim == models.Env && fn.Pkg.Pkg.Name() != "main":
			return a.Text, e.policy.Environments, true
		}
	}
	return "", nil, false
}

// ownProcess reports whether v is read from what this package declares, and what
// holds the environment that the process runs in.
func (e *engine) ownProcess(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Call:
		fn := callee(v.Common())
		return fn != nil && fn.Pkg() == e.pass.Pkg
	case *ssa.UnOp:
		fa, ok := v.X.(*ssa.FieldAddr)
		if !ok {
			return false
		}
		_, field := structField(fa.X.Type(), fa.Field)
		f := e.index.Field(field)
		return f != nil && f.Origin == models.Process && field.Pkg() == e.pass.Pkg
	}
	return false
}

// envTypeBehind returns the type of the environment that v is the text of: v is
// of that type, was converted from it, or is what a method of it returns.
func (e *engine) envTypeBehind(v ssa.Value) *types.TypeName {
	for range 4 {
		if tn := e.envType(v.Type()); tn != nil {
			return tn
		}
		switch x := v.(type) {
		case *ssa.Convert:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		case *ssa.Call:
			if fn := callee(x.Common()); fn != nil && fn.Signature().Recv() != nil && fn.Signature().Params().Len() == 0 {
				return e.envType(fn.Signature().Recv().Type())
			}
			return nil
		default:
			return nil
		}
	}
	return nil
}

// envType returns the type name of t if its values are environments.
func (e *engine) envType(t types.Type) *types.TypeName {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return nil
	}
	if m := e.index.Type(n); m == nil || !m.Env {
		return nil
	}
	return n.Obj()
}

// spellings returns how values of an environment type are spelt: as its
// constants are, or as the policy says.
func (e *engine) spellings(tn *types.TypeName) []string {
	if tn.Pkg().Path() == runtimePath {
		return runtimeNames()
	}
	var out []string
	scope := tn.Pkg().Scope()
	for _, name := range scope.Names() {
		if c, ok := scope.Lookup(name).(*types.Const); ok && types.Identical(c.Type(), tn.Type()) && c.Val().Kind() == constant.String {
			out = append(out, constant.StringVal(c.Val()))
		}
	}
	if len(out) == 0 {
		return e.policy.Environments
	}
	return out
}

// atBoundary reports whether texts are made environments in fn.
func (e *engine) atBoundary(fn *ssa.Function) bool {
	for v := range fn.Signature.Results().Variables() {
		if e.envType(v.Type()) != nil {
			return true
		}
	}
	return e.initOnly(fn)
}

// madeEnv reports whether an instruction makes an environment of a literal that
// none is spelt like.
func (e *engine) madeEnv(in ssa.Instruction) (EnvText, bool) {
	if call, ok := in.(*ssa.Call); ok {
		if fn := callee(call.Common()); fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == runtimePath && fn.Name() == "ParseEnv" {
			return misspelt(call.Common().Args[0], "runtime.Env", runtimeSpellings(), strings.ToLower)
		}
	}
	if cmp, ok := in.(*ssa.BinOp); ok && cmp.Op != token.ADD {
		return EnvText{}, false
	}
	for _, op := range in.Operands(nil) {
		k, ok := (*op).(*ssa.Const)
		if !ok || k.Value == nil || k.Value.Kind() != constant.String {
			continue
		}
		tn := e.envType(k.Type())
		if tn == nil || !e.spelt(in.Pos(), constant.StringVal(k.Value)) {
			continue
		}
		if t, ok := misspelt(k, tn.Pkg().Name()+"."+tn.Name(), e.spellings(tn), strings.Clone); ok {
			return t, true
		}
	}
	return EnvText{}, false
}

// misspelt reports whether v is a constant text that is none of the spellings
// of the environments of a type.
func misspelt(v ssa.Value, typ string, known []string, fold func(string) string) (EnvText, bool) {
	k, ok := v.(*ssa.Const)
	if !ok || k.Value == nil || k.Value.Kind() != constant.String {
		return EnvText{}, false
	}
	text := constant.StringVal(k.Value)
	if text == "" || len(known) == 0 || slices.Contains(known, fold(text)) {
		return EnvText{}, false
	}
	return EnvText{Name: typ, Text: text, Known: known}, true
}

// spelt reports whether the expression that an instruction at pos was made
// of holds that text as a literal, not by the name of a constant.
func (e *engine) spelt(pos token.Pos, text string) bool {
	for _, f := range e.pass.Files {
		if pos < f.FileStart || f.FileEnd <= pos {
			continue
		}
		path, _ := astutil.PathEnclosingInterval(f, pos, pos)
		for _, n := range path {
			var in []ast.Expr
			switch n := n.(type) {
			case *ast.BasicLit:
				in = []ast.Expr{n}
			case *ast.BinaryExpr:
				in = []ast.Expr{n.X, n.Y}
			case *ast.CallExpr:
				in = n.Args
			case *ast.KeyValueExpr:
				in = []ast.Expr{n.Value}
			case *ast.AssignStmt:
				in = n.Rhs
			case *ast.ReturnStmt:
				in = n.Results
			case ast.Stmt, ast.Decl:
				return false
			}
			if len(in) > 0 {
				return slices.ContainsFunc(in, func(x ast.Expr) bool { return e.isLiteral(x, text) })
			}
		}
	}
	return false
}

// isLiteral reports whether x is that text as a literal, perhaps converted.
func (e *engine) isLiteral(x ast.Expr, text string) bool {
	x = ast.Unparen(x)
	if call, ok := x.(*ast.CallExpr); ok && len(call.Args) == 1 && e.pass.TypesInfo.Types[call.Fun].IsType() {
		x = ast.Unparen(call.Args[0])
	}
	lit, ok := x.(*ast.BasicLit)
	return ok && lit.Kind == token.STRING && constant.StringVal(e.pass.TypesInfo.Types[lit].Value) == text
}

// EnvKeys returns the keys that are proven, and of which the environment that
// the process runs in is a part, as a text.
func (r *Result) EnvKeys() []EnvText {
	if !r.e.speaksOfEnvs() {
		return nil
	}
	var out []EnvText
	for i := range r.Judged {
		j := &r.Judged[i]
		if slices.ContainsFunc(j.Leaves, func(l Leaf) bool { return l.Bad() }) {
			continue
		}
		found := EnvText{}
		j.Key.has(func(a *Atom) bool {
			if a.Kind == Constant && a.Mixed && a.Claim == models.Env && !a.Selected {
				found.Name = a.Text
			}
			return found.Name != ""
		})
		if found.Name != "" {
			found.Func, found.Pos = j.Func(), j.Pos
			out = append(out, found)
		}
	}
	return out
}

// A LiteralDim is a dimension that is a literal of the program.
type LiteralDim struct {
	Func *types.Func // the declared function that it is in, nil in an initialiser
	Pos  token.Pos
	Name string // of what holds it
	Text string
	Dims models.Dims
}

// LiteralDims returns the tenants and environments that are literals: what is
// stored as scope, in a field that is one or, in a struct of the module, claims
// to be a tenant, or handed over as one, in source order. Left out is what has no
// context at hand to know better by, and package main: programs say for whom they
// run.
func (r *Result) LiteralDims() []LiteralDim {
	e := r.e
	if e.pass.Pkg.Name() == "main" {
		return nil
	}
	var out []LiteralDim
	for _, fn := range e.funcs {
		e.instrs(fn, func(in ssa.Instruction) {
			values, name := e.literals(in)
			for _, s := range values {
				k, ok := s.v.(*ssa.Const)
				dims := s.dims & (models.Tenant | models.Env)
				if !ok || s.path != "" || dims == 0 || k.Value == nil || k.Value.Kind() != constant.String {
					continue
				}
				// A field may hold the name of the column.
				text := constant.StringVal(k.Value)
				if text != "" && e.claim(text) == 0 && e.spelt(in.Pos(), text) && (e.serves(fn) || makesContext(in.Parent())) {
					out = append(out, LiteralDim{declared(fn), in.Pos(), name, text, dims})
					return
				}
			}
		})
	}
	return out
}

// makesContext reports whether a context comes out of a call in fn.
func makesContext(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if call, ok := in.(*ssa.Call); ok && isContext(call.Type()) {
				return true
			}
		}
	}
	return false
}

// literals returns what becomes a dimension at an instruction, constants among
// it, and what makes it so.
func (e *engine) literals(in ssa.Instruction) ([]stored, string) {
	switch in := in.(type) {
	case *ssa.Store:
		fa, ok := in.Addr.(*ssa.FieldAddr)
		if !ok || !isConst(in.Val) || !isString(in.Val.Type()) {
			return nil, ""
		}
		named, field := structField(fa.X.Type(), fa.Field)
		if named == nil || named.Obj().Pkg() == nil || !inModule(named.Obj().Pkg().Path(), e.policy.Module) {
			return nil, ""
		}
		return []stored{{in.Val, "", e.fieldSource(named, field) | e.claim(field.Name())&models.Tenant}}, named.Obj().Name() + "." + field.Name()
	case ssa.CallInstruction:
		common := in.Common()
		if !slices.ContainsFunc(common.Args, func(v ssa.Value) bool { return isConst(v) && isString(v.Type()) }) {
			return nil, ""
		}
		out := e.settings(in)
		if fn := callee(common); fn != nil {
			for i := range fn.Signature().Params().Len() {
				if dims := e.index.Param(fn, i); dims != 0 {
					out = append(out, stored{argument(common, i), "", dims})
				}
			}
		}
		return out, calleeName(common)
	}
	return nil, ""
}
