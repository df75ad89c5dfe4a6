package routes

import (
	"cmp"
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// Kinds of steps beside those of the models.
const (
	opNew  = "new"  // a router is made
	opLost = "lost" // a router is handed to something that is not followed
)

// A callSite is a call with its operands evaluated.
type callSite struct {
	fn     *types.Func // what is called, if it is known
	sig    *types.Signature
	args   []Value // the receiver first, if there is one
	types  []types.Type
	recv   bool // args[0] is the receiver
	pos    token.Pos
	result types.Type // of the one result, or a tuple
	// Where the call is, and its operands there, in the order of args; nil for a
	// call that is not in the source.
	in  *frame
	ops []ssa.Value
}

// call runs a call.
func (m *machine) call(fr *frame, in ssa.CallInstruction) Value {
	c := in.Common()
	if b, ok := c.Value.(*ssa.Builtin); ok {
		return m.builtin(fr, b, c)
	}
	s := &callSite{sig: c.Signature(), pos: in.Pos(), in: fr, result: c.Signature().Results()}
	if s.sig.Results().Len() == 1 {
		s.result = s.sig.Results().At(0).Type()
	}
	add := func(v ssa.Value) {
		s.args = append(s.args, m.eval(fr, v))
		s.types = append(s.types, dynamic(v))
		s.ops = append(s.ops, v)
	}
	var body *ssa.Function
	switch {
	case c.IsInvoke():
		s.fn, s.recv = c.Method, true
		add(c.Value)
	default:
		if f := c.StaticCallee(); f != nil {
			if body = f; f.Origin() != nil {
				body = f.Origin() // an instance is a wrapper around it
			}
			if obj, ok := f.Object().(*types.Func); ok {
				s.fn = obj.Origin()
			}
			if _, ok := c.Value.(*ssa.MakeClosure); ok && f.Synthetic != "" {
				s.fn, body = nil, nil // a method value, called at once
			}
			s.recv = f.Signature.Recv() != nil && s.fn != nil
		}
	}
	for _, a := range c.Args {
		add(a)
	}
	if s.fn != nil {
		return m.callFunc(s, body)
	}
	return m.callValue(s, m.eval(fr, c.Value))
}

// dynamic returns the type of v before it was put into an interface.
func dynamic(v ssa.Value) types.Type {
	for {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		default:
			return v.Type()
		}
	}
}

// callFunc runs a call of a declared function, whose body is given if it is of
// this package.
func (m *machine) callFunc(s *callSite, body *ssa.Function) Value {
	p := m.p
	if mod := p.index.Func(s.fn); mod != nil && len(mod.Wires) > 0 {
		var out Value
		set := false
		for i := range mod.Wires {
			if v, ok := m.wire(s, &mod.Wires[i]); ok {
				out, set = v, true
			}
		}
		if !set {
			out = m.result(s)
		}
		return out
	}
	if v, ok := m.known(s); ok {
		return v
	}
	if mod := p.index.Func(s.fn); mod != nil && len(mod.Guards) > 0 && p.handlerish(s.result) {
		return m.opaque(s) // what it does has been said
	}
	if body == nil && s.recv {
		// A method of an interface: of what it holds, if that is known.
		if types.IsInterface(s.fn.Signature().Recv().Type()) {
			if v, ok := m.dispatch(s); ok {
				return v
			}
		} else {
			body = p.prog.FuncValue(s.fn)
		}
	}
	if body == nil && s.fn.Pkg() == p.pass.Pkg {
		body = p.prog.FuncValue(s.fn)
	}
	if body != nil && body.Blocks != nil && p.worth(body) {
		p.inlined[body] = true
		m.calls[p.ident(s.fn).Full()] = true
		m.site = s
		v := m.run(body, s.args, nil)
		return m.returned(s, &v)
	}
	if t := p.fact(s.fn); t != nil && !p.idle(s.fn, t, s.result) {
		m.calls[p.ident(s.fn).Full()] = true
		v := m.splice(t, s.args, s.recv, nil, s.pos)
		return m.returned(s, &v)
	}
	return m.opaque(s)
}

// dispatch calls the method of the type that the receiver is known to hold.
func (m *machine) dispatch(s *callSite) (Value, bool) {
	recv := s.args[0]
	if recv.Kind == kindAlt {
		return Value{}, false
	}
	name := m.typeOf(recv)
	if name == "" && !types.IsInterface(s.types[0]) {
		name = typeName(s.types[0])
	}
	fn := m.p.method(name, s.fn.Name())
	if fn == nil || types.IsInterface(fn.Signature().Recv().Type()) {
		return Value{}, false
	}
	d := *s
	d.fn = fn
	return m.callFunc(&d, nil), true
}

