package scopeflow

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// An Access is one read or write of shared data under a key: a call of a
// modelled or declared sink, a call of a function that owes one, or a use of
// a map or cache that outlives its function. Its key is in terms of the
// parameters of Owner.
type Access struct {
	Kind    models.Kind
	Op      models.Op
	What    string // the sink, as messages call it: "Client.Get"
	Key     Value
	Need    []models.Dims // each: any of these dimensions will do
	Unbound bool          // the call cannot carry a key
	Row     *models.Sink  // the row that declares the sink, if one does

	// Of a query: the table, and one column for each of Need. Key is what
	// restricts it in all.
	Entity  string
	Columns []ScopeColumn

	// ID, of a query, is what its rows are found by, where that names them.
	// Kept: the function that Instr calls does not hand them on. Optional: that the
	// statement found something does not tell that it found a row here.
	ID       Value
	Kept     bool
	Optional bool
	User     Value  // what restricts the column of the user, if the table has one
	Lock     string // how it locks what it finds, as in SQL

	// Exact: the identifiers stand in the text of a statement. Others leave out what
	// is zero, and find everything by an identifier that is not there.
	Exact bool

	// Compared: the policy accepts that the rows are compared with the scope after
	// they were read.
	Compared bool

	// Whole: all that the statement can reach is to be the tenant's own, its schema or
	// its database. Columns say by what that is chosen.
	Whole bool
	asked Value // what the statement itself is handed

	// Hook: it stands for hooks that run in front of statements which do these
	// operations, and Columns for what they hold those to.
	Hook []models.Op

	// Way is the relation by which the rows are read, if the statement reads them
	// besides its own.
	Way string

	// Child: whose the rows are, only what they refer to says. Ref is the column
	// that is set to ID, and refers to what has Columns.
	Child bool
	Ref   string

	// Members: which tenants the rows belong to, of which ID names one, only those say
	// that refer to it. Strict: the statement itself has to keep to the caller's, of
	// what they refer to or of those.
	Members bool
	Strict  bool

	handed []operand // what Instr hands on that ID is made of

	// kinds are those of the calls of Owner that it is about; nil: any call.
	kinds []*kind

	judged map[models.Dims]Status // of a query

	// Owner is the declared function in whose terms Key is; Instr, within Owner
	// or one of its literals, is what accesses (or, derived, calls).
	Owner *ssa.Function
	Instr ssa.Instruction
	Pos   token.Pos
	Steps []Step // from Instr on to the sink, if the sink is in another function

	// The container, for state of this process.
	Global *ssa.Global  // package-level variable
	Field  *types.Var   // struct field
	Struct *types.Named // the type that has Field
	Path   Path         // from Global

	Container ssa.Value // what the map or cache hangs on, in terms of Owner

	// Loaded: the value written was obtained by a call that took the caller's
	// context (its position), so it was obtained for that caller.
	Loaded token.Pos

	// Memo: what is kept is computed from the key alone, by code that nobody
	// handed in: the same for every tenant that has the same key.
	Memo bool

	// Absent: the sink writes only where there is no entry, as locks do that
	// are built on a cache.
	Absent bool

	// State names the state that a function of another package keeps under the
	// key, a variable or a field; the zero Name if it is not state of the process.
	State models.Name

	// Shared is what that package says of tenants sharing State.
	Shared Sharing

	Trusted bool // proven by the type of a parameter, unless a caller shows otherwise
	Root    *Access
}

// root returns the access that a was derived from, a itself if from none.
func (a *Access) root() *Access {
	if a.Root != nil {
		return a.Root
	}
	return a
}

// Class is the verdict on one alternative of a key, or on a whole key, for
// one requirement.
type Class uint8

// The classes, from good to bad.
const (
	Proven  Class = iota
	Shared        // nothing but constants: one entry for everybody, on purpose or not
	Pending       // depends on the caller
	Unknown       // opaque
	Foreign       // carries the dimension, but not the caller's
	Bare          // does not carry it at all
)

