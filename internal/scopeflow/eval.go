package scopeflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// evKey names one question: what is v (or, if v is a function, its idx-th
// result), seen through path, at the time of instruction at.
type evKey struct {
	v    ssa.Value
	path Path
	at   ssa.Instruction // nil where time does not matter
	idx  int
}

type answer struct {
	val    Value
	busy   bool
	cyclic bool
	depth  int
}

const (
	noCycle   = 1 << 30
	maxDepth  = 1500      // nested questions; deeper ones are answered opaque
	maxRounds = 4         // of a fixed point
	maxEvals  = 2_000_000 // questions in one package; a hostile one is answered opaque from there on
	maxWork   = 300_000   // parts of writes looked at in one package; the largest of real ones takes a third
	maxEffect = 24        // parts of what a function writes through a parameter; more are opaque to its callers
	maxCost   = 20_000    // questions and writes looked at for one question from outside
)

// allElems is the path step for all elements of a list, one after the other,
// where [models.Elem] stands for any one of them.
const allElems = "[all]"

// called is the path step for what a function value returns when it is called
// where it was handed to.
const called = "()"

// calledResult returns what function value v returns.
func (e *engine) calledResult(v ssa.Value) Value {
	if p, ok := v.(*ssa.Parameter); ok {
		return e.param(p, called)
	}
	if fv, ok := v.(*ssa.FreeVar); ok {
		if b, ok := e.binding(fv); ok {
			return e.ev(b, called, nil)
		}
	}
	fn := e.funcOf(v)
	if fn == nil || fn.Parent() == nil {
		return e.opaque(v.Pos(), "what a function value returns")
	}
	val, _ := e.result(fn, 0, "")
	return val
}

// ask answers a question through the memo. Questions that lead back to
// themselves (loops, recursion) are answered by iteration from bottom.
func (e *engine) ask(k evKey, compute func() Value) Value {
	if a, ok := e.memo[k]; ok {
		if a.busy {
			a.cyclic = true
			e.lowest = min(e.lowest, a.depth)
		}
		return a.val
	}
	if e.depth == 0 {
		e.cost = 0
	}
	e.evals++
	e.cost++
	if e.depth > maxDepth || e.evals > maxEvals || e.work > maxWork || e.cost > maxCost {
		return one(Atom{Kind: Opaque, Text: "a value too deep to follow"})
	}
	a := &answer{busy: true, depth: e.depth}
	e.memo[k] = a
	e.depth++
	saved := e.lowest
	start := len(e.tentative)
	for round := 1; ; round++ {
		e.lowest = noCycle
		val := compute()
		if !a.cyclic || round == maxRounds || equal(val, a.val) {
			a.val = val
			break
		}
		a.val = val
		for _, t := range e.tentative[start:] {
			delete(e.memo, t)
		}
		e.tentative = e.tentative[:start]
	}
	a.busy = false
	e.depth--
	if e.lowest < a.depth {
		// Rests on a question still open further up: holds only until that one changes.
		e.tentative = append(e.tentative, k)
		e.lowest = min(saved, e.lowest)
	} else {
		e.tentative = e.tentative[:start]
		e.lowest = saved
	}
	return a.val
}

func equal(a, b Value) bool {
	if len(a.Alts) != len(b.Alts) {
		return false
	}
	for i := range a.Alts {
		if compareAlts(a.Alts[i], b.Alts[i]) != 0 {
			return false
		}
	}
	return true
}

// ev returns what v holds at path, at the time of at (which matters for
// memory only).
func (e *engine) ev(v ssa.Value, path Path, at ssa.Instruction) Value {
	if path.depth() > maxSteps {
		return e.opaque(v.Pos(), "a value nested too deep")
	}
	when := at
	if !remembers(v.Type()) {
		at = nil
	}
	val := e.ask(evKey{v: v, path: path, at: at}, func() Value { return e.compute(v, path, at) })
	if path == "" && when != nil && isString(v.Type()) {
		val = e.excluded(val, v, when, nil)
	}
	return val
}

