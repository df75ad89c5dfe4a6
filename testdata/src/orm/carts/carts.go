// Package carts keeps carts in MongoDB.
package carts

import "go.mongodb.org/mongo-driver/v2/mongo"

// Cart is a document.
type Cart struct {
	ID    string `bson:"_id"`
	Org   string `bson:"org_id,omitempty"`
	State string
}

// Store keeps carts, and invoices, whose columns the policy knows.
type Store struct {
	carts    *mongo.Collection
	invoices *mongo.Collection
}

// New returns a store in a database.
func New(db *mongo.Database) *Store {
	return &Store{carts: db.Collection("carts"), invoices: db.Collection("invoices")}
}
