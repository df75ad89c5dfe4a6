package scopeflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// Where the policy accepts it, a statement is held to the caller's rows by what
// it runs on: a transaction in which a run-time parameter is set, or a database that
// was chosen for the caller. A connection or transaction is asked for that by a
// step, as a query is asked for a column; a statement that sets the parameter is
// a write to what it runs on. So helpers that set it, functions that are handed the
// transaction, and structs that hold it need nothing of their own.

// The steps that ask what a statement runs on.
const (
	sessionMark         = columnMark + "@"
	anySetting     Path = sessionMark + "*" // ends the path of a write to some parameter
	connectionStep Path = sessionMark + "!" // by what the database was chosen
)

// settingStep returns the step for a run-time parameter.
func settingStep(name string) Path {
	return sessionMark + Path(strings.ReplaceAll(strings.ToLower(name), ".", "/"))
}

// isSession reports whether a step asks what a statement runs on.
func isSession(step Path) bool { return strings.HasPrefix(string(step), sessionMark) }

// ofSessions reports whether a flow is about what statements run on.
func ofSessions(how models.How) bool { return how == models.Session || how == models.Connect }

// stepOf returns the step that asks for what a session of the policy is held by.
func stepOf(s *policy.Session) Path {
	if s.Setting == "" {
		return connectionStep
	}
	return settingStep(s.Setting)
}

// sessionSteps returns the steps of all sessions of the policy.
func (e *engine) sessionSteps() []Path {
	var out []Path
	for i := range e.policy.Sessions {
		if step := stepOf(&e.policy.Sessions[i]); !slices.Contains(out, step) {
			out = append(out, step)
		}
	}
	return out
}

// heldBy returns what holds a statement, at call, to rows of the dimensions
// need: what its connection, the policy says, is held by. role is what the statement
// does to the table.
func (e *engine) heldBy(row *models.Sink, call ssa.CallInstruction, table string, role sqlscope.Role, columns []string, need models.Dims) Value {
	out := unrestricted()
	for i := range e.policy.Sessions {
		s := &e.policy.Sessions[i]
		if s.Dims&need == 0 || !s.Holds(e.pass.Pkg.Path()) || !s.On(table) || s.Secured(e.policy.Schema(), table, role, columns) != "" {
			continue
		}
		v := runsOn(row, call)
		if v == nil {
			continue
		}
		by := e.session(row, v, stepOf(s), call)
		if by.bottom() {
			by = e.opaque(call.Pos(), "a connection")
		}
		out = concat(out, e.settle(chosenFor(by), call))
	}
	return out
}

// session returns what a statement at call, that runs on v, is held by.
func (e *engine) session(row *models.Sink, v ssa.Value, step Path, call ssa.CallInstruction) Value {
	if row.Sent {
		return concat(e.queued(v, step, call), e.sent(v, step, call))
	}
	for {
		outer := e.embedding(v)
		if outer == nil {
			return e.ev(v, step, call)
		}
		v = outer
	}
}

// sent returns what the statements in a batch are held by: what the connections are
// that this function hands it to.
func (e *engine) sent(batch ssa.Value, step Path, at ssa.Instruction) Value {
	var out Value
	base, _ := e.root(batch)
	e.instrs(at.Parent(), func(in ssa.Instruction) {
		call, ok := in.(ssa.CallInstruction)
		if !ok {
			return
		}
		m := e.rowsFor(callee(call.Common()), call.Common())
		if m == nil {
			return
		}
		for n, arg := range call.Common().Args {
			if b, _ := e.root(arg); b != base || arg.Type() != batch.Type() {
				continue
			}
			if call.Common().Signature().Recv() != nil && !call.Common().IsInvoke() {
				n--
			}
			if val, ok := e.sessionFrom(m, call, models.Arg, n, step); ok {
				out = join(out, val)
			}
		}
	})
	if out.bottom() {
		return e.opaque(at.Pos(), "what a batch is sent to")
	}
	return out
}

