package scopeflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// Settings of the process that may not be there, where they decide who may do
// what: secrets by which callers are told apart, and dimensions.

// Unconfigured returns the settings of the process that are relied on, though nothing
// asks whether they are set, or though the program has a text of its own in case
// they are not, by the places where they are read.
func (r *Result) Unconfigured() []Absence {
	e := r.e
	var out []Absence
	for _, fn := range e.funcs {
		e.instrs(fn, func(in ssa.Instruction) {
			for _, s := range e.relies(in) {
				t := &settingTrace{e: e, seen: map[ssa.Value]bool{}}
				t.follow(s.v, in)
				for _, a := range t.unset() {
					a.Func, a.Dims, a.By, a.Other = declared(outermost(a.at.Parent())), s.dims, s.by, in.Pos()
					if !slices.ContainsFunc(out, func(b Absence) bool { return a.Pos == b.Pos && a.Name == b.Name }) {
						out = append(out, a.Absence)
					}
				}
			}
		})
	}
	return out
}

// A reliance is a value that decides who may do what.
type reliance struct {
	v    ssa.Value
	dims models.Dims // that it becomes; none: it is a secret
	by   string      // what relies on it, as messages call it
}

// relies returns the values on which an instruction relies: a key to sign with,
// what the client's credential is compared with, what becomes scope.
func (e *engine) relies(in ssa.Instruction) []reliance {
	var out []reliance
	for _, s := range e.signingKeys(in) {
		out = append(out, reliance{v: s.v, by: s.what})
	}
	values, name := e.entering(in)
	for _, s := range values {
		if dims := s.dims & (models.Tenant | models.Env); dims != 0 && s.path == "" {
			out = append(out, reliance{s.v, dims, name})
		}
	}
	call, ok := in.(ssa.CallInstruction)
	if !ok {
		return out
	}
	if fn := callee(call.Common()); fn != nil {
		for i := range fn.Signature().Params().Len() {
			if dims := e.index.Param(fn, i) & (models.Tenant | models.Env); dims != 0 {
				out = append(out, reliance{argument(call.Common(), i), dims, calleeName(call.Common())})
			}
		}
	}
	return out
}

// signingKeys returns the secrets by which an instruction tells callers apart: by
// a row, in what it calls, or since it compares with what the client sent.
func (e *engine) signingKeys(in ssa.Instruction) []shown {
	var out []shown
	if call, ok := in.(ssa.CallInstruction); ok {
		for _, s := range e.shows(call) {
			if s.kind != models.SigningKey {
				continue
			}
			for _, v := range e.handedOut(s.v) {
				out = append(out, shown{v, s.path, s.kind, s.what})
			}
		}
	}
	x, y := e.compared(in)
	if x == nil || isConst(x) || isConst(y) || !e.knowing()[outermost(in.Parent())] {
		return out
	}
	for _, side := range [][2]ssa.Value{{x, y}, {y, x}} {
		if e.credential(side[0], in) && !e.credential(side[1], in) {
			out = append(out, shown{side[1], "", models.SigningKey, "the comparison"})
		}
	}
	return out
}

// compared returns the two values that an instruction compares as texts.
func (e *engine) compared(in ssa.Instruction) (x, y ssa.Value) {
	switch in := in.(type) {
	case *ssa.BinOp:
		if (in.Op == token.EQL || in.Op == token.NEQ) && isString(in.X.Type()) {
			return in.X, in.Y
		}
	case *ssa.Call:
		if m := e.index.Func(callee(in.Common())); m != nil && m.Equal && len(in.Call.Args) == 2 {
			return in.Call.Args[0], in.Call.Args[1]
		}
	}
	return nil, nil
}

// credential reports whether v is a credential that the client sent.
func (e *engine) credential(v ssa.Value, at ssa.Instruction) bool {
	return e.ev(v, "", at).has(func(a *Atom) bool {
		return a.Kind == Request && a.Secret == models.Credential && !a.Selected
	})
}

// handedOut returns the values that v, a function in sight, may return first, or v
// itself if it is no function.
func (e *engine) handedOut(v ssa.Value) []ssa.Value {
	if _, ok := v.Type().Underlying().(*types.Signature); !ok {
		return []ssa.Value{v}
	}
	fn := e.funcOf(v)
	if fn == nil {
		return nil
	}
	var out []ssa.Value
	for _, ret := range returnsOf(fn) {
		if len(ret.Results) > 0 && !e.failing(ret) {
			out = append(out, ret.Results[0])
		}
	}
	return out
}

