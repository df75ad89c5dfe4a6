// Package registry exports state, which others write.
package registry

// Owners says who owns a document. Nobody in this package writes it.
var Owners = map[string]string{}

// Formats are filled by the init functions of other packages.
var Formats = map[string]func(string) string{}

var limits = map[string]int{}

// SetLimit lets any importer write under any key, which is then the importer's
// to scope.
func SetLimit(name string, n int) { limits[name] = n }

// Limit reads.
func Limit(name string) int { return limits[name] }
