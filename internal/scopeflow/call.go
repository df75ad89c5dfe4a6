package scopeflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// callee returns the declared function or interface method that a call names,
// nil for calls of function values.
func callee(c *ssa.CallCommon) *types.Func {
	if c.IsInvoke() {
		return c.Method
	}
	if fn := c.StaticCallee(); fn != nil {
		if fn.Origin() != nil {
			fn = fn.Origin()
		}
		if obj, ok := fn.Object().(*types.Func); ok {
			return obj
		}
	}
	return nil
}

// callArgs returns the operands of a call, the receiver first if there is one.
func callArgs(c *ssa.CallCommon) []ssa.Value {
	if c.IsInvoke() {
		return append([]ssa.Value{c.Value}, c.Args...)
	}
	if mc, ok := c.Value.(*ssa.MakeClosure); ok && isWrapper(mc.Fn.(*ssa.Function)) && len(mc.Bindings) == 1 {
		return append([]ssa.Value{mc.Bindings[0]}, c.Args...)
	}
	return c.Args
}

// argument returns operand n of a call, as summaries count: the receiver is [Receiver].
func argument(c *ssa.CallCommon, n int) ssa.Value {
	args := callArgs(c)
	if hasReceiver(c) {
		n++
	}
	if n < 0 || n >= len(args) {
		return nil
	}
	return args[n]
}

func hasReceiver(c *ssa.CallCommon) bool {
	if c.IsInvoke() {
		return true
	}
	if mc, ok := c.Value.(*ssa.MakeClosure); ok && isWrapper(mc.Fn.(*ssa.Function)) {
		return true
	}
	if fn := c.StaticCallee(); fn != nil {
		if obj, ok := fn.Object().(*types.Func); ok {
			return obj.Signature().Recv() != nil
		}
	}
	return false
}

// isWrapper reports whether fn is the closure behind a method value.
func isWrapper(fn *ssa.Function) bool {
	return strings.HasPrefix(fn.Synthetic, "bound method wrapper")
}

// funcOf returns the function of this package, with its body, that v is, if
// that can be told: a literal, a named function, a method value. Dynamic
// values are followed to their one assignment.
func (e *engine) funcOf(v ssa.Value) *ssa.Function {
	for range 16 {
		switch x := v.(type) {
		case *ssa.MakeClosure:
			v = x.Fn
		case *ssa.ChangeType:
			v = x.X
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.FreeVar:
			b, ok := e.binding(x)
			if !ok {
				return nil
			}
			v = b
		case *ssa.UnOp:
			alloc, ok := x.X.(*ssa.Alloc)
			if !ok {
				if fv, isFree := x.X.(*ssa.FreeVar); isFree {
					b, bound := e.binding(fv)
					if alloc, ok = b.(*ssa.Alloc); !bound || !ok {
						return nil
					}
				} else {
					return nil
				}
			}
			var val ssa.Value
			for _, r := range *alloc.Referrers() {
				if s, ok := r.(*ssa.Store); ok && s.Addr == alloc {
					if val != nil {
						return nil
					}
					val = s.Val
				}
			}
			if val == nil {
				return nil
			}
			v = val
		case *ssa.Function:
			if x.Origin() != nil {
				x = x.Origin()
			}
			if isWrapper(x) || strings.HasPrefix(x.Synthetic, "thunk") {
				if obj, ok := x.Object().(*types.Func); ok {
					x = e.prog.FuncValue(obj.Origin())
				}
			}
			if x != nil && x.Blocks != nil && e.local[x] {
				return x
			}
			return nil
		default:
			return nil
		}
	}
	return nil
}

// body returns the function of this package that a call runs, nil if it is
// another package's, an interface's or not known.
func (e *engine) body(c *ssa.CallCommon) *ssa.Function {
	if c.IsInvoke() {
		if fn := e.ofKind(c); fn != nil && fn.Blocks != nil {
			return fn
		}
		return nil
	}
	return e.funcOf(c.Value)
}

// bodies returns the functions of this package that a call may run: one, or
// the implementations in this package of an interface method.
func (e *engine) bodies(c *ssa.CallCommon) []*ssa.Function {
	if c.IsInvoke() {
		if fn := e.ofKind(c); fn != nil {
			if fn.Blocks == nil {
				return nil // another package's, of which there is a summary
			}
			return []*ssa.Function{fn}
		}
		return e.implementations(c.Method, c.Value.Type())
	}
	if fn := e.funcOf(c.Value); fn != nil {
		return []*ssa.Function{fn}
	}
	return nil
}

// maxImplementations bounds how many types an interface call is followed to.
const maxImplementations = 6

// implementations returns this package's methods that a call of m on a value
// of interface type t may run.
func (e *engine) implementations(m *types.Func, t types.Type) []*ssa.Function {
	if fns, ok := e.impls[m]; ok {
		return fns
	}
	var out []*ssa.Function
	iface, ok := t.Underlying().(*types.Interface)
	if ok && !isContext(t) && m.Pkg() != nil && iface.NumMethods() > 0 {
		for _, named := range e.namedTypes() {
			if types.IsInterface(named) || named.TypeParams().Len() > 0 {
				continue
			}
			var recv types.Type = named
			if !types.Implements(recv, iface) {
				recv = types.NewPointer(named)
				if !types.Implements(recv, iface) {
					continue
				}
			}
			obj, _, _ := types.LookupFieldOrMethod(recv, true, m.Pkg(), m.Name())
			fn, ok := obj.(*types.Func)
			if !ok {
				continue
			}
			if body := e.prog.FuncValue(fn); body != nil && body.Blocks != nil && e.local[body] {
				out = append(out, body)
			}
		}
	}
	if len(out) > maxImplementations {
		out = nil
	}
	e.impls[m] = out
	return out
}

// rowsFor returns what the rows say of the function that a call names, or of
// the database handles whose method an interface of the project copies.
func (e *engine) rowsFor(fn *types.Func, c *ssa.CallCommon) *models.Func {
	if fn == nil {
		return nil
	}
	m := e.index.Func(fn)
	if m == nil && c.IsInvoke() {
		m = e.index.Like(fn, func(p string) *types.Package { return e.imported[p] })
	}
	return m
}