// Status is the verdict on one requirement of one access. Whether that is a
// finding is for a rule to say.
type Status struct {
	Need  models.Dims // any of these will do
	Class Class
	Mixed bool  // some alternatives are proven, others not
	Cause *Atom // Foreign: the part that claims to be the dimension. Bare: the part that stands out
	// Unchecked: the part that would prove it comes from a call whose error is not checked.
	Unchecked bool
	Trusted   bool
	// Read: what cannot be followed is of rows that other statements read, which are
	// judged for Need themselves.
	Read bool

	// ByID: a statement that finds its rows by identifiers alone, of which Cause
	// is one. By is the parameter that the row is compared with, if it is: the
	// caller's tenant or, Within, an identifier that the row refers to.
	ByID   bool
	By     *Atom
	Within bool
}

// Statuses judges the key of a, requirement by requirement.
func (e *engine) Statuses(a *Access) []Status {
	out := make([]Status, 0, len(a.Need))
	for _, need := range a.Need {
		out = append(out, e.status(a, need))
	}
	return out
}

func (e *engine) status(a *Access, need models.Dims) Status {
	if len(a.Columns) == 0 {
		return e.judge(a, need)
	}
	st, ok := a.judged[need]
	if !ok {
		st = e.judge(a, need)
		if a.judged == nil {
			a.judged = map[models.Dims]Status{}
		}
		a.judged[need] = st
	}
	return st
}

func (e *engine) judge(a *Access, need models.Dims) Status {
	st := Status{Need: need}
	if a.Unbound && len(a.Columns) == 0 {
		st.Class = Bare
		return st
	}
	counts, causes, read := map[Class]int{}, map[Class]*Atom{}, 0
	var worst Class
	key := a.Key
	var beside map[string]bool
	var column bool
	for _, col := range a.Columns {
		if col.Need == need {
			key, column = col.Value, true
		}
	}
	if !column {
		beside = e.besideScope(a, need)
	}
	for i := range key.Alts {
		alt := &key.Alts[i]
		if column && a.Op != models.Insert && len(key.Alts) > 1 && alt.blank() {
			continue // nobody's rows: mostly what was returned beside an error
		}
		var c Class
		var cause *Atom
		var trusted bool
		if column {
			c, cause = columnStatus(alt, need, a.Op)
			if c == Pending && len(alt.Parts) == 1 && a.besideID(cause) {
				c = Bare // what names the row is not its owner
			}
			if (c == Foreign && cause.Kind == Request || c == Pending || c == Unknown && cause.Kind == Record && cause.Claim&need != 0) && e.vouched(*cause, need, a.Instr) {
				c = Proven // a guard passed for it, or its row is the caller's
			}
			if c == Foreign && cause.Kind == Request && a.Op == models.Read && e.ownRow(a) {
				c = Proven // the caller's own row
			}
		} else {
			c, cause, trusted = e.classify(a, alt, need)
			if c >= Pending && c != Unknown && e.vouchedPart(alt, need, a.Instr) {
				c = Proven
			}
		}
		if c == Pending && beside != nil && onlyOf(alt, beside) {
			c = Bare // what stands beside the scope elsewhere is not the scope
		}
		counts[c]++
		if causes[c] == nil {
			causes[c] = cause
		}
		if c == Unknown && column && e.judgedRow(cause, need) {
			read++
		}
		st.Trusted = st.Trusted || trusted
		if c > worst || st.Cause == nil && c == worst {
			st.Cause = cause
		}
		worst = max(worst, c)
	}
	if a.Op == models.Insert && counts[Bare] > 0 && counts[Bare] < len(key.Alts) {
		// Rows are made elsewhere, and on some way there for nobody: a zero value
		// beside an error.
		counts[Bare], worst = 0, Proven
		for c := Proven; c < Bare; c++ {
			if counts[c] > 0 {
				worst = c
			}
		}
		st.Cause = causes[worst]
	}
	bad := counts[Bare] + counts[Foreign]
	switch {
	case len(counts) == 0:
		st.Class = Unknown
	case bad > 0:
		st.Class = worst
		st.Mixed = counts[Proven] > 0
		st.Unchecked = st.Cause != nil && st.Cause.Unchecked
	case counts[Shared] > 0 && counts[Proven] > 0:
		st.Class, st.Mixed = Bare, true
	case counts[Unknown] > 0:
		st.Class, st.Read = Unknown, read == counts[Unknown] && counts[Pending] == 0
	case counts[Pending] > 0:
		st.Class = Pending
	case counts[Shared] > 0:
		st.Class = Shared
		if a.Row != nil && a.Row.Whole {
			st.Class = Bare
		}
	default:
		st.Class = Proven
	}
	if column && (st.Class >= Foreign || a.Child && st.Class != Proven) {
		if id, ok := e.identified(a, need); ok {
			switch {
			case id.Class == Proven:
				return id
			case st.Class != Bare || st.Unchecked:
			case a.Strict && a.Ref != "" && id.Cause.Kind != Opaque:
				return id
			case id.Class < Bare, (a.Compared || a.Row != nil && a.Row.Of != "") && !st.Mixed && (id.Cause.Kind == Request || id.Cause.Kind == Param):
				return id
			}
		}
		if (a.Child && !a.Strict || a.Ref != "") && st.Class != Pending {
			st.Class, st.Read = Unknown, false // found by nothing that says whose it is: work for all, or a list
		}
	}
	return st
}

