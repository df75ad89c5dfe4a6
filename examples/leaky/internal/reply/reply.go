// Package reply writes responses.
package reply

import (
	"encoding/json"
	"errors"
	"log"
	"net/http"

	tenant "github.com/tenantvet/tenantvet/runtime"

	"github.com/tenantvet/tenantvet/examples/leaky/internal/ledger"
)

// With writes the value as JSON, or the error if there is one.
func With(w http.ResponseWriter, value any, err error) {
	if err != nil {
		Error(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(value); err != nil {
		log.Print(err)
	}
}

// Error writes the status that fits the error, and keeps the rest to itself.
func Error(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		status = http.StatusNotFound
	case errors.Is(err, tenant.ErrNoScope):
		status = http.StatusUnauthorized
	default:
		log.Print(err)
	}
	http.Error(w, http.StatusText(status), status)
}