// callContents returns what the idx-th result v of a call holds at path, with
// what was written to it since.
func (e *engine) callContents(v ssa.Value, c *ssa.Call, idx int, path Path, at ssa.Instruction) Value {
	if b, ok := c.Call.Value.(*ssa.Builtin); ok {
		return e.builtin(b.Name(), c, path, at)
	}
	if at != nil && pointsOn(v.Type()) {
		return e.contents(v, path, at)
	}
	return e.callResult(c, idx, path, at)
}

func (e *engine) builtin(name string, c *ssa.Call, path Path, at ssa.Instruction) Value {
	switch name {
	case "ssa:wrapnilchk":
		return e.ev(nilChecked(c), path, at)
	case "append":
		base := e.ev(c.Call.Args[0], path, at)
		if len(c.Call.Args) < 2 {
			return base
		}
		more := e.ev(c.Call.Args[1], path, at)
		if path == "" || strings.HasPrefix(string(path), allElems) {
			return concat(base, more) // one after the other
		}
		if empty(base) {
			return more
		}
		return join(base, more)
	case "min", "max":
		var out Value
		for _, a := range c.Call.Args {
			out = join(out, e.ev(a, path, at))
		}
		return out
	}
	return constantAtom("", false, c.Pos())
}

// empty reports whether v is nothing but the empty string.
func empty(v Value) bool {
	return len(v.Alts) == 1 && (len(v.Alts[0].Parts) == 0 || len(v.Alts[0].Parts) == 1 && v.Alts[0].Parts[0].Kind == Constant && !v.Alts[0].Parts[0].Mixed && v.Alts[0].Parts[0].Text == "")
}

// callResult returns what the idx-th result of a call is at path.
func (e *engine) callResult(c *ssa.Call, idx int, path Path, at ssa.Instruction) Value {
	val := e.secretResult(c, idx, e.resultOf(c, idx, path, at))
	if t := resultType(c.Common(), idx); t != nil {
		if dims, _, _ := e.declaredOn(t, path); dims != 0 {
			val = e.believed(val, dims, c)
		}
		if rt, _ := stepTo(t, path); rt != nil && e.fixed(rt) {
			return val.mapAtoms(func(a Atom) Atom { a.Fixed = true; return a })
		}
	}
	return val
}

// believed returns what a declared source, a field of what a call returns, holds:
// where it was filled from a row, or from what is not known, it is scope because
// the policy says so. What the request says is still what it says.
func (e *engine) believed(val Value, dims models.Dims, c *ssa.Call) Value {
	out := Value{Alts: slices.Clone(val.Alts)}
	for i := range out.Alts {
		alt := &out.Alts[i]
		held := slices.IndexFunc(alt.Parts, func(p Atom) bool { return !p.Selected && !p.Ctx })
		if held < 0 || alt.has(func(p *Atom) bool { return !p.Selected && !p.Ctx && p.Kind != Record && p.Kind != Opaque }) {
			continue
		}
		// The row stays beside it: what is said of that, by a membership in it, holds on.
		p := alt.Parts[held]
		scope := e.withGuard(one(Atom{Kind: Scope, Dims: dims, Text: p.Text, Pos: p.Pos}), c)
		alt.Parts = append(slices.Clip(alt.Parts), scope.Alts[0].Parts...)
	}
	return out
}

// fixed reports whether the text of a value of type t has a shape of its own:
// a number, a uuid.
func (e *engine) fixed(t types.Type) bool {
	if b, ok := t.Underlying().(*types.Basic); ok {
		return b.Info()&types.IsNumeric != 0
	}
	m := e.index.Type(t)
	return m != nil && m.Fixed
}

func (e *engine) resultOf(c *ssa.Call, idx int, path Path, at ssa.Instruction) Value {
	common := c.Common()
	fn := callee(common)
	if m := e.rowsFor(fn, common); m != nil {
		if val, ok := e.sessionFrom(m, c, models.Result, idx, path); ok {
			return val
		}
		if val, ok := e.modelled(m, fn, c, idx, path); ok {
			return val
		}
	}
	if fn != nil && fn.Pkg() == nil && fn.Name() == "Error" {
		return e.ev(common.Value, path, c) // what an error says is what it was made of
	}
	if e.outOfKind(c) {
		return e.opaque(c.Pos(), "what "+calleeName(common)+" returns")
	}
	fn = e.known(fn, common)
	if bodies := e.bodies(common); len(bodies) > 0 {
		var out Value
		for _, b := range bodies {
			val, guarded := e.result(b, idx, path)
			val = e.subst(loadedBy(val, c), common, later(path, c, at))
			if guarded {
				val = e.withGuard(val, c)
			}
			out = join(out, val)
		}
		return out
	}
	if t := e.index.Type(common.Value.Type()); fn == nil && path == "" && t != nil && t.Benign {
		return e.allArgs(common, c) // a function value that makes something of what it is handed
	}
	if maker, ok := common.Value.(*ssa.Call); ok {
		// prefixer(scope)(id): what the literal that prefixer returns makes of both.
		if fn := e.body(maker.Common()); fn != nil {
			if lit := madeBy(fn); lit != nil {
				val, _ := e.result(lit, idx, path)
				return val.substitute(func(root int, path Path) Value {
					if root >= literalParam {
						if i := root - literalParam; i < len(common.Args) {
							return e.ev(common.Args[i], path, c)
						}
						return Value{}
					}
					if arg := argument(maker.Common(), root); arg != nil {
						return e.ev(arg, path, maker)
					}
					return Value{}
				}, nil)
			}
		}
	}
	if s := e.fact(fn); s != nil {
		if val, ok := s.result(idx, path); ok {
			val = e.subst(loadedBy(val, c), common, later(path, c, at))
			if s.Guarded {
				val = e.withGuard(val, c)
			}
			return val
		}
	}
	if s := e.fact(fn); s != nil && path != "" {
		for _, r := range s.Rows {
			if _, column := path.column(); r.Index == idx && column == "" {
				row := e.named(one(Atom{Kind: Record, Text: calleeName(common), Pos: c.Pos()}), path)
				return concat(row, e.subst(r.By, common, c)).bag()
			}
		}
	}
	if path == "" && idx == 0 && !common.IsInvoke() {
		switch common.Value.(type) {
		case *ssa.Parameter, *ssa.FreeVar:
			return e.ev(common.Value, called, nil)
		}
	}
	if base, column := path.column(); column != "" {
		if base == "" {
			if val, ok := e.dispatched(c, idx, column); ok {
				return val
			}
			switch common.Value.(type) {
			case *ssa.Parameter, *ssa.FreeVar:
				if idx == 0 {
					return e.ev(common.Value, called+column, c)
				}
			}
		}
		return e.opaque(c.Pos(), "what "+calleeName(common)+" returns")
	}
	if t := resultType(common, idx); t != nil && path != "" {
		if rt, _ := stepTo(t, path); rt == nil {
			return e.opaque(c.Pos(), "what "+calleeName(common)+" returns") // behind an interface
		}
	}
	val := e.unknown(c, common, path, nil)
	if t := resultType(common, idx); t != nil {
		if path != "" {
			loaded := val.has(func(a *Atom) bool { return a.Kind == Record && !a.Selected })
			if declared, ok := e.declaredField(t, path, c.Pos()); ok && !(loaded && declared.has(func(a *Atom) bool { return a.Kind == Request })) {
				return e.withGuard(declared, c)
			}
		}
		if rt, _ := stepTo(t, path); rt != nil {
			if m := e.index.Type(rt); m != nil {
				switch {
				case m.Source != 0:
					// A sealed type can only come from its maker.
					return e.withGuard(one(Atom{Kind: Scope, Dims: m.Source, Text: calleeName(common), Pos: c.Pos()}), c)
				case m.Origin != "":
					return one(originAtom(m.Origin, calleeName(common), c.Pos()))
				}
			}
		}
	}
	return val
}