func returnsOf(fn *ssa.Function) []*ssa.Return {
	var out []*ssa.Return
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			out = append(out, ret)
		}
	}
	return out
}

// A settingTrace follows a value back to the settings that it may be.
type settingTrace struct {
	e     *engine
	seen  map[ssa.Value]bool
	calls []*ssa.Call // on the way: what their bodies return, with their operands
	asked []ssa.Value // on the way: what is there, where the trace came by
	reads []settingRead
	own   []string // texts of the program that it may be instead
	part  int      // of how many texts it is a part by now
}

// A settingRead is where a setting is read.
type settingRead struct {
	call  *ssa.Call
	name  string // as messages call it
	asked bool   // whether it is there, before it is used
}

// An unsetAbsence is an absence, with the instruction that it is at.
type unsetAbsence struct {
	Absence
	at ssa.Instruction
}

// unset returns what may be missing, or known to everybody.
func (t *settingTrace) unset() []unsetAbsence {
	var out []unsetAbsence
	for i, r := range t.reads {
		if !r.asked {
			out = append(out, unsetAbsence{Absence{Pos: r.call.Pos(), Name: r.name}, r.call})
			continue
		}
		if i == 0 && len(t.own) > 0 {
			out = append(out, unsetAbsence{Absence{Pos: r.call.Pos(), Name: r.name, What: describeConst(t.own[0])}, r.call})
		}
	}
	return out
}

// follow follows v, as at uses it.
func (t *settingTrace) follow(v ssa.Value, at ssa.Instruction) {
	if v == nil || t.seen[v] || len(t.seen) > 64 {
		return
	}
	t.seen[v] = true
	switch x := v.(type) {
	case *ssa.Const:
		if x.Value != nil && x.Value.Kind() == constant.String && t.part == 0 && constant.StringVal(x.Value) != "" {
			t.own = append(t.own, constant.StringVal(x.Value))
		}
	case *ssa.Convert:
		t.follow(x.X, at)
	case *ssa.ChangeType:
		t.follow(x.X, at)
	case *ssa.MakeInterface:
		t.follow(x.X, at)
	case *ssa.BinOp:
		if x.Op == token.ADD && isString(x.Type()) {
			t.part++
			t.follow(x.X, at)
			t.follow(x.Y, at)
			t.part--
		}
	case *ssa.Phi:
		for i, edge := range x.Edges {
			t.joined(x, i, edge)
		}
	case *ssa.FreeVar:
		if b, ok := t.e.binding(x); ok {
			t.follow(b, at)
		}
	case *ssa.Parameter:
		t.handed(x)
	case *ssa.Extract:
		if call, ok := x.Tuple.(*ssa.Call); ok {
			t.called(call, x.Index, at)
		}
	case *ssa.Call:
		t.called(x, 0, at)
	case *ssa.UnOp:
		if x.Op == token.MUL {
			t.loaded(x, at)
		}
	}
}

// joined follows the i-th of the values that meet in phi.
func (t *settingTrace) joined(phi *ssa.Phi, i int, v ssa.Value) {
	pred := phi.Block().Preds[i]
	last := pred.Instrs[len(pred.Instrs)-1]
	known := len(t.asked)
	if branch, ok := last.(*ssa.If); ok {
		if x, empty := shortness(branch); x != nil && empty.to != phi.Block() {
			t.asked = append(t.asked, x)
		}
	}
	t.follow(v, last)
	t.asked = t.asked[:known]
}

// present reports whether v was found to be there where at uses it.
func (t *settingTrace) present(v ssa.Value, at ssa.Instruction) bool {
	return slices.ContainsFunc(t.asked, func(x ssa.Value) bool { return t.e.sameSetting(x, v, 0) }) || t.e.asksFor(v, at)
}

// handed follows a parameter to the operands of the calls that the trace came by.
func (t *settingTrace) handed(p *ssa.Parameter) {
	for _, c := range slices.Backward(t.calls) {
		if t.e.body(c.Common()) == p.Parent() {
			t.follow(argument(c.Common(), paramNumber(p)), c)
			return
		}
	}
}

