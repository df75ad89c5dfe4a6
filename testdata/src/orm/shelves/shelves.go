// Package shelves keeps shelves, and what is on them, by way of gorm's relations.
package shelves

import "gorm.io/gorm"

// City has shelves of many organisations.
type City struct {
	ID      string
	Name    string
	Shelves []Shelf
	Keepers []Keeper `gorm:"many2many:city_keepers"`
}

// Shelf is an organisation's.
type Shelf struct {
	ID       string
	OrgID    string
	CityID   string
	KeeperID string
	RoomID   string
	Books    []Book
	Keeper   *Keeper
	Room     Room  `gorm:"foreignKey:OrgID,RoomID;references:OrgID,ID"`
	Labels   []Tag `gorm:"many2many:shelf_labels;"`
}

// Book stands on a shelf.
type Book struct {
	ID      string
	OrgID   string
	ShelfID string
	Title   string
	Pages   []*Page
}

// Page is one of a book's.
type Page struct {
	ID     string
	OrgID  string
	BookID string
}

// Keeper looks after shelves.
type Keeper struct {
	ID    string
	OrgID string
	Name  string
}

// Room has shelves.
type Room struct {
	ID    string
	OrgID string
}

// Tag is a label.
type Tag struct {
	ID    string
	OrgID string
}

// Store keeps them.
type Store struct{ db *gorm.DB }

// New returns a store on a database.
func New(db *gorm.DB) *Store { return &Store{db: db} }