// callValue runs a call of a function value.
func (m *machine) callValue(s *callSite, f Value) Value {
	switch f.Kind {
	case kindFunc:
		if fn := m.p.objects[*f.Fn]; fn != nil {
			d := *s
			d.fn = fn
			if len(f.Args) == 1 {
				d.args = append([]Value{f.Args[0]}, s.args...)
				d.types = append([]types.Type{fn.Signature().Recv().Type()}, s.types...)
				d.recv = true
			} else if fn.Signature().Recv() != nil {
				d.recv = true
			}
			return m.callFunc(&d, nil)
		}
	case kindLit:
		if fn := m.p.lits[*f.Fn]; fn != nil {
			if m.handlerCall(s) {
				return m.wrapped(s, f) // a middleware made here
			}
			m.p.inlined[fn] = true
			v := m.run(fn, s.args, f.Args)
			return v
		}
		if f.Body != nil {
			return m.splice(f.Body, s.args, false, f.Args, s.pos)
		}
	case kindCall:
		if m.handlerCall(s) {
			break
		}
		var ret *Value
		if f.Ret != nil && (f.Ret.Kind == kindLit || f.Ret.Kind == kindFunc) {
			v := m.callValue(s, *f.Ret)
			if !m.p.handlerish(s.result) {
				return v
			}
			ret = &v
		}
		if m.p.handlerish(s.result) {
			// RequireAccess("editor")(lookup) is known by all of its arguments.
			v := f
			v.Args, v.Ret = slices.Clone(f.Args), ret
			for _, a := range s.args {
				v.Args = append(v.Args, m.shown(a, 1))
			}
			return v
		}
	case kindAlt:
		var out Value
		for i, a := range f.Args {
			at := m.p.position(s.pos)
			if f.Cond != nil {
				at = *f.Cond
			}
			m.cond = append(m.cond, at)
			v := m.callValue(s, a)
			m.cond = m.cond[:len(m.cond)-1]
			if i == 0 {
				out = v
			} else {
				out = m.merge(out, v, at)
			}
		}
		return out
	}
	if m.handlerCall(s) {
		return m.wrapped(s, f)
	}
	if m.symbolic(f) {
		if m.p.awaited(first(s.result)) {
			return m.awaiting(s, Op{On: f, Middleware: s.args})
		}
		for i := range s.args {
			if m.p.routerArg(s, i) {
				m.op(Op{Kind: opCall, On: f, Middleware: s.args}, s.pos)
				return Value{Kind: kindUnknown, Type: typeName(s.result)}
			}
		}
	}
	m.hand(s, f.String())
	for _, a := range s.args {
		m.mayAdd(a, 0)
	}
	return Value{Kind: kindUnknown, Type: typeName(s.result)}
}

// handlerCall reports whether a call takes a handler and returns one.
func (m *machine) handlerCall(s *callSite) bool { return m.inner(s) >= 0 }

// inner returns which argument is the handler that a call wraps, -1 if none.
func (m *machine) inner(s *callSite) int {
	fam := m.p.family(s.result)
	if fam == "" {
		return -1
	}
	for i, t := range s.types {
		if s.recv && i == 0 {
			continue
		}
		if m.p.family(t) == fam && s.args[i].Kind != kindNil && !m.p.aside(s, i) {
			return i
		}
	}
	return -1
}

// wrapped is the handler that a call of a middleware makes.
func (m *machine) wrapped(s *callSite, mw Value) Value {
	return Value{Kind: kindWrap, Args: []Value{mw, s.args[m.inner(s)]}}
}

// returned is the result of a call that was followed: what it is, or for
// handlers and middleware the call itself, which is what identifies them.
func (m *machine) returned(s *callSite, ret *Value) Value {
	v := Value{}
	if ret != nil {
		v = *ret
	}
	result := first(s.result)
	if result == nil {
		return v
	}
	one := firstOf(v)
	if i := m.inner(s); i >= 0 {
		switch {
		case one.Kind == kindWrap && contains(one, s.args[i]):
			if one.Args[1].Kind != kindWrap && one.Args[1].Kind != kindStrip {
				// One by another name: it is known by the outer one.
				mw := m.callOf(s, i)
				mw.Ret, mw.Cond = &one.Args[0], one.Args[0].Cond
				return Value{Kind: kindWrap, Args: []Value{mw, s.args[i]}}
			}
			return m.from(one, s.fn)
		case one.Kind == kindStrip, same(one, s.args[i]):
			return v
		}
		mw := m.callOf(s, i)
		if one.Kind == kindAlt {
			for _, a := range one.Args {
				if same(a, s.args[i]) {
					mw.Cond = one.Cond
					if mw.Cond == nil {
						at := m.p.position(s.pos)
						mw.Cond = &at
					}
				}
			}
		}
		return Value{Kind: kindWrap, Args: []Value{mw, s.args[i]}}
	}
	if !m.p.handlerish(result) {
		return v
	}
	switch one.Kind {
	case kindWrap, kindStrip, kindRef, kindNil:
		return v
	case kindAlt:
		if slices.ContainsFunc(one.Args, func(a Value) bool { return a.Kind == kindWrap || a.Kind == kindRef }) {
			return v
		}
	}
	call := m.callOf(s, -1)
	if one.Kind != kindUnknown {
		call.Ret = &one
	}
	if v.Kind == kindTuple {
		out := v
		out.Args = slices.Clone(v.Args)
		out.Args[0] = call
		return out
	}
	return call
}

// from marks the middleware of a handler as put there by fn, which is made of
// several.
func (m *machine) from(v Value, fn *types.Func) Value {
	if v.Kind != kindWrap {
		return v
	}
	mw := v.Args[0]
	mw.From = m.p.ident(fn)
	return Value{Kind: kindWrap, Args: []Value{mw, m.from(v.Args[1], fn)}}
}

// contains reports whether inner is what v wraps in the end.
func contains(v, inner Value) bool {
	for v.Kind == kindWrap || v.Kind == kindStrip {
		v = v.Args[len(v.Args)-1]
	}
	return same(v, inner)
}

// callOf is the call as a value, without one of its arguments.
func (m *machine) callOf(s *callSite, without int) Value {
	v := Value{Kind: kindCall, Fn: m.p.ident(s.fn)}
	for i, a := range s.args {
		if i == without || i == len(s.args)-1 && s.sig.Variadic() && a.Kind == kindNil {
			continue
		}
		v.Args = append(v.Args, m.shown(a, 0))
	}
	if without >= 0 && (len(v.Args) == 0 || s.recv && len(v.Args) == 1) {
		v.Kind = kindFunc // a middleware that takes the handler and nothing else
	}
	return v
}

