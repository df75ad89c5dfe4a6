// Package graphql is a stub of gqlgen's, with its signatures.
package graphql

import "context"

type ExecutableSchema interface {
	Exec(ctx context.Context) ResponseHandler
}

type (
	Resolver         func(ctx context.Context) (res any, err error)
	FieldMiddleware  func(ctx context.Context, next Resolver) (res any, err error)
	ResponseHandler  func(ctx context.Context) *Response
	OperationHandler func(ctx context.Context) ResponseHandler

	OperationMiddleware func(ctx context.Context, next OperationHandler) ResponseHandler
	ResponseMiddleware  func(ctx context.Context, next ResponseHandler) *Response
	RootResolver        func(ctx context.Context) Marshaler
	RootFieldMiddleware func(ctx context.Context, next RootResolver) Marshaler
)

type Response struct{ Errors []string }

type Marshaler interface{ Marshal() []byte }

type CollectedField struct{ Name string }

type FieldContext struct{ Args map[string]any }

type HandlerExtension interface {
	ExtensionName() string
	Validate(schema ExecutableSchema) error
}

func GetFieldContext(ctx context.Context) *FieldContext { return nil }

func ResolveField(ctx context.Context, field CollectedField, resolve Resolver, middleware func(ctx context.Context, next Resolver) Resolver) Marshaler {
	return nil
}

func ResolverMiddleware(ctx context.Context, next Resolver) (any, error) { return next(ctx) }