// queued returns what a statement of the batch that surely comes before at sets.
func (e *engine) queued(batch ssa.Value, step Path, at ssa.Instruction) Value {
	out := unrestricted()
	base, _ := e.root(batch)
	for _, w := range e.writesTo(base) {
		if w.setting == nil || w.instr.Parent() != at.Parent() || !e.dominates(w.instr, at) {
			continue
		}
		if val, set := w.setting(step); set {
			out = val
		}
	}
	return out
}

// later returns the time at which a session is asked that was handed over at in:
// what is set in it since then is set in it there, too.
func later(path Path, in, at ssa.Instruction) ssa.Instruction {
	if _, step := path.column(); isSession(step) && at != nil && at.Parent() == in.Parent() {
		return at
	}
	return in
}

// embedding returns the connection that v is embedded in, as a *sql.Tx is in a
// *sqlx.Tx; nil if it is in none.
func (e *engine) embedding(v ssa.Value) ssa.Value {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		v = load.X
	}
	var outer ssa.Value
	var field int
	switch f := v.(type) {
	case *ssa.FieldAddr:
		outer, field = f.X, f.Field
	case *ssa.Field:
		outer, field = f.X, f.Field
	default:
		return nil
	}
	if _, f := structField(outer.Type(), field); f == nil || !f.Embedded() || !e.isConnection(outer.Type()) {
		return nil
	}
	return outer
}

// inTransaction reports whether v, a handle, may be a transaction: it is made by
// what begins one, or handed in. What a field holds is the database.
func (e *engine) inTransaction(v ssa.Value) bool {
	for range 16 {
		switch x := v.(type) {
		case *ssa.Call:
			m := e.index.Func(callee(x.Common()))
			if m == nil || !hasReceiver(x.Common()) || slices.ContainsFunc(m.Flows, func(fl models.Flow) bool { return fl.How == models.Session }) {
				return true
			}
			v = argument(x.Common(), Receiver)
		case *ssa.UnOp:
			return isAlloc(x.X)
		case *ssa.FreeVar:
			b, ok := e.binding(x)
			if !ok {
				return true
			}
			v = b
		default:
			return true
		}
	}
	return true
}

// chosenFor returns v without configuration, which says nothing of the caller.
func chosenFor(v Value) Value {
	return v.mapAlts(func(alt Alt) Alt {
		alt.Parts = slices.DeleteFunc(slices.Clone(alt.Parts), func(a Atom) bool { return a.Kind == Constant && a.Mixed && !a.Selected })
		return alt
	})
}

// wholeAccess is the access of a statement on tables that do not say whose rows
// they hold, since they are a tenant's as a whole: in a schema or a database of its
// own. tables are those that it is on, none if that cannot be told. It is nil if the
// policy says nothing of the kind.
func (e *engine) wholeAccess(owner *ssa.Function, call ssa.CallInstruction, row *models.Sink, what string, tables []string) *Access {
	if res := call.Common().Signature().Results(); res.Len() > 0 && isString(res.At(0).Type()) {
		return nil // writes the text of a statement, which something else runs
	}
	if len(tables) == 0 {
		tables = []string{""}
	}
	a := &Access{Kind: row.Kind, Op: row.Op, What: what, Row: row, Owner: owner, Instr: call, Pos: call.Pos(), Whole: true}
	if a.Op == models.Insert {
		a.Op = models.Write // no row says whose it is
	}
	for _, need := range e.need(row) {
		for i := range e.policy.Sessions {
			s := &e.policy.Sessions[i]
			at := slices.IndexFunc(tables, s.On)
			if at < 0 || s.Rows || s.Dims&need == 0 || !s.Holds(e.pass.Pkg.Path()) {
				continue
			}
			a.Entity = tables[at]
			a.Need = append(a.Need, need)
			a.Columns = append(a.Columns, ScopeColumn{Name: s.Within(), Need: need, Value: e.heldBy(row, call, a.Entity, roleOf(row.Op), nil, need)})
			break
		}
	}
	if len(a.Need) == 0 {
		return nil
	}
	a.asked = e.operands(call)
	a.Key = keyOfColumns(a.Columns)
	return a
}