// called follows the idx-th result of a call: a setting, what a call makes of one,
// or what a function in sight returns.
func (t *settingTrace) called(call *ssa.Call, idx int, at ssa.Instruction) {
	common := call.Common()
	if name := t.setting(call); name != "" {
		if idx == 0 {
			t.reads = append(t.reads, settingRead{call, name, t.present(call, at)})
		}
		return
	}
	if m := t.e.index.Func(callee(common)); m != nil {
		for i := range m.Flows {
			fl := &m.Flows[i]
			if fl.How != models.Copy || fl.NoTo || fl.To.Base != models.Result || fl.To.Index != idx {
				continue
			}
			for _, p := range fl.From {
				if arg := argument(common, placeNumber(p)); arg != nil && !t.present(call, at) {
					t.follow(arg, at)
				}
			}
		}
		return
	}
	fn := t.e.body(common)
	if fn == nil || len(t.calls) >= maxHelpers {
		return
	}
	t.calls = append(t.calls, call)
	for _, ret := range returnsOf(fn) {
		if idx < len(ret.Results) && !t.e.failing(ret) && !t.present(call, at) {
			t.follow(ret.Results[idx], ret)
		}
	}
	t.calls = t.calls[:len(t.calls)-1]
}

// setting returns what messages call the setting of the process that a call
// reads; "" if it reads none, or nobody knows which.
func (t *settingTrace) setting(call *ssa.Call) string {
	fn := callee(call.Common())
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "os" || fn.Name() != "Getenv" && fn.Name() != "LookupEnv" {
		return ""
	}
	arg := call.Call.Args[0]
	for _, c := range slices.Backward(t.calls) {
		p, ok := arg.(*ssa.Parameter)
		if !ok {
			break
		}
		if t.e.body(c.Common()) == p.Parent() {
			arg = argument(c.Common(), paramNumber(p))
		}
	}
	if text(arg) == "" {
		return ""
	}
	return text(arg)
}

// loaded follows what is loaded from a variable or a field to what this package
// stores there, unless it asks somewhere whether anything is.
func (t *settingTrace) loaded(load *ssa.UnOp, at ssa.Instruction) {
	if t.present(load, at) {
		return
	}
	if v, ok := t.e.variable(load.X); ok {
		for _, st := range storesTo(*v.Referrers(), v) {
			t.kept(st, at)
		}
		return
	}
	var stores []*ssa.Store
	switch addr := load.X.(type) {
	case *ssa.Global:
		if t.e.asksSomewhere(func(v ssa.Value) bool { return loadsFrom(v, addr) }) {
			return
		}
		if refs := t.e.globalRefs(addr); refs != nil {
			stores = storesTo(*refs, addr)
		}
	case *ssa.FieldAddr:
		_, field := structField(addr.X.Type(), addr.Field)
		if field == nil || t.e.asksSomewhere(func(v ssa.Value) bool { return loadsField(v, field) }) {
			return
		}
		stores = t.e.fieldStores(field.Origin())
	}
	for _, st := range stores {
		t.follow(st.Val, st)
	}
}

// kept follows what is stored in a variable that literals see, as at uses it.
// Where something else is stored if there is nothing, that was there.
func (t *settingTrace) kept(st *ssa.Store, at ssa.Instruction) {
	known := len(t.asked)
	for _, other := range storesTo(*st.Addr.Referrers(), st.Addr) {
		for _, b := range st.Parent().Blocks {
			branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
			if !ok || other == st {
				continue
			}
			if x, empty := shortness(branch); x != nil && onlyBy(b, empty.to, other) {
				t.asked = append(t.asked, x)
			}
		}
	}
	t.follow(st.Val, at)
	t.asked = t.asked[:known]
}

// variable returns the variable that v is the address of, also where a literal
// sees that.
func (e *engine) variable(v ssa.Value) (*ssa.Alloc, bool) {
	if fv, ok := v.(*ssa.FreeVar); ok {
		v, _ = e.binding(fv)
	}
	alloc, ok := v.(*ssa.Alloc)
	return alloc, ok
}

func storesTo(refs []ssa.Instruction, addr ssa.Value) []*ssa.Store {
	var out []*ssa.Store
	for _, ref := range refs {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == addr {
			out = append(out, st)
		}
	}
	return out
}

