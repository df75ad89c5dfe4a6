// Package entql is a stand-in for ent's: predicates that are made at run time.
package entql

// P is a predicate.
type P interface{ Negate() P }

type p struct{}

func (p) Negate() P      { return p{} }
func (p) Field(string) P { return p{} }
func (p) text()          {}

// StringP is a predicate on a text.
type StringP interface {
	Field(string) P
	text()
}

// StringEQ returns a predicate: the text is v.
func StringEQ(v string) StringP { return p{} }

// StringNEQ returns a predicate: the text is not v.
func StringNEQ(v string) StringP { return p{} }

// FieldEQ returns a predicate: the field is v.
func FieldEQ(name string, v any) P { return p{} }

// Or returns a predicate that either satisfies.
func Or(x, y P, z ...P) P { return p{} }