// bySession reports whether v is a matter of a connection that the caller hands in.
func bySession(v Value) bool {
	return v.has(func(p *Atom) bool { _, step := p.Path.column(); return p.Kind == Param && isSession(step) })
}

// operands returns what a call is handed besides connections: none of it is what
// they are held by.
func (e *engine) operands(call ssa.CallInstruction) Value {
	var out Value
	for _, arg := range call.Common().Args {
		if mayCarry(arg.Type()) && len(e.sessionPaths(arg.Type())) == 0 {
			out = join(out, e.whole(arg, call))
		}
	}
	return out
}

// keptWhole reports whether the policy says of some tables that they are a tenant's
// as a whole.
func (e *engine) keptWhole() bool {
	return slices.ContainsFunc(e.policy.Sessions, func(s policy.Session) bool { return !s.Rows })
}

// namedTable returns the table of a query, none if its name is not known.
func (e *engine) namedTable(name string) []string {
	if name == "" {
		return nil
	}
	return []string{e.databaseTable(name)}
}

// runsOn returns the connection or transaction, or the query begun on one, that a
// statement runs on; nil if that is not in sight.
func runsOn(row *models.Sink, call ssa.CallInstruction) ssa.Value {
	common := call.Common()
	if row.On != nil {
		return argument(common, placeNumber(*row.On))
	}
	if !hasReceiver(common) {
		return nil
	}
	return argument(common, Receiver)
}

// onPool reports whether what lies at path of a value of type t, a session, hands
// out another connection for each statement, so that nothing is set in it.
func (e *engine) onPool(t types.Type, path Path) bool {
	base, column := path.column()
	if column == connectionStep {
		return false
	}
	at, _ := stepTo(t, base)
	m := e.index.Type(at)
	return m != nil && m.Pool
}

// pooledBy returns what a pool's connections are held by: nothing, unless hooks of
// the pool see to it.
func (e *engine) pooledBy(path Path, pos token.Pos) Value {
	_, step := path.column()
	if slices.ContainsFunc(e.policy.Sessions, func(s policy.Session) bool { return s.Hooks && stepOf(&s) == step }) {
		return e.opaque(pos, "what a hook of the pool sets")
	}
	return unrestricted()
}

// settingWrites returns what a call sets in the connection or transaction v, its
// n-th operand.
func (e *engine) settingWrites(call ssa.CallInstruction, n int, v ssa.Value, sub Path) []write {
	if len(e.policy.Sessions) == 0 {
		return nil
	}
	common := call.Common()
	fn := callee(common)
	for x := e.embedding(v); x != nil; x = e.embedding(x) {
		steps := sub.steps()
		if len(steps) == 0 {
			break
		}
		sub = Path(strings.Join(steps[:len(steps)-1], ""))
	}
	if e.isHandle(v.Type()) && !e.inTransaction(v) {
		return nil
	}
	w := write{sub: sub + anySetting, instr: call, must: true}
	if m := e.rowsFor(fn, common); m != nil {
		for i := range m.Sinks {
			row := &m.Sinks[i]
			if row.SQL != nil && runsOn(row, call) == v {
				w.setting = func(step Path) (Value, bool) { return e.settingBy(row, call, step) }
				return []write{w}
			}
		}
		return nil
	}
	if held := e.heldWrites(call, n, sub); len(held) > 0 {
		return held
	}
	if n == Receiver || !common.IsInvoke() && (e.inSight(fn, common) || e.fact(fn) != nil) || !e.isConnection(v.Type()) {
		return nil // what it sets is among its effects, or it sets nothing
	}
	w.setting = func(step Path) (Value, bool) {
		return e.opaque(call.Pos(), "what "+calleeName(common)+" sets"), step != connectionStep
	}
	return []write{w}
}

