package invoice

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/tenantvet/tenantvet/examples/service/internal/queue"
	"github.com/tenantvet/tenantvet/examples/service/internal/web"
	"github.com/tenantvet/tenantvet/examples/service/internal/webhook"
)

// SendJob is the kind of the messages that ask for an invoice to be sent.
const SendJob = "invoice/send"

// job is the body of such a message. It says which invoice, not whose.
type job struct{ Invoice string }

// Handler serves invoices, and sends them when it is their turn.
type Handler struct {
	Invoices *Store
	Queue    *queue.Queue
}

// List serves all invoices.
func (h Handler) List(w http.ResponseWriter, r *http.Request) {
	all, err := h.Invoices.List(r.Context())
	web.Reply(w, http.StatusOK, all, err)
}

// Create adds a draft.
func (h Handler) Create(w http.ResponseWriter, r *http.Request) {
	inv, err := web.Read[Invoice](r)
	if err == nil {
		err = h.Invoices.Create(r.Context(), inv)
	}
	web.Reply(w, http.StatusCreated, inv, err)
}

// Show serves an invoice.
func (h Handler) Show(w http.ResponseWriter, r *http.Request) {
	inv, err := h.Invoices.Find(r.Context(), chi.URLParam(r, "invoice"))
	web.Reply(w, http.StatusOK, inv, err)
}

// Void voids a draft.
func (h Handler) Void(w http.ResponseWriter, r *http.Request) {
	err := h.Invoices.Mark(r.Context(), chi.URLParam(r, "invoice"), "draft", "void")
	web.Reply(w, http.StatusOK, nil, err)
}

// Send has an invoice sent, some time later.
func (h Handler) Send(w http.ResponseWriter, r *http.Request) {
	inv, err := h.Invoices.Find(r.Context(), chi.URLParam(r, "invoice"))
	if err == nil {
		err = h.Queue.Send(r.Context(), SendJob, job{Invoice: inv.ID})
	}
	web.Reply(w, http.StatusAccepted, nil, err)
}

// Work carries out a [SendJob]. The context holds the scope of whoever asked for
// it, out of the message's envelope.
func (h Handler) Work(ctx context.Context, body []byte) error {
	var j job
	if err := json.Unmarshal(body, &j); err != nil {
		return err
	}
	if err := h.Invoices.Mark(ctx, j.Invoice, "draft", "sent"); err != nil {
		return err
	}
	return h.Queue.Send(ctx, webhook.EventJob, webhook.Event{Kind: "invoice.sent", ID: j.Invoice})
}