// shown is a value as an argument: lists with their elements, nothing that is
// of use only while the machine runs.
func (m *machine) shown(v Value, depth int) Value {
	v.Body, v.Ret = nil, nil
	if v.Kind == kindRef && v.Base == baseObject && v.Path == "" && depth < 3 {
		if l := m.lists[v.N]; l != nil && l.n >= 0 {
			elems, _ := m.elements(v)
			out := Value{Kind: kindMany}
			for _, e := range elems {
				out.Args = append(out.Args, m.shown(e, depth+1))
			}
			return out
		}
		return Value{Kind: kindUnknown, Text: "…", Type: m.types[v.N]}
	}
	if v.Kind == kindCall || v.Kind == kindLit || v.Kind == kindFunc {
		args := slices.Clone(v.Args)
		for i := range args {
			if v.Kind == kindLit || depth >= 3 {
				args = nil
				break
			}
			args[i] = m.shown(args[i], depth+1)
		}
		v.Args = args
	}
	return v
}

// opaque is a call that is not followed.
func (m *machine) opaque(s *callSite) Value {
	if v, ok := m.await(s); ok {
		return v
	}
	m.hand(s, m.p.ident(s.fn).String())
	m.escape(s)
	if i := m.inner(s); i >= 0 {
		return m.wrapped(s, m.callOf(s, i))
	}
	return m.result(s)
}

// result is what a call returns whose body is not known.
func (m *machine) result(s *callSite) Value {
	if t, ok := s.result.(*types.Tuple); ok && t.Len() == 0 {
		return Value{Kind: kindTuple}
	}
	return s.results(m.made(s, first(s.result)), unknown(""))
}

// results is what a call returns whose first result is v, and each other one rest.
func (s *callSite) results(v, rest Value) Value {
	t, ok := s.result.(*types.Tuple)
	if !ok {
		return v
	}
	out := Value{Kind: kindTuple, Args: []Value{v}}
	for range t.Len() - 1 {
		out.Args = append(out.Args, rest)
	}
	return out
}

// await is the result of a call that only callers can make, since they know what is
// called: an object that stands for it until one does.
func (m *machine) await(s *callSite) (Value, bool) {
	if !s.recv || !types.IsInterface(s.fn.Signature().Recv().Type()) || !m.p.awaited(first(s.result)) || !m.symbolic(s.args[0]) {
		return Value{}, false
	}
	return m.awaiting(s, Op{On: s.args[0], Text: s.fn.Name(), Middleware: s.args[1:]}), true
}

// awaiting notes a call for callers to make, and returns what stands for its result.
func (m *machine) awaiting(s *callSite, op Op) Value {
	out := m.object(nil)
	out.Text = op.On.String() + "()"
	if s.fn != nil {
		out.Text = m.p.ident(s.fn).String() + "()"
	}
	m.waits[out.N] = true
	op.Kind, op.Obj = opCall, out.N
	m.op(op, s.pos)
	return s.results(out, unknown(""))
}

// first is the type of the first result of a call, nil if it has none.
func first(result types.Type) types.Type {
	if t, ok := result.(*types.Tuple); ok {
		if t.Len() == 0 {
			return nil
		}
		return t.At(0).Type()
	}
	return result
}

// firstOf is the first of what a call returned.
func firstOf(v Value) Value {
	if v.Kind == kindTuple && len(v.Args) > 0 {
		return v.Args[0]
	}
	return v
}

// made is what a call that is not followed returns: a new router, if it is one
// of the package that routers come from.
func (m *machine) made(s *callSite, t types.Type) Value {
	rule := m.p.router(t)
	if rule.Known && s.recv && types.Identical(t, s.types[0]) && !m.p.inModule(s.fn.Pkg().Path()) {
		return s.args[0] // a setting: r.StrictSlash(true)
	}
	if rule.Known && s.fn.Pkg() != nil && !m.p.inModule(s.fn.Pkg().Path()) && (s.fn.Signature().Recv() == nil) {
		v := m.object(t)
		m.op(Op{Kind: opNew, On: v, Obj: v.N, Rule: rule, Text: m.p.library(t)}, s.pos)
		return v
	}
	if !m.p.handlerish(t) {
		// A service, a pool of connections: which it is matters, not how it was set up.
		v := Value{Kind: kindCall, Fn: m.p.ident(s.fn)}
		if !types.IsInterface(t) {
			v.Type = typeName(t)
		}
		return v
	}
	v := m.callOf(s, -1)
	if !types.IsInterface(t) {
		v.Type = typeName(t)
	}
	return v
}

// hand notes routers that are handed to something that is not followed.
func (m *machine) hand(s *callSite, to string) {
	later := s.fn != nil && s.recv && types.IsInterface(s.fn.Signature().Recv().Type()) && m.symbolic(s.args[0])
	if later && m.p.registers(s.fn.Signature()) {
		m.op(Op{Kind: opCall, On: s.args[0], Text: s.fn.Name(), Middleware: s.args[1:]}, s.pos)
		return
	}
	for i, a := range s.args {
		if s.recv && i == 0 {
			continue
		}
		if !m.p.routerArg(s, i) || a.Kind == kindNil {
			continue
		}
		op := Op{Kind: opLost, On: a, Text: to}
		if later {
			op = Op{Kind: opCall, On: s.args[0], Text: s.fn.Name(), Middleware: s.args[1:]}
		}
		m.op(op, s.pos)
		if op.Kind == opCall {
			return
		}
	}
}

// symbolic reports whether v is the caller's, or what takes its place if that is nil.
func (m *machine) symbolic(v Value) bool {
	if v.Kind == kindAlt && v.OrNil {
		v = v.Args[0]
	}
	return v.Kind == kindRef && (v.Base == baseParam || v.Base == baseFree || v.Base == baseObject && m.waits[v.N])
}

// escape runs literals that are handed to something out of sight, which may
// call them, and forgets what it may change.
func (m *machine) escape(s *callSite) {
	for i, a := range s.args {
		if s.recv && i == 0 {
			m.mayAdd(a, 0)
			continue
		}
		m.escapeValue(s, a, 0)
	}
}

