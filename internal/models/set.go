package models

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/tenantvet/tenantvet/internal/strictoml"
)

// Error is one complaint about a model or policy file, with its place and the
// remedy.
type Error = strictoml.Error

// Errors is every complaint about one file.
type Errors = strictoml.Errors

// importers stands for the packages that import the path of Set.Importing.
const importers = "*"

// A Set is the rows of one file, decoded and checked for form, not yet
// resolved. It is immutable after decoding and safe for concurrent use.
type Set struct {
	Name     string   // file name, for messages
	Library  string   // module that the file describes, "" in a policy
	Version  string   // of the library, against which the rows were checked
	Packages []string // import paths that make the file relevant; empty: always
	// Importing, if set, makes the file one about code that a generator writes
	// into projects: its rows speak of every package that imports this path.
	Importing string
	// ColumnTag is the key of the struct tag under which the library finds the
	// name of a field's column: the first word there, or, behind a space, the
	// form of the word that is: "gorm column:*", "xorm '*'".
	ColumnTag string
	// PrimaryTag is the key of the struct tag and, behind a space, the word in it by
	// which the library tells the columns of the primary key: "xorm pk".
	PrimaryTag string
	// Relations are the struct tags by which the library finds what the rows of a
	// field refer to.
	Relations RelationTags
	// Mixer is the method by which an entity of the library lists what it is mixed of.
	Mixer string

	rows    []row
	params  []Param
	keys    []textKey
	builtin bool
	byPkg   map[string][]ref // rows by the package of their symbols
	pkgs    []string         // keys of byPkg, sorted
}

// ref is one symbol of one row.
type ref struct{ row, sym int }

// row is one TOML table with its symbols still unresolved.
type row struct {
	table string // "sink", "flow", ...
	at    strictoml.Pos
	syms  []symbol

	dims    Dims
	kind    Kind
	op      Op
	keys    []place
	also    []place
	unbound bool
	values  []place
	process bool
	absent  bool

	of         string // the name of its table
	model      bool
	rows       []place
	sql, args  *place
	tables     []place
	where      []place
	loaded     []place
	ignored    *place
	made       *place
	finds      bool
	unless     *place
	equals     *place
	equalities []string
	bare       bool
	all        string
	relation   string // its name, with * for what the function's name has there
	same       bool
	named      *place  // of a column whose name is a text
	places     []place // of the roles of a guard
	id         *place
	entity     string  // the pattern of the struct's name, with * for what the receiver's name has there
	tos        []place // of a column
	column     string  // its name: * for what the function's name has there
	constant   string  // the constant that must exist for it, with * likewise
	sets       bool

	on         *place // of a statement: what it runs on
	sent       bool
	cql, whole bool

	filter *place // of a search: its body

	how  How
	to   *place
	from []place
	sep  *place

	origin  OriginKind
	blank   bool
	results []place // of sources and origins; empty: all results

	state, benign, fixed, env, wraps, handle, pool, noReturn, pure, equal, fails, next, abort, continues, redacts, event, subscribed, keyed bool

	stream *place
	output OutputKind
	secret Secrecy

	signs []place

	waits, receives, ownContext bool

	zero string // of types: the variable that holds the zero value

	grants, needs Grant
	roleNames     []string

	form      Form
	operators Operators

	wire *wireRow // of the tables about routers
	hook *hookRow // of the table about hooks
}

// textKey is a context key that is a plain string.
type textKey struct {
	text string
	dims Dims
}

// DecodeOptions say how names without a package are read.
type DecodeOptions struct {
	// ModulePath is the module that "./dir.Name" is relative to; "" refuses
	// such names.
	ModulePath string
	// DefaultPackage is the package of plain names until the file's own
	// "package" key; "" refuses them.
	DefaultPackage string
	// Library allows the keys that describe a library: library, version,
	// package, packages.
	Library bool
}

// Decode reads a model file. It is strict: an unknown key, a value of the
// wrong type, a place or symbol that cannot be read and a duplicate row are
// errors. The error is an [Errors] with every complaint.
func Decode(name string, data []byte, opts DecodeOptions) (*Set, error) {
	doc, err := strictoml.Parse(name, data)
	if err != nil {
		return nil, err
	}
	opts.Library = true
	set := FromDoc(doc, opts)
	doc.Root().Done()
	if err := doc.Err(); err != nil {
		return nil, err
	}
	return set, nil
}

