package scopeflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// Contexts carry scope from where it is stored to where a source takes it out.
// What is followed here is whose context a call is handed: the caller's, or a
// bare one, in which no source finds anything.

// bareContext stands for the number of a parameter where a context derives
// from none: it was made of context.Background.
const bareContext = -2

// A ContextNeed is what a function takes out of a context that it is handed.
type ContextNeed struct {
	Param int
	Dims  models.Dims
	Steps []Step
}

// A ContextFlow is what a context that a function returns derives from.
type ContextFlow struct {
	Index int
	Param int         // the parameter, or -2 for a bare context
	Dims  models.Dims // of the scope that was stored in it on the way
	// Lifted: hooks may not do their work for statements that are run with it.
	Lifted bool
}

// A lineage is one way in which a context came about.
type lineage struct {
	param *ssa.Parameter // the parameter that it derives from
	bare  ssa.Value      // or what made a bare one; neither: not known
	dims  models.Dims    // of the scope that was stored in it since
	// lifted: something was done to it since by which it lifts hooks.
	lifted bool
}

// A LostContext is a call that hands a bare context to what takes the scope
// out of it.
type LostContext struct {
	Func  *types.Func // the declared function that the call is in, nil in an initialiser
	Pos   token.Pos   // of the call
	Bare  token.Pos   // of what made the context
	Name  string      // of what is called
	From  string      // what made the context, as messages call it
	Dims  models.Dims
	Steps []Step // how it gets to the source
}

// LostContexts returns the calls of request code that hand a bare context to
// something that takes the scope out of its context, in source order.
func (r *Result) LostContexts() []LostContext {
	e := r.e
	var out []LostContext
	for _, fn := range e.funcs {
		if e.initOnly(fn) || !e.serves(fn) {
			continue
		}
		e.instrs(fn, func(in ssa.Instruction) {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				return
			}
			for _, w := range e.wants(call) {
				if l, ok := e.lost(fn, call, w); ok {
					out = append(out, l)
					return
				}
			}
		})
	}
	return out
}

// lost reports whether what call takes out of a context is not in it.
func (e *engine) lost(fn *ssa.Function, call ssa.CallInstruction, w want) (LostContext, bool) {
	for _, l := range e.lineages(w.ctx) {
		missing := w.dims &^ l.dims
		if l.bare == nil || missing == 0 || e.ownContext(l.bare) && !e.forRequest(fn) {
			continue // none, nothing, or a consumer's
		}
		return LostContext{
			Func: declared(fn), Pos: call.Pos(), Bare: l.bare.Pos(), Name: calleeName(call.Common()), From: bareName(l.bare),
			Dims: missing, Steps: w.steps,
		}, true
	}
	return LostContext{}, false
}

// A want is a context that a call takes scope out of.
type want struct {
	ctx   ssa.Value
	dims  models.Dims
	steps []Step
}

// wants returns the contexts that a call takes scope out of: because it is a
// source itself, or leads to one.
func (e *engine) wants(call ssa.CallInstruction) []want {
	common := call.Common()
	if dims := e.sourceDims(common); dims != 0 {
		for _, arg := range callArgs(common) {
			if isContext(arg.Type()) && e.matters(call) {
				return []want{{ctx: arg, dims: dims}}
			}
		}
		return nil
	}
	var out []want
	for _, n := range e.calleeNeeds(common) {
		if arg := argument(common, n.Param); arg != nil {
			out = append(out, want{arg, n.Dims, n.Steps})
		}
	}
	return out
}

// sourceDims returns the dimensions of the scope that a call takes out of a
// context.
func (e *engine) sourceDims(c *ssa.CallCommon) models.Dims {
	m := e.rowsFor(callee(c), c)
	if m == nil {
		return 0
	}
	var dims models.Dims
	for _, s := range m.Sources {
		if s.Place.Base == models.Result {
			dims |= s.Dims
		}
	}
	for i := range m.Flows {
		if fl := &m.Flows[i]; fl.How == models.ContextKey && len(fl.From) == 1 {
			d, _ := e.keyDims(argument(c, placeNumber(fl.From[0])))
			dims |= d
		}
	}
	return dims
}

