// Package search is a stand-in with the names and signatures that the corpus uses.
package search

import (
	"context"

	"github.com/elastic/go-elasticsearch/v8/typedapi/types"
)

// NewSearch begins a search.
type NewSearch func() *Search

// Search is a search.
type Search struct {
	index string
	req   *Request
}

// Request is its body.
type Request struct {
	Query *types.Query `json:"query,omitempty"`
	Size  *int         `json:"size,omitempty"`
}

// Response is what it found.
type Response struct{ Took int64 }

// Index names the index.
func (r *Search) Index(index string) *Search { r.index = index; return r }

// Request sets the body.
func (r *Search) Request(req *Request) *Search { r.req = req; return r }

// Query sets the query.
func (r *Search) Query(query *types.Query) *Search { r.req = &Request{Query: query}; return r }

// Size bounds what is found.
func (r *Search) Size(size int) *Search { return r }

// Do runs it.
func (r Search) Do(ctx context.Context) (*Response, error) { return nil, ctx.Err() }
