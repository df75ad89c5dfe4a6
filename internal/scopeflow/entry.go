package scopeflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// Scope enters where a value is stored as what sources hand out later: under a
// key of a context, in a field or parameter that the policy calls scope.

// A Setting is what a function stores as scope on behalf of its caller.
type Setting struct {
	Param int
	Path  Path
	Dims  models.Dims
}

// A KeyUse is a context key that a source reads, and what of the value under it
// is scope.
type KeyUse struct {
	Key  string
	Path Path
	Dims models.Dims
}

// A stored value is one that a call stores as scope.
type stored struct {
	v    ssa.Value
	path Path
	dims models.Dims
}

// settings returns what a call stores as scope: by a row that says so, under
// the key of a context that a source reads, or in the function that it calls.
func (e *engine) settings(call ssa.CallInstruction) []stored {
	common := call.Common()
	if m := e.index.Func(callee(common)); m != nil {
		var out []stored
		for _, s := range m.Setters {
			if v := argument(common, placeNumber(s.Place)); v != nil {
				out = append(out, stored{v, pathOf(s.Place.Path), s.Dims})
			}
		}
		for i := range m.Flows {
			if m.Flows[i].How == models.ContextSet {
				out = append(out, e.storedUnder(&m.Flows[i], common)...)
			}
		}
		return out
	}
	var sets []Setting
	if bodies := e.bodies(common); len(bodies) > 0 {
		for _, b := range bodies {
			sets = append(sets, e.sets(b)...)
		}
	} else if s := e.fact(callee(common)); s != nil {
		sets = s.Sets
	}
	var out []stored
	for _, s := range sets {
		if v := argument(common, s.Param); v != nil {
			out = append(out, stored{v, s.Path, s.Dims})
		}
	}
	return out
}

// storedUnder returns what a call puts into a context under a key of scope.
func (e *engine) storedUnder(fl *models.Flow, c *ssa.CallCommon) []stored {
	key, v := argument(c, placeNumber(fl.From[0])), argument(c, placeNumber(fl.From[1]))
	if key == nil || v == nil {
		return nil
	}
	path := pathOf(fl.From[1].Path)
	if dims, _ := e.keyDims(key); dims != 0 {
		return []stored{{v, path, dims}}
	}
	name := keyName(key)
	if name == "" {
		return nil
	}
	var out []stored
	for _, use := range e.keyUses() {
		if use.Key == name {
			out = append(out, stored{v, path + use.Path, use.Dims})
		}
	}
	return out
}

// keyDims returns the dimensions of what a context holds under a key, if the
// policy says so, and the key's name.
func (e *engine) keyDims(v ssa.Value) (dims models.Dims, name string) {
	if mi, ok := v.(*ssa.MakeInterface); ok {
		v = mi.X
	}
	switch x := v.(type) {
	case *ssa.Const:
		if x.Value != nil {
			dims, name = e.index.ContextConst(x.Type(), x.Value), x.Value.String()
		}
	case *ssa.Global: // its address is the key
		dims, name = e.index.ContextKey(x.Object()), x.Name()
	case *ssa.UnOp:
		if g, ok := x.X.(*ssa.Global); ok && x.Op == token.MUL {
			dims, name = e.index.ContextKey(g.Object()), g.Name()
		}
	}
	if v != nil && dims == 0 {
		if n, ok := types.Unalias(v.Type()).(*types.Named); ok {
			dims, name = e.index.ContextKey(n.Obj()), n.Obj().Name()
		}
	}
	return dims, name
}

// keyName identifies a context key across packages: two keys are the same if
// they have the same name. It is "" if that cannot be told.
func keyName(v ssa.Value) string {
	if mi, ok := v.(*ssa.MakeInterface); ok {
		v = mi.X
	}
	switch x := v.(type) {
	case *ssa.Global:
		return "&" + x.Pkg.Pkg.Path() + "." + x.Name()
	case *ssa.UnOp:
		if g, ok := x.X.(*ssa.Global); ok && x.Op == token.MUL {
			return g.Pkg.Pkg.Path() + "." + g.Name()
		}
	}
	typ := ""
	if n, ok := types.Unalias(v.Type()).(*types.Named); ok {
		if n.Obj().Pkg() == nil {
			return ""
		}
		typ = n.Obj().Pkg().Path() + "." + n.Obj().Name()
		if s, ok := n.Underlying().(*types.Struct); ok && s.NumFields() == 0 {
			return typ
		}
	}
	if k, ok := v.(*ssa.Const); ok && k.Value != nil && (typ != "" || k.Value.Kind() == constant.String) {
		return typ + " " + k.Value.ExactString()
	}
	return ""
}

