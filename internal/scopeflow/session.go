package scopeflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

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
	if len(e.policy.Sessions) == 0 {
		return out
	}
	table = e.databaseTable(table)
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
			out = concat(out, e.restrictedBy(p, call, step, true))
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
