// Package db is what a generator makes of queries. Most of them find their row
// by its id alone: who calls them compares it with the caller's tenant.
package db

import (
	"context"
	"database/sql"

	"github.com/google/uuid"
)

// Queries runs statements.
type Queries struct{ db *sql.DB }

// New returns queries on a database.
func New(db *sql.DB) *Queries { return &Queries{db} }

// Board is a row.
type Board struct {
	ID       string
	TenantID string
	Name     string
}

// Card is a row.
type Card struct {
	ID       string
	TenantID string
	BoardID  string
	Title    string
}

const getCard = `-- name: GetCard :one
SELECT id, tenant_id, board_id, title FROM cards WHERE id = $1`

// GetCard finds a card by its id.
func (q *Queries) GetCard(ctx context.Context, id string) (Card, error) {
	row := q.db.QueryRowContext(ctx, getCard, id)
	var i Card
	err := row.Scan(&i.ID, &i.TenantID, &i.BoardID, &i.Title)
	return i, err
}

const getBoard = `SELECT id, tenant_id, name FROM boards WHERE id = $1`

// GetBoard finds a board by its id.
func (q *Queries) GetBoard(ctx context.Context, id string) (Board, error) {
	row := q.db.QueryRowContext(ctx, getBoard, id)
	var i Board
	err := row.Scan(&i.ID, &i.TenantID, &i.Name)
	return i, err
}

// GetBoardInTenantParams are the parameters of GetBoardInTenant.
type GetBoardInTenantParams struct {
	ID       string
	TenantID string
}

const getBoardInTenant = `SELECT id, tenant_id, name FROM boards WHERE id = $1 AND tenant_id = $2`

// GetBoardInTenant finds a board of a tenant.
func (q *Queries) GetBoardInTenant(ctx context.Context, arg GetBoardInTenantParams) (Board, error) {
	row := q.db.QueryRowContext(ctx, getBoardInTenant, arg.ID, arg.TenantID)
	var i Board
	err := row.Scan(&i.ID, &i.TenantID, &i.Name)
	return i, err
}

const listCards = `SELECT id, tenant_id, board_id, title FROM cards WHERE board_id = $1 ORDER BY title`

