package scopeflow

import (
	"cmp"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
)

// A library may run functions in front of each statement on an entity: hooks. What
// they hold it to is found out where they are declared, once: a hook is a function
// that is handed the statement and lets it run by returning no error, or by handing
// it on to what it was made for. So it is followed forwards, from its beginning to
// each place at which it lets the statement go, on the ways that there are for what
// the statement does.

// A passage says what statements are held to that hooks let go: to the hooks behind
// them, or past those. Either is bottom if they let none go so.
type passage struct{ next, past Value }

// A HookFlow is what the hooks in a function's first result hold statements to.
type HookFlow struct {
	Op         models.Op
	Dim        models.Dims
	Next, Past Value
}

// through is the passage of all statements, held to v.
func through(v Value) passage { return passage{next: v} }

// or returns the passage of statements that may go by either.
func (p passage) or(q passage) passage { return passage{join(p.next, q.next), join(p.past, q.past)} }

// then returns the passage of statements that go by p and, unless they go past, by q.
func (p passage) then(q passage) passage {
	return passage{concat(p.next, q.next), join(p.past, concat(p.next, q.past))}
}

// all returns what statements are held to that go by p at all.
func (p passage) all() Value { return join(p.next, p.past) }

func (p passage) mapValues(f func(Value) Value) passage { return passage{f(p.next), f(p.past)} }

// A hookWalk asks hooks what they hold statements to.
type hookWalk struct {
	e      *engine
	op     models.Op
	dim    models.Dims
	inTurn bool
	entity string // in lower case, "" if it may be any
	bit    int64  // of the operation, where hooks are told several for op
	bits   types.Type
	depth  int
}

// maxHooks bounds how deep hooks are followed into one another.
const maxHooks = 24

// A hookAsk is what hooks are asked about.
type hookAsk struct {
	op       models.Op
	dim      models.Dims
	inTurn   bool     // those behind one that lets a statement pass are not asked
	entities []string // in lower case, of which statements are meant; none: of any
}

// passes returns the passage of statements by the hooks in the first result of fn.
func (e *engine) passes(fn *ssa.Function, ask hookAsk) passage {
	return e.asking(ask, func(w *hookWalk) passage { return w.returned(fn) })
}

// passesItself returns the passage of statements by fn, which is a hook.
func (e *engine) passesItself(fn *ssa.Function, ask hookAsk) passage {
	return e.asking(ask, func(w *hookWalk) passage { return w.followed(fn, nil).mapValues(withoutParams) })
}

// addedTo returns the passage of statements by the hooks that fn has added to the clients
// which it makes or, if it makes none, to what it returns first.
func (e *engine) addedTo(h *policy.Hook, fn *ssa.Function, ask hookAsk) passage {
	var made []ssa.Value
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || !e.makesClient(h, callee(c.Common())) {
				continue
			}
			if x := extract(c, 0); x != nil {
				made = append(made, x)
			} else {
				made = append(made, c)
			}
		}
	}
	return e.asking(ask, func(w *hookWalk) passage {
		var out passage
		for _, ret := range returns(fn) {
			if w.e.failing(ret) {
				continue
			}
			if len(made) == 0 {
				out = out.or(w.added(ret.Results[0], ret))
			}
			for _, client := range made {
				out = out.or(w.added(client, ret))
			}
		}
		return out
	})
}

// asking asks for each operation that hooks are told, and each entity.
func (e *engine) asking(ask hookAsk, passes func(*hookWalk) passage) passage {
	values, t := e.index.Operations(ask.op, func(p string) *types.Package { return e.imported[p] })
	if len(values) == 0 {
		values = []int64{0}
	}
	entities := ask.entities
	if len(entities) == 0 {
		entities = []string{""}
	}
	var out passage
	for _, entity := range entities {
		for _, bit := range values {
			out = out.or(passes(&hookWalk{e: e, op: ask.op, dim: ask.dim, inTurn: ask.inTurn, entity: entity, bit: bit, bits: t}))
		}
	}
	return out
}

