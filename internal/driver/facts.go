package driver

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/objectpath"
)

// A Section is the facts about one package and its objects, in encoded form:
// reading one decodes nothing until an analyzer asks.
type Section struct {
	Path    string // of the package
	Entries []Entry
}

// An Entry is one fact.
type Entry struct {
	Object string // object path, "" for a fact about the package itself
	Type   string // of the fact
	Data   string // see [encodeFact]
}

func compareEntries(a, b Entry) int {
	return cmp.Or(cmp.Compare(a.Object, b.Object), cmp.Compare(a.Type, b.Type))
}

// Facts is what is known about imported packages. It must not be changed
// while units that use it are run; it may be used by many at once.
type Facts struct {
	sections map[string][]*Section
	lookup   func(path string) *Section
}

// NewFacts returns facts that are asked for by package path. The function
// must be safe for concurrent use and may return nil.
func NewFacts(lookup func(path string) *Section) *Facts {
	return &Facts{lookup: lookup}
}

// Add adds sections as read from the file of an imported package. What one
// section says of a package that several tell of is joined.
func (f *Facts) Add(sections []*Section) {
	if f.sections == nil {
		f.sections = make(map[string][]*Section)
	}
	for _, s := range sections {
		f.sections[s.Path] = append(f.sections[s.Path], s)
	}
}

func (f *Facts) of(path string) []*Section {
	if f == nil {
		return nil
	}
	if f.lookup != nil {
		if s := f.lookup(path); s != nil {
			return []*Section{s}
		}
		return nil
	}
	return f.sections[path]
}

// Reachable returns, for the packages other than pkg itself, those facts that
// an importer of pkg may need: about types, fields and methods that the
// exported API of pkg leads to. Facts about functions and variables are not
// among them, since to name one takes an import of its own package. Sections
// are sorted, as are their entries.
func (f *Facts) Reachable(pkg *types.Package) []*Section {
	if f == nil || len(f.sections) == 0 {
		return nil
	}
	objs := reachable(pkg)
	out := make(map[string]map[Entry]bool)
	indexed := make(map[*types.Package]map[types.Object][]Entry)
	for obj := range objs {
		from := obj.Pkg()
		if from == nil || from == pkg || len(f.sections[from.Path()]) == 0 {
			continue
		}
		if _, isType := obj.(*types.TypeName); !isType && obj.Parent() == from.Scope() {
			continue
		}
		ix, ok := indexed[from]
		if !ok {
			ix = index(from, f.sections[from.Path()])
			indexed[from] = ix
		}
		for _, e := range ix[obj] {
			m := out[from.Path()]
			if m == nil {
				m = make(map[Entry]bool)
				out[from.Path()] = m
			}
			m[e] = true
		}
	}
	var list []*Section
	for path, entries := range out {
		s := &Section{Path: path}
		for e := range entries {
			s.Entries = append(s.Entries, e)
		}
		slices.SortFunc(s.Entries, compareEntries)
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b *Section) int { return cmp.Compare(a.Path, b.Path) })
	return list
}

func index(pkg *types.Package, sections []*Section) map[types.Object][]Entry {
	ix := make(map[types.Object][]Entry)
	for _, s := range sections {
		for _, e := range s.Entries {
			if e.Object == "" {
				continue
			}
			obj, err := objectpath.Object(pkg, objectpath.Path(e.Object))
			if err != nil {
				continue // not visible from here, so nobody can ask for it
			}
			if !slices.Contains(ix[obj], e) {
				ix[obj] = append(ix[obj], e)
			}
		}
	}
	return ix
}

