package scopeflow

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
)

// A statement that hooks of the policy hold to the caller's rows needs nothing of its
// own. Which entities have which hooks, the files that declare them say; what the hooks
// do is proven where they are. What is left to ask of a statement is whether its
// context lifts them: it is made by a function, or holds something under a key, that
// says that they are not to do their work.

// hookedBy returns what hooks hold a statement to, at call, that does op to rows of an
// entity: the scope, with the dimensions of one that is for it.
func (e *engine) hookedBy(call ssa.CallInstruction, entity *types.TypeName, op models.Op, need models.Dims) Value {
	if entity == nil {
		return unrestricted()
	}
	for i := range e.policy.Hooks {
		h := &e.policy.Hooks[i]
		if h.Dims&need == 0 || !h.Holds(e.pass.Pkg.Path()) || !h.On(entity.Name()) {
			continue
		}
		if name := e.hookOf(h, call, entity, op); name != "" && !e.lifted(call) {
			return one(Atom{Kind: Scope, Dims: h.Dims & need, Text: name, Pos: call.Pos()})
		}
	}
	return unrestricted()
}

// hook adds to what a column is restricted to, or set to, what hooks hold the statement
// to, unless it needs none.
func (e *engine) hook(col *ScopeColumn, call ssa.CallInstruction, entity *types.TypeName, op models.Op) {
	if len(e.policy.Hooks) == 0 || !slices.ContainsFunc(col.Value.Alts, func(alt Alt) bool {
		class, _ := columnStatus(&alt, col.Need, op)
		return class != Proven
	}) {
		return
	}
	if by := e.hookedBy(call, entity, op, col.Need); by.has(func(*Atom) bool { return true }) {
		col.Value, col.hooked = concat(col.Value, by), true
	}
}

// hookOf returns the name of the function of a hook that is run in front of a statement,
// at call, which does op to rows of an entity, "" if none is.
func (e *engine) hookOf(h *policy.Hook, call ssa.CallInstruction, entity *types.TypeName, op models.Op) string {
	if !h.For(op) || entity.Pkg() == nil {
		return ""
	}
	if len(h.Clients) > 0 {
		if slices.ContainsFunc(h.Clients, func(n models.Name) bool { return n.Package == entity.Pkg().Path() }) {
			return h.Funcs[0].Name
		}
		return ""
	}
	for _, fn := range h.Funcs {
		row := e.index.HooksBy(fn.Name)
		if row == nil || !slices.Contains(row.Ops, op) {
			continue
		}
		if row.Own && e.ownHook(fn, row, call, entity) || !row.Own && e.mixedIn(h, fn, entity) {
			return fn.Type + "." + fn.Name
		}
	}
	return ""
}

// ownHook reports whether fn is a method of the entity's struct that is run in front of the
// statement at call.
func (e *engine) ownHook(fn models.Name, row *models.Hook, call ssa.CallInstruction, entity *types.TypeName) bool {
	sink := callee(call.Common())
	if sink == nil || len(row.Before) > 0 && !slices.Contains(row.Before, sink.Name()) {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(entity.Type()), true, entity.Pkg(), fn.Name)
	method, ok := obj.(*types.Func)
	if !ok || !fn.MatchFunc(method) {
		return false
	}
	query := argument(call.Common(), Receiver)
	for p := range method.Signature().Params().Variables() {
		if query != nil && types.Identical(p.Type(), query.Type()) {
			return true // of the library that runs the statement
		}
	}
	return false
}

// mixedIn reports whether fn hands out hooks of an entity, by the files that declare it.
func (e *engine) mixedIn(h *policy.Hook, fn models.Name, entity *types.TypeName) bool {
	declared := e.policy.Entities()
	if declared == nil || !h.Generates(entity.Pkg().Path(), declared.Package(entity.Name())) {
		return false
	}
	return slices.ContainsFunc(e.index.Mixers(), func(mixer string) bool {
		return slices.ContainsFunc(declared.Methods(entity.Name(), mixer, fn.Name), fn.Covers)
	})
}