// heldWrites returns what is set through a struct that a call makes for the
// connection which it is handed as its n-th operand, as New(tx) does.
func (e *engine) heldWrites(call ssa.CallInstruction, n int, sub Path) []write {
	made, ok := call.(*ssa.Call)
	if !ok || made.Call.Signature().Results().Len() != 1 || e.isConnection(made.Type()) {
		return nil
	}
	var out []write
	for _, at := range e.sessionPaths(made.Type()) {
		if !e.holdsOperand(made, n, at) {
			continue
		}
		for _, w := range e.writesTo(made) {
			if step, ok := strings.CutPrefix(string(w.sub), string(at+sessionMark)); ok {
				w.sub = sub + sessionMark + Path(step)
				out = append(out, w)
			}
		}
	}
	return out
}

// holdsOperand reports whether the result of a call holds at a path the very
// connection that the call is handed as its n-th operand.
func (e *engine) holdsOperand(call *ssa.Call, n int, at Path) bool {
	step := e.sessionSteps()[0]
	var held Value
	if body := e.body(call.Common()); body != nil {
		held, _ = e.result(body, 0, at+step)
	} else if s := e.fact(callee(call.Common())); s != nil {
		held, _ = s.result(0, at+step)
	}
	if len(held.Alts) != 1 || len(held.Alts[0].Parts) != 1 {
		return false
	}
	p := held.Alts[0].Parts[0]
	return p.Kind == Param && p.Root == n && p.Path == step
}

// settingBy returns what the statement of a call sets the parameter of that step to.
func (e *engine) settingBy(row *models.Sink, call ssa.CallInstruction, step Path) (out Value, set bool) {
	for _, s := range e.settingsIn(row, call) {
		if settingStep(s.name) != step {
			continue
		}
		// What stays with the connection is there for whoever gets that next.
		out, set = unrestricted(), true
		if s.local && !empty(s.value) {
			out = s.value
		}
	}
	return out, set
}

// A runtimeSetting is a run-time parameter that a statement sets.
type runtimeSetting struct {
	name  string
	value Value
	local bool // ends with the transaction
}

// settingsIn returns the parameters that the statement of a call sets whichever
// way its text is composed.
func (e *engine) settingsIn(row *models.Sink, call ssa.CallInstruction) []runtimeSetting {
	text := argument(call.Common(), placeNumber(*row.SQL))
	if text == nil || len(row.SQL.Path) > 0 {
		return nil
	}
	texts, ok := e.sqlTexts(text, call)
	if !ok || len(texts) != 1 {
		return nil
	}
	t := texts[0]
	args := e.sqlArgs(row.Args, call.Common(), call)
	if len(args.lists) == 1 {
		args.list, args.ok = args.lists[0], true
	}
	var out []runtimeSetting
	for _, s := range sqlscope.Settings(t.text) {
		name, ok := args.textOf(s.Name, t.holes)
		if !ok {
			continue
		}
		out = append(out, runtimeSetting{strings.ToLower(name), args.value(s.Value, t.holes), args.isTrue(s.Local)})
	}
	return out
}

// textOf returns the text of a value of a statement, if it is known.
func (a sqlArgs) textOf(v sqlscope.Value, holes []Atom) (string, bool) {
	val := a.value(v, holes)
	if len(val.Alts) != 1 {
		return "", false
	}
	return val.Alts[0].constant()
}

// isTrue reports whether a value of a statement is the constant true.
func (a sqlArgs) isTrue(v sqlscope.Value) bool {
	if v.Kind == sqlscope.Placeholder && a.ok && v.Index > 0 && v.Index <= len(a.list) {
		return isBool(unboxed(a.list[v.Index-1]), true)
	}
	return v.Kind == sqlscope.Literal && v.Text == "true"
}

