package routes

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// valueKind says what a [Value] is.
type valueKind uint8

const (
	kindUnknown valueKind = iota // cannot be told; Text says what it is
	kindStr                      // a constant string, Text
	kindInt                      // a constant integer or, as 0 and 1, truth, N
	kindNil                      // nil
	kindRef                      // an object, parameter or variable, or a place in one
	kindConcat                   // the strings Args, one after the other
	kindAlt                      // one of Args
	kindFunc                     // a declared function or method, Fn; Args[0] is the receiver, if bound
	kindMethod                   // method Fn of what Args[0] holds, an interface
	kindLit                      // a function literal, Fn; Args are what it captures, Body is what it does, if it registers something
	kindCall                     // what a call of Fn with Args returned; Args[0] is the receiver of a method. Ret is more of it, if known
	kindWrap                     // a handler, Args[1], in another, Args[0]
	kindStrip                    // a handler, Args[0], that sees the path without Text
	kindTuple                    // several results
	kindMany                     // the elements Args, of a list whose other elements are not known; around a handler, the last comes first if N is 1
)

// Bases of references.
const (
	baseObject uint8 = iota + 1 // made in the function, or by what it calls
	baseParam                   // parameter N; -1 is the receiver
	baseFree                    // captured variable N of a literal
	baseGlobal                  // package-level variable Text
)

// A Value is what is known of a value while routers are wired. It is part of a
// fact, so it refers to nothing but itself.
type Value struct {
	Kind valueKind
	Base uint8
	N    int
	Path string // of a reference: .Field and [index] steps
	Text string
	Type string // the type of what an interface holds, if known: "*import/path.Name"
	Fn   *Ident
	Args []Value
	Ret  *Value
	Body *Trace
	// If set, it is there on some paths only: where that is decided.
	Cond *scopeflow.Position
	// OrNil, of one of two: it is the first unless that is nil.
	OrNil bool
	Only  string // of middleware: the calls that it is for
	Stage models.Stage
	From  *Ident // of middleware: the function that it is a part of, if that is made of several
}

// An Ident names a function: a declared one, or a literal by its place.
type Ident struct {
	Pkg, Recv, Name string // Name is empty for a literal
	Ptr             bool   // the receiver is a pointer
	Pos             scopeflow.Position
}

// String returns the name of the function with its package's last element.
func (id *Ident) String() string {
	if id == nil {
		return "?"
	}
	pkg := id.Pkg[strings.LastIndexByte(id.Pkg, '/')+1:]
	if isVersion(pkg) {
		rest := strings.TrimSuffix(id.Pkg, "/"+pkg)
		pkg = rest[strings.LastIndexByte(rest, '/')+1:]
	}
	switch {
	case id.Name == "":
		return fmt.Sprintf("%s.func@%s:%d", pkg, id.Pos.File, id.Pos.Line)
	case id.Recv != "" && id.Ptr:
		return fmt.Sprintf("(*%s.%s).%s", pkg, id.Recv, id.Name)
	case id.Recv != "":
		return fmt.Sprintf("%s.%s.%s", pkg, id.Recv, id.Name)
	}
	return pkg + "." + id.Name
}

// isVersion reports whether s is the element v2, v3 … of an import path.
func isVersion(s string) bool {
	if len(s) < 2 || s[0] != 'v' {
		return false
	}
	_, err := strconv.Atoi(s[1:])
	return err == nil
}

// Full returns the name of the function with its whole import path.
func (id *Ident) Full() string {
	switch {
	case id.Name == "":
		return fmt.Sprintf("%s.func@%s:%d", id.Pkg, id.Pos.File, id.Pos.Line)
	case id.Recv != "" && id.Ptr:
		return fmt.Sprintf("(*%s.%s).%s", id.Pkg, id.Recv, id.Name)
	case id.Recv != "":
		return fmt.Sprintf("(%s.%s).%s", id.Pkg, id.Recv, id.Name)
	}
	return id.Pkg + "." + id.Name
}

func unknown(why string) Value { return Value{Kind: kindUnknown, Text: why} }
func str(s string) Value       { return Value{Kind: kindStr, Text: s} }
func integer(n int) Value      { return Value{Kind: kindInt, N: n} }

func truth(b bool) Value {
	if b {
		return integer(1)
	}
	return integer(0)
}

// key names the place that a reference is.
func (v *Value) key() string {
	switch v.Base {
	case baseObject:
		return "o" + strconv.Itoa(v.N)
	case baseParam:
		return "p" + strconv.Itoa(v.N)
	case baseFree:
		return "f" + strconv.Itoa(v.N)
	}
	return "g" + v.Text
}

// at is the place below v that a step leads to.
func (v Value) at(step string) Value {
	v.Path += step
	v.Type = ""
	return v
}

// root is the key with the path: of routers, that is their identity.
func (v *Value) root() string { return v.key() + v.Path }

// maxText bounds the texts of values, which come from the code under analysis.
const maxText = 120

