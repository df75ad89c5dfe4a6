package posts

import (
	"context"
	"database/sql"

	"corpus/legacy/auth"
	"corpus/orm/posts/scopes"

	"gorm.io/gorm"
)

// GetOwn has the owner inline.
//
// case: gorm/first-inline clean
func (s *Store) GetOwn(ctx context.Context, id string) (*Post, error) {
	var p Post
	err := s.db.WithContext(ctx).First(&p, "id = ? AND org_id = ?", id, auth.TenantID(ctx)).Error
	return &p, err
}

// GetKeyOwn has the owner in the chain and the key inline.
//
// case: gorm/first-by-key-scoped clean
func (s *Store) GetKeyOwn(ctx context.Context, id int) (*Post, error) {
	var p Post
	err := s.db.WithContext(ctx).Where("org_id", auth.TenantID(ctx)).First(&p, id).Error
	return &p, err
}

// ByExampleOwn sets the field.
//
// case: gorm/struct clean
func (s *Store) ByExampleOwn(ctx context.Context, title string) (list []Post, err error) {
	err = s.db.WithContext(ctx).Where(&Post{Title: title, Owner: auth.TenantID(ctx)}).Find(&list).Error
	return list, err
}

// ByMapOwn has the owner in a map.
//
// case: gorm/map clean
func (s *Store) ByMapOwn(ctx context.Context, state string) (list []Post, err error) {
	cond := map[string]any{"state": state}
	cond["posts.org_id"] = auth.TenantID(ctx)
	err = s.db.Where(cond).Find(&list).Error
	return list, err
}

// EitherOwn keeps the OR in a group.
//
// case: gorm/or-group clean
func (s *Store) EitherOwn(ctx context.Context) (list []Post, err error) {
	err = s.db.Where("org_id = ?", auth.TenantID(ctx)).Where(s.db.Where("state = ?", "new").Or("state = ?", "open")).Find(&list).Error
	return list, err
}

// BothOwn has the owner on both sides.
//
// case: gorm/or-both clean
func (s *Store) BothOwn(ctx context.Context) (list []Post, err error) {
	org := auth.TenantID(ctx)
	err = s.db.Where("org_id = ? AND state = ?", org, "new").Or("org_id = ? AND state = ?", org, "open").Find(&list).Error
	return list, err
}

// CountOwn leaves closed ones out.
//
// case: gorm/not-scoped clean
func (s *Store) CountOwn(ctx context.Context) (n int64, err error) {
	err = s.db.Model(&Post{}).Where("org_id = @org OR org_id = @org", sql.Named("org", auth.TenantID(ctx))).Not("state = ?", "closed").Count(&n).Error
	return n, err
}

// NewestOwn applies scopes of another package.
//
// case: gorm/scopes clean
func (s *Store) NewestOwn(ctx context.Context) (list []Post, err error) {
	err = s.db.WithContext(ctx).Scopes(scopes.Own(ctx), scopes.Newest(10)).Find(&list).Error
	return list, err
}

// Listed applies a scope that is written where it is used.
//
// case: gorm/scopes-literal clean
func (s *Store) Listed(ctx context.Context) (list []Post, err error) {
	err = s.db.Scopes(func(db *gorm.DB) *gorm.DB { return db.Where("org_id = ?", auth.TenantID(ctx)) }).Find(&list).Error
	return list, err
}

// CloseOwn has the owner in a transaction.
//
// case: gorm/transaction-scoped clean
func (s *Store) CloseOwn(ctx context.Context, id string) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		return scopes.Narrow(ctx, tx).Model(&Post{}).Where("id = ?", id).Update("state", "closed").Error
	})
}

// Narrowed changes a query in place, which a chain that has begun allows.
//
// case: gorm/in-place clean
func (s *Store) Narrowed(ctx context.Context, state string) (list []Post, err error) {
	q := s.db.WithContext(ctx).Model(&Post{})
	q.Where("org_id = ?", auth.TenantID(ctx)).Order("title")
	if state != "" {
		q.Where("state = ?", state)
	}
	return list, q.Find(&list).Error
}