// sessionWrites returns those of ws that bear on the session at path, each as a
// write to what path asks for.
func (e *engine) sessionWrites(ws []write, path Path) []write {
	base, step := path.column()
	var out []write
	for _, w := range ws {
		switch {
		case w.setting != nil && w.sub == base+anySetting:
			val, set := w.setting(step)
			if !set {
				continue
			}
			w.sub, w.val = path, func(Path) Value { return val }
		case w.setting != nil, w.mode == weakSet:
			continue // of another; functions out of sight have a write of their own
		}
		out = append(out, w)
	}
	return out
}

// settingEffects returns what the write w of a function, by its n-th parameter,
// does to the parameters of a connection.
func (e *engine) settingEffects(n int, w write) []Effect {
	var out []Effect
	for _, step := range e.sessionSteps() {
		if val, set := w.setting(step); set {
			path := Path(strings.TrimSuffix(string(w.sub), string(anySetting))) + step
			out = append(out, Effect{Param: n, Path: path, Value: e.settle(val, w.instr), Must: e.always(w.instr)})
		}
	}
	return out
}

// sessionFrom returns what the rows for the callee of a call say of a session
// that it returns, or that it hands to a function: base and idx name which.
func (e *engine) sessionFrom(m *models.Func, call ssa.CallInstruction, base models.Base, idx int, path Path) (Value, bool) {
	prefix, step := path.column()
	if !isSession(step) || prefix != "" {
		return Value{}, false
	}
	out, said := unrestricted(), false
	for i := range m.Flows {
		fl := &m.Flows[i]
		if !fl.NoTo && fl.To.Base == base && fl.To.Index == idx && ofSessions(fl.How) {
			out, said = concat(out, e.sessionOf(fl, call, step)), true
		}
	}
	if said || step != connectionStep || base != models.Result {
		return out, said
	}
	for _, s := range m.Sources {
		if c, ok := call.(*ssa.Call); ok && s.Place.Base == models.Result && s.Place.Index == idx && len(s.Place.Path) == 0 {
			return e.withGuard(one(Atom{Kind: Scope, Dims: s.Dims, Text: calleeName(call.Common()), Pos: call.Pos()}), c), true
		}
	}
	for i := range m.Sinks {
		if row := &m.Sinks[i]; !row.IsQuery() && len(row.Key) > 0 {
			return e.keyPlace(row.Key[0], call.Common(), call), true // found under that key
		}
	}
	return Value{}, false
}

// sessionOf returns what a flow says of the session that it makes.
func (e *engine) sessionOf(fl *models.Flow, call ssa.CallInstruction, step Path) Value {
	common := call.Common()
	if step != connectionStep && (fl.How == models.Connect || len(fl.From) == 0) {
		return unrestricted() // another connection
	}
	if len(fl.From) == 0 {
		if v := e.firstConnection(common); v != nil {
			return e.ev(v, step, call)
		}
		return e.opaque(call.Pos(), "a connection")
	}
	out := unrestricted()
	for _, p := range fl.From {
		if fl.How == models.Connect {
			out = concat(out, e.keyPlace(p, common, call))
		} else if v := argument(common, placeNumber(p)); v != nil {
			out = concat(out, e.ev(v, pathOf(p.Path)+step, call))
		}
	}
	return out
}

// firstConnection returns the connection, or the database, that a call is about.
func (e *engine) firstConnection(common *ssa.CallCommon) ssa.Value {
	for _, arg := range callArgs(common) {
		if e.isConnection(arg.Type()) {
			return arg
		}
	}
	return nil
}

// begunOn answers for a query what its connection is asked: the connection of what
// it was begun on, or made of.
func (e *engine) begunOn(fl *models.Flow, call ssa.CallInstruction, step Path) Value {
	from := fl.From
	switch fl.How {
	case models.Begin, models.Apply:
		if !hasReceiver(call.Common()) {
			return e.opaque(call.Pos(), "what a query is run on")
		}
		from = []models.Place{{Base: models.Recv}}
	case models.Or:
		from = from[:1]
	case models.Where:
	default:
		return unrestricted()
	}
	out := unrestricted()
	for _, p := range from {
		if p.Base == models.Recv {
			out = concat(out, e.restrictedBy(p, call, step, concat))
		}
	}
	return out
}

