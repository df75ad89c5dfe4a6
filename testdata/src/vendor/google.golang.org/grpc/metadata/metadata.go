// Package metadata is a stub: the names and signatures that the corpus uses.
package metadata

import "context"

// MD is metadata.
type MD map[string][]string

// Get returns the values of a key.
func (md MD) Get(k string) []string { return md[k] }

// FromIncomingContext returns the metadata of a call.
func FromIncomingContext(ctx context.Context) (MD, bool) { return nil, false }
