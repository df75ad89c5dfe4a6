package parcels

import (
	"context"

	"corpus/legacy/auth"

	"xorm.io/builder"
)

// IgnoredOwn has its condition beside.
//
// case: xorm/no-auto-condition-scoped clean
func (s *Store) IgnoredOwn(ctx context.Context, id string) (*Parcel, error) {
	p := &Parcel{}
	_, err := s.engine.NoAutoCondition().Where("org_id = ?", auth.TenantID(ctx)).ID(id).Get(p)
	return p, err
}

// RemoveOwn has both.
//
// case: xorm/delete-scoped clean
func (s *Store) RemoveOwn(ctx context.Context, id string) error {
	_, err := s.engine.Where("state = ?", "void").Delete(&Parcel{ID: id, Owner: auth.TenantID(ctx)})
	return err
}

// AllOf has the owner beside the OR.
//
// case: xorm/builder-and clean
func (s *Store) AllOf(ctx context.Context, word string) (list []Parcel, err error) {
	cond := builder.NewCond()
	cond = cond.And(builder.Eq{"parcel.org_id": auth.TenantID(ctx)})
	if word != "" {
		cond = cond.And(builder.Or(builder.Eq{"state": word}, builder.Expr("id = ?", word)))
	}
	return list, s.engine.Where(cond).Find(&list)
}

// WhereOwn narrows to an owner and, perhaps, to a state.
//
// case: xorm/builder-if-scoped clean
func (s *Store) WhereOwn(ctx context.Context, all bool) (list []Parcel, err error) {
	err = s.engine.In("org_id", auth.TenantID(ctx)).And(builder.If(!all, builder.Neq{"state": "void"})).Find(&list)
	return list, err
}

// JoinedOwn has the owner in the WHERE.
//
// case: xorm/join-scoped clean
func (s *Store) JoinedOwn(ctx context.Context) (list []Parcel, err error) {
	err = s.engine.Table(&Parcel{}).Alias("p").Join("LEFT", []string{"route", "r"}, "r.id = p.route_id").Where("p.org_id = ?", auth.TenantID(ctx)).Find(&list)
	return list, err
}

// JoinedRoute goes with routes of the owner's: whether those tell whose the parcels are
// is not known.
//
// case: xorm/join-restricted clean
func (s *Store) JoinedRoute(ctx context.Context) (list []Parcel, err error) {
	err = s.engine.Join("INNER", &Route{}, "route.id = parcel.route_id AND route.org_id = ?", auth.TenantID(ctx)).Find(&list)
	return list, err
}
