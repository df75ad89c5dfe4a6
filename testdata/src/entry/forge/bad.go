// Package forge makes scopes that nobody has handed out.
package forge

import (
	"net/http"
	"unsafe"

	tenant "github.com/tenantvet/tenantvet/runtime"

	"corpus/entry/session"
)

// Become is whoever it likes.
//
// case: entry/forged
func Become(tenantID string) tenant.Scope {
	type layout struct{ tenant, env, user, role string }
	forged := layout{tenantID, "prod", "root", "owner"}
	return *(*tenant.Scope)(unsafe.Pointer(&forged)) // want `runtime.Scope is made of an unsafe pointer`
}

// Fill makes a badge of what the client sent.
//
// case: entry/type-field
func Fill(r *http.Request) session.Badge {
	return session.Badge{OrgID: r.PathValue("org")} // want `Request.PathValue\("org"\) \(from the request\) becomes the tenant by way of field Badge.OrgID`
}
