package forge

import (
	"context"
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
