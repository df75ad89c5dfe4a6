// Package firestore is a stand-in with the names and signatures that the corpus
// uses.
package firestore

import "context"

// Client is a client.
type Client struct{}

// Query is a query.
type Query struct{}

// CollectionRef is a collection.
type CollectionRef struct {
	Query
	path string
}

// DocumentRef is a document's name.
type DocumentRef struct{ path string }

// DocumentSnapshot is a document.
type DocumentSnapshot struct{}

// DocumentIterator is documents.
type DocumentIterator struct{}

// SetOption is an option.
type SetOption interface{ isSetOption() }

// WriteResult is a result.
type WriteResult struct{}

// Collection names a collection.
func (c *Client) Collection(path string) *CollectionRef { return &CollectionRef{path: path} }

// Doc names a document.
func (c *Client) Doc(path string) *DocumentRef { return &DocumentRef{path: path} }

// Doc names a document of the collection.
func (c *CollectionRef) Doc(id string) *DocumentRef { return &DocumentRef{path: c.path + id} }

// Collection names a collection below the document.
func (d *DocumentRef) Collection(id string) *CollectionRef { return &CollectionRef{path: d.path + id} }

// Get reads the document.
func (d *DocumentRef) Get(ctx context.Context) (*DocumentSnapshot, error) { return nil, ctx.Err() }

// Set writes the document.
func (d *DocumentRef) Set(ctx context.Context, data any, opts ...SetOption) (*WriteResult, error) {
	return nil, ctx.Err()
}

// Where narrows the query.
func (q Query) Where(path, op string, value any) Query { return q }

// Limit limits the query.
func (q Query) Limit(n int) Query { return q }

// Documents runs the query.
func (q Query) Documents(ctx context.Context) *DocumentIterator { return nil }
