package policy

import (
	"fmt"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/report"
)

// Subject is what a finding is about, for [Policy.Takes].
type Subject struct {
	Category string      // "unscopedkey/missing"
	Func     *types.Func // that the finding is in, nil outside functions
	Global   *types.Var  // the variable or field that it is about, nil if it is about none
	State    models.Name // the same, met by name only since another package declares it
	Table    string      // the table or entity that it is about
	Lacks    models.Dims // what the statement or key is not bound to, 0 if it is about none
	Package  string      // import path
	File     string      // absolute
	// Keys holds the constants that its key may begin with, for each way in
	// which the key may be made; nil if it is about no key.
	Keys [][]string
	// Route is the route that it is about, nil if it is about none.
	Route *Route

	needed *types.Func // a function that only holders of a role may get to
}

// A Mark is one of the things that a shared or exempt entry names. Entries are
// used or not mark by mark: a second name that takes nothing out may hide the
// next finding as well as a second entry may.
type Mark struct {
	Entry int    // as in Shared.Index
	List  string // the key in the file: "func", "packages"
	Elem  int    // of the list
}

// String returns a form of the mark that [ParseMark] reads.
func (m Mark) String() string { return fmt.Sprintf("%d.%s.%d", m.Entry, m.List, m.Elem) }

// ParseMark reads what [Mark.String] wrote and reports whether it is that.
func ParseMark(s string) (Mark, bool) {
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return Mark{}, false
	}
	entry, err1 := strconv.Atoi(parts[0])
	elem, err2 := strconv.Atoi(parts[2])
	return Mark{entry, parts[1], elem}, err1 == nil && err2 == nil
}

// An Idle is a shared or exempt entry with things that take nothing out.
type Idle struct {
	At    models.At
	Table string // "shared" or "exempt"
	Text  string // the things, as the file names them: "func example.com/m/jobs.Run"
	All   bool   // nothing else of the entry takes anything out
	Marks []Mark
}

// Here is a package that is asked for idle entries.
type Here struct {
	Path  string   // its import path
	Files []string // absolute
	// Open lists the variables and fields of the package that findings of
	// other packages may be about, though they cannot see them.
	Open []models.Name
}

// entry is what shared and exempt entries have in common: lists of things. A
// finding must fit one thing of every list that is not empty.
type entry struct {
	index int
	table string
	at    models.At
	lists []list
}

type list struct {
	key  string
	text []string
	fits func(i int, s *Subject) bool
	// decides reports whether all findings that the i-th thing could take out
	// are findings of this one package.
	decides func(i int, here *Here) bool
}

func (e *entry) mark(l *list, i int) Mark { return Mark{e.index, l.key, i} }

// entries returns all entries that findings are matched with, in the order of the
// file.
func (p *Policy) entries() []entry {
	out := make([]entry, len(p.Shared)+len(p.Exempts)+len(p.Publics)+len(p.Roles))
	for i := range p.Shared {
		s := &p.Shared[i]
		out[s.Index] = entry{s.Index, "shared", s.At, []list{keyList(s.Keys), globalList(s.Globals), funcList(s.Funcs), tableList(s.Tables)}}
	}
	for i := range p.Exempts {
		e := &p.Exempts[i]
		out[e.Index] = entry{e.Index, "exempt", e.At, []list{
			funcList(e.Funcs), globalList(e.Globals), packageList(e.Packages), p.fileList(e.Files), lacksList(e.Lacks), categoryList(e.Categories)}}
	}
	for i := range p.Publics {
		out[p.Publics[i].Index] = p.publicEntry(&p.Publics[i])
	}
	for i := range p.Roles {
		out[p.Roles[i].Index] = p.roleEntry(&p.Roles[i])
	}
	return out
}

// Exemption returns what the entry of a mark says: its reason and its place.
func (p *Policy) Exemption(m Mark) report.Exemption {
	by := func(reason string, at models.At) report.Exemption {
		return report.Exemption{Reason: reason, Pos: report.Pos{File: at.File, Line: at.Line}}
	}
	for i := range p.Shared {
		if s := &p.Shared[i]; s.Index == m.Entry {
			return by(s.Reason, s.At)
		}
	}
	for i := range p.Exempts {
		if e := &p.Exempts[i]; e.Index == m.Entry {
			return by(e.Reason, e.At)
		}
	}
	for i := range p.Publics {
		if e := &p.Publics[i]; e.Index == m.Entry {
			return by(e.Reason, e.At)
		}
	}
	return report.Exemption{}
}

// none is for things that no single package decides.
func none(int, *Here) bool { return false }

func keyList(keys []string) list {
	text := make([]string, len(keys))
	for i, k := range keys {
		text[i] = strconv.Quote(k)
	}
	return list{"key", text, func(i int, s *Subject) bool {
		return slices.ContainsFunc(s.Keys, func(begins []string) bool { return beginsWith(begins, keys[i]) })
	}, none}
}

func tableList(tables []string) list {
	return list{"table", tables, func(i int, s *Subject) bool { return strings.EqualFold(s.Table, tables[i]) }, none}
}

func beginsWith(begins []string, key string) bool {
	return slices.ContainsFunc(begins, func(b string) bool { return strings.HasPrefix(b, key) })
}

func nameText(names []models.Name) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = n.String()
	}
	return out
}

