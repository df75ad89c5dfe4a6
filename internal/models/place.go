package models

import (
	"errors"
	"fmt"
	"go/types"
	"strconv"
	"strings"

	"github.com/tenantvet/tenantvet/internal/strictoml"
)

// place is a [Place] as written.
type place struct {
	Place
	variadic bool // written with "...": the parameter must be variadic
	text     string
	at       strictoml.Pos
}

// maxSteps bounds the path of a place; no real one comes near.
const maxSteps = 16

// parsePlace reads "arg1.Key", "result0", "recv", "arg1...", "arg0[*].Topic",
// "arg2[0]", "opts.Key" and the like.
func parsePlace(text string) (place, error) {
	p := place{text: text}
	rest := text
	if r, ok := strings.CutSuffix(rest, "?"); ok {
		p.Optional, rest = true, r
	}
	end := strings.IndexAny(rest, ".[")
	base := rest
	if end >= 0 {
		base, rest = rest[:end], rest[end:]
	} else {
		rest = ""
	}
	switch {
	case base == "recv":
		p.Base = Recv
	case numbered(base, "arg"):
		p.Base = Arg
		n, err := strconv.Atoi(base[3:])
		if err != nil || n > 255 {
			return p, fmt.Errorf("%q: there is no parameter %s", text, base[3:])
		}
		p.Index = n
	case numbered(base, "result"):
		p.Base = Result
		n, err := strconv.Atoi(base[6:])
		if err != nil || n > 255 {
			return p, fmt.Errorf("%q: there is no result %s", text, base[6:])
		}
		p.Index = n
	case base == "arg" || base == "result":
		return p, fmt.Errorf("%q needs a number: %s0 is the first", text, base)
	case isName(base, false) && base != "_":
		p.Base, p.Name = Arg, base
	default:
		return p, fmt.Errorf("%q is not a place; places are argN, recv, resultN or a parameter's name, then .Field, [*], [key] or [N]", text)
	}
	for rest != "" {
		if len(p.Path) == maxSteps {
			return p, fmt.Errorf("%q has more than %d steps", text, maxSteps)
		}
		switch {
		case strings.HasPrefix(rest, "..."):
			if p.Base != Arg || len(p.Path) > 0 {
				return p, fmt.Errorf("%q: only a parameter can be variadic", text)
			}
			p.variadic = true
			p.Path = append(p.Path, Elem)
			rest = rest[3:]
		case rest[0] == '.':
			rest = rest[1:]
			end := strings.IndexAny(rest, ".[")
			field := rest
			if end >= 0 {
				field, rest = rest[:end], rest[end:]
			} else {
				rest = ""
			}
			if name, _ := StepCall(field); !isName(name, false) {
				return p, fmt.Errorf("%q: %q is not a field name", text, field)
			}
			p.Path = append(p.Path, field)
		case rest[0] == '[':
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return p, fmt.Errorf("%q: a [ without ]", text)
			}
			step := rest[:end+1]
			rest = rest[end+1:]
			if _, ok := StepIndex(step); !ok && step != Elem && step != EvenElem && step != MapKey {
				return p, fmt.Errorf("%q: %s is no step; steps are [*], [even], [key] and [N]", text, step)
			}
			p.Path = append(p.Path, step)
		default:
			return p, fmt.Errorf("%q: cannot read %q", text, rest)
		}
	}
	return p, nil
}

