// Package lookedup lets the client choose an organisation, by a lookup that takes
// a context and does not keep to what is in it.
package lookedup

import (
	"context"
	"net/http"

	"corpus/entry/session"
)

// Finder finds organisations.
type Finder interface {
	Find(ctx context.Context, name string) (*session.Org, error)
}

// Enter works for whatever organisation the client names.
//
// case: limits/looked-up limit
func Enter(r *http.Request, orgs Finder) (*http.Request, error) {
	org, err := orgs.Find(r.Context(), r.Header.Get("X-Org"))
	if err != nil {
		return nil, err
	}
	return r.WithContext(session.WithOrg(r.Context(), org)), nil
}
