package db

import "context"

// GetBoardUnless finds a board of a tenant, or of any.
func (q *Queries) GetBoardUnless(ctx context.Context, id, tenantID string, anybodys bool) (Board, error) {
	text := `SELECT id, tenant_id, name FROM boards WHERE id = $1`
	args := []any{id}
	if !anybodys {
		text += ` AND tenant_id = $2`
		args = append(args, tenantID)
	}
	row := q.db.QueryRowContext(ctx, text, args...)
	var i Board
	err := row.Scan(&i.ID, &i.TenantID, &i.Name)
	return i, err
}

// GetBoardWithin finds a board of a tenant, if one is given.
func (q *Queries) GetBoardWithin(ctx context.Context, id, tenantID string) (Board, error) {
	row := q.db.QueryRowContext(ctx, `SELECT id, tenant_id, name FROM boards WHERE id = $1 AND (tenant_id = $2 OR $2 = '')`, id, tenantID)
	var i Board
	err := row.Scan(&i.ID, &i.TenantID, &i.Name)
	return i, err
}

// GetSomeBoard finds a board of a tenant, by its id unless any will do.
func (q *Queries) GetSomeBoard(ctx context.Context, id, tenantID string, anyone bool) (Board, error) {
	text := `SELECT id, tenant_id, name FROM boards WHERE tenant_id = $1`
	args := []any{tenantID}
	if !anyone {
		text += ` AND id = $2`
		args = append(args, id)
	}
	row := q.db.QueryRowContext(ctx, text, args...)
	var i Board
	err := row.Scan(&i.ID, &i.TenantID, &i.Name)
	return i, err
}

// GetSomeMember returns the role of a user, in a tenant unless any will do.
func (q *Queries) GetSomeMember(ctx context.Context, arg GetMemberParams, anywhere bool) (string, error) {
	text := `SELECT role FROM members WHERE user_id = $1`
	args := []any{arg.UserID}
	if !anywhere {
		text += ` AND tenant_id = $2`
		args = append(args, arg.TenantID)
	}
	row := q.db.QueryRowContext(ctx, text, args...)
	var role string
	err := row.Scan(&role)
	return role, err
}