// lifted reports whether the context of a statement may lift hooks.
func (e *engine) lifted(call ssa.CallInstruction) bool {
	for _, arg := range call.Common().Args {
		if isContext(arg.Type()) && e.liftedContext(arg) {
			return true
		}
	}
	return false
}

func (e *engine) liftedContext(ctx ssa.Value) bool {
	return slices.ContainsFunc(e.lineages(ctx), func(l lineage) bool { return l.lifted })
}

// lifts reports whether the context that a call returns lifts hooks, whatever those do
// that it was made of.
func (e *engine) lifts(c *ssa.Call) bool {
	if len(e.policy.Hooks) == 0 {
		return false
	}
	fn := callee(c.Common())
	if h := e.index.HookFunc(fn); h != nil && h.Lifts || e.namedLifted(fn) {
		return true
	}
	m := e.index.Func(fn)
	if m == nil {
		return false
	}
	return slices.ContainsFunc(m.Flows, func(fl models.Flow) bool {
		return fl.How == models.ContextSet && len(fl.From) > 0 && e.liftingKey(argument(c.Common(), placeNumber(fl.From[0])))
	})
}

// namedLifted reports whether the policy says that a function makes contexts which lift
// hooks, or asks for them.
func (e *engine) namedLifted(fn *types.Func) bool {
	return fn != nil && slices.ContainsFunc(e.policy.Hooks, func(h policy.Hook) bool {
		return slices.ContainsFunc(h.Lifted, func(n models.Name) bool { return n.MatchFunc(fn) })
	})
}

// liftingKey reports whether v is a key under which contexts lift hooks.
func (e *engine) liftingKey(v ssa.Value) bool {
	name := keyName(v)
	return name != "" && slices.ContainsFunc(e.policy.Hooks, func(h policy.Hook) bool {
		return slices.ContainsFunc(h.Lifted, func(n models.Name) bool {
			return n.Type == "" && strings.TrimPrefix(name, "&") == n.Package+"."+n.Name || constantNamed(v, n)
		})
	})
}

// constantNamed reports whether v is a value of the constant, or of the type, that n
// names.
func constantNamed(v ssa.Value, n models.Name) bool {
	if mi, ok := v.(*ssa.MakeInterface); ok {
		v = mi.X
	}
	named, ok := types.Unalias(v.Type()).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != n.Package || n.Type != "" {
		return false
	}
	if named.Obj().Name() == n.Name {
		return true
	}
	c, ok := named.Obj().Pkg().Scope().Lookup(n.Name).(*types.Const)
	k, isConst := v.(*ssa.Const)
	return ok && isConst && k.Value != nil && types.Identical(c.Type(), named) && c.Val().ExactString() == k.Value.ExactString()
}

// liftingValue reports whether v is what a context holds under a key by which it lifts
// hooks.
func (e *engine) liftingValue(v ssa.Value) bool {
	c, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	m := e.index.Func(callee(c.Common()))
	return m != nil && slices.ContainsFunc(m.Flows, func(fl models.Flow) bool {
		return fl.How == models.ContextKey && len(fl.From) > 0 && e.liftingKey(argument(c.Common(), placeNumber(fl.From[0])))
	})
}

// A HookUse is a statement that only hooks hold to the caller's rows, run with a
// context that the function was handed: whoever hands it one that lifts hooks runs the
// statement without them.
type HookUse struct {
	Param  int
	Op     models.Op
	What   string
	Entity string
	Column string
	Need   models.Dims
	Steps  []Step
}

// maxHookUses bounds how many statements a function is known to run by hooks.
const maxHookUses = 12

// noteHookUse records which columns of access a nothing but hooks restrict.
func (e *engine) noteHookUse(a *Access) {
	call, ok := a.Instr.(ssa.CallInstruction)
	for _, col := range a.Columns {
		if ok && col.hooked {
			e.useHooks(a.Owner, call, HookUse{Op: a.Op, What: a.What, Entity: a.Entity, Column: col.Name, Need: col.Need,
				Steps: []Step{{Pos: e.position(a.Pos), Msg: a.What + " relies on hooks here"}}})
		}
	}
}