// matters reports whether what a source yields is used for more than to be
// printed.
func (e *engine) matters(call ssa.CallInstruction) bool {
	v, ok := call.(*ssa.Call)
	return ok && e.used(v, map[ssa.Value]bool{})
}

// used reports whether v, or a list or map that it is put into, goes anywhere
// but to something that prints it.
func (e *engine) used(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] || v.Referrers() == nil {
		return false
	}
	seen[v] = true
	for _, ref := range *v.Referrers() {
		switch r := ref.(type) {
		case *ssa.DebugRef, *ssa.IndexAddr, *ssa.If:
		case *ssa.BinOp:
			if !isZero(r.X) && !isZero(r.Y) {
				return true // more than whether there is anything to print
			}
		case *ssa.Extract, *ssa.MakeInterface, *ssa.ChangeType, *ssa.Convert, *ssa.Phi, *ssa.TypeAssert, *ssa.Slice, *ssa.UnOp:
			if e.used(r.(ssa.Value), seen) {
				return true
			}
		case *ssa.Store:
			if base, path := e.root(r.Addr); path != "" && !elemPath(path) || !isAlloc(base) || e.used(base, seen) {
				return r.Val == v
			}
		case *ssa.MapUpdate:
			if e.used(r.Map, seen) {
				return true
			}
		case ssa.CallInstruction:
			if e.usedBy(r, v, seen) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// usedBy reports whether a call uses v, one of its operands, for more than to
// print it.
func (e *engine) usedBy(call ssa.CallInstruction, v ssa.Value, seen map[ssa.Value]bool) bool {
	common := call.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		c, ok := call.(*ssa.Call)
		return ok && b.Name() == "append" && e.used(c, seen)
	}
	if e.prints(common) {
		return false
	}
	body := e.body(common)
	if body == nil {
		return true
	}
	for i, arg := range callArgs(common) {
		if arg == v && (i >= len(body.Params) || e.used(body.Params[i], seen)) {
			return true
		}
	}
	c, ok := call.(*ssa.Call)
	return ok && e.used(c, seen)
}

// prints reports whether a call is to something that never holds tenant data,
// such as a logger, or makes a field for one.
func (e *engine) prints(c *ssa.CallCommon) bool {
	benign := func(t types.Type) bool {
		m := e.index.Type(t)
		return m != nil && m.Benign
	}
	if recv := argument(c, Receiver); hasReceiver(c) && recv != nil && benign(recv.Type()) {
		return true
	}
	res := c.Signature().Results()
	return res.Len() == 1 && benign(res.At(0).Type())
}

// calleeNeeds returns what the function that a call names takes out of its
// contexts.
func (e *engine) calleeNeeds(c *ssa.CallCommon) []ContextNeed {
	if recv := argument(c, Receiver); hasReceiver(c) && recv != nil {
		if m := e.index.Type(recv.Type()); m != nil && m.Benign {
			return nil
		}
	}
	if bodies := e.bodies(c); len(bodies) > 0 {
		var out []ContextNeed
		for _, b := range bodies {
			out = mergeNeeds(out, e.needs(b))
		}
		return out
	}
	if s := e.fact(callee(c)); s != nil {
		return s.Needs
	}
	return nil
}

func mergeNeeds(a, b []ContextNeed) []ContextNeed {
	out := slices.Clone(a)
	for _, n := range b {
		if i := slices.IndexFunc(out, func(h ContextNeed) bool { return h.Param == n.Param }); i >= 0 {
			out[i].Dims |= n.Dims
			continue
		}
		out = append(out, n)
	}
	return out
}

// maxNeedSteps bounds the path from a call to the source that it leads to.
const maxNeedSteps = 4

// needs returns what fn takes out of the contexts that it is handed.
func (e *engine) needs(fn *ssa.Function) []ContextNeed {
	return memo(&e.needsOf, fn, func() []ContextNeed { return e.findNeeds(fn) })
}

func (e *engine) findNeeds(fn *ssa.Function) []ContextNeed {
	var out []ContextNeed
	e.instrs(fn, func(in ssa.Instruction) {
		call, ok := in.(ssa.CallInstruction)
		if !ok {
			return
		}
		for _, w := range e.wants(call) {
			for _, l := range e.lineages(w.ctx) {
				missing := w.dims &^ l.dims
				if l.param == nil || l.param.Parent() != fn || missing == 0 {
					continue
				}
				step := Step{Pos: e.position(call.Pos()), Msg: calleeName(call.Common()) + " takes " + missing.And() + " out of the context here"}
				if len(w.steps) > 0 {
					step.Msg = "the context is passed on to " + calleeName(call.Common()) + " here"
				}
				steps := append([]Step{step}, w.steps...)
				out = mergeNeeds(out, []ContextNeed{{paramNumber(l.param), missing, steps[:min(len(steps), maxNeedSteps)]}})
			}
		}
	})
	slices.SortStableFunc(out, func(a, b ContextNeed) int { return a.Param - b.Param })
	return out
}

// maxContextSteps bounds how far one context is followed.
const maxContextSteps = 400

// A walk is on its way back from a context to where it came from.
type walk struct {
	open  map[ssa.Value]bool // what it came by, so that loops end
	steps int
}

// maxLineages bounds in how many ways a context is taken to have come about.
const maxLineages = 8

// lineages returns the ways in which context v came about. Scope that is stored
// on some of the ways from one bare context is taken to be stored where there is
// any.
func (e *engine) lineages(v ssa.Value) []lineage {
	out := e.lineagesOf(v, &walk{open: map[ssa.Value]bool{}})
	for i := range out {
		for _, l := range out {
			if l.bare != nil && l.bare == out[i].bare {
				out[i].dims |= l.dims
			}
		}
	}
	return out
}

func (e *engine) lineagesOf(v ssa.Value, w *walk) []lineage {
	if w.steps++; w.open[v] || w.steps > maxContextSteps {
		return nil
	}
	w.open[v] = true
	defer delete(w.open, v)
	switch v := v.(type) {
	case *ssa.Parameter:
		if ctx := e.besideLiteral(v); ctx != nil {
			return e.lineagesOf(ctx, w)
		}
		if isContext(v.Type()) && v.Parent().Parent() == nil {
			return []lineage{{param: v}}
		}
	case *ssa.FreeVar:
		if b, ok := e.binding(v); ok {
			return e.lineagesOf(b, w)
		}
	case *ssa.MakeInterface:
		if m := e.index.Type(v.X.Type()); m != nil && m.OwnContext {
			return []lineage{{bare: v}}
		}
		return e.lineagesOf(v.X, w)
	case *ssa.ChangeInterface:
		return e.lineagesOf(v.X, w)
	case *ssa.UnOp:
		return e.loadedContext(v, w)
	case *ssa.Phi:
		var out []lineage
		for i, edge := range v.Edges {
			if e.standIn(v, i) {
				continue
			}
			out = append(out, e.lineagesOf(edge, w)...)
		}
		return out[:min(len(out), maxLineages)]
	case *ssa.Extract:
		if c, ok := v.Tuple.(*ssa.Call); ok {
			return e.returnedContext(c, v.Index, w)
		}
	case *ssa.Call:
		return e.returnedContext(v, 0, w)
	}
	return []lineage{{}}
}

// besideLiteral returns the context that is handed, with a function literal of
// which p is a parameter, to what calls the literal: what that makes the
// literal's context of, as transactions do.
func (e *engine) besideLiteral(p *ssa.Parameter) ssa.Value {
	lit := p.Parent()
	if lit.Parent() == nil || !isContext(p.Type()) {
		return nil
	}
	refs := e.literal(lit).Referrers()
	if refs == nil {
		return nil
	}
	for _, ref := range *refs {
		call, ok := ref.(ssa.CallInstruction)
		if !ok {
			continue
		}
		for _, arg := range call.Common().Args {
			if isContext(arg.Type()) {
				return arg
			}
		}
	}
	return nil
}

// standIn reports whether the i-th edge of phi is a context made where none was
// handed in: if ctx == nil { ctx = context.Background() }.
func (e *engine) standIn(phi *ssa.Phi, i int) bool {
	for k, other := range phi.Edges {
		if k != i && onlyIfNil(other, phi.Block().Preds[i]) {
			return true
		}
	}
	return false
}

// onlyIfNil reports whether block runs right after v was found to be nil.
func onlyIfNil(v ssa.Value, block *ssa.BasicBlock) bool {
	if v.Referrers() == nil {
		return false
	}
	for _, ref := range *v.Referrers() {
		cmp, ok := ref.(*ssa.BinOp)
		if !ok || cmp.Op != token.EQL || !isNil(cmp.X) && !isNil(cmp.Y) {
			continue
		}
		for _, ref := range *cmp.Referrers() {
			if branch, ok := ref.(*ssa.If); ok && branch.Block().Succs[0] == block {
				return true
			}
		}
	}
	return false
}

// loadedContext returns the lineages of what a variable of this function, or
// of one around its literal, may hold.
func (e *engine) loadedContext(load *ssa.UnOp, w *walk) []lineage {
	addr := load.X
	for fv, ok := addr.(*ssa.FreeVar); ok; fv, ok = addr.(*ssa.FreeVar) {
		b, known := e.binding(fv)
		if !known {
			return []lineage{{}}
		}
		addr = b
	}
	alloc, ok := addr.(*ssa.Alloc)
	if !ok {
		return []lineage{{}}
	}
	var out []lineage
	for _, wr := range e.writesTo(alloc) {
		st, ok := wr.instr.(*ssa.Store)
		if !ok || wr.sub != "" || st.Parent() == load.Parent() && (!e.reaches(st, load) || e.overwritten(alloc, st, load)) {
			continue
		}
		if slices.ContainsFunc(*alloc.Referrers(), func(in ssa.Instruction) bool {
			other, ok := in.(*ssa.UnOp)
			return ok && onlyIfNil(other, st.Block())
		}) {
			continue // in place of none
		}
		out = append(out, e.lineagesOf(st.Val, w)...)
	}
	if len(out) == 0 {
		return []lineage{{}}
	}
	return out[:min(len(out), maxLineages)]
}

// overwritten reports whether another store to alloc surely comes between st
// and load.
func (e *engine) overwritten(alloc *ssa.Alloc, st *ssa.Store, load ssa.Instruction) bool {
	for _, w := range e.writesTo(alloc) {
		other, ok := w.instr.(*ssa.Store)
		if ok && other != st && w.sub == "" && other.Parent() == load.Parent() && e.dominates(st, other) && e.dominates(other, load) {
			return true
		}
	}
	return false
}

// returnedContext returns the lineages of the idx-th result of a call.
func (e *engine) returnedContext(c *ssa.Call, idx int, w *walk) []lineage {
	common := c.Common()
	if isBare(callee(common)) || e.ownContext(c) {
		return []lineage{{bare: c}}
	}
	stored, lifts := e.storedBy(c), e.lifts(c)
	add := func(from []lineage, dims models.Dims, lifted bool) []lineage {
		out := slices.Clone(from)
		for i := range out {
			out[i].dims |= dims
			out[i].lifted = out[i].lifted || lifted
		}
		return out
	}
	var flows []ContextFlow
	if bodies := e.bodies(common); len(bodies) == 1 {
		flows = e.contextFlows(bodies[0])
	} else if s := e.fact(callee(common)); s != nil && len(bodies) == 0 {
		flows = s.Contexts
	}
	for _, fl := range flows {
		if fl.Index != idx {
			continue
		}
		if fl.Param == bareContext {
			return []lineage{{bare: c, dims: stored | fl.Dims, lifted: lifts || fl.Lifted}}
		}
		if arg := argument(common, fl.Param); arg != nil {
			return add(e.lineagesOf(arg, w), stored|fl.Dims, lifts || fl.Lifted)
		}
	}
	var out []lineage
	for _, arg := range callArgs(common) {
		if !isContext(arg.Type()) {
			continue
		}
		of := add(e.lineagesOf(arg, w), stored, lifts)
		if len(out) > 0 && !slices.ContainsFunc(of, func(l lineage) bool { return l.bare == nil }) {
			continue // of several, what one holds may be copied to the other
		}
		out = of
	}
	if len(out) == 0 {
		return []lineage{{lifted: lifts}}
	}
	return out
}

// storedBy returns the dimensions that a call stores in the context that it
// returns. What is stored under a key that cannot be told may be any, and under
// any key may be what a source reads of which the key cannot be seen.
func (e *engine) storedBy(c *ssa.Call) models.Dims {
	var dims models.Dims
	for _, s := range e.settings(c) {
		dims |= s.dims
	}
	if m := e.index.Func(callee(c.Common())); m != nil && dims == 0 {
		for i := range m.Flows {
			fl := &m.Flows[i]
			if fl.How != models.ContextSet {
				continue
			}
			if keyName(argument(c.Common(), placeNumber(fl.From[0]))) == "" {
				return models.AllDims
			}
			e.keyUses()
			dims |= e.keysHidden
		}
	}
	return dims
}

// bareName is what messages call what made a bare context.
func bareName(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.Call:
		return calleeName(v.Common())
	case *ssa.MakeInterface:
		if n := namedOf(v.X.Type()); n != nil {
			return n.Obj().Pkg().Name() + "." + n.Obj().Name()
		}
	}
	return "a context of its own"
}

