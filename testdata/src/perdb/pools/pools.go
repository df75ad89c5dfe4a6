// Package pools keeps a database for each tenant.
package pools

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"corpus/legacy/auth"
)

// ErrNone says that there is no such database.
var ErrNone = errors.New("no such database")

// Manager hands out databases.
type Manager struct {
	mu sync.Mutex
	//tenantvet:shared one database for each tenant, whatever the environment
	dbs  map[string]*sql.DB
	late sync.Map
}

// For returns the database of a tenant.
func (m *Manager) For(tenant string) (*sql.DB, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if db, ok := m.dbs[tenant]; ok {
		return db, nil
	}
	db, err := sql.Open("postgres", fmt.Sprintf("postgres://db/%s", tenant))
	if err != nil {
		return nil, err
	}
	m.dbs[tenant] = db
	return db, nil
}

// Kept returns a database that was opened before.
func (m *Manager) Kept(tenant string) (*sql.DB, error) {
	v, ok := m.late.Load(tenant)
	if !ok {
		return nil, ErrNone
	}
	return v.(*sql.DB), nil
}

// Caller returns the database of the caller's tenant.
func (m *Manager) Caller(ctx context.Context) (*sql.DB, error) { return m.For(auth.TenantID(ctx)) }

// FromContext returns what the middleware chose.
func FromContext(ctx context.Context) *sql.DB {
	db, _ := ctx.Value(dbKey{}).(*sql.DB)
	return db
}

type dbKey struct{}