// mayAdd notes that something out of sight may add to the maps that an object holds.
func (m *machine) mayAdd(v Value, depth int) {
	if v.Kind != kindRef || v.Base != baseObject || depth > maxTurns {
		return
	}
	if l := m.lists[v.N]; l != nil && l.n < 0 && v.Path == "" {
		m.storeSome(v.at(anyKey), unknown(""))
		return
	}
	for _, path := range slices.Sorted(maps.Keys(m.heap[v.key()])) {
		if strings.HasPrefix(path, v.Path) {
			m.mayAdd(m.heap[v.key()][path], depth+1)
		}
	}
}

func (m *machine) escapeValue(s *callSite, a Value, depth int) {
	switch a.Kind {
	case kindRef:
		if a.Base != baseObject || depth > 3 {
			return
		}
		m.mayAdd(a, 0)
		if l := m.lists[a.N]; l != nil && a.Path == "" {
			elems, _ := m.elements(a)
			for _, e := range elems {
				m.escapeValue(s, e, depth+1)
			}
			return
		}
		m.lost[a.key()] = true
		keys := make([]string, 0, len(m.heap[a.key()]))
		for k := range m.heap[a.key()] {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			if v := m.heap[a.key()][k]; v.Kind == kindLit {
				m.escapeValue(s, v, depth+1)
			}
		}
	case kindLit:
		fn := m.p.lits[*a.Fn]
		if fn == nil || !m.p.touching[fn] || slices.Contains(m.stack, fn) {
			return
		}
		m.p.inlined[fn] = true
		var args []Value
		for _, p := range fn.Params {
			args = append(args, unknown(p.Name()))
		}
		m.run(fn, args, a.Args)
	}
}

// builtin runs a call of a builtin function.
func (m *machine) builtin(fr *frame, b *ssa.Builtin, c *ssa.CallCommon) Value {
	var args []Value
	for _, a := range c.Args {
		args = append(args, m.eval(fr, a))
	}
	switch b.Name() {
	case "append":
		if len(args) == 0 {
			return unknown("")
		}
		out, _ := m.elements(args[0])
		out = slices.Clone(out)
		if len(args) > 1 {
			more, _ := m.elements(args[1])
			out = append(out, more...)
		}
		if len(out) > maxVisits {
			return unknown("")
		}
		return m.newList(out)
	case "len":
		if args[0].Kind == kindStr {
			return integer(len(args[0].Text))
		}
		if e, known := m.elements(args[0]); known {
			if l := m.lists[args[0].N]; args[0].Kind != kindRef || l == nil || l.n >= 0 {
				return integer(len(e))
			}
		}
	}
	return unknown("")
}

// known runs the few functions of the standard library that paths are made with.
func (m *machine) known(s *callSite) (Value, bool) {
	if s.fn.Pkg() == nil || s.recv {
		return Value{}, false
	}
	pkg, name := s.fn.Pkg().Path(), s.fn.Name()
	text := func(i int) (string, bool) {
		if i < len(s.args) && s.args[i].Kind == kindStr {
			return s.args[i].Text, true
		}
		return "", false
	}
	switch pkg {
	case "fmt":
		if name == "Sprintf" || name == "Sprint" {
			return m.sprint(s, name == "Sprintf"), true
		}
	case "strings":
		a, ok := text(0)
		if !ok {
			return Value{}, false
		}
		b, two := text(1)
		switch {
		case name == "ToUpper":
			return str(strings.ToUpper(a)), true
		case name == "ToLower":
			return str(strings.ToLower(a)), true
		case name == "TrimSpace":
			return str(strings.TrimSpace(a)), true
		case name == "TrimSuffix" && two:
			return str(strings.TrimSuffix(a, b)), true
		case name == "TrimPrefix" && two:
			return str(strings.TrimPrefix(a, b)), true
		case name == "TrimRight" && two:
			return str(strings.TrimRight(a, b)), true
		case name == "TrimLeft" && two:
			return str(strings.TrimLeft(a, b)), true
		case name == "Trim" && two:
			return str(strings.Trim(a, b)), true
		case name == "HasPrefix" && two:
			return truth(strings.HasPrefix(a, b)), true
		case name == "HasSuffix" && two:
			return truth(strings.HasSuffix(a, b)), true
		}
	case "path":
		if name == "Join" && len(s.args) == 1 {
			elems, known := m.elements(s.args[0])
			if !known {
				return Value{}, false
			}
			out := str("")
			constant := true
			for i, e := range elems {
				constant = constant && e.Kind == kindStr
				if i > 0 {
					out = concat(out, str("/"))
				}
				out = concat(out, e)
			}
			if constant {
				out = str(path.Clean(out.Text))
			}
			return out, true
		}
	}
	return Value{}, false
}

// sprint formats, as far as verbs that stand for text go.
func (m *machine) sprint(s *callSite, format bool) Value {
	list := s.args[len(s.args)-1]
	operands, known := m.elements(list)
	if !known {
		return unknown("")
	}
	out := str("")
	if !format {
		for _, o := range operands {
			out = concat(out, o)
		}
		return out
	}
	if s.args[0].Kind != kindStr {
		return unknown("")
	}
	rest := s.args[0].Text
	for {
		head, tail, ok := strings.Cut(rest, "%")
		out = concat(out, str(head))
		if !ok {
			return out
		}
		if tail == "" {
			return unknown("")
		}
		if tail[0] == '%' {
			out, rest = concat(out, str("%")), tail[1:]
			continue
		}
		if !strings.ContainsRune("svdq", rune(tail[0])) || len(operands) == 0 {
			return unknown("")
		}
		o := operands[0]
		operands, rest = operands[1:], tail[1:]
		switch {
		case o.Kind == kindInt && tail[0] != 'q':
			o = str(fmt.Sprint(o.N))
		case tail[0] == 'q':
			o = concat(concat(str(`"`), o), str(`"`))
		}
		out = concat(out, o)
	}
}

