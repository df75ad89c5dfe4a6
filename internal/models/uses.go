package models

import (
	"go/types"
	"slices"
)

// A Finder tells which symbols of the rows of an index code speaks of. It is not
// safe for concurrent use.
type Finder struct {
	sets  []*Set
	done  map[*types.Package]bool
	named map[types.Object][]Named
}

// A Named is a symbol that names something, in the set that it is of.
type Named struct {
	Set *Set
	Symbol
}

// Finder returns a finder for the rows of the index.
func (ix *Index) Finder() *Finder {
	return &Finder{ix.sets, map[*types.Package]bool{}, map[types.Object][]Named{}}
}

// See looks up the symbols of a package, by the rules by which [Build] resolves
// them. A promoted method belongs to another package than the one that it is named
// by: both have to be seen before Naming is asked.
func (f *Finder) See(pkg *types.Package) {
	if f.done[pkg] {
		return
	}
	f.done[pkg] = true
	for _, s := range f.sets {
		for _, r := range s.byPkg[pkg.Path()] {
			row := &s.rows[r.row]
			sym := row.syms[r.sym]
			for _, obj := range sym.objects(pkg) {
				f.named[obj] = append(f.named[obj], Named{s, s.symbol(row, sym)})
			}
		}
	}
}

// Naming returns the symbols that name obj: a function or method, a type, a field,
// or a context key.
func (f *Finder) Naming(obj types.Object) []Named {
	switch o := obj.(type) {
	case *types.Func:
		obj = o.Origin()
	case *types.Var:
		obj = o.Origin()
	}
	return f.named[obj]
}

// objects returns what the symbol names in pkg.
func (s symbol) objects(pkg *types.Package) []types.Object {
	var out []types.Object
	add := func(obj types.Object) {
		if !slices.Contains(out, obj) {
			out = append(out, obj)
		}
	}
	switch s.kind {
	case symKey:
		if obj := pkg.Scope().Lookup(s.name); obj != nil {
			add(obj)
		}
	case symFunc:
		funcs, _ := lookupFuncs(pkg, s)
		for _, fn := range funcs {
			add(fn)
		}
	default:
		named, _ := lookupType(pkg, s)
		for _, tn := range named {
			if s.kind == symType {
				add(tn)
				continue
			}
			for _, v := range fieldsOf(tn.Type(), s.name, pkg) {
				add(v)
			}
		}
	}
	return out
}
