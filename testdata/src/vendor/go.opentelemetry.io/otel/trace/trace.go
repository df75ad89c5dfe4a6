// Package trace is a stub: the names and signatures that the corpus uses.
package trace

import "go.opentelemetry.io/otel/attribute"

// Span is a part of a trace.
type Span interface {
	SetAttributes(kv ...attribute.KeyValue)
}
