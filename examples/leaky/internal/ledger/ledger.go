// Package ledger stands for the database. Every question names the caller's
// scope, and only the caller's rows answer. Nothing here leaks.
package ledger

import (
	"errors"
	"strings"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// ErrNotFound is returned for what the caller's tenant does not have.
var ErrNotFound = errors.New("not found")

// Document is an invoice or a credit note.
type Document struct {
	Kind     string // "invoice" or "credit note"
	ID       string
	Customer string
	Cents    int
}

// Settings is what a tenant has chosen for itself.
type Settings struct {
	Logo  string
	Quota int
}

type owner struct {
	tenant string
	env    string
}

// Ledger holds the books of all tenants. It never changes.
type Ledger struct {
	documents map[owner][]Document
	settings  map[owner]Settings
}

// Sample returns books in which two tenants use the same ids.
func Sample() *Ledger {
	l := &Ledger{documents: make(map[owner][]Document), settings: make(map[owner]Settings)}
	for i, env := range []string{"dev", "staging", "prod"} {
		l.documents[owner{"acme", env}] = []Document{
			{"invoice", "42", "Roadrunner of acme " + env, 1999 + i},
			{"credit note", "7", "Coyote of acme " + env, -500},
		}
		l.documents[owner{"umbrella", env}] = []Document{
			{"invoice", "42", "Alice of umbrella " + env, 120000},
			{"credit note", "7", "Rain of umbrella " + env, -3},
		}
		l.settings[owner{"acme", env}] = Settings{Logo: "acme-" + env + ".svg", Quota: 10}
		l.settings[owner{"umbrella", env}] = Settings{Logo: "umbrella-" + env + ".svg", Quota: 99}
	}
	return l
}

func ownerOf(sc tenant.Scope) owner { return owner{sc.Tenant(), sc.Env().String()} }

// Find returns the caller's document of that kind and id.
func (l *Ledger) Find(sc tenant.Scope, kind, id string) (Document, error) {
	for _, d := range l.documents[ownerOf(sc)] {
		if d.Kind == kind && d.ID == id {
			return d, nil
		}
	}
	return Document{}, ErrNotFound
}

// Search returns the caller's documents whose customer's name holds the text.
func (l *Ledger) Search(sc tenant.Scope, text string) ([]Document, error) {
	var found []Document
	for _, d := range l.documents[ownerOf(sc)] {
		if strings.Contains(strings.ToLower(d.Customer), strings.ToLower(text)) {
			found = append(found, d)
		}
	}
	return found, nil
}

// Total returns the sum of the caller's documents.
func (l *Ledger) Total(sc tenant.Scope) (int, error) {
	sum := 0
	for _, d := range l.documents[ownerOf(sc)] {
		sum += d.Cents
	}
	return sum, nil
}

// Settings returns the caller's settings.
func (l *Ledger) Settings(sc tenant.Scope) (Settings, error) {
	s, ok := l.settings[ownerOf(sc)]
	if !ok {
		return Settings{}, ErrNotFound
	}
	return s, nil
}
