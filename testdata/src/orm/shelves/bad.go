package shelves

import (
	"context"
	"net/http"

	"corpus/legacy/auth"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Cities are everybody's, and so are the shelves that are read with them.
//
// case: gorm/preload-of-nobody
func (s *Store) Cities(ctx context.Context) (list []City, err error) {
	err = s.db.WithContext(ctx).Preload("Shelves").Find(&list).Error // want `DB.Find with Shelves is not restricted by OrgID: it reaches Shelf rows of everybody`
	return list, err
}

// Everything reads all relations there are.
//
// case: gorm/preload-all
func (s *Store) Everything(ctx context.Context) (list []City, err error) {
	q := s.db.WithContext(ctx).Preload("Shelves", "org_id = ?", auth.TenantID(ctx))
	err = q.Preload(clause.Associations).Find(&list).Error // want `DB.Find with Keepers is not restricted by OrgID`
	return list, err
}

// Asked believes the client in a condition of the relation.
//
// case: gorm/preload-misscoped
func (s *Store) Asked(w http.ResponseWriter, r *http.Request) {
	var list []City
	err := s.db.Preload("Shelves", func(tx *gorm.DB) *gorm.DB { // want `DB.Find with Shelves takes OrgID from the request`
		return tx.Where("org_id = ?", r.URL.Query().Get("org_id"))
	}).Find(&list).Error
	if err != nil {
		http.Error(w, "not found", http.StatusNotFound)
	}
}

// Sorted has a function that narrows nothing.
//
// case: gorm/preload-sorted
func (s *Store) Sorted(ctx context.Context) (list []City, err error) {
	err = s.db.Preload("Shelves", func(tx *gorm.DB) *gorm.DB { return tx.Order("id") }).Find(&list).Error // want `DB.Find with Shelves is not restricted by OrgID`
	return list, err
}

// Joined joins a relation of what nobody owns.
//
// case: gorm/joins-of-nobody
func (s *Store) Joined(ctx context.Context) (list []City, err error) {
	err = s.db.InnerJoins("Shelves").Find(&list).Error // want `DB.Find with Shelves is not restricted by OrgID`
	return list, err
}

// Outer has the owner in the ON of a LEFT JOIN, which leaves no row out.
//
// case: gorm/left-join
func (s *Store) Outer(ctx context.Context) (list []Book, err error) {
	err = s.db.Joins("LEFT JOIN shelves ON shelves.id = books.shelf_id AND shelves.org_id = ?", auth.TenantID(ctx)).Find(&list).Error // want `DB.Find is not restricted by OrgID`
	return list, err
}

// BooksOf takes the shelf that the client names.
//
// case: gorm/association-of-id
func (s *Store) BooksOf(ctx context.Context, id string) (list []Book, err error) {
	err = s.db.WithContext(ctx).Model(&Shelf{ID: id}).Association("Books").Find(&list) // want `Association.Find is not restricted by OrgID: it reaches Book rows of everybody`
	return list, err
}

// Empty takes all books off the shelf that the client names.
//
// case: gorm/association-clear
func (s *Store) Empty(ctx context.Context, id string) error {
	return s.db.Model(&Shelf{ID: id}).Association("Books").Clear() // want `Association.Clear is not restricted by OrgID`
}

// Put puts a book of nobody on a shelf.
//
// case: gorm/association-append-unset
func (s *Store) Put(ctx context.Context, id, title string) error {
	shelf, err := s.shelf(ctx, id)
	if err != nil {
		return err
	}
	return s.db.Model(shelf).Association("Books").Append(&Book{Title: title}) // want `Association.Append leaves OrgID unset`
}

// Sweep goes through the caller's shelves, and deletes others as well: what runs for
// a batch begins anew.
//
// case: gorm/batches
func (s *Store) Sweep(ctx context.Context) error {
	var list []Shelf
	return s.db.Where("org_id = ?", auth.TenantID(ctx)).FindInBatches(&list, 100, func(tx *gorm.DB, _ int) error {
		return tx.Where("room_id = ?", "").Delete(&Shelf{}).Error // want `DB.Delete is not restricted by OrgID`
	}).Error
}

// InAny goes by the ids of anybody's shelves.
//
// case: gorm/sub-query-unscoped
func (s *Store) InAny(ctx context.Context, city string) (list []Book, err error) {
	shelves := s.db.Model(&Shelf{}).Select("id").Where("city_id = ?", city)
	err = s.db.Where("shelf_id IN (?)", shelves).Find(&list).Error // want `DB.Find is not restricted by OrgID`
	return list, err
}

// FromAny reads what a query finds that restricts nothing.
//
// case: gorm/table-of-query
func (s *Store) FromAny(ctx context.Context, city string) (list []Shelf, err error) {
	err = s.db.Table("(?) AS s", s.db.Model(&Shelf{}).Where("city_id = ?", city)).Find(&list).Error // want `DB.Find is not restricted by OrgID`
	return list, err
}

// Not has the owner in an expression that leaves the owner's rows out.
//
// case: gorm/clause-not-equal
func (s *Store) Not(ctx context.Context) (list []Shelf, err error) {
	err = s.db.Clauses(clause.Neq{Column: "org_id", Value: auth.TenantID(ctx)}, clause.Locking{Strength: "UPDATE"}).Find(&list).Error // want `DB.Find is not restricted by OrgID`
	return list, err
}

// EitherOf has the owner in one of two expressions.
//
// case: gorm/clause-or
func (s *Store) EitherOf(ctx context.Context, room string) (list []Shelf, err error) {
	own := clause.Eq{Column: "org_id", Value: auth.TenantID(ctx)}
	err = s.db.Where(clause.Or(own, clause.Eq{Column: "room_id", Value: room})).Find(&list).Error // want `DB.Find is restricted by OrgID only on some paths`
	return list, err
}

// Ensure looks for the caller's, and makes one that is nobody's: gorm does not take a
// text apart.
//
// case: gorm/first-or-create-text
func (s *Store) Ensure(ctx context.Context, name string) (*Keeper, error) {
	var k Keeper
	err := s.db.Where("org_id = ? AND name = ?", auth.TenantID(ctx), name).Attrs(Keeper{Name: name}).FirstOrCreate(&k).Error // want `DB.FirstOrCreate leaves OrgID unset`
	return &k, err
}

// InMentioned asks that there is an owner, whoever it is.
//
// case: gorm/sub-query-mentions
func (s *Store) InMentioned(ctx context.Context, city string) (list []Book, err error) {
	shelves := s.db.Model(&Shelf{}).Select("id").Where("city_id = ? AND ? <> ''", city, auth.TenantID(ctx))
	err = s.db.Where("shelf_id IN (?)", shelves).Find(&list).Error // want `DB.Find is not restricted by OrgID`
	return list, err
}
