package routes

import (
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// Steps of a compiled path, as google.api.http's templates are compiled to them. Each
// is followed by a number.
const (
	stepNop     = iota
	stepPush    // one segment, whatever it is
	stepLiteral // a segment of the pool, by number
	stepAll     // the segments that are left
	stepConcat  // the last so many segments are one
	stepCapture // the last segment is a parameter, named by number in the pool
)

// template is the path that a call compiles, or hands on.
func (m *machine) template(s *callSite, w *models.Wire) Value {
	out := unknown("")
	switch {
	case w.Path != nil:
		out = m.place(s, w.Path)
	case w.Ops != nil && w.Pool != nil:
		ops, known := m.elements(m.place(s, w.Ops))
		pool, also := m.elements(m.place(s, w.Pool))
		if text, ok := compiled(ops, pool); ok && known && also {
			out = str(text)
		}
		if w.Suffix != nil && out.Kind == kindStr {
			if suffix := m.place(s, w.Suffix); suffix.Kind != kindStr || suffix.Text != "" {
				out = concat(out, concat(str(":"), suffix))
			}
		}
	}
	return s.results(out, Value{Kind: kindNil})
}

// compiled is the path that steps with a pool of texts stand for; ok is false if they
// stand for none.
func compiled(ops, pool []Value) (path string, ok bool) {
	var stack, out []string
	pop := func(n int) []string {
		last := stack[len(stack)-n:]
		stack = stack[: len(stack)-n : len(stack)-n]
		return last
	}
	for i := 0; i+1 < len(ops); i += 2 {
		if ops[i].Kind != kindInt || ops[i+1].Kind != kindInt {
			return "", false
		}
		n := ops[i+1].N
		if text := ops[i].N == stepLiteral || ops[i].N == stepCapture; text && (n < 0 || n >= len(pool) || pool[n].Kind != kindStr) {
			return "", false
		}
		switch ops[i].N {
		case stepNop:
		case stepPush:
			stack = append(stack, "*")
		case stepAll:
			stack = append(stack, "**")
		case stepLiteral:
			stack = append(stack, pool[n].Text)
		case stepConcat:
			if n <= 0 || n > len(stack) {
				return "", false
			}
			stack = append(stack, strings.Join(pop(n), "/"))
		case stepCapture:
			if len(stack) == 0 {
				return "", false
			}
			out = append(out, stack[:len(stack)-1]...)
			out = append(out, captured(stack[len(stack)-1], pool[n].Text))
			stack = nil
		default:
			return "", false
		}
	}
	return "/" + strings.Join(append(out, stack...), "/"), true
}

// captured is a part of a path whose wildcards a parameter stands for.
func captured(part, name string) string {
	segments := strings.Split(part, "/")
	found := 0
	for i, s := range segments {
		if s != "*" && s != "**" {
			continue
		}
		found++
		one := name
		if found > 1 {
			one += "_" + strconv.Itoa(found)
		}
		if s == "**" {
			one += "..."
		}
		segments[i] = "{" + one + "}"
	}
	return strings.Join(segments, "/")
}

// A forward is what a literal of generated code does with a request: it hands it to a
// method of something that it captured.
type forward struct {
	free   int
	method *types.Func
}

// forwarded is the method that a handler hands its requests to, if that is a literal of
// generated code; else the handler.
func (m *machine) forwarded(v Value) Value {
	if v.Kind != kindLit || v.Body != nil {
		return v
	}
	fn := m.p.lits[*v.Fn]
	if fn == nil || !m.p.generated(fn.Pos()) {
		return v
	}
	f := m.p.forward(fn)
	if f == nil || f.free >= len(v.Args) {
		return v
	}
	return m.named(Value{Kind: kindMethod, Fn: m.p.ident(f.method), Args: []Value{m.load(v.Args[f.free], nil)}})
}

// forward returns what a literal hands its requests to, itself or by a function that it
// hands what it captured; nil if that is not one thing.
func (p *program) forward(lit *ssa.Function) *forward {
	var out *forward
	several := false
	found := func(free int, method *types.Func) {
		several = several || out != nil && (out.free != free || out.method != method)
		out = &forward{free, method}
	}
	instrs(lit, func(in ssa.Instruction) {
		call, ok := in.(ssa.CallInstruction)
		if !ok {
			return
		}
		c := call.Common()
		if c.IsInvoke() {
			if i := p.serviceAt(lit, c.Value); i >= 0 {
				found(i, c.Method)
			}
			return
		}
		g := c.StaticCallee()
		if g == nil || g.Pkg != p.pkg || g.Parent() != nil {
			return
		}
		for arg, v := range c.Args {
			i := p.serviceAt(lit, v)
			if i < 0 || arg >= len(g.Params) {
				continue
			}
			instrs(g, func(in ssa.Instruction) {
				if inner, ok := in.(ssa.CallInstruction); ok && inner.Common().IsInvoke() && isParam(inner.Common().Value, g.Params[arg], 0) {
					found(i, inner.Common().Method)
				}
			})
		}
	})
	if several {
		return nil
	}
	return out
}

// serviceAt returns which of the variables that a literal captured v is, if it holds
// what a service is: an interface that is not of the requests' own; else -1.
func (p *program) serviceAt(lit *ssa.Function, v ssa.Value) int {
	load, ok := v.(*ssa.UnOp)
	if !ok || !types.IsInterface(v.Type()) || typeName(v.Type()) == "context.Context" || p.family(v.Type()) != "" || p.router(v.Type()).Known {
		return -1
	}
	for i, free := range lit.FreeVars {
		if load.X == free {
			return i
		}
	}
	return -1
}