// reachable returns the objects that the API of pkg leads to.
func reachable(pkg *types.Package) map[types.Object]bool {
	objs := make(map[types.Object]bool)
	seen := make(map[types.Type]bool)
	var addType func(t types.Type)
	addObj := func(obj types.Object) {
		if obj != nil && !objs[obj] {
			objs[obj] = true
			addType(obj.Type())
		}
	}
	addTuple := func(t *types.Tuple) {
		for v := range t.Variables() {
			addType(v.Type())
		}
	}
	addTParams := func(list *types.TypeParamList) {
		for tp := range list.TypeParams() {
			addType(tp)
		}
	}
	addType = func(t types.Type) {
		switch t := t.(type) {
		case *types.Named:
			for a := range t.TypeArgs().Types() {
				addType(a)
			}
			// The origin stands for all instances; instances may be endless.
			t = t.Origin()
			if seen[t] {
				return
			}
			seen[t] = true
			addObj(t.Obj())
			addTParams(t.TypeParams())
			addType(t.Underlying())
			for m := range t.Methods() {
				addObj(m)
			}
		case *types.Alias:
			for a := range t.TypeArgs().Types() {
				addType(a)
			}
			t = t.Origin()
			if seen[t] {
				return
			}
			seen[t] = true
			addObj(t.Obj())
			addTParams(t.TypeParams())
			addType(t.Rhs())
		case *types.TypeParam:
			if seen[t] {
				return
			}
			seen[t] = true
			addType(t.Constraint())
		case *types.Pointer:
			addType(t.Elem())
		case *types.Slice:
			addType(t.Elem())
		case *types.Array:
			addType(t.Elem())
		case *types.Chan:
			addType(t.Elem())
		case *types.Map:
			addType(t.Key())
			addType(t.Elem())
		case *types.Signature:
			addTParams(t.TypeParams())
			addTuple(t.Params())
			addTuple(t.Results())
		case *types.Struct:
			for v := range t.Fields() {
				addObj(v)
			}
		case *types.Interface:
			for m := range t.ExplicitMethods() {
				addObj(m)
			}
			for e := range t.EmbeddedTypes() {
				addType(e)
			}
		case *types.Union:
			for term := range t.Terms() {
				addType(term.Type())
			}
		}
	}
	scope := pkg.Scope()
	for _, name := range scope.Names() {
		if obj := scope.Lookup(name); obj.Exported() {
			addObj(obj)
		}
	}
	return objs
}

// factTypes returns the fact types of the analyzers and of all that they
// require, by name, and an error for one that cannot be encoded.
func factTypes(analyzers []*analysis.Analyzer) (map[string]reflect.Type, error) {
	known := make(map[string]reflect.Type)
	seen := make(map[*analysis.Analyzer]bool)
	var visit func(list []*analysis.Analyzer) error
	visit = func(list []*analysis.Analyzer) error {
		for _, a := range list {
			if seen[a] {
				continue
			}
			seen[a] = true
			for _, f := range a.FactTypes {
				t := reflect.TypeOf(f)
				if err := encodable(t, nil); err != nil {
					return fmt.Errorf("analyzer %s: fact %v: %w", a.Name, t, err)
				}
				known[factName(t)] = t
			}
			if err := visit(a.Requires); err != nil {
				return err
			}
		}
		return nil
	}
	return known, visit(analyzers)
}

func factName(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		return t.Elem().PkgPath() + "." + t.Elem().Name()
	}
	return t.String()
}

// store is the facts as seen by the passes of one unit.
type store struct {
	unit    *Unit
	known   map[string]reflect.Type
	direct  map[*types.Package]bool
	mine    map[factKey]analysis.Fact
	index   map[*types.Package]map[types.Object][]Entry
	decoded map[factKey]analysis.Fact
	err     error // the first fact that could not be decoded
}

type factKey struct {
	pkg *types.Package
	obj types.Object // nil for a fact about the package
	t   reflect.Type
}

func newStore(u *Unit, known map[string]reflect.Type) *store {
	st := &store{
		unit:    u,
		known:   known,
		direct:  make(map[*types.Package]bool),
		mine:    make(map[factKey]analysis.Fact),
		index:   make(map[*types.Package]map[types.Object][]Entry),
		decoded: make(map[factKey]analysis.Fact),
	}
	for _, p := range u.Pkg.Imports() {
		st.direct[p] = true
	}
	return st
}

func copyFact(dst, src analysis.Fact) {
	reflect.ValueOf(dst).Elem().Set(reflect.ValueOf(src).Elem())
}

func (st *store) importObjectFact(obj types.Object, ptr analysis.Fact) bool {
	if obj == nil {
		panic("ImportObjectFact of a nil object")
	}
	pkg := obj.Pkg()
	if pkg == nil {
		return false
	}
	t := reflect.TypeOf(ptr)
	key := factKey{pkg, obj, t}
	if pkg == st.unit.Pkg {
		f, ok := st.mine[key]
		if ok {
			copyFact(ptr, f)
		}
		return ok
	}
	if !st.visible(obj) {
		return false
	}
	if f, ok := st.decoded[key]; ok {
		if f != nil {
			copyFact(ptr, f)
		}
		return f != nil
	}
	st.decoded[key] = nil
	name := factName(t)
	for _, e := range st.entries(pkg)[obj] {
		if e.Type == name {
			f := st.decode(pkg, e, t)
			if f == nil {
				return false
			}
			st.decoded[key] = f
			copyFact(ptr, f)
			return true
		}
	}
	return false
}

// visible reports whether facts about obj reach this unit under every driver:
// under go vet those about functions and variables come with a direct import.
func (st *store) visible(obj types.Object) bool {
	if st.direct[obj.Pkg()] {
		return true
	}
	_, isType := obj.(*types.TypeName)
	return isType || obj.Parent() != obj.Pkg().Scope()
}

