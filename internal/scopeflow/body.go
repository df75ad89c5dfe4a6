package scopeflow

import (
	"encoding/json"
	"go/token"
	"go/types"
	"iter"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// The body of a search, in the language of Elasticsearch and OpenSearch, is JSON:
// a text, or maps that are encoded. What must hold for every document that it
// finds are the terms under filter and must. What should hold, or must not,
// narrows nothing.

// A bodyNode is a part of a body: an object, a list or a value.
type bodyNode interface {
	known() bool // what it is made of is in sight
	fields() []bodyField
	items() []bodyNode
	value() Value
}

type bodyField struct {
	name string
	node bodyNode
}

// filteredBy returns what the documents must equal that a search with the body at
// a place of a call finds.
func (e *engine) filteredBy(p models.Place, call ssa.CallInstruction) Value {
	v := argument(call.Common(), placeNumber(p))
	if v == nil {
		return unrestricted()
	}
	if path := pathOf(p.Path); path != "" {
		vals := e.stored(v, path)
		switch {
		case len(vals) == 1:
			v = vals[0]
		case e.ev(v, path, call).has(func(a *Atom) bool { return a.Kind != Constant }):
			return e.opaque(call.Pos(), "the body of a search")
		default:
			return unrestricted() // there is none
		}
	}
	if n, ok := e.bodyRecord(v, call); ok {
		return required(n, 0)
	}
	if t := unboxed(v).Type(); isStruct(t) && !e.isReader(t) {
		return e.opaque(call.Pos(), "the body of a search") // a struct that is made elsewhere
	}
	content, encoded := e.bodyContent(v)
	if encoded {
		return required(bodyValue{e, content, call}, 0)
	}
	var out Value
	for _, alt := range e.ev(content, "", call).Alts {
		out = join(out, e.requiredBy(&alt, call))
	}
	return out
}

// bodyContent returns what a reader reads: a text, or what is encoded as JSON.
func (e *engine) bodyContent(v ssa.Value) (content ssa.Value, encoded bool) {
	for range 16 {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.Convert:
			v = x.X
		case *ssa.Extract:
			v = x.Tuple
		case *ssa.Alloc:
			arg := e.encodedTo(x)
			if arg == nil {
				return v, false
			}
			return arg, true
		case *ssa.Call:
			m := e.index.Func(callee(x.Common()))
			if m == nil {
				return v, false
			}
			i := slices.IndexFunc(m.Flows, func(fl models.Flow) bool {
				return (fl.How == models.Copy || fl.How == models.Hash) && !fl.NoTo && fl.To.Base == models.Result && len(fl.From) == 1
			})
			if i < 0 {
				return v, false
			}
			arg := argument(x.Common(), placeNumber(m.Flows[i].From[0]))
			if arg == nil {
				return v, false
			}
			if iface, ok := arg.Type().Underlying().(*types.Interface); ok && iface.NumMethods() == 0 {
				return arg, true // anything, as JSON
			}
			v = arg
		default:
			return v, false
		}
	}
	return v, false
}

// encodedTo returns what an encoder writes to a buffer, nil if that is not one thing.
func (e *engine) encodedTo(buf *ssa.Alloc) ssa.Value {
	var out ssa.Value
	n := 0
	e.instrs(buf.Parent(), func(in ssa.Instruction) {
		call, ok := in.(*ssa.Call)
		if !ok || callee(call.Common()) == nil || callee(call.Common()).FullName() != "(*encoding/json.Encoder).Encode" {
			return
		}
		made, ok := argument(call.Common(), Receiver).(*ssa.Call)
		if !ok || len(made.Call.Args) == 0 {
			return
		}
		if base, _ := e.root(made.Call.Args[0]); base == ssa.Value(buf) {
			out = argument(call.Common(), 0)
			n++
		}
	})
	if n != 1 {
		return nil
	}
	return out
}

