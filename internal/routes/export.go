package routes

import (
	"cmp"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// trace is what the machine has done, in the form that outlives it.
func (m *machine) trace(result Value, results int) *Trace {
	t := &Trace{Objs: m.objs}
	for c := range m.calls {
		t.Calls = append(t.Calls, c)
	}
	slices.Sort(t.Calls)
	if results == 1 {
		t.Results = []Value{result}
	} else if result.Kind == kindTuple {
		t.Results = result.Args
	}
	if m.short {
		op := Op{Kind: opLost, Text: "code beyond the bound on what is looked at"}
		if len(m.ops) > 0 {
			op.On, op.At = m.ops[0].On, m.ops[0].At
		}
		m.ops = append(m.ops, op)
	}
	x := &exporter{m: m, t: t, seen: map[string]bool{}, placed: map[string]bool{}}
	t.Ops = slices.Clone(m.ops)
	for i := range t.Ops {
		op := &t.Ops[i]
		if op.Kind != opCall && op.Kind != opLost {
			op.each(bare)
		}
		op.each(x.value)
	}
	for i := range t.Results {
		t.Results[i] = mapValue(t.Results[i], x.value)
	}
	// What is left in the places of others.
	var keys []string
	for k := range m.heap {
		if k[0] == 'p' || k[0] == 'f' || k[0] == 'g' && m.p.initial != nil {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		if init := m.p.initial; k[0] == 'g' && init != nil && sameInitially(m, k) {
			continue
		}
		x.places(k, baseOf(m, k), "")
	}
	x.flush()
	slices.SortFunc(t.Lists, func(a, b List) int { return a.Obj - b.Obj })
	slices.SortFunc(t.Types, func(a, b Value) int { return a.N - b.N })
	slices.SortFunc(t.Relays, func(a, b Relay) int {
		return cmp.Or(strings.Compare(a.Type, b.Type), strings.Compare(a.Method, b.Method))
	})
	t.Relays = slices.CompactFunc(t.Relays, func(a, b Relay) bool { return a.Type == b.Type && a.Method == b.Method })
	return t
}

// sameInitially reports whether a variable is as the initialiser left it.
func sameInitially(m *machine, k string) bool {
	a, b := m.heap[k], m.p.initial.heap[k]
	if len(a) != len(b) {
		return false
	}
	for path, v := range a {
		w, ok := b[path]
		if !ok || !same(v, w) {
			return false
		}
	}
	return true
}

func baseOf(m *machine, k string) Value {
	switch k[0] {
	case 'g':
		return Value{Kind: kindRef, Base: baseGlobal, Text: k[1:]}
	case 'p':
		return Value{Kind: kindRef, Base: baseParam, N: number(k[1:])}
	case 'f':
		return Value{Kind: kindRef, Base: baseFree, N: number(k[1:])}
	}
	return Value{Kind: kindRef, Base: baseObject, N: number(k[1:])}
}

func number(s string) int {
	n, neg := 0, false
	for i := range len(s) {
		if s[i] == '-' {
			neg = true
			continue
		}
		n = n*10 + int(s[i]-'0')
	}
	if neg {
		return -n
	}
	return n
}

// bare is a method value without its receiver: which method it is says what serves.
func bare(v Value) Value {
	if v.Kind == kindFunc {
		v.Args = nil
	}
	return v
}

// exporter gathers the objects that a trace refers to, as far as it does: of an
// object of which only a field is meant, only that.
type exporter struct {
	m      *machine
	t      *Trace
	seen   map[string]bool // by object and path
	placed map[string]bool
	work   []Value
}

const (
	maxObjects = 4000 // whose contents a trace tells
	maxBodies  = 3    // literals within literals
)

// value notes the objects that v refers to.
func (x *exporter) value(v Value) Value {
	switch v.Kind {
	case kindRef:
		if v.Base == baseObject {
			if k := v.root(); !x.seen[v.key()] && !x.seen[k] && len(x.work) < maxObjects {
				x.seen[k] = true
				x.work = append(x.work, v)
			}
		}
	case kindLit:
		if fn := x.m.p.lits[*v.Fn]; fn != nil && v.Body == nil && (x.m.p.touching[fn] || x.m.p.awaited(first(fn.Signature.Results()))) {
			v.Body = x.m.p.bodyOf(fn)
		}
	}
	return v
}

// bodyOf returns what a literal does, in terms of its parameters and of what it
// captures.
func (p *program) bodyOf(fn *ssa.Function) *Trace {
	depth := 0
	for f := fn.Parent(); f != nil; f = f.Parent() {
		depth++
	}
	if depth > maxBodies {
		return nil
	}
	return p.trace(fn)
}

func (x *exporter) flush() {
	for i := 0; i < len(x.work); i++ {
		path := x.work[i].Path
		v := Value{Kind: kindRef, Base: baseObject, N: x.work[i].N}
		if k := v.key() + " as it is"; !x.placed[k] {
			x.placed[k] = true
			if l := x.m.lists[v.N]; l != nil {
				x.t.Lists = append(x.t.Lists, List{v.N, l.n, l.open})
			}
			if name := x.m.types[v.N]; name != "" {
				v.Type = name
				x.t.Types = append(x.t.Types, v)
				x.relaysOf(name)
				v.Type = ""
			}
		}
		x.places(v.key(), v, path)
	}
}

// places adds what is at a path of an object, above it and below it.
func (x *exporter) places(k string, base Value, at string) {
	var paths []string
	for path := range x.m.heap[k] {
		if strings.HasPrefix(path, at) || strings.HasPrefix(at, path) {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	for _, path := range paths {
		if x.placed[k+path] {
			continue
		}
		x.placed[k+path] = true
		v := mapValue(x.m.heap[k][path], x.value)
		if v.Kind == kindUnknown && v.Text == "" {
			continue
		}
		x.t.Places = append(x.t.Places, Place{Base: base, Path: path, Val: v})
	}
}

// telling reports whether a trace is worth a fact: it wires something, or
// returns something that wiring is made with.
func (t *Trace) telling() bool {
	if len(t.Ops)+len(t.Relays) > 0 {
		return true
	}
	for _, p := range t.Places {
		if p.Base.Base == baseParam && wiring(p.Val) {
			return true
		}
	}
	for _, r := range t.Results {
		if wiring(r) {
			return true
		}
		if r.Kind == kindRef && r.Base == baseObject && slices.ContainsFunc(t.Places, func(p Place) bool { return wiring(p.Val) }) {
			return true
		}
	}
	return false
}

// handsOn reports whether fn returns what it was handed, what a call of that returned,
// or something that holds it, where it may register routes or make what does.
func (p *program) handsOn(fn *ssa.Function, t *Trace) bool {
	given := func(v Value) bool { return v.Kind == kindRef && v.Base == baseParam }
	return len(t.Ops) > 0 || slices.ContainsFunc(t.Results, given) || p.keeps(fn, t)
}

// keeps reports whether fn returns something that holds what it was handed, if that may
// register routes or make what does.
func (p *program) keeps(fn *ssa.Function, t *Trace) bool {
	returned := slices.ContainsFunc(t.Results, func(r Value) bool { return r.Kind == kindRef && r.Base == baseObject })
	params := fn.Signature.Params()
	return returned && slices.ContainsFunc(t.Places, func(pl Place) bool {
		v := pl.Val
		if pl.Base.Base != baseObject || v.Kind != kindRef || v.Base != baseParam || v.N < 0 || v.N >= params.Len() {
			return false
		}
		of := held(params.At(v.N).Type())
		if sig, ok := of.Underlying().(*types.Signature); ok {
			of = first(sig.Results())
		}
		return p.awaited(of)
	})
}

// wiring reports whether v says something of a handler, a middleware or a path.
func wiring(v Value) bool {
	found := false
	mapValue(v, func(v Value) Value {
		switch v.Kind {
		case kindFunc, kindMethod, kindLit, kindCall, kindWrap, kindStrip:
			found = true
		case kindStr:
			found = found || strings.HasPrefix(v.Text, "/") || isHTTPMethod(v.Text)
		case kindRef:
			found = found || v.Base == baseObject && v.Type != ""
		}
		return v
	})
	return found
}