// declaredField answers for a field of what a call returned, where the rows
// say of that struct which of its fields are scope: those are, others are not.
func (e *engine) declaredField(t types.Type, path Path, pos token.Pos) (Value, bool) {
	_, field := stepTo(t, path)
	if field == nil {
		return Value{}, false
	}
	// What else the caller's identity holds came with the request.
	a := Atom{Kind: Request, Text: string(path[1:]), Claim: e.claim(field.Name()), Pos: pos}
	if dims, kind, ok := e.declaredOn(t, path); ok {
		if dims != 0 {
			return one(Atom{Kind: Scope, Dims: dims, Text: a.Text, Pos: pos}), true
		}
		return one(originAtom(kind, a.Text, pos)), true
	}
	steps := path.steps()
	holder, _ := stepTo(t, Path(strings.Join(steps[:len(steps)-1], "")))
	if holder == nil {
		return Value{}, false
	}
	if p, ok := holder.Underlying().(*types.Pointer); ok {
		holder = p.Elem()
	}
	if s, ok := holder.Underlying().(*types.Struct); ok {
		for sibling := range s.Fields() {
			if f := e.index.Field(sibling); f != nil && f.Source != 0 {
				return one(a), true
			}
		}
	}
	return Value{}, false
}

func resultType(c *ssa.CallCommon, idx int) types.Type {
	res := c.Signature().Results()
	if idx >= res.Len() {
		return nil
	}
	return res.At(idx).Type()
}

// modelled answers from the rows for fn.
func (e *engine) modelled(m *models.Func, fn *types.Func, c *ssa.Call, idx int, path Path) (Value, bool) {
	common := c.Common()
	if base, column := path.column(); column != "" {
		return e.restriction(m, c, idx, base, column)
	}
	for _, s := range m.Sources {
		if s.Place.Base != models.Result || s.Place.Index != idx {
			continue
		}
		p := pathOf(s.Place.Path)
		if !strings.HasPrefix(string(path), string(p)) && !strings.HasPrefix(string(p), string(path)) {
			continue
		}
		if len(path) < len(p) {
			continue // the whole of which only a part is scope; its fields are asked for one by one
		}
		if recv := fn.Signature().Recv(); recv != nil {
			// A method of a scope gives a part of it, and is worth what the scope is worth.
			if tm := e.index.Type(recv.Type()); tm != nil && tm.Source != 0 {
				val := e.ev(argument(common, Receiver), "", c)
				return narrow(val, s.Dims, funcName(fn)), true
			}
		}
		atom := Atom{Kind: Scope, Dims: s.Dims, Text: funcName(fn), Pos: c.Pos()}
		return e.withGuard(one(atom), c), true
	}
	for _, o := range m.Origins {
		if o.Place.Base == models.Result && o.Place.Index == idx {
			a := originAtom(o.Kind, funcName(fn), c.Pos())
			for _, arg := range common.Args {
				// r.Header.Get("X-Tenant-ID") says what it claims to be.
				if k, ok := arg.(*ssa.Const); ok && k.Value != nil && k.Value.Kind() == constant.String {
					name := constant.StringVal(k.Value)
					a.Text += "(" + strconv.Quote(name) + ")"
					a.Claim |= e.claim(name)
				}
			}
			return one(a), true
		}
	}
	// Several flows into one result follow one another, as in fmt.Appendf.
	var made Value
	for i := range m.Flows {
		fl := &m.Flows[i]
		if fl.NoTo || fl.To.Base != models.Result || fl.To.Index != idx || restricts(fl.How) || ofSessions(fl.How) || fl.How == models.ContextSet {
			continue
		}
		if fl.How == models.ContextKey {
			if val, ok := e.underKey(common, fl, c); ok {
				return val, true
			}
			continue
		}
		var piece Value
		if fl.How == models.Copy && path != "" && len(fl.From) == 1 {
			piece = e.place(fl.From[0], common, path, c)
		} else {
			piece = e.flowValue(common, fl, c)
		}
		if made.bottom() {
			made = piece
		} else {
			made = concat(made, piece)
		}
	}
	if !made.bottom() {
		return made, true
	}
	if m.Pure {
		return e.allArgs(common, c).bag(), true
	}
	if len(m.Sinks) > 0 {
		by := e.foundBy(m, c)
		return concat(one(Atom{Kind: Record, Text: funcName(fn), Pos: c.Pos()}), by), true
	}
	return Value{}, false
}

