package scopetest_test

import (
	"context"
	"testing"

	tenant "github.com/tenantvet/tenantvet/runtime"
	"github.com/tenantvet/tenantvet/runtime/scopetest"
)

// mapFeature is a tenant.Map under test: what takes a scope as an argument gets
// the invalid one where there is none.
func mapFeature(m *tenant.Map[string]) scopetest.Feature {
	return scopetest.Feature{
		Create: func(ctx context.Context, id, payload string) error {
			sc, _ := tenant.FromContext(ctx)
			return m.Store(sc, id, payload)
		},
		Read: func(ctx context.Context, id string) (string, error) {
			sc, _ := tenant.FromContext(ctx)
			payload, ok, err := m.Load(sc, id)
			if err == nil && !ok {
				err = scopetest.ErrNotFound
			}
			return payload, err
		},
		Update: func(ctx context.Context, id, payload string) error {
			sc, _ := tenant.FromContext(ctx)
			return m.Store(sc, id, payload)
		},
		Delete: func(ctx context.Context, id string) error {
			sc, _ := tenant.FromContext(ctx)
			return m.Delete(sc, id)
		},
		List: func(ctx context.Context) ([]scopetest.Record, error) {
			sc, _ := tenant.FromContext(ctx)
			var records []scopetest.Record
			err := m.Range(sc, func(id, payload string) bool {
				records = append(records, scopetest.Record{ID: id, Payload: payload})
				return true
			})
			return records, err
		},
	}
}

func TestIsolationOfMap(t *testing.T) {
	t.Parallel()
	scopetest.Isolation(t, mapFeature(new(tenant.Map[string])))
}
