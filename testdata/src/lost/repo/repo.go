// Package repo keeps orders, by the tenant in the context.
package repo

import (
	"context"
	"log/slog"

	"corpus/lost/tenantctx"
)

// Repo keeps orders.
type Repo struct {
	log  *slog.Logger
	rows map[string][]string
}

// Archive files an order.
func (r *Repo) Archive(ctx context.Context, id string) error {
	return r.put(ctx, "archive", id)
}

// Add adds an order.
func (r *Repo) Add(ctx context.Context, id string) error {
	return r.put(ctx, "open", id)
}

func (r *Repo) put(ctx context.Context, box, id string) error {
	tenant, err := tenantctx.Tenant(ctx)
	if err != nil {
		return err
	}
	r.rows[tenant+"/"+box] = append(r.rows[tenant+"/"+box], id)
	return nil
}

// Count counts all orders of all tenants.
func (r *Repo) Count(ctx context.Context) int { return len(r.rows) }

// Trace prints that something happened, and for whom if that is known.
func (r *Repo) Trace(ctx context.Context, what string) {
	tenant, _ := tenantctx.Tenant(ctx)
	r.log.InfoContext(ctx, what, "tenant", tenant)
}

// Archiver files orders.
type Archiver interface {
	File(ctx context.Context, id string) error
}

// Shelf is an archiver.
type Shelf struct{ repo *Repo }

// File files an order.
func (s *Shelf) File(ctx context.Context, id string) error { return s.repo.Archive(ctx, id) }

// Log begins a line with whose request it is, if that is known.
func (r *Repo) Log(ctx context.Context, id string) {
	fields := []any{"order", id}
	if tenant, err := tenantctx.Tenant(ctx); err == nil && tenant != "" {
		fields = append(fields, "tenant", tenant)
	}
	r.log.With(fields...).Info("an order was touched")
}