// FromDoc reads the model tables of a document that may have others besides.
// Complaints go to the document; the set is not to be used if there are any.
func FromDoc(doc *strictoml.Doc, opts DecodeOptions) *Set {
	root := doc.Root()
	d := &decoder{doc: doc, opts: opts, set: &Set{Name: doc.File, byPkg: map[string][]ref{}}, seen: map[string]strictoml.Pos{}}
	if opts.Library {
		d.set.Library = root.String("library").S
		d.set.Version = root.String("version").S
		if pkg := root.String("package"); pkg.S != "" {
			d.opts.DefaultPackage = pkg.S
			d.set.Packages = []string{pkg.S}
		}
		if pkgs := root.Strings("packages"); len(pkgs) > 0 {
			d.set.Packages = nil
			for _, p := range pkgs {
				d.set.Packages = append(d.set.Packages, p.S)
			}
		}
		d.set.ColumnTag = root.String("columntag").S
		d.set.PrimaryTag = root.String("primarytag").S
		d.set.Relations = RelationTags{texts(root, "linktag"), texts(root, "refertag"), root.String("keytag").S, root.String("referencetag").S,
			root.String("edgefield").S, root.String("edgetable").S, root.String("edgelinks").S}
		d.set.Mixer = root.String("mixer").S
		if imp := root.String("importing"); imp.S != "" {
			d.set.Importing = imp.S
			d.set.Packages = []string{imp.S}
			d.opts.DefaultPackage = importers
		}
	}
	for _, table := range []struct {
		name string
		read func(*strictoml.Table)
	}{
		{"source", d.source},
		{"sink", d.sink},
		{"flow", d.flow},
		{"origin", d.origin},
		{"type", d.typ},
		{"func", d.fn},
		{"column", d.column},
		{"guard", d.guard},
		{"setter", d.setter},
		{"secret", d.secret},
		{"output", d.output},
		{"event", d.event},
		{"router", d.router},
		{string(Route), d.wiring(Route)},
		{string(Amend), d.wiring(Amend)},
		{string(Group), d.wiring(Group)},
		{string(Use), d.wiring(Use)},
		{string(Mount), d.wiring(Mount)},
		{string(Wrap), d.wiring(Wrap)},
		{string(Chain), d.wiring(Chain)},
		{string(Path), d.wiring(Path)},
		{string(Serve), d.wiring(Serve)},
		{string(Service), d.wiring(Service)},
	} {
		for _, t := range root.Tables(table.name) {
			table.read(t)
			t.Done()
		}
	}
	if opts.Library {
		for _, t := range root.Tables("hook") {
			d.hook(t)
			t.Done()
		}
	}
	for i, r := range d.set.rows {
		for j, s := range r.syms {
			d.set.byPkg[s.pkg] = append(d.set.byPkg[s.pkg], ref{i, j})
		}
	}
	for pkg := range d.set.byPkg {
		d.set.pkgs = append(d.set.pkgs, pkg)
	}
	sort.Strings(d.set.pkgs)
	return d.set
}

// Params returns the statements about parameters of that name.
func (s *Set) Params() []Param { return slices.Clone(s.params) }

// ContextStrings returns the plain strings under which a context holds scope,
// with their dimensions, in the order of the file.
func (s *Set) ContextStrings() (texts []string, dims []Dims) {
	for _, k := range s.keys {
		texts, dims = append(texts, k.text), append(dims, k.dims)
	}
	return texts, dims
}

// Rows returns how many symbols the set's rows name, with braces expanded.
func (s *Set) Rows() int {
	n := len(s.params) + len(s.keys)
	for _, r := range s.rows {
		n += len(r.syms)
	}
	return n
}

// Symbol is a name that a row of a set speaks of.
type Symbol struct {
	Table   string // "source", "sink", "flow", "route" and so on
	Package string // import path
	Text    string // with its full package path
	Dims    Dims   // of a source
	File    string
	Line    int
	Col     int
	Row     int // the line that its row begins on
}

// Symbols returns every symbol of the set in the order of the file.
func (s *Set) Symbols() []Symbol {
	var out []Symbol
	for _, r := range s.rows {
		for _, sym := range r.syms {
			out = append(out, s.symbol(&r, sym))
		}
	}
	slices.SortStableFunc(out, func(a, b Symbol) int { return a.Line - b.Line })
	return out
}

func (s *Set) symbol(r *row, sym symbol) Symbol {
	return Symbol{r.table, sym.pkg, sym.String(), r.dims, s.Name, sym.at.Line, sym.at.Col, r.at.Line}
}

