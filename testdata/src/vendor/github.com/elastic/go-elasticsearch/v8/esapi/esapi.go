// Package esapi is a stand-in with the names and signatures that the corpus uses.
package esapi

import (
	"context"
	"io"
	"net/http"
)

// Transport sends requests.
type Transport interface {
	Perform(*http.Request) (*http.Response, error)
}

// Response is a response.
type Response struct{}

// SearchRequest is a search.
type SearchRequest struct {
	Index   []string
	Body    io.Reader
	Routing []string
}

// Do sends the request.
func (r SearchRequest) Do(providedCtx context.Context, transport Transport) (*Response, error) {
	return nil, providedCtx.Err()
}
