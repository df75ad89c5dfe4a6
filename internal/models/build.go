package models

import (
	"errors"
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/tenantvet/tenantvet/internal/strictoml"
)

// An Index answers what the rows of several sets say of an object of the
// type-checked program. Rows are resolved package by package, when one is
// first asked about. An Index is safe for concurrent use.
type Index struct {
	sets   []*Set
	params map[string][]Param // by parameter name
	main   func(path string) bool

	mu     sync.Mutex
	done   map[string]bool // packages whose rows are resolved
	funcs  map[*types.Func]*Func
	fields map[*types.Var]*Field
	named  map[*types.TypeName]*Type
	keys   map[types.Object]Dims    // context keys
	texts  map[string]Dims          // context keys that are plain strings
	runs   map[string][]*types.Func // functions that run SQL, by name
	self   *types.Package
}

// Build makes an index over the sets and parameter statements. pkgs returns
// the type-checked package of an import path, nil if it is not loaded; self is
// the package under analysis; mainModule reports whether an import path
// belongs to the main module.
//
// Rows of packages that are not loaded are skipped. A row of a policy is a
// problem if its symbol or argument does not exist and its package is self or
// a completely loaded direct import of self. Rows of built-in sets never are.
// Problems come in the order of sets and lines.
func Build(sets []*Set, params []Param, pkgs func(path string) *types.Package, self *types.Package, mainModule func(path string) bool) (*Index, []Problem) {
	ix := &Index{
		sets:   sets,
		params: map[string][]Param{},
		main:   mainModule,
		done:   map[string]bool{},
		funcs:  map[*types.Func]*Func{},
		fields: map[*types.Var]*Field{},
		named:  map[*types.TypeName]*Type{},
		keys:   map[types.Object]Dims{},
		texts:  map[string]Dims{},
		self:   self,
	}
	for _, s := range sets {
		for _, k := range s.keys {
			ix.texts[k.text] |= k.dims
		}
	}
	for _, p := range params {
		ix.params[p.Name] = append(ix.params[p.Name], p)
	}
	answerable := map[string]bool{}
	if self != nil {
		answerable[self.Path()] = true
		for _, imp := range self.Imports() {
			if imp.Complete() {
				answerable[imp.Path()] = true
			}
		}
	}
	// A policy's rows are few and may name promoted methods, which belong to
	// another package than the one they are named by: resolve them all.
	// Built-in rows name the declaring package and can wait.
	var problems []Problem
	reported := map[Problem]bool{}
	seen := map[string]bool{}
	for _, s := range sets {
		if s.builtin {
			continue
		}
		for _, path := range s.pkgs {
			if seen[path] {
				continue
			}
			seen[path] = true
			pkg := self
			if self == nil || self.Path() != path {
				pkg = pkgs(path)
			}
			if pkg == nil {
				continue
			}
			for _, p := range ix.resolve(pkg, false) {
				if answerable[path] && !reported[p] {
					reported[p] = true
					problems = append(problems, p)
				}
			}
		}
	}
	order := map[string]int{}
	for i, s := range sets {
		if _, ok := order[s.Name]; !ok {
			order[s.Name] = i
		}
	}
	sort.SliceStable(problems, func(i, j int) bool {
		a, b := problems[i], problems[j]
		if order[a.At.File] != order[b.At.File] {
			return order[a.At.File] < order[b.At.File]
		}
		if a.At.Line != b.At.Line {
			return a.At.Line < b.At.Line
		}
		return a.Msg < b.Msg
	})
	return ix, problems
}

// Check resolves every row of the set strictly, built-in or not, and returns
// what does not resolve. A package that pkgs does not know is a problem too,
// and so is a method that another package declares. It is for tests of model
// files against the real libraries.
func Check(s *Set, pkgs func(path string) *types.Package) []Problem {
	var out []Problem
	for _, path := range s.pkgs {
		if path == importers {
			continue // of no package in particular
		}
		pkg := pkgs(path)
		if pkg == nil {
			out = append(out, Problem{At{s.Name, 0}, fmt.Sprintf("package %s is not loaded", path)})
			continue
		}
		ix := &Index{sets: []*Set{s}, done: map[string]bool{}, funcs: map[*types.Func]*Func{}, fields: map[*types.Var]*Field{}, named: map[*types.TypeName]*Type{}, keys: map[types.Object]Dims{}}
		out = append(out, ix.resolve(pkg, true)...)
		for f := range ix.funcs {
			if f.Pkg() != nil && s.byPkg[f.Pkg().Path()] == nil {
				out = append(out, Problem{At{s.Name, 0}, fmt.Sprintf("%s is declared in %s: name it there", f.FullName(), f.Pkg().Path())})
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].At.Line != out[j].At.Line {
			return out[i].At.Line < out[j].At.Line
		}
		return out[i].Msg < out[j].Msg
	})
	return out
}