// place returns the value at a place of a call.
func (m *machine) place(s *callSite, p *models.Place) Value {
	var v Value
	switch p.Base {
	case models.Recv:
		if !s.recv {
			return unknown("")
		}
		v = s.args[0]
	case models.Arg:
		i := p.Index
		if s.recv {
			i++
		}
		if i >= len(s.args) {
			return unknown("")
		}
		v = s.args[i]
	default:
		return unknown("")
	}
	for _, step := range p.Path {
		if step == models.Elem {
			return v // its elements are asked for by whoever wants them
		}
		if name, ok := models.StepCall(step); ok {
			v = m.ask(v, name)
			continue
		}
		if v.Kind == kindRef {
			v = m.load(v.at("."+step), nil)
			continue
		}
		v = unknown(step)
	}
	return v
}

// all returns the values at places: of lists, the elements.
func (m *machine) all(s *callSite, places []models.Place) []Value {
	var out []Value
	for i := range places {
		p := &places[i]
		v := m.place(s, p)
		if n := len(p.Path); n > 0 && p.Path[n-1] == models.Elem || m.isList(v) {
			elems, _ := m.elements(v)
			for _, e := range elems {
				if e.Kind != kindNil {
					out = append(out, m.flat(e)...)
				}
			}
			continue
		}
		if v.Kind != kindNil {
			out = append(out, m.flat(v)...)
		}
	}
	return out
}

// origin returns where the call is that a path was written at: of a helper
// that takes the path as a parameter, the call of the helper.
func (s *callSite) origin(path *models.Place) token.Pos {
	i := path.Index
	if s.recv {
		i++
	}
	for {
		if path.Base != models.Arg || len(path.Path) > 0 || s.in == nil || i >= len(s.ops) {
			return s.pos
		}
		p, ok := s.ops[i].(*ssa.Parameter)
		if !ok || s.in.site == nil || s.in.site.in == nil {
			return s.pos
		}
		if i = slices.Index(s.in.fn.Params, p); i < 0 {
			return s.pos
		}
		s = s.in.site
	}
}

// flat returns the elements of a list within a list.
func (m *machine) flat(v Value) []Value {
	if !m.isList(v) || v.Kind == kindNil {
		return []Value{v}
	}
	elems, _ := m.elements(v)
	for i := range elems {
		if elems[i].Cond == nil {
			elems[i].Cond = v.Cond
		}
	}
	return elems
}

// wire does what a row says of a call. The result is that of the call, if the
// row says what it is.
func (m *machine) wire(s *callSite, w *models.Wire) (Value, bool) {
	if w.Kind == models.Path {
		return m.template(s, w), true
	}
	op := Op{Kind: string(w.Kind), Prefix: w.Prefix, Pattern: w.Pattern, Strip: w.Strip}
	var routerType types.Type
	switch {
	case w.Global != "":
		op.On = Value{Kind: kindRef, Base: baseGlobal, Text: s.fn.Pkg().Path() + "." + w.Global}
		if v, ok := s.fn.Pkg().Scope().Lookup(w.Global).(*types.Var); ok {
			routerType = v.Type()
		}
	case w.Router != nil && w.Router.Base == models.Result:
		t := s.sig.Results().At(w.Router.Index).Type()
		op.On = m.object(t)
		m.op(Op{Kind: opNew, On: op.On, Obj: op.On.N, Rule: m.p.router(t), Text: m.p.library(t)}, s.pos)
		routerType = t
	case w.Direct:
		op.On = Value{Kind: kindRef, Base: baseGlobal, Text: s.fn.Pkg().Path() + ".…"}
	case w.Router != nil:
		op.On = m.place(s, w.Router)
		i := w.Router.Index
		if w.Router.Base == models.Recv {
			i = 0
		} else if s.recv {
			i++
		}
		if i < len(s.types) {
			routerType = s.types[i]
		}
	}
	if routerType != nil {
		op.Rule = m.p.router(routerType)
		if !op.Rule.Known && w.Router != nil && w.Router.Base == models.Recv {
			op.Rule = m.p.router(s.fn.Signature().Recv().Type())
		}
	}
	if w.Path != nil {
		op.Path, op.HasPath = m.place(s, w.Path), true
		if m.isList(op.Path) {
			elems, known := m.elements(op.Path)
			switch {
			case len(elems) == 1:
				op.Path = elems[0]
			case len(elems) == 0 && known:
				op.HasPath = false
			default:
				op.Path = Value{Kind: kindAlt, Args: elems}
			}
		}
	}
	op.Methods = w.Verbs
	if w.Method != nil {
		op.Method = m.place(s, w.Method)
		op.Methods, op.AnyMethod = m.methods(op.Method)
		if !op.AnyMethod {
			op.Method = Value{}
		}
	}
	op.Middleware = m.all(s, w.Middleware)
	op.Middleware = append(op.Middleware, m.options(s, w.Options)...)
	op.Serves = w.Serves
	for _, name := range w.Adds {
		id := Ident{Pkg: s.fn.Pkg().Path(), Name: name}
		op.Middleware = append(op.Middleware, Value{Kind: kindFunc, Fn: &id})
	}
	if w.Handler != nil {
		op.Handler, op.HasHandler = m.relayed(m.place(s, w.Handler)), true
	}
	if len(w.List) > 0 {
		list := m.all(s, w.List)
		if n := len(list); n > 0 {
			op.Handler, op.HasHandler = m.relayed(list[n-1]), true
			op.Middleware = append(op.Middleware, list[:n-1]...)
			if op.Handler.Kind == kindMany {
				op.Middleware = append(op.Middleware, op.Handler)
			}
		}
	}
	if w.Only != "" || w.Stage != 0 {
		op.Middleware = slices.Clone(op.Middleware)
		for i := range op.Middleware {
			op.Middleware[i] = marked(op.Middleware[i], Value{Only: w.Only, Stage: w.Stage})
		}
	}
	var out Value
	switch w.Kind {
	case models.Chain:
		elems := op.Middleware
		if w.Router != nil && w.Router.Base == models.Recv && m.isList(op.On) {
			before, _ := m.elements(op.On)
			elems = append(slices.Clone(before), elems...)
		}
		return m.newList(elems), true
	case models.Wrap:
		out = op.Handler
		if w.Strip {
			out = Value{Kind: kindStrip, Text: pathText(op.Path), Args: []Value{out}}
			if !op.Path.constant() {
				out.Cond = nil
			}
		}
		for _, mw := range slices.Backward(op.Middleware) {
			out = Value{Kind: kindWrap, Args: []Value{mw, out}}
		}
		return out, true
	case models.Service:
		return m.service(s, w, op)
	case models.Route:
		if !op.HasHandler && w.To == nil {
			op.Handler, op.HasHandler = Value{Kind: kindFunc, Fn: m.p.ident(s.fn)}, true
		}
		if w.To != nil {
			out = m.object(nil)
			op.Obj = out.N
		}
	case models.Group:
		t := s.result
		if w.To != nil {
			t = s.sig.Results().At(w.To.Index).Type()
		}
		if w.To == nil && w.Call != nil {
			t = nil
		}
		out = m.object(t)
		op.Obj = out.N
		if rule := m.p.router(t); rule.Known {
			op.Rule = rule
		}
	case models.Use, models.Mount:
		out = op.On
	case models.Amend:
		out = op.On
	}
	if w.Kind == models.Route && w.Path != nil {
		op.At = m.p.position(s.origin(w.Path))
	}
	m.op(op, s.pos)
	if w.Call != nil && out.Kind == kindRef {
		f := m.place(s, w.Call)
		sig, _ := s.sig.Params().At(w.Call.Index).Type().Underlying().(*types.Signature)
		if sig != nil && f.Kind != kindNil {
			d := &callSite{sig: sig, pos: s.pos, args: []Value{out}, result: sig.Results()}
			for i := range sig.Params().Len() {
				d.types = append(d.types, sig.Params().At(i).Type())
			}
			m.callValue(d, f)
		}
	}
	return out, w.To != nil || w.Kind == models.Group
}