// added returns the passage by the hooks that were added to a client when at runs, by
// the function itself or by those to which it hands the client.
func (w *hookWalk) added(client ssa.Value, at ssa.Instruction) passage {
	all := through(unrestricted())
	if w.depth++; w.depth > maxHooks {
		return all
	}
	defer func() { w.depth-- }()
	for _, b := range forwards(at.Parent()) {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || !w.e.reaches(c, at) {
				continue
			}
			with := all.then(w.adding(c, client))
			if !w.e.dominates(c, at) {
				with = all.or(with)
			}
			all = with
		}
	}
	return all
}

// adding returns the passage by the hooks that a call adds to a client.
func (w *hookWalk) adding(c *ssa.Call, client ssa.Value) passage {
	common := c.Common()
	none := through(unrestricted())
	if h := w.e.index.HookFunc(callee(common)); h != nil && h.Adds != nil {
		list := argument(common, placeNumber(*h.Adds))
		if t, ok := list.Type().Underlying().(*types.Slice); ok && argument(common, Receiver) == client {
			if of := w.e.index.HookType(t.Elem()); of != nil && slices.Contains(of.Ops, w.op) {
				return w.hook(list, c)
			}
		}
		return none
	}
	body := w.e.body(common)
	n := slices.Index(callArgs(common), client)
	if body == nil || n < 0 || n >= len(body.Params) {
		return none
	}
	var out passage
	for _, b := range body.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && !w.e.failing(ret) {
			out = out.or(w.added(body.Params[n], ret))
		}
	}
	if out.all().bottom() {
		return none
	}
	return out.mapValues(func(v Value) Value { return w.e.settle(w.e.subst(v, common, c), c) })
}

// returned returns the passage by what fn returns first.
func (w *hookWalk) returned(fn *ssa.Function) passage {
	var out passage
	for _, ret := range returns(fn) {
		out = out.or(w.hook(ret.Results[0], ret))
	}
	return out
}

// returns returns the instructions by which fn returns something.
func returns(fn *ssa.Function) []*ssa.Return {
	var out []*ssa.Return
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && len(ret.Results) > 0 {
			out = append(out, ret)
		}
	}
	return out
}

// unknown is the passage by a hook that cannot be followed.
func (w *hookWalk) unknown(v ssa.Value) passage { return through(w.e.opaque(v.Pos(), "a hook")) }

// hook returns the passage by a value: a hook, a list of them, or a struct that has
// them in its fields.
func (w *hookWalk) hook(v ssa.Value, at ssa.Instruction) passage {
	if w.depth++; w.depth > maxHooks {
		return w.unknown(v)
	}
	defer func() { w.depth-- }()
	switch x := v.(type) {
	case *ssa.MakeInterface:
		return w.hook(x.X, at)
	case *ssa.ChangeType:
		return w.hook(x.X, at)
	case *ssa.ChangeInterface:
		return w.hook(x.X, at)
	case *ssa.MakeClosure:
		return w.function(x.Fn.(*ssa.Function))
	case *ssa.Function:
		return w.function(x)
	case *ssa.Const:
		return through(unrestricted()) // none
	case *ssa.Phi:
		var out passage
		for _, edge := range x.Edges {
			out = out.or(w.hook(edge, at))
		}
		return out
	case *ssa.Slice:
		return w.list(x, at)
	case *ssa.UnOp:
		return w.loaded(x, at)
	case *ssa.Call:
		return w.made(x)
	}
	return w.unknown(v)
}

// list returns the passage by the hooks in a list, one after the other.
func (w *hookWalk) list(v ssa.Value, at ssa.Instruction) passage {
	lists, ok := w.e.elements(v)
	if !ok {
		return w.unknown(v)
	}
	var out passage
	for _, list := range lists {
		all := through(unrestricted())
		for _, elem := range list {
			all = all.then(w.hook(elem, at))
		}
		out = out.or(all)
	}
	return out
}

