package starter

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/tenantvet/tenantvet/internal/models"
)

// A candidate is what may be a source: a function, or what a context holds under a
// text.
type candidate struct {
	fn       string // as a policy names it: "./internal/auth.TenantID"
	field    string // in its place: "(./internal/auth.Claims).OrgID"
	result   string // "result0", or a field of it: "result0.OrgID"
	key      string // in place of both: the text
	dim      models.Dims
	at       place
	evidence []string

	calls, score int
}

// often is how many calls of a candidate speak for it.
const often = 5

// most is how many candidates of one dimension are proposed.
const most = 6

// sources returns the candidates, by dimension, the likely ones first.
func (m *module) sources() []candidate {
	var all []candidate
	for _, f := range m.funcs {
		all = append(all, m.candidates(f)...)
	}
	all = append(all, m.accessors()...)
	all = append(all, m.contextKeys()...)
	all = append(all, m.ofCallers(all)...)
	slices.SortFunc(all, func(a, b candidate) int {
		switch {
		case a.dim != b.dim:
			return int(a.dim) - int(b.dim)
		case a.score != b.score:
			return b.score - a.score
		case a.calls != b.calls:
			return b.calls - a.calls
		case a.fn+a.field != b.fn+b.field:
			return strings.Compare(a.fn+a.field, b.fn+b.field)
		}
		return strings.Compare(a.result+a.key, b.result+b.key)
	})
	count := map[models.Dims]int{}
	return slices.DeleteFunc(all, func(c candidate) bool {
		count[c.dim]++
		return count[c.dim] > most
	})
}

// candidates returns what of f's results may be a source.
func (m *module) candidates(f *function) []candidate {
	result, ok := firstResult(f.decl.Type.Results)
	if !ok {
		return nil
	}
	ofCaller := carriesContext(f.decl.Type.Params)
	signsIn := !ofCaller && takesRequest(f.decl.Type.Params) && saysWho(strings.TrimPrefix(typeText(result), "*"))
	if !ofCaller && !signsIn && !(f.decl.Type.Params.NumFields() == 0 && m.isCallers(f)) {
		return nil
	}
	name := m.name(f)
	if name == "" {
		return nil
	}
	words := split(f.decl.Name.Name)
	if len(words) == 0 || slices.Contains(doers(), words[0]) {
		return nil
	}
	if slices.ContainsFunc(words, func(w string) bool { return slices.Contains(others(), w) }) {
		return nil
	}
	from := slices.ContainsFunc(words, func(w string) bool { return slices.Contains(carriers(), w) })
	c := candidate{fn: name, result: "result0", at: f.at(f.decl), calls: m.calls[f.decl.Name.Name]}
	c.evidence = append(c.evidence, fmt.Sprintf("returns %s; a function of that name is called %s", types(f.decl.Type.Results), times(c.calls)))
	if from {
		c.score++
	}
	if slices.Contains(words, "request") {
		c.score-- // more often what the client says than who it is
	}
	if c.calls >= often {
		c.score++
	}
	m.reads(f, &c)
	plain := isIdentifier(result)
	if d := m.dimension(words); d != 0 && (plain || from && d != models.User) {
		c.dim = d
		if plain {
			c.score++
		}
		if !plain && len(m.fieldsOf(f, result)) > 0 {
			return m.byField(f, c, result)
		}
		return []candidate{c}
	}
	if signsIn {
		return m.byField(f, c, result)
	}
	if from && ofCaller && !slices.Contains(words, "token") && !slices.Contains(words, "request") {
		// The claims, session or principal of a context, not what some token
		// or request leads to.
		return m.byField(f, c, result)
	}
	return nil
}

// isCallers reports whether f is a method of what says who the caller is: claims, a
// session, a principal.
func (m *module) isCallers(f *function) bool {
	if f.decl.Recv == nil || len(f.decl.Recv.List) == 0 {
		return false
	}
	return saysWho(strings.TrimPrefix(types(f.decl.Recv), "*"))
}

// saysWho reports whether the name of a type is that of what says who the caller is.
func saysWho(name string) bool {
	words := split(strings.ReplaceAll(name, "OAuth", "Oauth"))
	if slices.ContainsFunc(words, func(w string) bool {
		return slices.Contains([]string{"oauth", "rule", "rules", "attribute", "request", "response", "header", "token", "config", "options", "params", "input", "code"}, w)
	}) {
		return false
	}
	return slices.ContainsFunc(words, func(w string) bool {
		return slices.Contains([]string{"claims", "session", "principal", "identity", "caller", "actor", "auth", "context"}, w)
	})
}

