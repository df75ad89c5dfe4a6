// Package trips keeps trips by way of bun and pop, with what belongs to them.
package trips

import (
	"github.com/gobuffalo/pop/v6"
	"github.com/uptrace/bun"
)

// Line has trips of many organisations.
type Line struct {
	ID    string  `bun:"id,pk" db:"id"`
	Trips []*Trip `bun:"rel:has-many,join:id=line_id" has_many:"trips"`
}

// Trip is an organisation's.
type Trip struct {
	ID     string  `bun:"id,pk" db:"id"`
	Org    string  `bun:"org_id" db:"org_id"`
	LineID string  `bun:"line_id" db:"line_id"`
	Line   *Line   `bun:"rel:belongs-to,join:line_id=id" belongs_to:"line"`
	Stops  []*Stop `bun:"rel:has-many,join:id=trip_id" has_many:"stops"`
}

// Stop is one of a trip's.
type Stop struct {
	ID     string `bun:"id,pk" db:"id"`
	Org    string `bun:"org_id" db:"org_id"`
	TripID string `bun:"trip_id" db:"trip_id"`
}

// Store keeps trips.
type Store struct {
	db   *bun.DB
	conn *pop.Connection
}
