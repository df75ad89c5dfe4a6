package parcels

import (
	"xorm.io/xorm"
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
