package scopeflow

import (
	"go/token"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/models"
)

// Kind is the origin of a part of a value.
type Kind uint8

// The origins. The order is their order in facts and messages.
const (
	Constant Kind = iota // the same for every caller: a literal, configuration, package-level state
	Scope                // the runtime or a declared source
	Param                // a parameter: what it is, the caller decides
	Record               // loaded by a call: a field of it is the record's, not the caller's
	Request              // sent by the client
	Unique               // freshly generated
	Opaque               // not known
	Dynamic              // made by a method of a parameter's type, which the caller decides
)

// String returns the vocabulary's word for the origin.
func (k Kind) String() string {
	return [...]string{"constant", "scope", "parameter", "record", "request", "unique", "opaque", "dynamic"}[k]
}

// Receiver is the parameter number of a method's receiver.
const Receiver = -1

// literalParam is the number of the first parameter of a function literal
// that is returned, in the summary of what calling it yields. Such parameters
// are replaced where the literal is called.
const literalParam = 1000

// A Path is an access path from a parameter or a result: field names and
// element steps, as in ".Filter.TenantID" or ".Items[*].Key". The empty path
// is the value itself. Pointers are followed without a step of their own.
type Path string

// maxSteps bounds access paths; what lies deeper is opaque.
const maxSteps = 4

func (p Path) steps() []string {
	var out []string
	for s := string(p); s != ""; {
		end := len(s)
		if i := strings.IndexAny(s[1:], ".[#"); i >= 0 {
			end = i + 1
		}
		out = append(out, s[:end])
		s = s[end:]
	}
	return out
}

func (p Path) depth() int { return strings.Count(string(p), ".") + strings.Count(string(p), "[") }

func (p Path) field(name string) Path { return p + "." + Path(name) }

// last returns the name of the last field of the path, "" if it ends in an element.
func (p Path) last() string {
	i := strings.LastIndexByte(string(p), '.')
	if i < 0 || strings.HasSuffix(string(p), "]") {
		return ""
	}
	return string(p[i+1:])
}

// An Atom is one part of a value, with its origin. Where and how it was met
// (Pos, At) does not take part in comparisons.
type Atom struct {
	Kind  Kind
	Dims  models.Dims // Scope: what it carries. Param: what its type vouches for, unless a caller shows otherwise
	Root  int         // Param: the parameter, or Receiver
	Path  Path        // Param: access path from Root
	Text  string      // Constant: the text, if known. Others: what to call it in messages
	Claim models.Dims // not Scope: the dimensions that its name claims to be
	Fixed bool        // its text has a fixed shape that holds no separator
	Ctx   bool        // Param: a context; selects, never carries
	Func  bool        // Param: a function
	Mixed bool        // Constant: text unknown (a variable, a number)
	// Selected: the value was looked up by this part, it does not contain it.
	Selected bool
	// Handled: a function that is not known made it of what the client sent. It
	// may have refused what is not the caller's.
	Handled bool
	// Secret: it is a credential, or holds some. Masked, of a parameter: if it was
	// one, that cannot be told from this any more: a digest, a few of its characters.
	Secret models.Secrecy
	Masked bool
	// Unchecked: a source's result whose error was not found to be checked.
	Unchecked bool
	// Loose: it stands somewhere in a run of loose parts, whose own order is not
	// known; that of the runs and of the other parts is.
	Loose bool
	Call  *Dispatch // Dynamic

	Pos token.Pos // in this package, if known
	At  Position  // if made in another package

	// Guards numbers calls of this package whose last result must have been
	// checked before use; facts have none.
	Guards []int
}

func (a *Atom) key() atomKey {
	return atomKey{a.Kind, a.Dims, a.Root, a.Path, a.Text, a.Selected, a.Unchecked, a.Masked, a.Secret, a.Call.String()}
}

type atomKey struct {
	kind                Kind
	dims                models.Dims
	root                int
	path                Path
	text                string
	selected, unchecked bool
	masked              bool
	secret              models.Secrecy
	call                string
}

