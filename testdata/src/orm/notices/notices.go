// Package notices keeps notices by way of pop.
package notices

import "github.com/gobuffalo/pop/v6"

// Notice is a row.
type Notice struct {
	ID   string `db:"id"`
	Org  string `db:"org_id"`
	Text string `db:"text"`
}

// Store keeps notices.
type Store struct{ conn *pop.Connection }
