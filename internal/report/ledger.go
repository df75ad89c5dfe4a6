package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// A Verdict says what is known of something that was looked at.
type Verdict string

// The verdicts, from good to bad.
const (
	Global   Verdict = "global"   // it concerns no tenant
	Proven   Verdict = "proven"   // it is bound to the caller's scope
	Shared   Verdict = "shared"   // its key is the same for everybody
	Deferred Verdict = "deferred" // it is a matter of each call, judged there
	Exempted Verdict = "exempted" // it would be found, but for an exemption
	Opaque   Verdict = "opaque"   // it cannot be told
	Found    Verdict = "found"    // there is a finding about it
)

// Verdicts lists the verdicts from good to bad.
func Verdicts() []Verdict {
	return []Verdict{Global, Proven, Shared, Deferred, Exempted, Opaque, Found}
}

// Worse reports whether v is worse than w.
func (v Verdict) Worse(w Verdict) bool {
	all := Verdicts()
	return slices.Index(all, v) > slices.Index(all, w)
}

// Kinds lists the kinds of things that the ledger tells of, in its order: those
// of keys, statements, state of the process, and routes.
func Kinds() []string {
	return []string{"cache", "lock", "blob", "topic", "task", "store", "query", "state", "route"}
}

// A Line is an entry of the ledger: something that was looked at, with its
// verdict.
type Line struct {
	Pos     Pos     `json:"p"`
	Kind    string  `json:"k"` // of [Kinds]
	Verdict Verdict `json:"v"`
	Text    string  `json:"t"` // what it is, and what is known of it
	// Reason is why an opaque one is, in words that many share; About names what
	// it is that is not known, if there is such a thing.
	Reason string `json:"r,omitempty"`
	About  string `json:"a,omitempty"`
}

// String writes the line so that [ParseLines] can read it.
func (l Line) String() string {
	data, err := json.Marshal(l)
	if err != nil {
		return err.Error() // cannot be: the struct holds texts and numbers
	}
	return string(data)
}

// ParseLines reads what [Line.String] wrote.
func ParseLines(texts []string) ([]Line, error) {
	out := make([]Line, len(texts))
	for i, s := range texts {
		if err := json.Unmarshal([]byte(s), &out[i]); err != nil {
			return nil, fmt.Errorf("the ledger of a package cannot be read: %w", err)
		}
	}
	return out, nil
}

// A Ledger counts what was looked at. Its JSON form is what programs read.
type Ledger struct {
	Kinds []Count `json:"kinds"` // of which there is something, in the order of [Kinds]
	Total Count   `json:"total"`
	// Reasons are why things are opaque: by kind, the most frequent first.
	Reasons []Reason `json:"opaque"`
	// Exceeded says which limits there are that it exceeds.
	Exceeded []string `json:"exceeded,omitempty"`
}

// A Count is how many things of a kind there are, by verdict.
type Count struct {
	Kind     string `json:"kind,omitempty"` // "" for all
	Proven   int    `json:"proven"`
	Found    int    `json:"found"`
	Exempted int    `json:"exempted"`
	Shared   int    `json:"shared"`
	Deferred int    `json:"deferred"`
	Opaque   int    `json:"opaque"`
	Global   int    `json:"global"`
}

// A Reason is why things of a kind are opaque.
type Reason struct {
	Kind  string  `json:"kind"`
	Why   string  `json:"reason"`
	Count int     `json:"count"`
	About []About `json:"about,omitempty"` // the most frequent first
}

// An About is a thing that makes others opaque.
type About struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// Sum counts lines.
func Sum(lines []Line) *Ledger {
	out := &Ledger{Kinds: []Count{}, Reasons: []Reason{}}
	for _, kind := range Kinds() {
		c := Count{Kind: kind}
		for _, l := range lines {
			if l.Kind == kind {
				*c.of(l.Verdict)++
				*out.Total.of(l.Verdict)++
			}
		}
		if c.All() > 0 {
			out.Kinds = append(out.Kinds, c)
			out.Reasons = append(out.Reasons, reasons(kind, lines)...)
		}
	}
	return out
}

// of returns the counter of a verdict.
func (c *Count) of(v Verdict) *int {
	switch v {
	case Proven:
		return &c.Proven
	case Found:
		return &c.Found
	case Exempted:
		return &c.Exempted
	case Shared:
		return &c.Shared
	case Deferred:
		return &c.Deferred
	case Global:
		return &c.Global
	}
	return &c.Opaque
}

// All returns how many things there are.
func (c *Count) All() int { return c.Tenants() + c.Global }

// String lists the numbers.
func (c *Count) String() string {
	var out []string
	for _, v := range Verdicts() {
		out = append(out, fmt.Sprintf("%d %s", *c.of(v), v))
	}
	return strings.Join(out, ", ")
}

// Tenants returns how many things there are that concern tenants, for all that
// is known.
func (c *Count) Tenants() int {
	return c.Proven + c.Found + c.Exempted + c.Shared + c.Deferred + c.Opaque
}

