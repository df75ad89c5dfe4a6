// Package webhook tells tenants what has happened, at addresses of their choice.
package webhook

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	tenant "github.com/tenantvet/tenantvet/runtime"

	"github.com/tenantvet/tenantvet/examples/service/internal/store"
	"github.com/tenantvet/tenantvet/examples/service/internal/web"
)

// EventJob is the kind of the messages that hold an [Event].
const EventJob = "webhook/event"

// Event is what has happened. To whom is not in it: it is delivered to the hooks
// of the tenant whose scope the message carried.
type Event struct {
	Kind string `json:"kind"` // such as invoice.sent
	ID   string `json:"id"`
}

// Hook is an address at which a tenant wants to be told.
type Hook struct {
	ID  string `json:"id"`
	URL string `json:"url"`
}

// Hooks keeps the hooks of tenants and delivers events to them. It is safe for
// concurrent use.
type Hooks struct {
	db   *sql.DB
	post func(ctx context.Context, url string, body []byte) error
}

// New returns the hooks in that database. What is delivered is handed to post.
func New(db *sql.DB, post func(ctx context.Context, url string, body []byte) error) *Hooks {
	return &Hooks{db: db, post: post}
}

// Add adds a hook.
func (h *Hooks) Add(ctx context.Context, hook Hook) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	if u, err := url.Parse(hook.URL); hook.ID == "" || err != nil || u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("a hook needs an id and an https address: %w", store.ErrInvalid)
	}
	res, err := h.db.ExecContext(ctx, `INSERT INTO webhooks (tenant_id, env, id, url) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		sc.Tenant(), sc.Env().String(), hook.ID, hook.URL)
	return store.Changed(res, err, store.ErrExists)
}

// List returns the hooks of the caller's tenant.
func (h *Hooks) List(ctx context.Context) ([]Hook, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := h.db.QueryContext(ctx, `SELECT id, url FROM webhooks WHERE tenant_id = ? AND env = ? ORDER BY id`,
		sc.Tenant(), sc.Env().String())
	return store.List(rows, err, func(r *sql.Rows, hook *Hook) error { return r.Scan(&hook.ID, &hook.URL) })
}

// Work delivers an event, the body of an [EventJob], to the hooks of the tenant
// in the context.
func (h *Hooks) Work(ctx context.Context, body []byte) error {
	var e Event
	if err := json.Unmarshal(body, &e); err != nil {
		return err
	}
	all, err := h.List(ctx)
	if err != nil {
		return err
	}
	for _, hook := range all {
		if err := h.post(ctx, hook.URL, body); err != nil {
			return fmt.Errorf("%s to hook %s: %w", e.Kind, hook.ID, err)
		}
	}
	return nil
}

// ServeList serves the hooks.
func (h *Hooks) ServeList(w http.ResponseWriter, r *http.Request) {
	all, err := h.List(r.Context())
	web.Reply(w, http.StatusOK, all, err)
}

// ServeAdd adds a hook.
func (h *Hooks) ServeAdd(w http.ResponseWriter, r *http.Request) {
	hook, err := web.Read[Hook](r)
	if err == nil {
		err = h.Add(r.Context(), hook)
	}
	web.Reply(w, http.StatusCreated, hook, err)
}
