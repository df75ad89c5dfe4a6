package store

import (
	"context"
	"testing"

	tenant "github.com/tenantvet/tenantvet/runtime"
	"github.com/tenantvet/tenantvet/runtime/scopetest"
)

func TestInside(t *testing.T) {
	inside := &Inside{}
	scopetest.Isolation(t, scopetest.Feature{
		Read: func(ctx context.Context, id string) (string, error) {
			sc, err := tenant.FromContext(ctx)
			if err != nil {
				return "", err
			}
			return inside.Get(ctx, sc, id)
		},
	})
}

func TestBeside(t *testing.T) {
	if (&Beside{}).rdb != nil {
		t.Error("a client out of nothing")
	}
}

func TestThrough(t *testing.T) { scopetest.Isolation(t, through(t)) }

func through(t *testing.T) scopetest.Feature {
	kept := &Through{}
	return scopetest.Feature{
		Read: func(ctx context.Context, id string) (string, error) {
			sc, err := tenant.FromContext(ctx)
			if err != nil {
				return "", err
			}
			return kept.Get(ctx, sc, id)
		},
	}
}
