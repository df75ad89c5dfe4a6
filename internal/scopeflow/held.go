package scopeflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// Where connections are kept, and what functions say of those that they return
// or hand out.

// heldSession answers for a connection that a field of the receiver leads to. If
// nothing hands its methods another value of the receiver's type, one that is
// made for a transaction, then the field was set before anybody's request.
func (e *engine) heldSession(p *ssa.Parameter, path Path) (Value, bool) {
	base, step := path.column()
	if !isSession(step) {
		return Value{}, false
	}
	if e.onPool(p.Type(), path) {
		return e.pooledBy(path, p.Pos()), true
	}
	if base == "" || step == connectionStep || paramNumber(p) != Receiver {
		return Value{}, false
	}
	first := Path(base.steps()[0])
	_, field := stepTo(p.Type(), first)
	named, _ := structField(p.Type(), 0)
	if field == nil || named == nil || field.Pkg() != e.pass.Pkg || e.rebound(named) {
		return Value{}, false
	}
	rest := base[len(first):] + step
	for _, st := range e.fieldStores(field.Origin()) {
		if e.ev(st.Val, rest, st).has(func(a *Atom) bool { return a.Kind == Scope }) {
			return e.opaque(p.Pos(), "a connection with settings of its own"), true
		}
	}
	return unrestricted(), true
}

// rebound reports whether something in this package makes a value of the type for
// a connection or transaction that it is handed, as New(tx) and WithTx(tx) do.
func (e *engine) rebound(named *types.Named) bool {
	for _, fn := range e.funcs {
		sig := fn.Signature
		if sig.Results().Len() == 0 || namedOf(sig.Results().At(0).Type()) != named {
			continue
		}
		for v := range sig.Params().Variables() {
			m := e.index.Type(v.Type())
			if e.isConnection(v.Type()) && (m == nil || !m.Pool && (!m.Handle || sig.Recv() != nil)) {
				return true
			}
		}
	}
	return false
}

// isConnection reports whether statements run on values of t: the rows say so of
// its methods, or of methods that look the same.
func (e *engine) isConnection(t types.Type) bool {
	n := namedOf(t)
	if n == nil {
		return false
	}
	return memo(&e.connections, n, func() bool {
		return anyMethod(n, func(f *types.Func) bool {
			m := e.index.Func(f)
			if m == nil && types.IsInterface(n) {
				m = e.index.Like(f, func(p string) *types.Package { return e.imported[p] })
			}
			return m != nil && slices.ContainsFunc(m.Sinks, func(s models.Sink) bool { return s.SQL != nil && s.On == nil })
		})
	})
}

// sessionPaths returns where in a value of type t connections lie: it is one, or a
// struct that holds one.
func (e *engine) sessionPaths(t types.Type) []Path {
	if e.isConnection(t) {
		return []Path{""}
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var out []Path
	for f := range s.Fields() {
		if e.isConnection(f.Type()) {
			out = append(out, Path("").field(f.Name()))
		}
	}
	return out
}

// summarizeSessions adds to a summary what the connections are held by that fn
// returns, and those that it hands to the functions it is handed.
func (e *engine) summarizeSessions(fn *ssa.Function, s *Summary) {
	steps := e.sessionSteps()
	if len(steps) == 0 {
		return
	}
	res := fn.Signature.Results()
	for i := range min(res.Len(), 4) {
		for _, at := range e.sessionPaths(res.At(i).Type()) {
			for _, step := range steps {
				if val, _ := e.result(fn, i, at+step); sayable(val) {
					s.Results = append(s.Results, ResultFlow{i, at + step, e.portable(val)})
				}
			}
		}
	}
	for i, p := range fn.Params {
		sig, ok := p.Type().Underlying().(*types.Signature)
		if !ok {
			continue
		}
		if fn.Signature.Recv() != nil {
			i--
		}
		for j := range sig.Params().Len() {
			for _, at := range e.sessionPaths(sig.Params().At(j).Type()) {
				for _, step := range steps {
					if val := e.handedBy(fn, i, j, at+step); sayable(val) {
						s.Calls = append(s.Calls, Callback{i, j, at + step, e.portable(val)})
					}
				}
			}
		}
	}
}

// handedBy returns what fn hands, as the n-th parameter, to the function that it
// was handed as its i-th: where it calls that, and where it hands it on to
// what does.
func (e *engine) handedBy(fn *ssa.Function, i, n int, path Path) Value {
	param := i
	if fn.Signature.Recv() != nil {
		param++
	}
	if param < 0 || param >= len(fn.Params) {
		return Value{}
	}
	p := fn.Params[param]
	return e.ask(evKey{v: p, path: called + path, idx: n}, func() Value {
		var out Value
		for _, inv := range e.invocations(fn, i) {
			if args := inv.Common().Args; n < len(args) {
				out = join(out, e.settle(e.ev(args[n], path, inv), inv))
			}
		}
		for _, ref := range *p.Referrers() {
			call, ok := ref.(ssa.CallInstruction)
			if !ok || call.Common().Value == p {
				continue
			}
			at := slices.Index(callArgs(call.Common()), ssa.Value(p))
			if hasReceiver(call.Common()) {
				at--
			}
			out = join(out, e.handed(call, call.Common(), at, n, path))
		}
		return out
	})
}

// sayable reports whether what a session is held by is fit for a summary. That it
// is held by nothing says something, too.
func sayable(v Value) bool { return !v.bottom() && v.size() <= maxEffect }
