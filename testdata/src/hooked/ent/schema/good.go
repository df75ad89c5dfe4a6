// Package schema declares the entities of a service that keeps tenants apart in front of
// each statement.
package schema

import (
	"context"
	"fmt"

	"entgo.io/ent"
	"entgo.io/ent/dialect/sql"
	"entgo.io/ent/schema/mixin"

	gen "corpus/hooked/ent"
	"corpus/hooked/ent/hook"
	"corpus/hooked/ent/intercept"
	"corpus/hooked/ent/privacy"
	"corpus/hooked/rule"
	"corpus/legacy/auth"
)

// Ticket is held by interceptors and hooks.
type Ticket struct{ ent.Schema }

// Mixin lists what it is mixed of.
func (Ticket) Mixin() []ent.Mixin { return []ent.Mixin{TenantMixin{}} }

// Folder is held by rules, but for what creates it.
type Folder struct{ base }

// base is embedded by schemas.
type base struct{ ent.Schema }

// Mixin lists what it is mixed of.
func (base) Mixin() []ent.Mixin { return append(common(), OwnedMixin{}) }

func common() []ent.Mixin { return []ent.Mixin{SignedMixin{}} }

// Label is held when it is read.
type Label struct{ ent.Schema }

// Mixin lists what it is mixed of.
func (Label) Mixin() []ent.Mixin { return []ent.Mixin{&ReadMixin{}} }

// Note is not held by anything.
type Note struct{ ent.Schema }

// skipTenant is the key under which a context says that tenants are not kept apart.
type skipTenant struct{}

// SkipTenant returns a context for which hooks do not do their work.
func SkipTenant(parent context.Context) context.Context {
	return context.WithValue(parent, skipTenant{}, true)
}

// TenantMixin holds all statements to the caller's rows.
type TenantMixin struct{ mixin.Schema }

// Interceptors hold queries, unless the context lifts that.
//
// case: hooks/interceptor clean
func (m TenantMixin) Interceptors() []ent.Interceptor {
	return []ent.Interceptor{
		intercept.TraverseFunc(func(ctx context.Context, q intercept.Query) error {
			if skip, _ := ctx.Value(skipTenant{}).(bool); skip {
				return nil
			}
			m.hold(ctx, q)
			return nil
		}),
	}
}

// hold narrows a statement of any entity.
func (TenantMixin) hold(ctx context.Context, w interface{ WhereP(...func(*sql.Selector)) }) {
	w.WhereP(sql.FieldEQ("tenant_id", auth.TenantID(ctx)))
}

// Hooks hold mutations: of rows that are there by a predicate, of new rows by what they
// are set to.
//
// case: hooks/mutation clean
func (m TenantMixin) Hooks() []ent.Hook {
	return []ent.Hook{
		func(next ent.Mutator) ent.Mutator {
			return ent.MutateFunc(func(ctx context.Context, mutation ent.Mutation) (ent.Value, error) {
				mx, ok := mutation.(interface {
					SetTenantID(string)
					WhereP(...func(*sql.Selector))
				})
				if !ok {
					return nil, fmt.Errorf("unexpected mutation type %T", mutation)
				}
				if mutation.Op().Is(ent.OpCreate) {
					mx.SetTenantID(auth.TenantID(ctx))
				} else {
					m.hold(ctx, mx)
				}
				return next.Mutate(ctx, mutation)
			})
		},
	}
}

// SignedMixin wants somebody to be signed in.
type SignedMixin struct{ mixin.Schema }

// Policy denies what nobody asks for, before other rules are asked.
//
// case: hooks/policy-in-front clean
func (SignedMixin) Policy() ent.Policy { return rule.DenyIfNobody() }

// OwnedMixin holds what reads, updates and deletes by rules.
type OwnedMixin struct{ mixin.Schema }

// Policy holds statements by a rule of another package.
//
// case: hooks/policy clean
func (OwnedMixin) Policy() ent.Policy {
	return privacy.Policy{
		Query:    privacy.QueryPolicy{rule.DenyIfNobody(), rule.FilterTenant()},
		Mutation: privacy.MutationPolicy{rule.FilterField()},
	}
}

// ReadMixin holds what reads.
type ReadMixin struct{ mixin.Schema }

// Interceptors hold queries by what is put around the function that runs them.
//
// case: hooks/intercept-func clean
func (*ReadMixin) Interceptors() []ent.Interceptor {
	return []ent.Interceptor{
		ent.InterceptFunc(func(next ent.Querier) ent.Querier {
			return ent.QuerierFunc(func(ctx context.Context, query ent.Query) (ent.Value, error) {
				q, err := intercept.NewQuery(query)
				if err != nil {
					return nil, err
				}
				tenant, _, ok := auth.Lookup(ctx)
				if !ok {
					return nil, fmt.Errorf("nobody is signed in")
				}
				q.WhereP(sql.FieldEQ("tenant_id", tenant))
				return next.Query(ctx, query)
			})
		}),
	}
}

// SplitMixin has a hook for each kind of mutation.
type SplitMixin struct{ mixin.Schema }

// Hooks are put together of such that are for some operations.
//
// case: hooks/on-operation clean
func (SplitMixin) Hooks() []ent.Hook {
	return []ent.Hook{
		hook.On(own, ent.OpCreate),
		hook.On(narrow, ent.OpUpdate|ent.OpUpdateOne),
		hook.Unless(narrow, ent.OpCreate|ent.OpUpdate|ent.OpUpdateOne),
	}
}

func own(next ent.Mutator) ent.Mutator {
	return ent.MutateFunc(func(ctx context.Context, m ent.Mutation) (ent.Value, error) {
		if err := m.SetField("tenant_id", auth.TenantID(ctx)); err != nil {
			return nil, err
		}
		return next.Mutate(ctx, m)
	})
}

func narrow(next ent.Mutator) ent.Mutator {
	return hook.TicketFunc(func(ctx context.Context, m *gen.TicketMutation) (ent.Value, error) {
		m.WhereP(sql.FieldEQ("tenant_id", auth.TenantID(ctx)))
		return next.Mutate(ctx, m)
	})
}

// SwitchMixin tells operations apart by itself.
type SwitchMixin struct{ mixin.Schema }

// Hooks refuse what they do not know.
//
// case: hooks/switch-operation clean
func (SwitchMixin) Hooks() []ent.Hook {
	return []ent.Hook{func(next ent.Mutator) ent.Mutator {
		return hook.TicketFunc(func(ctx context.Context, m *gen.TicketMutation) (ent.Value, error) {
			switch m.Op() {
			case ent.OpCreate:
				m.SetTenantID(auth.TenantID(ctx))
			case ent.OpUpdate, ent.OpUpdateOne, ent.OpDelete, ent.OpDeleteOne:
				m.Where(func(s *sql.Selector) { s.Where(sql.EQ(s.C("tenant_id"), auth.TenantID(ctx))) })
			default:
				return nil, fmt.Errorf("unexpected operation %v", m.Op())
			}
			return next.Mutate(ctx, m)
		})
	}}
}