// besideID reports whether the parameter p is what the rows of a are found by.
func (a *Access) besideID(p *Atom) bool {
	same := func(q *Atom) bool {
		return q.Kind == Param && !q.Selected && !q.Ctx && q.Root == p.Root && q.Path == p.Path
	}
	return p.Kind == Param && p.Claim == 0 && p.Dims == 0 && (a.ID.has(same) || a.asked.has(same))
}

// configured reports whether a field, of the receiver or of what the function
// works on, is configuration: a string that does not claim to be one of the
// dimensions and that nothing in this package sets to what may be scope.
func (e *engine) configured(owner *ssa.Function, p *Atom, need models.Dims) bool {
	n := p.Root
	if owner.Signature.Recv() != nil {
		n++
	}
	if p.Claim&need != 0 || n < 0 || n >= len(owner.Params) || strings.Contains(string(p.Path), "[") {
		return false
	}
	t, field := stepTo(owner.Params[n].Type(), p.Path)
	if field == nil {
		// Behind an interface: what an implementation keeps.
		return p.Root == Receiver && e.claim(p.Path.last())&need == 0 && e.takesRequest(owner)
	}
	if !isString(t) {
		return false
	}
	if field.Pkg() != e.pass.Pkg || p.Root != Receiver && field.Exported() {
		// Set out of sight. A method that is handed its caller's context serves
		// many callers; what its receiver holds was there before them.
		return p.Root == Receiver && e.takesRequest(owner)
	}
	for _, st := range e.fieldStores(field.Origin()) {
		val := e.ev(st.Val, "", st)
		if val.has(func(q *Atom) bool {
			switch q.Kind {
			case Scope:
				return true
			case Param:
				return !q.Ctx && (q.Dims != 0 || q.Claim&need != 0 || requestCode(st.Parent()))
			}
			return false
		}) {
			return false
		}
	}
	return true
}

// fieldStores returns the stores to a struct field in this package.
func (e *engine) fieldStores(field *types.Var) []*ssa.Store {
	if e.fields == nil {
		e.fields = map[*types.Var][]*ssa.Store{}
		for _, fn := range e.funcs {
			e.instrs(fn, func(in ssa.Instruction) {
				if st, ok := in.(*ssa.Store); ok {
					if fa, ok := st.Addr.(*ssa.FieldAddr); ok {
						if s, ok := fa.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct); ok {
							f := s.Field(fa.Field).Origin()
							e.fields[f] = append(e.fields[f], st)
						}
					}
				}
			})
		}
	}
	return e.fields[field]
}

// requestCode reports whether fn, or the function around it, serves somebody:
// it takes a context.
func requestCode(fn *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		for _, p := range fn.Params {
			if isContext(p.Type()) {
				return true
			}
		}
	}
	return false
}

