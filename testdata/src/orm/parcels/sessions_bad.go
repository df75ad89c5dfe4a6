package parcels

import (
	"context"

	"corpus/legacy/auth"
)

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

// GetAny hands it an engine.
//
// case: xorm/interface
func (s *Store) GetAny(ctx context.Context, id string) (*Parcel, error) {
	return getBy(s.engine, id) // want `Interface.Get is not restricted by Owner`
}