// compare orders atoms by identity.
func (a atomKey) compare(b atomKey) int {
	switch {
	case a.kind != b.kind:
		return int(a.kind) - int(b.kind)
	case a.dims != b.dims:
		return int(a.dims) - int(b.dims)
	case a.root != b.root:
		return a.root - b.root
	case a.path != b.path:
		return strings.Compare(string(a.path), string(b.path))
	case a.text != b.text:
		return strings.Compare(a.text, b.text)
	case a.selected != b.selected:
		return boolCompare(a.selected, b.selected)
	}
	if c := boolCompare(a.unchecked, b.unchecked); c != 0 {
		return c
	}
	if c := boolCompare(a.masked, b.masked); c != 0 {
		return c
	}
	if a.secret != b.secret {
		return int(a.secret) - int(b.secret)
	}
	return strings.Compare(a.call, b.call)
}

func compareAtoms(a, b Atom) int { return a.key().compare(b.key()) }

func boolCompare(a, b bool) int {
	if a == b {
		return 0
	}
	if b {
		return -1
	}
	return 1
}

// An Alt is one way a value may be composed: its parts in order, or, if Bag,
// parts whose order and separation are not known.
type Alt struct {
	Parts []Atom
	Bag   bool
}

// A Value is what the engine knows of a value: the ways it may be composed,
// each of which happens on some path. A dimension is carried on every path
// (must) when each alternative carries it, on some path (may) when one does.
// The zero Value is bottom: no path reaches it.
//
// Values are immutable; their slices may be shared.
type Value struct {
	Alts []Alt
}

// Bounds of a value. Beyond maxParts an alternative becomes a bag of its
// distinct parts; beyond maxAlts alternatives lose order and constant text,
// and if that is not enough they merge into one that keeps only what all
// have, which errs on the side of not proven.
const (
	maxAlts  = 8
	maxParts = 16
)

func one(a Atom) Value { return Value{[]Alt{{Parts: []Atom{a}}}} }

func (v Value) bottom() bool { return len(v.Alts) == 0 }

// join returns the value that is a on some paths and b on others.
func join(a, b Value) Value {
	if a.bottom() {
		return b
	}
	if b.bottom() {
		return a
	}
	return bound(append(slices.Clip(a.Alts), b.Alts...))
}

// concat returns a followed by b.
func concat(a, b Value) Value {
	if a.bottom() || b.bottom() {
		return Value{}
	}
	if len(a.Alts) == 1 && len(a.Alts[0].Parts) == 0 && !a.Alts[0].Bag {
		return b
	}
	if len(b.Alts) == 1 && len(b.Alts[0].Parts) == 0 && !b.Alts[0].Bag {
		return a
	}
	if len(a.Alts)*len(b.Alts) > maxAlts {
		a, b = a.fewer(), b.fewer()
	}
	alts := make([]Alt, 0, len(a.Alts)*len(b.Alts))
	for _, x := range a.Alts {
		for _, y := range b.Alts {
			if x.Bag != y.Bag {
				x, y = x.loose(), y.loose()
			}
			alts = append(alts, Alt{Parts: append(slices.Clip(x.Parts), y.Parts...), Bag: x.Bag})
		}
	}
	return bound(alts)
}

// fewer returns v with one way for those whose order is not known: what they
// have in common. Beside something whose order is known that is all they tell.
func (v Value) fewer() Value {
	var out, bags []Alt
	for _, alt := range v.Alts {
		if alt.Bag {
			bags = append(bags, alt)
		} else {
			out = append(out, alt)
		}
	}
	if len(bags) < 2 {
		return v
	}
	return Value{dedupe(append(out, inCommon(bags)))}
}

// inCommon returns what all of several ways have, and that there is more.
func inCommon(alts []Alt) Alt {
	out := alts[0]
	for _, alt := range alts[1:] {
		out = Alt{Bag: true, Parts: slices.DeleteFunc(slices.Clone(out.Parts), func(a Atom) bool {
			return !alt.has(func(b *Atom) bool { return b.key() == a.key() })
		})}
	}
	out.Parts = append(slices.Clip(out.Parts), Atom{Kind: Opaque, Text: "one of many"})
	return normal(out)
}

// gather returns a and b with the order of parts forgotten.
func gather(a, b Value) Value { return concat(a.bag(), b.bag()) }

// loose returns a bag as a run of loose parts.
func (alt Alt) loose() Alt {
	if !alt.Bag {
		return alt
	}
	out := Alt{Parts: slices.Clone(alt.Parts)}
	for i := range out.Parts {
		out.Parts[i].Loose = true
	}
	return out
}

