package proof

import (
	"testing"

	"github.com/tenantvet/tenantvet/runtime/scopetest"

	"corpus/untested/store"
)

func TestMade(t *testing.T) {
	made := store.NewMade(nil)
	if _, err := scopetest.CheckIsolation(t.Context(), t.Name(), scopetest.Feature{}); err != nil {
		t.Error(made, err)
	}
}