// foundBy returns by what the rows were found that a sink returns: for a
// statement what restricts its columns, for others what they are handed.
func (e *engine) foundBy(m *models.Func, c *ssa.Call) Value {
	if !slices.ContainsFunc(m.Sinks, func(s models.Sink) bool { return s.IsQuery() }) {
		return e.allArgs(c.Common(), c).selected()
	}
	found := e.accessesAt(c)
	if len(found) == 0 {
		return e.allArgs(c.Common(), c).selected() // a table that nothing is known of
	}
	out := Value{[]Alt{{Bag: true}}}
	for _, a := range found {
		for _, col := range a.Columns {
			out = gather(out, col.Value.selected())
		}
		if !a.ID.bottom() {
			out = gather(out, a.ID.selected())
		}
	}
	return out
}

// underKey returns what a context holds under the key that a call names, if
// the policy says that it is scope.
func (e *engine) underKey(c *ssa.CallCommon, fl *models.Flow, at ssa.Instruction) (Value, bool) {
	if len(fl.From) == 0 {
		return Value{}, false
	}
	dims, name := e.keyDims(argument(c, placeNumber(fl.From[0])))
	if dims == 0 {
		return Value{}, false
	}
	return one(Atom{Kind: Scope, Dims: dims, Text: calleeName(c) + "(" + name + ")", Pos: at.Pos()}), true
}

// narrow returns v as the part of a scope that carries dims only.
func narrow(v Value, dims models.Dims, name string) Value {
	return v.mapAtoms(func(a Atom) Atom {
		if a.Selected {
			return a
		}
		switch a.Kind {
		case Scope:
			a.Dims &= dims
			if name != "" {
				a.Text = name
			}
		case Param:
			if a.Dims != 0 {
				a.Dims &= dims
			}
		}
		return a
	})
}

func (e *engine) allArgs(common *ssa.CallCommon, at ssa.Instruction) Value {
	out := Value{[]Alt{{Bag: true}}}
	for _, a := range callArgs(common) {
		if !mayCarry(a.Type()) && !isContext(a.Type()) {
			continue
		}
		out = gather(out, e.whole(a, at))
	}
	return out
}

// whole returns v as one value: a list as all of its elements.
func (e *engine) whole(v ssa.Value, at ssa.Instruction) Value {
	if s, ok := v.Type().Underlying().(*types.Slice); ok {
		if b, ok := s.Elem().Underlying().(*types.Basic); !ok || b.Kind() != types.Byte {
			return e.ev(v, allElems, at)
		}
	}
	return e.ev(v, "", at)
}

// flowValue returns what a flow row makes of a call's operands.
func (e *engine) flowValue(c *ssa.CallCommon, fl *models.Flow, at ssa.Instruction) Value {
	switch fl.How {
	case models.Format:
		return e.format(c, fl, at)
	case models.Join:
		var sep Value
		if fl.Sep != nil {
			sep = e.place(*fl.Sep, c, "", at)
		}
		if len(fl.From) == 0 {
			return Value{}
		}
		return e.joinElems(c, fl.From[0], sep, at)
	case models.Invoke:
		if len(fl.From) == 0 {
			return Value{}
		}
		if v := argument(c, placeNumber(fl.From[0])); v != nil {
			if fn := e.funcOf(v); fn != nil {
				val, _ := e.result(fn, 0, "")
				return val
			}
		}
		return e.opaque(at.Pos(), "what "+calleeName(c)+" returns")
	}
	if call, ok := at.(ssa.CallInstruction); ok && fl.How == models.Body && len(fl.From) > 0 {
		return e.filteredBy(fl.From[0], call)
	}
	if call, ok := at.(ssa.CallInstruction); ok && fl.How == models.Expression && len(fl.From) > 0 {
		return e.matchedBy(fl.From[0], call)
	}
	if fl.How == models.HandedBy {
		return e.ev(argument(c, Receiver), "", at)
	}
	out := Value{[]Alt{{}}}
	for _, p := range fl.From {
		out = concat(out, e.place(p, c, "", at))
	}
	switch e.operator(c, fl, at) {
	case otherOperator:
		return constantAtom("", false, at.Pos()) // bound to nothing
	case unknownOperator:
		return partOf(out)
	}
	switch fl.How {
	case models.Hash:
		return masked(out.bag())
	case models.Part:
		return partOf(out)
	case models.Select:
		return concat(one(Atom{Kind: Record, Text: calleeName(c), Pos: at.Pos()}), out.selected())
	}
	return out
}

// An operator of a condition, as far as it matters.
type operator uint8

const (
	equalOperator operator = iota // also where there is none
	otherOperator
	unknownOperator
)

// operator returns the operator of the condition that a flow of a call adds to: its
// own, or one that stands before it in the chain.
func (e *engine) operator(c *ssa.CallCommon, fl *models.Flow, at ssa.Instruction) operator {
	if fl.Equals != nil {
		return e.operatorAt(fl, c, at)
	}
	ofReceiver := func(fl models.Flow) bool {
		return slices.ContainsFunc(fl.From, func(p models.Place) bool { return p.Base == models.Recv && len(p.Path) == 0 })
	}
	if len(fl.From) < 2 || !ofReceiver(*fl) {
		return equalOperator
	}
	for range 32 {
		call, ok := argument(c, Receiver).(*ssa.Call)
		if !ok {
			return equalOperator
		}
		m := e.index.Func(callee(call.Common()))
		if m == nil {
			return equalOperator
		}
		i := slices.IndexFunc(m.Flows, func(fl models.Flow) bool { return fl.Equals != nil && ofReceiver(fl) })
		if i >= 0 {
			return e.operatorAt(&m.Flows[i], call.Common(), call)
		}
		c = call.Common()
	}
	return unknownOperator
}