// ofCallers returns the fields of claims, sessions and principals that no function
// among the candidates returns.
func (m *module) ofCallers(others []candidate) []candidate {
	var out []candidate
	for name, fields := range m.fields {
		pkg, typ, _ := strings.Cut(strings.TrimPrefix(name, "./"), ".")
		if !ast.IsExported(typ) || !saysWho(typ) || m.rows[name] {
			continue
		}
		for _, f := range fields {
			if !ast.IsExported(f.name) || slices.ContainsFunc(others, func(c candidate) bool { return c.result == "result0."+f.name }) {
				continue
			}
			out = append(out, candidate{field: "(./" + pkg + "." + typ + ")." + f.name, dim: f.dim, at: f.at, calls: m.selects[f.name],
				evidence: []string{fmt.Sprintf("is a field of %s; a field of that name is used %s", typ, times(m.selects[f.name]))}})
		}
	}
	return out
}

// reads adds to the evidence what the body of f takes its result from: a context, or
// what the client says, which speaks against it.
func (m *module) reads(f *function, c *candidate) {
	if f.decl.Body == nil {
		return
	}
	held, said := false, false
	ast.Inspect(f.decl.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		what := typeText(sel)
		switch {
		case saidByClient(call):
			if !said {
				said = true
				c.score -= 3
				c.evidence = append(c.evidence, fmt.Sprintf("BEWARE: line %d reads what the client sends, %s", f.at(call).line, what))
			}
		case !held && slices.Contains(contextHolds(), sel.Sel.Name):
			held = true
			c.evidence = append(c.evidence, fmt.Sprintf("line %d reads %s(%s)", f.at(call).line, what, typeText(call.Args[0])))
		}
		return true
	})
}

// saidByClient reports whether a call returns what the client sent.
func saidByClient(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 {
		return false
	}
	what := typeText(sel)
	return slices.Contains(clientSays(), sel.Sel.Name) || strings.HasSuffix(what, "Header.Get") || strings.HasSuffix(what, "Query().Get")
}

// clientSays are methods that return what the client sent.
func clientSays() []string {
	return []string{"GetHeader", "PathValue", "FormValue", "PostFormValue", "URLParam", "QueryParam", "Param", "Params", "Query", "Cookie", "DefaultQuery"}
}

// contextHolds are methods that return what middleware put into a context.
func contextHolds() []string {
	return []string{"Value", "GetString", "MustGet", "Get", "Locals", "UserValue"}
}

// A contextKey is a text under which contexts of a framework hold something.
type contextKey struct {
	text   string
	set    place
	reads  int
	inFunc bool // it is read in a function that is a candidate itself
}

// readFuncs looks into bodies, once all files are read: what constants and fields
// there are is known then.
func (m *module) readFuncs() {
	for _, f := range m.funcs {
		name := m.name(f)
		switch {
		case name == "":
		case f.decl.Recv == nil:
			m.declared[name] = append(m.declared[name], name)
		default:
			for _, key := range []string{f.pkg + "#" + f.decl.Name.Name, "#" + f.decl.Name.Name} {
				m.declared[key] = append(m.declared[key], name)
			}
		}
	}
	for _, f := range m.funcs {
		if f.decl.Body == nil {
			continue
		}
		accessor := len(m.candidates(f)) > 0
		ast.Inspect(f.decl.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				m.readKey(f, n, accessor)
			case *ast.SelectorExpr:
				m.readRefusal(f, n, n.Sel.Name)
			case *ast.BasicLit:
				m.readRefusal(f, n, n.Value)
			}
			return true
		})
		m.readHandOffs(f)
	}
	m.passRefusals()
}

// readKey notes the text under which a call puts something into a context of a
// framework, or takes it out.
func (m *module) readKey(f *function, call *ast.CallExpr, accessor bool) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 || len(call.Args) > 2 {
		return
	}
	text, ok := m.text(f, call.Args[0])
	if !ok || m.identifies(split(text)) == 0 {
		return
	}
	key := m.keys[text]
	if key == nil {
		key = &contextKey{text: text}
		m.keys[text] = key
	}
	switch name := sel.Sel.Name; {
	case len(call.Args) == 2 && slices.Contains([]string{"Set", "Locals", "SetUserValue"}, name):
		if key.set.file == "" {
			key.set = f.at(call)
		}
	case len(call.Args) == 1 && slices.Contains(contextHolds(), name) && name != "Value":
		key.reads++
		key.inFunc = key.inFunc || accessor
	}
}

