package starter

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// A filling is a place that says what a field of a struct holds, for the caller of one
// request: where a request is served, or where the value is asked of its context.
type filling struct {
	at    place
	value string
	said  bool // by the client
}

// A maker is a function that returns a struct with a parameter in one of its fields.
type maker struct {
	structs string // "./internal/db.Transaction"
	field   string
	param   int
}

// accessors returns the methods that hand out what a request-scoped object was made
// with, such as the organisation of a transaction that middleware opens for the caller.
// A row has the same methods, and is whose it says, not the caller's: what tells them
// apart is where the field is filled.
func (m *module) accessors() []candidate {
	filled := m.fillings()
	var out []candidate
	for _, f := range m.funcs {
		typ, field := m.handsOut(f)
		by := filled[typ+"."+field]
		if field == "" || len(by) == 0 || m.rows[typ] || m.isCallers(f) {
			continue
		}
		if c, ok := m.accessor(f, field, by); ok {
			out = append(out, c)
			out = m.through(out, c, f, typ)
		}
	}
	return out
}

// accessor returns the candidate that a method is which returns a field, if its name
// and its result are those of an identifier of a dimension.
func (m *module) accessor(f *function, field string, by []filling) (candidate, bool) {
	words := split(f.decl.Name.Name)
	if slices.ContainsFunc(words, func(w string) bool { return slices.Contains(others(), w) }) {
		return candidate{}, false
	}
	c := candidate{fn: m.name(f), result: "result0", dim: m.dimension(words), at: f.at(f.decl), calls: m.calls[f.decl.Name.Name], score: 1}
	result, ok := firstResult(f.decl.Type.Results)
	if !ok || !isIdentifier(result) || c.fn == "" || c.dim == 0 {
		return candidate{}, false
	}
	c.evidence = append(c.evidence, fmt.Sprintf("returns %s; a function of that name is called %s", types(f.decl.Type.Results), times(c.calls)))
	if c.calls >= 5 {
		c.score++
	}
	for i, fill := range by {
		switch where := fmt.Sprintf("%s:%d", fill.at.file, fill.at.line); {
		case fill.said:
			c.score -= 3
			c.evidence = append(c.evidence, fmt.Sprintf("BEWARE: %s fills %s with what the client sends, %s", where, field, fill.value))
		case i < 3:
			c.evidence = append(c.evidence, fmt.Sprintf("%s fills %s with %s", where, field, fill.value))
		}
	}
	return c, true
}

// through adds the candidate's method as interfaces declare it that its type satisfies:
// calls through one of these are calls of another function.
func (m *module) through(out []candidate, c candidate, f *function, typ string) []candidate {
	for _, i := range m.interfaces {
		fn := "(" + i.name + ")." + f.decl.Name.Name
		known := slices.ContainsFunc(out, func(o candidate) bool { return o.fn == fn })
		if known || !slices.Contains(i.methods, f.decl.Name.Name) || !m.has(typ, i.methods) {
			continue
		}
		c.fn, c.at = fn, i.at
		c.evidence = []string{"is the method of an interface that " + strings.TrimPrefix(typ, f.pkg+".") + " satisfies: see there"}
		out = append(out, c)
	}
	return out
}

// has reports whether a type of the module declares all of the methods.
func (m *module) has(typ string, methods []string) bool {
	return !slices.ContainsFunc(methods, func(name string) bool {
		return !slices.ContainsFunc(m.funcs, func(f *function) bool { return f.decl.Name.Name == name && f.receiver() == typ })
	})
}

// receiver returns the type that a method is of, "" if f is a function.
func (f *function) receiver() string {
	if f.decl.Recv == nil || len(f.decl.Recv.List) == 0 {
		return ""
	}
	return f.pkg + "." + strings.TrimPrefix(typeText(f.decl.Recv.List[0].Type), "*")
}

// handsOut returns the struct and the field that a method without parameters returns;
// the field is "" if it does something else.
func (m *module) handsOut(f *function) (typ, field string) {
	recv := f.decl.Recv
	if recv == nil || len(recv.List) == 0 || len(recv.List[0].Names) == 0 || f.decl.Type.Params.NumFields() > 0 || f.decl.Body == nil {
		return "", ""
	}
	self := recv.List[0].Names[0].Name
	ast.Inspect(f.decl.Body, func(n ast.Node) bool {
		if ret, ok := n.(*ast.ReturnStmt); ok && len(ret.Results) > 0 && field == "" {
			field = fieldOf(ret.Results[0], self)
		}
		return true
	})
	return f.receiver(), field
}

