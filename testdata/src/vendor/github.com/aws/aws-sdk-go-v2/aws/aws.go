// Package aws is a stub of the real package: the same names and signatures, no behaviour.
package aws

// String returns a pointer to v.
func String(v string) *string { return &v }

// ToString returns what v points to, "" for nil.
func ToString(v *string) (s string) {
	if v == nil {
		return s
	}
	return *v
}