// databaseKey answers for an entry of a map, a database that is kept for each tenant,
// by what it was chosen.
func (e *engine) databaseKey(v ssa.Value, path Path) (Value, bool) {
	if _, step := path.column(); step != connectionStep {
		return Value{}, false
	}
	if x, ok := v.(*ssa.Extract); ok && x.Index == 0 {
		v = x.Tuple
	}
	l, ok := v.(*ssa.Lookup)
	if !ok {
		return Value{}, false
	}
	return concat(e.ev(l.Index, "", l), e.containerKeys(l)), true
}

// containerKeys returns what the map of a lookup was itself chosen by.
func (e *engine) containerKeys(l *ssa.Lookup) Value {
	if sel := e.containerSelection(l.X, l); !sel.bottom() {
		return sel
	}
	return unrestricted()
}

// heldSession answers for a connection that a field of the receiver leads to. If
// nothing hands its methods another value of the receiver's type, one that is
// made for a transaction, then the field was set before anybody's request.
func (e *engine) heldSession(p *ssa.Parameter, path Path) (Value, bool) {
	base, step := path.column()
	if !isSession(step) {
		return Value{}, false
	}
	if e.onPool(p.Type(), path) {
		return e.pooledBy(path, p.Pos()), true
	}
	if base == "" || step == connectionStep || paramNumber(p) != Receiver {
		return Value{}, false
	}
	first := Path(base.steps()[0])
	_, field := stepTo(p.Type(), first)
	named, _ := structField(p.Type(), 0)
	if field == nil || named == nil || field.Pkg() != e.pass.Pkg || e.rebound(named) {
		return Value{}, false
	}
	rest := base[len(first):] + step
	for _, st := range e.fieldStores(field.Origin()) {
		if e.ev(st.Val, rest, st).has(func(a *Atom) bool { return a.Kind == Scope }) {
			return e.opaque(p.Pos(), "a connection with settings of its own"), true
		}
	}
	return unrestricted(), true
}

// rebound reports whether something in this package makes a value of the type for
// a connection or transaction that it is handed, as New(tx) and WithTx(tx) do.
func (e *engine) rebound(named *types.Named) bool {
	for _, fn := range e.funcs {
		sig := fn.Signature
		if sig.Results().Len() == 0 || !isNamed(sig.Results().At(0).Type(), named) {
			continue
		}
		for v := range sig.Params().Variables() {
			m := e.index.Type(v.Type())
			if e.isConnection(v.Type()) && (m == nil || !m.Pool && (!m.Handle || sig.Recv() != nil)) {
				return true
			}
		}
	}
	return false
}

// isNamed reports whether t is the named type, or points to it.
func isNamed(t types.Type, named *types.Named) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Origin() == named
}

// isConnection reports whether statements run on values of t: the rows say so of
// its methods, or of methods that look the same.
func (e *engine) isConnection(t types.Type) bool {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	if !ok {
		return false
	}
	n = n.Origin()
	if is, ok := e.connections[n]; ok {
		return is
	}
	runs := func(f *types.Func) bool {
		m := e.index.Func(f)
		if m == nil && types.IsInterface(n) {
			m = e.index.Like(f, func(p string) *types.Package { return e.imported[p] })
		}
		return m != nil && slices.ContainsFunc(m.Sinks, func(s models.Sink) bool { return s.SQL != nil && s.On == nil })
	}
	found := false
	if iface, ok := n.Underlying().(*types.Interface); ok {
		for f := range iface.Methods() {
			found = found || runs(f)
		}
	}
	for f := range n.Methods() {
		found = found || runs(f)
	}
	if e.connections == nil {
		e.connections = map[*types.Named]bool{}
	}
	e.connections[n] = found
	return found
}