// excluded returns val, which v holds, without the alternatives that are one
// constant which v was compared with and found unequal before at runs, or
// before control takes the edge to block to.
func (e *engine) excluded(val Value, v ssa.Value, at ssa.Instruction, to *ssa.BasicBlock) Value {
	if len(val.Alts) < 2 || v.Referrers() == nil || at.Block() == nil || at.Parent() != v.Parent() {
		return val
	}
	var out []Alt
	for _, alt := range val.Alts {
		text, ok := alt.constant()
		if ok && e.unequal(v, text, at, to) {
			continue
		}
		out = append(out, alt)
	}
	if len(out) == 0 || len(out) == len(val.Alts) {
		return val
	}
	return Value{out}
}

// constant returns the text of an alternative that is one known constant.
func (alt *Alt) constant() (string, bool) {
	switch len(alt.Parts) {
	case 0:
		return "", true
	case 1:
		a := &alt.Parts[0]
		return a.Text, a.Kind == Constant && !a.Mixed
	}
	return "", false
}

// unequal reports whether at runs (or the edge to block to is taken) only
// where v was found to differ from text.
func (e *engine) unequal(v ssa.Value, text string, at ssa.Instruction, to *ssa.BasicBlock) bool {
	for _, ref := range *v.Referrers() {
		switch r := ref.(type) {
		case *ssa.BinOp:
			other := r.Y
			if other == v {
				other = r.X
			}
			k, ok := other.(*ssa.Const)
			if !ok || k.Value == nil || k.Value.Kind() != constant.String || constant.StringVal(k.Value) != text {
				continue
			}
			if e.branchesTo(r, at, to, r.Op == token.NEQ, r.Op == token.EQL) {
				return true
			}
		case *ssa.Call:
			// len(v) compared with 0
			if b, ok := r.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" || text != "" {
				continue
			}
			for _, ref := range *r.Referrers() {
				cmp, ok := ref.(*ssa.BinOp)
				if !ok {
					continue
				}
				k, ok := cmp.Y.(*ssa.Const)
				if !ok || k.Value == nil || k.Value.ExactString() != "0" {
					continue
				}
				if e.branchesTo(cmp, at, to, cmp.Op == token.NEQ || cmp.Op == token.GTR, cmp.Op == token.EQL) {
					return true
				}
			}
		}
	}
	return false
}

// branchesTo reports whether at, or the edge to block to, is reached only
// where cond is true (if onTrue) or false (if onFalse).
func (e *engine) branchesTo(cond *ssa.BinOp, at ssa.Instruction, to *ssa.BasicBlock, onTrue, onFalse bool) bool {
	for _, ref := range *cond.Referrers() {
		branch, ok := ref.(*ssa.If)
		if !ok {
			continue
		}
		b := branch.Block()
		for i, want := range []bool{onTrue, onFalse} {
			if !want {
				continue
			}
			if onlyBy(b, b.Succs[i], at) || to != nil && at.Block() == b && b.Succs[i] == to && b.Succs[1-i] != to {
				return true
			}
		}
	}
	return false
}

// remembers reports whether a value of type t may refer to memory, so that
// what it holds depends on when one looks.
func remembers(t types.Type) bool {
	_, basic := t.Underlying().(*types.Basic)
	return !basic
}

func (e *engine) opaque(pos token.Pos, what string) Value {
	return one(Atom{Kind: Opaque, Text: what, Pos: pos})
}

func constantAtom(text string, known bool, pos token.Pos) Value {
	return one(Atom{Kind: Constant, Text: text, Mixed: !known, Pos: pos})
}