func (st *store) entries(pkg *types.Package) map[types.Object][]Entry {
	ix, ok := st.index[pkg]
	if !ok {
		ix = index(pkg, st.unit.Facts.of(pkg.Path()))
		st.index[pkg] = ix
	}
	return ix
}

func (st *store) decode(pkg *types.Package, e Entry, t reflect.Type) analysis.Fact {
	v := reflect.New(t.Elem())
	if err := decodeFact(e.Data, v); err != nil {
		if st.err == nil {
			st.err = fmt.Errorf("internal error: fact %s about %s.%s: %w", e.Type, pkg.Path(), e.Object, err)
		}
		return nil
	}
	return v.Interface().(analysis.Fact)
}

func (st *store) exportObjectFact(obj types.Object, fact analysis.Fact) {
	if obj == nil || obj.Pkg() != st.unit.Pkg {
		panic(fmt.Sprintf("ExportObjectFact(%v, %T): the object is not of package %s", obj, fact, st.unit.Path))
	}
	st.mine[factKey{st.unit.Pkg, obj, reflect.TypeOf(fact)}] = fact
}

func (st *store) importPackageFact(pkg *types.Package, ptr analysis.Fact) bool {
	if pkg == nil {
		panic("ImportPackageFact of a nil package")
	}
	t := reflect.TypeOf(ptr)
	if pkg == st.unit.Pkg {
		f, ok := st.mine[factKey{pkg, nil, t}]
		if ok {
			copyFact(ptr, f)
		}
		return ok
	}
	if !st.direct[pkg] {
		return false
	}
	for _, s := range st.unit.Facts.of(pkg.Path()) {
		for _, e := range s.Entries {
			if e.Object == "" && e.Type == factName(t) {
				if f := st.decode(pkg, e, t); f != nil {
					copyFact(ptr, f)
					return true
				}
			}
		}
	}
	return false
}

func (st *store) exportPackageFact(fact analysis.Fact) {
	st.mine[factKey{st.unit.Pkg, nil, reflect.TypeOf(fact)}] = fact
}

// allObjectFacts lists the facts about the objects of the unit and of the
// packages it imports directly, sorted by package and object. What is further
// away depends on the driver and is therefore not listed.
func (st *store) allObjectFacts(filter map[reflect.Type]bool) []analysis.ObjectFact {
	var out []analysis.ObjectFact
	for k, f := range st.mine {
		if k.obj != nil && filter[k.t] {
			out = append(out, analysis.ObjectFact{Object: k.obj, Fact: f})
		}
	}
	slices.SortFunc(out, func(a, b analysis.ObjectFact) int {
		return cmp.Or(cmp.Compare(a.Object.Pos(), b.Object.Pos()), cmp.Compare(a.Object.Name(), b.Object.Name()),
			cmp.Compare(fmt.Sprintf("%T", a.Fact), fmt.Sprintf("%T", b.Fact)))
	})
	for _, pkg := range st.imports() {
		seen := make(map[Entry]bool)
		for _, s := range st.unit.Facts.of(pkg.Path()) {
			for _, e := range s.Entries {
				t := st.known[e.Type]
				if e.Object == "" || t == nil || !filter[t] || seen[e] {
					continue
				}
				seen[e] = true
				obj, err := objectpath.Object(pkg, objectpath.Path(e.Object))
				if err != nil {
					continue
				}
				if f := st.decode(pkg, e, t); f != nil {
					out = append(out, analysis.ObjectFact{Object: obj, Fact: f})
				}
			}
		}
	}
	return out
}

func (st *store) imports() []*types.Package {
	list := slices.Clone(st.unit.Pkg.Imports())
	slices.SortFunc(list, func(a, b *types.Package) int { return cmp.Compare(a.Path(), b.Path()) })
	return list
}

func (st *store) allPackageFacts(filter map[reflect.Type]bool) []analysis.PackageFact {
	var out []analysis.PackageFact
	add := func(pkg *types.Package) {
		var names []string
		for t := range filter {
			names = append(names, factName(t))
		}
		slices.Sort(names)
		for _, name := range names {
			t := st.known[name]
			if t == nil {
				continue
			}
			f := reflect.New(t.Elem()).Interface().(analysis.Fact)
			if st.importPackageFact(pkg, f) {
				out = append(out, analysis.PackageFact{Package: pkg, Fact: f})
			}
		}
	}
	add(st.unit.Pkg)
	for _, pkg := range st.imports() {
		add(pkg)
	}
	return out
}

