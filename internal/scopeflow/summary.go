package scopeflow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/models"
)

// A Summary is what other packages need to know of a function: an object fact.
// It holds slices only, in a fixed order, so that it encodes to the same bytes
// every time. It is immutable once exported.
type Summary struct {
	Results     []ResultFlow
	Guarded     bool // the results hold only if the last one, an error or bool, says so
	Effects     []Effect
	Calls       []Callback
	Obligations []Obligation
	Vouches     []Vouch
	Rows        []RowFlow
	Judged      models.Dims // for which all statements are judged that read what it returns
	Failure     Failure
	Needs       []ContextNeed
	Contexts    []ContextFlow
	Sets        []Setting
	Keys        []KeyUse
	Besides     []Beside
	Shows       []Showing
	Generics    []Generic
	Hooks       []HookFlow
	HookUses    []HookUse
}

// AFact marks Summary as a fact.
func (*Summary) AFact() {}

// String is short: facts are shown in tests by it.
func (s *Summary) String() string {
	var parts []string
	for _, r := range s.Results {
		parts = append(parts, fmt.Sprintf("result%d%s=%s", r.Index, r.Path, r.Value))
	}
	for _, ef := range s.Effects {
		op := "="
		if ef.Append {
			op = "+="
		}
		parts = append(parts, fmt.Sprintf("%s%s%s%s", paramName(ef.Param), ef.Path, op, ef.Value))
	}
	for _, c := range s.Calls {
		parts = append(parts, fmt.Sprintf("calls %s(%d%s=%s)", paramName(c.Param), c.Arg, c.Path, c.Value))
	}
	for _, v := range s.Vouches {
		by := ""
		if v.By.Kind == Param {
			by = " by " + v.By.String()
		}
		parts = append(parts, fmt.Sprintf("vouches %s%s %s%s", paramName(v.Param), v.Path, v.Dims, by))
	}
	for _, r := range s.Rows {
		parts = append(parts, fmt.Sprintf("result%d is a row %s", r.Index, r.By))
	}
	for _, n := range s.Needs {
		parts = append(parts, fmt.Sprintf("takes %s out of %s", n.Dims, paramName(n.Param)))
	}
	for _, c := range s.Contexts {
		from := "nothing"
		if c.Param != bareContext {
			from = paramName(c.Param)
		}
		parts = append(parts, fmt.Sprintf("result%d is a context from %s with %s", c.Index, from, c.Dims))
	}
	for _, set := range s.Sets {
		parts = append(parts, fmt.Sprintf("stores %s%s as %s", paramName(set.Param), set.Path, set.Dims))
	}
	for _, k := range s.Keys {
		parts = append(parts, fmt.Sprintf("reads %s%s as %s", k.Key, k.Path, k.Dims))
	}
	for _, b := range s.Besides {
		parts = append(parts, fmt.Sprintf("puts %s%s beside, for %s", paramName(b.Param), b.Path, b.By))
	}
	for _, show := range s.Shows {
		parts = append(parts, fmt.Sprintf("shows %s%s by %s", paramName(show.Param), show.Path, show.What))
	}
	for _, g := range s.Generics {
		parts = append(parts, fmt.Sprintf("%s of T%d", g.What, g.Type))
	}
	for _, h := range s.Hooks {
		parts = append(parts, fmt.Sprintf("hooks let %s go on with %s, past with %s", h.Op, h.Next, h.Past))
	}
	for _, r := range s.HookUses {
		parts = append(parts, fmt.Sprintf("relies on hooks for %s with %s", r.What, paramName(r.Param)))
	}
	for _, o := range s.Obligations {
		what := "needs"
		if o.Shared.Said() {
			what = "shares"
		}
		parts = append(parts, fmt.Sprintf("%s %s %s", what, o.Kind, o.Key))
	}
	return strings.Join(parts, "; ")
}

func paramName(n int) string {
	if n == Receiver {
		return "recv"
	}
	return fmt.Sprintf("p%d", n)
}

// A ResultFlow is what a result is, at a path, in terms of the parameters.
type ResultFlow struct {
	Index int
	Path  Path
	Value Value
}

// An Effect is what a function writes through a parameter.
type Effect struct {
	Param  int
	Path   Path
	Value  Value
	Append bool
	Must   bool
	// Or, of a query: it is put behind an OR; Bare: without parentheses around what
	// stands before that.
	Or, Bare bool
}

// A Callback is what a function passes to a function that it was handed.
type Callback struct {
	Param int // the function-typed parameter
	Arg   int
	Path  Path
	Value Value
}

// An Obligation is what a function's caller must supply: each alternative of
// Key must carry Need, because it reaches the sink at the end of Steps.
type Obligation struct {
	Kind     models.Kind
	Op       models.Op
	What     string // the sink, as messages call it
	Key      Value
	Need     []models.Dims
	Entity   string // of a query, with the one column that Key must prove
	Column   string
	ID       Value  // of a query that finds its rows by identifiers alone: those
	Named    string // of a query that is restricted by Key, too, what its rows are found by is called, if the caller hands in that one
	Kept     bool   // as in Access
	User     Value
	Child    bool
	Members  bool // as in Access
	Optional bool
	Ref      string
	Lock     string      // as in Access
	Exact    bool        // as in Access
	State    models.Name // the variable or field that keeps the entries, if it is state of the process
	Shared   Sharing     // what is said of tenants sharing State
	Absent   bool        // as in Access
	Trusted  bool        // satisfied by the parameter's type unless the caller shows otherwise
	Steps    []Step
}