func (e *engine) compute(v ssa.Value, path Path, at ssa.Instruction) Value {
	if isContext(v.Type()) && path == "" {
		return e.contextValue(v)
	}
	if path == called {
		return e.calledResult(v)
	}
	if column, ok := strings.CutPrefix(string(path), called+columnMark); ok {
		return e.calledQuery(v, columnMark+Path(column), at)
	}
	if val, ok := e.databaseKey(v, path); ok {
		return val
	}
	if val, ok := e.asCondition(v, path, at); ok {
		return val
	}
	if path == "" {
		if parts, ok := e.composite(v, at); ok {
			return parts
		}
	}
	if strings.HasPrefix(string(path), allElems) {
		if val, ok := e.allOf(v, Path(strings.TrimPrefix(string(path), allElems)), at); ok {
			return val
		}
	}
	switch v := v.(type) {
	case *ssa.Const:
		if base, column := path.column(); isSession(column) || column != "" && strings.HasPrefix(string(base), models.Elem) {
			return Value{} // nothing runs on nil, and an empty list has no elements
		} else if column != "" {
			return unrestricted()
		}
		return constAt(v, path)
	case *ssa.Parameter, *ssa.FreeVar, *ssa.Global, *ssa.Alloc, *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan:
		return e.contents(v, path, at)
	case *ssa.FieldAddr:
		return e.ev(v.X, Path(e.fieldStep(v.X.Type(), v.Field))+path, at)
	case *ssa.Field:
		val := e.ev(v.X, Path(e.fieldStep(v.X.Type(), v.Field))+path, at)
		if path == "" {
			val = e.secretField(v.X.Type(), v.Field, val)
		}
		return val
	case *ssa.IndexAddr:
		return e.ev(v.X, Path(indexStep(v.Index))+path, at)
	case *ssa.Index:
		if isString(v.X.Type()) {
			return partOf(e.ev(v.X, "", at))
		}
		return e.ev(v.X, Path(indexStep(v.Index))+path, at)
	case *ssa.Lookup:
		if isString(v.X.Type()) {
			return partOf(e.ev(v.X, "", at))
		}
		return e.lookup(v, path)
	case *ssa.UnOp:
		switch v.Op {
		case token.MUL:
			when := ssa.Instruction(v)
			if path != "" && at != nil {
				when = at
			}
			val := e.load(v.X, path, when)
			if fa, ok := v.X.(*ssa.FieldAddr); ok && path == "" {
				val = e.secretField(fa.X.Type(), fa.Field, e.declared(fa, val))
			}
			return e.heldElsewhere(v, path, val)
		case token.ARROW:
			return e.ev(v.X, models.Elem+path, at)
		}
		return e.ev(v.X, path, at).bag()
	case *ssa.BinOp:
		switch v.Op {
		case token.ADD:
			if isString(v.Type()) {
				return concat(e.ev(v.X, "", v), e.ev(v.Y, "", v))
			}
		case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
			return constantAtom("", false, v.Pos())
		}
		return concat(e.ev(v.X, "", at), e.ev(v.Y, "", at)).bag()
	case *ssa.Phi:
		if val, ok := e.folded(v, path, at); ok {
			return val
		}
		var out Value
		for i, edge := range v.Edges {
			pred := v.Block().Preds[i]
			if !e.follows(pred, v.Block()) {
				continue
			}
			end := pred.Instrs[len(pred.Instrs)-1]
			val := e.discharge(e.ev(edge, path, at), end)
			if path == "" && isString(v.Type()) {
				val = e.excluded(val, edge, end, v.Block())
			}
			out = join(out, val)
		}
		if shortened(v) {
			out = masked(out)
		}
		return out
	case *ssa.Call:
		return e.callContents(v, v, 0, path, at)
	case *ssa.Extract:
		switch t := v.Tuple.(type) {
		case *ssa.Call:
			return e.callContents(v, t, v.Index, path, at)
		case *ssa.TypeAssert:
			if v.Index == 0 {
				return e.ev(t.X, path, at)
			}
		case *ssa.Lookup:
			if v.Index == 0 {
				return e.lookup(t, path)
			}
		case *ssa.UnOp: // v, ok := <-ch
			if v.Index == 0 {
				return e.ev(t.X, models.Elem+path, at)
			}
		case *ssa.Next:
			rng, ok := t.Iter.(*ssa.Range)
			switch {
			case !ok || t.IsString:
			case v.Index == 1:
				return e.ev(rng.X, models.MapKey+path, t)
			case v.Index == 2:
				return e.secretLoop(t, rng.X, e.ev(rng.X, models.Elem+path, t))
			}
		}
		if isBoolOrError(v.Type()) {
			return constantAtom("", false, v.Pos())
		}
		return e.opaque(v.Pos(), "a value")
	case returnedElem:
		return e.subst(e.settle(e.ev(v.elem, path, v.ret), v.ret), v.call.Common(), v.call)
	case *ssa.ChangeType:
		return e.ev(v.X, path, at)
	case *ssa.ChangeInterface:
		return e.ev(v.X, path, at)
	case *ssa.MakeInterface:
		val := e.ev(v.X, path, at)
		if path == "" {
			val = e.boxed(v.X.Type(), val)
		}
		return val
	case *ssa.Convert:
		return e.ev(v.X, path, at)
	case *ssa.MultiConvert:
		return e.ev(v.X, path, at)
	case *ssa.SliceToArrayPointer:
		return e.ev(v.X, path, at)
	case *ssa.TypeAssert:
		return e.ev(v.X, path, at)
	case *ssa.Slice:
		if isString(v.X.Type()) && (v.Low != nil || v.High != nil) {
			part := partOf(e.ev(v.X, path, at))
			if fewOf(v) {
				part = masked(part)
			}
			return part
		}
		return e.ev(v.X, path, at)
	case *ssa.Function, *ssa.MakeClosure, *ssa.Builtin:
		if _, column := path.column(); column != "" {
			return e.opaque(v.Pos(), "a predicate of its own")
		}
		return constantAtom("", false, v.Pos())
	}
	return e.opaque(v.Pos(), "a value")
}