// text returns the text that an expression is: a literal, or a constant.
func (m *module) text(f *function, e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.Ident:
		s, ok := m.consts[f.pkg+"."+e.Name]
		return s, ok
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok && f.paths[x.Name] != "" {
			s, ok := m.consts[f.paths[x.Name]+"."+e.Sel.Name]
			return s, ok
		}
	}
	return "", false
}

// contextKeys returns the texts under which middleware leaves a dimension for
// handlers, unless a function that is proposed takes it out.
func (m *module) contextKeys() []candidate {
	var out []candidate
	for _, k := range m.keys {
		if k.set.file != "" && k.reads > 0 && !k.inFunc {
			c := candidate{key: k.text, dim: m.identifies(split(k.text)), at: k.set, calls: k.reads,
				evidence: []string{fmt.Sprintf("puts it into the context; it is taken out %s", times(k.reads))}}
			if k.reads >= often {
				c.score = 2 // as much as a function that is called so, by its name
			}
			out = append(out, c)
		}
	}
	return out
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// identifies returns the dimension whose identifier the words are: of a field or a
// column that only mentions a tenant (tenant_name, OrgPlan) it is none.
func (m *module) identifies(words []string) models.Dims {
	if len(words) == 0 || len(words) > 2 || len(words) == 2 && words[1] != "id" && words[1] != "slug" {
		return 0
	}
	return m.dimension(words)
}

// byField returns a candidate for each telling field of what f returns, such
// as the OrgID of the claims of a token.
func (m *module) byField(f *function, c candidate, result ast.Expr) []candidate {
	var out []candidate
	for _, fd := range m.fieldsOf(f, result) {
		one := c
		one.dim, one.result = fd.dim, "result0."+fd.name
		out = append(out, one)
	}
	return out
}

func (m *module) fieldsOf(f *function, t ast.Expr) []field {
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	switch t := t.(type) {
	case *ast.Ident:
		return m.fields[f.pkg+"."+t.Name]
	case *ast.SelectorExpr:
		if x, ok := t.X.(*ast.Ident); ok && f.paths[x.Name] != "" {
			return m.fields[f.paths[x.Name]+"."+t.Sel.Name]
		}
	}
	return nil
}

// name returns f as a policy names it, "" if it cannot be named.
func (m *module) name(f *function) string {
	if f.decl.Recv == nil || len(f.decl.Recv.List) == 0 {
		return f.pkg + "." + f.decl.Name.Name
	}
	t := f.decl.Recv.List[0].Type
	star := ""
	if p, ok := t.(*ast.StarExpr); ok {
		star, t = "*", p.X
	}
	switch x := t.(type) {
	case *ast.IndexExpr:
		t = x.X
	case *ast.IndexListExpr:
		t = x.X
	}
	id, ok := t.(*ast.Ident)
	if !ok || slices.ContainsFunc(split(id.Name), func(w string) bool { return w == "mock" || w == "fake" || w == "stub" }) {
		return ""
	}
	return "(" + star + f.pkg + "." + id.Name + ")." + f.decl.Name.Name
}

// carriesContext reports whether the first parameter is what requests carry
// their caller in, and few others follow.
func carriesContext(params *ast.FieldList) bool {
	if params.NumFields() == 0 || params.NumFields() > 2 {
		return false
	}
	return isRequest(params.List[0].Type)
}

// takesRequest reports whether some parameter is what requests carry their caller in.
func takesRequest(params *ast.FieldList) bool {
	return slices.ContainsFunc(params.List, func(f *ast.Field) bool { return isRequest(f.Type) })
}

// isRequest reports whether a type is that of a request, or of a context.
func isRequest(t ast.Expr) bool {
	switch strings.TrimPrefix(typeText(t), "*") {
	case "context.Context", "http.Request", "gin.Context", "echo.Context", "fiber.Ctx", "iris.Context", "app.RequestContext", "huma.Context", "fasthttp.RequestCtx":
		return true
	}
	return false
}

// firstResult returns the type of the first of one or two results, the second
// of which must be an error or a bool.
func firstResult(results *ast.FieldList) (ast.Expr, bool) {
	n := results.NumFields()
	if n == 0 || n > 2 {
		return nil, false
	}
	first, last := results.List[0].Type, results.List[len(results.List)-1].Type
	if isIdent(first, "error") || isIdent(first, "bool") || isIdent(first, "any") {
		return nil, false
	}
	switch first.(type) {
	case *ast.ArrayType, *ast.MapType, *ast.FuncType, *ast.ChanType:
		return nil, false // of several, none is the caller's
	}
	if n == 2 && !isIdent(last, "error") && !isIdent(last, "bool") {
		return nil, false
	}
	return first, true
}

func isIdent(t ast.Expr, name string) bool {
	id, ok := t.(*ast.Ident)
	return ok && id.Name == name
}

// isIdentifier reports whether the type is one of identifiers: a text, a number, or one
// of such a name.
func isIdentifier(t ast.Expr) bool {
	return isNamedID(t) || slices.ContainsFunc([]string{"string", "int", "int32", "int64", "uint", "uint32", "uint64"}, func(name string) bool { return isIdent(t, name) })
}

// isNamedID reports whether the type is one of a name that says identifier:
// uuid.UUID, valuer.UUID, TenantID.
func isNamedID(t ast.Expr) bool {
	switch t := t.(type) {
	case *ast.Ident:
		return t.IsExported() && strings.HasSuffix(t.Name, "ID")
	case *ast.SelectorExpr:
		return strings.HasSuffix(t.Sel.Name, "ID")
	case *ast.IndexExpr:
		return isNamedID(t.X) // ID[Account]
	}
	return false
}

// types writes a result list as it stands in the source, without names.
func types(list *ast.FieldList) string {
	var out []string
	for _, f := range list.List {
		for range max(1, len(f.Names)) {
			out = append(out, typeText(f.Type))
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	return "(" + strings.Join(out, ", ") + ")"
}

// typeText writes a type, or what a call is handed, in short.
func typeText(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.Ident:
		return t.Name
	case *ast.SelectorExpr:
		return typeText(t.X) + "." + t.Sel.Name
	case *ast.StarExpr:
		return "*" + typeText(t.X)
	case *ast.ArrayType:
		return "[]" + typeText(t.Elt)
	case *ast.BasicLit:
		return t.Value
	case *ast.IndexExpr:
		return typeText(t.X) + "[" + typeText(t.Index) + "]"
	case *ast.CompositeLit:
		return typeText(t.Type) + "{}"
	case *ast.CallExpr:
		return typeText(t.Fun) + "()"
	}
	return "…"
}

// doers begin the names of functions that do something with what they name
// rather than say who the caller is.
func doers() []string {
	return []string{"with", "set", "new", "create", "delete", "update", "list", "find", "load", "fetch", "is", "has", "check", "validate", "require", "ensure", "parse", "format", "make", "build", "add", "remove", "put", "save", "insert", "upsert", "resolve", "handle", "count", "hash", "init", "test", "decode", "encode"}
}

// carriers are words for what the caller is carried in.
func carriers() []string {
	return []string{"current", "context", "ctx", "claims", "token", "session", "request", "principal"}
}

// others say that the function is about something else of a tenant.
func others() []string {
	return []string{"role", "roles", "name", "plan", "status", "currency", "settings", "config", "count", "balance", "type", "for", "by", "client"}
}

// dimension returns what the words speak of, the first that says so.
func (m *module) dimension(words []string) models.Dims {
	for i, w := range words {
		if slices.Contains(m.words, w) {
			return models.Tenant
		}
		switch w {
		case "tenant", "org", "organization", "organisation", "workspace":
			return models.Tenant
		case "account":
			// Of accounts there are many kinds: the customer's is called nothing else.
			if i == 0 || slices.Contains([]string{"get", "must", "current", "extract"}, words[i-1]) {
				return models.Tenant
			}
		case "env", "environment":
			return models.Env
		case "user":
			if i+1 < len(words) && words[i+1] == "id" {
				return models.User
			}
		}
	}
	return 0
}

// split returns the words of a Go name in lower case: GetTenantIDFromCtx is
// get tenant id from ctx.
func split(name string) []string {
	var words []string
	runes := []rune(name)
	start := 0
	add := func(end int) {
		if w := strings.Trim(strings.ToLower(string(runes[start:end])), "_"); w != "" {
			words = append(words, w)
		}
		start = end
	}
	for i := 1; i < len(runes); i++ {
		up, before := unicode.IsUpper(runes[i]), unicode.IsUpper(runes[i-1])
		switch {
		case runes[i] == '_':
			add(i)
		case up && !before:
			add(i)
		case up && before && i+1 < len(runes) && unicode.IsLower(runes[i+1]):
			add(i)
		}
	}
	add(len(runes))
	return words
}