// CheckGenerated returns the symbols of a set about generated code that fit no
// function of any of pkgs. It is for tests of model files against what the
// generator writes.
func CheckGenerated(s *Set, pkgs []*types.Package) []Problem {
	var funcs []*types.Func
	for _, pkg := range pkgs {
		for _, name := range pkg.Scope().Names() {
			switch obj := pkg.Scope().Lookup(name).(type) {
			case *types.Func:
				funcs = append(funcs, obj)
			case *types.TypeName:
				if n, ok := obj.Type().(*types.Named); ok {
					for m := range n.Methods() {
						funcs = append(funcs, m)
					}
					if iface, ok := n.Underlying().(*types.Interface); ok {
						for m := range iface.ExplicitMethods() {
							funcs = append(funcs, m)
						}
					}
				}
			}
		}
	}
	var out []Problem
	for i := range s.rows {
		r := &s.rows[i]
		for _, sym := range r.syms {
			at := At{s.Name, sym.at.Line}
			if r.hook != nil {
				if !slices.ContainsFunc(pkgs, func(pkg *types.Package) bool { return r.hook.unresolved(sym, pkg) == nil }) {
					out = append(out, Problem{at, sym.text + " fits nothing"})
				}
				continue
			}
			if !slices.ContainsFunc(funcs, func(f *types.Func) bool {
				return sym.matches(f) && r.applyFunc(new(Func), f, sym, at) == nil
			}) {
				out = append(out, Problem{at, sym.text + " fits no function"})
			}
		}
	}
	return out
}

// Func returns what the rows say of the function or method, nil if nothing.
// An instance of a generic function answers for its origin. The caller must
// not change the result.
func (ix *Index) Func(f *types.Func) *Func {
	if f == nil || f.Pkg() == nil {
		return nil
	}
	f = f.Origin()
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.ensure(f.Pkg())
	m, known := ix.funcs[f]
	if !known {
		m = ix.generated(f)
		ix.funcs[f] = m
	}
	return m
}

// generated returns what the rows about generated code say of f, nil if
// nothing: they are matched one function at a time, since such packages have
// thousands.
func (ix *Index) generated(f *types.Func) *Func {
	var out *Func
	for _, s := range ix.sets {
		if s.Importing == "" || !slices.ContainsFunc(f.Pkg().Imports(), func(p *types.Package) bool { return p.Path() == s.Importing }) {
			continue
		}
		for i := range s.rows {
			r := &s.rows[i]
			for _, sym := range r.syms {
				if sym.pkg != importers || r.hook != nil || !sym.matches(f) {
					continue
				}
				// A row that does not fit a function is not about it.
				one := new(Func)
				if out != nil {
					one = out
				}
				if r.applyFunc(one, f, sym, At{s.Name, sym.at.Line}) == nil {
					out = one
				}
			}
		}
	}
	return out
}

// anyInterface is written for the type of a method, in rows about generated code, that any
// interface may have: code that is the same for all entities has one of its own.
const anyInterface = "interface"

// matches reports whether s, a function or method, names f.
func (s symbol) matches(f *types.Func) bool {
	if !matchGlob(s.name, f.Name()) {
		return false
	}
	recv := f.Signature().Recv()
	if recv == nil || s.typ == "" {
		return recv == nil && s.typ == ""
	}
	if s.typ == anyInterface {
		return types.IsInterface(recv.Type())
	}
	n := Receiver(f)
	return n != nil && matchGlob(s.typ, n.Name())
}

// Receiver returns the declared type that f is a method of, nil if it is none's.
func Receiver(f *types.Func) *types.TypeName {
	recv := f.Signature().Recv()
	if recv == nil {
		return nil
	}
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return n.Origin().Obj()
	}
	return nil
}

// Field returns what the rows say of the struct field, nil if nothing.
func (ix *Index) Field(v *types.Var) *Field {
	if v == nil || v.Pkg() == nil {
		return nil
	}
	v = v.Origin()
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.ensure(v.Pkg())
	return ix.fields[v]
}

// Type returns what the rows say of the named type behind t, nil if nothing.
// One pointer is looked through, and so are aliases; an instance answers for
// its origin.
func (ix *Index) Type(t types.Type) *Type {
	if t == nil {
		return nil
	}
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return nil
	}
	obj := n.Origin().Obj()
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.ensure(obj.Pkg())
	return ix.named[obj]
}