func loadsFrom(v ssa.Value, g *ssa.Global) bool {
	load, ok := v.(*ssa.UnOp)
	return ok && load.Op == token.MUL && load.X == g
}

func loadsField(v ssa.Value, field *types.Var) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	_, f := structField(fa.X.Type(), fa.Field)
	return f != nil && f.Origin() == field.Origin()
}

// asksSomewhere reports whether a function of this package does something else
// where a value of that kind is empty.
func (e *engine) asksSomewhere(is func(ssa.Value) bool) bool {
	return slices.ContainsFunc(e.funcs, func(fn *ssa.Function) bool {
		asks := false
		e.instrs(fn, func(in ssa.Instruction) {
			if branch, ok := in.(*ssa.If); ok && !asks {
				v, empty := shortness(branch)
				asks = v != nil && is(v) && !reaches(empty.to, other(empty), nil)
			}
		})
		return asks
	})
}

// asksFor reports whether at runs only where v, or what is made of it as it is, was
// found to be there.
func (e *engine) asksFor(v ssa.Value, at ssa.Instruction) bool {
	for at := range e.outward(at) {
		for _, b := range at.Parent().Blocks {
			branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
			if !ok {
				continue
			}
			x, empty := shortness(branch)
			if x != nil && e.sameSetting(x, v, 0) && onlyBy(b, other(empty), at) {
				return true
			}
		}
	}
	return false
}

// sameSetting reports whether x, of which a branch asks whether it is there, is v
// or made of it.
func (e *engine) sameSetting(x, v ssa.Value, depth int) bool {
	if x == v || depth > maxHelpers {
		return x == v
	}
	switch x := x.(type) {
	case *ssa.Convert:
		return e.sameSetting(x.X, v, depth+1)
	case *ssa.Extract: // v, ok := os.LookupEnv(name)
		return x.Tuple == v
	case *ssa.UnOp:
		load, ok := v.(*ssa.UnOp)
		if ok && load.Op == token.MUL && x.Op == token.MUL {
			if load.X == x.X {
				return true
			}
			fa, ok := x.X.(*ssa.FieldAddr)
			other, ok2 := load.X.(*ssa.FieldAddr)
			return ok && ok2 && fa.Field == other.Field && (fa.X == other.X || e.sameSetting(fa.X, other.X, depth+1))
		}
		return e.sameSetting(e.yields(x), v, depth+1) && e.yields(x) != x
	case *ssa.Call:
		if c, ok := v.(*ssa.Call); ok && readsSame(x, c) {
			return true
		}
		return slices.ContainsFunc(e.printed(x), func(from ssa.Value) bool { return from != x && e.sameSetting(from, v, depth+1) })
	}
	return false
}

// readsSame reports whether two calls are of one function, for one text.
func readsSame(a, b *ssa.Call) bool {
	fa, fb := callee(a.Common()), callee(b.Common())
	return fa != nil && fa == fb && len(a.Call.Args) == 1 && len(b.Call.Args) == 1 && text(a.Call.Args[0]) != "" && text(a.Call.Args[0]) == text(b.Call.Args[0])
}

// shortness returns the value that a branch asks for whether it is there, or long
// enough, and the edge that is taken if it is not.
func shortness(branch *ssa.If) (ssa.Value, edge) {
	if said, ok := branch.Cond.(*ssa.Extract); ok && said.Index == 1 { // v, ok := os.LookupEnv(name)
		if call, ok := said.Tuple.(*ssa.Call); ok && strings.HasPrefix(calleeName(call.Common()), "os.") {
			return call, edge{branch.Block(), branch.Block().Succs[1]}
		}
	}
	cmp, ok := branch.Cond.(*ssa.BinOp)
	if !ok {
		return nil, edge{}
	}
	if v := lengthOf(cmp.X); v != nil && isConst(cmp.Y) {
		n := 0
		switch cmp.Op {
		case token.NEQ, token.GTR, token.GEQ:
			n = 1
		}
		return v, edge{branch.Block(), branch.Block().Succs[n]}
	}
	return emptiness(branch)
}

// lengthOf returns the value of which v is the length, nil if it is none.
func lengthOf(v ssa.Value) ssa.Value {
	if call, ok := v.(*ssa.Call); ok {
		if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
			return call.Call.Args[0]
		}
	}
	return nil
}