// required returns what must equal something for a document that a node of a body
// finds: all of it together.
func required(n bodyNode, depth int) Value {
	out := Value{[]Alt{{Bag: true}}}
	if !n.known() || depth > 12 {
		return gather(out, one(Atom{Kind: Opaque, Text: "the body of a search"}))
	}
	for _, item := range n.items() {
		out = gather(out, required(item, depth+1))
	}
	for _, f := range n.fields() {
		switch f.name {
		case "query", "bool", "filter", "must", "constant_score", "nested", "function_score", "script_score", "post_filter":
			out = gather(out, required(f.node, depth+1))
		case "term", "terms":
			for _, term := range f.node.fields() {
				out = gather(out, termOf(term.node))
			}
		}
	}
	return out
}

// termOf returns what a term equals: a value, one of a list, or what stands under
// value.
func termOf(n bodyNode) Value {
	for _, f := range n.fields() {
		if f.name == "value" {
			return f.node.value()
		}
	}
	items := n.items()
	if len(items) == 0 {
		return n.value()
	}
	var out Value
	for _, item := range items {
		out = join(out, item.value())
	}
	return out
}

// bodyValue is a node that is made of maps and lists.
type bodyValue struct {
	e  *engine
	v  ssa.Value
	at ssa.Instruction
}

func (b bodyValue) known() bool {
	switch v := unboxed(b.v).(type) {
	case *ssa.MakeMap, *ssa.Const:
		return true
	default:
		lists, ok := b.e.elements(v)
		return ok && len(lists) == 1
	}
}

func (b bodyValue) fields() []bodyField {
	made, ok := unboxed(b.v).(*ssa.MakeMap)
	if !ok {
		return nil
	}
	var out []bodyField
	for _, ref := range *made.Referrers() {
		up, ok := ref.(*ssa.MapUpdate)
		if !ok || up.Map != ssa.Value(made) {
			continue
		}
		if here := b.e.lift(b.at, up.Parent()); here == nil || !b.e.dominates(up, here) {
			continue // there on some paths
		}
		name := "" // not known, as the name of a field may be
		if key, ok := up.Key.(*ssa.Const); ok {
			name, _ = constValue(key).Alts[0].constant()
		}
		out = append(out, bodyField{name, b.e.bodyNode(up.Value, b.at)})
	}
	return out
}

func (b bodyValue) items() []bodyNode {
	v := unboxed(b.v)
	if _, ok := v.Type().Underlying().(*types.Slice); !ok {
		return nil
	}
	lists, ok := b.e.elements(v)
	if !ok || len(lists) != 1 {
		return nil
	}
	var out []bodyNode
	for _, elem := range lists[0] {
		out = append(out, b.e.bodyNode(elem, b.at))
	}
	return out
}

// bodyNode returns the node that a value is.
func (e *engine) bodyNode(v ssa.Value, at ssa.Instruction) bodyNode {
	if n, ok := e.bodyRecord(v, at); ok {
		return n
	}
	return bodyValue{e, v, at}
}

// bodyRecord returns the node that a struct is which is made in sight, or a pointer
// to one; false if v is neither.
func (e *engine) bodyRecord(v ssa.Value, at ssa.Instruction) (bodyNode, bool) {
	v = unboxed(v)
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		v = load.X
	}
	alloc, ok := v.(*ssa.Alloc)
	if !ok {
		return nil, false
	}
	return bodyStruct{e, alloc, "", indirect(alloc.Type()), at}, isStruct(alloc.Type()) && !e.isReader(alloc.Type())
}

// isStruct reports whether values of t are structs, or point to some.
func isStruct(t types.Type) bool {
	_, ok := indirect(t).Underlying().(*types.Struct)
	return ok
}

// isReader reports whether a body of type t is read, rather than encoded: its fields
// are its own affair.
func (e *engine) isReader(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "Read")
	_, ok := obj.(*types.Func)
	return ok
}

// bodyStruct is a node that is a struct, whose fields say by tags what they are
// called in JSON.
type bodyStruct struct {
	e    *engine
	base *ssa.Alloc
	path Path       // to the struct
	t    types.Type // of it
	at   ssa.Instruction
}