// String is how a value is shown as an argument.
func (v Value) String() string {
	var s string
	switch v.Kind {
	case kindStr:
		s = strconv.Quote(v.Text)
	case kindInt:
		s = strconv.Itoa(v.N)
	case kindNil:
		s = "nil"
	case kindFunc, kindMethod, kindLit:
		s = v.Fn.String()
	case kindCall:
		s = v.call()
	case kindWrap:
		s = v.Args[0].String() + "(" + v.Args[1].String() + ")"
	case kindStrip:
		s = v.Args[0].String()
	case kindConcat:
		s = strconv.Quote(pathText(v))
	case kindAlt, kindMany, kindTuple:
		var parts []string
		for _, a := range v.Args {
			parts = append(parts, a.String())
		}
		sep := ", "
		if v.Kind == kindAlt {
			sep = "|"
		}
		s = strings.Join(parts, sep)
	case kindRef:
		s = v.refText()
	default:
		s = v.Text
		if s == "" {
			s = "…"
		}
	}
	if len(s) > maxText {
		s = s[:maxText] + "…"
	}
	return s
}

func (v *Value) refText() string {
	path := strings.TrimPrefix(v.Path, ".")
	name := v.Text
	if v.Base == baseGlobal {
		name = v.Text[strings.LastIndexByte(v.Text, '/')+1:]
	}
	switch {
	case name == "" && path == "":
		return "…"
	case name == "" && path[0] == '[':
		return "an element"
	case name == "":
		return path
	case path == "":
		return name
	case path[0] == '[' || path[0] == '{':
		return name + path
	}
	return name + "." + path
}

// call is a call as it is shown: its function and its constant arguments.
func (v *Value) call() string {
	if v.Fn == nil {
		return v.Args[0].String()
	}
	args := v.Args
	if v.Fn != nil && v.Fn.Recv != "" && len(args) > 0 {
		args = args[1:]
	}
	var parts []string
	for _, a := range args {
		if a.Kind != kindMany || len(a.Args) > 0 {
			parts = append(parts, a.String())
		}
	}
	text := strings.Join(parts, ", ")
	if len(text) > maxText {
		text = "…"
	}
	return v.Fn.String() + "(" + text + ")"
}

// pathText is a string with {?} for what is not known of it.
func pathText(v Value) string {
	switch v.Kind {
	case kindStr:
		return v.Text
	case kindConcat:
		var b strings.Builder
		for _, a := range v.Args {
			b.WriteString(pathText(a))
		}
		return b.String()
	case kindRef:
		if t := v.refText(); t != "…" {
			return "‹" + t + "›"
		}
	case kindUnknown:
		if v.Text != "" {
			return "‹" + v.Text + "›"
		}
	case kindCall:
		return "‹" + v.Fn.String() + "›"
	}
	return "‹?›"
}

// constant reports whether v is a string that is wholly known.
func (v *Value) constant() bool {
	return v.Kind == kindStr || v.Kind == kindConcat && !slices.ContainsFunc(v.Args, func(a Value) bool { return !a.constant() })
}

// concat is one string after the other.
func concat(a, b Value) Value {
	var parts []Value
	for _, v := range []Value{a, b} {
		list := []Value{v}
		if v.Kind == kindConcat {
			list = v.Args
		}
		for _, p := range list {
			if n := len(parts); n > 0 && p.Kind == kindStr && parts[n-1].Kind == kindStr {
				parts[n-1].Text += p.Text
				continue
			}
			if p.Kind != kindStr || p.Text != "" {
				parts = append(parts, p)
			}
		}
	}
	switch {
	case len(parts) == 0:
		return str("")
	case len(parts) == 1:
		return parts[0]
	case len(parts) > 12:
		return unknown("")
	}
	return Value{Kind: kindConcat, Args: parts}
}

// same reports whether two values are the same one, as far as is known.
func same(a, b Value) bool {
	if a.Kind != b.Kind || a.Base != b.Base || a.N != b.N || a.Path != b.Path || a.Text != b.Text || a.Only != b.Only || len(a.Args) != len(b.Args) {
		return false
	}
	if (a.Fn == nil) != (b.Fn == nil) || a.Fn != nil && *a.Fn != *b.Fn {
		return false
	}
	for i := range a.Args {
		if !same(a.Args[i], b.Args[i]) {
			return false
		}
	}
	return true
}

const maxAlts = 6

// either is one of two values.
func either(a, b Value) Value {
	if same(a, b) {
		return a
	}
	var out []Value
	for _, v := range []Value{a, b} {
		list := []Value{v}
		if v.Kind == kindAlt {
			list = v.Args
		}
		for _, x := range list {
			if !slices.ContainsFunc(out, func(y Value) bool { return same(x, y) }) {
				out = append(out, x)
			}
		}
	}
	if len(out) > maxAlts {
		return unknown("")
	}
	return Value{Kind: kindAlt, Args: out}
}

// settled is the one of two values that v is, if it is known whether the first is
// nil.
func (v Value) settled() Value {
	switch {
	case v.Kind != kindAlt || !v.OrNil || len(v.Args) != 2:
	case v.Args[0].Kind == kindNil:
		return v.Args[1]
	case isObject(v.Args[0]):
		return v.Args[0]
	}
	return v
}

// mapValue returns v with f applied to it and to all that it is made of,
// innermost first.
func mapValue(v Value, f func(Value) Value) Value {
	if len(v.Args) > 0 {
		args := make([]Value, len(v.Args))
		for i := range v.Args {
			args[i] = mapValue(v.Args[i], f)
		}
		v.Args = args
	}
	if v.Ret != nil {
		r := mapValue(*v.Ret, f)
		v.Ret = &r
	}
	return f(v)
}
