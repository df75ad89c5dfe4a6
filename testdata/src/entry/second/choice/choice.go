// Package choice has a context key of its own, of which the policy says nothing.
package choice

import "context"

type key struct{}

type langKey struct{}

type seenKey struct{}

// With returns ctx with an organisation.
func With(ctx context.Context, org string) context.Context {
	return context.WithValue(ctx, key{}, org)
}

// Org returns the organisation of a context.
func Org(ctx context.Context) string {
	org, _ := ctx.Value(key{}).(string)
	return org
}

// WithLang returns ctx with a language.
func WithLang(ctx context.Context, lang string) context.Context {
	return context.WithValue(ctx, langKey{}, lang)
}

// Lang returns the language of a context.
func Lang(ctx context.Context) string {
	lang, _ := ctx.Value(langKey{}).(string)
	return lang
}

// Seen returns ctx with what the client has said; nobody hands that out.
func Seen(ctx context.Context, org string) context.Context {
	return context.WithValue(ctx, seenKey{}, org)
}
