package scopeflow

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/policy"
)

// Package-level variables: nobody's scope, but the texts of statements, and lists
// and tables of them, that are set once and for all.

// global returns what a package-level variable holds: never anybody's scope,
// because it outlives every request.
func (e *engine) global(g *ssa.Global, path Path) Value {
	if e.isZeroVar(g) {
		return constantAtom("", true, token.NoPos)
	}
	if path == "" {
		if c, ok := e.declaredAs(g).(*ssa.Const); ok {
			return constValue(c)
		}
		if text, ok := e.embedded(g); ok {
			return constantAtom(text, true, g.Pos())
		}
	}
	return one(Atom{Kind: Constant, Text: g.Name(), Mixed: true, Pos: g.Pos()})
}

// declaredAs returns what a package-level variable is set to where it is declared, nil
// if it is set anywhere else, or not there.
func (e *engine) declaredAs(g *ssa.Global) ssa.Value {
	var set *ssa.Store
	for _, r := range e.globals[g] {
		if !isStoreOf(r, g) {
			continue
		}
		if set != nil {
			return nil
		}
		set = r.(*ssa.Store)
	}
	if set == nil || set.Parent().Name() != "init" || set.Parent().Synthetic == "" {
		return nil
	}
	return set.Val
}

// keptAs returns what the package-level variable that v was read from was declared
// with, nil if from none or if something else is done with what is read from it than
// looks allows.
func (e *engine) keptAs(v ssa.Value, looks func(load *ssa.UnOp) bool) ssa.Value {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	g, ok := load.X.(*ssa.Global)
	if !ok {
		return nil
	}
	for _, r := range e.globals[g] {
		load, ok := r.(*ssa.UnOp)
		if ok && !looks(load) || !ok && !isStoreOf(r, g) {
			return nil
		}
	}
	return e.declaredAs(g)
}

// fixedMap returns the map that v is, made in sight or where the variable that holds
// it is declared, if it has entries under constants and nothing adds others.
func (e *engine) fixedMap(v ssa.Value) *ssa.MakeMap {
	m, ok := v.(*ssa.MakeMap)
	if !ok {
		m, ok = e.keptAs(v, func(load *ssa.UnOp) bool { return readOnly(load) }).(*ssa.MakeMap)
	}
	if !ok || !readOnly(m) {
		return nil
	}
	return m
}

// fixedList returns the list that v reads from the variable that was declared with
// it, nil if it may have been changed since.
func (e *engine) fixedList(v *ssa.UnOp) ssa.Value {
	list, ok := e.keptAs(v, func(load *ssa.UnOp) bool {
		return !slices.ContainsFunc(*load.Referrers(), func(use ssa.Instruction) bool { return !e.reads(use, load) })
	}).(*ssa.Slice)
	if !ok {
		return nil
	}
	return list
}

// reads reports whether an instruction only looks into a list: at an element, at
// its length, or by a function of a library that is known.
func (e *engine) reads(use ssa.Instruction, list ssa.Value) bool {
	switch u := use.(type) {
	case *ssa.IndexAddr:
		return !slices.ContainsFunc(*u.Referrers(), func(r ssa.Instruction) bool {
			load, ok := r.(*ssa.UnOp)
			return !ok || load.Op != token.MUL
		})
	case *ssa.Range, *ssa.DebugRef:
		return true
	case *ssa.Call:
		if b, ok := u.Call.Value.(*ssa.Builtin); ok {
			return b.Name() == "len" || b.Name() == "append" && u.Call.Args[0] != list
		}
		return e.rowsFor(callee(u.Common()), u.Common()) != nil
	}
	return false
}

func isStoreOf(in ssa.Instruction, g *ssa.Global) bool {
	s, ok := in.(*ssa.Store)
	return ok && s.Addr == g
}

// readOnly reports whether a map is only looked into, but for entries under
// constants that it gets where it is made.
func readOnly(m ssa.Value) bool {
	for _, ref := range *m.Referrers() {
		switch r := ref.(type) {
		case *ssa.Lookup, *ssa.Range, *ssa.DebugRef:
		case *ssa.MapUpdate:
			_, constant := r.Key.(*ssa.Const)
			if _, made := m.(*ssa.MakeMap); !made || !constant || r.Map != m {
				return false
			}
		case *ssa.Store:
			if _, ok := r.Addr.(*ssa.Global); !ok {
				return false
			}
		case *ssa.Call:
			if b, ok := r.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// entryOf returns what is found in a map of constants: under the one that is asked
// for, or any, if that is not known. False if v is no such map.
func (e *engine) entryOf(v *ssa.Lookup, path Path) (Value, bool) {
	m := e.fixedMap(v.X)
	if m == nil {
		return Value{}, false
	}
	asked, known := v.Index.(*ssa.Const)
	if !known && m == v.X {
		return Value{}, false // its contents are known as those of any map
	}
	var out Value
	for _, ref := range *m.Referrers() {
		u, ok := ref.(*ssa.MapUpdate)
		if !ok || known && (u.Key.(*ssa.Const).Value == nil || u.Key.(*ssa.Const).Value.ExactString() != asked.Value.ExactString()) {
			continue
		}
		out = join(out, e.ev(u.Value, path, u))
	}
	if out.bottom() || out.has(func(a *Atom) bool { return a.Kind != Constant }) {
		return Value{}, false
	}
	return out, true
}

// embedded returns the text of the file that a variable is declared, by go:embed, to
// hold.
func (e *engine) embedded(g *ssa.Global) (string, bool) {
	v, ok := g.Object().(*types.Var)
	if !ok || g.Pkg.Pkg != e.pass.Pkg {
		return "", false
	}
	name := e.embeds()[v]
	if name == "" || slices.ContainsFunc(e.globals[g], func(in ssa.Instruction) bool { return isStoreOf(in, g) }) {
		return "", false
	}
	text := memo(&e.embeddedText, name, func() *string {
		data, err := e.policy.ReadFile(name)
		if err != nil || len(data) > policy.MaxEmbedded {
			return nil
		}
		text := string(data)
		return &text
	})
	if text == nil {
		return "", false
	}
	return *text, true
}

// embeds returns the files that variables of the package are declared to hold, one
// file each.
func (e *engine) embeds() map[*types.Var]string {
	if e.embedFiles != nil {
		return e.embedFiles
	}
	e.embedFiles = map[*types.Var]string{}
	for _, f := range e.pass.Files {
		for _, d := range f.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok || decl.Tok != token.VAR {
				continue
			}
			for _, s := range decl.Specs {
				spec := s.(*ast.ValueSpec)
				doc := spec.Doc
				if doc == nil {
					doc = decl.Doc
				}
				v, _ := e.pass.TypesInfo.Defs[spec.Names[0]].(*types.Var)
				if pattern := embedPattern(doc); pattern != "" && v != nil && len(spec.Names) == 1 {
					dir := filepath.Dir(driver.Position(e.pass.Fset, f.Package).Filename)
					e.embedFiles[v] = filepath.Join(dir, filepath.FromSlash(pattern))
				}
			}
		}
	}
	return e.embedFiles
}

// embedPattern returns the one file that a go:embed directive names, "" if there is
// none, or a pattern.
func embedPattern(doc *ast.CommentGroup) string {
	if doc == nil {
		return ""
	}
	found := ""
	for _, c := range doc.List {
		rest, ok := strings.CutPrefix(c.Text, "//go:embed")
		if !ok {
			continue
		}
		name := policy.EmbeddedName(rest)
		if found != "" || name == "" {
			return ""
		}
		found = name
	}
	return found
}