// useHooks records for fn, which hands a context on to call, what that relies on.
func (e *engine) useHooks(fn *ssa.Function, call ssa.CallInstruction, r HookUse) {
	for _, arg := range call.Common().Args {
		if !isContext(arg.Type()) {
			continue
		}
		for _, l := range e.lineages(arg) {
			if l.param == nil || l.param.Parent() != fn || len(e.hookUses[fn]) >= maxHookUses {
				continue
			}
			r.Param = paramNumber(l.param)
			if e.hookUses == nil {
				e.hookUses = map[*ssa.Function][]HookUse{}
			}
			if !slices.ContainsFunc(e.hookUses[fn], func(o HookUse) bool { return o.same(&r) }) {
				e.hookUses[fn] = append(e.hookUses[fn], r)
			}
		}
	}
}

func (r *HookUse) same(o *HookUse) bool {
	return r.Param == o.Param && r.Op == o.Op && r.What == o.What && r.Column == o.Column
}

// calleeHookUses returns what the function that a call names runs by hooks.
func (e *engine) calleeHookUses(c *ssa.CallCommon) []HookUse {
	if bodies := e.bodies(c); len(bodies) > 0 {
		var out []HookUse
		for _, b := range bodies {
			out = append(out, e.hookUses[b]...)
		}
		return out
	}
	if s := e.fact(callee(c)); s != nil {
		return s.HookUses
	}
	return nil
}

// passHookUses tells of the functions of this package what those rely on that they
// call: to the last one, whichever calls which.
func (e *engine) passHookUses() {
	for changed := true; changed; {
		changed = false
		for _, fn := range e.funcs {
			before := len(e.hookUses[fn])
			e.instrs(fn, func(in ssa.Instruction) {
				call, ok := in.(ssa.CallInstruction)
				if !ok {
					return
				}
				for _, r := range e.calleeHookUses(call.Common()) {
					r.Steps = append([]Step{{Pos: e.position(call.Pos()), Msg: "the context is passed on to " + calleeName(call.Common()) + " here"}}, r.Steps...)
					r.Steps = r.Steps[:min(len(r.Steps), maxNeedSteps)]
					e.useHooks(fn, call, r)
				}
			})
			changed = changed || len(e.hookUses[fn]) > before
		}
	}
}

// liftedAccesses returns the statements that calls of fn run without the hooks on which
// they rely.
func (e *engine) liftedAccesses(fn *ssa.Function) []*Access {
	var out []*Access
	e.instrs(fn, func(in ssa.Instruction) {
		call, ok := in.(ssa.CallInstruction)
		if !ok {
			return
		}
		for _, r := range e.calleeHookUses(call.Common()) {
			ctx := argument(call.Common(), r.Param)
			if ctx == nil || !e.liftedContext(ctx) {
				continue
			}
			out = append(out, &Access{Kind: models.Query, Op: r.Op, What: r.What, Entity: r.Entity, Need: []models.Dims{r.Need},
				Columns: []ScopeColumn{{Name: r.Column, Need: r.Need, Value: unrestricted()}},
				Owner:   fn, Instr: call, Pos: call.Pos(), Steps: r.Steps})
		}
	})
	return out
}

// hooks returns the accesses that stand for the hooks of this package which the policy
// names, and for those that may keep such hooks from being asked.
func (e *engine) hooks() []*Access {
	var out []*Access
	for i := range e.policy.Hooks {
		h := &e.policy.Hooks[i]
		for _, fn := range e.funcs {
			obj, ok := fn.Object().(*types.Func)
			if !ok {
				continue
			}
			if len(h.Clients) > 0 {
				out = append(out, e.clientAccesses(h, fn, obj)...)
				continue
			}
			if slices.ContainsFunc(h.Funcs, func(n models.Name) bool { return n.MatchFunc(obj) }) {
				out = append(out, e.hookAccesses(h, fn, obj)...)
			} else if behind := e.inFrontOf(h, obj); len(behind) > 0 {
				out = append(out, e.frontAccesses(h, fn, obj, behind)...)
			}
		}
	}
	return out
}

