// Package registry exports state, which others write.
package registry

// Owners says who owns a document. Nobody in this package writes it.
var Owners = map[string]string{}

// Formats are filled by the init functions of other packages.
var Formats = map[string]func(string) string{}

var limits = map[string]int{} // want `package-level .*limits is written after initialisation`

// SetLimit lets any importer write under any key. The finding is here, where the
// state is: the caller in another package passes a raw key.
//
// case: registry/exported-setter
func SetLimit(name string, n int) { limits[name] = n }

// Limit reads.
func Limit(name string) int { return limits[name] }
