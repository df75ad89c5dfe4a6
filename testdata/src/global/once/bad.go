// Package once makes values once per process.
package once

import (
	"net/http"
	"sync"

	"corpus/legacy/auth"
)

var (
	setup  sync.Once
	tenant string
)

// First remembers the tenant of the first request for all that follow.
//
// case: once/first-request
func First(w http.ResponseWriter, r *http.Request) {
	setup.Do(func() { tenant = auth.TenantID(r.Context()) }) // want `package-level variable tenant is written after initialisation with auth\.TenantID and not keyed by tenant: the next request finds it`
	_, _ = w.Write([]byte(tenant))
}