// operatorAt returns the operator that a flow names in a call.
func (e *engine) operatorAt(fl *models.Flow, c *ssa.CallCommon, at ssa.Instruction) operator {
	v := argument(c, placeNumber(*fl.Equals))
	if v == nil {
		return unknownOperator
	}
	text, ok := e.knownText(v, pathOf(fl.Equals.Path), at)
	switch {
	case !ok:
		return unknownOperator
	case slices.Contains(fl.Equalities, text):
		return equalOperator
	}
	return otherOperator
}

// place evaluates a place of a call, seen through rest. Lists count as all of
// their elements.
func (e *engine) place(p models.Place, c *ssa.CallCommon, rest Path, at ssa.Instruction) Value {
	v := argument(c, placeNumber(p))
	if v == nil {
		return Value{[]Alt{{}}}
	}
	path := pathOf(p.Path)
	if strings.HasSuffix(string(path), models.Elem) && rest == "" {
		path = Path(strings.TrimSuffix(string(path), models.Elem)) + allElems
		return e.ev(v, path, at)
	}
	if path == "" && rest == "" {
		return e.whole(v, at)
	}
	return e.ev(v, path+rest, at)
}

func (e *engine) joinElems(c *ssa.CallCommon, p models.Place, sep Value, at ssa.Instruction) Value {
	v := argument(c, placeNumber(p))
	if v == nil {
		return Value{}
	}
	lists, ok := e.elements(v)
	if !ok {
		return concat(e.ev(v, allElems, at), sep).bag()
	}
	var out Value
	for _, list := range lists {
		acc := Value{[]Alt{{}}}
		for i, elem := range list {
			if i > 0 {
				acc = concat(acc, sep)
			}
			acc = concat(acc, e.ev(elem, "", at))
		}
		out = join(out, acc)
	}
	return out
}

// format follows a fmt format string; what it cannot parse becomes a bag of the operands.
func (e *engine) format(c *ssa.CallCommon, fl *models.Flow, at ssa.Instruction) Value {
	if len(fl.From) < 2 {
		return Value{}
	}
	all := func() Value {
		out := Value{[]Alt{{Bag: true}}}
		for _, p := range fl.From {
			out = gather(out, e.place(p, c, "", at))
		}
		return out
	}
	formatArg := argument(c, placeNumber(fl.From[0]))
	operands := argument(c, placeNumber(fl.From[1]))
	if formatArg == nil || operands == nil {
		return Value{}
	}
	k, ok := formatArg.(*ssa.Const)
	if !ok || k.Value == nil || k.Value.Kind() != constant.String {
		// The format may itself be put together from constants.
		fv := e.ev(formatArg, "", at)
		var out Value
		for i := range fv.Alts {
			text, ok := fv.Alts[i].constant()
			if !ok {
				return all()
			}
			out = join(out, e.formatText(text, operands, at, all))
		}
		if out.bottom() {
			return all()
		}
		return out
	}
	return e.formatText(constant.StringVal(k.Value), operands, at, all)
}

func (e *engine) formatText(format string, operands ssa.Value, at ssa.Instruction, all func() Value) Value {
	lists, ok := e.elements(operands)
	if !ok || len(lists) != 1 {
		return all()
	}
	args := lists[0]
	out := Value{[]Alt{{}}}
	text := func(s string) {
		if s != "" {
			out = concat(out, constantAtom(s, true, at.Pos()))
		}
	}
	n := 0
	for format != "" {
		i := strings.IndexByte(format, '%')
		if i < 0 {
			text(format)
			break
		}
		text(format[:i])
		format = format[i+1:]
		j := strings.IndexFunc(format, func(r rune) bool { return !strings.ContainsRune("+-# 0123456789.", r) })
		if j < 0 {
			return all()
		}
		verb, flags := format[j], format[:j]
		format = format[j+1:]
		if verb == '[' { // %[2]v
			number, rest, ok := strings.Cut(format, "]")
			k, err := strconv.Atoi(number)
			if !ok || err != nil || k < 1 || rest == "" {
				return all()
			}
			n, verb, format = k-1, rest[0], rest[1:]
		}
		switch {
		case verb == '%':
			text("%")
			continue
		case verb == '*' || verb == '.' || n >= len(args):
			return all()
		}
		val := e.text(args[n], at)
		n++
		switch verb {
		case 's', 'v', 'd', 'x', 'X', 'q', 'c', 'U', 'o', 'b':
		case 't':
			val = constantAtom("", false, at.Pos())
		case 'T', 'p':
			val = constantAtom("", false, at.Pos())
		}
		if verb == 'd' || verb == 'x' || verb == 'q' || strings.Contains(flags, ".") {
			if strings.Contains(flags, ".") {
				val = partOf(val) // cut off
			} else {
				val = val.mapAtoms(func(a Atom) Atom { a.Fixed = true; return a })
			}
		}
		out = concat(out, val)
	}
	return out
}

// text returns what v prints as. A type whose String or Format is a row with
// an origin of its own (a scope that redacts itself) prints that.
func (e *engine) text(v ssa.Value, at ssa.Instruction) Value {
	if inner := unboxed(v); inner != v {
		for _, name := range []string{"String", "Format"} {
			obj, _, _ := types.LookupFieldOrMethod(inner.Type(), true, e.pass.Pkg, name)
			fn, ok := obj.(*types.Func)
			if !ok {
				continue
			}
			if m := e.index.Func(fn); m != nil {
				for _, o := range m.Origins {
					return one(originAtom(o.Kind, funcName(fn), at.Pos()))
				}
			}
		}
	}
	return e.whole(v, at)
}

// subst returns a summary's value as the caller sees it.
func (e *engine) subst(v Value, c *ssa.CallCommon, at ssa.Instruction) Value {
	return e.substWith(v, c, at, func(ssa.Value, Path) (Value, bool) { return Value{}, false })
}

