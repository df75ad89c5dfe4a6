// Package gate has hooks that are added to a client, and that are for some entities.
package gate

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"corpus/hooked/ent"
	"corpus/hooked/ent/intercept"
	"corpus/legacy/auth"
)

// Store keeps a client.
type Store struct{ client *ent.Client }

// owned are the entities whose rows are somebody's.
var owned = map[string]bool{"Ticket": true, "Folder": true}

// Open returns a store whose client has hooks from the beginning.
//
// case: hooks/client-of-store clean
func Open(address string) (*Store, error) {
	if address == "" {
		return nil, fmt.Errorf("no address")
	}
	client := ent.NewClient()
	guard(client)
	return &Store{client}, nil
}

func guard(client *ent.Client) {
	client.Intercept(narrow())
	client.Use(hold)
}

func narrow() ent.Interceptor {
	return intercept.TraverseFunc(func(ctx context.Context, q intercept.Query) error {
		if !owned[q.Type()] {
			return nil
		}
		q.WhereP(sql.FieldEQ("tenant_id", auth.TenantID(ctx)))
		return nil
	})
}

func hold(next ent.Mutator) ent.Mutator {
	return ent.MutateFunc(func(ctx context.Context, m ent.Mutation) (ent.Value, error) {
		if m.Type() == "Note" || !owned[m.Type()] {
			return next.Mutate(ctx, m)
		}
		wp, ok := m.(interface{ WhereP(...func(*sql.Selector)) })
		if !ok {
			return nil, fmt.Errorf("unexpected mutation type %T", m)
		}
		wp.WhereP(sql.FieldEQ("tenant_id", auth.TenantID(ctx)))
		return next.Mutate(ctx, m)
	})
}

// Tickets are of the entities that the hooks are for.
//
// case: hooks/client-some-entities clean
func (s *Store) Tickets(ctx context.Context) ([]*ent.Ticket, error) {
	return s.client.Ticket.Query().All(ctx)
}
