// Package xorm is a stand-in with the names and signatures that the corpus uses.
package xorm

// Engine is a database.
type Engine struct{ n int }

// NewSession begins a session.
func (engine *Engine) NewSession() *Session { return &Session{} }

// Where begins a statement.
func (engine *Engine) Where(query any, args ...any) *Session { return &Session{} }

// ID begins a statement.
func (engine *Engine) ID(id any) *Session { return &Session{} }

// Insert adds rows.
func (engine *Engine) Insert(beans ...any) (int64, error) { return 0, nil }

// Get reads a row.
func (engine *Engine) Get(beans ...any) (bool, error) { return false, nil }

// Exec runs a statement.
func (engine *Engine) Exec(sqlOrArgs ...any) (any, error) { return nil, nil }

// Session is a statement.
type Session struct{ n int }

// Where adds a condition.
func (session *Session) Where(query any, args ...any) *Session { session.n++; return session }

// And adds a condition.
func (session *Session) And(query any, args ...any) *Session { session.n++; return session }

// Or adds what a condition finds.
func (session *Session) Or(query any, args ...any) *Session { session.n++; return session }

// Close ends the session.
func (session *Session) Close() error { return nil }

// Find reads rows.
func (session *Session) Find(rowsSlicePtr any, condiBean ...any) error { return nil }

// Get reads a row.
func (session *Session) Get(beans ...any) (bool, error) { return false, nil }

// Update changes rows.
func (session *Session) Update(bean any, condiBean ...any) (int64, error) { return 0, nil }

// Table names the table.
func (engine *Engine) Table(tableNameOrBean any) *Session { return &Session{} }

// In restricts a column to a set.
func (engine *Engine) In(column string, args ...any) *Session { return &Session{} }

// Join joins a table.
func (engine *Engine) Join(joinOperator string, tablename, condition any, args ...any) *Session {
	return &Session{}
}

// NoAutoCondition takes beans for places only.
func (engine *Engine) NoAutoCondition(no ...bool) *Session { return &Session{} }

// Interface is what engines and sessions have in common.
type Interface interface {
	Where(query any, args ...any) *Session
	Get(beans ...any) (bool, error)
}

// Alias names the table anew.
func (session *Session) Alias(alias string) *Session { return session }

// In restricts a column to a set.
func (session *Session) In(column string, args ...any) *Session { session.n++; return session }

// ID restricts to a row.
func (session *Session) ID(id any) *Session { session.n++; return session }

// Join joins a table.
func (session *Session) Join(joinOperator string, tablename, condition any, args ...any) *Session {
	session.n++
	return session
}

// Delete removes rows.
func (session *Session) Delete(beans ...any) (int64, error) { return 0, nil }

// Count counts rows.
func (session *Session) Count(bean ...any) (int64, error) { return 0, nil }

// NewEngine opens a database.
func NewEngine(driverName, dataSourceName string) (*Engine, error) { return &Engine{}, nil }
