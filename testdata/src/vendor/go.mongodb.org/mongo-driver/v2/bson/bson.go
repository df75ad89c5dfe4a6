// Package bson is a stand-in with the names that the corpus uses.
package bson

// M is a document.
type M map[string]any

// D is a document in order.
type D []E

// E is an element of a document.
type E struct {
	Key   string
	Value any
}

// A is a list.
type A []any
