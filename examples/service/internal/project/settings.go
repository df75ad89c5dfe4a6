package project

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"

	"github.com/tenantvet/tenantvet/examples/service/internal/store"
)

// SettingsValue is what a tenant has set for a project.
type SettingsValue struct {
	Footer   string `json:"footer"`   // below each invoice
	Reminder int    `json:"reminder"` // days after which one is sent
}

// Settings keeps the settings of projects in the database, with a cache before
// it. It is safe for concurrent use.
type Settings struct {
	db  *sql.DB
	rdb *redis.Client
	ttl time.Duration
}

// NewSettings returns the settings in that database, of which reads are cached
// for that long.
func NewSettings(db *sql.DB, rdb *redis.Client, ttl time.Duration) *Settings {
	return &Settings{db: db, rdb: rdb, ttl: ttl}
}

// key returns where the settings of a project are cached. There is one function
// for it, so that what is written, read and deleted is the same entry.
func (s *Settings) key(ctx context.Context, project string) (string, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return "", err
	}
	key, err := tenant.NewKey(sc, "project-settings", project)
	return key.String(), err
}

// Get returns the settings of a project.
func (s *Settings) Get(ctx context.Context, project string) (SettingsValue, error) {
	var v SettingsValue
	key, err := s.key(ctx, project)
	if err != nil {
		return v, err
	}
	text, err := s.rdb.Get(ctx, key).Bytes()
	if errors.Is(err, redis.Nil) {
		text, err = s.load(ctx, project)
		if err == nil {
			err = s.rdb.Set(ctx, key, text, s.ttl).Err()
		}
	}
	if err != nil {
		return v, err
	}
	return v, json.Unmarshal(text, &v)
}

func (s *Settings) load(ctx context.Context, project string) ([]byte, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	var text []byte
	err = s.db.QueryRowContext(ctx, `SELECT settings FROM projects WHERE tenant_id = ? AND env = ? AND id = ?`,
		sc.Tenant(), sc.Env().String(), project).Scan(&text)
	return text, store.Found(err)
}

// Put replaces the settings of a project, and forgets what was cached of them.
func (s *Settings) Put(ctx context.Context, project string, v SettingsValue) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	res, err := s.db.ExecContext(ctx, `UPDATE projects SET settings = ? WHERE tenant_id = ? AND env = ? AND id = ?`,
		text, sc.Tenant(), sc.Env().String(), project)
	if err := store.Changed(res, err, store.ErrNotFound); err != nil {
		return err
	}
	key, err := s.key(ctx, project)
	if err != nil {
		return err
	}
	return s.rdb.Del(ctx, key).Err()
}