// substWith is subst where what some arguments are is known otherwise.
func (e *engine) substWith(v Value, c *ssa.CallCommon, at ssa.Instruction, known func(arg ssa.Value, path Path) (Value, bool)) Value {
	return v.substitute(func(root int, path Path) Value {
		arg := argument(c, root)
		if arg == nil {
			return e.opaque(at.Pos(), "an argument")
		}
		if val, ok := known(arg, path); ok {
			return val
		}
		if path == "" && isList(arg.Type()) {
			return e.whole(arg, at)
		}
		if column, ok := strings.CutPrefix(string(path), called); ok && strings.HasPrefix(column, columnMark) {
			if val, ok := e.perElementOf(arg, c, root, Path(column), at); ok {
				return val
			}
		}
		return e.ev(arg, path, at)
	}, func(a Atom) Value { return e.dispatch(a, c, at) })
}

func isList(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	if !ok {
		return false
	}
	b, ok := s.Elem().Underlying().(*types.Basic)
	return !ok || b.Kind() != types.Byte
}

// unknown returns what a function that we cannot see may make of its
// operands (other than skip). Without a context, and with a result that is
// plain data, it can only be made of them. With one, or with a richer result,
// it was looked up by them.
func (e *engine) unknown(call ssa.Instruction, common *ssa.CallCommon, path Path, skip ssa.Value) Value {
	name := calleeName(common)
	if common.IsInvoke() && isContext(common.Value.Type()) && skip == nil {
		// A context value that no row vouches for, and nobody can tell what it is.
		return e.opaque(call.Pos(), name)
	}
	hasCtx, others, dynamic, whole := false, 0, false, skip != nil
	out := Value{[]Alt{{Bag: true}}}
	for _, a := range callArgs(common) {
		if a == skip {
			continue
		}
		switch {
		case isContext(a.Type()):
			hasCtx = true
			out = gather(out, e.ev(a, "", call))
		case mayCarry(a.Type()):
			others++
			if m := e.index.Type(a.Type()); m != nil && m.Origin == models.Request {
				whole = true // it reads the request itself
			}
			out = gather(out, masked(e.whole(a, call))) // it may be anything but a copy
		default:
			if _, ok := a.Type().Underlying().(*types.Signature); ok {
				dynamic = true
			}
		}
	}
	if common.IsInvoke() || common.StaticCallee() == nil {
		dynamic = true
		if !common.IsInvoke() {
			out = concat(out, e.ev(common.Value, "", call))
		}
	} else if hasReceiver(common) {
		if r := argument(common, Receiver); r != nil {
			if _, ok := r.Type().Underlying().(*types.Pointer); ok {
				dynamic = true
			}
		}
	}
	plain := true
	if v, ok := call.(ssa.Value); ok && skip == nil {
		plain = plainResult(v.Type())
	}
	request := out.has(func(a *Atom) bool { return a.Kind == Request && !a.Ctx && !a.Selected })
	switch {
	case request && (whole || plain) && !out.has(func(a *Atom) bool { return a.Kind == Scope && !a.Selected }) && !hasCtx:
		// decoded from the request
		a := Atom{Kind: Request, Text: name + string(path), Pos: call.Pos(), Handled: true}
		if last := path.last(); last != "" {
			a.Claim = e.claim(last)
		}
		return concat(one(a), out.selected())
	case !hasCtx && plain && path == "" && skip == nil:
		if dynamic {
			return concat(out, one(Atom{Kind: Opaque, Text: "what " + name + " returns", Pos: call.Pos()})).bag()
		}
		return out.bag()
	case others == 0 || !hasCtx && !dynamic:
		return concat(one(Atom{Kind: Opaque, Text: "what " + name + " returns", Pos: call.Pos()}), out.selected())
	case hasCtx && plain && skip == nil:
		return concat(one(Atom{Kind: Opaque, Text: "what " + name + " returns", Pos: call.Pos()}), out.selected())
	}
	a := Atom{Kind: Record, Text: name, Pos: call.Pos(), Mixed: hasCtx}
	for _, p := range things(out) {
		if p.Kind == Record && !hasCtx {
			a.Pos, a.Mixed = p.Pos, p.Mixed // what scans a row is not what loaded it
		}
	}
	if last := path.last(); last != "" {
		a.Claim = e.claim(last)
		a.Text = name + string(path)
	}
	return concat(one(a), out.selected())
}

// plainResult reports whether a result is data that stands for itself: a
// string, a number, bytes, an array of them, possibly with an error.
func plainResult(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return true
	case *types.Array:
		return plainResult(u.Elem())
	case *types.Slice:
		return plainResult(u.Elem())
	case *types.Tuple:
		if u.Len() == 0 {
			return true
		}
		for i := range u.Len() {
			if t := u.At(i).Type(); !isBoolOrError(t) && !plainResult(t) {
				return false
			}
		}
		return true
	}
	return false
}

func calleeName(c *ssa.CallCommon) string {
	if fn := callee(c); fn != nil {
		return funcName(fn)
	}
	if b, ok := c.Value.(*ssa.Builtin); ok {
		return b.Name()
	}
	return "a function value"
}

// funcName is how messages call a function: its package's name, its
// receiver's, its own.
func funcName(fn *types.Func) string {
	if fn == nil {
		return "a function"
	}
	if recv := fn.Signature().Recv(); recv != nil {
		t := recv.Type()
		if p, ok := t.(*types.Pointer); ok {
			t = p.Elem()
		}
		if n, ok := types.Unalias(t).(*types.Named); ok {
			return n.Obj().Name() + "." + fn.Name()
		}
		return fn.Name()
	}
	if fn.Pkg() != nil {
		return fn.Pkg().Name() + "." + fn.Name()
	}
	return fn.Name()
}

