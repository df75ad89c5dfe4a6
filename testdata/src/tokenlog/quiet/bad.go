// Package quiet has a logger that takes credentials out, and one that does not.
package quiet

import (
	"log/slog"
	"net/http"
	"os"

	"corpus/tokenlog/say"
)

// Loud logs everything.
type Loud struct{ log *slog.Logger }

// NewLoud returns a Loud.
func NewLoud() *Loud { return &Loud{slog.New(slog.NewJSONHandler(os.Stdout, nil))} }

// Show logs a token.
//
// case: tokenlog/bare-handler
func (l *Loud) Show(r *http.Request) {
	l.log.Info("call", "auth", say.Bearer(r)) // want `Header.Get\("Authorization"\) gets into the log by Logger.Info`
}