// ContextKey returns the dimensions of what a context holds under the key
// that is obj: a variable, a constant, or any value of the type.
func (ix *Index) ContextKey(obj types.Object) Dims {
	if obj == nil || obj.Pkg() == nil {
		return 0
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.ensure(obj.Pkg())
	return ix.keys[obj]
}

// ContextConst returns the dimensions of what a context holds under a constant
// key: constants are the same key if they have the same type and value.
func (ix *Index) ContextConst(t types.Type, v constant.Value) Dims {
	if b, ok := types.Unalias(t).(*types.Basic); ok {
		if b.Info()&types.IsString != 0 {
			return ix.texts[constant.StringVal(v)]
		}
		return 0
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return 0
	}
	dims := ix.ContextKey(n.Obj())
	ix.mu.Lock()
	defer ix.mu.Unlock()
	for obj, d := range ix.keys {
		if c, ok := obj.(*types.Const); ok && types.Identical(c.Type(), t) && constant.Compare(c.Val(), token.EQL, v) {
			dims |= d
		}
	}
	return dims
}

// Column returns the column that the tag of a struct field names, by the keys
// of the libraries in the sets; "" if it names none, "-" if it says that the
// field is no column.
func (ix *Index) Column(tag string) string {
	none := ""
	for _, s := range ix.sets {
		if s.ColumnTag == "" {
			continue
		}
		key, form, _ := strings.Cut(s.ColumnTag, " ")
		text := reflect.StructTag(tag).Get(key)
		if name := columnIn(text, form); name != "" {
			return name
		}
		// A generator's tags are for something else besides.
		if s.Importing == "" && (text == "-" || form != "" && strings.HasPrefix(text, "-:")) {
			none = "-"
		}
	}
	return none
}

// Primary reports whether a struct field's tag says that its column is one of the
// primary key, by the keys of the libraries in the sets.
func (ix *Index) Primary(tag string) bool {
	return slices.ContainsFunc(ix.sets, func(s *Set) bool {
		key, word, ok := strings.Cut(s.PrimaryTag, " ")
		return ok && slices.Contains(strings.Fields(reflect.StructTag(tag).Get(key)), word)
	})
}

// columnIn returns the word of a tag's text that names the column: the first,
// or the one that is of the form, whose * stands for the name.
func columnIn(text, form string) string {
	if form == "" {
		name, _, _ := strings.Cut(text, ",")
		if name == "-" || strings.Contains(name, ":") {
			return ""
		}
		return name
	}
	before, after, _ := strings.Cut(form, "*")
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == ',' || r == ' ' }) {
		if len(word) > len(before)+len(after) && strings.EqualFold(word[:len(before)], before) && strings.HasSuffix(word, after) {
			return word[len(before) : len(word)-len(after)]
		}
	}
	return ""
}

// Like returns what the rows say of a function with the name and signature of
// f that runs SQL, nil if there is none: f is a method of an interface that a
// project, or a generator, wrote for database handles of several kinds.
func (ix *Index) Like(f *types.Func, pkgs func(path string) *types.Package) *Func {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if ix.runs == nil {
		ix.runs = map[string][]*types.Func{}
		for _, s := range ix.sets {
			for _, r := range s.rows {
				if r.sql == nil && r.how != Session {
					continue
				}
				for _, sym := range r.syms {
					if p := pkgs(sym.pkg); p != nil {
						ix.ensure(p)
					}
				}
			}
		}
		var funcs []*types.Func
		for g, m := range ix.funcs {
			if m != nil && (slices.ContainsFunc(m.Sinks, func(s Sink) bool { return s.SQL != nil }) ||
				slices.ContainsFunc(m.Flows, func(fl Flow) bool { return fl.How == Session })) {
				funcs = append(funcs, g)
			}
		}
		slices.SortFunc(funcs, func(a, b *types.Func) int { return strings.Compare(a.FullName(), b.FullName()) })
		for _, g := range funcs {
			ix.runs[g.Name()] = append(ix.runs[g.Name()], g)
		}
	}
	// All of one name and signature mean the same.
	for _, g := range ix.runs[f.Name()] {
		if types.Identical(unbound(f), unbound(g)) {
			return ix.funcs[g]
		}
	}
	return nil
}

// unbound returns the signature of a function without its receiver.
func unbound(f *types.Func) *types.Signature {
	sig := f.Signature()
	return types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic())
}

// Grants returns what the guards of the sets can say of a caller, all of them
// together: of a policy, and of the libraries that are imported.
func (ix *Index) Grants() Grant {
	var out Grant
	for _, s := range ix.sets {
		for i := range s.rows {
			out |= s.rows[i].grants
		}
	}
	return out
}

// Param returns the dimensions that a policy gives the i-th parameter of f, by
// its name and type.
func (ix *Index) Param(f *types.Func, i int) Dims {
	if f == nil {
		return 0
	}
	params := f.Signature().Params()
	if i < 0 || i >= params.Len() {
		return 0
	}
	return ix.ParamVar(f.Pkg(), params.At(i))
}

