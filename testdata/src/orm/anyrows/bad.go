package anyrows

import (
	"context"
	"net/http"

	"github.com/uptrace/bun"
	"gorm.io/gorm"

	"corpus/legacy/auth"
	"corpus/orm/anyrows/kind"
)

// Show returns anybody's sheet.
//
// case: anyrows/get
func (s *Service) Show(ctx context.Context, id string) (Sheet, error) {
	return s.sheets.Get(ctx, id) // want `Repo.Get is not restricted by OrgID: it reaches Sheet rows of everybody`
}

// ListFor lists whoever's the request names.
//
// case: anyrows/misscoped
func (s *Service) ListFor(r *http.Request) ([]Sheet, error) {
	return s.sheets.Of(r.Context(), r.FormValue("org")) // want `Repo.Of takes OrgID from the request`
}

// Titled narrows by the title only.
//
// case: anyrows/narrowed
func (s *Service) Titled(ctx context.Context, title string) ([]Sheet, error) {
	return s.sheets.List(ctx, func(db *gorm.DB) *gorm.DB { return db.Where("title = ?", title) }) // want `Repo.List is not restricted by OrgID`
}

// Begin keeps a sheet of nobody's.
//
// case: anyrows/insert
func (s *Service) Begin(ctx context.Context, title string) error {
	return s.sheets.Add(ctx, &Sheet{Title: title}) // want `Repo.Add leaves OrgID unset`
}

// Clear deletes whosever they are, where there is no organisation.
//
// case: anyrows/conditional
func (s *Service) Clear(ctx context.Context, ids []string) error {
	return kind.RemoveAll[Sheet](s.sheets.DB, auth.TenantID(ctx), ids) // want `kind.RemoveAll is restricted by OrgID only on some paths`
}

// Number counts whosever they are, where there is no organisation.
//
// case: anyrows/model
func (s *Service) Number(ctx context.Context) (int64, error) {
	return s.sheets.Count(ctx, auth.TenantID(ctx)) // want `Repo.Count is restricted by OrgID only on some paths`
}

// AllFor lists whoever's the request names, by bun.
//
// case: anyrows/bun
func AllFor(r *http.Request, db *bun.DB) ([]Sheet, error) {
	return kind.All[Sheet](r.Context(), db, r.FormValue("org")) // want `kind.All takes OrgID from the request`
}
