package db

import (
	"context"
	"database/sql"
)

// WatchParams are the parameters of Watch.
type WatchParams struct {
	CardID string
	Kind   string
	UserID string
}

const watch = `INSERT INTO watchers (card_id, kind, user_id) VALUES ($1, $2, $3)
ON CONFLICT (card_id, kind, user_id) DO NOTHING`

// Watch has a person, or a bot, watch a card.
func (q *Queries) Watch(ctx context.Context, arg WatchParams) error {
	_, err := q.db.ExecContext(ctx, watch, arg.CardID, arg.Kind, arg.UserID)
	return err
}

// Bot is a row.
type Bot struct {
	ID       string
	TenantID string
	Name     string
}

// GetBotInTenantParams are the parameters of GetBotInTenant.
type GetBotInTenantParams struct {
	ID       string
	TenantID string
}

const getBotInTenant = `SELECT id, tenant_id, name FROM bots WHERE id = $1 AND tenant_id = $2`

// GetBotInTenant finds a bot of a tenant.
func (q *Queries) GetBotInTenant(ctx context.Context, arg GetBotInTenantParams) (Bot, error) {
	row := q.db.QueryRowContext(ctx, getBotInTenant, arg.ID, arg.TenantID)
	var i Bot
	err := row.Scan(&i.ID, &i.TenantID, &i.Name)
	return i, err
}

// SeatParams name a seat.
type SeatParams struct {
	TenantID string
	UserID   string
}

const getSeat = `SELECT tenant_id FROM seats WHERE tenant_id = $1 AND user_id = $2`

// GetSeat finds the seat of a person in a tenant.
func (q *Queries) GetSeat(ctx context.Context, arg SeatParams) (string, error) {
	row := q.db.QueryRowContext(ctx, getSeat, arg.TenantID, arg.UserID)
	var tenant string
	err := row.Scan(&tenant)
	return tenant, err
}

const addSeat = `INSERT INTO seats (tenant_id, user_id) VALUES ($1, $2)`

// AddSeat makes a person a member of a tenant.
func (q *Queries) AddSeat(ctx context.Context, arg SeatParams) error {
	_, err := q.db.ExecContext(ctx, addSeat, arg.TenantID, arg.UserID)
	return err
}

// Person is a row. One may belong to several tenants, as seats say.
type Person struct {
	ID          string
	DirectoryID string
	Name        string
}

const getPerson = `SELECT id, directory_id, name FROM people WHERE id = $1`

// GetPerson finds a person.
func (q *Queries) GetPerson(ctx context.Context, id string) (Person, error) {
	row := q.db.QueryRowContext(ctx, getPerson, id)
	var i Person
	err := row.Scan(&i.ID, &i.DirectoryID, &i.Name)
	return i, err
}

const listPeople = `SELECT id, directory_id, name FROM people WHERE directory_id = ANY($1)`

// ListPeople lists those whom a directory knows under some names.
func (q *Queries) ListPeople(ctx context.Context, directoryIDs []string) ([]Person, error) {
	rows, err := q.db.QueryContext(ctx, listPeople, directoryIDs)
	if err != nil {
		return nil, err
	}
	return people(rows)
}

const listSeated = `SELECT p.id, p.directory_id, p.name FROM people p
JOIN seats s ON s.user_id = p.id
WHERE p.directory_id = ANY($1) AND s.tenant_id = $2`

// ListSeated lists those of them who have a seat in a tenant.
func (q *Queries) ListSeated(ctx context.Context, directoryIDs []string, tenantID string) ([]Person, error) {
	rows, err := q.db.QueryContext(ctx, listSeated, directoryIDs, tenantID)
	if err != nil {
		return nil, err
	}
	return people(rows)
}

func people(rows *sql.Rows) ([]Person, error) {
	defer rows.Close()
	var items []Person
	for rows.Next() {
		var i Person
		if err := rows.Scan(&i.ID, &i.DirectoryID, &i.Name); err != nil {
			return nil, err
		}
		items = append(items, i)
	}
	return items, rows.Err()
}

const endSessions = `DELETE FROM sessions WHERE user_id = $1`

// EndSessions ends the sessions of a person, in every tenant: who is a member of one
// may be of others.
//
// case: bound/member-everywhere
func (q *Queries) EndSessions(ctx context.Context, userID string) error {
	_, err := q.db.ExecContext(ctx, endSessions, userID) // want `DELETE from sessions is not restricted by tenant_id`
	return err
}

const endSessionsIn = `DELETE FROM sessions WHERE user_id = $1 AND tenant_id = $2`

// EndSessionsIn ends the sessions of a person in one tenant.
func (q *Queries) EndSessionsIn(ctx context.Context, userID, tenantID string) error {
	_, err := q.db.ExecContext(ctx, endSessionsIn, userID, tenantID)
	return err
}