// options returns the middleware in options. An option that no chain made is
// about something else.
func (m *machine) options(s *callSite, places []models.Place) []Value {
	var out []Value
	for i := range places {
		elems, _ := m.elements(m.place(s, &places[i]))
		for _, e := range elems {
			switch {
			case e.Kind == kindMany:
				out = append(out, e) // options that are not known
			case e.Kind == kindAlt || m.isList(e) && e.Kind != kindNil:
				more, known := m.elements(e)
				if known {
					for j := range more {
						if more[j].Cond == nil {
							more[j].Cond = e.Cond
						}
					}
					out = append(out, more...)
				}
			}
		}
	}
	return out
}

// methods returns the methods of requests that a value names; any is set if
// they are not all constant.
func (m *machine) methods(v Value) (out []string, any bool) {
	switch v.Kind {
	case kindStr:
		if v.Text == "" {
			return nil, false
		}
		return []string{strings.ToUpper(v.Text)}, false
	case kindAlt:
		for _, a := range v.Args {
			more, unknown := m.methods(a)
			out, any = append(out, more...), any || unknown
		}
		slices.Sort(out)
		return slices.Compact(out), any
	}
	if elems, known := m.elements(v); known {
		for _, e := range elems {
			more, unknown := m.methods(e)
			out, any = append(out, more...), any || unknown
		}
		slices.Sort(out)
		return slices.Compact(out), any
	}
	return nil, true
}

// service registers the methods of the interface that a generated function
// takes an implementation of.
func (m *machine) service(s *callSite, w *models.Wire, op Op) (Value, bool) {
	if w.Directives != nil {
		return m.schema(s, w, op), true
	}
	var out Value
	if w.To != nil {
		t := s.sig.Results().At(w.To.Index).Type()
		out = m.object(t)
		op.On = out
		library, _ := strings.CutSuffix(path.Base(w.At.File), "-generated.toml")
		if w.Base != "" {
			library = s.fn.Pkg().Name()
		}
		m.op(Op{Kind: opNew, On: out, Obj: out.N, Rule: Rule{Known: true}, Text: library}, s.pos)
	}
	i := w.Handler.Index
	if s.recv {
		i++
	}
	iface, ok := s.sig.Params().At(w.Handler.Index).Type().Underlying().(*types.Interface)
	if !ok {
		return m.opaque(s), true
	}
	impl := typeName(s.types[i])
	if v := s.args[i]; v.Type != "" {
		impl = v.Type
	}
	found := false
	for meth := range iface.Methods() {
		name := cmp.Or(w.Base, strings.Replace(w.Name, "?", meth.Name(), 1))
		c, ok := s.fn.Pkg().Scope().Lookup(name).(*types.Const)
		if !ok || c.Val().Kind() != constant.String {
			continue
		}
		found = true
		r := op
		r.Kind = string(models.Route)
		r.Path, r.HasPath = str(constant.StringVal(c.Val())), true
		r.Methods = []string{"RPC"}
		r.Only = "unary"
		if w.Base != "" {
			r.Path.Text = "/" + r.Path.Text + "/" + meth.Name()
		} else if streams(meth.Signature()) {
			r.Only, r.Methods = "stream", []string{"STREAM"}
		}
		h := meth
		if f := m.p.method(impl, meth.Name()); f != nil {
			h = f
		}
		r.Handler, r.HasHandler = Value{Kind: kindFunc, Fn: m.p.ident(h)}, true
		m.op(r, s.pos)
	}
	if !found {
		m.hand(s, m.p.ident(s.fn).String()+", whose methods are not known")
	}
	if w.To != nil && s.sig.Results().Len() > 1 {
		res := Value{Kind: kindTuple}
		for i := range s.sig.Results().Len() {
			if i == w.To.Index {
				res.Args = append(res.Args, out)
			} else {
				res.Args = append(res.Args, unknown("the path of the service"))
			}
		}
		return res, true
	}
	return out, w.To != nil
}