// ParamVar is [Index.Param] for a parameter of any function, also a literal,
// of the package.
func (ix *Index) ParamVar(pkg *types.Package, v *types.Var) Dims {
	if v == nil || pkg == nil {
		return 0
	}
	var dims Dims
	for _, p := range ix.params[v.Name()] {
		if p.Type != "" && types.TypeString(v.Type(), nil) != p.Type {
			continue
		}
		if len(p.Packages) == 0 {
			if ix.main == nil || !ix.main(pkg.Path()) {
				continue
			}
		} else if !slices.ContainsFunc(p.Packages, func(pat string) bool { return MatchPackage(pat, pkg.Path()) }) {
			continue
		}
		dims |= p.Dims
	}
	return dims
}

// ensure resolves the rows of a package, once.
func (ix *Index) ensure(pkg *types.Package) {
	if !ix.done[pkg.Path()] {
		ix.resolve(pkg, false)
	}
}

// resolve resolves the rows of a package and returns what does not resolve, of
// built-in rows only if asked: a library of another version may lack some.
func (ix *Index) resolve(pkg *types.Package, builtin bool) []Problem {
	if ix.done[pkg.Path()] {
		return nil
	}
	ix.done[pkg.Path()] = true
	var problems []Problem
	for _, s := range ix.sets {
		for _, r := range s.byPkg[pkg.Path()] {
			row := &s.rows[r.row]
			sym := row.syms[r.sym]
			wrong := ix.resolveSymbol(s, row, sym, pkg)
			if ix.self != nil && pkg != ix.self && !sym.exported() {
				continue // importers may not see it, but they cannot use it either
			}
			if wrong != nil && (builtin || !s.builtin) {
				problems = append(problems, Problem{At{s.Name, sym.at.Line}, wrong()})
			}
		}
	}
	return problems
}

// A complaint says what is wrong, nil if nothing is. It is asked only of those that
// are told: what a library of another version lacks is not, and names that are near
// are dear to look for.
type complaint func() string

// resolveSymbol applies the row to what the symbol names in pkg.
func (ix *Index) resolveSymbol(s *Set, r *row, sym symbol, pkg *types.Package) complaint {
	at := At{s.Name, sym.at.Line}
	if r.hook != nil {
		return r.hook.unresolved(sym, pkg)
	}
	switch sym.kind {
	case symType:
		obj, wrong := lookupType(pkg, sym)
		if wrong != nil {
			return wrong
		}
		for _, tn := range obj {
			t := ix.named[tn]
			if t == nil {
				t = &Type{At: at}
				ix.named[tn] = t
			}
			r.applyType(t)
			if r.zero != "" {
				v, ok := pkg.Scope().Lookup(r.zero).(*types.Var)
				if !ok || !types.Identical(v.Type(), tn.Type()) {
					return func() string {
						return fmt.Sprintf("%s: package %s has no variable %s of type %s", sym.text, pkg.Path(), r.zero, tn.Name())
					}
				}
				t.Zero = v
			}
		}
		return nil
	case symField:
		types_, wrong := lookupType(pkg, sym)
		if wrong != nil {
			return wrong
		}
		found := false
		for _, tn := range types_ {
			for _, f := range fieldsOf(tn.Type(), sym.name, pkg) {
				found = true
				e := ix.fields[f]
				if e == nil {
					e = &Field{At: at}
					ix.fields[f] = e
				}
				r.applyField(e)
			}
		}
		if !found {
			return func() string {
				return fmt.Sprintf("%s: %s.%s has no field %s%s", sym.text, pkg.Name(), sym.typ, sym.name, nearField(types_, sym.name))
			}
		}
		return nil
	}
	if sym.kind == symKey {
		obj := pkg.Scope().Lookup(sym.name)
		switch obj.(type) {
		case *types.Var, *types.Const, *types.TypeName:
			ix.keys[obj] |= r.dims
			return nil
		}
		return func() string {
			return fmt.Sprintf("%s: package %s has no variable, constant or type %s%s", sym.text, pkg.Path(), sym.name, nearName(pkg, sym.name, func(o types.Object) bool { _, ok := o.(*types.Func); return !ok }))
		}
	}
	funcs, wrong := lookupFuncs(pkg, sym)
	if wrong != nil {
		return wrong
	}
	for _, f := range funcs {
		e := ix.funcs[f]
		fresh := e == nil
		if fresh {
			e = &Func{}
		}
		if err := r.applyFunc(e, f, sym, at); err != nil {
			if errors.Is(err, errAbsent) {
				continue
			}
			return func() string {
				return fmt.Sprintf("%s, func%s: %v", sym.text, strings.TrimPrefix(types.TypeString(f.Signature(), shortQual), "func"), err)
			}
		}
		if fresh {
			ix.funcs[f] = e
		}
	}
	return nil
}

