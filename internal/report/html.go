package report

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

//go:embed page.html
var pageText string

// A Route is a row of the table of routes in a [Document]: all of it for people.
type Route struct {
	Method, Path, Handler string
	Verdict, Why          string   // the verdict is "" if routes are not judged
	Behind                []string // middleware, in order
	Guards                string
	Place                 string   // where it is registered
	Notes                 []string // what else there is to say
	Unmounted             bool
}

// The page in the terms of its template.
type (
	page struct {
		Document
		Title     string
		New       int // findings that somebody has to act on
		Open      bool
		Kinds     []Count
		Rules     []pageRule
		Packages  []pageCount
		Known     []pageTaken // by a baseline or an older revision
		TakenOut  []pageTaken
		Verdicts  []Verdict
		RouteSums []pageCount
		Unmounted bool
		Judged    bool // some route has a verdict
	}
	pageRule struct {
		Rule
		Anchor   string
		Count    int
		Packages []pagePackage
	}
	pagePackage struct {
		Path     string
		Findings []pageFinding
	}
	pageFinding struct {
		Number  int
		Message string
		Place   string
		Excerpt []excerptLine
		Steps   []pageStep
		Fixes   []pageFix
	}
	pageStep struct {
		Message, Place string
		Excerpt        []excerptLine
	}
	pageFix struct{ Message, Diff string }
	// pageTaken is a finding that nobody has to act on.
	pageTaken struct{ Rule, Place, Message, Why, By string }
	pageCount struct {
		Name  string
		Count int
	}
)

// breaks returns text, a path or an address, as one that may go on in the next line
// behind each slash.
func breaks(text string) template.HTML {
	return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(text), "/", "/<wbr>"))
}

// openUpTo is how many findings there may be for their paths to be shown at once
// rather than when asked for.
const openUpTo = 60