// SourceDims returns the dimensions that the set's sources yield.
func (s *Set) SourceDims() Dims {
	var d Dims
	for _, r := range s.rows {
		if r.table == "source" {
			d |= r.dims
		}
	}
	for _, p := range s.params {
		d |= p.Dims
	}
	for _, k := range s.keys {
		d |= k.dims
	}
	return d
}

// NamesEnvs reports whether the set says what holds environments: a type of
// them, or the one that the process runs in.
func (s *Set) NamesEnvs() bool {
	return slices.ContainsFunc(s.rows, func(r row) bool { return r.env || r.origin == Process })
}

type decoder struct {
	doc  *strictoml.Doc
	opts DecodeOptions
	set  *Set
	seen map[string]strictoml.Pos
}

// add takes a finished row in, unless one of its symbols says again what an
// earlier row said. what is the part of the row that makes it distinct.
func (d *decoder) add(r row, what string) {
	if d.doc.Trusted {
		d.set.rows = append(d.set.rows, r)
		return
	}
	for _, s := range r.syms {
		id := r.table + "\x00" + s.String() + "\x00" + what
		if s.kind == symType {
			id = "type " + id
		} else if s.kind == symField {
			id = "field " + id
		} else if s.kind == symKey {
			id = "key " + id
		}
		if first, dup := d.seen[id]; dup {
			d.doc.Complain(s.at, fmt.Sprintf("remove it here or at line %d", first.Line), "[[%s]] %s is there already, at line %d", r.table, s, first.Line)
			return
		}
		d.seen[id] = s.at
	}
	d.set.rows = append(d.set.rows, r)
}

// symbols reads the names under a key.
func (d *decoder) symbols(t *strictoml.Table, key string, kind symKind) []symbol {
	var out []symbol
	strs := t.Strings(key)
	if t.EmptyList(key) {
		d.doc.Complain(t.ValueAt(key), "name at least one", "%s is empty", key)
	}
	for _, str := range strs {
		texts, err := expand(str.S)
		if err != nil {
			d.doc.Complain(str.At, "", "%s %q has %v", key, str.S, err)
			continue
		}
		for _, text := range texts {
			s, err := parseSymbol(text, kind, d.opts)
			if err != nil {
				d.doc.Complain(str.At, "", "%s %v", key, err)
				break
			}
			s.at = str.At
			out = append(out, s)
		}
		if len(out) > maxExpand {
			d.doc.Complain(str.At, "", "%s stands for more than %d names", key, maxExpand)
			return nil
		}
	}
	return out
}

// places reads the places under a key.
func (d *decoder) places(t *strictoml.Table, key string, base ...Base) []place {
	var out []place
	for _, s := range t.Strings(key) {
		p, err := parsePlace(s.S)
		if err != nil {
			d.doc.Complain(s.At, "", "%s %v", key, err)
			continue
		}
		p.at = s.At
		if key != "path" && key != "method" && slices.ContainsFunc(p.Path, isCall) {
			d.doc.Complain(s.At, "", "%s %q: only for the path and the method of a route can a method be called", key, s.S)
			continue
		}
		if !slices.Contains(base, p.Base) {
			d.doc.Complain(s.At, "", "%s %q: %s", key, s.S, wantBase(base))
			continue
		}
		out = append(out, p)
	}
	return out
}

func isCall(step string) bool {
	_, ok := StepCall(step)
	return ok
}

func wantBase(base []Base) string {
	var names []string
	for _, b := range base {
		names = append(names, [...]string{Arg: "a parameter (argN)", Recv: "the receiver (recv)", Result: "a result (resultN)"}[b])
	}
	return "it must be " + strings.Join(names, " or ")
}

// place reads the one place under a key, nil if there is none.
func (d *decoder) place(t *strictoml.Table, key string, base ...Base) *place {
	if !t.Has(key) {
		t.String(key) // known, though not set
		return nil
	}
	ps := d.places(t, key, base...)
	if len(ps) > 1 {
		d.doc.Complain(ps[1].at, "", "%s must be one place", key)
	}
	if len(ps) == 0 {
		return nil
	}
	return &ps[0]
}

// dims reads dimensions, one or several.
func (d *decoder) dims(t *strictoml.Table, key string) Dims {
	var out Dims
	for _, s := range t.Strings(key) {
		one := ParseDim(s.S)
		if one == 0 {
			d.doc.Complain(s.At, "dimensions are tenant, env and user", "%s: there is no dimension %q", key, s.S)
		}
		out |= one
	}
	return out
}

