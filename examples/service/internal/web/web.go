// Package web reads requests and writes answers.
package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	tenant "github.com/tenantvet/tenantvet/runtime"

	"github.com/tenantvet/tenantvet/examples/service/internal/store"
)

// maxBody is how many bytes of a body are read.
const maxBody = 1 << 16

// Read decodes the body of a request. Its errors wrap [store.ErrInvalid].
func Read[T any](r *http.Request) (T, error) {
	var v T
	dec := json.NewDecoder(io.LimitReader(r.Body, maxBody))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&v); err != nil {
		return v, fmt.Errorf("the body: %w: %w", store.ErrInvalid, err)
	}
	return v, nil
}

// Reply writes the value as JSON with that status, or the error if there is one.
func Reply(w http.ResponseWriter, status int, value any, err error) {
	if err != nil {
		Error(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(value); err != nil {
		slog.Error("an answer was not written", "error", err)
	}
}

// Error writes the status that fits the error. What a refusal says is made to be
// shown; of anything else the client learns no more than the status.
func Error(w http.ResponseWriter, err error) {
	for status, is := range map[int]error{
		http.StatusNotFound:            store.ErrNotFound,
		http.StatusConflict:            store.ErrExists,
		http.StatusUnprocessableEntity: store.ErrInvalid,
	} {
		if errors.Is(err, is) {
			http.Error(w, http.StatusText(status), status)
			return
		}
	}
	slog.Warn("a request failed", "error", err)
	if err := tenant.WriteProblem(w, err); err != nil {
		slog.Error("an answer was not written", "error", err)
	}
}
