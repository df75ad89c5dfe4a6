package routes

import (
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// Bounds of a run, so that no program makes it endless. What is beyond them is
// not known, and said to be so.
const (
	maxInstrs = 400_000 // instructions per function that is run
	maxDepth  = 40      // calls within calls
	maxVisits = 600     // of one block within one call
	maxOps    = 20_000
	maxBlocks = 3_000 // of one function
	maxList   = 120   // elements of lists that are joined
	maxAside  = 3_000 // instructions of a call that has to do with routers by its results only
)

// A machine runs a function as far as wiring goes: it knows the constants,
// the objects that are made and what is stored in them, and takes both ways
// where it cannot tell a condition.
type machine struct {
	p      *program
	heap   map[string]map[string]Value // by base and path
	own    map[string]bool             // of heap, what is not shared with what the package begins with
	lists  map[int]*list
	types  map[int]string
	relays map[string]Value // by type and method, of other packages
	born   map[int]int      // under how many conditions objects were made; 0 if not there
	lost   map[string]bool  // objects that something out of sight may have changed
	waits  map[int]bool     // objects that stand for results of calls that callers make
	objs   int
	ops    []Op
	calls  map[string]bool

	stack []*ssa.Function
	sites []token.Pos // of the calls that led there
	steps int
	cond  []scopeflow.Position
	loop  int
	site  *callSite // of the call that is about to be run
	aside int       // steps at which to leave a call that wires nothing; 0 outside of one
	short bool      // a bound was met
}

// list is what is known of an object that is a list: its length; -1 for a map.
type list struct {
	n    int
	open bool
}

// frame is one call.
type frame struct {
	fn      *ssa.Function
	site    *callSite
	env     map[ssa.Value]Value
	free    []Value
	flow    *flow
	pending map[*ssa.BasicBlock]int
	backs   map[*ssa.BasicBlock][]*ssa.BasicBlock
	visits  map[*ssa.BasicBlock]int
	results []Value
	set     bool
	nothing bool // the results are zero values of structs, beside an error
}

func (p *program) machine() *machine {
	m := &machine{p: p, heap: map[string]map[string]Value{}, lists: map[int]*list{}, types: map[int]string{}, relays: map[string]Value{}, born: map[int]int{}, lost: map[string]bool{}, waits: map[int]bool{}, calls: map[string]bool{}}
	if i := p.initial; i != nil {
		m.heap = maps.Clone(i.heap) // see writable
		for k, l := range i.lists {
			c := *l
			m.lists[k] = &c
		}
		m.types, m.relays, m.lost, m.objs = maps.Clone(i.types), maps.Clone(i.relays), maps.Clone(i.lost), i.objs
	}
	return m
}

// writable returns what is at the places of an object, to be written to. What the
// package begins with is shared by all machines until then.
func (m *machine) writable(k string) map[string]Value {
	places := m.heap[k]
	if i := m.p.initial; places == nil {
		places = map[string]Value{}
		m.heap[k] = places
	} else if i != nil && m != i && i.heap[k] != nil && !m.own[k] {
		places = maps.Clone(places)
		m.heap[k] = places
		if m.own == nil {
			m.own = map[string]bool{}
		}
		m.own[k] = true
	}
	return places
}

func (m *machine) object(t types.Type) Value {
	m.objs++
	if len(m.cond) > 0 {
		m.born[m.objs] = len(m.cond)
	}
	if name := typeName(t); name != "" {
		m.types[m.objs] = name
	}
	return Value{Kind: kindRef, Base: baseObject, N: m.objs}
}

func (m *machine) newList(elems []Value) Value {
	v := m.object(nil)
	m.lists[v.N] = &list{n: len(elems)}
	for i, e := range elems {
		m.store(v.at("["+strconv.Itoa(i)+"]"), e)
	}
	return v
}

// typeName returns the name by which facts know a type, "" if it has none.
func typeName(t types.Type) string {
	if t == nil {
		return ""
	}
	star := ""
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		star, t = "*", types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return ""
	}
	return star + n.Obj().Pkg().Path() + "." + n.Obj().Name()
}

func (m *machine) store(addr, v Value) {
	switch addr.Kind {
	case kindAlt:
		for _, a := range addr.Args {
			m.store(a, either(m.load(a, nil), v))
		}
		return
	case kindRef:
	default:
		return
	}
	places := m.writable(addr.key())
	if addr.Base != baseObject && len(m.cond) > 0 || addr.Base == baseObject && len(m.cond) > m.born[addr.N] {
		if old, ok := places[addr.Path]; ok && !same(old, v) {
			v = m.merge(old, v, m.cond[len(m.cond)-1])
		} else if !ok && addr.Base != baseObject {
			v = m.merge(addr, v, m.cond[len(m.cond)-1])
		}
	}
	for path := range places {
		if strings.HasPrefix(path, addr.Path) && path != addr.Path && (path[len(addr.Path)] == '.' || path[len(addr.Path)] == '[') {
			delete(places, path)
		}
	}
	if v.Kind == kindRef && v.root() == addr.root() {
		delete(places, addr.Path)
		return
	}
	places[addr.Path] = v
}

// load returns what is at a reference; t is its type, if known.
func (m *machine) load(addr Value, t types.Type) Value { return m.loadAt(addr, t, 0) }

// maxTurns bounds how often one of several values leads to several again.
const maxTurns = 4

