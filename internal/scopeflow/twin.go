package scopeflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// A statement is often there twice: once by an identifier alone, and once
// within a scope, with its column for a further parameter.

// Twin returns the function that makes the statement of a, a call of a function
// of another package that finds rows by an identifier alone, within the scope
// that a lacks: declared beside it, on the same table, by an identifier of the
// same name, with the same result and with a lock if a has one. It is nil if there
// is none.
func (r *Result) Twin(a *Access, need models.Dims) *types.Func {
	call, ok := a.Instr.(*ssa.Call)
	if !ok || a.ID.bottom() || a.Child || a.Ref != "" {
		return nil
	}
	fn := callee(call.Common())
	s := r.e.fact(fn)
	if s == nil || fn.Signature().Results().Len() == 0 {
		return nil
	}
	same := func(o Obligation) bool {
		return o.Entity == a.Entity && o.Op == a.Op && o.Lock == a.Lock && slices.Contains(o.Need, need)
	}
	var name string
	for _, o := range s.Obligations {
		if same(o) && !o.ID.bottom() {
			name = identifierName(o.ID)
		}
	}
	if name == "" {
		return nil
	}
	result := fn.Signature().Results().At(0).Type()
	if isError(result) {
		return nil // what it does beside that is not told apart
	}
	for _, f := range beside(fn) {
		s := r.e.fact(f)
		if s == nil || f.Signature().Results().Len() == 0 || !types.Identical(f.Signature().Results().At(0).Type(), result) {
			continue
		}
		if slices.ContainsFunc(s.Obligations, func(o Obligation) bool { return same(o) && o.Named == name }) {
			return f
		}
	}
	return nil
}

// identifierName returns what the one parameter, or field of it, that an
// identifier comes from is called, as [models.ColumnName] writes it.
func identifierName(id Value) string {
	var name string
	for i := range id.Alts {
		for _, p := range id.Alts[i].Parts {
			if p.Selected || p.Ctx {
				continue
			}
			own := p.Path.last()
			if own == "" {
				own = p.Text
			}
			if p.Kind != Param || name != "" && name != models.ColumnName(own) {
				return ""
			}
			name = models.ColumnName(own)
		}
	}
	return name
}

// beside returns the functions that fn stands among: the methods of its
// receiver's type, or the functions of its package, in the order of their names.
func beside(fn *types.Func) []*types.Func {
	var out []*types.Func
	recv := models.Receiver(fn)
	if recv == nil {
		for _, name := range fn.Pkg().Scope().Names() {
			if f, ok := fn.Pkg().Scope().Lookup(name).(*types.Func); ok {
				out = append(out, f)
			}
		}
		return out
	}
	n, ok := recv.Type().(*types.Named)
	if !ok {
		return nil
	}
	for m := range n.Methods() {
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b *types.Func) int { return strings.Compare(a.Name(), b.Name()) })
	return out
}
