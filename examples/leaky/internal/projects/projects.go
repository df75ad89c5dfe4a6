// Package projects keeps projects, in SQL, and what was set for them, in Redis.
package projects

import (
	"context"
	"database/sql"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
	"gorm.io/gorm"
)

// Projects keeps the projects of all tenants.
type Projects struct {
	db  *sql.DB
	orm *gorm.DB
	rdb *redis.Client
}

// New returns the projects in those stores.
func New(db *sql.DB, orm *gorm.DB, rdb *redis.Client) *Projects {
	return &Projects{db: db, orm: orm, rdb: rdb}
}

// Project is a row of the table.
type Project struct {
	ID       string
	TenantID string
	Env      string
	Name     string
}

// SaveColor writes the colour of a project, and [Projects.Color] reads it.
func (p *Projects) SaveColor(ctx context.Context, id, color string) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	key := "color:" + sc.Tenant() + ":" + sc.Env().String() + ":" + id
	return p.rdb.Set(ctx, key, color, time.Hour).Err()
}

// Color reads it.
//
// Leak 9, written with the scope and read without: what an older release wrote is
// shown to everybody, and what this one writes to nobody.
func (p *Projects) Color(ctx context.Context, id string) (string, error) {
	return p.rdb.Get(ctx, "color:"+id).Result()
}

// Seats returns how many people may work on a plan.
//
// Leak 10, the scope in hand and not used: whoever asked first decides for all.
func (p *Projects) Seats(ctx context.Context, sc tenant.Scope, plan string) (string, error) {
	return p.rdb.Get(ctx, "seats:"+plan).Result()
}

// Create adds a project.
//
// Leak 11, a column that nobody sets: the row is of no environment, so that lists
// that forget it show the row everywhere.
func (p *Projects) Create(ctx context.Context, id, name string) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	_, err = p.db.ExecContext(ctx, `INSERT INTO projects (id, tenant_id, name) VALUES ($1, $2, $3)`, id, sc.Tenant(), name)
	return err
}

// Rename changes the name of a project.
//
// Leak 12, conditions that are not kept to: where Save finds no row that meets
// them, it writes over the one with the same id, whosever it is.
func (p *Projects) Rename(ctx context.Context, id, name string) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	row := &Project{ID: id, TenantID: sc.Tenant(), Env: sc.Env().String(), Name: name}
	return p.orm.WithContext(ctx).Where("tenant_id = ? AND env = ?", row.TenantID, row.Env).Save(row).Error
}
