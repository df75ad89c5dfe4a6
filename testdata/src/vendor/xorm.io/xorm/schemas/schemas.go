// Package schemas is a stand-in with the names and signatures that the corpus uses.
package schemas

// PK is a primary key.
type PK []any
