package scopeflow

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// JudgesKeys reports whether keys of this package are held to their scope:
// the module has a policy, or the package stands on one of the models'
// sources (our runtime). Elsewhere there is no scope that a key could carry.
func (r *Result) JudgesKeys() bool {
	return r.e != nil && r.e.index != nil && r.e.judges()
}

func (e *engine) judges() bool { return e.policy.IsSet() || e.imported[runtimePath] != nil }

// UsesRuntime reports whether the package stands on tenantvet's runtime,
// directly or not.
func (r *Result) UsesRuntime() bool {
	return r.e != nil && importedPackages(r.e.pass.Pkg)[runtimePath] != nil
}

// runtimePath is the package that hands out scope where no policy says otherwise.
const runtimePath = "github.com/tenantvet/tenantvet/runtime"

// Position returns pos in the form that steps use.
func (r *Result) Position(pos token.Pos) Position { return r.e.position(pos) }

// Start returns where to report access a: the start of its expression.
func (r *Result) Start(a *Access) token.Pos {
	if !a.Pos.IsValid() {
		return a.Owner.Pos()
	}
	return r.StartAt(a.Pos)
}

// StartAt returns the start of the call, index expression or statement that an
// instruction at pos was made of.
func (r *Result) StartAt(pos token.Pos) token.Pos {
	for _, f := range r.e.pass.Files {
		if f.FileStart <= pos && pos < f.FileEnd {
			path, _ := astutil.PathEnclosingInterval(f, pos, pos)
			for _, n := range path {
				switch n := n.(type) {
				case *ast.CallExpr:
					return n.Pos()
				case *ast.IndexExpr:
					return n.Pos()
				case ast.Stmt:
					return n.Pos()
				}
			}
		}
	}
	return pos
}

// ExprAt returns the start of the comparison, the element of a literal or the
// call that an instruction at pos was made of, that of the statement if it was
// none.
func (r *Result) ExprAt(pos token.Pos) token.Pos {
	for _, f := range r.e.pass.Files {
		if f.FileStart > pos || pos >= f.FileEnd {
			continue
		}
		path, _ := astutil.PathEnclosingInterval(f, pos, pos)
		for _, n := range path {
			switch n := n.(type) {
			case *ast.BasicLit, *ast.BinaryExpr, *ast.KeyValueExpr, *ast.CallExpr, ast.Stmt:
				return n.Pos()
			}
		}
	}
	return pos
}

// CallAt returns where to report the call at pos, the place that SSA knows it by:
// the name of what it calls. Other places stay as they are.
func (r *Result) CallAt(pos token.Pos) token.Pos {
	for _, f := range r.e.pass.Files {
		if f.FileStart > pos || pos >= f.FileEnd {
			continue
		}
		path, _ := astutil.PathEnclosingInterval(f, pos, pos)
		for _, n := range path {
			call, ok := n.(*ast.CallExpr)
			if !ok || call.Lparen != pos {
				continue
			}
			if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
				return sel.Sel.Pos()
			}
			return call.Pos()
		}
	}
	return pos
}

// Around returns the declared function around pos, nil if there is none.
func (r *Result) Around(pos token.Pos) *types.Func {
	for _, fn := range r.e.funcs {
		if s := fn.Syntax(); s != nil && s.Pos() <= pos && pos < s.End() {
			obj, _ := fn.Object().(*types.Func)
			return obj
		}
	}
	return nil
}

// Lacking returns what the leaf's key does not carry by itself.
func (l *Leaf) Lacking() []models.Dims {
	var need []models.Dims
	for _, st := range l.Status {
		if st.Class == Pending {
			need = append(need, st.Need)
		}
	}
	return need
}

// KeyName is what messages call the key of a. A cache entry that is written
// only where there is none may be a lock: it is called one if nothing of the
// package reads such entries, and neither if that cannot be told.
func (r *Result) KeyName(a *Access) string {
	a = a.root()
	if !a.Absent || a.Kind != models.Cache {
		return string(a.Kind) + " key"
	}
	fam := r.family(a)
	if fam == "" || len(a.Steps) > 0 {
		return "key"
	}
	for i := range r.Judged {
		if j := &r.Judged[i]; j.Op == models.Read && r.family(j.Access) == fam {
			return "cache key"
		}
	}
	return "lock key"
}

// Parts lists what the leaf's key is made of, for messages: first what differs
// from caller to caller, then constants, which tell nothing of whose key it is.
func (l *Leaf) Parts() string { return parts(l.Key, "its key") }

