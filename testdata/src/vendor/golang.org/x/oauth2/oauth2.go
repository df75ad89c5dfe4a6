// Package oauth2 is a stand-in for golang.org/x/oauth2: what the corpus uses.
package oauth2

import "time"

// Token is a token.
type Token struct {
	AccessToken  string
	TokenType    string
	RefreshToken string
	Expiry       time.Time
}

// Extra returns a field that came with the token.
func (t *Token) Extra(key string) any { return nil }