// declared returns val, loaded from a field, as what the rows say the field
// is, unless it was seen where the field's value comes from.
func (e *engine) declared(fa *ssa.FieldAddr, val Value) Value {
	_, field := structField(fa.X.Type(), fa.Field)
	if field == nil {
		return val
	}
	f := e.index.Field(field)
	if f == nil || f.Source == 0 || val.has(func(a *Atom) bool { return a.Kind != Opaque && (a.Kind != Record || a.Selected) }) {
		return val
	}
	return one(Atom{Kind: Scope, Dims: f.Source, Text: field.Name(), Pos: fa.Pos()})
}

func constValue(v *ssa.Const) Value {
	if v.Value != nil && v.Value.Kind() == constant.String {
		return constantAtom(constant.StringVal(v.Value), true, v.Pos())
	}
	if v.Value == nil && hasZero(v.Type()) {
		return constantAtom("", true, v.Pos())
	}
	if v.Value != nil && v.Value.Kind() == constant.Int {
		return constantAtom(v.Value.ExactString(), true, v.Pos())
	}
	return constantAtom("", false, v.Pos())
}

// constAt is [constValue] of what is in v at path: there is nothing in a list that is
// nil, so that no way leads there.
func constAt(v *ssa.Const, path Path) Value {
	if v.Value == nil && strings.HasPrefix(string(path), models.Elem) {
		return Value{}
	}
	return constValue(v)
}

// hasZero reports whether a zero value of type t, as an identifier, is one that is
// not there: "", the zero UUID, a nil pointer to either.
func hasZero(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Struct, *types.Array, *types.Pointer:
		return true
	}
	return isString(t)
}

// partOf returns what a piece of v is: it comes from v, but what v carried may
// not be in it.
func partOf(v Value) Value {
	return v.mapAlts(func(alt Alt) Alt {
		out := Alt{Bag: true}
		for _, a := range alt.Parts {
			if a.Kind == Scope || a.Kind == Param {
				a = Atom{Kind: Opaque, Text: "a part of " + describe(&a), Pos: a.Pos, At: a.At}
			}
			out.Parts = append(out.Parts, a)
		}
		return out
	})
}

// contextValue: a context never carries a dimension; what is kept is whose
// context it is, because what was loaded with it was loaded for that caller.
func (e *engine) contextValue(v ssa.Value) Value {
	switch v := v.(type) {
	case *ssa.Parameter:
		if v.Parent().Parent() != nil {
			return one(Atom{Kind: Opaque, Ctx: true, Selected: true, Text: "context", Pos: v.Pos()})
		}
		return one(Atom{Kind: Param, Root: paramNumber(v), Ctx: true, Selected: true, Text: v.Name(), Pos: v.Pos()})
	case *ssa.Call:
		return e.contextFrom(v)
	case *ssa.Extract:
		if c, ok := v.Tuple.(*ssa.Call); ok {
			return e.contextFrom(c)
		}
	case *ssa.Phi:
		var out Value
		for _, edge := range v.Edges {
			out = join(out, e.ev(edge, "", nil))
		}
		return out
	case *ssa.MakeInterface:
		return one(Atom{Kind: Opaque, Ctx: true, Selected: true, Text: "context", Pos: v.Pos()})
	case *ssa.ChangeInterface:
		return e.ev(v.X, "", nil)
	case *ssa.FreeVar:
		if b, ok := e.binding(v); ok {
			return e.ev(b, "", nil)
		}
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return e.load(v.X, "", v)
		}
	}
	return one(Atom{Kind: Opaque, Ctx: true, Selected: true, Text: "context", Pos: v.Pos()})
}

