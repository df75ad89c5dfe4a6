package scopeflow

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// Credentials, by where they come from, and what is shown to others than the
// caller: logs, errors, traces, metrics.

// secret returns val with the parts that may be a credential marked as one.
func secret(val Value, is models.Secrecy) Value {
	return val.mapAtoms(func(a Atom) Atom {
		if !a.Selected && !a.Ctx && (a.Kind != Constant || a.Mixed) {
			a.Secret = max(a.Secret, is)
		}
		return a
	})
}

// secretResult returns val, the idx-th result of a call, as the rows say whether
// it is a credential.
func (e *engine) secretResult(c *ssa.Call, idx int, val Value) Value {
	m := e.index.Func(callee(c.Common()))
	if m == nil {
		return val
	}
	if m.Redacts {
		return masked(val)
	}
	if is := givesSecret(m, c.Common(), idx); is != models.NoSecret {
		return secret(val, is)
	}
	return val
}

// givesSecret returns what the rows for a call say of its idx-th result.
func givesSecret(m *models.Func, c *ssa.CallCommon, idx int) models.Secrecy {
	for _, s := range m.Secrets {
		if s.Place.Base != models.Result || s.Place.Index != idx {
			continue
		}
		if s.Named == nil || credentialName(text(argument(c, placeNumber(*s.Named)))) {
			return s.Is
		}
	}
	return models.NoSecret
}

// text returns the constant text that v is, "" if it is none.
func text(v ssa.Value) string {
	if k, ok := v.(*ssa.Const); ok && k.Value != nil && k.Value.Kind() == constant.String {
		return constant.StringVal(k.Value)
	}
	return ""
}

// credentialName reports whether headers, parameters and variables of that name
// hold credentials.
func credentialName(name string) bool {
	name = plainName(name)
	endsIn := func(end string) bool { return strings.HasSuffix(name, end) }
	// Places in lists, and where a secret is kept.
	if slices.ContainsFunc([]string{"pagetoken", "nexttoken", "continuationtoken", "synctoken", "idempotencytoken", "privatekeysecret", "passwordsecret", "tokensecret"}, endsIn) {
		return false
	}
	return slices.ContainsFunc([]string{"authorization", "cookie", "token", "apikey", "password", "passwd", "secret", "secretkey", "privatekey", "credential", "credentials", "jwt"}, endsIn)
}

// secretEntry returns val, which the map m holds under a key, as the rows say
// whether it is a credential.
func (e *engine) secretEntry(m ssa.Value, key ssa.Value, val Value) Value {
	name := text(key)
	if row := e.index.Type(m.Type()); row == nil || !row.Keyed || !credentialName(name) {
		return val
	}
	return secret(val, models.Credential).mapAtoms(func(a Atom) Atom {
		if a.Secret == models.Credential {
			whole, rest, _ := strings.Cut(a.Text, models.Elem)
			a.Text = fmt.Sprintf("%s[%q]%s", whole, name, rest)
		}
		return a
	})
}

// secretLoop returns val, one of all entries of a map, as the rows say whether
// there are credentials among them. A loop that looks at the keys is taken to
// leave those out.
func (e *engine) secretLoop(next *ssa.Next, m ssa.Value, val Value) Value {
	row := e.index.Type(m.Type())
	if row == nil || row.Secret == models.NoSecret || looksAtKeys(next) {
		return val
	}
	return secret(val, row.Secret).mapAtoms(func(a Atom) Atom {
		a.Text = strings.TrimSuffix(a.Text, models.Elem)
		return a
	})
}

// looksAtKeys reports whether a loop over a map decides by the keys, or makes
// something else of them.
func looksAtKeys(next *ssa.Next) bool {
	return slices.ContainsFunc(*next.Referrers(), func(ref ssa.Instruction) bool {
		key, ok := ref.(*ssa.Extract)
		return ok && key.Index == 1 && slices.ContainsFunc(*key.Referrers(), func(use ssa.Instruction) bool {
			switch use := use.(type) {
			case *ssa.BinOp:
				return use.Op != token.ADD
			case *ssa.Lookup:
				return true
			case *ssa.Call:
				return use.Call.Signature().Results().Len() > 0
			}
			return false
		})
	})
}

// secretField returns val, which was read from the i-th field of t, as the rows
// say whether it is a credential.
func (e *engine) secretField(t types.Type, i int, val Value) Value {
	if _, field := structField(t, i); field != nil {
		if f := e.index.Field(field); f != nil && f.Secret != models.NoSecret {
			return secret(val, f.Secret)
		}
	}
	return val
}

