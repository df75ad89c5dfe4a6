package options

import (
	"context"
	"net/http"
)

// list applies functions on the query.
func (s *Store) list(ctx context.Context, scopes ...scope) (list []Task, err error) {
	q := s.db.WithContext(ctx)
	for _, narrow := range scopes {
		q = narrow(q)
	}
	err = q.Find(&list).Error // want `DB.Find is not restricted by OrgID`
	return list, err
}

// Open has no option with the owner.
//
// case: options/functions-unscoped
func (s *Store) Open(ctx context.Context) ([]Task, error) { return s.list(ctx, byState("open")) }

// find applies settings, which need not have an owner.
func (s *Store) find(ctx context.Context, opts ...option) (list []Task, err error) {
	var set settings
	for _, opt := range opts {
		opt(&set)
	}
	q := s.db.WithContext(ctx).Where("state = ?", set.state)
	if set.org != "" {
		q = q.Where("org_id = ?", set.org)
	}
	err = q.Find(&list).Error // want `DB.Find is`
	return list, err
}

// Closed sets no owner.
//
// case: options/settings-unscoped
func (s *Store) Closed(ctx context.Context) ([]Task, error) { return s.find(ctx, withState("closed")) }

// Asked believes the client in a filter.
//
// case: options/filter-misscoped
func (s *Store) Asked(w http.ResponseWriter, r *http.Request) {
	if _, err := s.search(r.Context(), Filter{OrgID: r.URL.Query().Get("org_id")}); err != nil { // want `takes OrgID from the request`
		http.Error(w, "not found", http.StatusNotFound)
	}
}
