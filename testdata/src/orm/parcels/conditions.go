package parcels

// Route is a row that parcels go with.
type Route struct {
	ID    string
	Owner string `xorm:"'org_id'"`
}