func (e *engine) contextFrom(c *ssa.Call) Value {
	common := c.Common()
	args := common.Args
	if common.IsInvoke() {
		args = append([]ssa.Value{common.Value}, args...)
	}
	for _, a := range args {
		if isContext(a.Type()) {
			return e.ev(a, "", nil)
		}
	}
	if len(args) == 0 {
		return constantAtom("", false, c.Pos()) // context.Background and its like
	}
	return one(Atom{Kind: Request, Ctx: true, Selected: true, Text: "the request's context", Pos: c.Pos()})
}

// composite answers for a whole struct or array, asked for as one value (a
// struct used as a key, an array of parts): all its parts, each in its place.
func (e *engine) composite(v ssa.Value, at ssa.Instruction) (Value, bool) {
	t := v.Type()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		switch p.Elem().Underlying().(type) {
		case *types.Struct, *types.Array:
			t = p.Elem()
		default:
			return Value{}, false
		}
	}
	if m := e.index.Type(t); m != nil && (m.Source != 0 || m.Origin != "" || m.Fixed || m.Wraps) {
		return Value{}, false
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		switch v.(type) {
		case *ssa.Parameter, *ssa.Call, *ssa.Extract, *ssa.Lookup, *ssa.Const:
			return Value{}, false // whole by itself
		}
		if e.flat > 2 || u.NumFields() == 0 {
			return Value{}, false
		}
		if m, ok := v.(*ssa.MakeInterface); ok {
			return e.ev(m.X, "", at), true
		}
		base, prefix := e.root(v)
		if _, ok := base.(*ssa.Alloc); !ok {
			return Value{}, false
		}
		fields, ok := e.filled(base, prefix, u)
		if !ok {
			return Value{}, false
		}
		e.flat++
		defer func() { e.flat-- }()
		out := Value{[]Alt{{Bag: true}}}
		for _, f := range fields {
			out = gather(out, e.ev(v, Path("."+f), at))
		}
		return out, true
	case *types.Array:
		if base, _ := e.root(v); base == nil {
			return Value{}, false
		} else if _, ok := base.(*ssa.Alloc); !ok {
			return Value{}, false
		}
		if u.Len() > 16 {
			return Value{}, false
		}
		if b, ok := u.Elem().Underlying().(*types.Basic); ok && b.Info()&types.IsString == 0 {
			return Value{}, false // bytes: filled by a call
		}
		out := Value{[]Alt{{Bag: true}}}
		for i := range u.Len() {
			out = gather(out, e.ev(v, Path("["+strconv.FormatInt(i, 10)+"]"), at))
		}
		return out, true
	}
	return Value{}, false
}

// filled returns the fields of a local struct, at prefix from base, that hold
// something: those that are written, or, where it is written as a whole, all
// that may carry an identifier. It is false for a builder, whose fields are
// its own business.
func (e *engine) filled(base ssa.Value, prefix Path, s *types.Struct) ([]string, bool) {
	written := map[string]bool{}
	whole := false
	for _, w := range e.writesTo(base) {
		if w.sub == prefix && (w.mode == appendTo || w.mode == emptied) {
			return nil, false
		}
		if overlaps(w.sub, prefix) {
			whole = true
		}
		if rest, ok := strings.CutPrefix(string(w.sub), string(prefix)+"."); ok {
			written[strings.TrimPrefix(Path("." + rest).steps()[0], ".")] = true
		}
	}
	var out []string
	for f := range s.Fields() {
		if mayCarry(f.Type()) && (written[f.Name()] || whole) {
			out = append(out, f.Name())
		}
	}
	if len(out) > 16 {
		return nil, false
	}
	return out, true
}

// allOf returns all elements of list v one after the other.
func (e *engine) allOf(v ssa.Value, rest Path, at ssa.Instruction) (Value, bool) {
	lists, ok := e.elements(v)
	if !ok {
		return Value{}, false
	}
	var out Value
	for _, list := range lists {
		acc := Value{[]Alt{{}}}
		for _, elem := range list {
			acc = concat(acc, e.element(elem, rest, at))
		}
		out = join(out, acc)
	}
	return out, true
}

