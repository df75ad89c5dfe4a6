package scopeflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A Failure says when the last result of a function is an error that is not nil.
type Failure uint8

// The ways in which functions fail. [FailsWith] and what is above it: where the
// parameter of that number, counted from it on, is an error that is not nil.
const (
	MayPass Failure = iota
	Fails
	FailsWith
)

// failure returns when fn fails.
func (e *engine) failure(fn *ssa.Function) Failure {
	// What calls itself may come back: the zero value says so.
	return memo(&e.failures, fn, func() Failure { return e.findFailure(fn) })
}

func (e *engine) findFailure(fn *ssa.Function) Failure {
	res := fn.Signature.Results()
	if res.Len() == 0 || !isError(res.At(res.Len()-1).Type()) {
		return MayPass
	}
	var passing []*ssa.Return
	returns := 0
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		returns++
		if !e.isFailure(ret.Results[len(ret.Results)-1], ret) {
			passing = append(passing, ret)
		}
	}
	switch {
	case returns == 0:
		return MayPass
	case len(passing) == 0:
		return Fails
	}
	for _, p := range fn.Params {
		n := paramNumber(p)
		if n < 0 || !isError(p.Type()) {
			continue
		}
		if !slices.ContainsFunc(passing, func(ret *ssa.Return) bool {
			return ret.Results[len(ret.Results)-1] != ssa.Value(p) && !e.verdict(p, ret, map[ssa.Value]bool{})
		}) {
			return FailsWith + Failure(n)
		}
	}
	return MayPass
}

// callFails reports whether the error that a call returns is not nil.
func (e *engine) callFails(call *ssa.Call) bool {
	if m := e.index.Func(callee(call.Common())); m != nil && m.Fails {
		return true
	}
	if e.failureOf(call) == Fails {
		return true
	}
	arg := e.failsWith(call)
	return arg != nil && e.isFailure(arg, call)
}

// failsWith returns the operand of a call which fails if that is an error that
// is not nil. A function out of sight that is handed an error is taken to say it
// in other words.
func (e *engine) failsWith(call *ssa.Call) ssa.Value {
	common := call.Common()
	if f := e.failureOf(call); f >= FailsWith {
		return argument(common, int(f-FailsWith))
	}
	fn := callee(common)
	if fn == nil || fn.Pkg() == nil || !isError(call.Type()) || e.inSight(fn, common) && e.summarized(fn.Pkg()) {
		return nil
	}
	for _, arg := range callArgs(common) {
		if types.Implements(arg.Type(), errorType()) {
			return arg
		}
	}
	return nil
}

// summarized reports whether anything is known of the functions of a package:
// those that can reach no source and no sink are not looked at.
func (e *engine) summarized(pkg *types.Package) bool {
	if pkg == e.pass.Pkg {
		return true
	}
	known, ok := e.summaries[pkg]
	if !ok {
		for _, name := range pkg.Scope().Names() {
			switch obj := pkg.Scope().Lookup(name).(type) {
			case *types.Func:
				known = known || e.fact(obj) != nil
			case *types.TypeName:
				if n, ok := types.Unalias(obj.Type()).(*types.Named); ok {
					for m := range n.Methods() {
						known = known || e.fact(m) != nil
					}
				}
			}
		}
		if e.summaries == nil {
			e.summaries = map[*types.Package]bool{}
		}
		e.summaries[pkg] = known
	}
	return known
}

// failureOf returns when a call of a function in sight fails.
func (e *engine) failureOf(call *ssa.Call) Failure {
	common := call.Common()
	out := MayPass
	for i, b := range e.bodies(common) {
		if f := e.failure(b); i == 0 || f == out {
			out = f
		} else {
			return MayPass
		}
	}
	if s := e.fact(callee(common)); s != nil {
		out = s.Failure
	}
	return out
}
