// Package attribute is a stub: the names and signatures that the corpus uses.
package attribute

// KeyValue is an attribute.
type KeyValue struct{ k, v string }

// String returns an attribute.
func String(k, v string) KeyValue { return KeyValue{k, v} }

// Int returns an attribute.
func Int(k string, v int) KeyValue { return KeyValue{} }
