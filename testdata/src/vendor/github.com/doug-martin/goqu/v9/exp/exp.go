// Package exp is a stand-in with the names and signatures that the corpus uses.
package exp

// Expression is a part of a statement.
type Expression interface{ Expression() Expression }

// BooleanExpression is a condition.
type BooleanExpression interface{ Expression }

// ExpressionList is conditions.
type ExpressionList interface{ Expression }

// Comparable can be compared.
type Comparable interface {
	Eq(any) BooleanExpression
	Neq(any) BooleanExpression
}

// IdentifierExpression is a column or a table.
type IdentifierExpression interface {
	Expression
	Comparable
	Inable
	Likeable
	Col(any) IdentifierExpression
}

// Ex is columns and the values that they equal.
type Ex map[string]any

// Expression returns the condition.
func (e Ex) Expression() Expression { return e }

// Record is columns and values.
type Record map[string]any

// Inable can be one of a set.
type Inable interface {
	In(...any) BooleanExpression
}

// Likeable can be matched.
type Likeable interface{ Like(any) BooleanExpression }

// ExOr is columns and the values one of which equals.
type ExOr map[string]any

// Expression returns the condition.
func (e ExOr) Expression() Expression { return e }

// Op is operators.
type Op map[string]any
