package scopeflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// A Leaf is an access as it looks where its key is decided: in the function
// of the sink, or in one of its callers.
type Leaf struct {
	*Access
	Status []Status
	// Open: the key is a matter of callers that are not in sight.
	Open bool
	// Via: the calls of this package that lead from the leaf to the sink,
	// outermost first; empty if the leaf is the sink.
	Via []*Access
}

const maxLeaves = 48

// Leaves follows an access up to where its key is decided. The functions on
// the way that others may call owe what is pending; see obligations.
func (e *engine) Leaves(a *Access) []Leaf {
	var out []Leaf
	var walk func(a *Access, via []*Access, seen []*ssa.Function)
	walk = func(a *Access, via []*Access, seen []*ssa.Function) {
		if len(out) >= maxLeaves {
			return
		}
		if e.vetted(a) {
			out = append(out, Leaf{Access: a, Via: slices.Clone(via)})
			return
		}
		sts := e.Statuses(a)
		pending, trusted := false, false
		for _, st := range sts {
			pending = pending || st.Class == Pending
			trusted = trusted || st.Class == Proven && st.Trusted
		}
		leaf := Leaf{Access: a, Status: sts, Via: slices.Clone(via)}
		if !pending && !trusted {
			out = append(out, leaf)
			return
		}
		sites := e.sitesOf(a)
		open := a.anyCaller() && e.open(a.Owner)
		if trusted && !pending {
			out = append(out, leaf)
		}
		if open {
			e.owe(a, trusted && !pending)
		}
		followed := false
		if len(seen) < 6 && !slices.Contains(seen, a.Owner) {
			for _, s := range sites {
				d := e.derive(a, s.site)
				if d == nil {
					continue
				}
				d.kinds = s.kinds
				before := len(out)
				walk(d, append(slices.Clip(via), d), append(slices.Clip(seen), a.Owner))
				if trusted && !pending {
					// Good by type: only callers that show otherwise count.
					kept := out[:before]
					for _, l := range out[before:] {
						if l.Bad() {
							kept = append(kept, l)
						}
					}
					out = kept
				}
				followed = followed || len(out) > before
			}
		}
		if pending && (open || !followed) {
			leaf.Open = true
			out = append(out, leaf)
		}
	}
	walk(a, nil, nil)
	return out
}

// Through returns the declared functions of this package that lead from the
// leaf to the sink, that of the sink first.
func (l *Leaf) Through() []*types.Func {
	var out []*types.Func
	for _, a := range append([]*Access{l.root()}, l.Via...) {
		if fn := a.Func(); fn != nil && !slices.Contains(out, fn) {
			out = append(out, fn)
		}
	}
	return out
}

// Lacks returns the requirements that are not met at the leaf.
func (l *Leaf) Lacks() models.Dims {
	var out models.Dims
	for _, st := range l.Status {
		if st.Class >= Foreign {
			out |= st.Need
		}
	}
	return out
}

// Bad reports whether some requirement is not met at the leaf.
func (l *Leaf) Bad() bool { return l.Lacks() != 0 }

// Good reports whether every requirement is met at the leaf.
func (l *Leaf) Good() bool {
	if len(l.Status) == 0 {
		return false // not judged
	}
	for _, st := range l.Status {
		if st.Class != Proven {
			return false
		}
	}
	return true
}

// Deferred reports whether all that is not proven at the leaf is judged elsewhere:
// left to callers in other packages, or a matter of the statement that read the row
// it is of.
func (l *Leaf) Deferred() bool {
	pending, read := false, false
	for _, st := range l.Status {
		switch {
		case st.Class == Pending:
			pending = true
		case st.Class == Unknown && st.Read:
			read = true
		case st.Class != Proven:
			return false
		}
	}
	return pending && l.Open || read && !pending
}

// Dead reports whether a leaf is in a function that nothing can call: it is not
// exported, and nothing in its package does.
func (r *Result) Dead(l *Leaf) bool { return !r.e.open(l.Owner) && len(r.e.callers[l.Owner]) == 0 }