// result returns what the idx-th result of fn, a function of this package, is
// at path, in terms of its parameters; and whether it holds only if the
// function's last result says so.
func (e *engine) result(fn *ssa.Function, idx int, path Path) (Value, bool) {
	if path.depth() > maxSteps {
		return e.opaque(fn.Pos(), "a value nested too deep"), false
	}
	guarded := e.guards(fn)
	val := e.ask(evKey{v: fn, path: path, idx: idx + 1}, func() Value {
		if obj, ok := fn.Object().(*types.Func); ok {
			if m := e.index.Func(obj); m != nil {
				for _, s := range m.Sources {
					if s.Place.Base == models.Result && s.Place.Index == idx && pathOf(s.Place.Path) == path {
						return one(Atom{Kind: Scope, Dims: s.Dims, Text: funcName(obj), Pos: fn.Pos()})
					}
				}
			}
		}
		var out Value
		for _, b := range fn.Blocks {
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if !ok || idx >= len(ret.Results) || e.failing(ret) || e.dead(ret) {
				continue
			}
			out = join(out, e.vouchedRows(e.settle(e.ev(ret.Results[idx], path, ret), ret), ret))
		}
		return out
	})
	return val, guarded
}

// effects returns what fn writes through its parameters.
func (e *engine) effects(fn *ssa.Function) []Effect {
	if ef, ok := e.effectsOf[fn]; ok {
		return ef
	}
	e.effectsOf[fn] = nil
	var out []Effect
	again := map[int]bool{} // those that are written in loops
	for _, p := range fn.Params {
		if !pointsOn(p.Type()) || isContext(p.Type()) {
			continue
		}
		n := paramNumber(p)
		for _, w := range e.writesTo(p) {
			if w.instr.Parent() != fn || w.mode == weakSet || w.mode == emptied && w.val == nil || len(out) >= 24 {
				continue
			}
			if w.setting != nil {
				out = append(out, e.settingEffects(n, w)...)
				continue
			}
			if _, column := w.sub.column(); column == anyColumn {
				for _, column := range append(slices.Clip(e.columnNames()), idStep) {
					if ef := e.columnEffect(n, w, column); (ef.Or || telling(ef.Value)) && len(out) < 24 && !slices.ContainsFunc(out, ef.forgets) {
						out = append(out, ef)
					}
				}
				continue
			}
			if w.sub == "" && w.mode == setTo {
				if _, ok := p.Type().Underlying().(*types.Pointer); !ok {
					continue
				}
			}
			val := e.settle(w.val(""), w.instr)
			if val.bottom() || !telling(val) {
				continue
			}
			if val.size() > maxEffect {
				val = e.opaque(w.instr.Pos(), "what is written here")
			}
			must := w.must && e.always(w.instr)
			if w.mode == appendTo && e.inLoop(w.instr) {
				again[len(out)] = true
				var all bool
				val, all = perElement(val)
				must = must || all
			}
			out = append(out, Effect{Param: n, Path: w.sub, Value: val, Append: w.mode == appendTo, Must: must})
		}
	}
	unordered(out, again)
	e.effectsOf[fn] = out
	return out
}

// columnEffect returns what a write to the query that is a function's n-th parameter
// does to a column of it.
func (e *engine) columnEffect(n int, w write, column Path) Effect {
	at := Path(strings.TrimSuffix(string(w.sub), anyColumn)) + column
	ef := Effect{Param: n, Path: at, Value: e.settle(w.val(column), w.instr), Append: true, Must: w.must && e.always(w.instr), Bare: w.bare}
	ef.Or = w.opens != nil && w.opens()
	if w.mode != emptied {
		return ef
	}
	// Made anew: what it was is a part of it, or one thing that it may be.
	ef.Value = ef.Value.mapAlts(func(alt Alt) Alt {
		was := func(a Atom) bool { return a.Kind == Param && a.Root == n && a.Path == at }
		ef.Or = ef.Or || !slices.ContainsFunc(alt.Parts, was)
		return Alt{Parts: slices.DeleteFunc(slices.Clone(alt.Parts), was), Bag: alt.Bag}
	})
	return ef
}

// forgets reports whether ef lets a query, as other does before it, find whatever there
// is.
func (ef *Effect) forgets(other Effect) bool {
	return ef.Or && other.Or && ef.Param == other.Param && ef.Path == other.Path && equal(ef.Value, unrestricted()) && equal(other.Value, unrestricted())
}

// unordered forgets the order of what a function appends, if more than one piece of it
// is appended on some paths only, or one again and again: callers tell with all that
// comes and goes from without, and not which pieces come together.
func unordered(effects []Effect, again map[int]bool) {
	for i := range effects {
		ef := &effects[i]
		if !ef.Append {
			continue
		}
		optional := 0
		for j, o := range effects {
			if o.Append && !o.Must && o.Param == ef.Param && o.Path == ef.Path {
				optional++
				if again[j] {
					optional++
				}
			}
		}
		if optional > 1 {
			ef.Value = ef.Value.bag()
		}
	}
}

// always reports whether in runs whenever its function returns normally.
func (e *engine) always(in ssa.Instruction) bool {
	for _, b := range in.Parent().Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && !e.failing(ret) && !e.dead(ret) && !e.dominates(in, ret) {
			return false
		}
	}
	return true
}

// telling reports whether v says more than that something is there.
func telling(v Value) bool {
	return v.has(func(a *Atom) bool {
		switch a.Kind {
		case Scope, Param, Request, Unique, Dynamic:
			return !a.Selected || a.Kind == Scope
		case Constant:
			return !a.Mixed
		}
		return false
	})
}

