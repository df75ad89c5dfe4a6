package notices

import (
	"fmt"
	"strings"

	"github.com/gobuffalo/pop/v6"
)

// Pages narrow a query that somebody else has narrowed already.

// After returns what follows a notice, of whoever's query.
//
// case: pop/or-handed-query
func After(date, id string) pop.ScopeFunc {
	return func(q *pop.Query) *pop.Query {
		return q.Where("date > ? OR date = ? AND id > ?", date, date, id).Order("date") // want `puts an OR without parentheses beside the conditions that the query has already`
	}
}

// AfterOwn does so in parentheses.
//
// case: pop/or-in-parentheses clean
func AfterOwn(date, id string) pop.ScopeFunc {
	return func(q *pop.Query) *pop.Query {
		return q.Where("(date > ? OR date = ? AND id > ?)", date, date, id).Order("date")
	}
}

// Page is a place in a list that is sorted by several columns.
type Page struct {
	columns []string
	values  []any
}

// where writes what follows the place.
func (p *Page) where(quote func(string) string) string {
	var b, equal strings.Builder
	b.WriteRune('(')
	for i, name := range p.columns {
		column := quote(name)
		if i > 0 {
			b.WriteString(") OR (")
		}
		b.WriteString(equal.String())
		if equal.Len() > 0 {
			b.WriteString(" AND ")
		}
		b.WriteString(fmt.Sprintf("%s > ?", column))
		if i > 0 {
			equal.WriteString(" AND ")
		}
		equal.WriteString(fmt.Sprintf("%s = ?", column))
	}
	b.WriteRune(')')
	return b.String()
}

// Next returns the rows that follow, and those of others that do.
//
// case: pop/or-from-loop
func Next[T any](p *Page) pop.ScopeFunc {
	table := fmt.Sprintf("%T", *new(T))
	return func(q *pop.Query) *pop.Query {
		where := p.where(func(name string) string { return table + "." + name })
		return q.Where(where, p.values...).Order(p.columns[0]) // want `puts an OR without parentheses beside the conditions that the query has already`
	}
}

// NextOwn returns the rows that follow.
//
// case: pop/or-from-loop-in-parentheses clean
func NextOwn[T any](p *Page) pop.ScopeFunc {
	table := fmt.Sprintf("%T", *new(T))
	return func(q *pop.Query) *pop.Query {
		where := p.where(func(name string) string { return table + "." + name })
		where = "(" + where + ")"
		return q.Where(where, p.values...).Order(p.columns[0])
	}
}

// anyOf writes one of several in parentheses of its own.
func (p *Page) anyOf() string {
	var b strings.Builder
	b.WriteString("(")
	for i, name := range p.columns {
		if i > 0 {
			b.WriteString(" OR ")
		}
		b.WriteString(name + " = ?")
	}
	b.WriteString(")")
	return b.String()
}

// Matching returns the rows in which one of several columns matches.
//
// case: pop/or-within-loop clean
func Matching(p *Page) pop.ScopeFunc {
	return func(q *pop.Query) *pop.Query {
		return q.Where(p.anyOf(), p.values...)
	}
}

// Fresh begins a query of its own: there is nothing that could lose its force.
//
// case: pop/or-own-query clean
func Fresh(conn *pop.Connection) *pop.Query {
	return conn.Where("date > ? OR pinned", "2020-01-01")
}
