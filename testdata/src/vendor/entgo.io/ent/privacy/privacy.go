// Package privacy is a stand-in for ent's: rules, which are asked in turn.
package privacy

import (
	"context"
	"errors"
	"fmt"

	"entgo.io/ent"
)

// What rules decide.
var (
	Allow = errors.New("ent/privacy: allow rule")
	Deny  = errors.New("ent/privacy: deny rule")
	Skip  = errors.New("ent/privacy: skip rule")
)

// Denyf returns a decision with a text.
func Denyf(format string, a ...any) error { return fmt.Errorf(format+": %w", append(a, Deny)...) }

// QueryRule is asked about queries.
type QueryRule interface {
	EvalQuery(context.Context, ent.Query) error
}

// QueryPolicy is rules about queries.
type QueryPolicy []QueryRule

// EvalQuery asks the rules in turn.
func (p QueryPolicy) EvalQuery(ctx context.Context, q ent.Query) error {
	for _, rule := range p {
		if err := rule.EvalQuery(ctx, q); err != nil && !errors.Is(err, Skip) {
			return err
		}
	}
	return nil
}

// MutationRule is asked about mutations.
type MutationRule interface {
	EvalMutation(context.Context, ent.Mutation) error
}

// MutationPolicy is rules about mutations.
type MutationPolicy []MutationRule

// EvalMutation asks the rules in turn.
func (p MutationPolicy) EvalMutation(ctx context.Context, m ent.Mutation) error {
	for _, rule := range p {
		if err := rule.EvalMutation(ctx, m); err != nil && !errors.Is(err, Skip) {
			return err
		}
	}
	return nil
}

// QueryMutationRule is asked about both.
type QueryMutationRule interface {
	QueryRule
	MutationRule
}

// Policy is rules about both.
type Policy struct {
	Query    QueryPolicy
	Mutation MutationPolicy
}

// EvalQuery asks the rules about queries.
func (p Policy) EvalQuery(ctx context.Context, q ent.Query) error { return p.Query.EvalQuery(ctx, q) }

// EvalMutation asks the rules about mutations.
func (p Policy) EvalMutation(ctx context.Context, m ent.Mutation) error {
	return p.Mutation.EvalMutation(ctx, m)
}

// MutationRuleFunc is a function as a rule.
type MutationRuleFunc func(context.Context, ent.Mutation) error

// EvalMutation calls f.
func (f MutationRuleFunc) EvalMutation(ctx context.Context, m ent.Mutation) error { return f(ctx, m) }

// OnMutationOperation asks the rule about mutations that do op.
func OnMutationOperation(rule MutationRule, op ent.Op) MutationRule {
	return MutationRuleFunc(func(ctx context.Context, m ent.Mutation) error {
		if m.Op().Is(op) {
			return rule.EvalMutation(ctx, m)
		}
		return Skip
	})
}

type asked func(context.Context) error

func (f asked) EvalQuery(ctx context.Context, _ ent.Query) error       { return f(ctx) }
func (f asked) EvalMutation(ctx context.Context, _ ent.Mutation) error { return f(ctx) }

// ContextQueryMutationRule is a function of the context as a rule.
func ContextQueryMutationRule(eval func(context.Context) error) QueryMutationRule { return asked(eval) }

// AlwaysDenyRule denies.
func AlwaysDenyRule() QueryMutationRule { return asked(func(context.Context) error { return Deny }) }

type decisionKey struct{}

// DecisionContext returns a context by which all is decided.
func DecisionContext(parent context.Context, decision error) context.Context {
	return context.WithValue(parent, decisionKey{}, decision)
}
