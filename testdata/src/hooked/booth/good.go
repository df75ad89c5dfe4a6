// Package booth has hooks that are added to a client.
package booth

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"corpus/hooked/ent"
	"corpus/hooked/ent/intercept"
	"corpus/legacy/auth"
)

// Open returns a client whose statements are the caller's.
//
// case: hooks/client clean
func Open() *ent.Client {
	client := ent.NewClient()
	client.Intercept(intercept.TraverseFunc(func(ctx context.Context, q intercept.Query) error {
		q.WhereP(sql.FieldEQ("tenant_id", auth.TenantID(ctx)))
		return nil
	}))
	client.Use(own)
	return client
}

// own holds mutations of all entities.
func own(next ent.Mutator) ent.Mutator {
	return ent.MutateFunc(func(ctx context.Context, m ent.Mutation) (ent.Value, error) {
		mx, ok := m.(interface {
			SetTenantID(string)
			WhereP(...func(*sql.Selector))
		})
		if !ok {
			return nil, fmt.Errorf("unexpected mutation type %T", m)
		}
		mx.SetTenantID(auth.TenantID(ctx))
		mx.WhereP(sql.FieldEQ("tenant_id", auth.TenantID(ctx)))
		return next.Mutate(ctx, m)
	})
}

// Notes reads by such a client.
//
// case: hooks/client-read clean
func Notes(ctx context.Context, client *ent.Client) ([]*ent.Note, error) {
	return client.Note.Query().All(ctx)
}

// Rename updates by such a client.
//
// case: hooks/client-update clean
func Rename(ctx context.Context, client *ent.Client, id, name string) error {
	return client.Note.UpdateOneID(id).SetName(name).Exec(ctx)
}
