// Package entgen holds what ent writes, for tests of the rows about it.
package entgen

//go:generate go run entgo.io/ent/cmd/ent generate --feature sql/lock,sql/modifier,sql/upsert,privacy,entql,intercept ./ent/schema