// ListCards lists the cards of a board.
func (q *Queries) ListCards(ctx context.Context, boardID string) ([]Card, error) {
	rows, err := q.db.QueryContext(ctx, listCards, boardID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var items []Card
	for rows.Next() {
		var i Card
		if err := rows.Scan(&i.ID, &i.TenantID, &i.BoardID, &i.Title); err != nil {
			return nil, err
		}
		items = append(items, i)
	}
	return items, rows.Err()
}

const deleteCard = `DELETE FROM cards WHERE id = $1`

// DeleteCard deletes a card.
func (q *Queries) DeleteCard(ctx context.Context, id string) error {
	_, err := q.db.ExecContext(ctx, deleteCard, id)
	return err
}

// Task is a row. Whose it is, its card says.
type Task struct {
	ID     string
	CardID string
	Title  string
}

const listTasks = `SELECT id, card_id, title FROM tasks WHERE card_id = $1`

// ListTasks lists the tasks of a card.
func (q *Queries) ListTasks(ctx context.Context, cardID string) ([]Task, error) {
	rows, err := q.db.QueryContext(ctx, listTasks, cardID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var items []Task
	for rows.Next() {
		var i Task
		if err := rows.Scan(&i.ID, &i.CardID, &i.Title); err != nil {
			return nil, err
		}
		items = append(items, i)
	}
	return items, rows.Err()
}

// AddTaskParams are the parameters of AddTask.
type AddTaskParams struct {
	ID     string
	CardID sql.NullString
	Title  string
}

const addTask = `INSERT INTO tasks (id, card_id, title) VALUES ($1, $2, $3)`

// AddTask adds a task to a card.
func (q *Queries) AddTask(ctx context.Context, arg AddTaskParams) error {
	_, err := q.db.ExecContext(ctx, addTask, arg.ID, arg.CardID, arg.Title)
	return err
}

// GetMemberParams are the parameters of GetMember.
type GetMemberParams struct {
	TenantID string
	UserID   string
}

const getMember = `SELECT role FROM members WHERE tenant_id = $1 AND user_id = $2`

// GetMember returns the role of a user in a tenant.
func (q *Queries) GetMember(ctx context.Context, arg GetMemberParams) (string, error) {
	row := q.db.QueryRowContext(ctx, getMember, arg.TenantID, arg.UserID)
	var role string
	err := row.Scan(&role)
	return role, err
}

const countBoards = `SELECT count(*) FROM boards WHERE tenant_id = $1`

// CountBoards counts the boards of a tenant.
func (q *Queries) CountBoards(ctx context.Context, tenantID string) (int64, error) {
	row := q.db.QueryRowContext(ctx, countBoards, tenantID)
	var n int64
	err := row.Scan(&n)
	return n, err
}

const purgeBoard = `SELECT purge_board($1)`

// PurgeBoard has the database remove a board and all that hangs on it; the
// policy says that this is of boards.
func (q *Queries) PurgeBoard(ctx context.Context, id string) error {
	_, err := q.db.ExecContext(ctx, purgeBoard, id)
	return err
}

// MoveCardsParams are the parameters of MoveCards.
type MoveCardsParams struct {
	BoardID  sql.NullString
	TenantID string
}

const moveCards = `UPDATE cards SET board_id = $1 WHERE tenant_id = $2`

// MoveCards puts all cards of a tenant onto one board.
func (q *Queries) MoveCards(ctx context.Context, arg MoveCardsParams) error {
	_, err := q.db.ExecContext(ctx, moveCards, arg.BoardID, arg.TenantID)
	return err
}

// PinBoardParams are the parameters of PinBoard.
type PinBoardParams struct {
	BoardID  uuid.NullUUID
	CardID   uuid.NullUUID
	TenantID string
}

const pinBoard = `UPDATE pins SET board_id = $1, card_id = $2 WHERE tenant_id = $3`

// PinBoard pins a board or a card of a tenant.
func (q *Queries) PinBoard(ctx context.Context, arg PinBoardParams) error {
	_, err := q.db.ExecContext(ctx, pinBoard, arg.BoardID, arg.CardID, arg.TenantID)
	return err
}

const lockBoard = `SELECT id, tenant_id, name FROM boards WHERE id = $1 FOR UPDATE`

// LockBoard finds a board by its id, and keeps others from changing it.
func (q *Queries) LockBoard(ctx context.Context, id string) (Board, error) {
	row := q.db.QueryRowContext(ctx, lockBoard, id)
	var i Board
	err := row.Scan(&i.ID, &i.TenantID, &i.Name)
	return i, err
}

// LedgerRow is what queries return of a ledger.
type LedgerRow interface {
	Ledger | *Ledger | OldLedger
}

// OldLedger is a ledger of another year.
type OldLedger Ledger

// LedgerData is a ledger as the rest of the service knows it.
type LedgerData struct {
	Ledger Ledger
	Note   string

	Owner, Street, City, Region, Country, Phone, Email, Web   string
	Plan, Seats, Since, Until, Billing, Contact, Locale, Zone string
}

// ToLedgerData makes data of a row.
func ToLedgerData[T LedgerRow](row T) *LedgerData {
	switch r := any(row).(type) {
	case Ledger:
		return ledgerData(&r)
	case *Ledger:
		return ledgerData(r)
	case OldLedger:
		l := Ledger(r)
		return ledgerData(&l)
	default:
		return nil
	}
}

func ledgerData(r *Ledger) *LedgerData {
	d := &LedgerData{Ledger: Ledger{ID: r.ID, TenantID: r.TenantID, BoardID: r.BoardID, Month1: r.Month1}}
	if r.Month1 == 0 {
		d.Note = "new"
	}
	return d
}
