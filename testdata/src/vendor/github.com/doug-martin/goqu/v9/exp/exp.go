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
	Col(any) IdentifierExpression
}

// Ex is columns and the values that they equal.
type Ex map[string]any

// Expression returns the condition.
func (e Ex) Expression() Expression { return e }

// Record is columns and values.
type Record map[string]any
