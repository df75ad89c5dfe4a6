// Package otherkey puts an organisation where another package looks for it.
package otherkey

import (
	"context"
	"net/http"

	"corpus/limits/otherkey/reader"
)

// With puts what the client has said there.
//
// case: limits/other-key limit
func With(r *http.Request) context.Context {
	return context.WithValue(r.Context(), reader.Key{}, r.Header.Get("X-Org"))
}
