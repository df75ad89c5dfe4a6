package scopeflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// Consumers work for whoever has sent a message. Their own context was there
// before the message, and holds nobody's scope: that is in the envelope.

// UnopenedMessages returns the calls by which consumers hand their own context to
// something that takes the scope out of it, and the registrations of handlers of
// tasks that do, in source order.
func (r *Result) UnopenedMessages() []LostContext {
	e := r.e
	var out []LostContext
	for _, fn := range e.funcs {
		e.instrs(fn, func(in ssa.Instruction) {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				return
			}
			l, ok := e.unopened(fn, call)
			if !ok {
				l, ok = e.unscopedTask(fn, call)
			}
			if ok {
				l.Func, l.Pos = declared(fn), call.Pos()
				out = append(out, l)
			}
		})
	}
	return out
}

// unopened reports whether a call hands the context of a consumer to what takes
// the scope out of it.
func (e *engine) unopened(fn *ssa.Function, call ssa.CallInstruction) (LostContext, bool) {
	for _, w := range e.wants(call) {
		for _, l := range e.lineages(w.ctx) {
			missing := w.dims &^ l.dims
			from := e.consumerOf(fn, call, l)
			if missing == 0 || from == nil {
				continue
			}
			return LostContext{Bare: from.Pos(), Name: calleeName(call.Common()), From: calleeName(from.Common()), Dims: missing, Steps: w.steps}, true
		}
	}
	return LostContext{}, false
}

// consumerOf returns what says that a context which a call in fn is handed is a
// consumer's own: what it comes from, or what yields the message that the call is
// about. It is nil if the context may be another.
func (e *engine) consumerOf(fn *ssa.Function, call ssa.CallInstruction, l lineage) ssa.CallInstruction {
	if e.forRequest(fn) || l.param == nil && l.bare == nil {
		return nil
	}
	if made, ok := l.bare.(*ssa.Call); ok && e.ownContext(made) {
		return made
	}
	if l.bare != nil && e.serves(fn) || l.param != nil && e.startedInScope(l.param) {
		return nil // told as dropped, or for one tenant
	}
	for at := range e.outward(call) {
		if from := e.receiving(at); from != nil {
			return from
		}
	}
	return nil
}

// startedInScope reports whether a caller in sight hands over a context in which
// scope was stored: a consumer of one tenant.
func (e *engine) startedInScope(p *ssa.Parameter) bool {
	return slices.ContainsFunc(e.callers[p.Parent()], func(s site) bool {
		arg := argument(s.call.Common(), paramNumber(p))
		return arg != nil && slices.ContainsFunc(e.lineages(arg), func(l lineage) bool { return l.dims != 0 })
	})
}

// ownContext reports whether the rows say that what made a context made one of its
// own: that of whoever waits for messages, or of a framework.
func (e *engine) ownContext(made ssa.Value) bool {
	switch made := made.(type) {
	case *ssa.Call:
		m := e.index.Func(callee(made.Common()))
		return m != nil && m.OwnContext
	case *ssa.MakeInterface:
		return true
	}
	return false
}

// forRequest reports whether fn takes a request, besides any context: it may wait
// for messages on behalf of whoever sent that.
func (e *engine) forRequest(fn *ssa.Function) bool {
	return slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool {
		m := e.index.Type(p.Type())
		return m != nil && m.Origin == models.Request
	})
}

// receiving returns the call that yields the message which is worked on at an
// instruction: one before it in the same loop, or one that is handed the literal
// around it.
func (e *engine) receiving(at ssa.Instruction) ssa.CallInstruction {
	if lit := at.Parent(); lit.Parent() != nil {
		if refs := e.literal(lit).Referrers(); refs != nil {
			for _, ref := range *refs {
				if c, ok := ref.(ssa.CallInstruction); ok && e.receives(c) {
					return c
				}
			}
		}
	}
	for _, b := range at.Parent().Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(ssa.CallInstruction)
			if ok && e.receives(c) && e.dominates(c, at) && (e.blockReaches(at.Block(), b) || inLoop(at.Block())) {
				return c
			}
		}
	}
	return nil
}

// inLoop reports whether control may come back to a block.
func inLoop(b *ssa.BasicBlock) bool {
	return slices.ContainsFunc(b.Succs, func(next *ssa.BasicBlock) bool { return next == b || reaches(next, b, nil) })
}

