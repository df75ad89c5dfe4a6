package desk

import (
	"context"

	"corpus/hooked/ent"
	"corpus/hooked/ent/privacy"
	"corpus/hooked/ent/schema"
)

// Plain reads what no schema holds.
//
// case: hooks/not-covered
func (d *Desk) Plain(ctx context.Context) ([]*ent.Note, error) {
	return d.client.Note.Query().All(ctx) // want `NoteQuery.All is not restricted by TenantID: it reaches Note rows of everybody`
}

// Relabel updates what is held only when it is read.
//
// case: hooks/update-not-covered
func (d *Desk) Relabel(ctx context.Context, id, name string) error {
	return d.client.Label.UpdateOneID(id).SetName(name).Exec(ctx) // want `LabelUpdateOne.Exec is not restricted by TenantID`
}

// Create makes a row that no rule makes the caller's.
//
// case: hooks/policy-create-unset
func (d *Desk) Create(ctx context.Context, name string) error {
	return d.client.Folder.Create().SetName(name).Exec(ctx) // want `FolderCreate.Exec leaves TenantID unset`
}

// Everything reads with a context that lifts hooks.
//
// case: hooks/lifted
func (d *Desk) Everything(ctx context.Context) ([]*ent.Ticket, error) {
	return d.client.Ticket.Query().All(schema.SkipTenant(ctx)) // want `TicketQuery.All is not restricted by TenantID: it reaches Ticket rows of everybody`
}

// Allowed decides for itself.
//
// case: hooks/decided
func (d *Desk) Allowed(ctx context.Context, id string) (*ent.Folder, error) {
	ctx = privacy.DecisionContext(ctx, privacy.Allow)
	return d.client.Folder.Get(ctx, id) // want `FolderClient.Get cannot be restricted by TenantID`
}

// Total hands on a context that lifts hooks.
//
// case: hooks/lifted-by-caller
func (d *Desk) Total(ctx context.Context) (int, error) {
	return d.titles(schema.SkipTenant(ctx)) // want `TicketQuery.All is not restricted by TenantID: it reaches Ticket rows of everybody`
}
