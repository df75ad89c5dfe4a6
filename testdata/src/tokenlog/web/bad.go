// Package web serves requests and says so.
package web

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"os"
	"strings"

	"github.com/gin-gonic/gin"
	"google.golang.org/grpc/metadata"

	"corpus/tokenlog/say"
)

// Web serves requests.
type Web struct {
	log   *slog.Logger
	vault *say.Vault
}

// Header logs a header.
//
// case: tokenlog/header
func (s *Web) Header(w http.ResponseWriter, r *http.Request) {
	s.log.Info("request", "auth", r.Header.Get("Authorization")) // want `Header.Get\("Authorization"\) gets into the log by Logger.Info: who reads that can act in the caller's name`
}

// Attr makes an attribute of it.
//
// case: tokenlog/attribute
func (s *Web) Attr(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("X-Api-Key")
	slog.InfoContext(r.Context(), "request", slog.String("key", key)) // want `Header.Get\("X-Api-Key"\) gets into the log by slog.InfoContext`
}

// Prefix cuts the scheme off.
//
// case: tokenlog/prefix
func (s *Web) Prefix(r *http.Request) {
	auth := r.Header.Get("Authorization")
	const scheme = "Bearer "
	if len(auth) > len(scheme) {
		log.Printf("token %s", auth[len(scheme):]) // want `Header.Get\("Authorization"\) gets into the log by log.Printf`
	}
}

// Text puts it into a text.
//
// case: tokenlog/text
func (s *Web) Text(r *http.Request) {
	msg := fmt.Sprintf("user %s with %q", r.FormValue("user"), r.FormValue("password"))
	s.log.Warn(msg) // want `Request.FormValue\("password"\) gets into the log by Logger.Warn`
}

// Helper gets it from elsewhere.
//
// case: tokenlog/from-helper
func (s *Web) Helper(r *http.Request) {
	s.log.Debug("token", "value", say.Bearer(r)) // want `Header.Get\("Authorization"\) gets into the log by Logger.Debug`
}

// Wrapper logs by way of another package.
//
// case: tokenlog/wrapper
func (s *Web) Wrapper(r *http.Request) {
	say.Logf("token %s", say.Bearer(r)) // want `Header.Get\("Authorization"\) gets into the log by log.Printf`
}

// Handed hands it to what logs a word.
//
// case: tokenlog/handed
func (s *Web) Handed(r *http.Request) {
	say.Note(r.Header.Get("Cookie")) // want `Header.Get\("Cookie"\) gets into the log by log.Println`
}

func (s *Web) later(token string) {
	go func() { s.log.Info("later", "token", token) }()
}

// Later hands it to a literal of another function.
//
// case: tokenlog/literal
func (s *Web) Later(r *http.Request) {
	s.later(say.Bearer(r)) // want `Header.Get\("Authorization"\) gets into the log by Logger.Info`
}

// Cookie logs the value of a cookie.
//
// case: tokenlog/cookie
func (s *Web) Cookie(r *http.Request) {
	if c, err := r.Cookie("sid"); err == nil {
		s.log.Info("session", "id", c.Value) // want `gets into the log by Logger.Info`
	}
}

// Basic logs a password.
//
// case: tokenlog/basic
func (s *Web) Basic(r *http.Request) {
	user, password, ok := r.BasicAuth()
	if !ok {
		return
	}
	fmt.Println("sign in", user, password) // want `Request.BasicAuth gets into the log by fmt.Println`
}

// Stderr prints a variable of the process.
//
// case: tokenlog/stderr
func (s *Web) Stderr(ctx context.Context) {
	fmt.Fprintf(os.Stderr, "key %s\n", os.Getenv("STRIPE_SECRET_KEY")) // want `os.Getenv\("STRIPE_SECRET_KEY"\) gets into the log by fmt.Fprintf`
}

// Metadata logs what came with a call.
//
// case: tokenlog/metadata
func (s *Web) Metadata(ctx context.Context) {
	md, ok := metadata.FromIncomingContext(ctx)
	if !ok {
		return
	}
	s.log.InfoContext(ctx, "call", "auth", md.Get("authorization")) // want `MD.Get\("authorization"\) gets into the log by Logger.InfoContext`
}

// Gin logs a header of gin's.
//
// case: tokenlog/gin
func (s *Web) Gin(c *gin.Context) {
	s.log.Info("call", "auth", c.GetHeader("Authorization")) // want `Context.GetHeader\("Authorization"\) gets into the log by Logger.Info`
}

