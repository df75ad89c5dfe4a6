// Package keyenc builds keys for the packages of several cases. What its
// functions keep of their arguments reaches the callers as facts.
package keyenc

import (
	"strings"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Join puts ":" between the parts.
func Join(parts ...string) string { return strings.Join(parts, ":") }

// Scoped is the key of the parts within the scope.
func Scoped(sc tenant.Scope, parts ...string) string {
	return Join(sc.Tenant(), sc.Env().String(), Join(parts...))
}

// Versioned is one hop more.
func Versioned(sc tenant.Scope, version, id string) string {
	return Scoped(sc, "v"+version, id)
}

// Tail keeps the last part only, whatever it is given.
func Tail(sc tenant.Scope, parts ...string) string {
	if len(parts) == 0 {
		return ""
	}
	return parts[len(parts)-1]
}
