package db

import "context"

const listFileURLs = `SELECT f.url FROM files f WHERE f.card_id = $1 OR f.task_id IN (SELECT t.id FROM tasks t WHERE t.card_id = $1)`

// ListFileURLs lists the files of a card, and those of its tasks.
func (q *Queries) ListFileURLs(ctx context.Context, cardID string) ([]string, error) {
	rows, err := q.db.QueryContext(ctx, listFileURLs, cardID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var items []string
	for rows.Next() {
		var url string
		if err := rows.Scan(&url); err != nil {
			return nil, err
		}
		items = append(items, url)
	}
	return items, rows.Err()
}

// GetCardOnBoardParams are the parameters of GetCardOnBoard.
type GetCardOnBoardParams struct {
	ID       string
	TenantID string
}

const getCardOnBoard = `SELECT c.title FROM cards c JOIN boards b ON b.id = c.board_id WHERE c.id = $1 AND (b.tenant_id = $2 OR c.tenant_id = $2)`

// GetCardOnBoard finds a card of a tenant's, or on a board of the tenant's.
func (q *Queries) GetCardOnBoard(ctx context.Context, arg GetCardOnBoardParams) (string, error) {
	row := q.db.QueryRowContext(ctx, getCardOnBoard, arg.ID, arg.TenantID)
	var title string
	err := row.Scan(&title)
	return title, err
}

const getCardOrSample = `SELECT c.title FROM cards c JOIN boards b ON b.id = c.board_id WHERE c.id = $1 AND (b.tenant_id = $2 OR c.title = 'sample')`

// GetCardOrSample finds a card on a board of the tenant's, or anybody's sample.
func (q *Queries) GetCardOrSample(ctx context.Context, arg GetCardOnBoardParams) (string, error) {
	row := q.db.QueryRowContext(ctx, getCardOrSample, arg.ID, arg.TenantID)
	var title string
	err := row.Scan(&title)
	return title, err
}

// SetThemeParams are the parameters of SetTheme.
type SetThemeParams struct {
	BoardID string
	Name    string
}

const setTheme = `INSERT INTO themes (tenant_id, name) SELECT b.tenant_id, $2 FROM boards b WHERE b.id = $1
ON CONFLICT (tenant_id) DO UPDATE SET name = excluded.name`

// SetTheme sets the theme of whose board that is.
func (q *Queries) SetTheme(ctx context.Context, arg SetThemeParams) error {
	_, err := q.db.ExecContext(ctx, setTheme, arg.BoardID, arg.Name)
	return err
}

// GetTaskOnCardParams are the parameters of GetTaskOnCard.
type GetTaskOnCardParams struct {
	ID     string
	CardID string
}

const getTaskOnCard = `WITH target AS (SELECT t.id, t.card_id, t.title FROM tasks t WHERE t.id = $1 AND t.card_id = $2 FOR UPDATE)
SELECT target.id, target.card_id, target.title FROM target`

// GetTaskOnCard finds a task of a card.
func (q *Queries) GetTaskOnCard(ctx context.Context, arg GetTaskOnCardParams) (Task, error) {
	row := q.db.QueryRowContext(ctx, getTaskOnCard, arg.ID, arg.CardID)
	var i Task
	err := row.Scan(&i.ID, &i.CardID, &i.Title)
	return i, err
}

const getCardWithTask = `SELECT t.id, t.card_id, c.title FROM cards c LEFT JOIN tasks t ON t.id = $1 AND t.card_id = c.id WHERE c.id = $2`

// GetCardWithTask finds a card, and perhaps a task of it.
func (q *Queries) GetCardWithTask(ctx context.Context, arg GetTaskOnCardParams) (Task, error) {
	row := q.db.QueryRowContext(ctx, getCardWithTask, arg.ID, arg.CardID)
	var i Task
	err := row.Scan(&i.ID, &i.CardID, &i.Title)
	return i, err
}

const deleteTask = `DELETE FROM tasks WHERE id = $1`

// DeleteTask deletes a task.
func (q *Queries) DeleteTask(ctx context.Context, id string) error {
	_, err := q.db.ExecContext(ctx, deleteTask, id)
	return err
}
