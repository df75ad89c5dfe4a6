// Package rule has the rules that schemas are made of.
package rule

import (
	"context"

	"entgo.io/ent/entql"

	"corpus/hooked/ent/privacy"
	"corpus/legacy/auth"
)

// DenyIfNobody denies what nobody asks for.
func DenyIfNobody() privacy.QueryMutationRule {
	return privacy.ContextQueryMutationRule(func(ctx context.Context) error {
		if auth.TenantID(ctx) == "" {
			return privacy.Denyf("nobody is signed in")
		}
		return privacy.Skip
	})
}

// AllowOperator allows everything to operators.
func AllowOperator() privacy.QueryMutationRule {
	return privacy.ContextQueryMutationRule(func(ctx context.Context) error {
		if operator(ctx) {
			return privacy.Allow
		}
		return privacy.Skip
	})
}

type operatorKey struct{}

func operator(ctx context.Context) bool {
	is, _ := ctx.Value(operatorKey{}).(bool)
	return is
}

// FilterTenant narrows statements to the caller's rows.
func FilterTenant() privacy.QueryMutationRule {
	type tenants interface {
		WhereTenantID(entql.StringP)
	}
	return privacy.FilterFunc(func(ctx context.Context, f privacy.Filter) error {
		tenant := auth.TenantID(ctx)
		if tenant == "" {
			return privacy.Denyf("no tenant")
		}
		tf, ok := f.(tenants)
		if !ok {
			return privacy.Denyf("unexpected filter type %T", f)
		}
		tf.WhereTenantID(entql.StringEQ(tenant))
		return privacy.Skip
	})
}

// FilterField does the same by the name of the field.
func FilterField() privacy.QueryMutationRule {
	return privacy.FilterFunc(func(ctx context.Context, f privacy.Filter) error {
		f.Where(entql.FieldEQ("tenant_id", auth.TenantID(ctx)))
		return nil
	})
}

// FilterOthers narrows them to the rows of others.
func FilterOthers() privacy.QueryMutationRule {
	type tenants interface {
		WhereTenantID(entql.StringP)
	}
	return privacy.FilterFunc(func(ctx context.Context, f privacy.Filter) error {
		if tf, ok := f.(tenants); ok {
			tf.WhereTenantID(entql.StringNEQ(auth.TenantID(ctx)))
			return privacy.Skip
		}
		return privacy.Deny
	})
}
