// Package sql is a stand-in for ent's: what generated code of the corpus needs.
package sql

// Selector is a SELECT under construction.
type Selector struct{ preds []*Predicate }

// Where adds a predicate.
func (s *Selector) Where(p *Predicate) *Selector { s.preds = append(s.preds, p); return s }

// FieldEQ returns a predicate: the field has the value.
func FieldEQ(name string, v any) func(*Selector) {
	return func(s *Selector) { s.Where(EQ(name, v)) }
}

// FieldNEQ returns a predicate: the field has another value.
func FieldNEQ(name string, v any) func(*Selector) {
	return func(s *Selector) { s.Where(EQ(name, v)) }
}

// FieldIn returns a predicate: the field has one of the values.
func FieldIn[T any](name string, vs ...T) func(*Selector) {
	return func(s *Selector) { s.Where(In(name, vs)) }
}

// AndPredicates joins predicates.
func AndPredicates[P ~func(*Selector)](ps ...P) func(*Selector) {
	return func(s *Selector) {
		for _, p := range ps {
			p(s)
		}
	}
}

// OrPredicates joins predicates.
func OrPredicates[P ~func(*Selector)](ps ...P) func(*Selector) { return AndPredicates(ps...) }

// NotPredicates negates a predicate.
func NotPredicates[P ~func(*Selector)](p P) func(*Selector) { return func(s *Selector) { p(s) } }

// Predicate is a part of a WHERE.
type Predicate struct{ text string }

// EQ returns a predicate: the column has the value.
func EQ(col string, value any) *Predicate { return &Predicate{text: col} }

// NEQ returns a predicate: the column has another value.
func NEQ(col string, value any) *Predicate { return &Predicate{text: col} }

// And joins predicates.
func And(preds ...*Predicate) *Predicate { return &Predicate{} }

// Or joins predicates.
func Or(preds ...*Predicate) *Predicate { return &Predicate{} }

// In returns a predicate: the column has one of the values.
func In(col string, args ...any) *Predicate { return &Predicate{text: col} }

// C returns the name of a column, with the table's before it.
func (s *Selector) C(column string) string { return column }

// ConflictOption says what an upsert does.
type ConflictOption func(columns []string)

// ConflictColumns names the columns that must not be there twice.
func ConflictColumns(names ...string) ConflictOption { return func([]string) {} }
