package parcels

import (
	"context"

	"corpus/legacy/auth"
)

// Get has the id alone.
//
// case: xorm/get-by-id
func (s *Store) Get(ctx context.Context, id string) (*Parcel, error) {
	p := &Parcel{ID: id}
	_, err := s.engine.Get(p) // want `Engine.Get is not restricted by Owner: it reaches Parcel rows of everybody`
	return p, err
}

// Either adds everybody's open ones.
//
// case: xorm/or
func (s *Store) Either(ctx context.Context) (list []Parcel, err error) {
	err = s.engine.Where("org_id = ?", auth.TenantID(ctx)).Or("state = ?", "open").Find(&list) // want `Session.Find is restricted by Owner only on some paths`
	return list, err
}

// Ship changes by id.
//
// case: xorm/update
func (s *Store) Ship(ctx context.Context, id string) error {
	_, err := s.engine.ID(id).Update(&Parcel{State: "shipped"}) // want `Session.Update is not restricted by Owner`
	return err
}

// Add leaves the owner out.
//
// case: xorm/insert-unset
func (s *Store) Add(ctx context.Context, id string) error {
	_, err := s.engine.Insert(&Parcel{ID: id}) // want `Engine.Insert leaves Owner unset`
	return err
}

// Void runs a statement by its text.
//
// case: xorm/exec
func (s *Store) Void(ctx context.Context, id string) error {
	_, err := s.engine.Exec("UPDATE invoices SET status = 'void' WHERE id = ? AND tenant_id = ?", id, auth.TenantID(ctx)) // want `UPDATE of invoices is not restricted by environment_id`
	return err
}