func (m *machine) loadAt(addr Value, t types.Type, depth int) Value {
	if depth > maxTurns {
		return unknown("")
	}
	switch addr.Kind {
	case kindAlt:
		var out Value
		for i, a := range addr.Args {
			if v := m.loadAt(a, t, depth+1); i == 0 {
				out = v
			} else {
				out = either(out, v)
			}
		}
		out.Cond = addr.Cond
		return out
	case kindRef:
	default:
		return addr // what is there is as unknown as the place
	}
	if strings.HasSuffix(addr.Path, anyKey) {
		return m.anyValue(addr)
	}
	for hops := 0; hops < 20; hops++ {
		places := m.heap[addr.key()]
		if v, ok := places[addr.Path]; ok {
			if v.Kind == kindRef && overlaid(places, addr.Path) {
				return addr // a copy of a struct, of which fields were set since
			}
			return v
		}
		// A value that was stored whole, further up.
		up := ""
		var whole Value
		for path, v := range places {
			if strings.HasPrefix(addr.Path, path) && len(path) >= len(up) && len(path) < len(addr.Path) &&
				(addr.Path[len(path)] == '.' || addr.Path[len(path)] == '[' || addr.Path[len(path)] == '{') {
				up, whole = path, v
				if path == "" {
					up = ""
				}
			}
		}
		if whole.Kind == kindRef {
			next := whole.at(addr.Path[len(up):])
			if next.root() == addr.root() {
				break
			}
			addr = next
			continue
		}
		if whole.Kind == kindAlt {
			alts := whole
			alts.Args = nil
			for _, a := range whole.Args {
				if a.Kind == kindRef {
					alts.Args = append(alts.Args, a.at(addr.Path[len(up):]))
				}
			}
			if len(alts.Args) > 0 && hops < 19 {
				return m.loadAt(alts, t, depth+1)
			}
		}
		if whole.Kind == kindUnknown && whole.Text != "" || whole.Kind == kindCall {
			return unknown(strings.TrimPrefix(addr.Path[len(up):], "."))
		}
		break
	}
	if addr.Base == baseObject && strings.HasSuffix(addr.Path, "[?]") {
		return m.anyElement(addr, depth+1)
	}
	if addr.Base != baseObject || m.lost[addr.key()] || t == nil {
		return addr
	}
	if v := zero(t); v.Kind != kindUnknown {
		return v
	}
	return addr
}

// zero is the zero value of a type, if it is one of those that are told apart.
func zero(t types.Type) Value {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsString != 0:
			return str("")
		case u.Info()&(types.IsInteger|types.IsBoolean) != 0:
			return integer(0)
		}
	case *types.Slice, *types.Map, *types.Pointer, *types.Signature, *types.Interface, *types.Chan:
		return Value{Kind: kindNil}
	}
	return unknown("")
}

// overlaid reports whether there is something below a path.
func overlaid(places map[string]Value, path string) bool {
	for p := range places {
		if len(p) > len(path) && strings.HasPrefix(p, path) && p[len(path)] == '.' {
			return true
		}
	}
	return false
}

func (m *machine) anyElement(addr Value, depth int) Value {
	base := addr
	base.Path = strings.TrimSuffix(addr.Path, "[?]")
	elems, known := m.elementsOf(base, 8+depth)
	if !known || len(elems) == 0 {
		return unknown("an element")
	}
	out := elems[0]
	for _, e := range elems[1:] {
		out = either(out, e)
	}
	return out
}

// elements returns the elements of a list. What is not known of it is an
// element of kindMany; then known is false.
func (m *machine) elements(v Value) (out []Value, known bool) {
	return m.elementsOf(v, 0)
}

func (m *machine) elementsOf(v Value, depth int) ([]Value, bool) {
	if depth > 12 {
		return []Value{{Kind: kindMany, Args: []Value{v}}}, false
	}
	switch v.Kind {
	case kindNil:
		return nil, true
	case kindAlt:
		var out []Value
		known := true
		for i, a := range v.Args {
			e, k := m.elementsOf(a, depth+1)
			known = known && k
			if i == 0 {
				out = e
			} else {
				out = mergeLists(out, e, v.Cond)
			}
		}
		return out, known
	case kindCall:
		if v.Ret != nil {
			if out, known := m.elementsOf(*v.Ret, depth+1); known {
				return out, true
			}
		}
	case kindMany:
		if len(v.Args) == 1 {
			return m.elementsOf(v.Args[0], depth+1)
		}
	case kindRef:
		if v.Base == baseObject && v.Path == "" {
			if l := m.lists[v.N]; l != nil && l.n >= 0 {
				m.steps += l.n
				known := !l.open
				var out []Value
				for i := range l.n {
					e := m.load(v.at("["+strconv.Itoa(i)+"]"), nil)
					if e.Kind == kindMany {
						more, k := m.elementsOf(e, depth+1)
						for j := range more {
							if more[j].Cond == nil {
								more[j].Cond = e.Cond
							}
						}
						out, known = append(out, more...), known && k
						continue
					}
					out = append(out, e)
				}
				return out, known
			}
		} else if w := m.load(v, nil); w.Kind != kindRef || w.root() != v.root() {
			return m.elementsOf(w, depth+1)
		} else if m.absent(v) {
			return nil, true
		}
	}
	return []Value{{Kind: kindMany, Args: []Value{v}}}, false
}