func (e *engine) receives(call ssa.CallInstruction) bool {
	m := e.index.Func(callee(call.Common()))
	return m != nil && m.Receives
}

// unscopedTask reports whether a call registers a handler of tasks that takes the
// scope out of its context, where no middleware may have put it there.
func (e *engine) unscopedTask(fn *ssa.Function, call ssa.CallInstruction) (LostContext, bool) {
	m := e.index.Func(callee(call.Common()))
	if m == nil {
		return LostContext{}, false
	}
	for i := range m.Wires {
		w := &m.Wires[i]
		if w.Kind != models.Route || w.Handler == nil || !isMessages(w.Verbs) || e.usesMiddleware(fn) {
			continue
		}
		for _, h := range e.handlersIn(argument(call.Common(), placeNumber(*w.Handler)), w.Serves) {
			for _, n := range e.handlerNeeds(h) {
				return LostContext{Bare: call.Pos(), Name: funcName(h), From: calleeName(call.Common()), Dims: n.Dims, Steps: n.Steps}, true
			}
		}
	}
	return LostContext{}, false
}

// isMessages reports whether routes of these methods are for messages that a
// worker of this process is handed as they are.
func isMessages(verbs []string) bool {
	return slices.ContainsFunc(verbs, func(v string) bool { return v == "TASK" || v == "TOPIC" || v == "JOB" })
}

// usesMiddleware reports whether fn sets up middleware that stores scope, or of which
// not all is in sight.
func (e *engine) usesMiddleware(fn *ssa.Function) bool {
	found := false
	e.instrs(fn, func(in ssa.Instruction) {
		call, ok := in.(ssa.CallInstruction)
		if !ok {
			return
		}
		m := e.index.Func(callee(call.Common()))
		if m == nil {
			return
		}
		for _, w := range m.Wires {
			for _, p := range w.Middleware {
				found = found || w.Kind == models.Use && e.mayStoreScope(argument(call.Common(), placeNumber(p)))
			}
		}
	})
	return found
}

// mayStoreScope reports whether middleware, one or a list of them, stores scope in a
// context, as far as it is in sight.
func (e *engine) mayStoreScope(v ssa.Value) bool {
	lists, ok := [][]ssa.Value{{v}}, true
	if v != nil && isList(v.Type()) {
		lists, ok = e.elements(v)
	}
	return !ok || slices.ContainsFunc(lists, func(list []ssa.Value) bool {
		return slices.ContainsFunc(list, func(one ssa.Value) bool {
			fn := e.funcOf(one)
			return fn == nil || e.storesScope(fn)
		})
	})
}

// storesScope reports whether fn, or a literal in it, stores scope in a context.
func (e *engine) storesScope(fn *ssa.Function) bool {
	stores := false
	e.instrs(fn, func(in ssa.Instruction) {
		if call, ok := in.(ssa.CallInstruction); ok {
			stores = stores || len(e.settings(call)) > 0
		}
	})
	return stores
}

// handlersIn returns the functions that v, a handler, serves by: itself, or a
// method of that name.
func (e *engine) handlersIn(v ssa.Value, serves string) []*types.Func {
	for {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
			continue
		case *ssa.ChangeType:
			v = x.X
			continue
		case *ssa.MakeClosure:
			v = x.Fn
			continue
		case *ssa.Function:
			if fn, ok := x.Object().(*types.Func); ok {
				return []*types.Func{fn.Origin()}
			}
			return nil
		}
		break
	}
	if v == nil {
		return nil
	}
	obj, _, _ := types.LookupFieldOrMethod(v.Type(), true, e.pass.Pkg, serves)
	if fn, ok := obj.(*types.Func); ok && !types.IsInterface(fn.Signature().Recv().Type()) {
		return []*types.Func{fn.Origin()}
	}
	return nil
}

// handlerNeeds returns what a function takes out of the contexts that it is handed.
func (e *engine) handlerNeeds(obj *types.Func) []ContextNeed {
	if fn := e.prog.FuncValue(obj); fn != nil && e.local[fn] {
		return e.needs(fn)
	}
	if s := e.fact(obj); s != nil {
		return s.Needs
	}
	return nil
}
