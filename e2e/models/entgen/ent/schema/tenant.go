package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/sql"
	"entgo.io/ent/entql"
)

// TenantMutation is what hooks that are for all entities know their mutations by.
type TenantMutation interface {
	ent.Mutation
	SetTenantID(string)
	WhereP(...func(*sql.Selector))
}

// TenantFilter is what rules that are for all entities know their filters by.
type TenantFilter interface {
	WhereTenantID(entql.StringP)
}