// StepIndex returns the index of a path step "[3]" and whether it is one.
func StepIndex(step string) (int, bool) {
	if len(step) < 3 || step[0] != '[' || step[len(step)-1] != ']' {
		return 0, false
	}
	digits := step[1 : len(step)-1]
	if len(digits) > 3 || len(digits) > 1 && digits[0] == '0' {
		return 0, false
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil
}

// StepCall returns the name of the method that a path step "Path()" calls, without
// arguments, and whether it is one; the step itself if it is not.
func StepCall(step string) (string, bool) { return strings.CutSuffix(step, "()") }

func numbered(s, prefix string) bool {
	return len(s) > len(prefix) && strings.HasPrefix(s, prefix) && s[len(prefix)] >= '0' && s[len(prefix)] <= '9'
}

// String returns the place as it is written in a file.
func (p Place) String() string {
	var b strings.Builder
	switch {
	case p.Base == Recv:
		b.WriteString("recv")
	case p.Base == Result:
		b.WriteString("result" + strconv.Itoa(p.Index))
	case p.Name != "":
		b.WriteString(p.Name)
	default:
		b.WriteString("arg" + strconv.Itoa(p.Index))
	}
	for _, step := range p.Path {
		if step[0] != '[' {
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	if p.Optional {
		b.WriteByte('?')
	}
	return b.String()
}

// errAbsent says that an optional place does not exist in a function.
var errAbsent = errors.New("absent")

// resolve turns the place into indices and full field paths for a function of
// that signature. For an optional place that does not exist the error is
// errAbsent.
func (p place) resolve(sig *types.Signature) (Place, types.Type, error) {
	out, t, err := p.resolveStrict(sig)
	if err != nil && p.Optional {
		err = errAbsent
	}
	return out, t, err
}

func (p place) resolveStrict(sig *types.Signature) (Place, types.Type, error) {
	out := p.Place
	out.Path = nil
	var t types.Type
	switch p.Base {
	case Recv:
		if sig.Recv() == nil {
			return out, nil, fmt.Errorf("%s: a function has no receiver", p.text)
		}
		t = sig.Recv().Type()
	case Arg:
		params := sig.Params()
		if p.Name != "" {
			out.Index = -1
			var names []string
			for i := range params.Len() {
				if params.At(i).Name() == p.Name {
					out.Index = i
				}
				if n := params.At(i).Name(); n != "" && n != "_" {
					names = append(names, n)
				}
			}
			if out.Index < 0 {
				if len(names) == 0 {
					return out, nil, fmt.Errorf("there is no parameter %q; it has no named parameters: write arg0, arg1 and so on", p.Name)
				}
				return out, nil, fmt.Errorf("there is no parameter %q; its parameters are %s", p.Name, strings.Join(names, ", "))
			}
		}
		if out.Index >= params.Len() {
			return out, nil, fmt.Errorf("%s: it has %d parameter(s), the first is arg0", p.text, params.Len())
		}
		if p.variadic && !(sig.Variadic() && out.Index == params.Len()-1) {
			return out, nil, fmt.Errorf("%s: the parameter is not variadic", p.text)
		}
		t = params.At(out.Index).Type()
		// A variadic parameter is a slice only on the inside: by itself it
		// means its elements.
		if len(p.Path) == 0 && sig.Variadic() && out.Index == params.Len()-1 {
			if sl, ok := core(t).(*types.Slice); ok {
				out.Path = []string{Elem}
				return out, sl.Elem(), nil
			}
		}
	case Result:
		if p.Index >= sig.Results().Len() {
			return out, nil, fmt.Errorf("%s: it has %d result(s), the first is result0", p.text, sig.Results().Len())
		}
		t = sig.Results().At(p.Index).Type()
	}
	for _, step := range p.Path {
		next, names, err := walk(t, step)
		if err != nil {
			return out, nil, fmt.Errorf("%s: %w", p.text, err)
		}
		out.Path = append(out.Path, names...)
		t = next
	}
	return out, t, nil
}

// walk takes one step from a value of type t. A promoted field yields the
// names of the embedded fields on the way, too.
func walk(t types.Type, step string) (types.Type, []string, error) {
	under := core(t)
	if p, ok := under.(*types.Pointer); ok {
		under = core(p.Elem())
	}
	_, isIndex := StepIndex(step)
	switch {
	case step == MapKey:
		if m, ok := under.(*types.Map); ok {
			return m.Key(), []string{step}, nil
		}
		return nil, nil, fmt.Errorf("%s is not a map", types.TypeString(t, shortQual))
	case step == Elem || step == EvenElem || isIndex:
		switch u := under.(type) {
		case *types.Slice:
			return u.Elem(), []string{step}, nil
		case *types.Array:
			return u.Elem(), []string{step}, nil
		case *types.Map:
			if step == Elem {
				return u.Elem(), []string{step}, nil
			}
		}
		return nil, nil, fmt.Errorf("%s has no elements for %s", types.TypeString(t, shortQual), step)
	}
	if name, ok := StepCall(step); ok {
		obj, _, _ := types.LookupFieldOrMethod(t, true, packageOf(t), name)
		if m, ok := obj.(*types.Func); ok && m.Signature().Params().Len() == 0 && m.Signature().Results().Len() == 1 {
			return m.Signature().Results().At(0).Type(), []string{step}, nil
		}
		return nil, nil, fmt.Errorf("%s has no method %s that takes nothing and returns one thing", types.TypeString(t, shortQual), name)
	}
	obj, index, _ := types.LookupFieldOrMethod(t, true, packageOf(t), step)
	if f, ok := obj.(*types.Var); ok && f.IsField() {
		names := make([]string, 0, len(index))
		cur := t
		for _, i := range index {
			st, ok := structOf(cur)
			if !ok || i >= st.NumFields() {
				return nil, nil, fmt.Errorf("%s has no field %s", types.TypeString(t, shortQual), step)
			}
			names = append(names, st.Field(i).Name())
			cur = st.Field(i).Type()
		}
		return cur, names, nil
	}
	hint := ""
	if st, ok := structOf(t); ok {
		var known []string
		for i := range st.NumFields() {
			known = append(known, st.Field(i).Name())
		}
		if h := strictoml.Suggest(step, known); h != "" {
			hint = "; " + h
		}
	}
	return nil, nil, fmt.Errorf("%s has no field %s%s", types.TypeString(t, shortQual), step, hint)
}

// core is the underlying type of t; for a type parameter that stands for types
// of one underlying type (M ~map[K]V), it is that.
func core(t types.Type) types.Type {
	tp, ok := types.Unalias(t).(*types.TypeParam)
	if !ok {
		return t.Underlying()
	}
	iface, ok := tp.Constraint().Underlying().(*types.Interface)
	if !ok || iface.NumEmbeddeds() != 1 {
		return t.Underlying()
	}
	switch e := iface.EmbeddedType(0).(type) {
	case *types.Union:
		if e.Len() == 1 {
			return e.Term(0).Type().Underlying()
		}
	case *types.Interface:
	default:
		return e.Underlying()
	}
	return t.Underlying()
}

func structOf(t types.Type) (*types.Struct, bool) {
	under := t.Underlying()
	if p, ok := under.(*types.Pointer); ok {
		under = p.Elem().Underlying()
	}
	st, ok := under.(*types.Struct)
	return st, ok
}

// packageOf returns the package that declares t, for the lookup of unexported
// fields.
func packageOf(t types.Type) *types.Package {
	t = types.Unalias(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj().Pkg()
	}
	return nil
}

func shortQual(p *types.Package) string { return p.Name() }
