// Package mongo is a stand-in with the names and signatures that the corpus uses.
package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Pipeline is stages.
type Pipeline []bson.D

// Option is an option.
type Option func()

// Database is a database.
type Database struct{}

// Collection returns a collection.
func (db *Database) Collection(name string, opts ...Option) *Collection { return &Collection{} }

// Collection is a collection.
type Collection struct{}

// FindOne reads a document.
func (c *Collection) FindOne(ctx context.Context, filter any, opts ...Option) *SingleResult {
	return &SingleResult{}
}

// Find reads documents.
func (c *Collection) Find(ctx context.Context, filter any, opts ...Option) (*Cursor, error) {
	return &Cursor{}, ctx.Err()
}

// Aggregate runs a pipeline.
func (c *Collection) Aggregate(ctx context.Context, pipeline any, opts ...Option) (*Cursor, error) {
	return &Cursor{}, ctx.Err()
}

// UpdateByID changes a document.
func (c *Collection) UpdateByID(ctx context.Context, id, update any, opts ...Option) (int64, error) {
	return 0, ctx.Err()
}

// UpdateOne changes a document.
func (c *Collection) UpdateOne(ctx context.Context, filter, update any, opts ...Option) (int64, error) {
	return 0, ctx.Err()
}

// DeleteMany removes documents.
func (c *Collection) DeleteMany(ctx context.Context, filter any, opts ...Option) (int64, error) {
	return 0, ctx.Err()
}

// InsertOne adds a document.
func (c *Collection) InsertOne(ctx context.Context, document any, opts ...Option) (any, error) {
	return nil, ctx.Err()
}

// InsertMany adds documents.
func (c *Collection) InsertMany(ctx context.Context, documents any, opts ...Option) (any, error) {
	return nil, ctx.Err()
}

// SingleResult is a document.
type SingleResult struct{}

// Decode fills a value.
func (r *SingleResult) Decode(v any) error { return nil }

// Cursor is documents.
type Cursor struct{}

// All fills a list.
func (c *Cursor) All(ctx context.Context, results any) error { return ctx.Err() }
