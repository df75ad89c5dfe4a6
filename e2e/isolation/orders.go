package isolation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// ErrNotFound is returned for a record that the caller's scope does not have.
var ErrNotFound = errors.New("no such record")

// Schema makes the tables, on SQLite as well as on PostgreSQL but for the type
// of generated ids.
func Schema(identity string) []string {
	return []string{
		`CREATE TABLE orders (
			tenant TEXT NOT NULL, env TEXT NOT NULL, id TEXT NOT NULL, note TEXT NOT NULL,
			PRIMARY KEY (tenant, env, id))`,
		`CREATE TABLE drafts (
			tenant TEXT NOT NULL, env TEXT NOT NULL, owner TEXT NOT NULL, id TEXT NOT NULL, note TEXT NOT NULL,
			PRIMARY KEY (tenant, env, owner, id))`,
		`CREATE TABLE tickets (
			id ` + identity + ` PRIMARY KEY, tenant TEXT NOT NULL, env TEXT NOT NULL, note TEXT NOT NULL)`,
	}
}

// Order is an order of a tenant. Drafts and tickets have the same form here.
type Order struct {
	ID, Note string
}

// Orders keeps the orders of tenants, by ids that clients choose.
type Orders struct{ DB *sql.DB }

// Create stores a new order.
func (o Orders) Create(ctx context.Context, order Order) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	return one(o.DB.ExecContext(ctx, `INSERT INTO orders (tenant, env, id, note) VALUES ($1, $2, $3, $4)`,
		sc.Tenant(), sc.Env().String(), order.ID, order.Note))
}

// Find returns an order.
func (o Orders) Find(ctx context.Context, id string) (Order, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return Order{}, err
	}
	return scan(o.DB.QueryRowContext(ctx, `SELECT id, note FROM orders WHERE tenant = $1 AND env = $2 AND id = $3`,
		sc.Tenant(), sc.Env().String(), id))
}

// Rename changes the note of an order.
func (o Orders) Rename(ctx context.Context, id, note string) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	return one(o.DB.ExecContext(ctx, `UPDATE orders SET note = $1 WHERE tenant = $2 AND env = $3 AND id = $4`,
		note, sc.Tenant(), sc.Env().String(), id))
}

// Delete removes an order.
func (o Orders) Delete(ctx context.Context, id string) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	return one(o.DB.ExecContext(ctx, `DELETE FROM orders WHERE tenant = $1 AND env = $2 AND id = $3`,
		sc.Tenant(), sc.Env().String(), id))
}

// All returns all orders.
func (o Orders) All(ctx context.Context) ([]Order, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	return scanAll(o.DB.QueryContext(ctx, `SELECT id, note FROM orders WHERE tenant = $1 AND env = $2 ORDER BY id`,
		sc.Tenant(), sc.Env().String()))
}

// Drafts keeps what belongs to one user of a tenant.
type Drafts struct{ DB *sql.DB }

// owner returns the scope, which has to have a user.
func owner(ctx context.Context) (tenant.Scope, error) {
	sc, err := tenant.FromContext(ctx)
	if err == nil && sc.User() == "" {
		err = tenant.ErrNoUser
	}
	return sc, err
}

// Create stores a new draft.
func (d Drafts) Create(ctx context.Context, draft Order) error {
	sc, err := owner(ctx)
	if err != nil {
		return err
	}
	return one(d.DB.ExecContext(ctx, `INSERT INTO drafts (tenant, env, owner, id, note) VALUES ($1, $2, $3, $4, $5)`,
		sc.Tenant(), sc.Env().String(), sc.User(), draft.ID, draft.Note))
}

// Find returns a draft.
func (d Drafts) Find(ctx context.Context, id string) (Order, error) {
	sc, err := owner(ctx)
	if err != nil {
		return Order{}, err
	}
	return scan(d.DB.QueryRowContext(ctx, `SELECT id, note FROM drafts WHERE tenant = $1 AND env = $2 AND owner = $3 AND id = $4`,
		sc.Tenant(), sc.Env().String(), sc.User(), id))
}

// Delete removes a draft.
func (d Drafts) Delete(ctx context.Context, id string) error {
	sc, err := owner(ctx)
	if err != nil {
		return err
	}
	return one(d.DB.ExecContext(ctx, `DELETE FROM drafts WHERE tenant = $1 AND env = $2 AND owner = $3 AND id = $4`,
		sc.Tenant(), sc.Env().String(), sc.User(), id))
}

// All returns the drafts of the user.
func (d Drafts) All(ctx context.Context) ([]Order, error) {
	sc, err := owner(ctx)
	if err != nil {
		return nil, err
	}
	return scanAll(d.DB.QueryContext(ctx, `SELECT id, note FROM drafts WHERE tenant = $1 AND env = $2 AND owner = $3 ORDER BY id`,
		sc.Tenant(), sc.Env().String(), sc.User()))
}

// Tickets keeps tickets under ids that the database gives out, once for all
// tenants.
type Tickets struct{ DB *sql.DB }

// Open stores a new ticket and returns its id.
func (s Tickets) Open(ctx context.Context, note string) (id string, err error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return "", err
	}
	var n int64
	err = s.DB.QueryRowContext(ctx, `INSERT INTO tickets (tenant, env, note) VALUES ($1, $2, $3) RETURNING id`,
		sc.Tenant(), sc.Env().String(), note).Scan(&n)
	return strconv.FormatInt(n, 10), err
}

// Find returns a ticket.
func (s Tickets) Find(ctx context.Context, id string) (Order, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return Order{}, err
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return Order{}, ErrNotFound
	}
	return scan(s.DB.QueryRowContext(ctx, `SELECT id, note FROM tickets WHERE id = $1 AND tenant = $2 AND env = $3`,
		n, sc.Tenant(), sc.Env().String()))
}

// Rename changes the note of a ticket.
func (s Tickets) Rename(ctx context.Context, id, note string) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return ErrNotFound
	}
	return one(s.DB.ExecContext(ctx, `UPDATE tickets SET note = $1 WHERE id = $2 AND tenant = $3 AND env = $4`,
		note, n, sc.Tenant(), sc.Env().String()))
}

// Close removes a ticket.
func (s Tickets) Close(ctx context.Context, id string) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return ErrNotFound
	}
	return one(s.DB.ExecContext(ctx, `DELETE FROM tickets WHERE id = $1 AND tenant = $2 AND env = $3`,
		n, sc.Tenant(), sc.Env().String()))
}

// one makes an error of a statement that did not change one record.
func one(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n != 1 {
		err = ErrNotFound
	}
	return err
}

func scan(row *sql.Row) (Order, error) {
	var o Order
	err := row.Scan(&o.ID, &o.Note)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return o, err
}

func scanAll(rows *sql.Rows, err error) ([]Order, error) {
	if err != nil {
		return nil, err
	}
	var orders []Order
	for rows.Next() {
		var o Order
		if err := rows.Scan(&o.ID, &o.Note); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		orders = append(orders, o)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list: %w", err)
	}
	return orders, nil
}