func funcList(names []models.Name) list {
	return list{"func", nameText(names),
		func(i int, s *Subject) bool { return names[i].MatchFunc(s.Func) },
		func(i int, here *Here) bool { return names[i].Package == here.Path }}
}

func globalList(names []models.Name) list {
	return list{"global", nameText(names),
		func(i int, s *Subject) bool { return names[i].MatchVar(s.Global) || names[i].Covers(s.State) },
		func(i int, here *Here) bool {
			// What is exported may be written anywhere.
			return names[i].Package == here.Path && !token.IsExported(names[i].Name) && names[i].Name[0] != '*' &&
				!slices.ContainsFunc(here.Open, names[i].Covers)
		}}
}

func packageList(patterns []string) list {
	return list{"packages", patterns,
		func(i int, s *Subject) bool { return models.MatchPackage(patterns[i], s.Package) },
		func(i int, here *Here) bool { return patterns[i] == here.Path }}
}

func (p *Policy) fileList(globs []string) list {
	return list{"file", globs,
		func(i int, s *Subject) bool {
			rel, ok := p.relative(s.File)
			return ok && matchFile(globs[i], rel)
		},
		func(i int, here *Here) bool {
			if !strings.Contains(globs[i], "/") || strings.ContainsAny(globs[i], `*?[\`) {
				return false
			}
			return slices.ContainsFunc(here.Files, func(f string) bool {
				rel, ok := p.relative(f)
				return ok && rel == globs[i]
			})
		}}
}

func (p *Policy) relative(file string) (string, bool) {
	rel, err := filepath.Rel(p.Dir, file)
	return filepath.ToSlash(rel), err == nil
}

// lacksList fits findings that are about nothing but dims.
func lacksList(dims models.Dims) list {
	var names []string
	each := dims.Each()
	for _, d := range each {
		names = append(names, d.String())
	}
	return list{"dimension", names, func(i int, s *Subject) bool { return s.Lacks&each[i] != 0 && s.Lacks&^dims == 0 }, none}
}

func categoryList(cats []string) list {
	return list{"category", cats, func(i int, s *Subject) bool { return matchCategory(cats[i], s.Category) }, none}
}

// Takes returns what takes the finding out: the marks of every entry that it
// fits. It returns nil if none does.
func (p *Policy) Takes(s Subject) []Mark {
	// A key is shared only if it is in each of the ways in which it is made.
	for _, begins := range s.Keys {
		if !slices.ContainsFunc(p.Shared, func(sh Shared) bool {
			return slices.ContainsFunc(sh.Keys, func(k string) bool { return beginsWith(begins, k) })
		}) {
			s.Keys = nil
			break
		}
	}
	var out []Mark
	entries := p.entries()
	for i := range entries {
		if entries[i].table != "role" { // which demands something
			out = append(out, entries[i].takes(&s)...)
		}
	}
	return out
}

func (e *entry) takes(s *Subject) []Mark {
	var out []Mark
	for k := range e.lists {
		l := &e.lists[k]
		n := len(out)
		for i := range l.text {
			if l.fits(i, s) {
				out = append(out, e.mark(l, i))
			}
		}
		if len(out) == n && len(l.text) > 0 {
			return nil
		}
	}
	return out
}

// IdleIn returns the entries that name something which only findings of one
// package could need, and none does, in the order of the file: its functions,
// variables that nobody else sees, the package itself, one of its files. used
// reports whether a finding of the package fits a mark.
func (p *Policy) IdleIn(here Here, used func(Mark) bool) []Idle {
	var out []Idle
	entries := p.entries()
	for k := range entries {
		e := &entries[k]
		for j := range e.lists {
			// All lists of an entry narrow the same findings: the first that
			// this package can judge says it.
			if idle, ok := e.idle(&e.lists[j], func(i int) bool {
				return e.lists[j].decides(i, &here) && !used(e.mark(&e.lists[j], i))
			}); ok {
				out = append(out, idle)
				break
			}
		}
	}
	return out
}

// IdleAfter returns the entries with things that no finding of a whole run
// fits, in the order of the file. used are the marks that some finding fits.
// Entries with a mark in told, which a package has judged by itself, are left
// out.
func (p *Policy) IdleAfter(used, told []Mark) []Idle {
	var out []Idle
	entries := p.entries()
	for k := range entries {
		e := &entries[k]
		if slices.ContainsFunc(told, func(m Mark) bool { return m.Entry == e.index }) {
			continue
		}
		for j := range e.lists {
			if idle, ok := e.idle(&e.lists[j], func(i int) bool { return !slices.Contains(used, e.mark(&e.lists[j], i)) }); ok {
				out = append(out, idle)
				break
			}
		}
	}
	return out
}

func (e *entry) idle(l *list, idle func(i int) bool) (Idle, bool) {
	out := Idle{At: e.at, Table: e.table}
	var text []string
	for i := range l.text {
		if idle(i) {
			text = append(text, l.text[i])
			out.Marks = append(out.Marks, e.mark(l, i))
		}
	}
	out.Text = l.key + " " + strings.Join(text, ", ")
	out.All = len(text) == len(l.text)
	return out, len(text) > 0
}

// File returns the policy as a file of fset, so that findings can be about its
// lines; nil if the policy has no file.
func (p *Policy) File(fset *token.FileSet) *token.File {
	if !p.IsSet() {
		return nil
	}
	f := fset.AddFile(p.Path, -1, p.size)
	f.SetLines(p.lines)
	return f
}
