// Package gorm is a stand-in with the names and signatures that the corpus uses.
package gorm

import (
	"context"
	"database/sql"

	"gorm.io/gorm/clause"
)

// Session is how a session is begun.
type Session struct{ NewDB bool }

// DB is a database, and a query on it.
type DB struct {
	Error        error
	RowsAffected int64
}

// Model sets the model.
func (db *DB) Model(value any) (tx *DB) { return &DB{Error: db.Error} }

// Table names the table.
func (db *DB) Table(name string, args ...any) (tx *DB) { return &DB{Error: db.Error} }

// Select names columns.
func (db *DB) Select(query any, args ...any) (tx *DB) { return &DB{Error: db.Error} }

// Where adds a condition.
func (db *DB) Where(query any, args ...any) (tx *DB) { return &DB{Error: db.Error} }

// Not adds the opposite of a condition.
func (db *DB) Not(query any, args ...any) (tx *DB) { return &DB{Error: db.Error} }

// Or adds what a condition finds.
func (db *DB) Or(query any, args ...any) (tx *DB) { return &DB{Error: db.Error} }

// Order sorts the rows.
func (db *DB) Order(value any) (tx *DB) { return &DB{Error: db.Error} }

// Limit bounds the rows.
func (db *DB) Limit(limit int) (tx *DB) { return &DB{Error: db.Error} }

// Scopes applies functions.
func (db *DB) Scopes(funcs ...func(*DB) *DB) (tx *DB) {
	for _, f := range funcs {
		db = f(db)
	}
	return db
}

// Session begins a session.
func (db *DB) Session(config *Session) *DB { return &DB{Error: db.Error} }

// WithContext sets the context.
func (db *DB) WithContext(ctx context.Context) *DB { return &DB{Error: ctx.Err()} }

// Raw is a statement.
func (db *DB) Raw(sql string, values ...any) (tx *DB) { return &DB{Error: db.Error} }

// Exec runs a statement.
func (db *DB) Exec(sql string, values ...any) (tx *DB) { return &DB{Error: db.Error} }

// Create inserts rows.
func (db *DB) Create(value any) (tx *DB) { return &DB{Error: db.Error} }

// Save writes a row.
func (db *DB) Save(value any) (tx *DB) { return &DB{Error: db.Error} }

// First reads a row.
func (db *DB) First(dest any, conds ...any) (tx *DB) { return &DB{Error: db.Error} }

// Find reads rows.
func (db *DB) Find(dest any, conds ...any) (tx *DB) { return &DB{Error: db.Error} }

// Scan reads rows.
func (db *DB) Scan(dest any) (tx *DB) { return &DB{Error: db.Error} }

// Count counts rows.
func (db *DB) Count(count *int64) (tx *DB) { return &DB{Error: db.Error} }

// Update sets a column.
func (db *DB) Update(column string, value any) (tx *DB) { return &DB{Error: db.Error} }

// Updates sets columns.
func (db *DB) Updates(values any) (tx *DB) { return &DB{Error: db.Error} }

// Delete removes rows.
func (db *DB) Delete(value any, conds ...any) (tx *DB) { return &DB{Error: db.Error} }

// Begin begins a transaction.
func (db *DB) Begin(opts ...*sql.TxOptions) *DB { return &DB{Error: db.Error} }

// Commit ends a transaction.
func (db *DB) Commit() *DB { return db }

// Rollback ends a transaction.
func (db *DB) Rollback() *DB { return db }

// Transaction runs a function in a transaction.
func (db *DB) Transaction(fc func(tx *DB) error, opts ...*sql.TxOptions) (err error) { return fc(db) }

// Clauses adds clauses.
func (db *DB) Clauses(conds ...clause.Expression) (tx *DB) { return &DB{Error: db.Error} }

// Preload reads the rows of a relation as well.
func (db *DB) Preload(query string, args ...any) (tx *DB) { return &DB{Error: db.Error} }

// Joins joins a relation, or text.
func (db *DB) Joins(query string, args ...any) (tx *DB) { return &DB{Error: db.Error} }

// InnerJoins joins a relation, or text.
func (db *DB) InnerJoins(query string, args ...any) (tx *DB) { return &DB{Error: db.Error} }

// Attrs has what is set in a row that is made.
func (db *DB) Attrs(attrs ...any) (tx *DB) { return &DB{Error: db.Error} }

// Assign has what is set in a row.
func (db *DB) Assign(attrs ...any) (tx *DB) { return &DB{Error: db.Error} }

// FirstOrCreate finds a row, or makes it.
func (db *DB) FirstOrCreate(dest any, conds ...any) (tx *DB) { return &DB{Error: db.Error} }

// FindInBatches reads rows, some at a time.
func (db *DB) FindInBatches(dest any, batchSize int, fc func(tx *DB, batch int) error) *DB {
	return &DB{Error: fc(&DB{}, 1)}
}

// Association is a relation of a row.
type Association struct {
	DB    *DB
	Error error
}

// Association returns a relation of the model.
func (db *DB) Association(column string) *Association { return &Association{DB: db} }

// Find reads its rows.
func (a *Association) Find(out any, conds ...any) error { return a.Error }

// Append adds rows.
func (a *Association) Append(values ...any) error { return a.Error }

// Replace sets the rows.
func (a *Association) Replace(values ...any) error { return a.Error }

// Delete takes rows out.
func (a *Association) Delete(values ...any) error { return a.Error }

// Clear takes all rows out.
func (a *Association) Clear() error { return a.Error }

// Count counts its rows.
func (a *Association) Count() (count int64) { return 0 }
