package scopeflow

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/models"
)

// A Keeper is a type of this package whose methods keep what belongs to tenants.
type Keeper struct {
	Type  *types.Named
	Pos   token.Pos // of its name
	By    string    // the first access, as messages call it
	Names []string  // of the type, and of the functions that make one
	Dir   string    // of the package
}

// Keepers returns the structs of this package whose methods read or write, by
// themselves, entries of caches and embedded stores, objects or rows of tenants, in
// source order. Generated code is left out, and packages whose statements the policy
// leaves to their callers.
func (r *Result) Keepers() []Keeper {
	e := r.e
	if e.policy.ComparedLater(e.pass.Pkg.Path()) {
		return nil
	}
	var out []Keeper
	for i := range r.Judged {
		j := &r.Judged[i]
		fn := j.Func()
		if fn == nil || fn.Signature().Recv() == nil || !keeps(j.Access) {
			continue
		}
		n, ok := types.Unalias(deref(fn.Signature().Recv().Type())).(*types.Named)
		if !ok || slices.ContainsFunc(out, func(k Keeper) bool { return k.Type.Obj() == n.Obj() }) {
			continue
		}
		if _, ok := n.Underlying().(*types.Struct); !ok {
			continue
		}
		if file := e.fileOf(n.Obj().Pos()); file != nil && !ast.IsGenerated(file) {
			dir := filepath.Dir(driver.Position(e.pass.Fset, file.Package).Filename)
			out = append(out, Keeper{n, n.Obj().Pos(), j.What, append(e.makers(n), n.Obj().Name()), dir})
		}
	}
	slices.SortFunc(out, func(a, b Keeper) int { return int(a.Pos) - int(b.Pos) })
	return out
}

// keeps reports whether an access is one of a repository or a cache: neither a map,
// which is globalcache's, nor by way of another function.
func keeps(a *Access) bool {
	switch a.Kind {
	case models.Cache, models.Blob:
		return a.Row != nil && len(a.Steps) == 0
	case models.Store:
		return a.Row != nil && !a.Row.Process && len(a.Steps) == 0
	case models.Query:
		return len(a.Steps) == 0
	}
	return false
}

func deref(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

func (e *engine) fileOf(pos token.Pos) *ast.File {
	for _, f := range e.pass.Files {
		if f.FileStart <= pos && pos < f.FileEnd {
			return f
		}
	}
	return nil
}

// makers returns the names of the functions of this package that return an n, as
// itself or as an interface.
func (e *engine) makers(n *types.Named) []string {
	var out []string
	for _, fn := range e.funcs {
		if fn.Signature.Recv() == nil && e.makes(fn, n.Origin()) {
			out = append(out, fn.Name())
		}
	}
	return out
}