// open reports whether fn may be called from where we cannot see: it is
// exported, a method (through an interface), or used as a value.
func (e *engine) open(fn *ssa.Function) bool {
	if fn.Name() == "main" && fn.Pkg.Pkg.Name() == "main" {
		return false
	}
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return true
	}
	return obj.Exported() || e.valueUse[fn]
}

// vetted reports whether a reads or deletes what an earlier call was asked
// about: one that took the caller's context and a part of the key, and whose
// error was found to be nil. It may have been the guard for that very
// identifier, so that the key is neither proven nor a finding.
func (e *engine) vetted(a *Access) bool {
	call, ok := a.Instr.(ssa.CallInstruction)
	if !ok || a.Op == models.Write || a.Op == "" || a.Kind == models.Lock {
		return false
	}
	parts := map[ssa.Value]bool{}
	var walk func(v ssa.Value, depth int)
	walk = func(v ssa.Value, depth int) {
		if v == nil || parts[v] || depth > 6 || isContext(v.Type()) {
			return
		}
		if _, ok := v.(*ssa.Const); ok {
			return
		}
		if isString(v.Type()) || e.fixed(v.Type()) {
			parts[v] = true
		}
		switch x := v.(type) {
		case *ssa.BinOp, *ssa.MakeInterface, *ssa.Convert, *ssa.ChangeType:
			for _, op := range x.(ssa.Instruction).Operands(nil) {
				walk(*op, depth+1)
			}
		case *ssa.Call:
			for _, arg := range x.Call.Args {
				walk(arg, depth+1)
			}
		case *ssa.Slice:
			if lists, ok := e.elements(x); ok && len(lists) == 1 {
				for _, elem := range lists[0] {
					walk(elem, depth+1)
				}
			}
		}
	}
	args := callArgs(call.Common())
	if hasReceiver(call.Common()) {
		args = args[1:]
	}
	for _, arg := range args {
		walk(arg, 0)
	}
	// In the function of the access, and in those around its literal before that was made.
	for at := range e.outward(call) {
		if e.vettedBefore(a, at, parts) {
			return true
		}
	}
	return false
}

func (e *engine) vettedBefore(a *Access, at ssa.Instruction, parts map[ssa.Value]bool) bool {
	for _, b := range at.Parent().Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || in == a.Instr || !e.dominates(c, at) || !e.asks(c, parts, a) {
				continue
			}
			if isError(c.Type()) && e.verdict(c, at, map[ssa.Value]bool{}) || c.Common().Signature().Results().Len() > 1 && lastResult(c) != nil && e.verdict(lastResult(c), at, map[ssa.Value]bool{}) {
				return true
			}
		}
	}
	return false
}

// asks reports whether c hands a context and one of parts, or what a's key is
// made of, to something that is no sink and owes none.
func (e *engine) asks(c *ssa.Call, parts map[ssa.Value]bool, a *Access) bool {
	common := c.Common()
	res := common.Signature().Results()
	if res.Len() == 0 || !isError(res.At(res.Len()-1).Type()) {
		return false
	}
	ctx, part := false, false
	for _, arg := range common.Args {
		ctx = ctx || isContext(arg.Type())
		part = part || parts[arg]
	}
	if !ctx {
		return false
	}
	if !part {
		for _, arg := range common.Args {
			if isList(arg.Type()) && madeOf(a.Key, e.whole(arg, c)) {
				part = true // a batch of them
			}
		}
		if !part {
			return false
		}
	}
	fn := callee(common)
	if m := e.index.Func(fn); m != nil && len(m.Sinks)+len(m.Sources) > 0 {
		return false
	}
	if len(a.Columns) > 0 && e.inSight(fn, common) {
		return false // what it says of an identifier is known
	}
	if s := e.fact(fn); s != nil && owing(s.Obligations) {
		return false
	}
	for _, b := range e.bodies(common) {
		if owing(e.owed[b]) || e.hasSinks(b) {
			return false
		}
	}
	return true
}

// inSight reports whether a function that is called is one of this module's.
func (e *engine) inSight(fn *types.Func, common *ssa.CallCommon) bool {
	if common.IsInvoke() || fn == nil || fn.Pkg() == nil {
		return len(e.bodies(common)) > 0
	}
	return fn.Pkg() == e.pass.Pkg || inModule(fn.Pkg().Path(), e.policy.Module)
}

