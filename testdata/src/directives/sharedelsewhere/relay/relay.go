// Package relay hands on what it gets.
package relay

import "corpus/directives/sharedelsewhere/keep"

// Country leaves the key to its own callers.
func Country(code, name string) { keep.SetCountry(code, name) }

// Alias leaves the key to its own callers.
func Alias(code, name string) { keep.SetAlias(code, name) }