// besideScope returns the parameters that stand beside a proven part in some
// alternative of the key; nil if none is proven.
func (e *engine) besideScope(a *Access, need models.Dims) map[string]bool {
	var out map[string]bool
	for i := range a.Key.Alts {
		alt := &a.Key.Alts[i]
		if c, _, _ := e.classify(a, alt, need); c != Proven {
			continue
		}
		if out == nil {
			out = map[string]bool{}
		}
		for k := range alt.Parts {
			if p := &alt.Parts[k]; p.Kind == Param && p.Dims == 0 && !p.Selected {
				out[paramName(p.Root)+string(p.Path)] = true
			}
		}
	}
	return out
}

// onlyOf reports whether all parameters of alt are among names.
func onlyOf(alt *Alt, names map[string]bool) bool {
	for k := range alt.Parts {
		if p := &alt.Parts[k]; p.Kind == Param && p.Dims == 0 && !p.Selected && !p.Ctx && !names[paramName(p.Root)+string(p.Path)] {
			return false
		}
	}
	return true
}

// classify judges one alternative of a key.
func (e *engine) classify(a *Access, alt *Alt, need models.Dims) (c Class, cause *Atom, trusted bool) {
	var pending, opaque, claim, unchecked, standout *Atom
	constant, selectedScope, selectedRequest, own, claimed, recorded := true, false, false, false, false, false
	for i := range alt.Parts {
		p := &alt.Parts[i]
		if p.Ctx {
			continue
		}
		if p.Selected {
			if p.Dims&need != 0 || p.Kind == Param && p.Claim&need != 0 {
				selectedScope = true
			}
			if p.Kind == Request {
				selectedRequest = true
			}
			continue
		}
		if p.Kind == Param && p.Root < literalParam && p.Path != "" && p.Dims == 0 && !p.Func && e.configured(a.Owner, p, need) {
			continue // set up once, from nothing that is scope: as good as a constant
		}
		if p.Kind != Constant {
			constant = false
		}
		switch p.Kind {
		case Scope:
			own = own || !p.Unchecked
			if p.Dims&need != 0 {
				if !p.Unchecked {
					return Proven, nil, false
				}
				unchecked = p
			}
		case Param:
			switch {
			case p.Root >= literalParam:
				opaque = p
			case p.Dims&need != 0:
				trusted = true
			case p.Dims != 0 || p.Func:
			default:
				pending = p
				claimed = claimed || p.Claim&need != 0
			}
		case Opaque:
			opaque = p
		case Unique:
			if a.Kind != models.Blob {
				return Proven, nil, false
			}
			standout = p
		case Request, Record:
			if p.Kind == Record && p.Mixed && p.Claim != 0 {
				opaque = p // by its own dimension, and loaded with the caller's context
				recorded = true
				continue
			}
			if p.Claim&need != 0 {
				claim = p
			}
			if standout == nil || standout.Kind == Record {
				standout = p
			}
		}
	}
	switch {
	case trusted:
		return Proven, nil, true
	case unchecked != nil:
		return Bare, unchecked, false
	case recorded:
		return Unknown, opaque, false
	case claim != nil && claim.Kind == Record:
		if a.Op == models.Read && selectedRequest && !selectedScope {
			return Foreign, claim, false
		}
		return Unknown, claim, false // the record's own; whose it is was decided where it was loaded
	case claim != nil:
		return Foreign, claim, false
	case pending != nil && own && !claimed:
		return Bare, pending, false // scoped here, though not in this dimension: its parameters are plain ids
	case pending != nil:
		return Pending, pending, false
	case opaque != nil:
		return Unknown, opaque, false
	case constant:
		return Shared, nil, false
	case standout != nil && standout.Kind == Record && own:
		return Bare, standout, false // scoped here, though not in this dimension
	case standout != nil && standout.Kind == Record:
		// The id of something loaded, not what a client sent: whose it is was
		// decided where it was loaded.
		return Unknown, standout, false
	}
	return Bare, standout, false
}
