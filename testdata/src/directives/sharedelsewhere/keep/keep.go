// Package keep has state that others write, and says which of it all tenants share.
package keep

import "sync"

// Rates is written by other packages alone.
//
//tenantvet:shared rates of exchange are published
var Rates = map[string]string{}

// Latest is set by other packages alone.
//
//tenantvet:shared shown to operators
var Latest string

// Drafts is for its writers to keep apart.
var Drafts = map[string]string{}

//tenantvet:shared names of countries are the same for every tenant
var countries = map[string]string{}

var nicknames = map[string]string{}

var aliases = map[string]string{}

var petNames = map[string]string{}

var mottos = map[string]string{}

// SetCountry leaves the key to its callers.
func SetCountry(code, name string) { countries[code] = name }

// SetBoth keeps one entry that all share, and one that is somebody's.
func SetBoth(code, name string) {
	countries[code] = name
	nicknames[code] = name
}

// SetAlias keeps one entry that all share, and one that is somebody's.
func SetAlias(code, name string) {
	countries[code] = name
	aliases[code] = name
}

// SetList keeps more that all share than what is somebody's, which comes last.
func SetList(a, b, c, d, e, f, g, h, i, j, k, l, code string) {
	countries[a] = ""
	countries[b] = ""
	countries[c] = ""
	countries[d] = ""
	countries[e] = ""
	countries[f] = ""
	countries[g] = ""
	countries[h] = ""
	countries[i] = ""
	countries[j] = ""
	countries[k] = ""
	countries[l] = ""
	mottos[code] = ""
}

// Namer is what names are kept by.
type Namer interface{ SetName(code, name string) }

// AllNames keeps names for everybody.
type AllNames struct{}

// SetName leaves the key to its callers.
func (AllNames) SetName(code, name string) { countries[code] = name }

// OwnNames keeps names that somebody gave.
type OwnNames struct{}

// SetName leaves the key to its callers.
func (OwnNames) SetName(code, name string) { petNames[code] = name }

// A Calendar lives as long as the process.
type Calendar struct {
	mu sync.Mutex
	//tenantvet:shared public holidays
	holidays map[string]string
	parties  map[string]string
}

// NewCalendar returns an empty one.
func NewCalendar() *Calendar {
	return &Calendar{holidays: map[string]string{}, parties: map[string]string{}}
}

// SetHoliday leaves the key to its callers.
func (c *Calendar) SetHoliday(day, name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.holidays[day] = name
}

// SetParty leaves the key to its callers.
func (c *Calendar) SetParty(day, name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.parties[day] = name
}