// parts is [Leaf.Parts] for any value; none is what one of no parts is called.
func parts(v Value, none string) string {
	var names, constants []string
	seen := map[string]bool{}
	for i := range v.Alts {
		for k := range v.Alts[i].Parts {
			a := &v.Alts[i].Parts[k]
			if a.Selected || a.Ctx {
				continue
			}
			var name string
			switch {
			case a.Kind == Constant && !a.Mixed && !strings.ContainsFunc(a.Text, wordRune):
				continue // a separator
			case a.Kind == Constant && !a.Mixed:
				name = describeConst(a.Text)
			case a.Kind != Opaque:
				name = a.Text
			}
			if name == "" || seen[name] {
				continue
			}
			seen[name] = true
			if a.Kind == Constant {
				constants = append(constants, name)
			} else {
				names = append(names, name)
			}
		}
	}
	names = append(names, constants...)
	switch len(names) {
	case 0:
		return none
	case 1:
		return names[0]
	}
	if len(names) > 4 {
		names = append(names[:3], "…")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// describeConst quotes a constant, whatever it holds, and shortens it.
func describeConst(s string) string {
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40]) + "…"
	}
	return strconv.Quote(s)
}

// InHand returns the name and place of a value with one of the dimensions
// that the leaf's functions have and leave out of the key: a parameter that
// is declared to be the scope, or a source's result that nothing uses.
func (r *Result) InHand(l *Leaf, missing models.Dims) (string, token.Pos) {
	owners := []*ssa.Function{l.root().Owner}
	if l.Owner != owners[0] {
		owners = append(owners, l.Owner)
	}
	for _, fn := range owners {
		for i, p := range fn.Params {
			if i == 0 && fn.Signature.Recv() != nil {
				continue
			}
			if v, ok := p.Object().(*types.Var); ok {
				if d := r.e.index.ParamVar(r.e.pass.Pkg, v); d&missing != 0 {
					return p.Name(), p.Pos()
				}
			}
			if m := r.e.index.Type(p.Type()); m != nil && m.Source&missing != 0 {
				return p.Name(), p.Pos()
			}
		}
		name, pos := "", token.NoPos
		r.e.instrs(fn, func(in ssa.Instruction) {
			c, ok := in.(*ssa.Call)
			if !ok || name != "" {
				return
			}
			obj := callee(c.Common())
			m := r.e.index.Func(obj)
			if m == nil {
				return
			}
			for _, s := range m.Sources {
				if s.Place.Base == models.Result && s.Dims&missing != 0 && unused(c, s.Place.Index) {
					name, pos = "the result of "+funcName(obj), c.Pos()
				}
			}
		})
		if name != "" {
			return name, pos
		}
	}
	return "", token.NoPos
}

// Carried returns the dimensions that a result of the call whose parenthesis
// stands at pos carries where access a is, on every path and with its error
// checked. The call must be in the function of a.
func (r *Result) Carried(a *Access, pos token.Pos, result int) models.Dims {
	var v ssa.Value
	r.e.instrs(a.Owner, func(in ssa.Instruction) {
		c, ok := in.(*ssa.Call)
		if !ok || c.Pos() != pos || v != nil {
			return
		}
		if c.Call.Signature().Results().Len() == 1 {
			v = c
			return
		}
		for _, ref := range *c.Referrers() {
			if x, ok := ref.(*ssa.Extract); ok && x.Index == result {
				v = x
			}
		}
	})
	if v == nil {
		return 0
	}
	val := r.e.settle(r.e.ev(v, "", a.Instr), a.Instr)
	if val.bottom() {
		return 0
	}
	dims := models.AllDims
	for i := range val.Alts {
		var one models.Dims
		for k := range val.Alts[i].Parts {
			if p := &val.Alts[i].Parts[k]; p.Kind == Scope && !p.Unchecked && !p.Selected {
				one |= p.Dims
			}
		}
		dims &= one
	}
	return dims
}

// unused reports whether the idx-th result of c is dropped.
func unused(c *ssa.Call, idx int) bool {
	if c.Common().Signature().Results().Len() == 1 {
		return c.Referrers() == nil || len(*c.Referrers()) == 0
	}
	for _, ref := range *c.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == idx && x.Referrers() != nil && len(*x.Referrers()) > 0 {
			return false
		}
	}
	return true
}

// Loaded reports whether what is kept under the leaf's key, or under another
// key of the same leaf function and the same parameters, was obtained for the
// context of the caller.
func (r *Result) Loaded(l *Leaf) bool {
	if sig := l.Owner.Signature; sig.TypeParams().Len() > 0 || sig.RecvTypeParams().Len() > 0 {
		return false // a container for whatever its users keep under keys of theirs
	}
	if l.Key.has(func(a *Atom) bool {
		return !a.Selected && !a.Ctx && (a.Kind == Record || a.Kind == Opaque || a.Kind == Unique)
	}) {
		return false // filed under what was found, not under what was asked for
	}
	if r.sees(l) {
		return true
	}
	for i := range r.Judged {
		j := &r.Judged[i]
		for k := range j.Leaves {
			o := &j.Leaves[k]
			if o.Open && o.Owner == l.Owner && r.sees(o) && sameParams(o.Key, l.Key) {
				return true
			}
		}
	}
	return false
}