func (r *row) applyType(t *Type) {
	switch r.table {
	case "source":
		t.Source |= r.dims
	case "origin":
		t.Origin = r.origin
	case "type":
		t.State = t.State || r.state
		t.Benign = t.Benign || r.benign
		t.Fixed = t.Fixed || r.fixed
		t.Handle = t.Handle || r.handle
		t.Pool = t.Pool || r.pool
		t.Continues = t.Continues || r.continues
		t.Env = t.Env || r.env
		t.Redacts = t.Redacts || r.redacts
		t.OwnContext = t.OwnContext || r.ownContext
		if r.form != "" {
			t.Form, t.Operators = r.form, r.operators
		}
		t.Wraps = t.Wraps || r.wraps
		if r.wire.only != "" {
			t.Only = r.wire.only
		}
	case "secret":
		t.Secret = max(t.Secret, r.secret)
		t.Keyed = t.Keyed || r.keyed
	case "event":
		t.Event, t.Subscriber = t.Event || r.event, t.Subscriber || r.subscribed
	case "router":
		r.applyRouter(t)
	}
}

func (r *row) applyField(f *Field) {
	switch r.table {
	case "source":
		f.Source |= r.dims
	case "origin":
		f.Origin = r.origin
	case "secret":
		f.Secret = r.secret
	case string(Serve):
		f.Serves = true
	}
}