// loaded returns the passage by the hooks in a variable that is set once, or by those
// in the fields of a struct.
func (w *hookWalk) loaded(load *ssa.UnOp, at ssa.Instruction) passage {
	if x, ok := load.X.(*ssa.Alloc); ok {
		if s, ok := x.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct); ok {
			return w.fields(x, s, at)
		}
	}
	if v := w.e.onlyValue(load); v != nil {
		return w.hook(v, at)
	}
	return w.unknown(load)
}

// fields returns the passage by the hooks that a struct has for the operation.
func (w *hookWalk) fields(holder *ssa.Alloc, s *types.Struct, at ssa.Instruction) passage {
	known := false
	out := through(unrestricted())
	for f := range s.Fields() {
		ops := w.e.index.HookField(holder.Type().Underlying().(*types.Pointer).Elem(), f)
		known = known || len(ops) > 0
		if !slices.Contains(ops, w.op) {
			continue
		}
		if vals := w.e.stored(holder, Path("."+f.Name())); len(vals) == 1 {
			out = out.then(w.hook(vals[0], at))
		} else if len(vals) > 1 {
			return w.unknown(holder)
		}
	}
	if !known {
		return w.unknown(holder)
	}
	return out
}

// made returns the passage by what a call returns.
func (w *hookWalk) made(c *ssa.Call) passage {
	common := c.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		if b.Name() == "append" && len(common.Args) == 2 {
			return w.hook(common.Args[0], c).then(w.hook(common.Args[1], c))
		}
		return w.unknown(c)
	}
	if h := w.e.index.HookFunc(callee(common)); h != nil && (h.Of != nil || h.Lets != "") {
		return w.combined(h, c)
	}
	here := func(v Value) Value { return w.e.settle(w.e.subst(v, common, c), c) }
	if body := w.e.body(common); body != nil {
		return w.returned(body).mapValues(here)
	}
	if s := w.e.fact(callee(common)); s != nil {
		for _, f := range s.Hooks {
			if f.Op == w.op && f.Dim == w.dim {
				return passage{f.Next, f.Past}.mapValues(here)
			}
		}
	}
	return w.unknown(c)
}

// combined returns the passage by a hook that a function of which the rows tell makes.
func (w *hookWalk) combined(h *models.Hook, c *ssa.Call) passage {
	among := func(p *models.Place) (is, known bool) {
		if p == nil {
			return false, true
		}
		k, ok := argument(c.Common(), placeNumber(*p)).(*ssa.Const)
		if !ok || k.Value == nil {
			return false, false
		}
		mask, exact := constant.Int64Val(k.Value)
		return mask&w.bit != 0, exact
	}
	only, known := among(h.Only)
	except, also := among(h.Except)
	switch {
	case !known || !also:
		return w.unknown(c)
	case h.Only != nil && !only, h.Except != nil && except:
		return through(unrestricted())
	case h.Of != nil:
		return w.hook(argument(c.Common(), placeNumber(*h.Of)), c)
	}
	return letting(h.Lets, unrestricted())
}

// letting returns the passage of statements that are held to v.
func letting(lets models.Lets, v Value) passage {
	switch lets {
	case models.LetsNone:
		return passage{}
	case models.LetsPass:
		return passage{past: v}
	}
	return passage{next: v}
}