// boxed returns val, a value of type t, as whoever is handed it as an interface
// sees it: through its methods.
func (e *engine) boxed(t types.Type, val Value) Value {
	m := e.index.Type(t)
	switch {
	case m != nil && m.Redacts || e.hides(t):
		return masked(val)
	case m != nil && m.Secret != models.NoSecret:
		return secret(val, m.Secret)
	}
	return val
}

// hides reports whether values of t print as something else than what they hold.
func (e *engine) hides(t types.Type) bool {
	n := namedOf(t)
	if n == nil || n.Obj().Pkg() == nil || types.IsInterface(n) {
		return false
	}
	return memo(&e.hiding, n, func() bool {
		for m := range n.Methods() {
			switch m.Name() {
			case "LogValue", "String", "Format", "MarshalText":
				if !e.printsItself(m) {
					return true
				}
			}
		}
		return false
	})
}

// printsItself reports whether a method's first result holds its receiver.
func (e *engine) printsItself(m *types.Func) bool {
	if row := e.index.Func(m); row != nil {
		return slices.ContainsFunc(row.Flows, func(fl models.Flow) bool {
			return fl.How == models.Copy && !fl.NoTo && fl.To.Base == models.Result && len(fl.From) == 1 && fl.From[0].Base == models.Recv
		})
	}
	var val Value
	if fn := e.prog.FuncValue(m); fn != nil && e.local[fn] {
		if fn.Signature.Results().Len() > 0 {
			val, _ = e.result(fn, 0, "")
		}
	} else if s := e.fact(m); s != nil {
		val, _ = s.result(0, "")
	}
	return val.has(func(a *Atom) bool { return a.Kind == Param && a.Root == Receiver && !a.Selected && !a.Masked })
}

// fewOf reports whether a piece of a text is a few of its characters: it has an
// end, or begins somewhere before its own. What is left behind a prefix is not.
func fewOf(s *ssa.Slice) bool {
	if s.High != nil {
		return true
	}
	sub, ok := s.Low.(*ssa.BinOp)
	return ok && sub.Op == token.SUB
}

// shortened reports whether a value is a few characters of what it is otherwise:
// a text that is cut where it is too long to be shown.
func shortened(v *ssa.Phi) bool {
	return slices.ContainsFunc(v.Edges, func(x ssa.Value) bool {
		if add, ok := x.(*ssa.BinOp); ok { // token[:8] + "..."
			x = add.X
		}
		s, ok := x.(*ssa.Slice)
		return ok && fewOf(s) && slices.Contains(v.Edges, s.X)
	})
}

// A Showing is what a function shows of its own parameter.
type Showing struct {
	Param int
	Path  Path
	Kind  models.OutputKind
	What  string // the output, as messages call it
}

// A shown value is one that a call shows.
type shown struct {
	v    ssa.Value
	path Path
	kind models.OutputKind
	what string
}

// maxShowings bounds what a summary tells of a function.
const maxShowings = 6

// shows returns what a call shows: by a row that says so, or in the function
// that it calls.
func (e *engine) shows(call ssa.CallInstruction) []shown {
	common := call.Common()
	var out []shown
	if m := e.index.Func(callee(common)); m != nil {
		for i := range m.Outputs {
			o := &m.Outputs[i]
			if o.Stream != nil && !standard(argument(common, placeNumber(*o.Stream))) {
				continue
			}
			for _, p := range o.Values {
				v, path := argument(common, placeNumber(p)), pathOf(p.Path)
				if v == nil {
					continue
				}
				if isList(v.Type()) {
					path = Path(strings.TrimSuffix(string(path), models.Elem)) // all of them
				}
				out = append(out, shown{v, path, o.Kind, calleeName(common)})
			}
		}
		return append(out, published(m, common)...)
	}
	var all []Showing
	if bodies := e.bodies(common); len(bodies) > 0 {
		for _, b := range bodies {
			all = append(all, e.showings(b)...)
		}
	} else if s := e.fact(callee(common)); s != nil {
		all = s.Shows
	}
	for _, s := range all {
		if v := argument(common, s.Param); v != nil {
			out = append(out, shown{v, s.Path, s.Kind, s.What})
		}
	}
	return out
}

