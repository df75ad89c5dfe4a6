// Package milvusclient is a stand-in with the names and signatures that the corpus uses.
package milvusclient

import "context"

// Client is a client.
type Client struct{}

// ResultSet is what is found.
type ResultSet struct{}

// DeleteResult is what was removed.
type DeleteResult struct{}

// SearchOption says what to look for.
type SearchOption interface{ Request() (*Request, error) }

// DeleteOption says what to remove.
type DeleteOption interface{ Request() *Request }

// Request is a request.
type Request struct {
	collection, filter string
	partitions         []string
	params             map[string]any
}

type searchOption struct{ request Request }

// Request returns the request.
func (opt *searchOption) Request() (*Request, error) { return &opt.request, nil }

// NewSearchOption begins a search.
func NewSearchOption(collectionName string, limit int, vectors []float32) *searchOption {
	return &searchOption{Request{collection: collectionName}}
}

// WithFilter sets the filter.
func (opt *searchOption) WithFilter(expr string) *searchOption {
	opt.request.filter = expr
	return opt
}

// WithTemplateParam sets a parameter of the filter.
func (opt *searchOption) WithTemplateParam(key string, val any) *searchOption {
	opt.request.params[key] = val
	return opt
}

// WithPartitions sets the partitions.
func (opt *searchOption) WithPartitions(partitionNames ...string) *searchOption {
	opt.request.partitions = partitionNames
	return opt
}

// WithOutputFields sets the fields.
func (opt *searchOption) WithOutputFields(fieldNames ...string) *searchOption { return opt }

type deleteOption struct{ request Request }

// Request returns the request.
func (opt *deleteOption) Request() *Request { return &opt.request }

// NewDeleteOption begins a removal.
func NewDeleteOption(collectionName string) *deleteOption {
	return &deleteOption{Request{collection: collectionName}}
}

// WithExpr sets the filter.
func (opt *deleteOption) WithExpr(expr string) *deleteOption {
	opt.request.filter = expr
	return opt
}

// WithStringIDs sets identifiers.
func (opt *deleteOption) WithStringIDs(fieldName string, ids []string) *deleteOption { return opt }

// Search looks for entities.
func (c *Client) Search(ctx context.Context, option SearchOption) ([]ResultSet, error) {
	return nil, ctx.Err()
}

// Delete removes entities.
func (c *Client) Delete(ctx context.Context, option DeleteOption) (DeleteResult, error) {
	return DeleteResult{}, ctx.Err()
}