// function returns the passage by a function: one that is handed a statement, or one
// that is handed what runs it and returns such a function.
func (w *hookWalk) function(fn *ssa.Function) passage {
	if fn.Origin() != nil {
		fn = fn.Origin()
	}
	if isWrapper(fn) || fn.Synthetic != "" {
		if obj, ok := fn.Object().(*types.Func); ok {
			fn = w.e.prog.FuncValue(obj.Origin())
		}
	}
	switch {
	case fn == nil || fn.Blocks == nil:
		return through(w.e.opaque(token.NoPos, "a hook"))
	case isError(lastType(fn)) && fn.Parent() == nil:
		return w.followed(fn, nil).mapValues(withoutParams)
	case isError(lastType(fn)):
		return w.followed(fn, nil)
	case len(fn.Params) == 0:
		return w.unknown(fn)
	}
	next := fn.Params[len(fn.Params)-1]
	var out passage
	for _, ret := range returns(fn) {
		v := ret.Results[0]
		if w.e.paramOf(v) == next {
			out = out.or(through(unrestricted()))
			continue
		}
		lit := w.e.funcOf(v)
		if lit == nil || !isError(lastType(lit)) {
			return w.unknown(v)
		}
		out = out.or(w.followed(lit, next))
	}
	return out
}

// withoutParams returns v with what is unknown in the place of parameters: those of a
// function that the library calls.
func withoutParams(v Value) Value {
	return v.mapAtoms(func(a Atom) Atom {
		if a.Kind == Param || a.Kind == Dynamic {
			return Atom{Kind: Opaque, Text: a.Text, Pos: a.Pos}
		}
		return a
	})
}

// lastType returns the type of the last result of fn.
func lastType(fn *ssa.Function) types.Type {
	res := fn.Signature.Results()
	if res.Len() == 0 {
		return types.Typ[types.Invalid]
	}
	return res.At(res.Len() - 1).Type()
}

// statementOf returns the parameter of a hook that is the statement: the one that is
// no context; nil if there is none.
func statementOf(fn *ssa.Function) *ssa.Parameter {
	for _, p := range fn.Params {
		if !isContext(p.Type()) && pointsOn(p.Type()) && (fn.Signature.Recv() == nil || p != fn.Params[0]) {
			return p
		}
	}
	return nil
}

// followed returns the passage by a function that is handed a statement, and that lets
// it go by handing it to next or, if there is none, by what it returns.
func (w *hookWalk) followed(fn *ssa.Function, next *ssa.Parameter) passage {
	stmt := statementOf(fn)
	same := w.e.sameStatement(stmt)
	writes := w.writes(same)
	leaving := map[*ssa.BasicBlock]Value{}
	var out passage
	for _, b := range forwards(fn) {
		var held Value
		if b == fn.Blocks[0] {
			held = unrestricted()
		}
		for _, p := range b.Preds {
			if v, ok := leaving[p]; ok && w.mayFollow(p, b) {
				held = join(held, v)
			}
		}
		if held.bottom() {
			continue // there is no such way
		}
		for _, in := range b.Instrs {
			for _, wr := range writes {
				if wr.instr != in {
					continue
				}
				with := concat(held, wr.val)
				if !wr.must {
					with = join(held, with)
				}
				held = with
			}
			if next == nil {
				if ret, ok := in.(*ssa.Return); ok {
					out = out.or(letting(w.outcome(ret.Results[len(ret.Results)-1], ret, 0), held))
				}
			} else if c, ok := in.(*ssa.Call); ok {
				out = out.or(w.handedOn(c, next, same, held))
			}
		}
		leaving[b] = held
	}
	return out
}

// forwards returns the blocks of fn, each behind those that lead to it but for loops.
func forwards(fn *ssa.Function) []*ssa.BasicBlock {
	var out []*ssa.BasicBlock
	seen := map[*ssa.BasicBlock]bool{}
	var visit func(b *ssa.BasicBlock)
	visit = func(b *ssa.BasicBlock) {
		if seen[b] {
			return
		}
		seen[b] = true
		for _, next := range slices.Backward(b.Succs) {
			visit(next)
		}
		out = append(out, b)
	}
	visit(fn.Blocks[0])
	slices.Reverse(out)
	return out
}

