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

// IgnoredOwn has its condition beside.
//
// case: xorm/no-auto-condition-scoped clean
func (s *Store) IgnoredOwn(ctx context.Context, id string) (*Parcel, error) {
	p := &Parcel{}
	_, err := s.engine.NoAutoCondition().Where("org_id = ?", auth.TenantID(ctx)).ID(id).Get(p)
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

// RemoveOwn has both.
//
// case: xorm/delete-scoped clean
func (s *Store) RemoveOwn(ctx context.Context, id string) error {
	_, err := s.engine.Where("state = ?", "void").Delete(&Parcel{ID: id, Owner: auth.TenantID(ctx)})
	return err
}

// AnyOf lets everybody's open ones in.
//
// case: xorm/builder-or
func (s *Store) AnyOf(ctx context.Context) (list []Parcel, err error) {
	err = s.engine.Where(builder.Eq{"org_id": auth.TenantID(ctx)}.Or(builder.Eq{"state": "open"})).Find(&list) // want `Session.Find is restricted by Owner only on some paths`
	return list, err
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

// Where narrows to an owner where there is one.
//
// case: xorm/builder-if
func (s *Store) Where(ctx context.Context, all bool) (list []Parcel, err error) {
	err = s.engine.Where(builder.If(!all, builder.In("org_id", auth.TenantID(ctx)))).Find(&list) // want `Session.Find is restricted by Owner only on some paths`
	return list, err
}

// WhereOwn narrows to an owner and, perhaps, to a state.
//
// case: xorm/builder-if-scoped clean
func (s *Store) WhereOwn(ctx context.Context, all bool) (list []Parcel, err error) {
	err = s.engine.In("org_id", auth.TenantID(ctx)).And(builder.If(!all, builder.Neq{"state": "void"})).Find(&list)
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

// Route is a row that parcels go with.
type Route struct {
	ID    string
	Owner string `xorm:"'org_id'"`
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
