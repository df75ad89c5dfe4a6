// Package sql is a stand-in for ent's: what generated code of the corpus needs.
package sql

// Selector is a SELECT under construction.
type Selector struct{ preds []any }

// Where adds a predicate.
func (s *Selector) Where(p any) *Selector { s.preds = append(s.preds, p); return s }

// FieldEQ returns a predicate: the field has the value.
func FieldEQ(name string, v any) func(*Selector) {
	return func(s *Selector) { s.Where([]any{name, v}) }
}

// FieldNEQ returns a predicate: the field has another value.
func FieldNEQ(name string, v any) func(*Selector) {
	return func(s *Selector) { s.Where([]any{name, v}) }
}

// FieldIn returns a predicate: the field has one of the values.
func FieldIn[T any](name string, vs ...T) func(*Selector) {
	return func(s *Selector) { s.Where([]any{name, vs}) }
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