// handedOn returns the passage of a statement, held to v, by a call, if that hands it to
// next or to something like that.
func (w *hookWalk) handedOn(c *ssa.Call, next *ssa.Parameter, same map[ssa.Value]bool, v Value) passage {
	common := c.Common()
	fn := callee(common)
	iface, ok := next.Type().Underlying().(*types.Interface)
	if fn == nil || !ok || iface.NumMethods() != 1 || iface.Method(0).Name() != fn.Name() {
		return passage{}
	}
	for _, arg := range common.Args {
		if _, ok := same[arg]; ok {
			return through(v)
		}
	}
	if common.IsInvoke() && w.e.paramOf(common.Value) == next {
		return w.unknown(c) // another one
	}
	return passage{}
}

// A hookWrite is something that a hook holds the statement to.
type hookWrite struct {
	instr ssa.Instruction
	val   Value
	must  bool
}

// writes returns what is done to the values that are a statement, as far as it holds
// that to the dimension: rows that are inserted are held by what their columns are set
// to.
func (w *hookWalk) writes(same map[ssa.Value]bool) []hookWrite {
	var out []hookWrite
	for _, root := range sortedRoots(same) {
		for _, wr := range w.e.writesTo(root) {
			if _, now := wr.instr.(*ssa.Call); !now || wr.mode != appendTo {
				continue // a deferred one comes too late
			}
			held := unrestricted()
			for _, column := range w.columns() {
				if one, ok := wr.onColumn(column); ok {
					if val := w.e.settle(one.val(""), wr.instr); !val.bottom() {
						held = concat(held, val)
					}
				}
			}
			out = append(out, hookWrite{wr.instr, held, wr.must})
		}
	}
	return out
}

// columns returns the steps that ask for the columns of the dimension.
func (w *hookWalk) columns() []Path {
	var out []Path
	for _, name := range w.e.policy.Synonyms(w.dim) {
		column := columnStep(name)
		if w.op == models.Insert {
			column = assignMark + column[1:]
		}
		if !slices.Contains(out, column) {
			out = append(out, column)
		}
	}
	return out
}

// sortedRoots returns the values of same from which writes are looked for, in the order
// of the source.
func sortedRoots(same map[ssa.Value]bool) []ssa.Value {
	var out []ssa.Value
	for v, root := range same {
		if root {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, func(a, b ssa.Value) int {
		return cmp.Or(cmp.Compare(a.Pos(), b.Pos()), cmp.Compare(a.Name(), b.Name()))
	})
	return out
}

// sameStatement returns the values that are the statement which a hook was handed, in
// whatever form; true for those of which [engine.writesTo] does not know that.
func (e *engine) sameStatement(stmt *ssa.Parameter) map[ssa.Value]bool {
	out := map[ssa.Value]bool{}
	if stmt == nil {
		return out
	}
	out[stmt] = true
	work := []ssa.Value{stmt}
	add := func(v ssa.Value, root bool) {
		if _, seen := out[v]; !seen {
			out[v] = root
			work = append(work, v)
		}
	}
	for len(work) > 0 {
		v := work[0]
		work = work[1:]
		for _, ref := range *v.Referrers() {
			switch r := ref.(type) {
			case *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.ChangeType:
				add(r.(ssa.Value), false)
			case *ssa.TypeAssert:
				if !r.CommaOk {
					add(r, false)
				} else if x := extract(r, 0); x != nil {
					add(x, true)
				}
			case *ssa.Call:
				if !e.returnsSame(r, v) {
					continue
				}
				if x := extract(r, 0); x != nil {
					add(x, true)
				} else {
					add(r, false)
				}
			}
		}
	}
	return out
}

// extract returns the idx-th part of a tuple, nil if nothing takes it.
func extract(tuple ssa.Value, idx int) ssa.Value {
	for _, ref := range *tuple.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == idx {
			return x
		}
	}
	return nil
}

