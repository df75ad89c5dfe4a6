package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"

	"github.com/tenantvet/tenantvet/examples/service/internal/invoice"
	"github.com/tenantvet/tenantvet/examples/service/internal/webhook"
)

// work does what is not done while somebody waits, until the context ends. The
// context has no scope: each message brings its own.
func (s *service) work(ctx context.Context) {
	var all sync.WaitGroup
	for kind, handle := range map[string]func(context.Context, []byte) error{
		invoice.SendJob:  s.invoices.Work,
		webhook.EventJob: s.hooks.Work,
	} {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := s.queue.Next(ctx, kind, handle); err != nil && ctx.Err() == nil {
					s.logger.Error("the queue does not answer", "kind", kind, "error", err)
					time.Sleep(time.Second)
				}
			}
		})
	}
	all.Go(func() {
		nightly := time.NewTicker(24 * time.Hour)
		defer nightly.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-nightly.C:
			}
			if err := s.sweep(ctx); err != nil {
				s.logger.Error("the sweep failed", "error", err)
			}
		}
	})
	all.Wait()
}

// sweep removes void invoices, tenant by tenant: each visit has the scope of one.
func (s *service) sweep(ctx context.Context) error {
	access, err := tenant.NewSystem(tenant.SystemConfig{
		Env:     s.Env,
		Tenants: s.accounts.Tenants,
		Audit: func(ctx context.Context, e tenant.SystemEvent) error {
			s.logger.InfoContext(ctx, "system access", "actor", e.Actor, "purpose", e.Purpose, "visit", e.Tenant != "")
			return nil
		},
		Timeout: time.Second,
	})
	if err != nil {
		return err
	}
	system, err := access.Begin(ctx, "sweeper", "remove void invoices")
	if err != nil {
		return err
	}
	return system.ForEachTenant(ctx, func(ctx context.Context, sc tenant.Scope) error {
		n, err := s.invoices.Invoices.DeleteVoid(ctx, sc)
		s.logger.InfoContext(ctx, "void invoices removed", slog.Int64("rows", n))
		return err
	})
}