// element returns what elem, an element of a list that was built in sight, is at a
// path: what was checked where it was put there is checked.
func (e *engine) element(elem ssa.Value, path Path, at ssa.Instruction) Value {
	val := e.ev(elem, path, at)
	if elem.Referrers() == nil {
		return val
	}
	var put *ssa.Store
	for _, ref := range *elem.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Val == elem {
			if put != nil {
				return val
			}
			put = st
		}
	}
	if put == nil {
		return val
	}
	return e.discharge(val, put)
}

// elements returns the elements of a slice that is built in sight, as the
// lists that it may be (several where an append is conditional).
// A list that grows in a loop is followed around once.
func (e *engine) elements(v ssa.Value) ([][]ssa.Value, bool) {
	return e.elementsOf(v, map[*ssa.Phi][][]ssa.Value{}, 0)
}

func (e *engine) elementsOf(v ssa.Value, open map[*ssa.Phi][][]ssa.Value, depth int) ([][]ssa.Value, bool) {
	if depth > 64 {
		return nil, false
	}
	switch v := v.(type) {
	case *ssa.Const:
		return [][]ssa.Value{nil}, true
	case *ssa.MakeSlice:
		if c, ok := v.Len.(*ssa.Const); ok && c.Value != nil && c.Int64() == 0 {
			return [][]ssa.Value{nil}, true
		}
		return e.alike(v, open, depth)
	case *ssa.ChangeType:
		return e.elementsOf(v.X, open, depth+1)
	case *ssa.UnOp:
		if list := e.fixedList(v); list != nil {
			return e.elementsOf(list, open, depth+1)
		}
	case *ssa.Slice:
		alloc, ok := v.X.(*ssa.Alloc)
		if !ok {
			if v.Low == nil && v.High == nil {
				return e.elementsOf(v.X, open, depth+1)
			}
			return nil, false
		}
		arr, ok := alloc.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array)
		if !ok || arr.Len() > 256 { // rows have many columns
			return nil, false
		}
		if h, ok := v.High.(*ssa.Const); ok && h.Value != nil && h.Int64() == 0 {
			return [][]ssa.Value{nil}, true // make([]T, 0, n)
		}
		if v.Low != nil || v.High != nil {
			return nil, false
		}
		list := make([]ssa.Value, arr.Len())
		for _, ref := range *alloc.Referrers() {
			ia, ok := ref.(*ssa.IndexAddr)
			if !ok {
				continue
			}
			c, ok := ia.Index.(*ssa.Const)
			if !ok || c.Value == nil || ia.Referrers() == nil {
				return nil, false
			}
			for _, r := range *ia.Referrers() {
				st, ok := r.(*ssa.Store)
				if !ok || st.Addr != ia {
					continue
				}
				i := c.Int64()
				if i < 0 || i >= int64(len(list)) || list[i] != nil {
					return nil, false
				}
				list[i] = st.Val
			}
		}
		for _, x := range list {
			if x == nil {
				return nil, false
			}
		}
		return [][]ssa.Value{list}, true
	case *ssa.Call:
		if appends(v) && len(v.Call.Args) == 2 {
			heads, ok := e.elementsOf(v.Call.Args[0], open, depth+1)
			if !ok {
				return nil, false
			}
			tails, ok := e.elementsOf(v.Call.Args[1], open, depth+1)
			if !ok || len(heads)*len(tails) > maxAlts {
				return nil, false
			}
			var out [][]ssa.Value
			for _, h := range heads {
				for _, t := range tails {
					out = append(out, append(h[:len(h):len(h)], t...))
				}
			}
			return out, true
		}
		return e.returnedElements(v, 0, depth)
	case *ssa.Extract:
		if c, ok := v.Tuple.(*ssa.Call); ok {
			return e.returnedElements(c, v.Index, depth)
		}
	case *ssa.Phi:
		if lists, ok := open[v]; ok {
			return lists, len(lists) > 0
		}
		var out [][]ssa.Value
		open[v] = nil
		defer delete(open, v)
		for _, edge := range v.Edges {
			if edge == v {
				continue
			}
			lists, ok := e.elementsOf(edge, open, depth+1)
			if !ok {
				return nil, false
			}
			out = append(out, lists...)
			open[v] = out
		}
		return out, len(out) <= maxAlts
	}
	return nil, false
}

