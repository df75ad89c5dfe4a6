// Package desk has the statements of the service.
package desk

import (
	"context"
	"time"

	"corpus/hooked/ent"
	"corpus/hooked/ent/folder"
	"corpus/hooked/ent/note"
	"corpus/legacy/auth"
)

// Desk runs statements.
type Desk struct{ client *ent.Client }

// Tickets are held by an interceptor.
//
// case: hooks/read clean
func (d *Desk) Tickets(ctx context.Context) ([]*ent.Ticket, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return d.client.Ticket.Query().All(ctx)
}

// Ticket is got by its id.
//
// case: hooks/get clean
func (d *Desk) Ticket(ctx context.Context, id string) (*ent.Ticket, error) {
	return d.client.Ticket.Get(ctx, id)
}

// Rename updates by id.
//
// case: hooks/update-one clean
func (d *Desk) Rename(ctx context.Context, id, name string) error {
	return d.client.Ticket.UpdateOneID(id).SetName(name).Exec(ctx)
}

// Clear deletes.
//
// case: hooks/delete clean
func (d *Desk) Clear(ctx context.Context) (int, error) { return d.client.Ticket.Delete().Exec(ctx) }

// Open creates what a hook makes the caller's.
//
// case: hooks/create clean
func (d *Desk) Open(ctx context.Context, name string) error {
	return d.client.Ticket.Create().SetName(name).Exec(ctx)
}

// Labelled reads labels besides, which have an interceptor of their own.
//
// case: hooks/edge clean
func (d *Desk) Labelled(ctx context.Context) ([]*ent.Ticket, error) {
	return d.client.Ticket.Query().WithLabels().All(ctx)
}

// Noted reads the notes of tickets, which are whose the tickets are.
//
// case: hooks/edge-of-held clean
func (d *Desk) Noted(ctx context.Context) ([]*ent.Ticket, error) {
	return d.client.Ticket.Query().WithNotes().All(ctx)
}

// Folders are held by rules.
//
// case: hooks/policy-read clean
func (d *Desk) Folders(ctx context.Context, id string) ([]*ent.Folder, error) {
	return d.client.Folder.Query().Where(folder.ID(id)).All(ctx)
}

// AddFolder says whose the row is.
//
// case: hooks/policy-create clean
func (d *Desk) AddFolder(ctx context.Context, name string) error {
	return d.client.Folder.Create().SetTenantID(auth.TenantID(ctx)).SetName(name).Exec(ctx)
}

// Notes say themselves whose they are.
//
// case: hooks/none-but-predicate clean
func (d *Desk) Notes(ctx context.Context) ([]*ent.Note, error) {
	return d.client.Note.Query().Where(note.TenantID(auth.TenantID(ctx))).All(ctx)
}

// titles runs with whatever context it is handed.
func (d *Desk) titles(ctx context.Context) (int, error) {
	all, err := d.client.Ticket.Query().All(ctx)
	return len(all), err
}

// Count hands on the caller's.
//
// case: hooks/context-handed-on clean
func (d *Desk) Count(ctx context.Context) (int, error) { return d.titles(ctx) }
