package parcels

import (
	"context"

	"corpus/legacy/auth"

	"xorm.io/xorm"
	"xorm.io/xorm/schemas"
)

// Label has a primary key of two columns.
type Label struct {
	Owner string `xorm:"varchar(36) notnull pk 'org_id'"`
	Name  string `xorm:"varchar(36) notnull pk"`
	Text  string
}

// engine is the database of this process.
var engine *xorm.Engine

// Open opens it.
func Open(driver, source string) (err error) {
	engine, err = xorm.NewEngine(driver, source)
	return err
}

// Rename has an owner in its key that is nobody's in particular.
//
// case: xorm/primary-key
func Rename(ctx context.Context, name, text string) error {
	_, err := engine.ID(schemas.PK{"house", name}).Update(&Label{Text: text}) // want `Session.Update takes Owner from a constant`
	return err
}

// RenameOwn has the caller's.
//
// case: xorm/primary-key-scoped clean
func RenameOwn(ctx context.Context, name, text string) error {
	_, err := engine.ID(schemas.PK{auth.TenantID(ctx), name}).Update(&Label{Text: text})
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
