// Package pgconn is a stand-in with the names and signatures that the corpus uses.
package pgconn

// CommandTag says what a statement did.
type CommandTag struct{}
