// Package forge makes scopes that nobody has handed out.
package forge

import (
	"encoding/json"
	"net/http"
	"reflect"
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
	return *(*tenant.Scope)(unsafe.Pointer(&forged)) // want `runtime.Scope is made by an unsafe pointer, past who hands it out: what it says was decided here`
}

// Fill makes a badge of what the client sent.
//
// case: entry/type-field
func Fill(r *http.Request) session.Badge {
	return session.Badge{OrgID: r.PathValue("org")} // want `Request.PathValue\("org"\) \(from the request\) becomes the tenant by way of field Badge.OrgID`
}

type wrapped struct{ sc tenant.Scope }

// Wrapped is whoever it likes, by way of a struct around it.
//
// case: entry/forged-around
func Wrapped(memory *[64]byte) tenant.Scope {
	return (*wrapped)(unsafe.Pointer(memory)).sc // want `runtime.Scope is made by an unsafe pointer`
}

// Overwrite writes over a scope.
//
// case: entry/forged-over
func Overwrite(sc *tenant.Scope, memory []byte) {
	copy(unsafe.Slice((*byte)(unsafe.Pointer(sc)), len(memory)), memory) // want `runtime.Scope is made by an unsafe pointer`
}

// Mirror makes a scope of memory by reflection.
//
// case: entry/forged-reflection
func Mirror(memory unsafe.Pointer) any {
	return reflect.NewAt(reflect.TypeFor[tenant.Scope](), memory).Elem().Interface() // want `runtime.Scope is made by reflection`
}

// Inside gets to a field of a scope by reflection.
//
// case: entry/forged-field
func Inside(sc *tenant.Scope) uintptr {
	return reflect.ValueOf(sc).Elem().Field(0).UnsafeAddr() // want `runtime.Scope is made by reflection`
}

// Set sets a field of a badge by reflection.
//
// case: entry/forged-set
func Set(b *session.Badge, org string) {
	reflect.ValueOf(b).Elem().FieldByName("OrgID").SetString(org) // want `session.Badge is made by reflection`
}

// Convert makes a badge of something that has the same fields.
//
// case: entry/converted
func Convert(r *http.Request) session.Badge {
	form := struct{ OrgID string }{OrgID: r.FormValue("org")} // want `Request.FormValue\("org"\) \(from the request\) becomes the tenant by way of the conversion to Badge`
	return session.Badge(form)
}

// Decode makes a badge of the body.
//
// case: entry/decoded
func Decode(r *http.Request) (b session.Badge, err error) {
	err = json.NewDecoder(r.Body).Decode(&b) // want `r.Body \(from the request\) becomes the tenant by way of Decoder.Decode`
	return b, err
}
