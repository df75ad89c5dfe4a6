// Package jwt is a stand-in for github.com/golang-jwt/jwt/v5: what the corpus uses.
package jwt

import "errors"

// Claims are what a token says.
type Claims interface{ GetSubject() (string, error) }

// RegisteredClaims are claims.
type RegisteredClaims struct{ Subject string }

// GetSubject returns the subject.
func (c RegisteredClaims) GetSubject() (string, error) { return c.Subject, nil }

// Keyfunc returns the key to verify a token with.
type Keyfunc func(*Token) (any, error)

// SigningMethod signs.
type SigningMethod interface{ Alg() string }

type method string

func (m method) Alg() string { return string(m) }

// SigningMethodHS256 signs with a shared secret.
var SigningMethodHS256 SigningMethod = method("HS256")

// Token is a token.
type Token struct {
	Raw    string
	Claims Claims
	Valid  bool
}

// NewWithClaims returns a token.
func NewWithClaims(m SigningMethod, c Claims) *Token { return &Token{Claims: c} }

// SignedString returns the token, signed.
func (t *Token) SignedString(key any) (string, error) { return "", errors.New("a stand-in") }

// Parser parses tokens.
type Parser struct{}

// NewParser returns a parser.
func NewParser() *Parser { return &Parser{} }

// ParseUnverified parses a token and does not look at its signature.
func (p *Parser) ParseUnverified(tokenString string, claims Claims) (token *Token, parts []string, err error) {
	return nil, nil, errors.New("a stand-in")
}

// ParseWithClaims parses and verifies a token.
func ParseWithClaims(tokenString string, claims Claims, keyFunc Keyfunc) (*Token, error) {
	return nil, errors.New("a stand-in")
}
