package parcels

import (
	"context"

	"corpus/legacy/auth"
)

// GetOwn has both in the bean.
//
// case: xorm/get clean
func (s *Store) GetOwn(ctx context.Context, id string) (*Parcel, error) {
	p := &Parcel{ID: id, Owner: auth.TenantID(ctx)}
	_, err := s.engine.Get(p)
	return p, err
}

// EitherOwn has the owner behind the OR, which xorm puts in parentheses.
//
// case: xorm/or-and clean
func (s *Store) EitherOwn(ctx context.Context) (list []Parcel, err error) {
	err = s.engine.Where("state = ?", "new").Or("state = ?", "open").And("org_id = ?", auth.TenantID(ctx)).Find(&list)
	return list, err
}

// ShipOwn has the owner in a second bean.
//
// case: xorm/update-scoped clean
func (s *Store) ShipOwn(ctx context.Context, id string) error {
	_, err := s.engine.ID(id).Update(&Parcel{State: "shipped"}, &Parcel{Owner: auth.TenantID(ctx)})
	return err
}

// AddOwn sets the owner.
//
// case: xorm/insert clean
func (s *Store) AddOwn(ctx context.Context, id string) error {
	_, err := s.engine.Insert(&Parcel{ID: id, Owner: auth.TenantID(ctx)})
	return err
}