// Ordered reports whether the order of all parts is known.
func (alt *Alt) Ordered() bool {
	return !alt.Bag && !alt.has(func(a *Atom) bool { return a.Loose })
}

// bag returns v with the order of parts forgotten.
func (v Value) bag() Value {
	return v.mapAlts(func(alt Alt) Alt { return Alt{Parts: alt.Parts, Bag: true} })
}

// selected returns v as what something was looked up by.
func (v Value) selected() Value {
	return v.mapAlts(func(alt Alt) Alt {
		out := Alt{Bag: true}
		for _, a := range alt.Parts {
			switch a.Kind {
			case Constant, Unique, Opaque, Record:
				continue // says nothing about whose it is
			}
			a.Selected = true
			out.Parts = append(out.Parts, a)
		}
		return out
	})
}

// masked returns v as something from which credentials in it cannot be told.
func masked(v Value) Value {
	return v.mapAtoms(func(a Atom) Atom {
		a.Masked, a.Secret = a.Kind == Param, models.NoSecret
		return a
	})
}

func (v Value) mapAlts(f func(Alt) Alt) Value {
	if v.bottom() {
		return v
	}
	alts := make([]Alt, len(v.Alts))
	for i, alt := range v.Alts {
		alts[i] = f(alt)
	}
	return bound(alts)
}

// mapAtoms returns v with f applied to each part.
func (v Value) mapAtoms(f func(Atom) Atom) Value {
	return v.mapAlts(func(alt Alt) Alt {
		out := Alt{Parts: make([]Atom, len(alt.Parts)), Bag: alt.Bag}
		for i, a := range alt.Parts {
			out.Parts[i] = f(a)
		}
		return out
	})
}

// size returns the number of parts of all alternatives.
func (v Value) size() int {
	n := 0
	for i := range v.Alts {
		n += len(v.Alts[i].Parts)
	}
	return n
}

// has reports whether some part of v satisfies f.
func (v Value) has(f func(*Atom) bool) bool {
	for i := range v.Alts {
		for j := range v.Alts[i].Parts {
			if f(&v.Alts[i].Parts[j]) {
				return true
			}
		}
	}
	return false
}

func (alt *Alt) has(f func(*Atom) bool) bool {
	for i := range alt.Parts {
		if f(&alt.Parts[i]) {
			return true
		}
	}
	return false
}

// normal returns alt with adjacent constants merged and within bounds.
func normal(alt Alt) Alt {
	if !alt.Bag && len(alt.Parts) > maxParts {
		alt.Parts = looseConstants(alt.Parts)
	}
	if alt.Bag || len(alt.Parts) > maxParts {
		if len(alt.Parts) < 2 {
			return Alt{Parts: alt.Parts, Bag: true}
		}
		if tidy(alt.Parts) {
			return Alt{Parts: alt.Parts, Bag: true} // as most are, that were made of others
		}
		parts := slices.Clone(alt.Parts)
		slices.SortStableFunc(parts, compareAtoms)
		parts = slices.CompactFunc(parts, func(a, b Atom) bool { return a.key() == b.key() })
		if len(parts) > maxParts {
			// Keep what decides: scope and parameters first, constants last.
			slices.SortStableFunc(parts, func(a, b Atom) int { return rank(a.Kind) - rank(b.Kind) })
			parts = parts[:maxParts]
		}
		return Alt{Parts: parts, Bag: true}
	}
	mergeable := func(a, b *Atom) bool {
		return a.Kind == Constant && b.Kind == Constant && !a.Mixed && !b.Mixed && a.Selected == b.Selected && !a.Loose && !b.Loose
	}
	for i := 1; i < len(alt.Parts); i++ {
		if !mergeable(&alt.Parts[i-1], &alt.Parts[i]) {
			continue
		}
		parts := append(make([]Atom, 0, len(alt.Parts)-1), alt.Parts[:i]...)
		for _, b := range alt.Parts[i:] {
			if last := &parts[len(parts)-1]; mergeable(last, &b) {
				last.Text += b.Text
			} else {
				parts = append(parts, b)
			}
		}
		alt.Parts = parts
		break
	}
	return alt
}