// word reads one of a few words; "" if the key is not set.
func word[W ~string](d *decoder, t *strictoml.Table, key string, words ...W) W {
	s := t.String(key)
	if s.S == "" && !t.Has(key) {
		return ""
	}
	if s.At.Line == 0 {
		return "" // of another type: complained of already
	}
	if !slices.Contains(words, W(s.S)) {
		known := make([]string, len(words))
		for i, w := range words {
			known[i] = string(w)
		}
		d.doc.Complain(s.At, strictoml.Suggest(s.S, known), "there is no %s %q", key, s.S)
		return ""
	}
	return W(s.S)
}

// texts returns the strings under a key.
func texts(t *strictoml.Table, key string) (out []string) {
	for _, s := range t.Strings(key) {
		out = append(out, s.S)
	}
	return out
}

// one complains unless exactly one of the keys is set, and returns it.
func (d *decoder) one(t *strictoml.Table, table string, keys ...string) string {
	found := ""
	for _, k := range keys {
		if !t.Has(k) {
			continue
		}
		if found != "" {
			d.doc.Complain(t.KeyAt(k), "write two [["+table+"]] rows", "[[%s]] has both %s and %s", table, found, k)
			return ""
		}
		found = k
	}
	if found == "" {
		d.doc.Complain(t.At(), "", "[[%s]] needs %s", table, strings.Join(keys, ", ")+choice(keys))
	}
	return found
}

func choice(keys []string) string {
	if len(keys) > 1 {
		return " (one of them)"
	}
	return ""
}

func (d *decoder) need(t *strictoml.Table, table, key, example string) bool {
	if t.Has(key) {
		return true
	}
	d.doc.Complain(t.At(), example, "[[%s]] needs %s", table, key)
	return false
}

func (d *decoder) source(t *strictoml.Table) {
	r := row{table: "source", at: t.At()}
	fn := d.symbols(t, "func", symFunc)
	field := d.symbols(t, "field", symField)
	typ := d.symbols(t, "type", symType)
	key := d.symbols(t, "contextkey", symKey)
	keyText := t.Strings("contextstring")
	param := t.Strings("param")
	paramType := t.String("paramtype")
	packages := t.Strings("packages")
	r.results = d.places(t, "result", Result)
	r.dims = d.dims(t, "dimension")
	which := d.one(t, "source", "func", "field", "type", "contextkey", "contextstring", "param")
	d.need(t, "source", "dimension", `write dimension = "tenant"`)
	if which != "param" {
		for _, k := range []string{"paramtype", "packages"} {
			if t.Has(k) {
				d.doc.Complain(t.KeyAt(k), "remove it", "%s belongs to a source with param", k)
			}
		}
	}
	if which != "func" && t.Has("result") {
		d.doc.Complain(t.KeyAt("result"), "remove it", "result belongs to a source with func")
	}
	switch which {
	case "func":
		d.need(t, "source", "result", `write result = "result0"`)
		r.syms = fn
		for _, p := range r.results {
			one := r
			one.results = []place{p}
			d.add(one, p.text)
		}
	case "field":
		r.syms = field
		d.add(r, "")
	case "type":
		r.syms = typ
		d.add(r, "")
	case "contextkey":
		r.syms = key
		d.add(r, "")
	case "contextstring":
		for _, k := range keyText {
			id := "contextstring\x00" + k.S
			if first, dup := d.seen[id]; dup {
				d.doc.Complain(k.At, fmt.Sprintf("remove it here or at line %d", first.Line), "[[source]] contextstring %q is there already, at line %d", k.S, first.Line)
				continue
			}
			d.seen[id] = k.At
			d.set.keys = append(d.set.keys, textKey{k.S, r.dims})
		}
	case "param":
		d.param(t, param, paramType, packages, r.dims)
	}
}

func (d *decoder) param(t *strictoml.Table, names []strictoml.Str, typ strictoml.Str, packages []strictoml.Str, dims Dims) {
	var pats []string
	for _, p := range packages {
		path, err := d.opts.PackagePattern(p.S)
		if err != nil {
			d.doc.Complain(p.At, "", "packages: %v", err)
			continue
		}
		pats = append(pats, path)
	}
	if typ.S != "" {
		full, err := d.opts.typeText(typ.S)
		if err != nil {
			d.doc.Complain(typ.At, "", "paramtype: %v", err)
		}
		typ.S = full
	}
	for _, n := range names {
		if !isName(n.S, false) || n.S == "_" {
			d.doc.Complain(n.At, "", "param %q is not a parameter name", n.S)
			continue
		}
		id := "param\x00" + n.S + "\x00" + typ.S + "\x00" + strings.Join(pats, "\x00")
		if first, dup := d.seen[id]; dup {
			d.doc.Complain(n.At, fmt.Sprintf("remove it here or at line %d", first.Line), "[[source]] param %s is there already, at line %d", n.S, first.Line)
			continue
		}
		d.seen[id] = n.At
		d.set.params = append(d.set.params, Param{n.S, typ.S, pats, dims, At{d.doc.File, t.At().Line}})
	}
}