// hookAccesses returns the accesses for one function, which returns hooks: one for the
// operations for which it does the same.
func (e *engine) hookAccesses(h *policy.Hook, fn *ssa.Function, obj *types.Func) []*Access {
	row := e.index.HooksBy(obj.Name())
	switch {
	case row == nil:
		e.mistake = fmt.Errorf("%s:%d: %s is no method by which the entities of a library have hooks; of a function that adds hooks to a client say which: client = \"./ent.Client\"", h.At.File, h.At.Line, obj.Name())
		return nil
	case row.Own:
		return e.hookAccess(h, row, fn, obj, func(ask hookAsk) Value { return e.passesItself(fn, ask).all() })
	case e.policy.Entities() == nil:
		e.mistake = fmt.Errorf("%s:%d: [[accept.hook]] needs the files that declare the entities which have the hooks; write entities = \"ent/schema/*.go\" under [schema]", h.At.File, h.At.Line)
		return nil
	}
	return e.hookAccess(h, row, fn, obj, func(ask hookAsk) Value { return e.passes(fn, ask).all() })
}

func (e *engine) hookAccess(h *policy.Hook, row *models.Hook, fn *ssa.Function, obj *types.Func, held func(hookAsk) Value) []*Access {
	var out []*Access
	for _, op := range row.Ops {
		if !h.For(op) {
			continue
		}
		a := &Access{Kind: models.Query, Op: models.Write, What: funcName(obj), Owner: fn, Pos: fn.Pos(), Instr: fn.Blocks[0].Instrs[0], Hook: []models.Op{op}}
		for _, dim := range h.Dims.Each() {
			val := held(hookAsk{op, dim, row.InTurn, h.Entities()}).mapAtoms(func(at Atom) Atom {
				if at.Kind == Param {
					at = Atom{Kind: Opaque, Text: at.Text, Pos: at.Pos}
				}
				return at
			})
			if val.bottom() {
				continue // lets none go
			}
			a.Need = append(a.Need, dim)
			a.Columns = append(a.Columns, ScopeColumn{Name: dim.String(), Need: dim, Value: val})
		}
		if len(a.Need) == 0 {
			continue
		}
		a.Key = keyOfColumns(a.Columns)
		if i := slices.IndexFunc(out, func(b *Access) bool {
			return sameColumns(a, b)
		}); i >= 0 {
			out[i].Hook = append(out[i].Hook, op)
			continue
		}
		out = append(out, a)
	}
	return out
}

// ofClients returns what is known of the hooks of clients: they may be for anything.
func ofClients() *models.Hook {
	return &models.Hook{Ops: []models.Op{models.Read, models.Write, models.Delete, models.Insert}}
}

// clientAccesses returns the accesses for a function with hooks of a client: for one
// that the policy names those that it adds, for others each client that they make
// without.
func (e *engine) clientAccesses(h *policy.Hook, fn *ssa.Function, obj *types.Func) []*Access {
	if slices.ContainsFunc(h.Funcs, func(n models.Name) bool { return n.MatchFunc(obj) }) {
		return e.hookAccess(h, ofClients(), fn, obj, func(ask hookAsk) Value { return e.addedTo(h, fn, ask).all() })
	}
	if !h.Holds(e.pass.Pkg.Path()) {
		return nil
	}
	var out []*Access
	e.instrs(fn, func(in ssa.Instruction) {
		call, ok := in.(ssa.CallInstruction)
		if !ok || !e.makesClient(h, callee(call.Common())) {
			return
		}
		none := func(hookAsk) Value { return unrestricted() }
		for _, a := range e.hookAccess(h, ofClients(), fn, callee(call.Common()), none) {
			a.Pos, a.Instr = call.Pos(), call
			out = append(out, a)
		}
	})
	return out
}

