package scopetest

import "fmt"

// Guarantee is one thing that this package proves, by name. The list is closed:
// [Guarantees] returns all of it.
type Guarantee string

// What [Isolation] proves about a feature.
const (
	Works      Guarantee = "works"
	Read       Guarantee = "read"
	List       Guarantee = "list"
	Empty      Guarantee = "empty"
	Update     Guarantee = "update"
	Delete     Guarantee = "delete"
	Create     Guarantee = "create"
	SameID     Guarantee = "same-id"
	Existence  Guarantee = "existence"
	NoScope    Guarantee = "no-scope"
	Encoding   Guarantee = "encoding"
	Concurrent Guarantee = "concurrent"
)

// What [Permutations] proves about a handler.
const (
	Reached   Guarantee = "reached"
	Guarded   Guarantee = "guarded"
	Available Guarantee = "available"
	Sound     Guarantee = "sound"
	Redirects Guarantee = "redirects"
	Leaks     Guarantee = "leaks"
	Markers   Guarantee = "markers"
	Listed    Guarantee = "listed"
)

// Guarantees returns every guarantee, first those of [Isolation], then those of
// [Permutations], each in the order in which it is proved.
func Guarantees() []Guarantee {
	return []Guarantee{
		Works, Read, List, Empty, Update, Delete, Create, SameID, Existence, NoScope, Encoding, Concurrent,
		Reached, Guarded, Available, Sound, Redirects, Leaks, Markers, Listed,
	}
}

// Sentence says in one sentence what holds where the guarantee does. It is ""
// for a guarantee that is not in the list.
func (g Guarantee) Sentence() string {
	switch g {
	case Works:
		return "a scope finds, changes and removes what it wrote itself"
	case Read:
		return "no scope reads what another one wrote"
	case List:
		return "a list holds exactly what its own scope wrote"
	case Empty:
		return "the list of a scope that wrote nothing is empty"
	case Update:
		return "an update leaves what other scopes wrote as it was"
	case Delete:
		return "a delete leaves what other scopes wrote where it is"
	case Create:
		return "a create neither shows nor overwrites what another scope wrote under the same id"
	case SameID:
		return "two scopes can use the same id, and each has its own record under it"
	case Existence:
		return "an id that only another scope uses is answered like one that nobody uses"
	case NoScope:
		return "without a valid scope every call fails"
	case Encoding:
		return "no separator, wildcard, path or spelling makes one scope reach the records of another"
	case Concurrent:
		return "scopes that work at the same time do not meet"
	case Reached:
		return "every route of the contract is there"
	case Guarded:
		return "who must not pass a route is refused, with the status that the contract names"
	case Available:
		return "who may pass a route gets the answer that the contract names"
	case Sound:
		return "no request makes the handler panic, hang or answer with a server error"
	case Redirects:
		return "no request is redirected unless the contract says so"
	case Leaks:
		return "no answer holds what belongs to a tenant other than the caller's"
	case Markers:
		return "the markers of the contract are seen by those they belong to"
	case Listed:
		return "a method that the contract does not list succeeds for nobody"
	}
	return ""
}

// Dimension is what two scopes differ in.
type Dimension string

// The dimensions of a scope that keep data apart.
const (
	Tenant Dimension = "tenant"
	Env    Dimension = "env"
	User   Dimension = "user"
)

// Violation is one way in which a guarantee was seen broken.
type Violation struct {
	Guarantee Guarantee

	// Dimension is what the scopes involved differ in, or "" where the
	// guarantee is not about two scopes that differ in one dimension.
	Dimension Dimension

	// Detail says what was done and what came of it.
	Detail string
}

// String returns the guarantee, its sentence and what was seen instead, such as
// "read (tenant): no scope reads what another one wrote, but ...".
func (v Violation) String() string {
	name := string(v.Guarantee)
	if v.Dimension != "" {
		name += " (" + string(v.Dimension) + ")"
	}
	return fmt.Sprintf("%s: %s, but %s", name, v.Guarantee.Sentence(), v.Detail)
}