// standard reports whether v is the standard output or error of the process.
func standard(v ssa.Value) bool {
	if mi, ok := v.(*ssa.MakeInterface); ok {
		v = mi.X
	}
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	g, ok := load.X.(*ssa.Global)
	return ok && g.Pkg.Pkg.Path() == "os" && (g.Name() == "Stdout" || g.Name() == "Stderr")
}

// showings returns what fn shows of its parameters. They are followed as far as
// they are handed on as they are: what is made of them is seen where it is made.
func (e *engine) showings(fn *ssa.Function) []Showing {
	return memo(&e.showingsOf, fn, func() []Showing { return e.findShowings(fn) })
}

func (e *engine) findShowings(fn *ssa.Function) []Showing {
	var out []Showing
	add := func(s shown, v ssa.Value) {
		p, path := e.paramBehind(v)
		if p == nil || p.Parent() != fn || isContext(p.Type()) || e.hidesOn(v) {
			return
		}
		if s.kind != models.Message {
			path += s.path
		}
		one := Showing{paramNumber(p), path, s.kind, s.what}
		if one.Path.depth() <= maxSteps && len(out) < maxShowings && !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	e.instrs(fn, func(in ssa.Instruction) {
		for _, s := range e.signingKeys(in) {
			for _, v := range e.printed(s.v) {
				if !e.asksFor(v, in) {
					add(s, v)
				}
			}
		}
		call, ok := in.(ssa.CallInstruction)
		if !ok || len(out) >= maxShowings {
			return
		}
		shows := slices.DeleteFunc(e.shows(call), func(s shown) bool { return s.kind == models.SigningKey })
		if len(shows) == 0 || e.redacted(call) {
			return
		}
		for _, s := range shows {
			for _, v := range e.handedOn(s, call) {
				add(s, v)
			}
		}
	})
	return out
}

// handedOn returns the values that a call shows, as they are: of a message what
// it was made of, unless it carries a scope besides.
func (e *engine) handedOn(s shown, call ssa.CallInstruction) []ssa.Value {
	if s.kind != models.Message {
		return e.printed(s.v)
	}
	if e.carries(call) {
		return nil
	}
	return slices.DeleteFunc(e.payloads(s.v, s.path, 0), func(v ssa.Value) bool { return e.filledHere(v, call) })
}

// paramBehind returns the parameter that v is, or is a part of, also where it is
// a variable that a literal shares; nil if it is none.
func (e *engine) paramBehind(v ssa.Value) (*ssa.Parameter, Path) {
	base, path := e.rootThrough(v)
	if alloc, ok := base.(*ssa.Alloc); ok {
		ws := e.writesTo(alloc)
		if len(ws) != 1 || ws[0].sub != "" {
			return nil, ""
		}
		if st, ok := ws[0].instr.(*ssa.Store); ok {
			base = st.Val
		}
	}
	p, _ := base.(*ssa.Parameter)
	return p, path
}

// printed returns the values that are shown where v is: the elements of a list
// that is made in sight, what a text is formatted of, or v.
func (e *engine) printed(v ssa.Value) []ssa.Value {
	if isList(v.Type()) {
		lists, ok := e.elements(v)
		if !ok {
			return []ssa.Value{v}
		}
		var out []ssa.Value
		for _, list := range lists {
			for _, elem := range list {
				out = append(out, e.printed(elem)...)
			}
		}
		return out
	}
	if text := e.converted(v); text != nil {
		return e.printed(text)
	}
	call, ok := v.(*ssa.Call)
	if !ok {
		return []ssa.Value{v}
	}
	m := e.index.Func(callee(call.Common()))
	if m == nil || len(m.Outputs) > 0 {
		return nil
	}
	var out []ssa.Value
	for i := range m.Flows {
		switch fl := &m.Flows[i]; fl.How {
		case models.Copy, models.Format, models.Print:
			for _, p := range fl.From {
				if arg := argument(call.Common(), placeNumber(p)); arg != nil && !fl.NoTo && fl.To.Base == models.Result {
					out = append(out, e.printed(arg)...)
				}
			}
		}
	}
	return out
}

// converted returns the value that v, perhaps as an interface, was converted from
// and shows as it is; nil if there is none.
func (e *engine) converted(v ssa.Value) ssa.Value {
	if mi, ok := v.(*ssa.MakeInterface); ok && !e.hidesOn(mi) {
		v = mi.X
	}
	if c, ok := v.(*ssa.Convert); ok {
		return c.X
	}
	return nil
}

// hidesOn reports whether v, as an interface, shows something else than what it
// holds.
func (e *engine) hidesOn(v ssa.Value) bool {
	mi, ok := v.(*ssa.MakeInterface)
	if !ok {
		return false
	}
	m := e.index.Type(mi.X.Type())
	return m != nil && m.Redacts || e.hides(mi.X.Type())
}

// redacted reports whether credentials are taken out of what a call shows: by
// the handler of the logger that it is called on, or, as the policy says, by
// that of all loggers of the package.
func (e *engine) redacted(call ssa.CallInstruction) bool {
	fn := callee(call.Common())
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	if e.policy.Redacted(fn.Pkg().Path()) {
		return true
	}
	recv := argument(call.Common(), Receiver)
	return hasReceiver(call.Common()) && recv != nil && e.redacts(recv, 0)
}

// redacts reports whether v is a handler that takes credentials out, or made of
// one.
func (e *engine) redacts(v ssa.Value, depth int) bool {
	if m := e.index.Type(v.Type()); m != nil && m.Redacts {
		return true
	}
	if depth > maxHelpers {
		return false
	}
	all := func(values []ssa.Value) bool {
		return len(values) > 0 && !slices.ContainsFunc(values, func(x ssa.Value) bool { return !e.redacts(x, depth+1) })
	}
	switch x := v.(type) {
	case *ssa.MakeInterface:
		return e.redacts(x.X, depth)
	case *ssa.ChangeInterface:
		return e.redacts(x.X, depth)
	case *ssa.Phi:
		return all(x.Edges)
	case *ssa.Extract:
		return e.redacts(x.Tuple, depth)
	case *ssa.Call:
		if fn := e.body(x.Common()); fn != nil {
			var out []ssa.Value
			for _, b := range fn.Blocks {
				if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && len(ret.Results) > 0 {
					out = append(out, ret.Results[0])
				}
			}
			return all(out)
		}
		return slices.ContainsFunc(callArgs(x.Common()), func(arg ssa.Value) bool { return e.redacts(arg, depth+1) })
	case *ssa.UnOp:
		if x.Op != token.MUL {
			return false
		}
		var stores []*ssa.Store
		switch addr := x.X.(type) {
		case *ssa.FieldAddr:
			_, field := structField(addr.X.Type(), addr.Field)
			if field != nil {
				stores = e.fieldStores(field)
			}
		case *ssa.Global:
			if refs := e.globalRefs(addr); refs != nil {
				for _, in := range *refs {
					if st, ok := in.(*ssa.Store); ok && st.Addr == addr {
						stores = append(stores, st)
					}
				}
			}
		case *ssa.Alloc:
			for _, ref := range *addr.Referrers() {
				if st, ok := ref.(*ssa.Store); ok && st.Addr == addr {
					stores = append(stores, st)
				}
			}
		}
		var out []ssa.Value
		for _, st := range stores {
			out = append(out, st.Val)
		}
		return all(out)
	}
	return false
}

// A Disclosure is a credential that others than its owner get to read.
type Disclosure struct {
	Func *types.Func // the declared function that it is in, nil in an initialiser
	Pos  token.Pos   // of the call that shows it
	By   string      // what shows it
	Via  string      // what calls that, if it is elsewhere
	Kind models.OutputKind
	Is   models.Secrecy
	What Atom
	Name string // of that
}

// Disclosures returns the credentials that this package shows, in source order.
func (r *Result) Disclosures() []Disclosure {
	e := r.e
	knowing := e.knowing()
	var out []Disclosure
	for _, fn := range e.funcs {
		if !knowing[fn] {
			continue
		}
		e.instrs(fn, func(in ssa.Instruction) {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				return
			}
			for _, s := range e.shows(call) {
				if s.kind == models.Message || s.kind == models.SigningKey || s.kind == models.Console && !e.serves(fn) {
					continue
				}
				if d, ok := e.disclosed(call, s); ok && !e.redacted(call) {
					d.Func = declared(fn)
					out = append(out, d)
					return
				}
			}
		})
	}
	return out
}