// keyUses returns the context keys that sources read, of this package and of
// those that it imports.
func (e *engine) keyUses() []KeyUse {
	if e.keysRead != nil {
		return *e.keysRead
	}
	e.keysRead = &[]KeyUse{}
	var out []KeyUse
	add := func(fn *types.Func, uses []KeyUse) {
		out = append(out, uses...)
		if m := e.index.Func(fn); m != nil && len(uses) == 0 && handedContext(fn) {
			for _, s := range m.Sources {
				e.keysHidden |= s.Dims
			}
		}
	}
	for _, fn := range e.funcs {
		if obj := declared(fn); obj != nil {
			add(obj, e.keysOf(fn))
		}
	}
	imported := func(fn *types.Func) {
		if s := e.fact(fn); s != nil {
			add(fn, s.Keys)
		} else {
			add(fn, nil)
		}
	}
	seen := map[string]bool{}
	for _, sym := range e.sourceSymbols() {
		if seen[sym.Package] || e.imported[sym.Package] == nil || sym.Package == e.pass.Pkg.Path() {
			continue
		}
		seen[sym.Package] = true
		scope := e.imported[sym.Package].Scope()
		for _, name := range scope.Names() {
			switch obj := scope.Lookup(name).(type) {
			case *types.Func:
				imported(obj)
			case *types.TypeName:
				if n, ok := obj.Type().(*types.Named); ok {
					for m := range n.Methods() {
						imported(m)
					}
				}
			}
		}
	}
	e.keysRead = &out
	return out
}

func handedContext(fn *types.Func) bool {
	for p := range fn.Signature().Params().Variables() {
		if isContext(p.Type()) {
			return true
		}
	}
	return false
}

func (e *engine) sourceSymbols() []models.Symbol {
	if e.policy.Set == nil {
		return nil
	}
	return slices.DeleteFunc(e.policy.Set.Symbols(), func(s models.Symbol) bool { return s.Table != "source" })
}

// keysOf returns the context keys that fn reads, if it is a source.
func (e *engine) keysOf(fn *ssa.Function) []KeyUse {
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return nil
	}
	m := e.index.Func(obj)
	if m == nil || len(m.Sources) == 0 {
		return nil
	}
	var out []KeyUse
	for _, src := range m.Sources {
		if src.Place.Base != models.Result {
			continue
		}
		for _, use := range e.keysReturned(fn, src.Place.Index, 0) {
			use.Path += pathOf(src.Place.Path)
			use.Dims = src.Dims
			if use.Key != "" && !slices.Contains(out, use) {
				out = append(out, use)
			}
		}
	}
	return out
}

// keysReturned returns the context keys under which the idx-th result of fn is
// found, and which part of what is there it is.
func (e *engine) keysReturned(fn *ssa.Function, idx, depth int) []KeyUse {
	var out []KeyUse
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && idx < len(ret.Results) {
			out = append(out, e.keysBehind(ret.Results[idx], depth)...)
		}
	}
	return out
}

// maxHelpers bounds through how many functions a context lookup is followed.
const maxHelpers = 4

// keysBehind returns the context keys under which v is found. What is known of a
// variable is kept: a handler that assigns one in a hundred places is asked for each.
func (e *engine) keysBehind(v ssa.Value, depth int) []KeyUse {
	base, path := e.root(v)
	return below(memo(&e.keysOut, keysAt{base, depth}, func() []KeyUse {
		return e.findKeys(base, depth)
	}), path)
}

// keysAt is a value that is not a part of another, met behind so many helpers.
type keysAt struct {
	base  ssa.Value
	depth int
}

func (e *engine) findKeys(base ssa.Value, depth int) []KeyUse {
	var out []KeyUse
	add := func(v ssa.Value) {
		if depth >= maxHelpers {
			return
		}
		for _, use := range e.keysBehind(v, depth+1) {
			if !slices.Contains(out, use) {
				out = append(out, use)
			}
		}
	}
	idx := 0
	switch x := base.(type) {
	case *ssa.Phi:
		for _, edge := range x.Edges {
			add(edge)
		}
		return out
	case *ssa.Alloc:
		for _, w := range e.writesTo(x) {
			if st, ok := w.instr.(*ssa.Store); ok && w.sub == "" {
				add(st.Val)
			}
		}
		return out
	case *ssa.TypeAssert: // v, ok := x.(T), of which only the tuple is left
		return e.keysBehind(x.X, depth)
	case *ssa.Extract:
		if t, ok := x.Tuple.(*ssa.TypeAssert); ok {
			return e.keysBehind(t.X, depth)
		}
		base, idx = x.Tuple, x.Index
	}
	call, ok := base.(*ssa.Call)
	if !ok {
		return nil
	}
	if use, ok := e.keyRead(call); ok {
		return []KeyUse{use}
	}
	if fn := e.body(call.Common()); fn != nil && depth < maxHelpers {
		return e.keysReturned(fn, idx, depth+1)
	}
	return nil
}

