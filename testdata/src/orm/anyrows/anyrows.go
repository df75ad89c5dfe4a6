// Package anyrows keeps sheets, which are an organisation's, and currencies, which are
// everybody's, in repositories for rows of any kind.
package anyrows

import (
	"corpus/orm/anyrows/kind"
)

// Sheet is an organisation's.
type Sheet struct {
	ID    string
	OrgID string
	Title string
}

// Currency is everybody's.
type Currency struct {
	ID   string
	Name string
}

// Service has both.
type Service struct {
	sheets     *kind.Repo[Sheet]
	currencies *kind.Repo[Currency]
}