// applyFunc adds what the row says, by its symbol sym, of fn to f. On an error
// nothing is added.
func (r *row) applyFunc(f *Func, fn *types.Func, sym symbol, at At) error {
	sig := fn.Signature()
	all := func(ps []place) ([]Place, error) {
		var out []Place
		for _, p := range ps {
			one, _, err := p.resolve(sig)
			if errors.Is(err, errAbsent) {
				continue
			}
			if err != nil {
				return nil, err
			}
			out = append(out, one)
		}
		if len(ps) > 0 && len(out) == 0 {
			return nil, errAbsent
		}
		return out, nil
	}
	switch r.table {
	case "source":
		places, err := all(r.results)
		if err != nil {
			return err
		}
		for _, p := range places {
			f.Sources = append(f.Sources, Source{p, r.dims, at})
		}
	case "sink":
		keys, err := all(r.keys)
		if err != nil {
			return err
		}
		for _, k := range r.keys {
			if _, t, err := k.resolve(sig); err == nil {
				if why := notKey(t); why != "" {
					return fmt.Errorf("key %s is %s, which cannot be a key", k.text, why)
				}
			}
		}
		also, err := all(r.also)
		if err != nil && !errors.Is(err, errAbsent) {
			return err
		}
		values, err := all(r.values)
		if err != nil && !errors.Is(err, errAbsent) {
			return err
		}
		entity, err := r.entityOf(fn, sym)
		if err != nil {
			return err
		}
		rows, err := all(r.rows)
		if err != nil && !errors.Is(err, errAbsent) {
			return err
		}
		var sql, args *Place
		if r.sql != nil {
			if sql, err = one(*r.sql, sig); err != nil {
				return err
			}
		}
		if r.args != nil {
			if args, err = one(*r.args, sig); err != nil && !errors.Is(err, errAbsent) {
				return err
			}
		}
		tables, err := all(r.tables)
		if err != nil && !errors.Is(err, errAbsent) {
			return err
		}
		where, err := all(r.where)
		if err != nil && !errors.Is(err, errAbsent) {
			return err
		}
		loaded, err := all(r.loaded)
		if err != nil && !errors.Is(err, errAbsent) {
			return err
		}
		var made *Place
		if r.made != nil {
			if made, err = one(*r.made, sig); err != nil {
				return err
			}
		}
		var ignored *Place
		if r.ignored != nil {
			if ignored, err = one(*r.ignored, sig); err != nil {
				return err
			}
		}
		var id *Place
		if r.id != nil {
			if id, err = one(*r.id, sig); err != nil {
				return err
			}
		}
		var on *Place
		if r.on != nil {
			if on, err = one(*r.on, sig); err != nil {
				return err
			}
		}
		var filter *Place
		if r.filter != nil {
			if filter, err = one(*r.filter, sig); err != nil {
				return err
			}
		}
		f.Sinks = append(f.Sinks, Sink{
			Kind: r.kind, Op: r.op, Key: keys, Also: also, Unbound: r.unbound, Value: values, Require: r.dims, Process: r.process, Absent: r.absent,
			Entity: entity, Model: r.model, Table: tables, Of: r.of, Where: where, Loaded: loaded, Ignored: ignored, Made: made, Finds: r.finds, Rows: rows, SQL: sql, Args: args, ID: id, On: on, Sent: r.sent, CQL: r.cql, Whole: r.whole, Filter: filter, At: at,
		})
	case "column":
		name, err := r.columnOf(fn, sym)
		if err != nil {
			return err
		}
		if name == "" && r.named == nil {
			return fmt.Errorf("%s names no column", fn.Name())
		}
		tos, err := all(r.tos)
		if err != nil {
			return err
		}
		values, err := all(r.values)
		if err != nil {
			return err
		}
		var named *Place
		if r.named != nil {
			if named, err = one(*r.named, sig); err != nil {
				return err
			}
		}
		for _, to := range tos {
			f.Columns = append(f.Columns, Column{ColumnName(name), IsID(name), named, to, values[0], r.sets, at})
		}
	case "flow":
		if _, err := r.columnOf(fn, sym); err != nil {
			return err
		}
		from, err := all(r.from)
		if err != nil {
			return err
		}
		flow := Flow{How: r.how, From: from, NoTo: r.to == nil, Bare: r.bare, Same: r.same, All: r.all, At: at}
		if r.unless != nil {
			if flow.Unless, err = one(*r.unless, sig); err != nil {
				return err
			}
		}
		if r.equals != nil {
			if flow.Equals, err = one(*r.equals, sig); err != nil {
				return err
			}
			flow.Equalities = r.equalities
		}
		if r.to != nil {
			if flow.To, _, err = r.to.resolve(sig); err != nil {
				return err
			}
		}
		if r.sep != nil {
			sep, _, err := r.sep.resolve(sig)
			if err != nil {
				return err
			}
			flow.Sep = &sep
		}
		if r.relation != "" {
			star, _ := captured(sym.name, fn.Name())
			if flow.Named = strings.Replace(r.relation, "*", star, 1); flow.Named == "" {
				return errors.New("its name holds no relation")
			}
			if flow.Entity, err = r.entityOf(fn, sym); err != nil {
				return err
			}
		}
		f.Flows = append(f.Flows, flow)
	case "origin":
		places, err := all(r.results)
		if err != nil {
			return err
		}
		handed, err := all(r.values)
		if err != nil {
			return err
		}
		for _, p := range handed {
			f.Handed = append(f.Handed, Origin{Place: p, Kind: r.origin, At: at})
		}
		if len(r.results) == 0 && len(handed) == 0 {
			for i := range sig.Results().Len() {
				if !isError(sig.Results().At(i).Type()) {
					places = append(places, Place{Base: Result, Index: i})
				}
			}
		}
		for _, p := range places {
			f.Origins = append(f.Origins, Origin{Place: p, Kind: r.origin, Blank: r.blank, At: at})
		}
	case "guard":
		values, err := all(r.values)
		if err != nil {
			return err
		}
		if res := sig.Results(); len(values) > 0 && (res.Len() == 0 || !isVerdict(res.At(res.Len()-1).Type())) {
			return errors.New("its last result is no error and no bool, so nobody can tell how the check came out")
		}
		roles, err := all(r.places)
		if err != nil {
			return err
		}
		g := Guard{Grants: r.grants, Needs: r.needs, Roles: roles, Role: r.roleNames, At: at}
		if len(values) == 0 {
			f.Guards = append(f.Guards, g)
		}
		for _, v := range values {
			g.Place, g.Dims = v, r.dims
			f.Guards = append(f.Guards, g)
		}
	case "setter":
		values, err := all(r.values)
		if err != nil {
			return err
		}
		for _, v := range values {
			f.Setters = append(f.Setters, Setter{v, r.dims, at})
		}
	case "secret":
		places, err := all(r.results)
		if err != nil {
			return err
		}
		var named *Place
		if r.named != nil {
			if named, err = one(*r.named, sig); err != nil {
				return err
			}
		}
		for _, p := range places {
			f.Secrets = append(f.Secrets, Secret{p, r.secret, named, at})
		}
	case "output":
		values, err := all(r.values)
		if err != nil {
			return err
		}
		out := Output{Kind: r.output, Values: values, At: at}
		if r.stream != nil {
			if out.Stream, err = one(*r.stream, sig); err != nil {
				return err
			}
		}
		f.Outputs = append(f.Outputs, out)
	case "event":
		if r.to != nil {
			to, err := one(*r.to, sig)
			if err != nil {
				return err
			}
			f.Delivers = to
			return nil
		}
		values, err := all(r.values)
		if err != nil {
			return err
		}
		f.Outputs = append(f.Outputs, Output{Kind: Message, Values: values, At: at})
	case "func":
		filled, err := all(r.values)
		if err != nil {
			return err
		}
		f.Filled = append(f.Filled, filled...)
		signs, err := all(r.signs)
		if err != nil {
			return err
		}
		if len(signs) > 0 {
			f.Outputs = append(f.Outputs, Output{Kind: SigningKey, Values: signs, At: at})
		}
		f.Receives = f.Receives || r.receives
		f.OwnContext = f.OwnContext || r.ownContext
		f.NoReturn = f.NoReturn || r.noReturn
		f.Pure = f.Pure || r.pure
		f.Equal = f.Equal || r.equal
		f.Fails = f.Fails || r.fails
		f.Waits = f.Waits || r.waits
		f.Next = f.Next || r.next
		f.Abort = f.Abort || r.abort
		f.Redacts = f.Redacts || r.redacts
	default:
		w, err := r.wireOf(fn, sym, at)
		if err != nil {
			return err
		}
		f.Wires = append(f.Wires, w)
	}
	return nil
}

