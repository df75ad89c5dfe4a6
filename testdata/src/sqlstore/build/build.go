// Package build puts statements together, with their arguments.
package build

import "strings"

// Query is a statement that is being built.
type Query struct {
	text strings.Builder
	Args []any
}

// New begins a statement.
func New(text string) *Query {
	q := &Query{}
	q.text.WriteString(text + " ")
	return q
}

// B adds a clause with its arguments.
func (q *Query) B(clause string, args ...any) {
	q.text.WriteString(clause + " ")
	q.Args = append(q.Args, args...)
}

// String returns the text.
func (q *Query) String() string { return q.text.String() }