// absent reports whether v is at a key of a map that has no such key.
func (m *machine) absent(v Value) bool {
	i := strings.LastIndexByte(v.Path, '{')
	if i < 0 || !strings.HasSuffix(v.Path, "}") {
		return false
	}
	mp := v
	mp.Path = v.Path[:i]
	if mp.Path != "" {
		mp = m.load(mp, nil)
	}
	if mp.Kind == kindNil {
		return true
	}
	l := m.lists[mp.N]
	return mp.Kind == kindRef && mp.Base == baseObject && mp.Path == "" && l != nil && l.n == -1 && !l.open
}

// mergeLists joins two lists of which one is there: what is in one only is
// there on some paths.
func mergeLists(a, b []Value, cond *scopeflow.Position) []Value {
	if len(a) > maxList || len(b) > maxList {
		return []Value{{Kind: kindMany, Args: []Value{unknown("")}}}
	}
	if cond == nil {
		cond = &scopeflow.Position{}
	}
	// The longest common subsequence keeps the order of both.
	n := make([][]int, len(a)+1)
	for i := range n {
		n[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if same(a[i], b[j]) {
				n[i][j] = n[i+1][j+1] + 1
			} else {
				n[i][j] = max(n[i+1][j], n[i][j+1])
			}
		}
	}
	some := func(v Value) Value {
		if v.Cond == nil {
			v.Cond = cond
		}
		return v
	}
	var out []Value
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && same(a[i], b[j]):
			v := a[i]
			if v.Cond == nil {
				v.Cond = b[j].Cond
			}
			out = append(out, v)
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && n[i+1][j] >= n[i][j+1]:
			out = append(out, some(a[i]))
			i++
		default:
			out = append(out, some(b[j]))
			j++
		}
	}
	return out
}

// merge is one of two values, decided at a place. Lists are joined into one.
func (m *machine) merge(a, b Value, at scopeflow.Position) Value {
	if same(a, b) {
		return a
	}
	if m.isList(a) && m.isList(b) {
		x, _ := m.elements(a)
		y, _ := m.elements(b)
		return m.newList(mergeLists(x, y, &at))
	}
	v := either(a, b)
	if v.Kind == kindAlt {
		v.Cond = &at
	}
	return v
}

func (m *machine) isList(v Value) bool {
	switch v.Kind {
	case kindNil:
		return true
	case kindRef:
		l := m.lists[v.N]
		return v.Base == baseObject && v.Path == "" && l != nil && l.n >= 0
	}
	return false
}

// run runs fn with the given arguments and returns its results.
func (m *machine) run(fn *ssa.Function, args, free []Value) Value {
	site := m.site
	m.site = nil
	if len(m.stack) >= maxDepth || slices.Contains(m.stack, fn) || len(fn.Blocks) > maxBlocks || m.steps > maxInstrs {
		m.short = m.short || m.steps > maxInstrs
		return unknown("")
	}
	if m.aside == 0 && !m.p.touches(fn) {
		m.aside = m.steps + maxAside
		defer func() { m.aside = 0 }()
	} else if m.aside > 0 && m.p.touches(fn) {
		// What it calls may lead back to routers, by a literal.
		left, before := m.aside, m.steps
		m.aside = 0
		defer func() { m.aside = left + m.steps - before }()
	}
	m.stack, m.sites = append(m.stack, fn), append(m.sites, token.NoPos)
	defer func() { m.stack, m.sites = m.stack[:len(m.stack)-1], m.sites[:len(m.sites)-1] }()
	if site != nil {
		m.sites[len(m.sites)-1] = site.pos
	}
	m.p.ran[fn] = true
	fr := &frame{fn: fn, site: site, env: map[ssa.Value]Value{}, free: free, flow: m.p.flow(fn),
		pending: map[*ssa.BasicBlock]int{}, backs: map[*ssa.BasicBlock][]*ssa.BasicBlock{}, visits: map[*ssa.BasicBlock]int{}}
	for i, p := range fn.Params {
		v := unknown(p.Name())
		if i < len(args) {
			v = args[i]
		}
		fr.env[p] = v
	}
	m.walk(fr, fn.Blocks[0], nil, nil)
	switch len(fr.results) {
	case 0:
		return unknown("")
	case 1:
		return fr.results[0]
	}
	return Value{Kind: kindTuple, Args: fr.results}
}