// PackagePattern turns "./dir/..." or "import/path/..." into an import path
// pattern with the module's path.
func (o DecodeOptions) PackagePattern(p string) (string, error) {
	base, deep := strings.CutSuffix(p, "/...")
	if base == "..." || p == "..." {
		return "", fmt.Errorf("%q is every package there is: write ./... for the module's", p)
	}
	path, err := o.packagePath(base)
	if err != nil {
		return "", err
	}
	if deep {
		path += "/..."
	}
	return path, nil
}

// MatchPackage reports whether an import path matches a pattern of
// [DecodeOptions.PackagePattern].
func MatchPackage(pattern, path string) bool {
	if base, deep := strings.CutSuffix(pattern, "/..."); deep {
		return path == base || strings.HasPrefix(path, base+"/")
	}
	return path == pattern
}

// typeText completes "./dir.T" and "*./dir.T" to full package paths; other
// text (string, uuid.UUID's full path, []byte) is kept as it is.
func (o DecodeOptions) typeText(s string) (string, error) {
	prefix := ""
	for {
		if r, ok := strings.CutPrefix(s, "*"); ok {
			prefix, s = prefix+"*", r
		} else if r, ok := strings.CutPrefix(s, "[]"); ok {
			prefix, s = prefix+"[]", r
		} else {
			break
		}
	}
	if strings.HasPrefix(s, "./") {
		pkg, name, err := splitPath(s, o)
		if err != nil {
			return "", err
		}
		s = pkg + "." + name
	}
	return prefix + s, nil
}

func (d *decoder) sink(t *strictoml.Table) {
	r := row{table: "sink", at: t.At()}
	r.syms = d.symbols(t, "func", symFunc)
	d.need(t, "sink", "func", `write func = "(*./internal/cache.Cache).Get"`)
	d.need(t, "sink", "kind", "kinds are cache, lock, blob, topic, store, task and query")
	r.kind = word(d, t, "kind", Cache, Lock, Blob, Topic, Store, Task, Query)
	r.op = word(d, t, "op", Read, Write, Delete, Insert)
	r.entity = t.String("entity").S
	r.of = t.String("of").S
	r.model = t.Bool("model")
	r.rows = d.places(t, "rows", Arg)
	r.tables = d.places(t, "table", Arg, Recv, Result)
	r.where = d.places(t, "where", Arg)
	r.loaded = d.places(t, "loaded", Arg)
	r.ignored, r.made = d.place(t, "ignored", Arg, Recv), d.place(t, "made", Arg, Recv)
	r.finds = t.Bool("finds")
	r.sql, r.args = d.place(t, "sql", Arg), d.place(t, "args", Arg)
	r.id = d.place(t, "id", Arg)
	r.on, r.sent = d.place(t, "on", Arg), t.Bool("sent")
	r.cql, r.whole = t.Bool("cql"), t.Bool("whole")
	r.filter = d.place(t, "filter", Arg, Recv)
	if r.kind == Query && r.sql == nil && !r.model && len(r.rows)+len(r.tables) == 0 && r.of == "" {
		d.need(t, "sink", "entity", `write sql = "arg1", or model = true, or table = "recv", or entity = "*", or of = "orders"`)
	}
	what := "-"
	if (r.sql != nil || len(r.rows)+len(r.tables) > 0) && !t.Has("key") {
		what = "sql"
		t.String("key")
	} else if s, ok := t.Peek("key").(string); ok && s == "-" {
		t.String("key")
		r.unbound = true
	} else {
		r.keys = d.places(t, "key", Arg, Recv)
		if d.need(t, "sink", "key", `write key = "arg1", or key = "-" if the call cannot carry one`) && len(r.keys) == 0 {
			if t.EmptyList("key") {
				d.doc.Complain(t.ValueAt("key"), `write key = "-" if the call cannot carry one`, "key is empty")
			}
			return
		}
		what = placeTexts(r.keys)
	}
	r.also = d.places(t, "also", Arg, Recv)
	r.values = d.places(t, "value", Arg, Recv)
	r.dims = d.dims(t, "require")
	r.process = t.Bool("process")
	r.absent = t.Bool("absent")
	if r.made != nil {
		what += "+made"
	}
	d.add(r, what)
}