// Vault logs what the policy calls a secret.
//
// case: tokenlog/declared
func (s *Web) Vault() error {
	key, err := s.vault.Key("billing")
	if err != nil {
		return err
	}
	s.log.Info("using", "key", key) // want `gets into the log by Logger.Info`
	return nil
}

// Field logs a field that the policy calls a secret.
//
// case: tokenlog/declared-field
func (s *Web) Field(a *say.Account) {
	s.log.Info("account", "name", a.Name, "secret", a.Secret) // want `a.Secret gets into the log by Logger.Info`
}

// Plain is of a type that prints itself.
//
// case: tokenlog/plain-type
func (s *Web) Plain(r *http.Request) {
	s.log.Info("token", "value", say.Plain(say.Bearer(r))) // want `Header.Get\("Authorization"\) gets into the log by Logger.Info`
}

// Err puts it into an error, and logs that.
//
// case: tokenlog/error
func (s *Web) Err(r *http.Request) error {
	err := fmt.Errorf("token %q is no good", say.Bearer(r))
	s.log.Error("refused", "error", err) // want `Header.Get\("Authorization"\) gets into the log by Logger.Error`
	return err
}

// Answer tells the client.
//
// case: tokenlog/response
func (s *Web) Answer(w http.ResponseWriter, r *http.Request) {
	err := fmt.Errorf("token %q is no good", say.Bearer(r))
	http.Error(w, err.Error(), http.StatusUnauthorized) // want `Header.Get\("Authorization"\) gets into the error that the client is told by http.Error`
}

// Dump logs a request.
//
// case: tokenlog/dump-request
func (s *Web) Dump(r *http.Request) {
	dump, err := httputil.DumpRequest(r, false)
	if err != nil {
		return
	}
	log.Print(string(dump)) // want `httputil.DumpRequest gets into the log by log.Print: its credentials are in it`
}

// Headers logs all headers.
//
// case: tokenlog/dump-header
func (s *Web) Headers(r *http.Request) {
	s.log.Debug("request", "header", r.Header) // want `r.Header gets into the log by Logger.Debug: its credentials are in it`
}

// Formatted does so as a text.
//
// case: tokenlog/dump-formatted
func (s *Web) Formatted(r *http.Request) {
	s.log.Debug(fmt.Sprintf("request %+v", r)) // want `r gets into the log by Logger.Debug: its credentials are in it`
}

// Param logs what a client sent in the query.
//
// case: tokenlog/query
func (s *Web) Param(r *http.Request) {
	s.log.Info("download", "token", r.URL.Query().Get("access_token")) // want `Values.Get\("access_token"\) gets into the log by Logger.Info`
}

// Indexed reads a header as the map that it is.
//
// case: tokenlog/indexed
func (s *Web) Indexed(r *http.Request) {
	if keys, ok := r.Header["X-Api-Key"]; ok {
		s.log.Info("key", "value", keys[0]) // want `r.Header\["X-Api-Key"\]\[0\] gets into the log by Logger.Info`
	}
}

// Values reads a parameter so.
//
// case: tokenlog/indexed-query
func (s *Web) Values(w http.ResponseWriter, r *http.Request) {
	http.Error(w, fmt.Sprintf("bad token %q", r.URL.Query()["access_token"]), http.StatusUnauthorized) // want `URL.Query\["access_token"\] gets into the error that the client is told by http.Error`
}

// Each logs a header, value by value.
//
// case: tokenlog/dump-each
func (s *Web) Each(r *http.Request) {
	for name, values := range r.Header {
		s.log.Debug("header", name, values) // want `r.Header gets into the log by Logger.Debug: its credentials are in it`
	}
}

// CopyHeader logs a copy, as it was.
//
// case: tokenlog/dump-copy
func (s *Web) CopyHeader(r *http.Request) {
	h := r.Header.Clone()
	s.log.Debug("header", "all", h) // want `what Header.Clone returns gets into the log by Logger.Debug`
	h.Del("Authorization")
}

// Cut cuts the scheme off.
//
// case: tokenlog/cut
func (s *Web) Cut(r *http.Request) error {
	return s.verify(r.Context(), strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")) // want `Header.Get\("Authorization"\) gets into the log by Logger.ErrorContext`
}

func (s *Web) verify(ctx context.Context, token string) error {
	s.log.ErrorContext(ctx, "not verified", "token", []byte(token))
	return nil
}
