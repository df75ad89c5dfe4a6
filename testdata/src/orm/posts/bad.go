package posts

import (
	"context"
	"net/http"

	"corpus/legacy/auth"
	"corpus/orm/posts/scopes"

	"gorm.io/gorm"
)

// Get takes the primary key inline.
//
// case: gorm/first-by-id
func (s *Store) Get(ctx context.Context, id string) (*Post, error) {
	var p Post
	err := s.db.WithContext(ctx).First(&p, "id = ?", id).Error // want `DB.First is not restricted by Owner: it reaches Post rows of everybody`
	return &p, err
}

// GetKey takes a primary key without a condition.
//
// case: gorm/first-by-key
func (s *Store) GetKey(ctx context.Context, id int) (*Post, error) {
	var p Post
	err := s.db.WithContext(ctx).First(&p, id).Error // want `DB.First is not restricted by Owner`
	return &p, err
}

// ByExample has a struct condition whose owner is not set, so that it is none.
//
// case: gorm/zero-field
func (s *Store) ByExample(ctx context.Context, title string) (list []Post, err error) {
	err = s.db.WithContext(ctx).Where(&Post{Title: title}).Find(&list).Error // want `DB.Find is not restricted by Owner`
	return list, err
}

// ByMap believes the client.
//
// case: gorm/map-misscoped
func (s *Store) ByMap(w http.ResponseWriter, r *http.Request) {
	var list []Post
	cond := map[string]any{"state": "open"}
	cond["org_id"] = r.URL.Query().Get("org_id")
	if err := s.db.Where(cond).Find(&list).Error; err != nil { // want `DB.Find takes Owner from the request`
		http.Error(w, "not found", http.StatusNotFound)
	}
}

// Either adds other people's open posts.
//
// case: gorm/or
func (s *Store) Either(ctx context.Context) (list []Post, err error) {
	err = s.db.Where("org_id = ?", auth.TenantID(ctx)).Or("state = ?", "open").Find(&list).Error // want `DB.Find is restricted by Owner only on some paths`
	return list, err
}

// Late adds the owner to the second half of an OR.
//
// case: gorm/where-behind-or
func (s *Store) Late(ctx context.Context) (list []Post, err error) {
	err = s.db.Where("state = ?", "new").Or("state = ?", "open").Where("org_id = ?", auth.TenantID(ctx)).Find(&list).Error // want `DB.Find is restricted by Owner only on some paths`
	return list, err
}

// Others finds everybody's but the caller's.
//
// case: gorm/not
func (s *Store) Others(ctx context.Context) (n int64, err error) {
	err = s.db.Model(&Post{}).Not("org_id = ?", auth.TenantID(ctx)).Count(&n).Error // want `DB.Count is not restricted by Owner`
	return n, err
}

// Newest applies a scope that has nothing to do with the owner.
//
// case: gorm/scopes-unscoped
func (s *Store) Newest(ctx context.Context) (list []Post, err error) {
	err = s.db.WithContext(ctx).Scopes(scopes.Newest(10)).Find(&list).Error // want `DB.Find is not restricted by Owner`
	return list, err
}

// Close forgets the owner in a transaction.
//
// case: gorm/transaction
func (s *Store) Close(ctx context.Context, id string) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		return tx.Model(&Post{}).Where("id = ?", id).Update("state", "closed").Error // want `DB.Update is not restricted by Owner`
	})
}

// Remove leaves the condition out where there is no owner.
//
// case: gorm/conditional
func (s *Store) Remove(ctx context.Context, id string) error {
	q := s.db.WithContext(ctx).Where("id = ?", id)
	if org := auth.TenantID(ctx); org != "" {
		q = q.Where("org_id = ?", org)
	}
	return q.Delete(&Post{}).Error // want `DB.Delete is restricted by Owner only on some paths`
}

// Dropped adds the owner to a query that it throws away: a database is not
// changed by what begins from it.
//
// case: gorm/dropped
func (s *Store) Dropped(ctx context.Context, id string) error {
	tx := s.db.WithContext(ctx)
	tx.Where("org_id = ?", auth.TenantID(ctx))
	return tx.Where("id = ?", id).Delete(&Post{}).Error // want `DB.Delete is not restricted by Owner`
}

// Gone goes by an id that a listing looked for, which does not fail if it finds
// nothing.
//
// case: gorm/find-finds-nothing
func (s *Store) Gone(ctx context.Context, id string) error {
	var p Post
	if err := s.db.Where("org_id = ?", auth.TenantID(ctx)).Find(&p, "id = ?", id).Error; err != nil {
		return err
	}
	return s.db.Where("id = ?", id).Delete(&Post{}).Error // want `DB.Delete is not restricted by Owner`
}

// Fresh drops the conditions that it had.
//
// case: gorm/new-session
func (s *Store) Fresh(ctx context.Context, id string) error {
	q := s.db.Where("org_id = ?", auth.TenantID(ctx)).Session(&gorm.Session{NewDB: true})
	return q.Where("id = ?", id).Delete(&Post{}).Error // want `DB.Delete is not restricted by Owner`
}

// Add leaves the owner out.
//
// case: gorm/create-unset
func (s *Store) Add(ctx context.Context, id, title string) error {
	return s.db.WithContext(ctx).Create(&Post{ID: id, Title: title}).Error // want `DB.Create leaves Owner unset`
}

// Edit writes the post with the id that the client sent: where it is another's,
// the condition finds no row, and Save makes one over it.
//
// case: gorm/save-ineffective
func (s *Store) Edit(ctx context.Context, id, title string) error {
	p := &Post{ID: id, Owner: auth.TenantID(ctx), Title: title}
	return s.db.Where("org_id = ?", p.Owner).Save(p).Error // want `DB.Save does not keep to the conditions before it: it writes the row with the same key, whosever it is`
}

// Count counts everybody's rows by table name.
//
// case: gorm/raw
func (s *Store) Count(ctx context.Context) (n int64, err error) {
	err = s.db.Raw("SELECT count(*) FROM invoices WHERE tenant_id = @org", map[string]any{"org": auth.TenantID(ctx)}).Scan(&n).Error // want `SELECT of invoices is not restricted by environment_id`
	return n, err
}

// Total sums everybody's rows of a table that the policy knows.
//
// case: gorm/table
func (s *Store) Total(ctx context.Context) (total int64, err error) {
	err = s.db.Table("invoices").Select("sum(total)").Where("tenant_id = ?", auth.TenantID(ctx)).Scan(&total).Error // want `DB.Scan is not restricted by environment_id: it reaches invoices rows of everybody`
	return total, err
}

func (s *Store) byExample(ctx context.Context, id string) (list []Post, err error) {
	err = s.db.WithContext(ctx).Where(&Post{ID: id}).Find(&list).Error // want `DB.Find is not restricted by Owner`
	return list, err
}

// ByNoExample has a zero in the struct, which gorm leaves out.
//
// case: gorm/struct-of-zeros
func (s *Store) ByNoExample(ctx context.Context) ([]Post, error) { return s.byExample(ctx, "") }
