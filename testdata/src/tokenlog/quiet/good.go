package quiet

import (
	"log/slog"
	"net/http"
	"os"

	"github.com/tenantvet/tenantvet/runtime/scopelog"

	"corpus/tokenlog/say"
)

// Quiet takes credentials out.
type Quiet struct{ log *slog.Logger }

// NewQuiet returns a Quiet.
func NewQuiet() (*Quiet, error) {
	h, err := scopelog.NewHandler(slog.NewJSONHandler(os.Stdout, nil), scopelog.Options{})
	if err != nil {
		return nil, err
	}
	return &Quiet{slog.New(h)}, nil
}

// Show logs a token.
//
// case: tokenlog/redacting-handler clean
func (q *Quiet) Show(r *http.Request) {
	q.log.Info("call", "auth", say.Bearer(r))
}

// With logs a token with a logger made of that.
//
// case: tokenlog/redacting-handler-with clean
func (q *Quiet) With(r *http.Request) {
	q.log.With("path", r.URL.Path).Info("call", "auth", say.Bearer(r))
}
