// Package z is a stub of the real package: the same names, no behaviour.
package z

// Key is the constraint of keys.
type Key interface {
	uint64 | string | []byte | byte | int | uint | int32 | uint32 | int64
}
