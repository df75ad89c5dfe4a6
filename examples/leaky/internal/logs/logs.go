// Package logs tells operators what happens.
package logs

import (
	"fmt"
	"log/slog"
	"net/http"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Span is a part of a trace.
type Span interface{ Tag(key, value string) }

// Counter is a metric.
type Counter interface{ Add(n int, labels ...string) }

// SignIn notes who comes in.
//
// Leak 42, a credential in the log: who reads that can act in the caller's name.
func SignIn(r *http.Request) {
	auth := r.Header.Get("Authorization")
	slog.Info("signing in", "auth", auth)
}

// Refuse tells a client that its key is none.
//
// Leak 43, a credential in the answer, and in all that keeps answers.
func Refuse(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("X-Api-Key")
	http.Error(w, fmt.Sprintf("%s is not a key", key), http.StatusUnauthorized)
}

// Trace notes a session.
//
// Leak 44, a credential in a trace, which others keep for us.
func Trace(span Span, r *http.Request) { span.Tag("session", r.Header.Get("Cookie")) }

// Debug notes a request.
//
// Leak 45, all headers, and with them the credentials.
func Debug(r *http.Request) { slog.Debug("request", "header", r.Header) }

// Count counts requests.
//
// Leak 46, customers by name, for whoever reads the metrics.
func Count(sc tenant.Scope, requests Counter) { requests.Add(1, sc.Tenant()) }
