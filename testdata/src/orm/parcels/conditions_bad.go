package parcels

import (
	"context"
	"net/http"

	"corpus/legacy/auth"

	"xorm.io/builder"
)

// Ignored has a bean that is told to be no condition.
//
// case: xorm/no-auto-condition
func (s *Store) Ignored(ctx context.Context, id string) (*Parcel, error) {
	p := &Parcel{Owner: auth.TenantID(ctx)}
	_, err := s.engine.NoAutoCondition().ID(id).Get(p) // want `Session.Get is not restricted by Owner`
	return p, err
}

// Maybe has an owner that is left out where it is empty.
//
// case: xorm/bean-maybe-empty
func (s *Store) Maybe(ctx context.Context, mine bool) (list []Parcel, err error) {
	owner := ""
	if mine {
		owner = auth.TenantID(ctx)
	}
	err = s.engine.Where("state = ?", "open").Find(&list, &Parcel{Owner: owner}) // want `Session.Find is restricted by Owner only on some paths`
	return list, err
}

// Remove has an id in its bean, and no owner.
//
// case: xorm/delete
func (s *Store) Remove(ctx context.Context, id string) error {
	_, err := s.engine.Where("state = ?", "void").Delete(&Parcel{ID: id}) // want `Session.Delete is not restricted by Owner`
	return err
}

// AnyOf lets everybody's open ones in.
//
// case: xorm/builder-or
func (s *Store) AnyOf(ctx context.Context) (list []Parcel, err error) {
	err = s.engine.Where(builder.Eq{"org_id": auth.TenantID(ctx)}.Or(builder.Eq{"state": "open"})).Find(&list) // want `Session.Find is restricted by Owner only on some paths`
	return list, err
}

// Where narrows to an owner where there is one.
//
// case: xorm/builder-if
func (s *Store) Where(ctx context.Context, all bool) (list []Parcel, err error) {
	err = s.engine.Where(builder.If(!all, builder.In("org_id", auth.TenantID(ctx)))).Find(&list) // want `Session.Find is restricted by Owner only on some paths`
	return list, err
}

// Sent believes the client.
//
// case: xorm/in-misscoped
func (s *Store) Sent(w http.ResponseWriter, r *http.Request) {
	var list []Parcel
	if err := s.engine.In("org_id", r.FormValue("org")).Find(&list); err != nil { // want `Session.Find takes Owner from the request`
		http.Error(w, "not found", http.StatusNotFound)
	}
}

// Joined joins a table and has no owner.
//
// case: xorm/join
func (s *Store) Joined(ctx context.Context) (list []Parcel, err error) {
	err = s.engine.Table("parcel").Alias("p").Join("INNER", "route", "route.id = p.route_id").Where("p.state = ?", "open").Find(&list) // want `Session.Find is not restricted by Owner`
	return list, err
}

// JoinedLeft has the owner in the ON of a join that leaves no row out.
//
// case: xorm/left-join
func (s *Store) JoinedLeft(ctx context.Context) (list []Parcel, err error) {
	err = s.engine.Join("LEFT OUTER", "route", "route.id = parcel.route_id AND route.org_id = ?", auth.TenantID(ctx)).Find(&list) // want `Session.Find is not restricted by Owner`
	return list, err
}
