package schema

import (
	"context"
	"net/http"

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

// Binder is of a mixin that lets operators go past what holds the others.
type Binder struct{ ent.Schema }

// Mixin lists what it is mixed of.
func (Binder) Mixin() []ent.Mixin { return []ent.Mixin{OperatorMixin{}, OwnedMixin{}} }

// OperatorMixin is for operators.
type OperatorMixin struct{ mixin.Schema }

// Policy allows everything to operators, so that nobody asks the rules behind it.
//
// case: hooks/policy-in-front-allows
func (OperatorMixin) Policy() ent.Policy { // want `OperatorMixin.Policy lets reads, updates and deletes go on some paths before the hooks are asked that hold Binder to the caller's tenant`
	return rule.AllowOperator()
}

// HeaderMixin believes the client.
type HeaderMixin struct{ mixin.Schema }

type requestKey struct{}

// Interceptors take the tenant from a header.
//
// case: hooks/interceptor-of-request
func (HeaderMixin) Interceptors() []ent.Interceptor { // want `HeaderMixin.Interceptors takes the tenant to which it holds reads from the request, not from the caller's scope`
	return []ent.Interceptor{
		intercept.TraverseFunc(func(ctx context.Context, q intercept.Query) error {
			r, ok := ctx.Value(requestKey{}).(*http.Request)
			if !ok {
				return http.ErrNoCookie
			}
			q.WhereP(sql.FieldEQ("tenant_id", r.Header.Get("X-Tenant-ID")))
			return nil
		}),
	}
}

// EmptyMixin lets go what has no tenant.
type EmptyMixin struct{ mixin.Schema }

// Interceptors hold queries of those who have one.
//
// case: hooks/interceptor-conditional
func (EmptyMixin) Interceptors() []ent.Interceptor { // want `EmptyMixin.Interceptors holds reads to the caller's tenant only on some paths, and statements rely on it`
	return []ent.Interceptor{
		intercept.TraverseFunc(func(ctx context.Context, q intercept.Query) error {
			if tenant := auth.TenantID(ctx); tenant != "" {
				q.WhereP(sql.FieldEQ("tenant_id", tenant))
			}
			return nil
		}),
	}
}

// SomeMixin knows the queries of one entity.
type SomeMixin struct{ mixin.Schema }

// Interceptors let all others go as they are.
//
// case: hooks/interceptor-some-types
func (SomeMixin) Interceptors() []ent.Interceptor { // want `SomeMixin.Interceptors holds reads to the caller's tenant only on some paths, and statements rely on it`
	return []ent.Interceptor{
		ent.InterceptFunc(func(next ent.Querier) ent.Querier {
			return ent.QuerierFunc(func(ctx context.Context, query ent.Query) (ent.Value, error) {
				if q, ok := query.(*gen.TicketQuery); ok {
					q.Where(sql.FieldEQ("tenant_id", auth.TenantID(ctx)))
				}
				return next.Query(ctx, query)
			})
		}),
	}
}

// DroppedMixin does not look at an error.
type DroppedMixin struct{ mixin.Schema }

// Interceptors hold queries to what comes beside it.
//
// case: hooks/interceptor-unchecked
func (DroppedMixin) Interceptors() []ent.Interceptor { // want `DroppedMixin.Interceptors holds reads to no tenant that holds: the error of auth.Lookup is not checked`
	return []ent.Interceptor{
		intercept.TraverseFunc(func(ctx context.Context, q intercept.Query) error {
			tenant, _, _ := auth.Lookup(ctx)
			q.WhereP(sql.FieldEQ("tenant_id", tenant))
			return nil
		}),
	}
}

// OnceMixin forgets what updates one row.
type OnceMixin struct{ mixin.Schema }

// Hooks are for what updates many.
//
// case: hooks/on-operation-forgotten
func (OnceMixin) Hooks() []ent.Hook { // want `OnceMixin.Hooks holds updates to the caller's tenant only on some paths, and statements rely on it`
	return []ent.Hook{hook.On(narrow, ent.OpUpdate|ent.OpDelete|ent.OpDeleteOne)}
}

// SetMixin sets whose a row is instead of asking.
type SetMixin struct{ mixin.Schema }

// Hooks give everybody's rows to the caller.
//
// case: hooks/set-is-no-predicate
func (SetMixin) Hooks() []ent.Hook { // want `SetMixin.Hooks does not hold updates and deletes to the caller's tenant, and statements rely on it`
	return []ent.Hook{own}
}

// LooseMixin has rules of which the first lets go.
type LooseMixin struct{ mixin.Schema }

// Policy allows operators before it filters, and lets mutations go.
//
// case: hooks/policy-allows
func (LooseMixin) Policy() ent.Policy { // want `LooseMixin.Policy holds reads to the caller's tenant only on some paths, and statements rely on it`
	return privacy.Policy{
		Query:    privacy.QueryPolicy{rule.AllowOperator(), rule.FilterTenant()},
		Mutation: privacy.MutationPolicy{rule.DenyIfNobody()},
	}
}

// OtherMixin has its rule the wrong way round.
type OtherMixin struct{ mixin.Schema }

// Policy narrows to the rows of others.
//
// case: hooks/policy-of-others
func (OtherMixin) Policy() ent.Policy { // want `what OtherMixin.Policy holds reads, updates and deletes to cannot be followed, and statements rely on it for their tenant`
	return rule.FilterOthers()
}

// HiddenMixin has hooks that come from elsewhere.
type HiddenMixin struct {
	mixin.Schema
	hooks []ent.Interceptor
}

// Interceptors cannot be seen.
//
// case: hooks/interceptor-unknown
func (m HiddenMixin) Interceptors() []ent.Interceptor { // want `what HiddenMixin.Interceptors holds reads to cannot be followed, and statements rely on it for their tenant`
	return m.hooks
}
