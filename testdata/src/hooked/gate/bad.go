package gate

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"corpus/hooked/ent"
	"corpus/hooked/ent/intercept"
	"corpus/legacy/auth"
)

// half lacks one of them.
var half = map[string]bool{"Ticket": true}

// OpenHalf forgets an entity.
//
// case: hooks/client-entity-forgotten
func OpenHalf() *Store { // want `gate.OpenHalf holds reads to the caller's tenant only on some paths, and statements rely on it`
	client := ent.NewClient()
	client.Intercept(intercept.TraverseFunc(func(ctx context.Context, q intercept.Query) error {
		if half[q.Type()] {
			q.WhereP(sql.FieldEQ("tenant_id", auth.TenantID(ctx)))
		}
		return nil
	}))
	client.Use(hold)
	return &Store{client}
}

// OpenMaybe has hooks of which one does not always do its work.
//
// case: hooks/client-helper-conditional
func OpenMaybe() *Store { // want `gate.OpenMaybe holds updates and deletes to the caller's tenant only on some paths, and statements rely on it`
	client := ent.NewClient()
	client.Intercept(narrow())
	client.Use(func(next ent.Mutator) ent.Mutator {
		return ent.MutateFunc(func(ctx context.Context, m ent.Mutation) (ent.Value, error) {
			if wp, ok := m.(wheres); ok {
				some(ctx, wp)
			}
			return next.Mutate(ctx, m)
		})
	})
	return &Store{client}
}

type wheres interface{ WhereP(...func(*sql.Selector)) }

func some(ctx context.Context, wp wheres) {
	if tenant := auth.TenantID(ctx); tenant != "" {
		wp.WhereP(sql.FieldEQ("tenant_id", tenant))
	}
}

// Labels are of none of the entities that the hooks are for.
//
// case: hooks/client-other-entity
func (s *Store) Labels(ctx context.Context, id string) error {
	return s.client.Label.UpdateOneID(id).SetName("x").Exec(ctx) // want `LabelUpdateOne.Exec is not restricted by TenantID: it reaches Label rows of everybody`
}