// below returns the uses as of a part of what is found.
func below(uses []KeyUse, path Path) []KeyUse {
	if path == "" {
		return uses
	}
	uses = slices.Clone(uses) // they are kept as they are
	for i := range uses {
		uses[i].Path += path
	}
	return uses
}

// keyRead returns the context key under which a call looks, with the dimensions
// that the policy says are there.
func (e *engine) keyRead(call *ssa.Call) (KeyUse, bool) {
	m := e.index.Func(callee(call.Common()))
	if m == nil {
		return KeyUse{}, false
	}
	for i := range m.Flows {
		if fl := &m.Flows[i]; fl.How == models.ContextKey && len(fl.From) == 1 {
			if v := argument(call.Common(), placeNumber(fl.From[0])); v != nil {
				dims, _ := e.keyDims(v)
				return KeyUse{Key: keyName(v), Dims: dims}, true
			}
		}
	}
	return KeyUse{}, false
}

// sets returns what fn stores as scope on behalf of its callers.
func (e *engine) sets(fn *ssa.Function) []Setting {
	return memo(&e.setsOf, fn, func() []Setting { return e.findSets(fn) })
}

func (e *engine) findSets(fn *ssa.Function) []Setting {
	var out []Setting
	e.instrs(fn, func(in ssa.Instruction) {
		call, ok := in.(ssa.CallInstruction)
		if !ok {
			return
		}
		for _, s := range e.settings(call) {
			val := e.settle(e.ev(s.v, s.path, call), call)
			for i := range val.Alts {
				for _, p := range val.Alts[i].Parts {
					set := Setting{p.Root, p.Path, s.dims}
					if p.Kind == Param && !p.Selected && !p.Ctx && p.Root < literalParam && len(out) < 8 && !slices.Contains(out, set) {
						out = append(out, set)
					}
				}
			}
		}
	})
	return out
}

// An Entry is a value of the client's that becomes the scope of what follows.
type Entry struct {
	Func   *types.Func // the declared function that it is in, nil in an initialiser
	Pos    token.Pos   // of what lets it in
	Name   string      // of that
	Dims   models.Dims
	Sent   Atom      // what the client sent
	Chosen bool      // the value is a record's that was looked up by it
	Read   token.Pos // where that was read, if in this package
}

// Entries returns the values that a client sends and that become scope without
// a check that they are the caller's, in source order.
func (r *Result) Entries() []Entry {
	e := r.e
	var out []Entry
	for _, fn := range e.funcs {
		e.instrs(fn, func(in ssa.Instruction) {
			values, name := e.entering(in)
			for _, s := range values {
				if en, ok := e.enters(in, s); ok {
					en.Func, en.Pos, en.Name = declared(fn), in.Pos(), name
					out = append(out, en)
				}
			}
		})
	}
	return out
}

// entering returns what becomes scope at an instruction, and what makes it so.
func (e *engine) entering(in ssa.Instruction) ([]stored, string) {
	if out, name := e.convertedToScope(in); len(out) > 0 {
		return out, name
	}
	switch in := in.(type) {
	case ssa.CallInstruction:
		return append(e.settings(in), e.decodedScope(in)...), calleeName(in.Common())
	case *ssa.Store:
		fa, ok := in.Addr.(*ssa.FieldAddr)
		if !ok {
			return nil, ""
		}
		named, field := structField(fa.X.Type(), fa.Field)
		if dims := e.fieldSource(named, field); dims != 0 {
			return []stored{{in.Val, "", dims}}, "field " + named.Obj().Name() + "." + field.Name()
		}
	}
	return nil, ""
}

// fieldSource returns the dimensions that a field is a source of, by itself or
// as the part of a type that is one which its name claims to be.
func (e *engine) fieldSource(named *types.Named, field *types.Var) models.Dims {
	if named == nil {
		return 0
	}
	var dims models.Dims
	if f := e.index.Field(field); f != nil {
		dims = f.Source
	}
	if t := e.index.Type(named); t != nil {
		dims |= t.Source & e.claim(field.Name())
	}
	return dims
}

// enters reports whether what becomes scope at an instruction is what the
// client sent.
func (e *engine) enters(at ssa.Instruction, s stored) (Entry, bool) {
	val := e.settle(e.ev(s.v, s.path, at), at)
	for i := range val.Alts {
		alt := &val.Alts[i]
		for k := range alt.Parts {
			p := &alt.Parts[k]
			if p.Kind != Request || p.Ctx || p.Handled || p.Selected && (p.Claim&s.dims == 0 || !e.chosenBy(alt, s.dims)) || e.admits(*p, s.dims, at) {
				continue
			}
			en := Entry{Dims: s.dims, Sent: *p, Chosen: p.Selected}
			if !slices.ContainsFunc(at.Parent().Params, func(q *ssa.Parameter) bool { return q.Pos() == p.Pos }) {
				en.Read = p.Pos
			}
			return en, true
		}
	}
	return Entry{}, false
}

