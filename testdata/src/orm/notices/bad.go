package notices

import (
	"context"

	"corpus/legacy/auth"

	"github.com/gobuffalo/pop/v6"
)

// Get finds by id, which is all that Find takes.
//
// case: pop/find
func (s *Store) Get(ctx context.Context, id string) (*Notice, error) {
	var n Notice
	err := s.conn.WithContext(ctx).Find(&n, id) // want `Connection.Find is not restricted by Org: it reaches Notice rows of everybody`
	return &n, err
}

// Search has an OR that pop puts beside the rest without parentheses.
//
// case: pop/or-text
func (s *Store) Search(ctx context.Context, text string) (list []Notice, err error) {
	err = s.conn.Where("org_id = ?", auth.TenantID(ctx)).Where("text = ? OR id = ?", text, text).All(&list) // want `Query.All is restricted by Org only on some paths`
	return list, err
}

// Clear removes everybody's.
//
// case: pop/delete
func (s *Store) Clear(ctx context.Context, text string) error {
	return s.conn.Transaction(func(tx *pop.Connection) error {
		return tx.WithContext(ctx).Where("text = ?", text).Delete(&Notice{}) // want `Query.Delete is not restricted by Org`
	})
}

// Add leaves the owner out.
//
// case: pop/create-unset
func (s *Store) Add(ctx context.Context, id, text string) error {
	return s.conn.WithContext(ctx).Create(&Notice{ID: id, Text: text}) // want `Connection.Create leaves Org unset`
}

// Drop removes by the id alone.
//
// case: pop/destroy
func (s *Store) Drop(ctx context.Context, id string) error {
	return s.conn.WithContext(ctx).Destroy(&Notice{ID: id}) // want `Connection.Destroy is not restricted by Org`
}
