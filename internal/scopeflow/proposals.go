package scopeflow

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// A Hands is a method that hands parameters on to a sink as its key.
type Hands struct {
	Func *types.Func
	Kind models.Kind
	Op   models.Op
	What string   // the sink, as messages call it
	Key  []string // places of the method, in the words of the policy
}

// Hands returns what the methods of the package do with keys that their callers
// hand them, in the order of the source. Statements and state of the process are
// none of it.
func (r *Result) Hands() []Hands {
	var out []Hands
	if r.e == nil {
		return nil
	}
	for _, fn := range r.e.funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || obj.Signature().Recv() == nil || !obj.Exported() {
			continue
		}
		for _, o := range r.e.owed[fn] {
			key := places(o.Key)
			if o.Kind == models.Query || o.State.Name != "" || len(key) == 0 {
				continue
			}
			h := Hands{obj, o.Kind, o.Op, o.What, key}
			if !slices.ContainsFunc(out, h.same) {
				out = append(out, h)
			}
		}
	}
	return out
}

// same reports whether a row about h says what one about o says.
func (h Hands) same(o Hands) bool {
	return h.Func == o.Func && h.Kind == o.Kind && h.Op == o.Op && slices.Equal(h.Key, o.Key)
}

// places returns the parameters that a key is made of, as the policy names them;
// nil if it is made of what no place names.
func places(key Value) []string {
	var out []string
	for i := range key.Alts {
		for k := range key.Alts[i].Parts {
			switch p := &key.Alts[i].Parts[k]; {
			case p.Kind == Constant || p.Ctx || p.Selected:
			case p.Kind != Param || p.Root == Receiver:
				return nil
			default:
				if place := fmt.Sprintf("arg%d%s", p.Root, p.Path); !slices.Contains(out, place) {
					out = append(out, place)
				}
			}
		}
	}
	return out
}

// A Passed is an argument of a call of which nothing asks whose it is.
type Passed struct {
	Func  *types.Func
	Arg   int // of its parameters
	Call  ssa.CallInstruction
	Class Class  // whether it carries the caller's tenant
	Parts string // what it is made of
}

// Passed returns what the package passes to functions of which neither a row nor
// the code says what they do with it: texts, and identifiers of a fixed form. The
// standard library is left out. It is in the order of the source.
func (r *Result) Passed() []Passed {
	var out []Passed
	if r.e == nil {
		return nil
	}
	for _, fn := range r.e.funcs {
		r.e.instrs(fn, func(in ssa.Instruction) {
			if call, ok := in.(ssa.CallInstruction); ok {
				out = append(out, r.e.passed(fn, call)...)
			}
		})
	}
	return out
}

func (e *engine) passed(owner *ssa.Function, call ssa.CallInstruction) []Passed {
	common := call.Common()
	fn := callee(common)
	if fn == nil || fn.Pkg() == nil || e.isStd(fn.Pkg()) || e.rowsFor(fn, common) != nil {
		return nil
	}
	owed := e.owedBy(fn, common)
	var out []Passed
	params := fn.Signature().Params()
	for i := range params.Len() {
		arg := argument(common, i)
		if arg == nil || fn.Signature().Variadic() && i == params.Len()-1 || !e.isName(arg.Type()) || slices.Contains(owed, i) {
			continue
		}
		a := &Access{What: funcName(fn), Need: []models.Dims{models.Tenant}, Key: e.settle(e.ev(arg, "", call), call), Owner: owner, Instr: call, Pos: call.Pos()}
		out = append(out, Passed{fn, i, call, e.status(a, models.Tenant).Class, parts(a.Key, "nothing that can be told")})
	}
	return out
}

// isName reports whether values of the type may name something of a tenant.
func (e *engine) isName(t types.Type) bool {
	if _, basic := types.Unalias(t).(*types.Basic); basic {
		return isString(t)
	}
	return isString(t) || e.fixed(t) && !isNumber(t)
}

func isNumber(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsNumeric != 0
}

// owedBy returns the parameters that callers of fn are asked about already.
func (e *engine) owedBy(fn *types.Func, common *ssa.CallCommon) []int {
	var list []Obligation
	if s := e.fact(fn); s != nil {
		list = s.Obligations
	}
	for _, b := range e.bodies(common) {
		list = append(slices.Clip(list), e.owed[b]...)
	}
	var out []int
	for _, o := range list {
		if o.Shared.Said() {
			continue
		}
		for _, v := range []Value{o.Key, o.ID} {
			v.has(func(a *Atom) bool {
				if a.Kind == Param {
					out = append(out, a.Root)
				}
				return false
			})
		}
	}
	return out
}

// isStd reports whether a package is of the standard library: outside of the module
// and without a domain in its path.
func (e *engine) isStd(pkg *types.Package) bool {
	first, _, _ := strings.Cut(pkg.Path(), "/")
	return !inModule(pkg.Path(), e.policy.Module) && !strings.Contains(first, ".")
}