// isVerdict reports whether a result of type t can say how a check came out.
func isVerdict(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return isError(t) || ok && b.Info()&types.IsBoolean != 0
}

// one resolves a place for a function of that signature.
func one(p place, sig *types.Signature) (*Place, error) {
	out, _, err := p.resolve(sig)
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// entityOf returns the struct that a query sink is about, nil for other sinks.
func (r *row) entityOf(fn *types.Func, sym symbol) (*types.TypeName, error) {
	if r.entity == "" {
		return nil, nil
	}
	name := r.entity
	if recv := Receiver(fn); recv != nil {
		if star, ok := captured(sym.typ, recv.Name()); ok {
			name = strings.Replace(name, "*", star, 1)
		}
	}
	tn, ok := fn.Pkg().Scope().Lookup(name).(*types.TypeName)
	if !ok {
		return nil, fmt.Errorf("package %s has no type %s", fn.Pkg().Path(), name)
	}
	if _, ok := tn.Type().Underlying().(*types.Struct); !ok {
		return nil, fmt.Errorf("%s is no struct", name)
	}
	return tn, nil
}

// columnOf returns the name of the column that fn restricts or sets, as it is written.
func (r *row) columnOf(fn *types.Func, sym symbol) (string, error) {
	star, _ := captured(sym.name, fn.Name())
	if r.constant != "" {
		return constantText(fn.Pkg(), strings.Replace(r.constant, "*", star, 1))
	}
	return strings.Replace(r.column, "*", star, 1), nil
}

// constantText returns the value of a package's constant of that name.
func constantText(pkg *types.Package, name string) (string, error) {
	c, ok := pkg.Scope().Lookup(name).(*types.Const)
	if !ok || c.Val().Kind() != constant.String {
		return "", fmt.Errorf("package %s has no constant %s", pkg.Path(), name)
	}
	return constant.StringVal(c.Val()), nil
}

// notKey says what t is if no value of it can name something in a store; it is
// empty if one can.
func notKey(t types.Type) string {
	t = types.Unalias(t)
	if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context" && n.Obj().Name() == "Context" {
		return "a context.Context"
	}
	if isError(t) {
		return "an error"
	}
	switch u := t.Underlying().(type) {
	case *types.Signature:
		return "a function"
	case *types.Chan:
		return "a channel"
	case *types.Basic:
		if u.Info()&types.IsBoolean != 0 {
			return "a bool"
		}
	}
	return ""
}

func isError(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}

// lookupType returns the types that the symbol names in pkg.
func lookupType(pkg *types.Package, sym symbol) ([]*types.TypeName, complaint) {
	var out []*types.TypeName
	if strings.Contains(sym.typ, "*") {
		for _, name := range pkg.Scope().Names() {
			if tn := typeName(pkg.Scope().Lookup(name)); tn != nil && matchGlob(sym.typ, name) {
				out = append(out, tn)
			}
		}
		if len(out) == 0 {
			return nil, func() string { return fmt.Sprintf("%s: package %s has no type like that", sym.text, pkg.Path()) }
		}
		return out, nil
	}
	obj := pkg.Scope().Lookup(sym.typ)
	if obj == nil {
		return nil, func() string {
			return fmt.Sprintf("%s: package %s has no type %s%s", sym.text, pkg.Path(), sym.typ, nearName(pkg, sym.typ, func(o types.Object) bool { _, ok := o.(*types.TypeName); return ok }))
		}
	}
	tn := typeName(obj)
	if tn == nil {
		return nil, func() string { return fmt.Sprintf("%s: %s.%s is not a named type", sym.text, pkg.Path(), sym.typ) }
	}
	return []*types.TypeName{tn}, nil
}