// walk runs from b on, until stop, and returns by which blocks it got there.
func (m *machine) walk(fr *frame, b, prev, stop *ssa.BasicBlock) []*ssa.BasicBlock {
	from := []*ssa.BasicBlock{prev}
	var decided *scopeflow.Position
	for {
		if b == stop {
			return from
		}
		if fr.pending[b] > 0 {
			fr.backs[b] = append(fr.backs[b], from...)
			return nil
		}
		if fr.visits[b]++; fr.visits[b] > maxVisits || m.steps > maxInstrs || m.aside > 0 && m.steps > m.aside {
			m.short = m.short || m.aside == 0
			return nil
		}
		m.phis(fr, b, from, decided)
		decided = nil
		for _, in := range b.Instrs {
			m.steps++
			m.instr(fr, in)
		}
		switch last := b.Instrs[len(b.Instrs)-1].(type) {
		case *ssa.Jump:
			from, b = []*ssa.BasicBlock{b}, b.Succs[0]
		case *ssa.If:
			c := m.eval(fr, last.Cond)
			if c.Kind == kindInt {
				from, b = []*ssa.BasicBlock{b}, b.Succs[1-min(c.N, 1)]
				continue
			}
			at := m.p.position(condPos(last))
			good := [2]bool{fr.flow.good[b.Succs[0].Index], fr.flow.good[b.Succs[1].Index]}
			if !good[0] && !good[1] {
				good = [2]bool{true, true}
			}
			fr.pending[b]++
			if good[0] != good[1] {
				// The other way ends in an error: it decides nothing.
				bad, next := b.Succs[0], b.Succs[1]
				if good[0] {
					bad, next = next, bad
				}
				m.branch(fr, bad, b, nil, at, fr.flow.reaches(bad, b))
				fr.pending[b]--
				m.back(fr, b, at)
				from, b = []*ssa.BasicBlock{b}, next
				continue
			}
			join := fr.flow.join(b)
			var arrived []*ssa.BasicBlock
			loops := [2]bool{fr.flow.reaches(b.Succs[0], b), fr.flow.reaches(b.Succs[1], b)}
			if loops[0] != loops[1] {
				m.widen(fr, b)
			}
			// The body of a loop first: what it leaves is what comes after it.
			order := []int{0, 1}
			if loops[1] && !loops[0] {
				order = []int{1, 0}
			}
			for n, i := range order {
				if n == 1 && loops[order[0]] && !loops[order[1]] {
					m.back(fr, b, at)
				}
				if loops[order[0]] != loops[order[1]] && !loops[i] {
					// Leaving the loop is certain.
					arrived = append(arrived, m.walk(fr, b.Succs[i], b, join)...)
					continue
				}
				arrived = append(arrived, m.branch(fr, b.Succs[i], b, join, at, loops[i])...)
			}
			fr.pending[b]--
			m.back(fr, b, at)
			if len(arrived) == 0 || join == nil {
				return nil
			}
			from, b, decided = arrived, join, &at
		case *ssa.Return:
			m.results(fr, last)
			return nil
		default:
			return nil // a panic
		}
	}
}

// branch runs one way of a condition.
func (m *machine) branch(fr *frame, b, prev, stop *ssa.BasicBlock, at scopeflow.Position, loop bool) []*ssa.BasicBlock {
	if loop {
		m.loop++
		defer func() { m.loop-- }()
	} else {
		m.cond = append(m.cond, at)
		defer func() { m.cond = m.cond[:len(m.cond)-1] }()
	}
	return m.walk(fr, b, prev, stop)
}

// widen forgets the counters of a loop whose end is not known.
func (m *machine) widen(fr *frame, b *ssa.BasicBlock) {
	for _, in := range b.Instrs {
		if phi, ok := in.(*ssa.Phi); ok {
			if fr.env[phi].Kind == kindInt {
				fr.env[phi] = unknown("")
			}
			continue
		}
		switch in.(type) {
		case *ssa.BinOp, *ssa.IndexAddr, *ssa.UnOp:
			m.instr(fr, in)
		}
	}
}

// back joins into the phis of a loop's head what the body left.
func (m *machine) back(fr *frame, b *ssa.BasicBlock, at scopeflow.Position) {
	preds := fr.backs[b]
	delete(fr.backs, b)
	if len(preds) == 0 {
		return
	}
	for _, in := range b.Instrs {
		phi, ok := in.(*ssa.Phi)
		if !ok {
			break
		}
		for _, p := range preds {
			i := slices.Index(b.Preds, p)
			if i < 0 {
				continue
			}
			old, v := fr.env[phi], m.eval(fr, phi.Edges[i])
			if old.Kind == kindInt || v.Kind == kindInt {
				old, v = unknown(""), unknown("")
			}
			fr.env[phi] = m.merge(old, v, at)
		}
	}
}

func condPos(in *ssa.If) token.Pos {
	if in.Cond.Pos().IsValid() {
		return in.Cond.Pos()
	}
	// The comparison of a constant or parameter has no place of its own.
	for i := len(in.Block().Instrs) - 1; i >= 0; i-- {
		if p := in.Block().Instrs[i].Pos(); p.IsValid() {
			return p
		}
	}
	return in.Parent().Pos()
}

func (m *machine) phis(fr *frame, b *ssa.BasicBlock, from []*ssa.BasicBlock, decided *scopeflow.Position) {
	var phis []*ssa.Phi
	var vals []Value
	at := scopeflow.Position{}
	if decided != nil {
		at = *decided
	}
	for _, in := range b.Instrs {
		phi, ok := in.(*ssa.Phi)
		if !ok {
			break
		}
		var v Value
		first := true
		for _, p := range from {
			i := slices.Index(b.Preds, p)
			if i < 0 {
				continue
			}
			e := m.eval(fr, phi.Edges[i])
			if first {
				v, first = e, false
			} else {
				v = m.merge(v, e, at)
			}
		}
		if x := asserted(phi); x != nil {
			v = m.eval(fr, x)
		} else if v.Kind == kindAlt && len(v.Args) == 2 {
			if x := unlessNil(phi); x != nil {
				first := m.eval(fr, x)
				v.OrNil = same(first, v.Args[0]) || same(first, v.Args[1])
				if same(first, v.Args[1]) {
					v.Args = []Value{v.Args[1], v.Args[0]}
				}
			}
		}
		phis, vals = append(phis, phi), append(vals, v)
	}
	for i := range phis {
		fr.env[phis[i]] = vals[i]
	}
}

// asserted returns the value that a phi has if it is of a type, nil if it is made in
// another way: "f, ok := h.(T); if !ok { f = … }", which puts h into another form.
func asserted(phi *ssa.Phi) ssa.Value {
	for i, x := range phi.Edges {
		pred := phi.Block().Preds[i]
		branch, ok := pred.Instrs[len(pred.Instrs)-1].(*ssa.If)
		if !ok || len(phi.Edges) != 2 || pred.Succs[0] != phi.Block() {
			continue
		}
		is, ok := branch.Cond.(*ssa.Extract)
		got, ok2 := x.(*ssa.Extract)
		if ok && ok2 && is.Tuple == got.Tuple && is.Index == 1 && got.Index == 0 {
			if _, ok := is.Tuple.(*ssa.TypeAssert); ok {
				return x
			}
		}
	}
	return nil
}