// HTML prints a document as one page of HTML that needs nothing else: no script,
// no other file. It shows the source of findings and of the steps of their paths
// as it is on disk now. The same document gives the same page.
func HTML(w io.Writer, doc Document) error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"count":  func(c Count, v Verdict) int { return *c.of(v) },
		"share":  share,
		"means":  Verdict.means,
		"breaks": breaks,
	}).Parse(pageText)
	if err != nil {
		return fmt.Errorf("the template of the page: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, newPage(doc)); err != nil {
		return fmt.Errorf("writing the page: %w", err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

// means says in a few words what a verdict means.
func (v Verdict) means() string {
	switch v {
	case Proven:
		return "bound to the caller's scope on every path"
	case Found:
		return "there is a finding about it"
	case Exempted:
		return "taken out by the policy or a directive"
	case Shared:
		return "its key is the same for everybody"
	case Deferred:
		return "left to each call, and judged there"
	case Opaque:
		return "cannot be told: neither proven nor found"
	}
	return "concerns no tenant"
}

// share is the part of the things of a count that concern tenants which has the
// verdict.
func share(c Count, v Verdict) string {
	return strconv.FormatFloat(100*float64(*c.of(v))/float64(max(1, c.Tenants())), 'f', 1, 64)
}

func newPage(doc Document) *page {
	p := &page{Document: doc, Title: cmp.Or(doc.Title, filepath.Base(doc.Root)), Verdicts: Verdicts()}
	slices.Reverse(p.Verdicts) // what needs work first
	if doc.Ledger != nil {
		p.Kinds = append(slices.Clip(doc.Ledger.Kinds), doc.Ledger.Total)
	}
	src := newSources()
	packages := map[string]int{}
	for i := range doc.Results {
		r := &doc.Results[i]
		switch {
		case r.By != nil:
			p.TakenOut = append(p.TakenOut, p.taken(r, r.By.Reason))
		case r.Known != "":
			p.Known = append(p.Known, p.taken(r, r.Known))
		default:
			p.New++
			packages[r.Package]++
			p.add(r, src)
		}
	}
	p.Open = p.New <= openUpTo
	slices.SortStableFunc(p.Rules, func(a, b pageRule) int { return p.order(a.ID) - p.order(b.ID) })
	p.number()
	p.Packages = counts(packages)
	verdicts := map[string]int{}
	for i := range doc.Routes {
		p.Unmounted = p.Unmounted || doc.Routes[i].Unmounted
		p.Judged = p.Judged || doc.Routes[i].Verdict != ""
		verdicts[cmp.Or(doc.Routes[i].Verdict, "not judged")]++
	}
	p.RouteSums = counts(verdicts)
	return p
}

// counts lists what was counted, the most frequent first.
func counts(of map[string]int) []pageCount {
	var out []pageCount
	for name, n := range of {
		out = append(out, pageCount{name, n})
	}
	slices.SortFunc(out, func(a, b pageCount) int { return cmp.Or(b.Count-a.Count, strings.Compare(a.Name, b.Name)) })
	return out
}

// number numbers the findings as they stand on the page.
func (p *page) number() {
	n := 0
	for i := range p.Rules {
		for _, k := range p.Rules[i].Packages {
			for j := range k.Findings {
				n++
				k.Findings[j].Number = n
			}
		}
	}
}

// order is the place of a rule in the documentation.
func (p *page) order(rule string) int {
	i := slices.IndexFunc(p.Document.Rules, func(r Rule) bool { return r.ID == rule })
	if i < 0 {
		return len(p.Document.Rules)
	}
	return i
}

// add puts a finding under its rule and its package.
func (p *page) add(r *Result, src *sources) {
	id := r.Rule()
	i := slices.IndexFunc(p.Rules, func(g pageRule) bool { return g.ID == id })
	if i < 0 {
		i = len(p.Rules)
		g := pageRule{Rule: Rule{ID: id}, Anchor: strings.ReplaceAll(id, "/", "-")}
		if k := p.order(id); k < len(p.Document.Rules) {
			g.Rule = p.Document.Rules[k]
		}
		p.Rules = append(p.Rules, g)
	}
	g := &p.Rules[i]
	g.Count++
	k := slices.IndexFunc(g.Packages, func(k pagePackage) bool { return k.Path == r.Package })
	if k < 0 {
		k = len(g.Packages)
		g.Packages = append(g.Packages, pagePackage{Path: r.Package})
	}
	g.Packages[k].Findings = append(g.Packages[k].Findings, p.finding(r, src))
}

func (p *page) finding(r *Result, src *sources) pageFinding {
	f := pageFinding{Message: r.Message, Place: p.place(r.Pos), Excerpt: src.excerpt(r.Pos, r.End, 3)}
	for i, s := range r.Related {
		step := pageStep{Message: s.Message, Place: p.place(s.Pos)}
		if i == 0 || r.Related[i-1].Pos != s.Pos {
			step.Excerpt = src.excerpt(s.Pos, s.End, 1)
		}
		f.Steps = append(f.Steps, step)
	}
	for _, x := range r.Fixes {
		f.Fixes = append(f.Fixes, pageFix{x.Message, p.diff(x)})
	}
	return f
}

// diff returns what a fix does; "" if it does not fit the files as they are now.
func (p *page) diff(x Fix) string {
	fixed, _, err := ApplyFixes([]Finding{{Fixes: []Fix{x}}}, os.ReadFile)
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, f := range fixed {
		b.Write(f.Diff(p.Root))
	}
	return b.String()
}

func (p *page) taken(r *Result, why string) pageTaken {
	t := pageTaken{Rule: r.Rule(), Place: p.place(r.Pos), Message: r.Message, Why: why}
	if r.By == nil {
		return t
	}
	t.By = "policy"
	if r.By.InSource {
		t.By = "directive"
	}
	if r.By.Pos.File != "" {
		t.By += " at " + p.place(Pos{File: r.By.Pos.File, Line: r.By.Pos.Line})
	}
	return t
}

// place names a place as people read it: relative to the root.
func (p *page) place(at Pos) string {
	at.File = filepath.ToSlash(Relative(p.Root, at.File))
	return at.String()
}