// own begins every query of the ones below.
func (s *Store) own(ctx context.Context) *gorm.DB {
	return s.db.WithContext(ctx).Where("org_id IN ?", []string{auth.TenantID(ctx)})
}

// RemoveOwn begins from a helper.
//
// case: gorm/helper clean
func (s *Store) RemoveOwn(ctx context.Context, id string) error {
	q := s.own(ctx)
	if id != "" {
		q = q.Where("id = ?", id)
	}
	return q.Delete(&Post{}).Error
}

// Resume keeps the conditions in a session.
//
// case: gorm/session clean
func (s *Store) Resume(ctx context.Context, id string) error {
	q := s.own(ctx).Session(&gorm.Session{})
	return q.Where("id = ?", id).Delete(&Post{}).Error
}

// Begin has a transaction without a function.
//
// case: gorm/begin clean
func (s *Store) Begin(ctx context.Context, id string) error {
	tx := s.own(ctx).Begin()
	defer tx.Rollback()
	if err := tx.Model(&Post{}).Where("id = ?", id).Updates(map[string]any{"state": "new"}).Error; err != nil {
		return err
	}
	return tx.Commit().Error
}

// AddOwn sets the owner.
//
// case: gorm/create clean
func (s *Store) AddOwn(ctx context.Context, id, title string) error {
	return s.db.WithContext(ctx).Create([]*Post{{ID: id, Owner: auth.TenantID(ctx), Title: title}}).Error
}

// EditOwn updates with a condition, which Updates keeps to.
//
// case: gorm/updates clean
func (s *Store) EditOwn(ctx context.Context, id, title string) error {
	return s.db.Model(&Post{}).Where("id = ? AND org_id = ?", id, auth.TenantID(ctx)).Updates(&Post{Title: title}).Error
}

// Keep saves what was loaded for the caller.
//
// case: gorm/save-loaded clean
func (s *Store) Keep(ctx context.Context, id, title string) error {
	var p Post
	if err := s.own(ctx).First(&p, "id = ?", id).Error; err != nil {
		return err
	}
	p.Title = title
	return s.db.Save(&p).Error
}

// Checked goes by an id of which a row was found before.
//
// case: gorm/id-found clean
func (s *Store) Checked(ctx context.Context, id string) error {
	var p Post
	if err := s.db.Where("org_id = ?", auth.TenantID(ctx)).First(&p, "id = ?", id).Error; err != nil {
		return err
	}
	return s.db.Where("id = ?", id).Delete(&Post{}).Error
}

// Purge goes by an id of which a row was found before, in other forms.
//
// case: gorm/id-found-forms clean
func (s *Store) Purge(ctx context.Context, id string) error {
	var p Post
	if err := s.db.Where(map[string]any{"org_id": auth.TenantID(ctx), "id": id}).First(&p).Error; err != nil {
		return err
	}
	if err := s.db.Model(&Post{}).Where(map[string]any{"id": id}).Update("state", "gone").Error; err != nil {
		return err
	}
	return s.db.Where(&Post{ID: id}).Delete(&Post{}).Error
}

// CountInvoices names its arguments.
//
// case: gorm/raw-named clean
func (s *Store) CountInvoices(ctx context.Context) (n int64, err error) {
	err = s.db.Raw("SELECT count(*) FROM invoices WHERE tenant_id = @org AND environment_id = @env", map[string]any{"org": auth.TenantID(ctx), "env": auth.EnvironmentID(ctx)}).Scan(&n).Error
	return n, err
}

// TotalOwn sums rows of a table that the policy knows.
//
// case: gorm/table-scoped clean
func (s *Store) TotalOwn(ctx context.Context) (total int64, err error) {
	err = s.db.Table("invoices i").Select("sum(total)").Where("i.tenant_id = ? AND i.environment_id = ?", auth.TenantID(ctx), auth.EnvironmentID(ctx)).Scan(&total).Error
	return total, err
}

// Tags reads what no tenant has: the field is no column.
//
// case: gorm/ignored-field clean
func (s *Store) Tags(ctx context.Context) (list []Tag, err error) {
	return list, s.db.WithContext(ctx).Find(&list).Error
}