// closureParam resolves a parameter of a function literal through the places
// where the literal is called, or handed to something that calls it.
func (e *engine) closureParam(p *ssa.Parameter, path Path, a Atom) Value {
	fn := p.Parent()
	mc := e.literal(fn)
	unknown := one(Atom{Kind: Opaque, Text: "parameter " + p.Name() + " of a function value", Claim: a.Claim, Pos: p.Pos()})
	if a.Dims != 0 {
		// Sealed: whoever calls has it from its maker.
		unknown = one(Atom{Kind: Scope, Dims: a.Dims, Text: p.Name(), Pos: p.Pos()})
	}
	if mc.Referrers() == nil {
		return unknown
	}
	n := 0
	for i, q := range fn.Params {
		if q == p {
			n = i
		}
	}
	if e.returned(mc) {
		a.Root = literalParam + n
		return one(a)
	}
	var out Value
	refs := *mc.Referrers()
	for i := 0; i < len(refs) && i < 64; i++ {
		ref := refs[i]
		if c, ok := ref.(*ssa.ChangeType); ok && c.Referrers() != nil {
			refs = append(refs[:len(refs):len(refs)], *c.Referrers()...) // as a function of a named type
			continue
		}
		if c, ok := ref.(*ssa.MakeInterface); ok && c.Referrers() != nil {
			refs = append(refs[:len(refs):len(refs)], *c.Referrers()...) // among arguments of any type
			continue
		}
		call, ok := ref.(ssa.CallInstruction)
		held := mc
		if st, stored := ref.(*ssa.Store); stored {
			// One of the functions that a variadic function is handed.
			if c, list := variadicCall(st); c != nil {
				call, held, ok = c, list, true
			}
		}
		if !ok {
			if _, ok := ref.(*ssa.DebugRef); ok {
				continue
			}
			return unknown
		}
		common := call.Common()
		if common.Value == mc {
			if n < len(common.Args) {
				out = join(out, e.ev(common.Args[n], path, call))
			}
			continue
		}
		for i, arg := range callArgs(common) {
			if c, ok := arg.(*ssa.ChangeType); ok {
				arg = c.X
			}
			if arg != held {
				continue
			}
			if hasReceiver(common) {
				i--
			}
			val := e.handed(call, common, i, n, path)
			if val.bottom() {
				return unknown
			}
			out = join(out, val)
		}
	}
	if out.bottom() {
		return unknown
	}
	return out
}

// returned reports whether all that happens to function value mc is that its
// maker returns it.
func (e *engine) returned(mc ssa.Value) bool {
	for _, ref := range *mc.Referrers() {
		switch r := ref.(type) {
		case *ssa.Return, *ssa.DebugRef:
		case *ssa.ChangeType:
			if r.Referrers() == nil || !e.returned(r) {
				return false
			}
		default:
			return false
		}
	}
	return len(*mc.Referrers()) > 0
}

// madeBy returns the one function literal that fn returns as its first result.
func madeBy(fn *ssa.Function) *ssa.Function {
	var lit *ssa.Function
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		v := ret.Results[0]
		if c, ok := v.(*ssa.ChangeType); ok {
			v = c.X
		}
		var f *ssa.Function
		switch v := v.(type) {
		case *ssa.MakeClosure:
			f = v.Fn.(*ssa.Function)
		case *ssa.Function:
			f = v
		}
		if f == nil || f.Parent() != fn || lit != nil && lit != f {
			return nil
		}
		lit = f
	}
	return lit
}

// literal returns the value that stands for function literal fn where it is
// written: the closure made, or the function itself if it binds nothing.
func (e *engine) literal(fn *ssa.Function) ssa.Value {
	if mc := e.closures[fn]; mc != nil {
		return mc
	}
	return fn
}

// handed returns what the callee of call passes as the n-th parameter to the
// function that it was handed as its i-th.
func (e *engine) handed(call ssa.CallInstruction, common *ssa.CallCommon, i, n int, path Path) Value {
	if m := e.rowsFor(callee(common), common); m != nil {
		if val, ok := e.sessionFrom(m, call, models.Arg, i, path); ok {
			return val
		}
	}
	if n == 0 {
		if val, ok := e.handedByRow(call, i, path); ok {
			return val
		}
	}
	if fn := e.body(common); fn != nil {
		if _, step := path.column(); isSession(step) {
			return e.subst(e.handedBy(fn, i, n, path), common, call)
		}
		var out Value
		for _, inv := range e.invocations(fn, i) {
			if n < len(inv.Common().Args) {
				val := e.settle(e.ev(inv.Common().Args[n], path, inv), inv)
				out = join(out, e.subst(val, common, call))
			}
		}
		return out
	}
	if s := e.fact(callee(common)); s != nil {
		var out, near Value
		for _, cb := range s.Calls {
			rest, ok := strings.CutPrefix(string(path), string(cb.Path))
			switch {
			case !ok || cb.Param != i || cb.Arg != n:
			case rest == "":
				out = join(out, e.subst(cb.Value, common, call))
			case cb.tellsOf(Path(rest)):
				near = join(near, e.subst(cb.Value.at(Path(rest)), common, call))
			}
		}
		if out.bottom() {
			return near
		}
		return out
	}
	return Value{}
}

// tellsOf reports whether what is passed is known at a path, too: what of a query
// only if it was handed in.
func (c *Callback) tellsOf(path Path) bool {
	_, column := path.column()
	return column == "" || !isSession(column) && !c.Value.has(func(a *Atom) bool { return a.Kind != Param })
}

// invocations returns the calls in fn (and its literals) of its i-th parameter.
func (e *engine) invocations(fn *ssa.Function, i int) []ssa.CallInstruction {
	if fn.Signature.Recv() != nil {
		i++
	}
	if i < 0 || i >= len(fn.Params) {
		return nil
	}
	p := fn.Params[i]
	var out []ssa.CallInstruction
	seen := map[ssa.Value]bool{}
	work := []ssa.Value{p}
	for len(work) > 0 {
		v := work[0]
		work = work[1:]
		if seen[v] || v.Referrers() == nil {
			continue
		}
		seen[v] = true
		for _, ref := range *v.Referrers() {
			switch r := ref.(type) {
			case ssa.CallInstruction:
				if r.Common().Value == v {
					out = append(out, r)
				}
			case *ssa.MakeClosure:
				for j, b := range r.Bindings {
					if b == v {
						work = append(work, r.Fn.(*ssa.Function).FreeVars[j])
					}
				}
			case *ssa.Store:
				if a, ok := r.Addr.(*ssa.Alloc); ok && r.Val == v {
					work = append(work, a)
				}
			case *ssa.UnOp:
				if r.Op == token.MUL {
					work = append(work, r)
				}
			case *ssa.ChangeType:
				work = append(work, r)
			}
		}
	}
	return out
}
