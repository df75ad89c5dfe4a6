package parcels

import (
	"context"

	"corpus/legacy/auth"

	"xorm.io/xorm"
)

// opened counts by a session that it is handed, which is as new then.
func opened(sess *xorm.Session) (int64, error) {
	return sess.Where("state = ?", "open").Count(&Parcel{})
}

// narrow narrows a session that it is handed.
func narrow(ctx context.Context, sess *xorm.Session) { sess.And("org_id = ?", auth.TenantID(ctx)) }

// getBy works on an engine or on a session, which may be narrowed already.
func getBy(db xorm.Interface, id string) (*Parcel, error) {
	p := &Parcel{ID: id}
	_, err := db.Get(p)
	return p, err
}