// chosenBy reports whether an alternative is a record that was found by what
// was asked for alone: neither in a scope nor for a context, whose scope the
// lookup may have heeded.
func (e *engine) chosenBy(alt *Alt, dims models.Dims) bool {
	found := false
	for i := range alt.Parts {
		switch p := &alt.Parts[i]; {
		case (p.Kind == Record || p.Kind == Opaque) && !p.Selected && !p.Ctx:
			found = true
		case p.Ctx, p.Kind == Scope && p.Dims&dims != 0:
			return false
		}
	}
	return found
}

// admits reports whether a check stands between what the client sent and at: a
// comparison with the scope, a guard, a lookup in the scope, or a call that took
// the context and this value and could refuse it; or a guard for what is stored.
func (e *engine) admits(p Atom, dims models.Dims, at ssa.Instruction) bool {
	for _, d := range dims.Each() {
		if e.vouched(p, d, at) {
			return true
		}
	}
	return e.refusable(p, at) || e.confirmed(at, dims) || e.namedByCredential(p, at)
}

// namedByCredential reports whether at runs only where p was found to be what a
// record says that was looked up by a credential, or a token that was verified.
func (e *engine) namedByCredential(p Atom, at ssa.Instruction) bool {
	for at := range e.outward(at) {
		for _, b := range at.Parent().Blocks {
			for _, in := range b.Instrs {
				x, y := e.compared(in)
				if x == nil || !e.toldByCredential(x, y, p, in) {
					continue
				}
				v := in.(ssa.Value)
				cmp, ok := in.(*ssa.BinOp)
				if good := e.goodEdges(v, !ok || cmp.Op == token.EQL, map[ssa.Value]bool{}); len(good) > 0 && !reaches(at.Parent().Blocks[0], at.Block(), good) {
					return true
				}
			}
		}
	}
	return false
}

// toldByCredential reports whether one of two values is p and the other comes with a
// credential.
func (e *engine) toldByCredential(x, y ssa.Value, p Atom, at ssa.Instruction) bool {
	vx, vy := e.ev(x, "", at), e.ev(y, "", at)
	for _, side := range [][2]Value{{vx, vy}, {vy, vx}} {
		sent := things(side[0])
		if len(sent) == 1 && sameThing(sent[0], p) && len(side[1].Alts) > 0 && !slices.ContainsFunc(side[1].Alts, func(alt Alt) bool { return !withCredential(&alt) }) {
			return true
		}
	}
	return false
}

// withCredential reports whether an alternative is of a record that was looked up by
// something that claims to be no dimension, or what was made of that out of sight.
func withCredential(alt *Alt) bool {
	found, by := false, false
	for i := range alt.Parts {
		switch p := &alt.Parts[i]; {
		case p.Kind == Request && p.Handled && !p.Selected && p.Claim == 0:
			return true
		case (p.Kind == Record || p.Kind == Opaque) && !p.Selected && !p.Ctx:
			found = true
		case p.Kind == Request && p.Selected && p.Claim == 0:
			by = true
		}
	}
	return found && by
}

// refusable reports whether at runs only where a call came out well that was
// handed p and a context: a check out of sight.
func (e *engine) refusable(p Atom, at ssa.Instruction) bool {
	for at := range e.outward(at) {
		for _, b := range at.Parent().Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(*ssa.Call)
				if !ok || in == at || !e.dominates(c, at) || !e.handsOver(c, p) {
					continue
				}
				says := e.verdictOf(c)
				if says == nil {
					continue
				}
				if good := e.goodEdges(says, true, map[ssa.Value]bool{}); len(good) > 0 && !reaches(at.Parent().Blocks[0], at.Block(), good) {
					return true
				}
			}
		}
	}
	return false
}

// handsOver reports whether c is handed p and a context or a request.
func (e *engine) handsOver(c *ssa.Call, p Atom) bool {
	if m := e.index.Func(callee(c.Common())); m != nil && len(m.Guards) == 0 {
		return false // known, and no check
	}
	ctx, sent := false, false
	for _, arg := range callArgs(c.Common()) {
		if isContext(arg.Type()) {
			ctx = true
			continue
		}
		if m := e.index.Type(arg.Type()); m != nil && m.Origin == models.Request {
			ctx = true
			continue
		}
		val := e.ev(arg, "", c)
		sent = sent || val.has(func(q *Atom) bool { return !q.Selected && sameThing(*q, p) })
	}
	return ctx && sent
}