// sessionPaths returns where in a value of type t connections lie: it is one, or a
// struct that holds one.
func (e *engine) sessionPaths(t types.Type) []Path {
	if e.isConnection(t) {
		return []Path{""}
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var out []Path
	for f := range s.Fields() {
		if e.isConnection(f.Type()) {
			out = append(out, Path("").field(f.Name()))
		}
	}
	return out
}

// summarizeSessions adds to a summary what the connections are held by that fn
// returns, and those that it hands to the functions it is handed.
func (e *engine) summarizeSessions(fn *ssa.Function, s *Summary) {
	steps := e.sessionSteps()
	if len(steps) == 0 {
		return
	}
	res := fn.Signature.Results()
	for i := range min(res.Len(), 4) {
		for _, at := range e.sessionPaths(res.At(i).Type()) {
			for _, step := range steps {
				if val, _ := e.result(fn, i, at+step); sayable(val) {
					s.Results = append(s.Results, ResultFlow{i, at + step, e.portable(val)})
				}
			}
		}
	}
	for i, p := range fn.Params {
		sig, ok := p.Type().Underlying().(*types.Signature)
		if !ok {
			continue
		}
		if fn.Signature.Recv() != nil {
			i--
		}
		for j := range sig.Params().Len() {
			for _, at := range e.sessionPaths(sig.Params().At(j).Type()) {
				for _, step := range steps {
					if val := e.handedBy(fn, i, j, at+step); sayable(val) {
						s.Calls = append(s.Calls, Callback{i, j, at + step, e.portable(val)})
					}
				}
			}
		}
	}
}

// handedBy returns what fn hands, as the n-th parameter, to the function that it
// was handed as its i-th: where it calls that, and where it hands it on to
// what does.
func (e *engine) handedBy(fn *ssa.Function, i, n int, path Path) Value {
	param := i
	if fn.Signature.Recv() != nil {
		param++
	}
	if param < 0 || param >= len(fn.Params) {
		return Value{}
	}
	p := fn.Params[param]
	return e.ask(evKey{v: p, path: called + path, idx: n}, func() Value {
		var out Value
		for _, inv := range e.invocations(fn, i) {
			if args := inv.Common().Args; n < len(args) {
				out = join(out, e.settle(e.ev(args[n], path, inv), inv))
			}
		}
		for _, ref := range *p.Referrers() {
			call, ok := ref.(ssa.CallInstruction)
			if !ok || call.Common().Value == p {
				continue
			}
			at := slices.Index(callArgs(call.Common()), ssa.Value(p))
			if hasReceiver(call.Common()) {
				at--
			}
			out = join(out, e.handed(call, call.Common(), at, n, path))
		}
		return out
	})
}

// sayable reports whether what a session is held by is fit for a summary. That it
// is held by nothing says something, too.
func sayable(v Value) bool { return !v.bottom() && v.size() <= maxEffect }

// databaseTable returns the name that the database has for a table, or for the
// table of a struct: what the schema declares, in the forms that object mappers make
// of a struct's name.
func (e *engine) databaseTable(name string) string {
	plain := snake(name)
	forms := []string{name, plain, plain + "s", plain + "es", strings.TrimSuffix(plain, "y") + "ies"}
	if schema := e.policy.Schema(); schema != nil {
		for _, form := range forms {
			if _, known := schema.Columns(form); known {
				return form
			}
		}
	}
	if plain != name {
		return forms[2]
	}
	return name
}

// snake returns a struct's name in lower case, with _ between its words.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// roleOf returns what an operation does to its table.
func roleOf(op models.Op) sqlscope.Role {
	switch op {
	case models.Insert:
		return sqlscope.Inserts
	case models.Write:
		return sqlscope.Updates
	case models.Delete:
		return sqlscope.Deletes
	}
	return sqlscope.Reads
}