// fieldOf returns the field of the variable self that an expression is, or a part of,
// or the conversion of one; "" if it is something else.
func fieldOf(e ast.Expr, self string) string {
	for {
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
		case *ast.CallExpr:
			if len(x.Args) == 1 {
				e = x.Args[0]
			} else if sel, ok := x.Fun.(*ast.SelectorExpr); ok && len(x.Args) == 0 {
				e = sel.X
			} else {
				return ""
			}
		case *ast.SelectorExpr:
			if isIdent(x.X, self) {
				return x.Sel.Name
			}
			e = x.X
		default:
			return ""
		}
	}
}

// fillings returns where fields are filled, by struct and field.
func (m *module) fillings() map[string][]filling {
	out := map[string][]filling{}
	makers := m.makers()
	for _, f := range m.funcs {
		if f.decl.Body == nil {
			continue
		}
		add := func(field string, value ast.Expr) {
			value = f.meant(value)
			if fill := (filling{f.at(value), typeText(value), clientSends(value)}); serves(f.decl) || fill.said || asksContext(value) {
				out[field] = append(out[field], fill)
			}
		}
		ast.Inspect(f.decl.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				typ := f.global(n.Type)
				for _, e := range n.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok && typ != "" {
						add(typ+"."+typeText(kv.Key), kv.Value)
					}
				}
			case *ast.CallExpr:
				for _, mk := range makers[calledName(n)] {
					if mk.param < len(n.Args) {
						add(mk.structs+"."+mk.field, n.Args[mk.param])
					}
				}
			}
			return true
		})
	}
	return out
}

// makers returns the functions that fill a field with a parameter, by name. A name that
// several functions have says nothing.
func (m *module) makers() map[string][]maker {
	out, declared := map[string][]maker{}, map[string]int{}
	for _, f := range m.funcs {
		name := f.decl.Name.Name
		if declared[name]++; f.decl.Body == nil {
			continue
		}
		params := paramNames(f.decl.Type.Params)
		add := func(typ string, field, value ast.Expr) {
			if i := slices.IndexFunc(params, func(p string) bool { return isIdent(value, p) }); i >= 0 && typ != "" {
				out[name] = append(out[name], maker{typ, typeText(field), i})
			}
		}
		ast.Inspect(f.decl.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				for _, e := range n.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok {
						add(f.global(n.Type), kv.Key, kv.Value)
					}
				}
			case *ast.AssignStmt:
				if sel, ok := n.Lhs[0].(*ast.SelectorExpr); ok && len(n.Lhs) == 1 {
					add(f.made(), sel.Sel, n.Rhs[0])
				}
			}
			return true
		})
	}
	for name, n := range declared {
		if n > 1 {
			delete(out, name)
		}
	}
	return out
}

// made returns the type of the module that a function returns first, or a pointer to it;
// "" if it returns none.
func (f *function) made() string {
	if f.decl.Type.Results.NumFields() == 0 {
		return ""
	}
	t := f.decl.Type.Results.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	return f.global(t)
}

// paramNames lists parameters, each under its own index.
func paramNames(params *ast.FieldList) []string {
	var out []string
	for _, p := range params.List {
		if len(p.Names) == 0 {
			out = append(out, "_")
		}
		for _, n := range p.Names {
			out = append(out, n.Name)
		}
	}
	return out
}

// global returns the name of a type of the module, "" if it is of another or has none.
func (f *function) global(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.Ident:
		return f.pkg + "." + t.Name
	case *ast.SelectorExpr:
		if x, ok := t.X.(*ast.Ident); ok && f.paths[x.Name] != "" {
			return f.paths[x.Name] + "." + t.Sel.Name
		}
	}
	return ""
}

// meant returns what a variable of the function was made of, else the expression.
func (f *function) meant(e ast.Expr) ast.Expr {
	id, ok := e.(*ast.Ident)
	if !ok {
		return e
	}
	ast.Inspect(f.decl.Body, func(n ast.Node) bool {
		if as, ok := n.(*ast.AssignStmt); ok && as.Tok == token.DEFINE && isIdent(as.Lhs[0], id.Name) {
			e = as.Rhs[0]
		}
		return true
	})
	return e
}

// serves reports whether a function, or one in it, is handed a request: not only its
// context, which whatever loads rows is handed as well.
func serves(decl *ast.FuncDecl) bool {
	found := false
	ast.Inspect(decl, func(n ast.Node) bool {
		if t, ok := n.(*ast.FuncType); ok {
			found = found || slices.ContainsFunc(t.Params.List, func(p *ast.Field) bool {
				return isRequest(p.Type) && typeText(p.Type) != "context.Context"
			})
		}
		return true
	})
	return found
}

// asksContext reports whether an expression is a call that is handed a context.
func asksContext(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	return ok && slices.ContainsFunc(call.Args, func(a ast.Expr) bool {
		text := typeText(a)
		return text == "ctx" || strings.HasSuffix(text, ".Context()")
	})
}

// clientSends reports whether an expression asks for what the client sends.
func clientSends(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			found = found || saidByClient(call)
		}
		return true
	})
	return found
}