// isBare reports whether fn makes contexts that hold nothing.
func isBare(fn *types.Func) bool {
	return fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "context" && (fn.Name() == "Background" || fn.Name() == "TODO")
}

// contextFlows returns what the contexts that fn returns derive from, where
// that is the same on every path.
func (e *engine) contextFlows(fn *ssa.Function) []ContextFlow {
	return memo(&e.contextsOf, fn, func() []ContextFlow { return e.findContextFlows(fn) })
}

func (e *engine) findContextFlows(fn *ssa.Function) []ContextFlow {
	var out []ContextFlow
	for i := range fn.Signature.Results().Len() {
		if !isContext(fn.Signature.Results().At(i).Type()) {
			continue
		}
		if fl, ok := e.contextFlow(fn, i); ok {
			out = append(out, fl)
		}
	}
	return out
}

func (e *engine) contextFlow(fn *ssa.Function, idx int) (ContextFlow, bool) {
	fl, found := ContextFlow{Index: idx, Dims: models.AllDims}, false
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || e.failing(ret) || isNil(ret.Results[idx]) {
			continue
		}
		for _, l := range e.lineages(ret.Results[idx]) {
			from := bareContext
			switch {
			case l.param != nil && l.param.Parent() == fn:
				from = paramNumber(l.param)
			case l.bare == nil:
				return fl, false
			}
			if found && fl.Param != from {
				return fl, false
			}
			fl.Param, fl.Dims, fl.Lifted, found = from, fl.Dims&l.dims, fl.Lifted || l.lifted, true
		}
	}
	return fl, found
}

