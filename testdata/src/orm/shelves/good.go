package shelves

import (
	"context"

	"corpus/legacy/auth"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// CitiesOwn narrows the shelves.
//
// case: gorm/preload-narrowed clean
func (s *Store) CitiesOwn(ctx context.Context) (list []City, err error) {
	err = s.db.WithContext(ctx).Preload("Shelves", "org_id = ?", auth.TenantID(ctx)).Preload("Shelves.Books.Pages").Find(&list).Error
	return list, err
}

// Shelves reads with its own what refers to them.
//
// case: gorm/preload-of-own clean
func (s *Store) Shelves(ctx context.Context) (list []Shelf, err error) {
	err = s.db.Where("org_id = ?", auth.TenantID(ctx)).Preload("Books.Pages").Preload("Room").Find(&list).Error
	return list, err
}

// Everyone reads all relations, and narrows them all.
//
// case: gorm/preload-all-narrowed clean
func (s *Store) Everyone(ctx context.Context) (list []City, err error) {
	err = s.db.Preload(clause.Associations, "org_id = ?", auth.TenantID(ctx)).Find(&list).Error
	return list, err
}

// AskedOwn has the owner in a function.
//
// case: gorm/preload-function clean
func (s *Store) AskedOwn(ctx context.Context) (list []City, err error) {
	own := func(tx *gorm.DB) *gorm.DB { return tx.Where("org_id = ?", auth.TenantID(ctx)).Order("id") }
	err = s.db.Preload("Shelves", own).Find(&list).Error
	return list, err
}

// SortedOwn sorts, where the rows are the caller's already.
//
// case: gorm/preload-sorted-own clean
func (s *Store) SortedOwn(ctx context.Context) (list []Shelf, err error) {
	err = s.db.Preload("Books", func(tx *gorm.DB) *gorm.DB { return tx.Order("title") }).Find(&list, "org_id = ?", auth.TenantID(ctx)).Error
	return list, err
}

// JoinedOwn narrows what it joins.
//
// case: gorm/joins-narrowed clean
func (s *Store) JoinedOwn(ctx context.Context) (list []City, err error) {
	err = s.db.InnerJoins("Shelves", s.db.Where(&Shelf{OrgID: auth.TenantID(ctx)})).Find(&list).Error
	return list, err
}

// Inner has the owner in the ON of a join that leaves others out.
//
// case: gorm/inner-join clean
func (s *Store) Inner(ctx context.Context) (list []Book, err error) {
	err = s.db.Joins("JOIN shelves ON shelves.id = books.shelf_id AND shelves.org_id = ?", auth.TenantID(ctx)).Find(&list).Error
	return list, err
}

// shelf returns a shelf of the caller's.
func (s *Store) shelf(ctx context.Context, id string) (*Shelf, error) {
	var out Shelf
	err := s.db.WithContext(ctx).Where("org_id = ? AND id = ?", auth.TenantID(ctx), id).First(&out).Error
	return &out, err
}

// BooksOfOwn reads the books of a shelf that it has.
//
// case: gorm/association-of-own clean
func (s *Store) BooksOfOwn(ctx context.Context, id string) (list []Book, err error) {
	shelf, err := s.shelf(ctx, id)
	if err != nil {
		return nil, err
	}
	err = s.db.WithContext(ctx).Model(shelf).Association("Books").Find(&list)
	return list, err
}

// EmptyOwn narrows what it takes off.
//
// case: gorm/association-clear-own clean
func (s *Store) EmptyOwn(ctx context.Context, id string) error {
	return s.db.Where("org_id = ?", auth.TenantID(ctx)).Model(&Shelf{ID: id}).Association("Books").Clear()
}

// PutOwn puts a book of the caller's on a shelf.
//
// case: gorm/association-append clean
func (s *Store) PutOwn(ctx context.Context, id, title string) error {
	shelf, err := s.shelf(ctx, id)
	if err != nil {
		return err
	}
	return s.db.Model(shelf).Association("Books").Append(&Book{Title: title, OrgID: auth.TenantID(ctx)})
}

// SweepOwn narrows what runs for a batch.
//
// case: gorm/batches-own clean
func (s *Store) SweepOwn(ctx context.Context) error {
	var list []Shelf
	own := s.db.Where("org_id = ?", auth.TenantID(ctx))
	return own.FindInBatches(&list, 100, func(tx *gorm.DB, _ int) error {
		return tx.Where("org_id = ? AND room_id = ?", auth.TenantID(ctx), "").Delete(&Shelf{}).Error
	}).Error
}

// InOwn goes by the ids of the caller's shelves.
//
// case: gorm/sub-query clean
func (s *Store) InOwn(ctx context.Context, city string) (list []Book, err error) {
	shelves := s.db.Model(&Shelf{}).Select("id").Where("city_id = ? AND org_id = ?", city, auth.TenantID(ctx))
	err = s.db.Where("shelf_id IN (?)", shelves).Find(&list).Error
	return list, err
}

// FromOwn reads what a query of the caller's rows finds.
//
// case: gorm/table-of-own-query clean
func (s *Store) FromOwn(ctx context.Context) (list []Shelf, err error) {
	err = s.db.Table("(?) AS s", s.db.Model(&Shelf{}).Where("org_id = ?", auth.TenantID(ctx))).Find(&list).Error
	return list, err
}

// Equal has the owner in expressions.
//
// case: gorm/clause-equal clean
func (s *Store) Equal(ctx context.Context) (list []Shelf, err error) {
	own := clause.IN{Column: clause.Column{Table: "shelves", Name: "org_id"}, Values: []any{auth.TenantID(ctx)}}
	if err := s.db.Clauses(own, clause.Locking{Strength: "UPDATE"}).Find(&list).Error; err != nil {
		return nil, err
	}
	err = s.db.Where(clause.And(clause.Eq{Column: "org_id", Value: auth.TenantID(ctx)})).Find(&list).Error
	return list, err
}

// EnsureOwn looks for the caller's, and makes one of the caller's.
//
// case: gorm/first-or-create clean
func (s *Store) EnsureOwn(ctx context.Context, name string) (*Keeper, error) {
	var k Keeper
	err := s.db.Where(&Keeper{OrgID: auth.TenantID(ctx), Name: name}).FirstOrCreate(&k).Error
	return &k, err
}

// EnsureOwnToo assigns the owner.
//
// case: gorm/first-or-create-attrs clean
func (s *Store) EnsureOwnToo(ctx context.Context, name string) (*Keeper, error) {
	var k Keeper
	err := s.db.Where("org_id = ? AND name = ?", auth.TenantID(ctx), name).Attrs(map[string]any{"org_id": auth.TenantID(ctx)}).FirstOrCreate(&k).Error
	return &k, err
}

// Touched goes through a function value, and drops what is deleted softly.
//
// case: gorm/unscoped-rows clean
func (s *Store) Touched(ctx context.Context) (list []Shelf, err error) {
	own := func(tx *gorm.DB) *gorm.DB { return tx.Where("org_id = ?", auth.TenantID(ctx)) }
	err = s.db.Session(&gorm.Session{}).Scopes(own).Clauses(clause.Locking{Strength: "SHARE"}).Find(&list).Error
	return list, err
}

// InOwnToo goes by two queries, of which one is for the caller's.
//
// case: gorm/two-sub-queries clean
func (s *Store) InOwnToo(ctx context.Context, city string) (list []Book, err error) {
	own := s.db.Model(&Shelf{}).Select("id").Where("org_id = ?", auth.TenantID(ctx))
	there := s.db.Model(&Shelf{}).Select("id").Where("city_id = ?", city)
	err = s.db.Where("shelf_id IN (?) AND id <> '' AND shelf_id IN (?)", own, there).Find(&list).Error
	return list, err
}