func placeTexts(ps []place) string {
	texts := make([]string, len(ps))
	for i, p := range ps {
		texts[i] = p.text
	}
	return strings.Join(texts, "+")
}

func (d *decoder) flow(t *strictoml.Table) {
	r := row{table: "flow", at: t.At()}
	r.syms = d.symbols(t, "func", symFunc)
	d.need(t, "flow", "func", `write func = "./internal/keys.Join"`)
	d.need(t, "flow", "how", "it is one of copy, concat, join, format, print, append, body, hash, reset, part, invoke, select, contextkey, contextset, begin, where, wheresql, condition, or, table, apply, hand, names, values, preload, relation, assign, joined, primary, ignoring, bind, judged, loaded, model, rows, either, session, connect")
	r.how = word(d, t, "how", Copy, Concat, Join, Format, Print, Append, Body, Expression, HandedBy, Hash, Reset, Part, Invoke, Select, ContextKey, ContextSet, Begin, Where, WhereSQL, Condition, Or, Table, Apply, Hand, Names, Values, Preload, Relation, Assign, Joined, Primary, Ignoring, Bind, Judged, Loaded, Model, Rows, Either, Session, Connect)
	r.to = d.place(t, "to", Arg, Recv, Result)
	r.from = d.places(t, "from", Arg, Recv)
	r.sep = d.place(t, "sep", Arg)
	r.constant = t.String("constant").S
	r.unless, r.equals = d.place(t, "unless", Arg), d.place(t, "equals", Arg)
	for _, op := range t.Strings("equalities") {
		r.equalities = append(r.equalities, op.S)
	}
	if (r.equals != nil) != (len(r.equalities) > 0) {
		d.doc.Complain(t.At(), `write equals = "arg1" and equalities = ["=="]`, "equals and equalities of a [[flow]] go together")
	}
	r.bare, r.same = t.Bool("bare"), t.Bool("same")
	r.all, r.relation, r.entity = t.String("all").S, t.String("relation").S, t.String("entity").S
	if r.how == "" {
		return
	}
	if r.how != Invoke {
		d.need(t, "flow", "to", `write to = "result0"`)
	}
	if r.how != Reset && r.how != Begin && r.how != Judged && r.how != Ignoring && r.how != Session {
		d.need(t, "flow", "from", `write from = "arg0"`)
	} else if r.how != Session && t.Has("from") {
		d.doc.Complain(t.KeyAt("from"), "remove it", "from has no meaning with how = %q", r.how)
	}
	if r.how != Join && r.how != Condition && t.Has("sep") {
		d.doc.Complain(t.KeyAt("sep"), "remove it", "sep belongs to how = \"join\" and how = \"condition\"")
	}
	if r.how == Or && len(r.from) == 1 {
		d.doc.Complain(t.KeyAt("from"), `write from = ["recv", "arg0"]`, "how = %q takes a query and a condition", r.how)
	}
	if n := len(r.from); r.how == Joined && (n < 2 || n > 4) {
		d.doc.Complain(t.KeyAt("from"), `write from = ["arg0", "arg1", "arg2"] for the table, its ON and arguments`, "how = %q takes two sources, three or four", r.how)
	}
	if r.how == ContextSet && len(r.from) != 2 {
		d.doc.Complain(t.KeyAt("from"), `write from = ["arg1", "arg2"]`, "how = %q takes a key and a value", r.how)
	}
	if (r.how == Copy || r.how == ContextKey) && len(r.from) > 1 {
		d.doc.Complain(t.KeyAt("from"), `write how = "concat"`, "how = %q has one source, not %d", r.how, len(r.from))
	}
	to := ""
	if r.to != nil {
		to = r.to.text
	}
	d.add(r, string(r.how)+">"+to+"<"+placeTexts(r.from))
}

func (d *decoder) origin(t *strictoml.Table) {
	r := row{table: "origin", at: t.At()}
	fn := d.symbols(t, "func", symFunc)
	field := d.symbols(t, "field", symField)
	typ := d.symbols(t, "type", symType)
	d.need(t, "origin", "kind", "kinds are request, record, unique, constant and env")
	r.origin = word(d, t, "kind", Request, Record, Unique, Constant, Process)
	r.results = append(d.places(t, "result", Result), d.places(t, "to", Arg, Recv)...)
	r.values = d.places(t, "param", Arg)
	if r.blank = t.Bool("blank"); r.blank && !t.Has("to") {
		d.doc.Complain(t.KeyAt("blank"), "remove it", "blank belongs to an origin with to")
	}
	switch d.one(t, "origin", "func", "type", "field") {
	case "func":
		r.syms = fn
		d.add(r, placeTexts(r.results)+"<"+placeTexts(r.values))
	case "type":
		r.syms = typ
		d.add(r, "")
	case "field":
		r.syms = field
		d.add(r, "")
	}
}

