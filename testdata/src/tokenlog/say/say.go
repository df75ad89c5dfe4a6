// Package say is what a service logs with, and how it hides things.
package say

import (
	"crypto/sha256"
	"encoding/hex"
	"log"
	"net/http"
	"strings"
)

// Logf logs a text.
func Logf(format string, args ...any) { log.Printf("shop: "+format, args...) }

// Note logs a word.
func Note(word string) { log.Println("note", word) }

// Logger is where something is logged.
type Logger interface {
	Infow(msg string, keysAndValues ...any)
}

// Bearer returns the token of a request.
func Bearer(r *http.Request) string {
	return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
}

// Fingerprint returns what tells tokens apart and is none.
func Fingerprint(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:8])
}

// Mask returns some characters of a token.
func Mask(token string) string {
	if len(token) < 8 {
		return "..."
	}
	return token[:4] + "..." + token[len(token)-2:]
}

// A Token is one that does not print.
type Token string

// String returns the same for all tokens.
func (t Token) String() string { return "[token]" }

// A Plain is one that prints.
type Plain string

// String returns the token.
func (p Plain) String() string { return "token " + string(p) }

// Vault hands out keys.
type Vault struct{ keys map[string]string }

// Key returns the key of that name.
func (v *Vault) Key(name string) (string, error) { return v.keys[name], nil }

// Account is of somebody.
type Account struct {
	Name   string
	Secret string
}
