// Package db is what a generator makes of queries. Most of them find their row
// by its id alone: who calls them compares it with the caller's tenant.
package db

import (
	"context"
	"database/sql"
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