// lookup returns what is found in a map: what was put there, selected by the
// map's own selection and the key.
func (e *engine) lookup(v *ssa.Lookup, path Path) Value {
	content, fixed := e.entryOf(v, path)
	if !fixed {
		content = e.ev(v.X, models.Elem+path, v)
	}
	by := concat(e.selection(v.X, v), e.ev(v.Index, "", v)).selected()
	return concat(e.secretEntry(v.X, v.Index, content), by)
}

// selection returns by what the container v was chosen: the scope atoms that
// make it one tenant's, or the parameters that may.
func (e *engine) selection(v ssa.Value, at ssa.Instruction) Value {
	return e.ev(v, "", at).selected()
}

// root follows addresses and loads up to the value that everything hangs on,
// and the path from there.
func (e *engine) root(v ssa.Value) (ssa.Value, Path) {
	var path Path
	for range 64 {
		switch x := v.(type) {
		case *ssa.FieldAddr:
			path = Path(e.fieldStep(x.X.Type(), x.Field)) + path
			v = x.X
		case *ssa.Field:
			path = Path(e.fieldStep(x.X.Type(), x.Field)) + path
			v = x.X
		case *ssa.IndexAddr:
			path = Path(indexStep(x.Index)) + path
			v = x.X
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return v, path
			}
			v = x.X
		case *ssa.Slice:
			if isString(x.X.Type()) {
				return v, path
			}
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.TypeAssert:
			if x.CommaOk {
				return v, path
			}
			v = x.X
		case *ssa.Call:
			same := nilChecked(x)
			if same == nil {
				return v, path
			}
			v = same
		default:
			return v, path
		}
	}
	return v, path
}

// nilChecked returns the receiver that the wrapper of a promoted method passes on once it
// is known not to be nil; nil if c is not that check.
func nilChecked(c *ssa.Call) ssa.Value {
	if b, ok := c.Call.Value.(*ssa.Builtin); ok && b.Name() == "ssa:wrapnilchk" {
		return c.Call.Args[0]
	}
	return nil
}

// load returns what lies at address addr (seen through path) at the time of at.
func (e *engine) load(addr ssa.Value, path Path, at ssa.Instruction) Value {
	base, prefix := e.root(addr)
	full := prefix + path
	if full.depth() > maxSteps {
		return e.opaque(addr.Pos(), "a value nested too deep")
	}
	switch b := base.(type) {
	case *ssa.Parameter, *ssa.FreeVar, *ssa.Global, *ssa.Alloc, *ssa.MakeMap, *ssa.MakeSlice:
		return e.ask(evKey{v: base, path: full, at: at, idx: -1}, func() Value {
			if full == "" {
				if val, ok := e.composite(base, at); ok {
					return val
				}
			}
			return e.contents(base, full, at)
		})
	case *ssa.Const:
		return constAt(b, full)
	}
	return e.ev(base, full, at)
}

// fieldStep is the step to the i-th field of t; a value in a struct of its own
// is that value.
func (e *engine) fieldStep(t types.Type, i int) string {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if m := e.index.Type(t); m != nil && m.Wraps {
		return ""
	}
	if s, ok := t.Underlying().(*types.Struct); ok && i < s.NumFields() {
		return "." + s.Field(i).Name()
	}
	return ".?"
}

func indexStep(i ssa.Value) string {
	if c, ok := i.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Int {
		if n, ok := constant.Int64Val(c.Value); ok && n >= 0 && n < 64 {
			return "[" + strconv.FormatInt(n, 10) + "]"
		}
	}
	return models.Elem
}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

func isBoolOrError(t types.Type) bool {
	if b, ok := t.Underlying().(*types.Basic); ok {
		return b.Info()&types.IsBoolean != 0
	}
	return isError(t)
}

func isError(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() == nil && n.Obj().Name() == "error"
}

func isContext(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context" && n.Obj().Name() == "Context"
}

// mayCarry reports whether a value of type t can hold an identifier.
func mayCarry(t types.Type) bool {
	if isContext(t) || isError(t) {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&(types.IsBoolean|types.IsFloat|types.IsComplex) == 0
	case *types.Signature, *types.Chan:
		return false
	}
	return true
}

// paramNumber returns the number of p as callers count: the receiver is [Receiver].
func paramNumber(p *ssa.Parameter) int {
	fn := p.Parent()
	for i, q := range fn.Params {
		if q == p {
			if fn.Signature.Recv() != nil {
				return i - 1
			}
			return i
		}
	}
	return 0
}