// disclosed reports whether what a call shows is a credential.
func (e *engine) disclosed(call ssa.CallInstruction, s shown) (Disclosure, bool) {
	d := Disclosure{Pos: call.Pos(), By: s.what, Kind: s.kind}
	if name := calleeName(call.Common()); name != s.what {
		d.Via = name
	}
	val := e.shownValue(s, call)
	val.has(func(a *Atom) bool {
		if a.Secret > d.Is && !a.Selected && !a.Ctx && (a.Secret != models.Dump || !e.takenOut(call)) {
			d.Is, d.What = a.Secret, *a
		}
		return false
	})
	if d.Name = d.What.Text; d.Name == "" {
		d.Name = "a credential"
	}
	return d, d.Is != models.NoSecret
}

// takenOut reports whether credentials were taken out of something in the
// function of a call before it: out of the header that it shows, presumably.
func (e *engine) takenOut(call ssa.CallInstruction) bool {
	found := false
	e.instrs(call.Parent(), func(in ssa.Instruction) {
		if c, ok := in.(*ssa.Call); ok && c.Parent() == call.Parent() && c.Call.Signature().Results().Len() == 0 {
			m := e.index.Func(callee(c.Common()))
			found = found || m != nil && m.Redacts && e.reaches(c, call)
		}
	})
	return found
}

