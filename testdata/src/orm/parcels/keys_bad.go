package parcels

import (
	"context"

	"corpus/legacy/auth"

	"xorm.io/xorm/schemas"
)

// Rename has an owner in its key that is nobody's in particular.
//
// case: xorm/primary-key
func Rename(ctx context.Context, name, text string) error {
	_, err := engine.ID(schemas.PK{"house", name}).Update(&Label{Text: text}) // want `Session.Update takes Owner from a constant`
	return err
}

// RenameAny has the name alone.
//
// case: xorm/primary-key-of-one
func RenameAny(ctx context.Context, name, text string) error {
	_, err := engine.Where("name = ?", name).Update(&Label{Text: text}) // want `Session.Update is not restricted by Owner`
	return err
}

// RenameSwapped has the columns of the key in the wrong order.
//
// case: xorm/primary-key-swapped
func RenameSwapped(ctx context.Context, text string) error {
	_, err := engine.ID(schemas.PK{"label", auth.TenantID(ctx)}).Update(&Label{Text: text}) // want `Session.Update takes Owner from a constant`
	return err
}
