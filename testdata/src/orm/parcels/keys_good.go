package parcels

import (
	"context"

	"corpus/legacy/auth"

	"xorm.io/xorm/schemas"
)

// RenameOwn has the caller's.
//
// case: xorm/primary-key-scoped clean
func RenameOwn(ctx context.Context, name, text string) error {
	_, err := engine.ID(schemas.PK{auth.TenantID(ctx), name}).Update(&Label{Text: text})
	return err
}

// RenameNamed has the caller's owner beside the name.
//
// case: xorm/primary-key-where clean
func RenameNamed(ctx context.Context, name, text string) error {
	_, err := engine.Where("name = ?", name).And("org_id = ?", auth.TenantID(ctx)).Update(&Label{Text: text})
	return err
}

// RenameIn keeps to the order in a session.
//
// case: xorm/primary-key-in-place clean
func RenameIn(ctx context.Context, name, text string) error {
	sess := engine.NewSession()
	defer sess.Close()
	sess.ID(&schemas.PK{auth.TenantID(ctx), name})
	_, err := sess.Update(&Label{Text: text})
	return err
}