// shownValue returns what a call shows.
func (e *engine) shownValue(s shown, at ssa.Instruction) Value {
	if s.path == "" {
		return e.whole(s.v, at)
	}
	return e.ev(s.v, s.path, at)
}

// knowing returns the functions that may get to know a credential: they ask for
// one, or call what does. What they show is looked at, that of others is not.
func (e *engine) knowing() map[*ssa.Function]bool {
	if e.knowers != nil {
		return e.knowers
	}
	out := map[*ssa.Function]bool{}
	e.knowers = out
	var todo []*ssa.Function
	add := func(fn *ssa.Function) {
		if !out[fn] {
			out[fn] = true
			todo = append(todo, fn)
		}
	}
	for _, fn := range e.funcs {
		e.instrs(fn, func(in ssa.Instruction) {
			if !out[fn] && e.asksSecret(in) {
				add(fn)
			}
		})
	}
	for len(todo) > 0 {
		fn := todo[0]
		todo = todo[1:]
		for _, s := range e.callers[fn] {
			add(s.owner)
		}
	}
	return out
}

// asksSecret reports whether an instruction yields a credential.
func (e *engine) asksSecret(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.FieldAddr:
		return e.isSecretField(in.X.Type(), in.Field)
	case *ssa.Field:
		return e.isSecretField(in.X.Type(), in.Field)
	case *ssa.MakeInterface:
		m := e.index.Type(in.X.Type())
		return m != nil && m.Secret != models.NoSecret
	case *ssa.Lookup:
		m := e.index.Type(in.X.Type())
		return m != nil && m.Keyed && credentialName(text(in.Index))
	case *ssa.Range:
		m := e.index.Type(in.X.Type())
		return m != nil && m.Secret != models.NoSecret
	case *ssa.Call:
		fn := callee(in.Common())
		if m := e.index.Func(fn); m != nil {
			return slices.ContainsFunc(m.Secrets, func(s models.Secret) bool { return givesSecret(m, in.Common(), s.Place.Index) != models.NoSecret })
		}
		s := e.fact(fn)
		return s != nil && slices.ContainsFunc(s.Results, func(r ResultFlow) bool {
			return r.Value.has(func(a *Atom) bool { return a.Secret != models.NoSecret })
		})
	}
	return false
}

func (e *engine) isSecretField(t types.Type, i int) bool {
	_, field := structField(t, i)
	f := e.index.Field(field)
	return f != nil && f.Secret != models.NoSecret
}

// A Label is a dimension that is a label of a metric.
type Label struct {
	Func *types.Func // the declared function that it is in, nil in an initialiser
	Pos  token.Pos
	Name string // of what is called there
	Dims models.Dims
}

// MetricLabels returns the tenants and users that are labels of metrics, in
// source order, if the policy does not accept them.
func (r *Result) MetricLabels() []Label {
	e := r.e
	if e.policy.AcceptsLabels() {
		return nil
	}
	var out []Label
	for _, fn := range e.funcs {
		e.instrs(fn, func(in ssa.Instruction) {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				return
			}
			for _, s := range e.shows(call) {
				if s.kind != models.Metric {
					continue
				}
				dims := scopeDims(e.settle(e.shownValue(s, call), call)) & (models.Tenant | models.User)
				if dims != 0 {
					out = append(out, Label{Func: declared(fn), Pos: call.Pos(), Name: calleeName(call.Common()), Dims: dims})
					return
				}
			}
		})
	}
	return out
}