// own encodes the facts that were exported about the unit. Those about
// objects that no importer can reach are dropped.
func (st *store) own() (*Section, error) {
	s := &Section{Path: st.unit.Pkg.Path()}
	if len(st.mine) == 0 {
		return s, nil
	}
	var enc objectpath.Encoder
	for k, f := range st.mine {
		e := Entry{Type: factName(k.t)}
		if k.obj != nil {
			path, err := enc.For(k.obj)
			if err != nil {
				continue
			}
			e.Object = string(path)
		}
		data, err := encodeFact(f)
		if err != nil {
			return nil, fmt.Errorf("package %s: fact %T about %v: %w", st.unit.Path, f, k.obj, err)
		}
		e.Data = data
		s.Entries = append(s.Entries, e)
	}
	slices.SortFunc(s.Entries, compareEntries)
	return s, nil
}

// A File is the contents of a facts file: the .vetx of go vet, or a record in
// the command's own cache.
type File struct {
	// Variant is set for a package that was compiled together with, or
	// against, the in-package tests of some package. Such a package is a
	// double of the plain one.
	Variant  bool
	Sections []*Section
}

const fileMagic = "tenantvet facts 1\n"

// Encode returns f as bytes: the same for the same facts. A file that says
// nothing is empty.
func (f File) Encode() []byte {
	sections := slices.DeleteFunc(slices.Clone(f.Sections), func(s *Section) bool { return len(s.Entries) == 0 })
	if len(sections) == 0 && !f.Variant {
		return nil
	}
	slices.SortStableFunc(sections, func(a, b *Section) int { return cmp.Compare(a.Path, b.Path) })
	var names []string
	for _, s := range sections {
		for _, e := range s.Entries {
			names = append(names, e.Type)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	b := []byte(fileMagic)
	b = binary.AppendUvarint(b, boolInt(f.Variant))
	b = binary.AppendUvarint(b, uint64(len(names)))
	for _, n := range names {
		b = appendString(b, n)
	}
	b = binary.AppendUvarint(b, uint64(len(sections)))
	for _, s := range sections {
		b = appendString(b, s.Path)
		b = binary.AppendUvarint(b, uint64(len(s.Entries)))
		last := ""
		for _, e := range s.Entries {
			// Entries are sorted, so paths share long beginnings.
			n := common(last, e.Object)
			b = binary.AppendUvarint(b, uint64(n))
			b = appendString(b, e.Object[n:])
			last = e.Object
			i, _ := slices.BinarySearch(names, e.Type)
			b = binary.AppendUvarint(b, uint64(i))
			b = appendString(b, e.Data)
		}
	}
	return b
}

func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func boolInt(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

var errCorrupt = errors.New("corrupt facts file")

// DecodeFile reads what [File.Encode] wrote. Bytes that it did not write are
// an error.
func DecodeFile(data []byte) (*File, error) {
	f := new(File)
	if len(data) == 0 {
		return f, nil
	}
	if !strings.HasPrefix(string(data[:min(len(data), len(fileMagic))]), fileMagic) {
		return nil, errors.New("not a facts file of this tool")
	}
	r := &reader{s: string(data[len(fileMagic):])}
	f.Variant = r.uvarint() != 0
	names := make([]string, 0, 8)
	for n := r.count(); n > 0 && r.err == nil; n-- {
		names = append(names, r.str())
	}
	for n := r.count(); n > 0 && r.err == nil; n-- {
		s := &Section{Path: r.str()}
		last := ""
		for m := r.count(); m > 0 && r.err == nil; m-- {
			keep := r.uvarint()
			if keep > uint64(len(last)) {
				return nil, errCorrupt
			}
			e := Entry{Object: last[:keep] + r.str()}
			last = e.Object
			i := r.uvarint()
			if i >= uint64(len(names)) {
				return nil, errCorrupt
			}
			e.Type = names[i]
			e.Data = r.str()
			s.Entries = append(s.Entries, e)
		}
		f.Sections = append(f.Sections, s)
	}
	if r.err == nil && r.s != "" {
		return nil, errCorrupt
	}
	return f, r.err
}

// reader takes values off the front of a string and remembers the first error.
type reader struct {
	s   string
	err error
}

func (r *reader) uvarint() uint64 {
	var v uint64
	for i := 0; i < len(r.s) && i < binary.MaxVarintLen64; i++ {
		c := r.s[i]
		v |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			r.s = r.s[i+1:]
			return v
		}
	}
	r.s, r.err = "", errCorrupt
	return 0
}

// count reads a number of things that take at least one byte each.
func (r *reader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.s)) {
		r.s, r.err = "", errCorrupt
		return 0
	}
	return int(n)
}

func (r *reader) str() string {
	n := r.count()
	s := r.s[:n]
	r.s = r.s[n:]
	return s
}
