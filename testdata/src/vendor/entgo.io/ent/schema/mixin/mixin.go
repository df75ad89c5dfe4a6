// Package mixin is a stand-in for ent's.
package mixin

import "entgo.io/ent"

// Schema is embedded by mixins.
type Schema struct{}

func (Schema) Fields() []ent.Field             { return nil }
func (Schema) Hooks() []ent.Hook               { return nil }
func (Schema) Interceptors() []ent.Interceptor { return nil }
func (Schema) Policy() ent.Policy              { return nil }