// same reports whether to satisfy o is to satisfy h, so that one of both is enough.
// What tenants share takes nothing else along: whoever leaves out what is said to be
// shared must be left with the rest.
func (o *Obligation) same(h *Obligation) bool {
	return o.Kind == h.Kind && o.Op == h.Op && o.Column == h.Column && o.Ref == h.Ref && equal(o.Key, h.Key) && equal(o.ID, h.ID) &&
		o.Shared.Said() == h.Shared.Said()
}

// owing reports whether callers owe something by one of the obligations: more than
// the keys of what tenants share.
func owing(list []Obligation) bool {
	return slices.ContainsFunc(list, func(o Obligation) bool { return !o.Shared.Said() })
}

// A Step is one entry of the path that explains a finding.
type Step struct {
	Pos Position
	Msg string
}

// A Position is a place in the source that outlives its token.FileSet: the
// import path of the package and the base name of the file, so that facts are
// the same on every machine.
type Position struct {
	Pkg, File string
	Line, Col int
}

func (p Position) String() string {
	if p.File == "" {
		return ""
	}
	return fmt.Sprintf("%s/%s:%d:%d", p.Pkg, p.File, p.Line, p.Col)
}

func (s *Summary) result(idx int, path Path) (Value, bool) {
	var out Value
	known := false
	for _, r := range s.Results {
		if r.Index != idx {
			continue
		}
		known = true
		switch {
		case r.Path == path:
			return r.Value, true
		case strings.Contains(string(path), columnMark):
			// What else is known of a query says nothing of this column.
		case strings.HasPrefix(string(path), string(r.Path)):
			out = r.Value.at(path[len(r.Path):])
		}
	}
	return out, known && !out.bottom()
}

// at returns what v is at a path, as far as it is made of parameters; the rest is
// left as it is.
func (v Value) at(path Path) Value {
	if path == "" {
		return v
	}
	return v.mapAtoms(func(a Atom) Atom {
		if a.Kind == Param {
			if (a.Path + path).depth() > maxSteps {
				return Atom{Kind: Opaque, Text: a.Text}
			}
			a.Path += path
			shown, _ := path.column()
			a.Text += string(shown)
		}
		return a
	})
}

func (s *Summary) empty() bool {
	return len(s.Results) == 0 && len(s.Effects) == 0 && len(s.Calls) == 0 && len(s.Obligations) == 0 && len(s.Vouches) == 0 && len(s.Rows) == 0 && s.Failure == MayPass &&
		len(s.Needs) == 0 && len(s.Contexts) == 0 && len(s.Sets) == 0 && len(s.Keys) == 0 && len(s.Besides) == 0 && len(s.Shows) == 0 && len(s.Generics) == 0 && s.Judged == 0 && len(s.Hooks) == 0 && len(s.HookUses) == 0
}

// String shows a value for tests and debugging.
func (v Value) String() string {
	if v.bottom() {
		return "⊥"
	}
	var alts []string
	for _, alt := range v.Alts {
		var parts []string
		for i := range alt.Parts {
			parts = append(parts, alt.Parts[i].String())
		}
		s := strings.Join(parts, "·")
		if alt.Bag {
			s = "{" + s + "}"
		}
		alts = append(alts, s)
	}
	return strings.Join(alts, "|")
}

func (a Atom) String() string {
	var s string
	switch a.Kind {
	case Constant:
		s = fmt.Sprintf("%q", a.Text)
		if a.Mixed {
			s = "const"
		}
	case Scope:
		s = "scope(" + a.Dims.String() + ")"
		if a.Unchecked {
			s += "?"
		}
	case Param:
		s = paramName(a.Root) + string(a.Path)
		if a.Dims != 0 {
			s += ":" + a.Dims.String()
		}
	case Dynamic:
		s = a.Call.String()
	default:
		s = a.Kind.String()
	}
	switch {
	case a.Secret != models.NoSecret:
		s = "secret " + s
	case a.Masked:
		s = "masked " + s
	}
	if a.Ctx {
		s += "ctx"
	}
	if a.Selected {
		s = "by(" + s + ")"
	}
	return s
}

// Describe is how messages call the part.
func (a *Atom) Describe() string { return describe(a) }

// describe is how messages call a part.
func describe(a *Atom) string {
	switch a.Kind {
	case Constant:
		if a.Mixed || a.Text == "" {
			return "a constant"
		}
		return fmt.Sprintf("the constant %q", a.Text)
	case Param:
		return "parameter " + a.Text
	case Record:
		if a.Text != "" {
			return a.Text + " (a loaded record)"
		}
		return "a loaded record"
	case Request:
		if a.Text != "" {
			return a.Text + " (from the request)"
		}
		return "the request"
	case Unique:
		return "a fresh id (" + a.Text + ")"
	}
	if a.Text == "" {
		return "a value"
	}
	return a.Text
}
