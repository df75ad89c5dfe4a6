// Package uuid is a stub of the real package: the same names and signatures, no behaviour.
package uuid

import "encoding/hex"

// UUID is a universally unique identifier.
type UUID [16]byte

// Nil is the zero value.
var Nil UUID

// NullUUID is a UUID that may be null.
type NullUUID struct {
	UUID  UUID
	Valid bool
}

// New returns a random UUID.
func New() UUID { return UUID{} }

// NewString returns a random UUID as text.
func NewString() string { return New().String() }

// NewRandom returns a random UUID.
func NewRandom() (UUID, error) { return UUID{}, nil }

// NewV7 returns a time-ordered UUID.
func NewV7() (UUID, error) { return UUID{}, nil }

// Parse decodes s.
func Parse(s string) (UUID, error) {
	var u UUID
	_, err := hex.Decode(u[:], []byte(s))
	return u, err
}

// MustParse decodes s.
func MustParse(s string) UUID {
	u, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return u
}

// String returns the textual form.
func (uuid UUID) String() string { return hex.EncodeToString(uuid[:]) }
