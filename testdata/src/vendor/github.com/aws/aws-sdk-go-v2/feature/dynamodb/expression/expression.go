// Package expression is a stand-in with the names and signatures that the corpus
// uses.
package expression

import "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

// OperandBuilder is an operand.
type OperandBuilder interface{ operand() }

// KeyBuilder is a key.
type KeyBuilder struct{ key string }

// NameBuilder is an attribute.
type NameBuilder struct{ name string }

// ValueBuilder is a value.
type ValueBuilder struct{ value any }

func (vb ValueBuilder) operand() {}

// KeyConditionBuilder is a condition on a key.
type KeyConditionBuilder struct{ operands []any }

// ConditionBuilder is a condition.
type ConditionBuilder struct{ operands []any }

// Builder puts expressions together.
type Builder struct{ parts []any }

// Expression is the result.
type Expression struct{ parts []any }

// Key names a key.
func Key(key string) KeyBuilder { return KeyBuilder{key} }

// Name names an attribute.
func Name(name string) NameBuilder { return NameBuilder{name} }

// Value is a value.
func Value(value any) ValueBuilder { return ValueBuilder{value} }

// Equal compares.
func (kb KeyBuilder) Equal(valueBuilder ValueBuilder) KeyConditionBuilder {
	return KeyConditionBuilder{[]any{kb, valueBuilder}}
}

// And is both.
func (kcb KeyConditionBuilder) And(right KeyConditionBuilder) KeyConditionBuilder {
	return KeyConditionBuilder{[]any{kcb, right}}
}

// Equal compares.
func (nb NameBuilder) Equal(right OperandBuilder) ConditionBuilder {
	return ConditionBuilder{[]any{nb, right}}
}

// NewBuilder begins.
func NewBuilder() Builder { return Builder{} }

// WithKeyCondition adds a condition.
func (b Builder) WithKeyCondition(keyConditionBuilder KeyConditionBuilder) Builder {
	return Builder{append(b.parts, keyConditionBuilder)}
}

// WithFilter adds a filter.
func (b Builder) WithFilter(filterBuilder ConditionBuilder) Builder {
	return Builder{append(b.parts, filterBuilder)}
}

// Build ends.
func (b Builder) Build() (Expression, error) { return Expression{b.parts}, nil }

// KeyCondition is the text of the condition.
func (e Expression) KeyCondition() *string { return nil }

// Filter is the text of the filter.
func (e Expression) Filter() *string { return nil }

// Names are the names in it.
func (e Expression) Names() map[string]string { return nil }

// Values are the values in it.
func (e Expression) Values() map[string]types.AttributeValue { return nil }