// outcome returns what becomes of the statement when a hook returns v.
func (w *hookWalk) outcome(v ssa.Value, ret *ssa.Return, depth int) models.Lets {
	switch x := v.(type) {
	case *ssa.UnOp:
		if g, ok := x.X.(*ssa.Global); ok && x.Op == token.MUL {
			if lets := w.e.index.HookError(g.Object()); lets != "" {
				return lets
			}
		}
	case *ssa.Call:
		fn := callee(x.Common())
		if h := w.e.index.HookFunc(fn); h != nil && h.Lets != "" {
			return h.Lets
		}
		if body := w.e.body(x.Common()); body != nil && depth < maxHooks {
			return w.mildest(body, depth+1)
		}
		if w.inTurn && w.e.inSight(fn, x.Common()) && !w.e.isFailure(v, ret) {
			return models.LetsPass // which it may say
		}
	}
	if isNil(v) || !w.e.isFailure(v, ret) {
		return models.LetsNext
	}
	return models.LetsNone
}

// mildest returns the most that a function may let become of a statement, by the error
// that it returns.
func (w *hookWalk) mildest(fn *ssa.Function, depth int) models.Lets {
	out := models.LetsNone
	for _, ret := range returns(fn) {
		switch lets := w.outcome(ret.Results[len(ret.Results)-1], ret, depth); {
		case lets == models.LetsPass:
			return lets
		case lets == models.LetsNext:
			out = lets
		}
	}
	return out
}

// mayFollow reports whether block b may follow p, for the operation and where nothing
// lifts hooks.
func (w *hookWalk) mayFollow(p, b *ssa.BasicBlock) bool {
	branch, ok := p.Instrs[len(p.Instrs)-1].(*ssa.If)
	if !ok || p.Succs[0] == p.Succs[1] {
		return true
	}
	holds, known := w.truth(branch.Cond, 0)
	return !known || holds == (p.Succs[0] == b)
}

// truth returns whether a condition holds, as far as it is one on the operation or on
// whether hooks are lifted.
func (w *hookWalk) truth(cond ssa.Value, depth int) (holds, known bool) {
	if depth > maxHooks {
		return false, false
	}
	switch x := cond.(type) {
	case *ssa.Const:
		if x.Value != nil && x.Value.Kind() == constant.Bool {
			return constant.BoolVal(x.Value), true
		}
	case *ssa.UnOp:
		if x.Op == token.NOT {
			holds, known = w.truth(x.X, depth+1)
			return !holds, known
		}
	case *ssa.BinOp:
		return w.compared(x)
	case *ssa.Phi:
		for i, edge := range x.Edges {
			one, ok := w.truth(edge, depth+1)
			if !ok || i > 0 && one != holds {
				return false, false
			}
			holds = one
		}
		return holds, true
	case *ssa.Call:
		return w.asked(x, depth)
	case *ssa.Lookup:
		return w.entry(x, false)
	case *ssa.Extract:
		if l, ok := x.Tuple.(*ssa.Lookup); ok {
			return w.entry(l, x.Index == 1)
		}
		if ta, ok := x.Tuple.(*ssa.TypeAssert); ok && w.e.liftingValue(ta.X) {
			return false, true
		}
		if c, ok := x.Tuple.(*ssa.Call); ok && w.e.namedLifted(callee(c.Common())) && isTruth(x.Type()) {
			return false, true
		}
	}
	return false, false
}

// compared returns how a comparison comes out.
func (w *hookWalk) compared(c *ssa.BinOp) (holds, known bool) {
	if c.Op != token.EQL && c.Op != token.NEQ {
		return false, false
	}
	x, y := c.X, c.Y
	if _, ok := x.(*ssa.Const); ok {
		x, y = y, x
	}
	if isNil(y) && w.e.liftingValue(x) {
		return c.Op == token.EQL, true
	}
	if k, ok := y.(*ssa.Const); ok && k.Value != nil && k.Value.Kind() == constant.String && w.namesEntity(x) {
		return strings.EqualFold(constant.StringVal(k.Value), w.entity) == (c.Op == token.EQL), true
	}
	left, ok := w.operation(x)
	right, also := w.operation(y)
	if !ok || !also {
		return false, false
	}
	return (left == right) == (c.Op == token.EQL), true
}