// makesClient reports whether a function of a client's own package, which other code
// calls, makes one.
func (e *engine) makesClient(h *policy.Hook, fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil || fn.Pkg() == e.pass.Pkg || fn.Signature().Recv() != nil || fn.Signature().Results().Len() == 0 {
		return false
	}
	n := namedOf(fn.Signature().Results().At(0).Type())
	return n != nil && slices.ContainsFunc(h.Clients, func(c models.Name) bool {
		return c.Package == fn.Pkg().Path() && n.Obj().Pkg() == fn.Pkg() && c.Name == n.Obj().Name()
	})
}

// sameColumns reports whether two accesses are held to the same.
func sameColumns(a, b *Access) bool {
	return slices.EqualFunc(a.Columns, b.Columns, func(x, y ScopeColumn) bool { return x.Need == y.Need && equal(x.Value, y.Value) })
}

// inFrontOf returns the entities of which obj hands out hooks that are asked before
// those of h.
func (e *engine) inFrontOf(h *policy.Hook, obj *types.Func) []string {
	declared, recv := e.policy.Entities(), models.Receiver(obj)
	row := e.index.HooksBy(obj.Name())
	if declared == nil || recv == nil || row == nil || !row.InTurn {
		return nil
	}
	var out []string
	own := models.Name{Package: obj.Pkg().Path(), Type: recv.Name(), Name: obj.Name()}
	for _, entity := range declared.Names() {
		for _, mixer := range e.index.Mixers() {
			all := declared.Methods(entity, mixer, obj.Name())
			at := slices.Index(all, own)
			theirs := slices.IndexFunc(all, func(n models.Name) bool {
				return slices.ContainsFunc(h.Funcs, func(f models.Name) bool { return f.Covers(n) })
			})
			if at >= 0 && at < theirs && h.On(entity) {
				out = append(out, entity)
			}
		}
	}
	return out
}

// frontAccesses returns the accesses for a function of which the hooks are asked before
// others: statements must not go past these.
func (e *engine) frontAccesses(h *policy.Hook, fn *ssa.Function, obj *types.Func, behind []string) []*Access {
	row := e.index.HooksBy(obj.Name())
	out := e.hookAccess(h, row, fn, obj, func(ask hookAsk) Value {
		past := e.passes(fn, ask).past
		if past.bottom() {
			return past
		}
		return join(one(Atom{Kind: Scope, Dims: ask.dim}), past) // what is held by those behind, or not
	})
	for _, a := range out {
		a.Entity = strings.Join(behind, ", ")
	}
	return out
}

// summarizeHooks tells what the hooks hold statements to that fn returns, and what it
// relies on itself.
func (e *engine) summarizeHooks(fn *ssa.Function, s *Summary) {
	s.HookUses = e.hookUses[fn]
	row := e.hooksIn(fn.Signature.Results())
	var dims models.Dims
	for _, h := range e.policy.Hooks {
		dims |= h.Dims
	}
	if row == nil {
		return
	}
	for _, op := range row.Ops {
		for _, dim := range dims.Each() {
			p := e.passes(fn, hookAsk{op: op, dim: dim, inTurn: row.InTurn}).mapValues(e.portable)
			if p.next.size()+p.past.size() <= maxEffect {
				s.Hooks = append(s.Hooks, HookFlow{op, dim, p.next, p.past})
			}
		}
	}
}

// hooksIn returns what is known of the hooks in the first result, one or a list of them;
// nil if it is none.
func (e *engine) hooksIn(results *types.Tuple) *models.Hook {
	if results.Len() == 0 {
		return nil
	}
	t := results.At(0).Type()
	if h := e.index.HookType(t); h != nil {
		return h
	}
	if list, ok := t.Underlying().(*types.Slice); ok {
		return e.index.HookType(list.Elem())
	}
	return nil
}