func (b bodyStruct) known() bool { return true }

func (b bodyStruct) fields() []bodyField {
	var out []bodyField
	for f, tag := range b.tagged() {
		at := b.path.field(f.Name())
		vals := b.e.stored(b.base, at)
		_, inside := f.Type().Underlying().(*types.Struct)
		switch {
		case len(vals) == 1 && b.standsFor(f):
			out = append(out, b.e.bodyNode(vals[0], b.at).fields()...)
		case len(vals) == 1:
			out = append(out, bodyField{tag, b.e.bodyNode(vals[0], b.at)})
		case inside:
			out = append(out, bodyField{tag, bodyStruct{b.e, b.base, at, f.Type(), b.at}})
		}
	}
	return out
}

// tagged yields the fields that have a name in JSON, with that.
func (b bodyStruct) tagged() iter.Seq2[*types.Var, string] {
	return func(yield func(*types.Var, string) bool) {
		s := b.t.Underlying().(*types.Struct)
		for i := range s.NumFields() {
			if name, _, _ := strings.Cut(reflect.StructTag(s.Tag(i)).Get("json"), ","); name != "" && !yield(s.Field(i), name) {
				return
			}
		}
	}
}

// standsFor reports whether a field is called like the struct: it holds what that is
// encoded as, with options beside.
func (b bodyStruct) standsFor(f *types.Var) bool {
	n := namedOf(b.t)
	return n != nil && n.Obj().Name() == f.Name()
}

func (b bodyStruct) items() []bodyNode { return nil }

func (b bodyStruct) value() Value { return b.e.ev(b.base, b.path, b.at) }

func (b bodyValue) value() Value { return b.e.whole(unboxed(b.v), b.at) }

// firstHole is the first of the characters that stand for unknown parts of a text.
// They are for private use, so that no text has them.
const firstHole = '\uE000'

// requiredBy is [required] for one way to compose the text of a body.
func (e *engine) requiredBy(alt *Alt, at ssa.Instruction) Value {
	unknown := e.opaque(at.Pos(), "the body of a search")
	if !alt.Ordered() {
		return unknown
	}
	var b strings.Builder
	quoted := false
	for i := range alt.Parts {
		p := &alt.Parts[i]
		if p.Kind != Constant || p.Mixed {
			hole := string(firstHole + rune(i))
			if !quoted {
				hole = `"` + hole + `"`
			}
			b.WriteString(hole)
			continue
		}
		escaped := false
		for _, r := range p.Text {
			if r == '"' && !escaped {
				quoted = !quoted
			}
			escaped = r == '\\' && !escaped
		}
		b.WriteString(p.Text)
	}
	var content any
	if json.Unmarshal([]byte(b.String()), &content) != nil {
		return unknown
	}
	return required(bodyText{content, alt.Parts}, 0)
}

// bodyText is a node of a text that was read as JSON.
type bodyText struct {
	content any
	parts   []Atom // that characters of it stand for
}

func (b bodyText) known() bool { return true }

func (b bodyText) fields() []bodyField {
	object, _ := b.content.(map[string]any)
	var out []bodyField
	for name, v := range object {
		out = append(out, bodyField{name, bodyText{v, b.parts}})
	}
	slices.SortFunc(out, func(a, b bodyField) int { return strings.Compare(a.name, b.name) })
	return out
}

func (b bodyText) items() []bodyNode {
	list, _ := b.content.([]any)
	var out []bodyNode
	for _, v := range list {
		out = append(out, bodyText{v, b.parts})
	}
	return out
}

func (b bodyText) value() Value {
	text, ok := b.content.(string)
	if !ok {
		return constantAtom("", false, 0)
	}
	out := unrestricted()
	for _, r := range text {
		if i := int(r - firstHole); r >= firstHole && i < len(b.parts) {
			out = concat(out, one(b.parts[i]))
		} else {
			out = concat(out, constantAtom(string(r), true, 0))
		}
	}
	return out
}
