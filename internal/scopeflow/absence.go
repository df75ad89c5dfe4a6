package scopeflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// What happens where the scope is not there: whether its absence is told, or
// widens what is done.

// An Absence is a place where a function goes on, without its scope or with
// less of it.
type Absence struct {
	Func  *types.Func // the declared function that it is in, nil in an initialiser
	Pos   token.Pos
	Name  string // of what is called there
	Dims  models.Dims
	Other token.Pos // of what it stands in for, if there is such a place
	What  string    // what is missing or stands in, as messages call it
	By    string    // what relies on it, if it is a setting
}

// declared returns a function as it is declared, nil for an initialiser.
func declared(fn *ssa.Function) *types.Func {
	obj, _ := fn.Object().(*types.Func)
	return obj
}

// ZeroAccessors returns the accessors of this package that hand out an empty
// dimension where a context holds none, and neither an error nor a bool with it:
// of each the first place that does so.
func (r *Result) ZeroAccessors() []Absence {
	e := r.e
	var out []Absence
	for _, fn := range e.funcs {
		for _, place := range e.accesses(fn) {
			if ret := e.returnsZero(fn, place.Index, place.Path); ret != nil {
				obj := fn.Object().(*types.Func)
				out = append(out, Absence{Func: obj, Pos: ret.Pos(), Name: funcName(obj), Dims: place.Dims})
				break
			}
		}
	}
	return out
}

// A scopeResult is a result of a function that is found in a context, as scope.
type scopeResult struct {
	Index int
	Path  Path
	Dims  models.Dims
}

// accesses returns the results of fn that it finds in a context under a key of
// scope.
func (e *engine) accesses(fn *ssa.Function) []scopeResult {
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return nil
	}
	var out []scopeResult
	if m := e.index.Func(obj); m != nil {
		for _, s := range m.Sources {
			if s.Place.Base == models.Result && len(e.keysReturned(fn, s.Place.Index, 0)) > 0 {
				out = append(out, scopeResult{s.Place.Index, pathOf(s.Place.Path), s.Dims})
			}
		}
		return out
	}
	if fn.Signature.Results().Len() == 0 {
		return nil
	}
	for _, use := range e.keysReturned(fn, 0, 0) {
		if use.Dims != 0 {
			return []scopeResult{{0, "", use.Dims}}
		}
	}
	return nil
}

// returnsZero returns a return of fn that hands out an empty value at a place
// as if it were one.
func (e *engine) returnsZero(fn *ssa.Function, idx int, path Path) *ssa.Return {
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || e.failing(ret) || e.tellsAbsence(ret, idx) {
			continue
		}
		if e.zeroAt(ret.Results[idx], path, ret, 0) {
			return ret
		}
	}
	return nil
}

// tellsAbsence reports whether the last result of ret, an error or a bool, may
// say that the others are not there.
func (e *engine) tellsAbsence(ret *ssa.Return, idx int) bool {
	last := ret.Results[len(ret.Results)-1]
	if idx == len(ret.Results)-1 || !isBoolOrError(last.Type()) {
		return false
	}
	return !isNil(last) && !isBool(last, true)
}

// zeroAt reports whether v may be nothing, at path, without being nil: an empty
// string, 0, a pointer to a struct in which nothing was put.
func (e *engine) zeroAt(v ssa.Value, path Path, ret *ssa.Return, depth int) bool {
	if depth > 4 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Const:
		_, pointer := v.Type().Underlying().(*types.Pointer)
		_, iface := v.Type().Underlying().(*types.Interface)
		if v.Value == nil {
			return !pointer && !iface
		}
		return isZero(v)
	case *ssa.Phi:
		for _, edge := range v.Edges {
			if e.zeroAt(edge, path, ret, depth+1) {
				return true
			}
		}
	case *ssa.Extract:
		// v, ok := x.(T), of which nobody asks ok
		t, ok := v.Tuple.(*ssa.TypeAssert)
		if !ok || v.Index != 0 || pointsOn(v.Type()) {
			return false
		}
		return !slices.ContainsFunc(*t.Referrers(), func(ref ssa.Instruction) bool {
			said, ok := ref.(*ssa.Extract)
			return ok && said.Index == 1 && e.verdict(said, ret, map[ssa.Value]bool{})
		}) && !e.unequal(v, "", ret, nil)
	case *ssa.UnOp:
		if alloc, ok := v.X.(*ssa.Alloc); ok && v.Op == token.MUL {
			return e.untouched(alloc, path)
		}
	case *ssa.Alloc:
		return e.untouched(v, path)
	}
	return false
}

// untouched reports whether nothing is written to what alloc holds at path.
func (e *engine) untouched(alloc *ssa.Alloc, path Path) bool {
	return !slices.ContainsFunc(e.writesTo(alloc), func(w write) bool {
		return overlaps(w.sub, path) || strings.HasPrefix(string(w.sub), string(path))
	})
}

// Unfilled returns the calls with an operand that the policy wants to be filled,
// and that may be empty.
func (r *Result) Unfilled() []Absence {
	e := r.e
	var out []Absence
	for _, fn := range e.funcs {
		e.instrs(fn, func(in ssa.Instruction) {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				return
			}
			m := e.index.Func(callee(call.Common()))
			if m == nil {
				return
			}
			for _, p := range m.Filled {
				v := argument(call.Common(), placeNumber(p))
				if v == nil || !e.mayBeEmpty(v, pathOf(p.Path), call, 0) {
					continue
				}
				out = append(out, Absence{Func: declared(fn), Pos: call.Pos(), Name: calleeName(call.Common()), What: e.operandName(v, pathOf(p.Path), call)})
			}
		})
	}
	return out
}

func (e *engine) operandName(v ssa.Value, path Path, at ssa.Instruction) string {
	val := e.ev(v, path, at)
	if name := parts(val, ""); name != "" {
		return name
	}
	return "an argument"
}

// mayBeEmpty reports whether v may hold nothing at path when at runs.
func (e *engine) mayBeEmpty(v ssa.Value, path Path, at ssa.Instruction, depth int) bool {
	val := e.settle(e.ev(v, path, at), at)
	for i := range val.Alts {
		alt := &val.Alts[i]
		if alt.empty() {
			return true
		}
		for _, x := range thingsIn(alt) {
			if !e.filledBefore(x, at) && !e.filledByCallers(x, at, depth) {
				return true
			}
		}
	}
	return false
}

// filledBefore reports whether at runs only where x was found to be there.
func (e *engine) filledBefore(x Atom, at ssa.Instruction) bool {
	for at := range e.outward(at) {
		var present []edge
		for _, ed := range e.absentEdges(x, at.Parent()) {
			present = append(present, edge{ed.from, other(ed)})
		}
		if len(present) > 0 && !reaches(at.Parent().Blocks[0], at.Block(), present) {
			return true
		}
	}
	return false
}

// filledByCallers reports whether x, a parameter of the function of at, is
// checked by all of its callers, and no others can be.
func (e *engine) filledByCallers(x Atom, at ssa.Instruction, depth int) bool {
	fn := at.Parent()
	if x.Kind != Param || depth > 3 || fn.Parent() != nil || e.open(fn) || len(e.callers[fn]) == 0 {
		return false
	}
	for _, s := range e.callers[fn] {
		v := argument(s.call.Common(), x.Root)
		if v == nil || e.mayBeEmpty(v, x.Path, s.call, depth+1) {
			return false
		}
	}
	return true
}
