// Package builder is a stand-in with the names and signatures that the corpus uses.
package builder

// Cond is a condition.
type Cond interface {
	And(...Cond) Cond
	Or(...Cond) Cond
}

// Eq is columns and the values that they equal.
type Eq map[string]any

// And adds conditions.
func (eq Eq) And(conds ...Cond) Cond { return eq }

// Or adds what conditions find.
func (eq Eq) Or(conds ...Cond) Cond { return eq }

// Neq is columns and the values that they differ from.
type Neq map[string]any

// And adds conditions.
func (neq Neq) And(conds ...Cond) Cond { return neq }

// Or adds what conditions find.
func (neq Neq) Or(conds ...Cond) Cond { return neq }

// NewCond is no condition.
func NewCond() Cond { return Eq{} }

// And is conditions all of which hold.
func And(conds ...Cond) Cond { return Eq{} }

// Or is conditions one of which holds.
func Or(conds ...Cond) Cond { return Eq{} }

// In restricts a column to a set.
func In(col string, values ...any) Cond { return Eq{} }

// Expr is a condition as text.
func Expr(sql string, args ...any) Cond { return Eq{} }

// If is a condition that holds where another does.
func If(condition bool, condTrue Cond, condFalse ...Cond) Cond { return Eq{} }
