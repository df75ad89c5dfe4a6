// Package filters is a stand-in with the names and signatures that the corpus uses.
package filters

// WhereOperator is an operator.
type WhereOperator string

// The operators.
const (
	And      WhereOperator = "And"
	Or       WhereOperator = "Or"
	Equal    WhereOperator = "Equal"
	NotEqual WhereOperator = "NotEqual"
)

// WhereBuilder builds a filter.
type WhereBuilder struct {
	operands []*WhereBuilder
	operator WhereOperator
	path     []string
	text     []string
}

// Where begins one.
func Where() *WhereBuilder { return &WhereBuilder{} }

// WithOperator sets the operator.
func (b *WhereBuilder) WithOperator(operator WhereOperator) *WhereBuilder {
	b.operator = operator
	return b
}

// WithPath sets the property.
func (b *WhereBuilder) WithPath(path []string) *WhereBuilder {
	b.path = path
	return b
}

// WithOperands sets filters.
func (b *WhereBuilder) WithOperands(operands []*WhereBuilder) *WhereBuilder {
	b.operands = operands
	return b
}

// WithValueText sets the values.
func (b *WhereBuilder) WithValueText(valueText ...string) *WhereBuilder {
	b.text = valueText
	return b
}