func (r *Result) sees(l *Leaf) bool {
	if !l.root().Loaded.IsValid() {
		return false
	}
	for _, p := range l.Owner.Params {
		if isContext(p.Type()) {
			return true
		}
	}
	return false
}

// sameParams reports whether a and b are made of the same parameters.
func sameParams(a, b Value) bool {
	pa, pb := paramsOf(a), paramsOf(b)
	if len(pa) == 0 || len(pa) != len(pb) {
		return false
	}
	for k := range pa {
		if !pb[k] {
			return false
		}
	}
	return true
}

func paramsOf(v Value) map[string]bool {
	out := map[string]bool{}
	for i := range v.Alts {
		for k := range v.Alts[i].Parts {
			a := &v.Alts[i].Parts[k]
			if a.Kind == Param && !a.Selected && !a.Ctx && a.Root != Receiver {
				out[paramName(a.Root)+string(a.Path)] = true
			}
		}
	}
	return out
}

// IsBoundary reports whether the policy says that functions of this package
// must establish scope for themselves.
func (r *Result) IsBoundary() bool { return r.Policy.Boundary(r.e.pass.Pkg.Path()) != nil }

// Beginnings returns the constants that the access's key may begin with, for
// each way in which it may be made; a way whose order of parts is not known may
// begin with any of its constants, one that begins with no constant has none.
func (r *Result) Beginnings(a *Access) [][]string {
	var out [][]string
	for i := range a.Key.Alts {
		alt := &a.Key.Alts[i]
		begins := []string{}
		for _, p := range alt.Parts {
			if p.Kind == Constant && !p.Mixed {
				begins = append(begins, p.Text)
			}
			if alt.Ordered() {
				break // what it begins with decides
			}
		}
		out = append(out, begins)
	}
	return out
}

// IsState reports whether a uses state of this process that globalcache
// judges: a map, or a cache in a package-level variable.
func (a *Access) IsState() bool {
	root := a.root()
	if root.State.Name != "" {
		return true
	}
	if root.Row == nil {
		return len(root.Steps) == 0 && len(root.Hook) == 0
	}
	return root.Row.Process && (a.Global != nil || root.Global != nil || root.Kind == models.Store)
}

// Func returns the declared function that the access is in, nil in an initialiser.
func (a *Access) Func() *types.Func {
	obj, _ := a.Owner.Object().(*types.Func)
	return obj
}

// Path returns the steps that explain why the key at access a is what leaf l
// says: where its parts come from, through which calls they pass, where they
// reach the sink.
func (r *Result) Path(a *Access, l *Leaf) []Step {
	var out []Step
	add := func(s Step) {
		if s.Pos.File == "" {
			return
		}
		for _, have := range out {
			if have == s {
				return
			}
		}
		out = append(out, s)
	}
	for i := range l.Key.Alts {
		for k := range l.Key.Alts[i].Parts {
			p := &l.Key.Alts[i].Parts[k]
			if p.Ctx || p.Selected || p.Kind == Constant || len(out) >= 4 {
				continue
			}
			pos := p.At
			if p.Pos.IsValid() {
				pos = r.e.position(p.Pos)
			}
			add(Step{Pos: pos, Msg: describe(p) + " comes from here"})
		}
	}
	for i := len(l.Via) - 1; i >= 0; i-- {
		if l.Via[i] == a {
			continue
		}
		add(Step{Pos: r.e.position(l.Via[i].Pos), Msg: "it is passed on here"})
	}
	if a == l.Access || len(l.Via) == 0 {
		for _, s := range a.Steps {
			add(s)
		}
	} else if a.Root == nil {
		for _, s := range a.Steps {
			add(s)
		}
	}
	return out
}

// ScopedTwin returns an access of the same entries, in the same container and
// with the same beginning of the key, that is proven where a is not: what the
// one writes under its scope the other reads or deletes without.
func (r *Result) ScopedTwin(a *Access) *Access {
	fam := r.family(a)
	if fam == "" {
		return nil
	}
	for i := range r.Judged {
		j := &r.Judged[i]
		if j.Op == a.root().Op || r.family(j.Access) != fam {
			continue
		}
		good := len(j.Leaves) > 0
		for k := range j.Leaves {
			good = good && j.Leaves[k].Good()
		}
		if good && (j.Op == models.Write || a.root().Op == models.Write) {
			return j.Access
		}
	}
	return nil
}

