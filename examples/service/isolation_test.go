package main

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
	"github.com/tenantvet/tenantvet/runtime/scopetest"

	"github.com/tenantvet/tenantvet/examples/service/internal/account"
	"github.com/tenantvet/tenantvet/examples/service/internal/invoice"
	"github.com/tenantvet/tenantvet/examples/service/internal/project"
	"github.com/tenantvet/tenantvet/examples/service/internal/ratelimit"
	"github.com/tenantvet/tenantvet/examples/service/internal/store"
	"github.com/tenantvet/tenantvet/examples/service/internal/webhook"
)

// Each repository and cache, on stores of its own: what one scope wrote, no other
// one sees.

func TestProjectsAreIsolated(t *testing.T) {
	db, _ := stores(t)
	projects := project.NewStore(db)
	scopetest.Isolation(t, scopetest.Feature{
		Create: func(ctx context.Context, id, payload string) error {
			return projects.Create(ctx, project.Project{ID: id, Name: payload})
		},
		Read: func(ctx context.Context, id string) (string, error) {
			p, err := projects.Find(ctx, id)
			return p.Name, err
		},
		Update: projects.Rename,
		Delete: projects.Delete,
		List: func(ctx context.Context) ([]scopetest.Record, error) {
			all, err := projects.List(ctx)
			return records(all, func(p project.Project) scopetest.Record { return scopetest.Record{ID: p.ID, Payload: p.Name} }), err
		},
		NotFound: store.ErrNotFound,
	})
}

func TestSettingsAreIsolated(t *testing.T) {
	db, rdb := stores(t)
	projects, settings := project.NewStore(db), project.NewSettings(db, rdb, time.Hour)
	scopetest.Isolation(t, scopetest.Feature{
		Create: func(ctx context.Context, id, payload string) error {
			if err := projects.Create(ctx, project.Project{ID: id}); err != nil {
				return err
			}
			return settings.Put(ctx, id, project.SettingsValue{Footer: payload})
		},
		Read: func(ctx context.Context, id string) (string, error) {
			v, err := settings.Get(ctx, id)
			return v.Footer, err
		},
		Update: func(ctx context.Context, id, payload string) error {
			return settings.Put(ctx, id, project.SettingsValue{Footer: payload})
		},
		NotFound: store.ErrNotFound,
	})
}

func TestInvoicesAreIsolated(t *testing.T) {
	db, _ := stores(t)
	projects, invoices := project.NewStore(db), invoice.NewStore(db)
	scopetest.Isolation(t, scopetest.Feature{
		Create: func(ctx context.Context, id, payload string) error {
			// The payload is id and name of the project: one is read, the other listed.
			err := projects.Create(ctx, project.Project{ID: payload, Name: payload})
			if err != nil && !errors.Is(err, store.ErrExists) {
				return err
			}
			return invoices.Create(ctx, invoice.Invoice{ID: id, Project: payload, Currency: "EUR"})
		},
		Read: func(ctx context.Context, id string) (string, error) {
			inv, err := invoices.Find(ctx, id)
			return inv.Project, err
		},
		Delete: func(ctx context.Context, id string) error {
			if err := invoices.Mark(ctx, id, "draft", "void"); err != nil {
				return err
			}
			sc, err := tenant.FromContext(ctx)
			if err != nil {
				return err
			}
			_, err = invoices.DeleteVoid(ctx, sc)
			return err
		},
		List: func(ctx context.Context) ([]scopetest.Record, error) {
			all, err := invoices.List(ctx)
			return records(all, func(inv invoice.Invoice) scopetest.Record { return scopetest.Record{ID: inv.ID, Payload: inv.Project} }), err
		},
		NotFound: store.ErrNotFound,
	})
}

func TestWebhooksAreIsolated(t *testing.T) {
	db, _ := stores(t)
	hooks := webhook.New(db, webhook.Post)
	const host = "https://hooks.example/"
	scopetest.Isolation(t, scopetest.Feature{
		Create: func(ctx context.Context, id, payload string) error {
			return hooks.Add(ctx, webhook.Hook{ID: id, URL: host + payload})
		},
		List: func(ctx context.Context) ([]scopetest.Record, error) {
			all, err := hooks.List(ctx)
			return records(all, func(h webhook.Hook) scopetest.Record { return scopetest.Record{ID: h.ID, Payload: h.URL[len(host):]} }), err
		},
	})
}

// Members are set by a proof of a role, which the boundary makes: here for
// everybody, since the kit's callers have no account.
func TestMembersAreIsolated(t *testing.T) {
	db, _ := stores(t)
	members := account.NewMembers(db)
	boundary, err := account.NewBoundary(prod(t), secret, account.New(db), tenant.AuthorityFunc(
		func(context.Context, tenant.Scope) (tenant.Standing, error) {
			return tenant.Standing{Member: true, Roles: []string{"owner"}}, nil
		}))
	if err != nil {
		t.Fatal(err)
	}
	set := func(ctx context.Context, id, role string) error {
		by, err := boundary.CheckTenantRole(ctx, "owner")
		if err != nil {
			return err
		}
		return members.Set(ctx, by, account.Member{User: id, Role: role})
	}
	scopetest.Isolation(t, scopetest.Feature{
		Create: func(ctx context.Context, id, _ string) error { return set(ctx, id, "member") },
		List: func(ctx context.Context) ([]scopetest.Record, error) {
			all, err := members.List(ctx)
			return records(all, func(m account.Member) scopetest.Record { return scopetest.Record{ID: m.User} }), err
		},
	})
}

// The limit is counted by user, environment and tenant.
func TestLimitsAreIsolated(t *testing.T) {
	_, rdb := stores(t)
	limiter := ratelimit.New(rdb, 10, func() time.Time { return time.Unix(0, 0) })
	for _, who := range [][3]string{{"acme", "prod", "ann"}, {"acme", "prod", "bob"}, {"acme", "staging", "ann"}, {"umbrella", "prod", "ann"}, {"acme", "prod", "ann:1"}} {
		ctx := scopetest.Context(t, who[0], who[1], who[2], "")
		for i := range 3 {
			if n, err := limiter.Take(ctx); err != nil || n != int64(i+1) {
				t.Errorf("%v: request %s is counted as %d, %v", who, strconv.Itoa(i+1), n, err)
			}
		}
	}
	if _, err := limiter.Take(t.Context()); err == nil {
		t.Error("somebody without a scope is counted")
	}
}

func records[T any](all []T, record func(T) scopetest.Record) []scopetest.Record {
	out := make([]scopetest.Record, len(all))
	for i, one := range all {
		out[i] = record(one)
	}
	return out
}
