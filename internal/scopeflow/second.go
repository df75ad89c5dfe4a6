package scopeflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// A second source is a key of the context that no source reads, but an accessor all
// the same: whoever calls that takes what it hands out for the caller's.

// A Beside is what a function puts into a context on behalf of its caller, beside
// what sources read.
type Beside struct {
	Param int
	Path  Path
	By    string // the accessor that hands it out
}

// A put is a value that a call puts into a context beside what sources read.
type put struct {
	v    ssa.Value
	path Path
	by   string
}

// besides returns the values that a call puts into a context, under the key of an
// accessor that is no source, itself or in what it calls.
func (e *engine) besides(call ssa.CallInstruction) []put {
	common := call.Common()
	var out []put
	if m := e.index.Func(callee(common)); m != nil {
		for i := range m.Flows {
			fl := &m.Flows[i]
			if fl.How != models.ContextSet {
				continue
			}
			key, v := argument(common, placeNumber(fl.From[0])), argument(common, placeNumber(fl.From[1]))
			if key == nil || v == nil {
				continue
			}
			if by := e.accessors()[keyName(key)]; by != "" && len(e.storedUnder(fl, common)) == 0 {
				out = append(out, put{v, pathOf(fl.From[1].Path), by})
			}
		}
		return out
	}
	var puts []Beside
	if bodies := e.bodies(common); len(bodies) > 0 {
		for _, b := range bodies {
			puts = append(puts, e.puts(b)...)
		}
	} else if s := e.fact(callee(common)); s != nil {
		puts = s.Besides
	}
	for _, p := range puts {
		if v := argument(common, p.Param); v != nil {
			out = append(out, put{v, p.Path, p.By})
		}
	}
	return out
}

// accessors returns the functions of this package that hand out a text which they
// find in a context, and are no sources, by the keys.
func (e *engine) accessors() map[string]string {
	if e.accessorOf != nil {
		return e.accessorOf
	}
	e.accessorOf = map[string]string{}
	for _, fn := range e.funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Signature.Results().Len() == 0 || !isString(fn.Signature.Results().At(0).Type()) {
			continue
		}
		if m := e.index.Func(obj); m != nil {
			continue
		}
		for _, use := range e.keysReturned(fn, 0, 0) {
			if _, known := e.accessorOf[use.Key]; use.Key != "" && use.Dims == 0 && use.Path == "" && !known {
				e.accessorOf[use.Key] = funcName(obj)
			}
		}
	}
	return e.accessorOf
}

// puts returns what fn puts into contexts on behalf of its callers, beside what
// sources read.
func (e *engine) puts(fn *ssa.Function) []Beside {
	return memo(&e.putsOf, fn, func() []Beside { return e.findPuts(fn) })
}

func (e *engine) findPuts(fn *ssa.Function) []Beside {
	var out []Beside
	e.instrs(fn, func(in ssa.Instruction) {
		call, ok := in.(ssa.CallInstruction)
		if !ok {
			return
		}
		for _, b := range e.besides(call) {
			val := e.settle(e.ev(b.v, b.path, call), call)
			val.has(func(p *Atom) bool {
				one := Beside{p.Root, p.Path, b.by}
				if p.Kind == Param && !p.Selected && !p.Ctx && p.Root < literalParam && len(out) < 8 && !slices.Contains(out, one) {
					out = append(out, one)
				}
				return false
			})
		}
	})
	return out
}

// SecondSources returns the tenants and environments that the client names and that
// are put into a context, unchecked, for an accessor which the project does not call a
// source, though it has one, in source order.
func (r *Result) SecondSources() []Entry {
	e := r.e
	var out []Entry
	for _, fn := range e.funcs {
		e.instrs(fn, func(in ssa.Instruction) {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				return
			}
			for _, b := range e.besides(call) {
				if en, ok := e.seconds(b, call); ok {
					en.Func, en.Pos, en.Name = declared(fn), call.Pos(), b.by
					out = append(out, en)
				}
			}
		})
	}
	return out
}

// seconds reports whether what is put into a context is a dimension, as the client
// calls it, of which the project has a source.
func (e *engine) seconds(b put, at ssa.Instruction) (Entry, bool) {
	val := e.settle(e.ev(b.v, b.path, at), at)
	var out Entry
	found := val.has(func(p *Atom) bool {
		dims := p.Claim & e.apart()
		if p.Kind != Request || p.Ctx || p.Handled || p.Selected || dims == 0 || e.admits(*p, dims, at) {
			return false
		}
		out = Entry{Dims: dims, Sent: *p, Read: p.Pos}
		return true
	})
	return out, found
}