// madeOf reports whether a part of key that came with the request, or from the
// caller, is also in v.
func madeOf(key, v Value) bool {
	one := func(p Path) string { return strings.ReplaceAll(string(p), allElems, models.Elem) }
	return key.has(func(p *Atom) bool {
		return (p.Kind == Request || p.Kind == Param) && !p.Selected && !p.Ctx && v.has(func(q *Atom) bool {
			return q.Kind == p.Kind && !q.Ctx && q.Text == p.Text && q.Root == p.Root && one(q.Path) == one(p.Path)
		})
	})
}

// hasSinks reports whether fn calls a sink itself.
func (e *engine) hasSinks(fn *ssa.Function) bool {
	found := false
	e.instrs(fn, func(in ssa.Instruction) {
		if c, ok := in.(ssa.CallInstruction); ok && !found {
			if m := e.index.Func(callee(c.Common())); m != nil && len(m.Sinks) > 0 {
				found = true
			}
		}
	})
	return found
}

// derive returns a as the caller at s sees it, nil if the call does not get there.
func (e *engine) derive(a *Access, s site) *Access {
	common := s.call.Common()
	if e.missesNil(common, a.Key, a.ID, a.User) || slices.ContainsFunc(a.Columns, func(c ScopeColumn) bool { return e.missesNil(common, c.Value) }) {
		return nil
	}
	key := e.settle(e.subst(a.Key, common, s.call), s.call)
	d := &Access{Kind: a.Kind, Op: a.Op, What: a.What, Need: a.Need, Key: key, Row: a.Row, Unbound: a.Unbound, Absent: a.Absent,
		Owner: s.owner, Instr: s.call, Pos: s.call.Pos(), Global: a.Global, Field: a.Field, Struct: a.Struct, Path: a.Path,
		Loaded: a.Loaded, Root: a.root(), State: a.State, Shared: a.Shared, Entity: a.Entity}
	if !a.ID.bottom() {
		d.ID = e.asked(a.ID, s.call)
		d.handed = handed(a.ID, common)
		d.Kept, d.Compared, d.Child, d.Ref, d.Optional, d.Lock = a.Compared && e.keeps(a), a.Compared, a.Child, a.Ref, a.Optional, a.Lock
		d.Members, d.Strict = a.Members, a.Strict
		d.Exact = a.Exact
	}
	if !a.User.bottom() {
		d.User = e.settle(e.subst(a.User, common, s.call), s.call)
	}
	for _, col := range a.Columns {
		if st, ok := a.judged[col.Need]; ok && st.By != nil {
			if by := one(*st.By); st.Within {
				d.ID, d.handed = e.settle(e.subst(by, common, s.call), s.call), handed(by, common)
			} else {
				col.Value, d.ID = by, Value{}
			}
		}
		if bySession(col.Value) {
			d.asked = e.operands(s.call)
		}
		col.Value = e.asked(col.Value, s.call)
		d.Columns = append(d.Columns, col)
	}
	name := a.Owner.Name()
	if obj, ok := a.Owner.Object().(*types.Func); ok {
		name = funcName(obj)
	}
	if p, ok := e.containerParam(a); ok && (a.Row == nil || a.Row.Process) {
		// The callee's container is what this call hands it.
		if arg := argument(common, paramNumber(p)); arg != nil {
			d.Container = arg
			e.contain(d, arg)
			if sel := e.containerSelection(arg, s.call); !sel.bottom() {
				d.Key = e.settle(concat(sel, d.Key), s.call)
			}
		}
	}
	d.Steps = append([]Step{{Pos: e.position(a.Pos), Msg: name + " uses it in the key of " + a.What}}, a.Steps...)
	return d
}

