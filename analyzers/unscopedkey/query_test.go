package unscopedkey

import (
	"testing"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// A statement gets a fix only if it is no finding any more with it.
func TestMends(t *testing.T) {
	missing := scopeflow.Status{Need: models.Env, Class: scopeflow.Bare}
	for name, tt := range map[string]struct {
		other scopeflow.Status
		want  bool
	}{
		"proven":         {scopeflow.Status{Need: models.Tenant, Class: scopeflow.Proven}, true},
		"left to others": {scopeflow.Status{Need: models.Tenant, Class: scopeflow.Pending}, true},
		"opaque":         {scopeflow.Status{Need: models.Tenant, Class: scopeflow.Unknown}, true},
		"misscoped":      {scopeflow.Status{Need: models.Tenant, Class: scopeflow.Foreign}, false},
		"unchecked":      {scopeflow.Status{Need: models.Tenant, Class: scopeflow.Bare, Unchecked: true}, false},
		"conditional":    {scopeflow.Status{Need: models.Env, Class: scopeflow.Bare, Mixed: true}, false},
	} {
		l := &scopeflow.Leaf{Access: &scopeflow.Access{}, Status: []scopeflow.Status{tt.other, missing}}
		if got := mends(l, []models.Dims{models.Env}); got != tt.want {
			t.Errorf("beside what is %s: %t", name, got)
		}
	}
}