// reasons returns why things of a kind are opaque.
func reasons(kind string, lines []Line) []Reason {
	var out []Reason
	for _, l := range lines {
		if l.Kind != kind || l.Verdict != Opaque {
			continue
		}
		i := slices.IndexFunc(out, func(r Reason) bool { return r.Why == l.Reason })
		if i < 0 {
			i = len(out)
			out = append(out, Reason{Kind: kind, Why: l.Reason})
		}
		r := &out[i]
		r.Count++
		if l.About == "" {
			continue
		}
		k := slices.IndexFunc(r.About, func(a About) bool { return a.Name == l.About })
		if k < 0 {
			k = len(r.About)
			r.About = append(r.About, About{Name: l.About})
		}
		r.About[k].Count++
	}
	for i := range out {
		slices.SortFunc(out[i].About, func(a, b About) int { return cmp.Or(b.Count-a.Count, strings.Compare(a.Name, b.Name)) })
	}
	slices.SortFunc(out, func(a, b Reason) int { return cmp.Or(b.Count-a.Count, strings.Compare(a.Why, b.Why)) })
	return out
}

// maxAbout bounds how many things a reason names in text.
const maxAbout = 5

// Names lists what a reason is about, for people: the most frequent, each with
// how often, if not once.
func (r *Reason) Names() string {
	var out []string
	for i, a := range r.About {
		if i == maxAbout {
			out = append(out, fmt.Sprintf("and %d more", len(r.About)-maxAbout))
			break
		}
		if a.Count > 1 {
			a.Name += fmt.Sprintf(" (%d)", a.Count)
		}
		out = append(out, a.Name)
	}
	return strings.Join(out, ", ")
}

// Text prints the ledger for people.
func (l *Ledger) Text(w io.Writer) error {
	var b strings.Builder
	const row = "%-8s%8v%8v%10v%8v%10v%8v%8v\n"
	fmt.Fprintf(&b, row, "ledger", Proven, Found, Exempted, Shared, Deferred, Opaque, Global)
	for _, c := range append(slices.Clip(l.Kinds), l.Total) {
		fmt.Fprintf(&b, row, cmp.Or(c.Kind, "all"), c.Proven, c.Found, c.Exempted, c.Shared, c.Deferred, c.Opaque, c.Global)
	}
	for i := range l.Reasons {
		r := &l.Reasons[i]
		if i == 0 {
			b.WriteString("\nopaque\n")
		}
		fmt.Fprintf(&b, "  %d of kind %s: %s\n", r.Count, r.Kind, r.Why)
		if names := r.Names(); names != "" {
			fmt.Fprintf(&b, "    %s\n", names)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// A Limit is how much may be opaque: in all, or of one kind.
type Limit struct {
	Kind    string // "" for all kinds together
	Most    float64
	Percent bool // Most is of what concerns tenants, else a number of things
}

// ParseLimits reads limits, separated by commas: "10%", "25", "query=5%,route=0".
func ParseLimits(s string) ([]Limit, error) {
	var out []Limit
	for one := range strings.SplitSeq(s, ",") {
		var l Limit
		kind, most, ok := strings.Cut(strings.TrimSpace(one), "=")
		if !ok {
			kind, most = "", kind
		}
		if l.Kind = kind; ok && !slices.Contains(Kinds(), kind) {
			return nil, fmt.Errorf("there is no kind %q: there are %s", kind, strings.Join(Kinds(), ", "))
		}
		most, l.Percent = strings.CutSuffix(most, "%")
		n, err := strconv.ParseFloat(most, 64)
		if err != nil || n < 0 || n > 1e9 || !l.Percent && n != float64(int(n)) || l.Percent && n > 100 {
			return nil, fmt.Errorf("%q is neither a number nor a percentage: write 10%%, 25 or query=5%%,route=0", one)
		}
		l.Most = n
		out = append(out, l)
	}
	return out, nil
}

// Beyond returns what is said of a limit that the ledger exceeds, "" if it
// does not.
func (l *Ledger) Beyond(limit Limit) string {
	c := l.Total
	if limit.Kind != "" {
		i := slices.IndexFunc(l.Kinds, func(c Count) bool { return c.Kind == limit.Kind })
		if i < 0 {
			return ""
		}
		c = l.Kinds[i]
	}
	value, unit := float64(c.Opaque), ""
	if limit.Percent {
		value, unit = 100*float64(c.Opaque)/float64(max(1, c.Tenants())), "%"
	}
	if value <= limit.Most {
		return ""
	}
	of := ""
	if c.Kind != "" {
		of = " of kind " + c.Kind
	}
	most := strconv.FormatFloat(limit.Most, 'f', -1, 64) + unit
	return fmt.Sprintf("%d of %d%s are opaque (%.1f%%): more than %s", c.Opaque, c.Tenants(), of, 100*float64(c.Opaque)/float64(max(1, c.Tenants())), most)
}