// streams reports whether a method of a service has a stream, of requests or
// of answers.
func streams(sig *types.Signature) bool {
	if sig.Params().Len() == 0 || typeName(sig.Params().At(0).Type()) != "context.Context" || sig.Results().Len() < 2 {
		return true
	}
	for i := range sig.Params().Len() {
		name := typeName(sig.Params().At(i).Type())
		if pkg, t, ok := cutLast(name, "."); ok && strings.TrimPrefix(pkg, "*") == "connectrpc.com/connect" && strings.Contains(t, "Stream") {
			return true
		}
	}
	return false
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// splice replays the trace of a function with the arguments of a call.
func (m *machine) splice(t *Trace, args []Value, recv bool, free []Value, pos token.Pos) Value {
	if len(m.stack) >= maxDepth || m.steps > maxInstrs {
		return unknown("")
	}
	m.steps += 1 + len(t.Ops) + len(t.Places)
	base := m.objs
	m.objs += t.Objs
	results := map[int]Value{} // of calls that could be made only here
	for _, c := range t.Calls {
		m.calls[c] = true
	}
	subst := func(v Value) Value {
		return mapValue(v, func(v Value) Value {
			if v.Kind != kindRef {
				return m.relayed(m.spread(applied(v.settled())))
			}
			switch v.Base {
			case baseObject:
				v.N += base
				if w, ok := results[v.N]; ok {
					return m.under(w, v)
				}
				return v
			case baseParam, baseFree:
				from, i := args, v.N
				if v.Base == baseFree {
					from = free
				} else if recv {
					i++
				}
				if i < 0 || i >= len(from) {
					return unknown(v.refText())
				}
				return m.under(from[i], v)
			case baseGlobal:
				return m.load(v, nil)
			}
			return v
		})
	}
	for _, ty := range t.Types {
		m.types[ty.N+base] = ty.Type
	}
	for _, r := range t.Relays {
		m.relays[r.Type+"."+r.Method] = r.To
	}
	for _, l := range t.Lists {
		m.lists[l.Obj+base] = &list{l.Len, l.Open}
	}
	for _, pl := range t.Places {
		if pl.Base.Base == baseObject {
			m.setPlace(placeOf(pl, base), subst(pl.Val))
		}
	}
	via := m.p.position(pos)
	for _, op := range m.unrolled(t.Ops, args, recv, free) {
		if op.At.Pkg != m.p.pass.Pkg.Path() {
			op.Via = via
		}
		if op.Kind == string(models.Route) && op.Path.Kind == kindRef && op.Path.Base == baseParam && pos.IsValid() {
			op.At = m.p.position(pos) // a helper, which takes the path as a parameter
		}
		op.On, op.Path, op.Handler = subst(op.On), subst(op.Path), subst(op.Handler)
		list := make([]Value, 0, len(op.Middleware))
		for _, mw := range op.Middleware {
			v := subst(mw)
			if op.Kind != opCall && (v.Kind == kindMany || m.isList(v)) {
				more, _ := m.elements(v)
				for _, e := range more {
					if e.Cond == nil {
						e.Cond = v.Cond
					}
					list = append(list, e)
				}
				continue
			}
			list = append(list, v)
		}
		op.Middleware = list
		if op.Obj != 0 {
			op.Obj += base
		}
		if op.AnyMethod && op.Method.Kind != kindUnknown {
			op.Method = subst(op.Method)
			op.Methods, op.AnyMethod = m.methods(op.Method)
			if !op.AnyMethod {
				op.Method = Value{}
			}
		}
		if op.Cond != nil && len(m.cond) > 0 {
			op.Cond = &m.cond[0]
		}
		if op.Kind == string(models.Route) && op.HasHandler && op.Handler.Kind == kindMany && len(op.Middleware) > 0 {
			// A list that was a parameter: its last element is the handler.
			if more, known := m.elements(op.Handler); known && len(more) > 0 {
				op.Handler = more[len(more)-1]
				op.Middleware = op.Middleware[:len(op.Middleware)-1]
			}
		}
		if v, ok := m.replayCall(&op); ok {
			if op.Obj != 0 {
				results[op.Obj] = firstOf(v)
			}
			continue
		}
		if op.Kind == opCall && op.Obj != 0 {
			m.waits[op.Obj] = true
		}
		m.op(op, token.NoPos)
	}
	if len(results) > 0 {
		for _, pl := range t.Places {
			if pl.Base.Base == baseObject && mentions(pl.Val, base, results) {
				m.setPlace(placeOf(pl, base), subst(pl.Val))
			}
		}
	}
	for _, pl := range t.Places {
		if pl.Base.Base != baseObject {
			b := pl.Base
			b.Path = pl.Path
			if mp, ok := strings.CutSuffix(b.Path, anyKey); ok {
				b.Path = mp
				m.storeSome(m.load(m.address(b, args, recv, free), nil).at(anyKey), subst(pl.Val))
			} else if addr := subst(b); addr.Kind == kindRef {
				m.store(addr, subst(pl.Val))
			} else if w := m.address(b, args, recv, free); w.Kind == kindRef {
				m.store(w, subst(pl.Val))
			}
		}
	}
	var out []Value
	for _, r := range t.Results {
		out = append(out, subst(r))
	}
	switch len(out) {
	case 0:
		return unknown("")
	case 1:
		return out[0]
	}
	return Value{Kind: kindTuple, Args: out}
}

// placeOf is a place of an object of a callee, whose objects are numbered from base on.
func placeOf(pl Place, base int) Value {
	addr := pl.Base
	addr.N += base
	addr.Path = pl.Path
	return addr
}

// mentions reports whether v is made with an object that stood for a result.
func mentions(v Value, base int, results map[int]Value) bool {
	found := false
	mapValue(v, func(v Value) Value {
		_, ok := results[v.N+base]
		found = found || ok && v.Kind == kindRef && v.Base == baseObject
		return v
	})
	return found
}

// opCall is a call of a function or method that only the caller knows.
const opCall = "call"

// replayCall makes a call that the callee could not, since what it calls is
// the caller's.
func (m *machine) replayCall(op *Op) (Value, bool) {
	if op.Kind != opCall {
		return Value{}, false
	}
	s := &callSite{args: op.Middleware, sig: types.NewSignatureType(nil, nil, nil, nil, nil, false), result: types.NewTuple()}
	for range op.Middleware {
		s.types = append(s.types, types.Typ[types.Invalid])
	}
	if op.Cond != nil {
		m.cond = append(m.cond, *op.Cond)
		defer func() { m.cond = m.cond[:len(m.cond)-1] }()
	}
	first := len(m.ops)
	defer func() {
		for i := first; i < len(m.ops); i++ {
			if one := &m.ops[i]; one.At.File == "" {
				one.At, one.Via = op.At, op.Via // where the callee calls
			}
		}
	}()
	if op.Text == "" {
		switch op.On.Kind {
		case kindFunc, kindLit, kindCall:
			return m.callValue(s, op.On), true
		}
		return Value{}, false
	}
	recv := op.On
	fn := m.p.method(m.typeOf(recv), op.Text)
	if fn == nil || types.IsInterface(fn.Signature().Recv().Type()) {
		return Value{}, false
	}
	s.fn, s.sig, s.recv = fn, fn.Signature(), true
	if op.Obj != 0 {
		s.result = s.sig.Results()
	}
	s.args = append([]Value{recv}, op.Middleware...)
	s.types = []types.Type{fn.Signature().Recv().Type()}
	for i := range fn.Signature().Params().Len() {
		s.types = append(s.types, fn.Signature().Params().At(i).Type())
	}
	if len(s.types) != len(s.args) {
		return Value{}, false
	}
	return m.callFunc(s, nil), true
}

// unrolled returns steps with those that were in a loop over a list of the
// caller's, whose elements are known here, once for each element.
func (m *machine) unrolled(ops []Op, args []Value, recv bool, free []Value) []Op {
	out := make([]Op, 0, len(ops))
	for _, op := range ops {
		if !op.Loop {
			out = append(out, op)
			continue
		}
		var base Value
		find := func(v Value) Value {
			if i := strings.Index(v.Path, "[?]"); v.Kind == kindRef && i >= 0 && base.Kind != kindRef && v.Base != baseObject {
				base = v
				base.Path = v.Path[:i]
			}
			return v
		}
		op.each(find)
		if base.Kind != kindRef {
			out = append(out, op)
			continue
		}
		l := m.address(base, args, recv, free)
		elems, known := m.elements(m.load(l, nil))
		if !known {
			out = append(out, op)
			continue
		}
		prefix := base.root() + "[?]"
		for i := range elems {
			one := op
			one.Loop = false
			one.each(func(v Value) Value {
				if v.Kind == kindRef && strings.HasPrefix(v.root(), prefix) {
					v.Path = base.Path + fmt.Sprintf("[%d]", i) + v.Path[len(base.Path)+3:]
				}
				return v
			})
			out = append(out, one)
		}
	}
	return out
}

// each replaces every value of op by what f makes of it.
func (op *Op) each(f func(Value) Value) {
	op.On, op.Path, op.Handler = mapValue(op.On, f), mapValue(op.Path, f), mapValue(op.Handler, f)
	list := make([]Value, len(op.Middleware))
	for i := range op.Middleware {
		list[i] = mapValue(op.Middleware[i], f)
	}
	op.Middleware = list
	if op.Method.Kind != kindUnknown {
		op.Method = mapValue(op.Method, f)
	}
}

// setPlace fills a place of a new object.
func (m *machine) setPlace(addr, v Value) {
	m.writable(addr.key())[addr.Path] = v
}

// address is the place in the caller that a place of the callee stands for.
func (m *machine) address(b Value, args []Value, recv bool, free []Value) Value {
	from, i := args, b.N
	if b.Base == baseFree {
		from = free
	} else if recv {
		i++
	}
	if b.Base == baseGlobal {
		return b
	}
	if i < 0 || i >= len(from) || from[i].Kind != kindRef {
		return unknown("")
	}
	return from[i].at(b.Path)
}

// under is what v stands for, a parameter or a place below it, where w is the argument.
func (m *machine) under(w, v Value) Value {
	if v.Path != "" {
		return m.path(w, v)
	}
	if v.Type != "" && w.Type == "" && w.Kind == kindRef {
		w.Type = v.Type
	}
	if v.Cond != nil && w.Cond == nil {
		w.Cond = v.Cond
	}
	return marked(w, v)
}

// marked is w with what is known of v as a middleware.
func marked(w, v Value) Value {
	if v.Only != "" {
		w.Only = v.Only
	}
	if v.Stage != 0 {
		w.Stage = v.Stage
	}
	return w
}

// path follows the path of a parameter from the argument.
func (m *machine) path(w, v Value) Value {
	switch w.Kind {
	case kindRef:
		out := m.load(w.at(v.Path), nil)
		if out.Kind == kindRef && out.Type == "" {
			out.Type = v.Type
		}
		if v.Cond != nil && out.Cond == nil {
			out.Cond = v.Cond
		}
		return marked(out, v)
	case kindAlt:
		var out Value
		for i, a := range w.Args {
			if x := m.path(a, v); i == 0 {
				out = x
			} else {
				out = either(out, x)
			}
		}
		return out
	}
	text := strings.TrimPrefix(v.Path, ".")
	if w.Kind == kindUnknown && w.Text != "" {
		text = w.Text + "." + text
	}
	return unknown(text)
}