func (d *decoder) secret(t *strictoml.Table) {
	r := row{table: "secret", at: t.At()}
	fn := d.symbols(t, "func", symFunc)
	field := d.symbols(t, "field", symField)
	typ := d.symbols(t, "type", symType)
	r.results = d.places(t, "result", Result)
	r.named = d.place(t, "named", Arg)
	r.secret = Credential
	r.keyed = t.Bool("keyed")
	switch {
	case t.Bool("whole"):
		r.secret = Dump
	case r.keyed:
		r.secret = NoSecret // some of its entries are
	}
	which := d.one(t, "secret", "func", "field", "type")
	if which != "type" && r.keyed {
		d.doc.Complain(t.KeyAt("keyed"), "remove it", "keyed belongs to a secret with type")
	}
	for _, k := range []string{"result", "named"} {
		if which != "func" && t.Has(k) {
			d.doc.Complain(t.KeyAt(k), "remove it", "%s belongs to a secret with func", k)
		}
	}
	if which == "func" && len(r.results) == 0 {
		r.results = []place{{Place: Place{Base: Result}, text: "result0"}}
	}
	switch which {
	case "func":
		r.syms = fn
	case "field":
		r.syms = field
	case "type":
		r.syms = typ
	}
	d.add(r, placeTexts(r.results))
}

func (d *decoder) output(t *strictoml.Table) {
	r := row{table: "output", at: t.At()}
	r.syms = d.symbols(t, "func", symFunc)
	d.need(t, "output", "func", `write func = "(./internal/log.Logger).Info"`)
	d.need(t, "output", "kind", "kinds are log, console, response, span and metric")
	r.output = word(d, t, "kind", Log, Console, Response, Span, Metric)
	r.values = d.places(t, "value", Arg, Recv)
	d.need(t, "output", "value", `write value = ["arg0", "arg1..."]`)
	r.stream = d.place(t, "stream", Arg)
	d.add(r, string(r.output))
}

func (d *decoder) event(t *strictoml.Table) {
	r := row{table: "event", at: t.At()}
	fn := d.symbols(t, "func", symFunc)
	typ := d.symbols(t, "type", symType)
	sub := d.symbols(t, "subscribertype", symType)
	r.values = d.places(t, "value", Arg, Recv)
	r.to = d.place(t, "subscriber", Arg, Recv)
	switch d.one(t, "event", "func", "type", "subscribertype") {
	case "func":
		r.syms = fn
		d.one(t, "event", "value", "subscriber")
	case "type":
		r.syms, r.event = typ, true
	case "subscribertype":
		r.syms, r.subscribed = sub, true
	}
	for _, key := range []string{"value", "subscriber"} {
		if !t.Has("func") && t.Has(key) {
			d.doc.Complain(t.KeyAt(key), "remove it", "%s belongs to an event with func", key)
		}
	}
	d.add(r, "")
}

func (d *decoder) typ(t *strictoml.Table) {
	r := row{table: "type", at: t.At()}
	r.syms = d.symbols(t, "type", symType)
	d.need(t, "type", "type", `write type = "./internal/cache.Cache"`)
	r.state, r.benign, r.fixed, r.continues = t.Bool("state"), t.Bool("benign"), t.Bool("fixed"), t.Bool("continues")
	r.redacts, r.env, r.ownContext = t.Bool("redacts"), t.Bool("env"), t.Bool("owncontext")
	r.wraps, r.handle, r.pool, r.zero = t.Bool("wraps"), t.Bool("handle"), t.Bool("pool"), t.String("zero").S
	r.form = word(d, t, "form", Equals, AllOf, AnyOf, Pair, Nothing)
	r.operators = Operators{texts(t, "allkeys"), texts(t, "anykeys"), texts(t, "valuekeys")}
	r.wire = &wireRow{only: word(d, t, "only", "unary", "stream")}
	if !r.state && !r.benign && !r.fixed && !r.wraps && !r.handle && !r.pool && !r.env && !r.continues && !r.redacts && !r.ownContext && r.zero == "" && r.form == "" && r.wire.only == "" {
		d.doc.Complain(t.At(), "write state = true, benign = true, fixed = true, env = true, redacts = true or wraps = true", "[[type]] says nothing")
	}
	if r.state && r.benign {
		d.doc.Complain(t.KeyAt("benign"), "keep one", "a type is either state or benign, not both")
	}
	d.add(r, "")
}

