// Package clause is a stand-in with the names and signatures that the corpus uses.
package clause

// Associations stands for all relations of a model.
const Associations = "~~~as~~~"

// Expression is a part of a statement.
type Expression interface{ Build() }

// Column is a column.
type Column struct {
	Table string
	Name  string
	Alias string
	Raw   bool
}

// Eq is an equation.
type Eq struct {
	Column any
	Value  any
}

// Build writes it.
func (Eq) Build() {}

// IN is a column that has one of some values.
type IN struct {
	Column any
	Values []any
}

// Build writes it.
func (IN) Build() {}

// Neq is the opposite of an equation.
type Neq struct {
	Column any
	Value  any
}

// Build writes it.
func (Neq) Build() {}

// OrConditions are some of which one holds.
type OrConditions struct{ Exprs []Expression }

// Build writes it.
func (OrConditions) Build() {}

// AndConditions are some that hold.
type AndConditions struct{ Exprs []Expression }

// Build writes it.
func (AndConditions) Build() {}

// And joins expressions.
func And(exprs ...Expression) Expression { return AndConditions{exprs} }

// Or joins expressions.
func Or(exprs ...Expression) Expression { return OrConditions{exprs} }

// Locking locks rows.
type Locking struct{ Strength string }

// Build writes it.
func (Locking) Build() {}