// unlessNil returns the value that a phi has unless that is nil, nil if it is made
// in another way: "if x == nil { x = y }".
func unlessNil(phi *ssa.Phi) ssa.Value {
	if len(phi.Edges) != 2 {
		return nil
	}
	for i, x := range phi.Edges {
		pred := phi.Block().Preds[i]
		branch, ok := pred.Instrs[len(pred.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		cmp, ok := branch.Cond.(*ssa.BinOp)
		if !ok || cmp.X != x || cmp.Op != token.EQL && cmp.Op != token.NEQ {
			continue
		}
		other := pred.Succs[0]
		if cmp.Op == token.NEQ {
			other = pred.Succs[1]
		}
		if c, ok := cmp.Y.(*ssa.Const); ok && c.IsNil() && other != phi.Block() {
			return x
		}
	}
	return nil
}

func (m *machine) results(fr *frame, in *ssa.Return) {
	found := slices.ContainsFunc(fr.results[:max(len(fr.results)-1, 0)], func(v Value) bool { return v.Kind != kindNil })
	if n := len(in.Results); n > 0 && fr.set && found {
		if c, ok := in.Results[n-1].(*ssa.Const); isError(in.Results[n-1].Type()) && n > 1 && (!ok || !c.IsNil()) {
			return // an error beside results that were found already
		}
	}
	if fr.nothing {
		fr.set, fr.results = false, nil
	}
	fr.nothing = !fr.set && zeroBeside(in)
	out := make([]Value, len(in.Results))
	for i, r := range in.Results {
		out[i] = m.eval(fr, r)
		if fr.set {
			at := scopeflow.Position{}
			if len(m.cond) > 0 {
				at = m.cond[len(m.cond)-1]
			}
			old := fr.results[i]
			if errorReturn(in, i) && old.Kind != kindNil {
				out[i] = old
			} else if old.Kind == kindNil && !m.isList(out[i]) {
				continue
			} else if out[i].Kind == kindNil && !m.isList(old) {
				out[i] = old
			} else {
				out[i] = m.merge(old, out[i], at)
			}
		}
	}
	if !fr.set || len(fr.results) == len(out) {
		fr.results, fr.set = out, true
	}
}

// errorReturn reports whether result i of a return is nothing, since the
// return is about an error.
func errorReturn(in *ssa.Return, i int) bool {
	n := len(in.Results) - 1
	if n < 0 || i == n || !isError(in.Results[n].Type()) {
		return false
	}
	c, ok := in.Results[n].(*ssa.Const)
	return !ok || !c.IsNil()
}

// zeroBeside reports whether a return has nothing but an error and zero values of structs.
func zeroBeside(in *ssa.Return) bool {
	n := len(in.Results) - 1
	if n < 1 || !errorReturn(in, 0) {
		return false
	}
	for _, r := range in.Results[:n] {
		c, ok := r.(*ssa.Const)
		if !ok || c.Value != nil {
			return false
		}
		if _, ok := c.Type().Underlying().(*types.Struct); !ok {
			return false
		}
	}
	return true
}

func isError(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}

// eval returns the value of an operand.
func (m *machine) eval(fr *frame, v ssa.Value) Value {
	switch v := v.(type) {
	case nil:
		return unknown("")
	case *ssa.Const:
		if v.Value == nil {
			if b, ok := v.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
				return str("")
			}
			switch v.Type().Underlying().(type) {
			case *types.Struct, *types.Array:
				return unknown("") // a zero value is not nothing
			}
			return Value{Kind: kindNil}
		}
		switch v.Value.Kind() {
		case constant.String:
			return str(constant.StringVal(v.Value))
		case constant.Bool:
			return truth(constant.BoolVal(v.Value))
		case constant.Int:
			if n, ok := constant.Int64Val(v.Value); ok && n == int64(int(n)) {
				return integer(int(n))
			}
		}
		return unknown(v.Value.ExactString())
	case *ssa.Function:
		return m.p.funcValue(v)
	case *ssa.Global:
		name := v.Name()
		if v.Pkg != nil {
			name = v.Pkg.Pkg.Path() + "." + name
		}
		return Value{Kind: kindRef, Base: baseGlobal, Text: name}
	case *ssa.FreeVar:
		for i, f := range fr.fn.FreeVars {
			if f == v {
				if i < len(fr.free) {
					return fr.free[i]
				}
				return Value{Kind: kindRef, Base: baseFree, N: i, Text: v.Name()}
			}
		}
	}
	if val, ok := fr.env[v]; ok {
		return val
	}
	return unknown("")
}

// instr runs one instruction.
func (m *machine) instr(fr *frame, in ssa.Instruction) {
	switch in := in.(type) {
	case *ssa.Store:
		m.store(m.eval(fr, in.Addr), m.eval(fr, in.Val))
		m.serveField(fr, in)
	case *ssa.MapUpdate:
		mp, k := m.eval(fr, in.Map), m.eval(fr, in.Key)
		if mp.Kind != kindRef {
			return
		}
		if step, ok := mapStep(k); ok && m.loop == 0 {
			m.store(mp.at(step), m.eval(fr, in.Value))
		} else {
			if l := m.lists[mp.N]; mp.Base == baseObject && l != nil {
				l.open = true
			}
			m.storeSome(mp.at(anyKey), m.eval(fr, in.Value))
		}
	case *ssa.Go:
		m.call(fr, in)
	case *ssa.Defer:
		m.call(fr, in)
	case *ssa.Phi, *ssa.If, *ssa.Jump, *ssa.Return:
	case ssa.Value:
		fr.env[in] = m.value(fr, in)
	}
}

// anyKey is the step to what is at a key of a map that is not known.
const anyKey = "{?}"

// storeSome notes that v may be at a place, beside what was stored there before.
func (m *machine) storeSome(addr, v Value) {
	if addr.Kind != kindRef {
		return
	}
	if old, ok := m.heap[addr.key()][addr.Path]; ok {
		v = either(old, v)
	}
	m.setPlace(addr, v)
}

// anyValue is what a map holds at a key that is not known: one of all that it holds.
func (m *machine) anyValue(addr Value) Value {
	mp := addr
	mp.Path = strings.TrimSuffix(addr.Path, anyKey)
	if mp.Path != "" {
		mp = m.load(mp, nil)
	}
	if mp.Kind != kindRef {
		return unknown("")
	}
	if mp.Base != baseObject {
		return mp.at(anyKey) // a map of the caller's
	}
	if mp.Path != "" || m.lists[mp.N] == nil || m.p.initial != nil && mp.N <= m.p.initial.objs {
		return unknown("") // what the package begins with, others may add to
	}
	places := m.heap[mp.key()]
	out, found := places[anyKey]
	for _, k := range mapKeys(places) {
		v := m.load(mp.at("{"+k+"}"), nil)
		if found {
			v = either(out, v)
		}
		out, found = v, true
	}
	return out
}

// mapKeys returns the keys of a map that are known, sorted, by what is at its places.
func mapKeys(places map[string]Value) []string {
	var keys []string
	for path := range places {
		if end := strings.IndexByte(path, '}'); end > 0 && path[0] == '{' && path[:end+1] != anyKey {
			keys = append(keys, path[1:end])
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

func mapStep(k Value) (string, bool) {
	switch k.Kind {
	case kindStr:
		return "{" + k.Text + "}", true
	case kindInt:
		return "{" + strconv.Itoa(k.N) + "}", true
	}
	return "", false
}

// value returns the value of an instruction.
func (m *machine) value(fr *frame, in ssa.Value) Value {
	switch in := in.(type) {
	case *ssa.Alloc:
		t := in.Type().Underlying().(*types.Pointer).Elem()
		v := m.object(types.NewPointer(t))
		if a, ok := t.Underlying().(*types.Array); ok {
			m.lists[v.N] = &list{n: int(min(a.Len(), maxVisits))}
		}
		if st, ok := t.Underlying().(*types.Struct); ok {
			if rule := m.p.router(t); rule.Known {
				m.op(Op{Kind: opNew, On: v, Obj: v.N, Rule: rule, Text: m.p.library(t)}, in.Pos())
			}
			if in.Comment == "complit" && !in.Heap {
				m.empty(v, st)
			}
		}
		return v
	case *ssa.FieldAddr:
		st := deref(in.X.Type())
		return m.field(m.eval(fr, in.X), st, in.Field, true)
	case *ssa.Field:
		v := m.field(m.eval(fr, in.X), in.X.Type(), in.Field, false)
		return m.load(v, in.Type())
	case *ssa.IndexAddr:
		return m.index(m.eval(fr, in.X), m.eval(fr, in.Index))
	case *ssa.Index:
		return m.load(m.index(m.eval(fr, in.X), m.eval(fr, in.Index)), in.Type())
	case *ssa.Lookup:
		x, k := m.eval(fr, in.X), m.eval(fr, in.Index)
		v := unknown("")
		if step, ok := mapStep(k); ok && x.Kind == kindRef {
			v = m.load(x.at(step), nil)
		} else if _, ok := in.X.Type().Underlying().(*types.Map); ok && x.Kind == kindRef {
			v = m.anyValue(x.at(anyKey))
		} else if mp, ok := in.X.Type().Underlying().(*types.Map); ok && x.Kind == kindNil {
			v = zero(mp.Elem())
		}
		if in.CommaOk {
			return Value{Kind: kindTuple, Args: []Value{v, unknown("")}}
		}
		return v
	case *ssa.UnOp:
		x := m.eval(fr, in.X)
		switch in.Op {
		case token.MUL:
			if g, ok := in.X.(*ssa.Global); ok && g.Name() == "init$guard" {
				return truth(false) // the initialiser runs once
			}
			return m.load(x, in.Type())
		case token.NOT:
			if x.Kind == kindInt {
				return truth(x.N == 0)
			}
		case token.SUB:
			if x.Kind == kindInt {
				return integer(-x.N)
			}
		}
		return unknown("")
	case *ssa.BinOp:
		x, y := m.eval(fr, in.X), m.eval(fr, in.Y)
		out := m.binary(in, x, y)
		if n, ok := m.least(fr, in); ok && !same(out, m.binary(in, integer(n), y)) {
			return unknown("") // it depends on elements that are there on some paths only
		}
		return out
	case *ssa.ChangeType:
		return m.eval(fr, in.X)
	case *ssa.ChangeInterface:
		return m.eval(fr, in.X)
	case *ssa.Convert:
		return m.eval(fr, in.X)
	case *ssa.MultiConvert:
		return m.eval(fr, in.X)
	case *ssa.MakeInterface:
		v := m.eval(fr, in.X)
		if name := typeName(in.X.Type()); name != "" && (v.Kind == kindRef || v.Kind == kindUnknown || v.Kind == kindCall) {
			v.Type = name
		}
		if t := m.p.index.Type(in.X.Type()); t != nil && t.Only != "" {
			v.Only = t.Only
		}
		return v
	case *ssa.TypeAssert:
		v := m.eval(fr, in.X)
		if in.CommaOk {
			return Value{Kind: kindTuple, Args: []Value{v, unknown("")}}
		}
		return v
	case *ssa.Extract:
		t := m.eval(fr, in.Tuple)
		if t.Kind == kindTuple && in.Index < len(t.Args) {
			return t.Args[in.Index]
		}
		if t.Kind == kindCall && t.Ret != nil && t.Ret.Kind == kindTuple && in.Index < len(t.Ret.Args) {
			return t.Ret.Args[in.Index]
		}
		if t.Kind == kindCall && in.Index == 0 {
			return t
		}
		return unknown("")
	case *ssa.MakeClosure:
		fn := in.Fn.(*ssa.Function)
		var free []Value
		for _, b := range in.Bindings {
			free = append(free, m.eval(fr, b))
		}
		if obj, ok := fn.Object().(*types.Func); ok && fn.Synthetic != "" && len(free) == 1 {
			// A method value.
			v := Value{Kind: kindFunc, Fn: m.p.ident(obj), Args: free}
			m.p.objects[*v.Fn] = obj
			return v
		}
		v := m.p.funcValue(fn)
		v.Args = free
		return v
	case *ssa.Slice:
		return m.slice(fr, in)
	case *ssa.MakeSlice:
		n := m.eval(fr, in.Len)
		if n.Kind == kindInt && n.N >= 0 && n.N <= maxVisits {
			v := m.newList(nil)
			m.lists[v.N].n = n.N
			return v
		}
		return unknown("")
	case *ssa.MakeMap:
		v := m.object(nil)
		m.lists[v.N] = &list{n: -1}
		return v
	case *ssa.Range:
		return m.rangeOver(fr, in)
	case *ssa.Next:
		return m.next(fr, in)
	case *ssa.Call:
		return m.call(fr, in)
	}
	return unknown("")
}

func deref(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// field is the place of a field in what x is or points to.
func (m *machine) field(x Value, st types.Type, i int, addr bool) Value {
	s, ok := st.Underlying().(*types.Struct)
	if !ok {
		return unknown("")
	}
	f := s.Field(i)
	if m.p.router(st).Known && m.p.router(deref(f.Type())).Known && f.Embedded() {
		return x // gin.Engine is its own first group
	}
	switch x.Kind {
	case kindRef:
		return x.at("." + f.Name())
	case kindAlt:
		out := x
		out.Args = nil
		for _, a := range x.Args {
			if a.Kind == kindRef {
				out.Args = append(out.Args, a.at("."+f.Name()))
			} else {
				out.Args = append(out.Args, unknown(f.Name()))
			}
		}
		return out
	}
	text := f.Name()
	if x.Text != "" && x.Kind == kindUnknown {
		text = x.Text + "." + text
	}
	return unknown(text)
}

func (m *machine) index(x, i Value) Value {
	if x.Kind != kindRef {
		return unknown("an element")
	}
	if x.Path != "" || x.Base != baseObject || m.lists[x.N] == nil {
		if w := m.load(x, nil); w.Kind == kindRef {
			x = w
		}
	}
	if i.Kind != kindInt {
		return x.at("[?]")
	}
	n := i.N
	if x.Base == baseObject && x.Path == "" && m.lists[x.N] != nil {
		// The elements of lists within the list count, too.
		for j := 0; j < m.lists[x.N].n; j++ {
			if m.load(x.at("["+strconv.Itoa(j)+"]"), nil).Kind == kindMany {
				flat, _ := m.elements(x)
				if n < len(flat) {
					if flat[n].Kind == kindRef {
						return flat[n]
					}
					y := m.newList(flat)
					return y.at("[" + strconv.Itoa(n) + "]")
				}
				return unknown("an element")
			}
		}
	}
	return x.at("[" + strconv.Itoa(n) + "]")
}

func (m *machine) slice(fr *frame, in *ssa.Slice) Value {
	x := m.eval(fr, in.X)
	if x.Kind == kindStr {
		return unknown("")
	}
	low, high := integer(0), Value{}
	if in.Low != nil {
		low = m.eval(fr, in.Low)
	}
	if in.High != nil {
		high = m.eval(fr, in.High)
	}
	if low.Kind == kindInt && low.N == 0 && in.High == nil {
		return x
	}
	elems, known := m.elements(x)
	if !known || low.Kind != kindInt || in.High != nil && high.Kind != kindInt {
		return x
	}
	end := len(elems)
	if in.High != nil {
		end = high.N
	}
	if low.N < 0 || end > len(elems) || low.N > end {
		return x
	}
	return m.newList(elems[low.N:end])
}

func (m *machine) binary(in *ssa.BinOp, x, y Value) Value {
	if b, ok := in.X.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 && in.Op == token.ADD {
		return concat(x, y)
	}
	if x.Kind == kindInt && y.Kind == kindInt {
		a, b := x.N, y.N
		switch in.Op {
		case token.ADD:
			return integer(a + b)
		case token.SUB:
			return integer(a - b)
		case token.MUL:
			if a < 1<<20 && b < 1<<20 && a > -1<<20 && b > -1<<20 {
				return integer(a * b)
			}
		case token.LSS:
			return truth(a < b)
		case token.LEQ:
			return truth(a <= b)
		case token.GTR:
			return truth(a > b)
		case token.GEQ:
			return truth(a >= b)
		case token.EQL:
			return truth(a == b)
		case token.NEQ:
			return truth(a != b)
		}
		return unknown("")
	}
	eq, known := false, false
	switch {
	case x.Kind == kindStr && y.Kind == kindStr:
		eq, known = x.Text == y.Text, true
	case x.Kind == kindNil && y.Kind == kindNil:
		eq, known = true, true
	case x.Kind == kindNil && isObject(y), y.Kind == kindNil && isObject(x):
		eq, known = false, true
	}
	if known {
		switch in.Op {
		case token.EQL:
			return truth(eq)
		case token.NEQ:
			return truth(!eq)
		}
	}
	return unknown("")
}

// least returns how many elements a list has on every path, if that is what is
// compared with a constant. Loops compare an index with the length, and run over
// all elements that there may be.
func (m *machine) least(fr *frame, in *ssa.BinOp) (int, bool) {
	call, ok := in.X.(*ssa.Call)
	if !ok {
		return 0, false
	}
	b, ok := call.Call.Value.(*ssa.Builtin)
	if _, constant := in.Y.(*ssa.Const); !ok || !constant || b.Name() != "len" {
		return 0, false
	}
	n := 0
	all, _ := m.elements(m.eval(fr, call.Call.Args[0]))
	for _, e := range all {
		if e.Cond == nil {
			n++
		}
	}
	return n, true
}

// empty gives the fields of a literal that it may not set their zero value. Nobody
// else can get at it, since no pointer to it is taken: what a decoder fills in is
// not known.
func (m *machine) empty(lit Value, st *types.Struct) {
	for f := range st.Fields() {
		switch t := f.Type().Underlying().(type) {
		case *types.Basic:
			if t.Info()&types.IsString != 0 {
				m.setPlace(lit.at("."+f.Name()), str(""))
			}
		case *types.Interface, *types.Pointer, *types.Signature, *types.Slice, *types.Map:
			m.setPlace(lit.at("."+f.Name()), Value{Kind: kindNil})
		}
	}
}

// isObject reports whether v is something that was made, and so not nil.
func isObject(v Value) bool {
	return v.Kind == kindRef && v.Base == baseObject && v.Path == "" || v.Kind == kindFunc || v.Kind == kindLit || v.Kind == kindWrap
}

// An iteration over a map is an object that counts.
func (m *machine) rangeOver(fr *frame, in *ssa.Range) Value {
	x := m.eval(fr, in.X)
	if x.Kind != kindRef {
		return unknown("")
	}
	if w := m.load(x, nil); w.Kind == kindRef {
		x = w
	}
	if l := m.lists[x.N]; x.Base != baseObject || x.Path != "" || l == nil || l.n != -1 || l.open {
		return unknown("")
	}
	it := m.object(nil)
	m.store(it.at(".over"), x)
	m.store(it.at(".at"), integer(0))
	return it
}

func (m *machine) next(fr *frame, in *ssa.Next) Value {
	it := m.eval(fr, in.Iter)
	if in.IsString || it.Kind != kindRef {
		return Value{Kind: kindTuple, Args: []Value{unknown(""), unknown(""), unknown("")}}
	}
	x, at := m.load(it.at(".over"), nil), m.load(it.at(".at"), nil)
	keys := mapKeys(m.heap[x.key()])
	if at.Kind != kindInt || at.N >= len(keys) {
		return Value{Kind: kindTuple, Args: []Value{truth(false), unknown(""), unknown("")}}
	}
	m.writable(it.key())[".at"] = integer(at.N + 1)
	k := keys[at.N]
	return Value{Kind: kindTuple, Args: []Value{truth(true), str(k), m.load(x.at("{"+k+"}"), nil)}}
}

// op records a step.
func (m *machine) op(op Op, pos token.Pos) {
	if op.At.File == "" {
		op.At = m.p.position(pos)
	}
	if op.Via.File == "" && m.p.generated(pos) {
		op.Via = m.p.position(m.written())
	}
	m.p.direct(&op, pos)
	if op.Cond == nil && len(m.cond) > 0 {
		c := m.cond[len(m.cond)-1]
		op.Cond = &c
	}
	for _, at := range slices.Backward(m.cond) {
		op.Under = at.String() + ";" + op.Under
	}
	op.Loop = op.Loop || m.loop > 0
	if len(m.ops) >= maxOps {
		m.short = true
		return
	}
	m.ops = append(m.ops, op)
}

// written returns the last of the calls that led here that a person wrote.
func (m *machine) written() token.Pos {
	for _, pos := range slices.Backward(m.sites) {
		if pos.IsValid() && !m.p.generated(pos) {
			return pos
		}
	}
	return token.NoPos
}

// serveField notes a handler that is put where servers keep theirs.
func (m *machine) serveField(fr *frame, in *ssa.Store) {
	fa, ok := in.Addr.(*ssa.FieldAddr)
	if !ok {
		return
	}
	st, ok := deref(fa.X.Type()).Underlying().(*types.Struct)
	if !ok {
		return
	}
	if f := m.p.index.Field(st.Field(fa.Field)); f != nil && f.Serves {
		m.op(Op{Kind: string(models.Serve), Handler: m.eval(fr, in.Val), HasHandler: true}, in.Pos())
	}
}