func (d *decoder) column(t *strictoml.Table) {
	r := row{table: "column", at: t.At()}
	r.syms = d.symbols(t, "func", symFunc)
	d.need(t, "column", "func", `write func = "TenantIDEQ"`)
	r.column = t.String("name").S
	r.named = d.place(t, "named", Arg, Recv)
	if r.named == nil {
		d.need(t, "column", "name", `write name = "*" for what the * of func stands for`)
	}
	r.constant = t.String("constant").S
	r.tos = d.places(t, "to", Arg, Recv, Result)
	d.need(t, "column", "to", `write to = "result0"`)
	r.values = d.places(t, "value", Arg)
	d.need(t, "column", "value", `write value = "arg0"`)
	r.sets = t.Bool("sets")
	d.add(r, r.column)
}

func (d *decoder) guard(t *strictoml.Table) {
	r := row{table: "guard", at: t.At()}
	r.syms = d.symbols(t, "func", symFunc)
	d.need(t, "guard", "func", `write func = "./internal/auth.RequireMember"`)
	r.values, r.dims = d.places(t, "value", Arg, Recv), d.dims(t, "dimension")
	r.grants, r.needs = d.grants(t, "grants"), d.grants(t, "needs")
	r.places = d.places(t, "roles", Arg, Recv)
	for _, s := range t.Strings("role") {
		r.roleNames = append(r.roleNames, s.S)
	}
	switch {
	case t.Has("value"):
		d.need(t, "guard", "dimension", `write dimension = "tenant"`)
	case t.Has("dimension"):
		d.need(t, "guard", "value", `write value = "arg2" for the tenant that it checks`)
	default:
		d.need(t, "guard", "grants", `write grants = "membership", or value = "arg2" for the tenant that it checks`)
	}
	for _, key := range []string{"roles", "role"} {
		if t.Has(key) && r.grants&Holder == 0 {
			d.doc.Complain(t.KeyAt(key), `write grants = "role"`, "%s belongs to a guard that grants a role", key)
		}
	}
	if !t.Has("grants") && r.dims&Tenant != 0 {
		r.grants = Member
	}
	d.add(r, placeTexts(r.values)+r.grants.String())
}

// grants reads grants, one or several.
func (d *decoder) grants(t *strictoml.Table, key string) Grant {
	var out Grant
	for _, s := range t.Strings(key) {
		one := ParseGrant(s.S)
		if one == 0 {
			d.doc.Complain(s.At, strictoml.Suggest(s.S, grantNames()), "%s: there is no %q; there are scope, membership and role", key, s.S)
		}
		out |= one
	}
	return out
}

func (d *decoder) setter(t *strictoml.Table) {
	r := row{table: "setter", at: t.At()}
	r.syms = d.symbols(t, "func", symFunc)
	d.need(t, "setter", "func", `write func = "./internal/auth.WithTenant"`)
	r.values = d.places(t, "value", Arg, Recv)
	d.need(t, "setter", "value", `write value = "arg1" for the tenant that it stores`)
	r.dims = d.dims(t, "dimension")
	d.need(t, "setter", "dimension", `write dimension = "tenant"`)
	d.add(r, placeTexts(r.values))
}

func (d *decoder) fn(t *strictoml.Table) {
	r := row{table: "func", at: t.At()}
	r.syms = d.symbols(t, "func", symFunc)
	d.need(t, "func", "func", `write func = "./internal/must.Fail"`)
	r.noReturn, r.pure, r.equal, r.fails = t.Bool("noreturn"), t.Bool("pure"), t.Bool("equal"), t.Bool("fails")
	r.next, r.abort, r.redacts = t.Bool("next"), t.Bool("abort"), t.Bool("redacts")
	r.values, r.signs = d.places(t, "filled", Arg), d.places(t, "signs", Arg)
	r.waits, r.receives, r.ownContext = t.Bool("waits"), t.Bool("receives"), t.Bool("owncontext")
	says := []bool{r.noReturn, r.pure, r.equal, r.fails, r.waits, r.next, r.abort, r.redacts, r.receives, r.ownContext}
	if !slices.Contains(says, true) && len(r.values)+len(r.signs) == 0 {
		d.doc.Complain(t.At(), "write noreturn, pure, equal, fails, waits, next, abort, redacts, receives or owncontext = true, or filled or signs = \"arg1\"", "[[func]] says nothing")
	}
	d.add(r, "")
}