// family names the entries that an access belongs to, "" if it cannot be told.
func (r *Result) family(a *Access) string {
	a = a.root()
	var container string
	switch {
	case a.Field != nil && a.Struct != nil:
		container = a.Struct.Obj().Name() + "." + a.Field.Name()
	case a.Global != nil:
		container = a.Global.Name()
	case a.Instr != nil:
		call, ok := a.Instr.(ssa.CallInstruction)
		if !ok {
			return ""
		}
		recv := argument(call.Common(), Receiver)
		if recv == nil || !hasReceiver(call.Common()) {
			return ""
		}
		base, _ := r.e.root(recv)
		container = a.Owner.Name() + "/" + base.Name()
	}
	if len(a.Key.Alts) == 0 {
		return ""
	}
	prefix := ""
	for _, p := range a.Key.Alts[0].Parts {
		if p.Kind == Constant && !p.Mixed && strings.Trim(p.Text, ":/_-. ") != "" {
			prefix = p.Text
			break
		}
	}
	if prefix == "" {
		return "" // any key of the container
	}
	return string(a.Kind) + " " + container + " " + strings.Trim(prefix, ":/_-. ")
}

// InitOnly reports whether fn runs only while its package is initialised.
func (r *Result) InitOnly(fn *ssa.Function) bool { return r.e.initOnly(fn) }

// AtomPosition returns where a was made.
func (r *Result) AtomPosition(a *Atom) Position {
	if a.Pos.IsValid() {
		return r.e.position(a.Pos)
	}
	return a.At
}

// Name is what messages call a.
func (a *Atom) Name() string { return describe(a) }

// Unproven returns what the leaf's key is not proven to carry.
func (l *Leaf) Unproven() []models.Dims {
	var need []models.Dims
	for _, st := range l.Status {
		if st.Class != Proven {
			need = append(need, st.Need)
		}
	}
	return need
}

// ForTests reports whether the package serves tests: it imports package
// testing, or is made of test files.
func (r *Result) ForTests() bool {
	if r.e == nil || r.e.prog == nil {
		return true
	}
	for _, f := range r.e.pass.Files {
		if isTest(r.e.pass, f) {
			continue
		}
		for _, imp := range f.Imports {
			if imp.Path.Value == `"testing"` {
				return true
			}
		}
	}
	return false
}

// MixedBy returns the function, if there is one, that makes the key of l
// carry its dimensions on some paths only: a helper whose own result does.
func (r *Result) MixedBy(l *Leaf) *types.Func {
	call, ok := l.Instr.(ssa.CallInstruction)
	if !ok {
		return nil
	}
	seen := map[ssa.Value]bool{}
	work := callArgs(call.Common())
	for len(work) > 0 && len(seen) < 64 {
		v := work[0]
		work = work[1:]
		if v == nil || seen[v] {
			continue
		}
		seen[v] = true
		idx := 0
		c, ok := v.(*ssa.Call)
		if x, isExtract := v.(*ssa.Extract); isExtract {
			if c, ok = x.Tuple.(*ssa.Call); ok {
				idx = x.Index
			}
		}
		if ok {
			if fn := callee(c.Common()); fn != nil {
				probe := *l.Access
				probe.Key = r.e.settle(r.e.callResult(c, idx, "", c), c)
				for _, st := range r.e.Statuses(&probe) {
					if st.Mixed {
						return fn
					}
				}
			}
		}
		if in, ok := v.(ssa.Instruction); ok {
			for _, op := range in.Operands(nil) {
				work = append(work, *op)
			}
		}
	}
	return nil
}

// Declared returns the step that shows where obj is declared, none if that is
// in another package: export data does not keep columns, and steps must be
// the same whichever way a driver came by types.
func (r *Result) Declared(obj types.Object) []Step {
	if obj.Pkg() != r.e.pass.Pkg {
		return nil
	}
	return []Step{{Pos: r.e.position(obj.Pos()), Msg: obj.Name() + " is declared here"}}
}

// FromRequest reports whether the leaf's key has a part that the client sent,
// or a scope that does not hold.
func (l *Leaf) FromRequest() bool {
	return l.Key.has(func(a *Atom) bool {
		return !a.Ctx && !a.Selected && (a.Kind == Request || a.Kind == Scope)
	})
}

// Claimed reports whether some parameter in the leaf's key claims, by its
// name, to be one of the dimensions: then the key is for the callers to judge.
func (l *Leaf) Claimed(dims models.Dims) bool {
	return l.Key.has(func(a *Atom) bool { return a.Kind == Param && !a.Selected && a.Claim&dims != 0 })
}

// Constant reports whether the leaf's key is the same for everybody in each
// requirement that is not met.
func (l *Leaf) Constant() bool {
	for _, st := range l.Status {
		if st.Class != Proven && st.Class != Shared {
			return false
		}
	}
	return len(l.Status) > 0
}
