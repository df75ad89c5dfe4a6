package parcels

import (
	"context"

	"corpus/legacy/auth"
)

// Session is changed in place before its statement.
//
// case: xorm/session clean
func (s *Store) Session(ctx context.Context, state string) (list []Parcel, err error) {
	sess := s.engine.NewSession()
	defer sess.Close()
	sess.Where("org_id = ?", auth.TenantID(ctx))
	if state != "" {
		sess.And("state = ?", state)
	}
	return list, sess.Find(&list)
}

// TwiceOwn says it again.
//
// case: xorm/session-twice-scoped clean
func (s *Store) TwiceOwn(ctx context.Context) (list, more []Parcel, err error) {
	sess := s.engine.NewSession()
	defer sess.Close()
	if err = sess.Where("org_id = ?", auth.TenantID(ctx)).Find(&list); err != nil {
		return nil, nil, err
	}
	sess.In("org_id", auth.TenantID(ctx))
	return list, more, sess.Find(&more)
}

// Each runs a statement for each id.
//
// case: xorm/session-loop clean
func (s *Store) Each(ctx context.Context, ids []string) error {
	sess := s.engine.NewSession()
	defer sess.Close()
	for _, id := range ids {
		sess.Where("org_id = ?", auth.TenantID(ctx)).ID(id)
		if _, err := sess.Update(&Parcel{State: "shipped"}); err != nil {
			return err
		}
	}
	return nil
}

// HelperOwn is narrowed behind it.
//
// case: xorm/session-helper-scoped clean
func (s *Store) HelperOwn(ctx context.Context) (list []Parcel, err error) {
	sess := s.engine.NewSession()
	defer sess.Close()
	narrow(ctx, sess)
	if n, err := opened(sess); err != nil || n == 0 {
		return nil, err
	}
	narrow(ctx, sess)
	return list, sess.Find(&list)
}

// GetNarrowed hands it a session of the owner's.
//
// case: xorm/interface-scoped clean
func (s *Store) GetNarrowed(ctx context.Context, id string) (*Parcel, error) {
	return getBy(s.engine.Where("org_id = ?", auth.TenantID(ctx)), id)
}