// typeName returns the declaration of the named type that obj stands for,
// through aliases; nil if there is none.
func typeName(obj types.Object) *types.TypeName {
	tn, ok := obj.(*types.TypeName)
	if !ok {
		return nil
	}
	t := types.Unalias(tn.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != nil {
		return n.Origin().Obj()
	}
	return nil
}

// lookupFuncs returns the functions or methods that the symbol names.
func lookupFuncs(pkg *types.Package, sym symbol) ([]*types.Func, complaint) {
	scope := pkg.Scope()
	if sym.typ == "" {
		if sym.glob {
			var out []*types.Func
			for _, name := range scope.Names() {
				if f, ok := scope.Lookup(name).(*types.Func); ok && matchGlob(sym.name, name) {
					out = append(out, f)
				}
			}
			if len(out) == 0 {
				return nil, func() string { return fmt.Sprintf("%s: package %s has no function like that", sym.text, pkg.Path()) }
			}
			return out, nil
		}
		switch obj := scope.Lookup(sym.name).(type) {
		case *types.Func:
			return []*types.Func{obj.Origin()}, nil
		case nil:
			return nil, func() string {
				return fmt.Sprintf("%s: package %s has no function %s%s", sym.text, pkg.Path(), sym.name, nearName(pkg, sym.name, func(o types.Object) bool { _, ok := o.(*types.Func); return ok }))
			}
		default:
			return nil, func() string { return fmt.Sprintf("%s: %s.%s is not a function", sym.text, pkg.Path(), sym.name) }
		}
	}
	named, wrong := lookupType(pkg, sym)
	if wrong != nil {
		return nil, wrong
	}
	var out []*types.Func
	for _, tn := range named {
		for _, f := range methodsOf(tn, sym.name) {
			if len(named) == 1 || !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	if len(out) == 0 {
		return nil, func() string {
			known := []string{}
			for _, tn := range named {
				for _, f := range methodsOf(tn, "*") {
					known = append(known, f.Name())
				}
			}
			hint := ""
			if h := strictoml.Suggest(sym.name, known); h != "" {
				hint = "; " + h
			}
			return fmt.Sprintf("%s: %s.%s has no method %s%s", sym.text, pkg.Path(), sym.typ, sym.name, hint)
		}
	}
	return out, nil
}

// methodsOf returns the methods of the type and of a pointer to it, promoted
// ones included, whose name matches, as they are declared.
func methodsOf(tn *types.TypeName, pattern string) []*types.Func {
	t := tn.Type()
	if !strings.Contains(pattern, "*") {
		obj, _, _ := types.LookupFieldOrMethod(t, true, tn.Pkg(), pattern)
		if f, ok := obj.(*types.Func); ok {
			return []*types.Func{f.Origin()}
		}
		return nil
	}
	var recv types.Type = t
	if !types.IsInterface(t) {
		recv = types.NewPointer(t)
	}
	var out []*types.Func
	if named, ok := t.(*types.Named); ok && !embeds(named) {
		// A method set sorts all methods, and generated clients have a thousand.
		for f := range named.Methods() {
			if matchGlob(pattern, f.Name()) {
				out = append(out, f.Origin())
			}
		}
		slices.SortFunc(out, func(a, b *types.Func) int { return strings.Compare(a.Name(), b.Name()) })
		return out
	}
	set := types.NewMethodSet(recv)
	for i := range set.Len() {
		if f, ok := set.At(i).Obj().(*types.Func); ok && matchGlob(pattern, f.Name()) {
			out = append(out, f.Origin())
		}
	}
	return out
}

// embeds reports whether a type may have methods that it does not declare itself.
func embeds(t *types.Named) bool {
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return true
	case *types.Struct:
		for f := range u.Fields() {
			if f.Embedded() {
				return true
			}
		}
	}
	return false
}

// fieldsOf returns the fields of the struct type, promoted ones included if
// named outright, whose name matches.
func fieldsOf(t types.Type, pattern string, pkg *types.Package) []*types.Var {
	if !strings.Contains(pattern, "*") {
		obj, _, _ := types.LookupFieldOrMethod(t, true, pkg, pattern)
		if f, ok := obj.(*types.Var); ok && f.IsField() {
			return []*types.Var{f.Origin()}
		}
		return nil
	}
	st, ok := structOf(t)
	if !ok {
		return nil
	}
	var out []*types.Var
	for i := range st.NumFields() {
		if f := st.Field(i); matchGlob(pattern, f.Name()) {
			out = append(out, f.Origin())
		}
	}
	return out
}

func nearName(pkg *types.Package, name string, ok func(types.Object) bool) string {
	var known []string
	for _, n := range pkg.Scope().Names() {
		if ok(pkg.Scope().Lookup(n)) {
			known = append(known, n)
		}
	}
	if h := strictoml.Suggest(name, known); h != "" {
		return "; " + h
	}
	return ""
}

func nearField(named []*types.TypeName, name string) string {
	var known []string
	for _, tn := range named {
		if st, ok := structOf(tn.Type()); ok {
			for i := range st.NumFields() {
				known = append(known, st.Field(i).Name())
			}
		}
	}
	if h := strictoml.Suggest(name, known); h != "" {
		return "; " + h
	}
	return ""
}