// A RebuiltContext is a function that stores scope in a context of its own
// making instead of in the one that it is handed.
type RebuiltContext struct {
	Func  *types.Func
	Pos   token.Pos // of what made the context
	Param string
	From  string
	Dims  models.Dims
}

// RebuiltContexts returns the functions of this package that are handed a
// context, do not look at it, and return a bare one with scope in it, in source
// order.
func (r *Result) RebuiltContexts() []RebuiltContext {
	e := r.e
	var out []RebuiltContext
	for _, fn := range e.funcs {
		p := ignoredContext(fn)
		if p == nil {
			continue
		}
		for i := range fn.Signature.Results().Len() {
			if !isContext(fn.Signature.Results().At(i).Type()) {
				continue
			}
			if c, ok := e.rebuilt(fn, i); ok {
				c.Param = p.Name()
				out = append(out, c)
			}
		}
	}
	return out
}

// ignoredContext returns the context parameter of fn if nothing uses it.
func ignoredContext(fn *ssa.Function) *ssa.Parameter {
	for _, p := range fn.Params {
		if isContext(p.Type()) && len(*p.Referrers()) == 0 {
			return p
		}
	}
	return nil
}

// rebuilt returns the bare context that the idx-th result of fn is made of, if
// scope was stored in it.
func (e *engine) rebuilt(fn *ssa.Function, idx int) (RebuiltContext, bool) {
	var known models.Dims
	e.instrs(fn, func(in ssa.Instruction) {
		if call, ok := in.(ssa.CallInstruction); ok {
			for _, s := range e.settings(call) {
				known |= s.dims
			}
		}
	})
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		for _, l := range e.lineages(ret.Results[idx]) {
			if l.bare != nil && l.dims&known != 0 {
				return RebuiltContext{Func: declared(fn), Pos: l.bare.Pos(), From: bareName(l.bare), Dims: l.dims & known}, true
			}
		}
	}
	return RebuiltContext{}, false
}
