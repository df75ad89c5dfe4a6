package nested

import (
	"net/http"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

var grants = map[string]map[string]map[string]bool{}

// GrantScoped writes below tenant, environment and user.
//
// case: nested/tenant-env-user clean
func GrantScoped(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	envs := grants[sc.Tenant()]
	if envs == nil {
		envs = map[string]map[string]bool{}
		grants[sc.Tenant()] = envs
	}
	users := envs[sc.Env().String()]
	if users == nil {
		users = map[string]bool{}
		envs[sc.Env().String()] = users
	}
	users[r.PathValue("user")] = true
}
