// Package schema is what the generated code beside it was generated from.
package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// Order is a table with scope columns and a column of each kind that ent has
// predicates for.
type Order struct{ ent.Schema }

// Fields of the Order.
func (Order) Fields() []ent.Field {
	return []ent.Field{
		field.String("id"),
		field.String("tenant_id"),
		field.String("environment_id").Optional().Nillable(),
		field.Int("total"),
		field.JSON("labels", []string{}).Optional(),
	}
}

// Edges of the Order.
func (Order) Edges() []ent.Edge {
	return []ent.Edge{edge.To("parent", Order.Type).Unique(), edge.To("parts", Order.Type)}
}