// missesNil reports whether one of vals, of the function that is called, is made of what
// is behind a pointer for which the call hands over nil, whichever way it is made: so
// that what needs the value is not done for this call.
func (e *engine) missesNil(common *ssa.CallCommon, vals ...Value) bool {
	behind := func(a Atom) bool {
		if a.Kind != Param || a.Loose {
			return false
		}
		k, ok := argument(common, a.Root).(*ssa.Const)
		return ok && k.Value == nil && throughPointer(k.Type(), a.Path)
	}
	return slices.ContainsFunc(vals, func(v Value) bool {
		return !v.bottom() && !slices.ContainsFunc(v.Alts, func(alt Alt) bool { return alt.Bag || !slices.ContainsFunc(alt.Parts, behind) })
	})
}

// throughPointer reports whether what is in a value of type t at path is behind a
// pointer: whoever goes there panics if that is nil.
func throughPointer(t types.Type, path Path) bool {
	if !strings.HasPrefix(string(path), ".") {
		return false
	}
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// containerParam returns the parameter of a's owner that its container hangs on.
func (e *engine) containerParam(a *Access) (*ssa.Parameter, bool) {
	if a.Container == nil || a.Global != nil {
		return nil, false
	}
	base, _ := e.root(a.Container)
	p, ok := base.(*ssa.Parameter)
	return p, ok && p.Parent() == a.Owner
}

// owe records that fn's callers in other packages owe the access its key.
func (e *engine) owe(a *Access, trusted bool) {
	o := Obligation{Kind: a.Kind, Op: a.Op, What: a.What, Key: a.Key, Need: a.Need, Trusted: trusted, State: a.State, Shared: a.Shared, Absent: a.Absent}
	if a.IsState() && o.State.Name == "" {
		if a.Op != models.Write || trusted {
			return
		}
		switch {
		case a.Global != nil && a.Global.Object() != nil && !e.initOnly(a.Owner):
			o.Shared = e.sharedAt(a.Global.Object())
			o.State = models.Name{Package: a.Global.Pkg.Pkg.Path(), Name: a.Global.Name()}
		case a.Global == nil && a.Field != nil && e.stateful(a.Struct) && e.lives(a.Struct):
			if o.Shared = e.sharedAt(a.Field); !o.Shared.Said() {
				o.Shared = e.sharedAt(a.Struct.Obj())
			}
			o.State = models.Name{Package: a.Struct.Obj().Pkg().Path(), Type: a.Struct.Obj().Name(), Name: a.Field.Name()}
		default:
			return
		}
	}
	if len(a.Steps) == 0 || a.Root == nil {
		o.Steps = append(o.Steps, Step{Pos: e.position(a.Pos), Msg: "it reaches " + a.What + " here"})
	}
	o.Steps = append(o.Steps, a.Steps...)
	if len(o.Steps) > 6 {
		o.Steps = o.Steps[:6]
	}
	if len(a.Columns) > 0 {
		for _, col := range a.Columns {
			if st := e.status(a, col.Need); st.Class == Pending {
				owed := o
				owed.Key, owed.Need, owed.Entity, owed.Column = col.Value, []models.Dims{col.Need}, a.Entity, col.Name
				owed.User, owed.Lock, owed.Exact = a.User, a.Lock, a.Exact
				switch {
				case st.Within:
					owed.ID, owed.Kept = one(*st.By), true
				case st.By != nil:
					owed.Key = one(*st.By)
				case !st.ByID:
					owed.Named = identifierName(a.ID)
				default:
					owed.ID, owed.Kept, owed.Child, owed.Ref, owed.Members, owed.Optional = a.ID, e.keeps(a), a.Child, a.Ref, a.Members, a.Optional
				}
				e.oweOne(a.Owner, owed)
			}
		}
		return
	}
	e.oweOne(a.Owner, o)
}

// maxOwed bounds how many obligations a function passes on.
const maxOwed = 12

func (e *engine) oweOne(fn *ssa.Function, o Obligation) {
	list := e.owed[fn]
	if slices.ContainsFunc(list, func(have Obligation) bool { return have.same(&o) }) {
		return
	}
	if len(list) >= maxOwed && !o.Shared.Said() {
		// What tenants share makes room for what is owed.
		if i := slices.IndexFunc(list, func(have Obligation) bool { return have.Shared.Said() }); i >= 0 {
			list = slices.Delete(list, i, i+1)
		}
	}
	if len(list) < maxOwed {
		e.owed[fn] = append(list, o)
	}
}