// entry returns what a map of truth values that is never changed holds under the name of
// the entity or, of any map, whether it holds something.
func (w *hookWalk) entry(l *ssa.Lookup, whether bool) (holds, known bool) {
	m := w.e.fixedMap(l.X)
	if m == nil || !w.namesEntity(l.Index) {
		return false, false
	}
	for _, ref := range *m.Referrers() {
		u, ok := ref.(*ssa.MapUpdate)
		if !ok {
			continue
		}
		key, ok := u.Key.(*ssa.Const)
		if !ok || key.Value.Kind() != constant.String {
			return false, false
		}
		if strings.EqualFold(constant.StringVal(key.Value), w.entity) {
			if whether {
				return true, true
			}
			return w.truth(u.Value, maxHooks)
		}
	}
	return false, true
}

// namesEntity reports whether v is the name of the entity that the statement is on, and
// that is known.
func (w *hookWalk) namesEntity(v ssa.Value) bool {
	c, ok := v.(*ssa.Call)
	if !ok || w.entity == "" {
		return false
	}
	h := w.e.index.HookFunc(callee(c.Common()))
	return h != nil && h.Names
}

// operation returns the value of an expression of the type of operations.
func (w *hookWalk) operation(v ssa.Value) (int64, bool) {
	if w.bits == nil || !types.Identical(types.Unalias(v.Type()), types.Unalias(w.bits)) {
		return 0, false
	}
	switch x := v.(type) {
	case *ssa.Const:
		return constant.Int64Val(x.Value)
	case *ssa.BinOp:
		left, ok := w.operation(x.X)
		right, also := w.operation(x.Y)
		return left & right, ok && also && x.Op == token.AND
	case *ssa.Call:
		return w.bit, len(callArgs(x.Common())) == 1 // what the statement says that it does
	}
	return 0, false
}

// asked returns what a call says: of the operation, or of whether hooks are lifted.
func (w *hookWalk) asked(c *ssa.Call, depth int) (holds, known bool) {
	common := c.Common()
	if w.e.namedLifted(callee(common)) {
		return false, true
	}
	if h := w.e.index.HookFunc(callee(common)); h != nil && h.Is != nil {
		mask, ok := w.operation(argument(common, placeNumber(*h.Is)))
		bit, also := w.operation(argument(common, Receiver))
		return mask&bit != 0, ok && also
	}
	body := w.e.body(common)
	if body == nil {
		return false, false
	}
	for i, ret := range returns(body) {
		one, ok := w.truth(ret.Results[0], depth+1)
		if !ok || i > 0 && one != holds {
			return false, false
		}
		holds, known = one, true
	}
	return holds, known
}

// isTruth reports whether t is that of truth values.
func isTruth(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

// paramOf returns the parameter that v is, of its function or of one around it; nil if it
// is none.
func (e *engine) paramOf(v ssa.Value) *ssa.Parameter {
	for range maxHooks {
		switch x := v.(type) {
		case *ssa.Parameter:
			return x
		case *ssa.FreeVar:
			b, ok := e.binding(x)
			if !ok {
				return nil
			}
			v = b
		case *ssa.UnOp:
			if v = e.onlyValue(x); v == nil {
				return nil
			}
		default:
			return nil
		}
	}
	return nil
}

// onlyValue returns the one value that a variable, which load reads, is ever set to: a
// local one, or one of this package. It is nil if there are more or none.
func (e *engine) onlyValue(load *ssa.UnOp) ssa.Value {
	addr := load.X
	if fv, ok := addr.(*ssa.FreeVar); ok {
		if addr, ok = e.binding(fv); !ok {
			return nil
		}
	}
	g, ok := addr.(*ssa.Global)
	if !ok {
		return e.setOnce(addr)
	}
	var out ssa.Value
	for _, ref := range e.globals[g] {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == addr {
			if out != nil {
				return nil
			}
			out = st.Val
		}
	}
	return out
}