// tidy reports whether parts are sorted, each there once, and within bounds.
func tidy(parts []Atom) bool {
	if len(parts) > maxParts {
		return false
	}
	last := parts[0].key()
	for _, p := range parts[1:] {
		k := p.key()
		if last.compare(k) >= 0 {
			return false
		}
		last = k
	}
	return true
}

// looseConstants returns parts with one constant, whose text is not known, for
// those of each run of loose parts.
func looseConstants(parts []Atom) []Atom {
	var out []Atom
	merged := -1 // where in out the constant of this run is
	for _, p := range parts {
		if !p.Loose {
			merged = -1
		} else if p.Kind == Constant {
			if merged >= 0 {
				continue
			}
			merged = len(out)
			p.Text, p.Mixed = "", true
		}
		out = append(out, p)
	}
	return out
}

func rank(k Kind) int {
	switch k {
	case Scope:
		return 0
	case Param, Dynamic:
		return 1
	case Constant:
		return 3
	}
	return 2
}

func compareAlts(a, b Alt) int {
	if c := boolCompare(a.Bag, b.Bag); c != 0 {
		return c
	}
	return slices.CompareFunc(a.Parts, b.Parts, compareAtoms)
}

// bound sorts, removes duplicates and keeps the number of alternatives within maxAlts.
func bound(alts []Alt) Value {
	for i := range alts {
		alts[i] = normal(alts[i])
	}
	if len(alts) == 1 {
		return Value{alts}
	}
	alts = dedupe(alts)
	if len(alts) <= maxAlts {
		return Value{alts}
	}
	for i, alt := range alts {
		parts := make([]Atom, 0, len(alt.Parts))
		for _, a := range alt.Parts {
			if a.Kind == Constant {
				a.Text, a.Mixed = "", true
			}
			parts = append(parts, a)
		}
		alts[i] = normal(Alt{Parts: parts, Bag: true})
	}
	alts = dedupe(alts)
	if len(alts) <= maxAlts {
		return Value{alts}
	}
	// Too many still: what the rest have in common, and nothing else.
	return Value{dedupe(append(slices.Clip(alts[:maxAlts-1]), inCommon(alts[maxAlts-1:])))}
}

func dedupe(alts []Alt) []Alt {
	slices.SortStableFunc(alts, compareAlts)
	return slices.CompactFunc(alts, func(a, b Alt) bool { return compareAlts(a, b) == 0 })
}

// present returns v without the alternatives that are the zero value, if it has
// others.
func (v Value) present() Value {
	if !slices.ContainsFunc(v.Alts, func(a Alt) bool { return !a.blank() }) {
		return v
	}
	return Value{slices.DeleteFunc(slices.Clone(v.Alts), func(a Alt) bool { return a.blank() })}
}

// substitute replaces each parameter of v by what arg returns for it, which
// must be what the caller passes there, and what methods of parameters return by
// what call does; without it they are opaque. A nil result keeps nothing: the part
// becomes opaque.
func (v Value) substitute(arg func(root int, path Path) Value, call func(Atom) Value) Value {
	if v.bottom() {
		return v
	}
	var alts []Alt
	for _, alt := range v.Alts {
		acc := Value{[]Alt{{}}}
		for _, a := range alt.Parts {
			part := one(a)
			if a.Kind == Dynamic {
				part = one(Atom{Kind: Opaque, Text: a.Text, Pos: a.Pos})
				if call != nil {
					part = call(a)
				}
				if a.Selected {
					part = part.selected()
				}
			}
			if a.Kind == Param {
				actual := arg(a.Root, a.Path)
				if actual.bottom() {
					actual = one(Atom{Kind: Opaque, Text: "a value not reached"})
				}
				if a.Dims != 0 {
					actual = narrow(actual, a.Dims, "")
				}
				if a.Selected {
					actual = actual.present() // nothing is found by an identifier that is not there
				}
				if a.Selected || a.Ctx {
					actual = actual.selected()
				}
				if a.Masked {
					actual = masked(actual)
				}
				if a.Fixed {
					actual = actual.mapAtoms(func(x Atom) Atom { x.Fixed = true; return x })
				}
				part = actual
			}
			if a.Loose {
				part = part.bag()
			}
			acc = concat(acc, part)
		}
		if alt.Bag {
			acc = acc.bag()
		}
		alts = append(alts, acc.Alts...)
	}
	return bound(alts)
}
