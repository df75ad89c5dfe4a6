package models

import (
	"fmt"
	"go/types"
	"strings"
)

// Name is a function, method, variable or field by package and name, with
// globs, for policy entries that point at code rather than describe it.
type Name struct {
	Package string // import path
	Type    string // receiver or struct, "" for a package-level name
	Name    string // may hold *
}

// ParseNames reads the names that text stands for: braces are expanded and
// names without a full package are completed as opts say.
func ParseNames(text string, opts DecodeOptions) ([]Name, error) {
	texts, err := expand(text)
	if err != nil {
		return nil, fmt.Errorf("%q has %w", text, err)
	}
	var out []Name
	for _, one := range texts {
		s, err := parseSymbol(one, symFunc, opts)
		if err != nil {
			return nil, err
		}
		out = append(out, Name{s.pkg, s.typ, s.name})
	}
	return out, nil
}

// String returns the name with its full package path.
func (n Name) String() string {
	if n.Type != "" {
		return "(" + n.Package + "." + n.Type + ")." + n.Name
	}
	return n.Package + "." + n.Name
}

// Covers reports whether n, which may hold *, stands for what m names.
func (n Name) Covers(m Name) bool {
	return n.Package == m.Package && (n.Type == "") == (m.Type == "") && matchGlob(n.Type, m.Type) && matchGlob(n.Name, m.Name)
}

// MatchFunc reports whether the name stands for the function or method.
func (n Name) MatchFunc(f *types.Func) bool {
	if f == nil || f.Pkg() == nil || f.Pkg().Path() != n.Package || !matchGlob(n.Name, f.Name()) {
		return false
	}
	recv := f.Signature().Recv()
	if recv == nil {
		return n.Type == ""
	}
	if n.Type == "" {
		return false
	}
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	named, ok := t.(*types.Named)
	return ok && matchGlob(n.Type, named.Obj().Name())
}

// MatchVar reports whether the name stands for the variable: a package-level
// one, or the field of a struct type of the package.
func (n Name) MatchVar(v *types.Var) bool {
	if v == nil || v.Pkg() == nil || v.Pkg().Path() != n.Package || !matchGlob(n.Name, v.Name()) {
		return false
	}
	if n.Type == "" {
		return !v.IsField() && v.Parent() == v.Pkg().Scope()
	}
	if !v.IsField() {
		return false
	}
	scope := v.Pkg().Scope()
	for _, name := range scope.Names() {
		if !matchGlob(n.Type, name) {
			continue
		}
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		if st, ok := structOf(tn.Type()); ok {
			for i := range st.NumFields() {
				if st.Field(i) == v.Origin() {
					return true
				}
			}
		}
	}
	return false
}

// Exists says what is wrong if the package declares nothing of that name, and
// is empty if it does.
func (n Name) Exists(pkg *types.Package) string {
	scope := pkg.Scope()
	if n.Type == "" {
		if strings.Contains(n.Name, "*") {
			for _, name := range scope.Names() {
				if matchGlob(n.Name, name) {
					return ""
				}
			}
		} else if scope.Lookup(n.Name) != nil {
			return ""
		}
		return fmt.Sprintf("package %s declares no %s%s", pkg.Path(), n.Name, nearName(pkg, n.Name, func(types.Object) bool { return true }))
	}
	named, wrong := lookupType(pkg, symbol{kind: symType, pkg: n.Package, typ: n.Type, text: n.String()})
	if wrong != nil {
		return wrong()
	}
	for _, tn := range named {
		if len(methodsOf(tn, n.Name)) > 0 || len(fieldsOf(tn.Type(), n.Name, pkg)) > 0 {
			return ""
		}
	}
	return fmt.Sprintf("%s.%s has no method or field %s%s", pkg.Path(), n.Type, n.Name, nearField(named, n.Name))
}
