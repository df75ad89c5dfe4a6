package scopeflow

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// What statements set in the connections and transactions that they run on. A
// setting is a write to those, as a condition is to a query.

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

// survives reports whether control can get from a write to here past all others
// that surely set the same.
func (e *engine) survives(w write, others []write, here ssa.Instruction) bool {
	if here == nil || w.instr.Parent() != here.Parent() {
		return true
	}
	stop := map[*ssa.BasicBlock]bool{}
	for _, o := range others {
		if o.instr == w.instr || !o.must || o.instr.Parent() != here.Parent() {
			continue
		}
		sameBlock := o.instr.Block() == w.instr.Block()
		switch {
		case o.instr.Block() == here.Block() && !e.dominates(o.instr, here), sameBlock && e.dominates(o.instr, w.instr):
			// comes after here, or before the write
		case sameBlock, o.instr.Block() == here.Block():
			return false
		default:
			stop[o.instr.Block()] = true
		}
	}
	if w.instr.Block() == here.Block() && e.dominates(w.instr, here) {
		return true
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := slices.Clone(w.instr.Block().Succs)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == here.Block() {
			return true
		}
		if !seen[b] && !stop[b] {
			seen[b] = true
			work = append(work, b.Succs...)
		}
	}
	return false
}
