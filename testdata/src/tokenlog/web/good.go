package web

import (
	"context"
	"encoding/json"
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

// OtherHeader logs a header that is none.
//
// case: tokenlog/other-header clean
func (s *Web) OtherHeader(w http.ResponseWriter, r *http.Request) {
	s.log.Info("request", "agent", r.Header.Get("User-Agent"))
}

// There logs whether it is there.
//
// case: tokenlog/there clean
func (s *Web) There(r *http.Request) {
	slog.InfoContext(r.Context(), "request", slog.Bool("key", r.Header.Get("X-Api-Key") != ""))
}

// Length logs how long it is.
//
// case: tokenlog/length clean
func (s *Web) Length(r *http.Request) {
	log.Printf("token of %d characters", len(r.Header.Get("Authorization")))
}

// Digest logs a digest.
//
// case: tokenlog/digest clean
func (s *Web) Digest(r *http.Request) {
	s.log.Warn("token " + say.Fingerprint(say.Bearer(r)))
}

// Masked logs some characters.
//
// case: tokenlog/masked clean
func (s *Web) Masked(r *http.Request) {
	s.log.Debug("token", "value", say.Mask(say.Bearer(r)))
}

// Few logs the first characters.
//
// case: tokenlog/few clean
func (s *Web) Few(r *http.Request) {
	if token := say.Bearer(r); len(token) > 8 {
		say.Logf("token %s", token[:4])
	}
}

// Hidden is of a type that does not print.
//
// case: tokenlog/hidden-type clean
func (s *Web) Hidden(r *http.Request) {
	s.log.Info("token", "value", say.Token(say.Bearer(r)))
}

// user returns whose token it is.
func (s *Web) user(token string) (*say.Account, error) {
	name, err := s.vault.Key("user:" + token)
	if err != nil {
		return nil, err
	}
	return &say.Account{Name: "of " + fmt.Sprint(len(name))}, nil
}

// Whose logs whose it is.
//
// case: tokenlog/whose clean
func (s *Web) Whose(r *http.Request) error {
	a, err := s.user(say.Bearer(r))
	if err != nil {
		return err
	}
	s.log.Info("user", "name", a.Name)
	return nil
}

// CookieName logs the name of a cookie.
//
// case: tokenlog/cookie-name clean
func (s *Web) CookieName(r *http.Request) {
	if c, err := r.Cookie("sid"); err == nil {
		s.log.Info("session", "cookie", c.Name)
	}
}

// BasicUser logs who it is.
//
// case: tokenlog/basic-user clean
func (s *Web) BasicUser(r *http.Request) {
	user, _, ok := r.BasicAuth()
	if !ok {
		return
	}
	fmt.Println("sign in", user)
}

// Variable prints another variable.
//
// case: tokenlog/other-variable clean
func (s *Web) Variable(ctx context.Context) {
	fmt.Fprintf(os.Stderr, "level %s\n", os.Getenv("LOG_LEVEL"))
}

// Page logs which page was asked for.
//
// case: tokenlog/page-token clean
func (s *Web) Page(r *http.Request) {
	s.log.Info("list", "page", r.URL.Query().Get("page_token"))
}

// Other logs what else came with a call.
//
// case: tokenlog/other-metadata clean
func (s *Web) Other(ctx context.Context) {
	md, ok := metadata.FromIncomingContext(ctx)
	if !ok {
		return
	}
	s.log.InfoContext(ctx, "call", "agent", md.Get("user-agent"))
}

// GinPath logs a part of the path.
//
// case: tokenlog/gin-path clean
func (s *Web) GinPath(c *gin.Context) { s.log.Info("call", "id", c.Param("id")) }

// AccountName logs another field.
//
// case: tokenlog/other-field clean
func (s *Web) AccountName(a *say.Account) { s.log.Info("account", "name", a.Name) }

// SignIn hands out a token.
//
// case: tokenlog/answer clean
func (s *Web) SignIn(w http.ResponseWriter, r *http.Request) error {
	return json.NewEncoder(w).Encode(map[string]string{"token": say.Bearer(r)})
}

// Refuse says what is wrong.
//
// case: tokenlog/refusal clean
func (s *Web) Refuse(w http.ResponseWriter, r *http.Request) {
	if say.Bearer(r) == "" {
		http.Error(w, "no token", http.StatusUnauthorized)
	}
}

// Written writes a request to a response.
//
// case: tokenlog/dump-answered clean
func (s *Web) Written(w http.ResponseWriter, r *http.Request) {
	if dump, err := httputil.DumpRequest(r, false); err == nil {
		fmt.Fprintf(w, "%d bytes", len(dump))
	}
}

// Line logs what matters of a request.
//
// case: tokenlog/line clean
func (s *Web) Line(r *http.Request) { s.log.Debug("request", "method", r.Method, "path", r.URL.Path) }

// Tool prints a variable of the process for whoever started it.
//
// case: tokenlog/console clean
func Tool() { fmt.Println("key", os.Getenv("STRIPE_SECRET_KEY")) }

// Shortened logs the first characters of what is long.
//
// case: tokenlog/shortened clean
func (s *Web) Shortened(r *http.Request) {
	shown := say.Bearer(r)
	if len(shown) > 12 {
		shown = shown[:12] + "..."
	}
	s.log.Info("token", "begins", shown)
}

// Kept logs where a secret is kept.
//
// case: tokenlog/where-kept clean
func (s *Web) Kept(ctx context.Context) {
	s.log.InfoContext(ctx, "loading", "from", os.Getenv("SIGNING_PRIVATE_KEY_SECRET"))
}

// OtherIndexed reads another header as the map that it is.
//
// case: tokenlog/indexed-other clean
func (s *Web) OtherIndexed(r *http.Request) {
	if ids, ok := r.Header["X-Request-Id"]; ok {
		s.log.Info("request", "id", ids[0])
	}
}

// OtherValues reads another parameter so.
//
// case: tokenlog/indexed-query-other clean
func (s *Web) OtherValues(w http.ResponseWriter, r *http.Request) {
	http.Error(w, fmt.Sprintf("bad filter %q", r.URL.Query()["filter"]), http.StatusBadRequest)
}

// SomeOfEach leaves out what is not for everybody.
//
// case: tokenlog/dump-each-chosen clean
func (s *Web) SomeOfEach(r *http.Request) {
	for name, values := range r.Header {
		if strings.EqualFold(name, "Authorization") || strings.EqualFold(name, "Cookie") {
			continue
		}
		s.log.Debug("header", name, values)
	}
}

// CleanHeader takes the credentials out of a copy.
//
// case: tokenlog/dump-taken-out clean
func (s *Web) CleanHeader(r *http.Request) {
	h := r.Header.Clone()
	h.Del("Authorization")
	h.Del("Cookie")
	s.log.Debug("header", "all", h)
}

// Scheme cuts the scheme off, and hands on whether there was one.
//
// case: tokenlog/cut-found clean
func (s *Web) Scheme(r *http.Request) {
	_, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.log.Info("request", "bearer", bearer)
}
