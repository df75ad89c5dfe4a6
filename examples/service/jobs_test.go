package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/runtime/scopetest"

	"github.com/tenantvet/tenantvet/examples/service/internal/invoice"
	"github.com/tenantvet/tenantvet/examples/service/internal/queue"
	"github.com/tenantvet/tenantvet/examples/service/internal/webhook"
)

// ask sends a request as that user of acme, and returns the status.
func ask(s *service, method, path, user string) int {
	r := httptest.NewRequest(method, path, http.NoBody)
	r.Header.Set("Authorization", "Bearer "+user+"@prod")
	w := httptest.NewRecorder()
	s.routes().ServeHTTP(w, r)
	return w.Code
}

// An invoice is sent in the name of whoever asked, and only their hooks are
// told, although both tenants have an invoice 42 by now.
func TestSend(t *testing.T) {
	s, db, _ := start(t)
	if err := seed(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`UPDATE invoices SET id = '42'`); err != nil {
		t.Fatal(err)
	}
	var told []string
	s.hooks = webhook.New(db, func(_ context.Context, url string, body []byte) error {
		told = append(told, url+" "+string(body))
		return nil
	})
	if code := ask(s, "POST", "/invoices/42/send", "member"); code != http.StatusAccepted {
		t.Fatalf("answered %d", code)
	}
	if err := s.queue.Next(t.Context(), invoice.SendJob, s.invoices.Work); err != nil {
		t.Fatal(err)
	}
	if err := s.queue.Next(t.Context(), webhook.EventJob, s.hooks.Work); err != nil {
		t.Fatal(err)
	}
	if want := []string{`https://acme-only.example {"kind":"invoice.sent","id":"42"}`}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	var status string
	if err := db.QueryRow(`SELECT group_concat(tenant_id || ' ' || status, ', ' ORDER BY tenant_id) FROM invoices`).Scan(&status); err != nil {
		t.Fatal(err)
	}
	if want := "acme sent, umbrella draft"; status != want {
		t.Errorf("the invoices are %s, want %s", status, want)
	}
}

// A message counts only with the envelope that it was sent in: not with a body
// that was changed, not in another queue, not in another environment, and not
// for somebody without a scope.
func TestRefusedMessages(t *testing.T) {
	_, rdb := stores(t)
	q, err := queue.New(rdb, prod(t), secret)
	if err != nil {
		t.Fatal(err)
	}
	ctx := scopetest.Context(t, "acme", "prod", "ann", "")
	send := func() string {
		t.Helper()
		if err := q.Send(ctx, "mine", "body"); err != nil {
			t.Fatal(err)
		}
		return rdb.RPop(t.Context(), "queue:mine").Val()
	}
	for name, text := range map[string]string{
		"changed":      strings.Replace(send(), `"Body":"I`, `"Body":"J`, 1),
		"no envelope":  `{"Body": "e30="}`,
		"no message":   `acme`,
		"another kind": send(),
	} {
		kind := "mine"
		if name == "another kind" {
			kind = "other"
		}
		rdb.LPush(t.Context(), "queue:"+kind, text)
		err := q.Next(t.Context(), kind, func(context.Context, []byte) error {
			t.Errorf("%s: the message is handled", name)
			return nil
		})
		if err != nil || rdb.RPop(t.Context(), "aside:"+kind).Val() != text {
			t.Errorf("%s: the message is not put aside: %v", name, err)
		}
	}
	if err := q.Send(t.Context(), "mine", "body"); err == nil {
		t.Error("a message without a scope is sent")
	}
	if err := q.Send(scopetest.Context(t, "acme", "staging", "ann", ""), "mine", "body"); err == nil {
		t.Error("a message of staging is sent in prod")
	}
}

// The sweep visits each tenant of its own environment.
func TestSweep(t *testing.T) {
	s, db, _ := start(t)
	if err := seed(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	const more = `UPDATE invoices SET status = 'void';
		INSERT INTO projects (tenant_id, env, id, name) VALUES ('acme', 'staging', 'rocket', '');
		INSERT INTO invoices (tenant_id, env, id, project, cents, currency, status) VALUES
			('acme', 'staging', '42', 'rocket', 1, 'EUR', 'void'), ('acme', 'prod', '43', 'rocket', 1, 'EUR', 'draft')`
	if _, err := db.Exec(more); err != nil {
		t.Fatal(err)
	}
	if err := s.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	var left string
	if err := db.QueryRow(`SELECT group_concat(tenant_id || ' ' || env || ' ' || id, ', ' ORDER BY env) FROM invoices`).Scan(&left); err != nil {
		t.Fatal(err)
	}
	if want := "acme prod 43, acme staging 42"; left != want {
		t.Errorf("left are %s, want %s", left, want)
	}
	if err := s.sweep(scopetest.Context(t, "acme", "prod", "ann", "")); err == nil {
		t.Error("a request sweeps everybody's invoices")
	}
}
