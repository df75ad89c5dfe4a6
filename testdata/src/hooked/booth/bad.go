package booth

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"corpus/hooked/ent"
	"corpus/hooked/ent/intercept"
	"corpus/legacy/auth"
)

// OpenQuiet adds hooks unless it is told not to, and none that are for mutations.
//
// case: hooks/client-conditional
func OpenQuiet(quiet bool) *ent.Client { // want `booth.OpenQuiet holds reads to the caller's tenant only on some paths, and statements rely on it`
	client := ent.NewClient()
	if !quiet {
		client.Intercept(intercept.TraverseFunc(func(ctx context.Context, q intercept.Query) error {
			q.WhereP(sql.FieldEQ("tenant_id", auth.TenantID(ctx)))
			return nil
		}))
	}
	return client
}

// Bare makes a client that has no hooks.
//
// case: hooks/client-without
func Bare(ctx context.Context) ([]*ent.Note, error) {
	return Notes(ctx, ent.NewClient()) // want `ent.NewClient does not hold reads, updates, deletes and inserts to the caller's tenant, and statements rely on it`
}
