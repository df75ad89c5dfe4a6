// Package ent is a stand-in for entgo.io/ent: what schemas of the corpus need.
package ent

import "context"

// Field describes a field.
type Field interface{ Descriptor() string }

// Mixin is what a schema is mixed of.
type Mixin interface {
	Fields() []Field
	Hooks() []Hook
	Interceptors() []Interceptor
	Policy() Policy
}

// Interface is what a schema does.
type Interface interface {
	Mixin
	Mixin() []Mixin
}

// Schema is embedded by schemas.
type Schema struct{}

func (Schema) Fields() []Field             { return nil }
func (Schema) Mixin() []Mixin              { return nil }
func (Schema) Hooks() []Hook               { return nil }
func (Schema) Interceptors() []Interceptor { return nil }
func (Schema) Policy() Policy              { return nil }

// Policy is the privacy policy of an entity.
type Policy interface {
	EvalMutation(context.Context, Mutation) error
	EvalQuery(context.Context, Query) error
}

// Value is what statements return.
type Value any

// Op is what a mutation does.
type Op uint

// The operations.
const (
	OpCreate Op = 1 << iota
	OpUpdate
	OpUpdateOne
	OpDelete
	OpDeleteOne
)

// Is reports whether o has the bits of i.
func (i Op) Is(o Op) bool { return i&o != 0 }

// Mutation is a mutation under construction.
type Mutation interface {
	Op() Op
	Type() string
	SetField(name string, value Value) error
}

// Mutator runs mutations.
type Mutator interface {
	Mutate(context.Context, Mutation) (Value, error)
}

// MutateFunc is a function as a Mutator.
type MutateFunc func(context.Context, Mutation) (Value, error)

// Mutate calls f.
func (f MutateFunc) Mutate(ctx context.Context, m Mutation) (Value, error) { return f(ctx, m) }

// Hook is put around a Mutator.
type Hook func(Mutator) Mutator

// Query is a query under construction.
type Query any

// Querier runs queries.
type Querier interface {
	Query(context.Context, Query) (Value, error)
}

// QuerierFunc is a function as a Querier.
type QuerierFunc func(context.Context, Query) (Value, error)

// Query calls f.
func (f QuerierFunc) Query(ctx context.Context, q Query) (Value, error) { return f(ctx, q) }

// Interceptor is put around a Querier.
type Interceptor interface{ Intercept(Querier) Querier }

// InterceptFunc is a function as an Interceptor.
type InterceptFunc func(Querier) Querier

// Intercept calls f.
func (f InterceptFunc) Intercept(next Querier) Querier { return f(next) }

// TraverseFunc is a function that is called before a query runs, as an Interceptor.
type TraverseFunc func(context.Context, Query) error

// Intercept returns next.
func (f TraverseFunc) Intercept(next Querier) Querier { return next }

// Traverse calls f.
func (f TraverseFunc) Traverse(ctx context.Context, q Query) error { return f(ctx, q) }
