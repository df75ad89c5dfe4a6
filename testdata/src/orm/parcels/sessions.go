package parcels

import (
	"context"

	"corpus/legacy/auth"

	"xorm.io/xorm"
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

// SessionOr adds everybody's open ones in place.
//
// case: xorm/session-or
func (s *Store) SessionOr(ctx context.Context) (list []Parcel, err error) {
	sess := s.engine.NewSession()
	defer sess.Close()
	sess.Where("org_id = ?", auth.TenantID(ctx))
	sess.Or("state = ?", "open")
	return list, sess.Find(&list) // want `Session.Find is restricted by Owner only on some paths`
}

// Twice takes the condition of the first statement to hold for the second.
//
// case: xorm/session-twice
func (s *Store) Twice(ctx context.Context) (list, more []Parcel, err error) {
	sess := s.engine.NewSession()
	defer sess.Close()
	sess.Where("org_id = ?", auth.TenantID(ctx))
	if err = sess.Find(&list); err != nil {
		return nil, nil, err
	}
	return list, more, sess.Find(&more) // want `Session.Find is not restricted by Owner`
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

// EachFirst has its condition in front of the loop.
//
// case: xorm/session-loop-first
func (s *Store) EachFirst(ctx context.Context, ids []string) error {
	sess := s.engine.NewSession()
	defer sess.Close()
	sess.Where("org_id = ?", auth.TenantID(ctx))
	for _, id := range ids {
		if _, err := sess.ID(id).Update(&Parcel{State: "shipped"}); err != nil { // want `Session.Update is restricted by Owner only on some paths`
			return err
		}
	}
	return nil
}

// opened counts by a session that it is handed, which is as new then.
func opened(sess *xorm.Session) (int64, error) {
	return sess.Where("state = ?", "open").Count(&Parcel{})
}

// narrow narrows a session that it is handed.
func narrow(ctx context.Context, sess *xorm.Session) { sess.And("org_id = ?", auth.TenantID(ctx)) }

// Helper takes its condition to hold behind a helper that has run a statement.
//
// case: xorm/session-helper
func (s *Store) Helper(ctx context.Context) (list []Parcel, err error) {
	sess := s.engine.NewSession()
	defer sess.Close()
	narrow(ctx, sess)
	if n, err := opened(sess); err != nil || n == 0 {
		return nil, err
	}
	return list, sess.Find(&list) // want `Session.Find is restricted by Owner only on some paths`
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

// getBy works on an engine or on a session, which may be narrowed already.
func getBy(db xorm.Interface, id string) (*Parcel, error) {
	p := &Parcel{ID: id}
	_, err := db.Get(p)
	return p, err
}

// GetAny hands it an engine.
//
// case: xorm/interface
func (s *Store) GetAny(ctx context.Context, id string) (*Parcel, error) {
	return getBy(s.engine, id) // want `Interface.Get is not restricted by Owner`
}

// GetNarrowed hands it a session of the owner's.
//
// case: xorm/interface-scoped clean
func (s *Store) GetNarrowed(ctx context.Context, id string) (*Parcel, error) {
	return getBy(s.engine.Where("org_id = ?", auth.TenantID(ctx)), id)
}
