package scopeflow

import (
	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// Where a statement is restricted by a column of a row that another one read, whose
// the row is was for that one to say: it has a verdict of its own, and there is
// nothing left that could not be followed.

// judgedRow reports whether x is of a row that a statement read which is judged
// for need itself.
func (e *engine) judgedRow(x *Atom, need models.Dims) bool {
	if x == nil || x.Kind != Record || x.Selected {
		return false
	}
	call := e.callNamed(x.Pos)
	return call != nil && e.judgedAt(call)&need != 0
}

// judgedAt returns the dimensions for which the statements are judged that read
// what a call returns.
func (e *engine) judgedAt(call *ssa.Call) models.Dims {
	common := call.Common()
	if bodies := e.bodies(common); len(bodies) > 0 && e.rowsFor(callee(common), common) == nil {
		out := models.AllDims
		for _, fn := range bodies {
			out &= e.rowsJudged(fn)
		}
		return out
	}
	if s := e.fact(callee(common)); s != nil && s.Judged != 0 {
		return s.Judged
	}
	var out models.Dims
	for _, a := range e.accessesAt(call) {
		for _, c := range a.Columns {
			out |= c.Need
		}
	}
	return out
}

// rowsJudged returns the dimensions for which all statements are judged that read
// what fn returns.
func (e *engine) rowsJudged(fn *ssa.Function) models.Dims {
	return memo(&e.judgedOf, fn, func() models.Dims {
		var calls []*ssa.Call
		res := fn.Signature.Results()
		for i := range min(res.Len(), 4) {
			paths := e.resultPaths(res.At(i).Type())
			if p := rowPath(res.At(i).Type()); p != "" {
				paths = append(paths, p)
			}
			for _, p := range paths {
				val, _ := e.result(fn, i, p)
				known := !val.has(func(x *Atom) bool {
					if x.Kind != Record || x.Selected {
						return false
					}
					call := e.callNamed(x.Pos)
					calls = append(calls, call)
					return call == nil
				})
				if !known {
					return 0
				}
			}
		}
		if len(calls) == 0 {
			return 0
		}
		out := models.AllDims
		for _, c := range calls {
			out &= e.judgedAt(c)
		}
		return out
	})
}
