package forge

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"unsafe"

	tenant "github.com/tenantvet/tenantvet/runtime"

	"corpus/entry/session"
)

// Size looks at the type only.
//
// case: entry/unsafe-size clean
func Size(sc tenant.Scope) uintptr { return unsafe.Sizeof(sc) }

// Bytes converts something else.
//
// case: entry/unsafe-other clean
func Bytes(s *[4]byte) *uint32 { return (*uint32)(unsafe.Pointer(s)) }

// Badge makes a badge of who has signed in.
//
// case: entry/type-field-of-user clean
func Badge(ctx context.Context) (session.Badge, error) {
	u, err := session.UserOf(ctx)
	if err != nil {
		return session.Badge{}, err
	}
	return session.Badge{OrgID: u.OrgID}, nil
}

type plain struct{ sc [4]byte }

// Around converts a struct that holds none.
//
// case: entry/unsafe-around clean
func Around(memory *[4]byte) plain { return *(*plain)(unsafe.Pointer(memory)) }

// Over writes over something else.
//
// case: entry/unsafe-over clean
func Over(n *uint32, memory []byte) {
	copy(unsafe.Slice((*byte)(unsafe.Pointer(n)), 4), memory)
}

// Kind looks at the type by reflection.
//
// case: entry/reflected-type clean
func Kind(sc tenant.Scope) reflect.Kind { return reflect.TypeOf(sc).Kind() }

// Valid asks a scope by reflection.
//
// case: entry/reflected-value clean
func Valid(sc *tenant.Scope) bool { return reflect.ValueOf(sc).Elem().IsValid() }

// SetOther sets a field of something else by reflection.
//
// case: entry/reflected-other clean
func SetOther(u *session.Org, name string) {
	reflect.ValueOf(u).Elem().FieldByName("Name").SetString(name)
}

// ConvertOther makes a badge of who has signed in.
//
// case: entry/converted-of-user clean
func ConvertOther(ctx context.Context) (session.Badge, error) {
	u, err := session.UserOf(ctx)
	if err != nil {
		return session.Badge{}, err
	}
	return session.Badge(struct{ OrgID string }{OrgID: u.OrgID}), nil
}

// DecodeOther decodes something else.
//
// case: entry/decoded-other clean
func DecodeOther(r *http.Request) (o session.Org, err error) {
	err = json.NewDecoder(r.Body).Decode(&o)
	return o, err
}
