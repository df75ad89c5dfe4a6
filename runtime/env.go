package runtime

import (
	"fmt"
	"strings"
)

// Env is a deployment environment: dev, staging or prod. It is sealed: values
// come from [ParseEnv] or from a [Scope]. The zero Env is invalid. Env values
// are comparable with ==.
//
// An Env by itself says nothing about the caller; only the one that
// [Scope.Env] returns does.
type Env struct {
	id envID
}

type envID uint8

const (
	envNone envID = iota
	envDev
	envStaging
	envProd
)

// envSpellings is what the error of ParseEnv lists; it follows the cases of
// lookupEnv.
const envSpellings = "dev, development, stg, stage, staging, prod, production"

// lookupEnv returns the environment of that lower-case spelling, or envNone.
func lookupEnv(name string) envID {
	switch name {
	case "dev", "development":
		return envDev
	case "stg", "stage", "staging":
		return envStaging
	case "prod", "production":
		return envProd
	}
	return envNone
}

// ParseEnv returns the environment of that name: dev or development; stg, stage
// or staging; prod or production. Upper and lower case of ASCII letters are the
// same. Nothing is trimmed and nothing is guessed: white space around a name,
// other names ("local", "test", "qa") and the empty string are errors that wrap
// [ErrInvalidEnv] and list what is accepted.
func ParseEnv(name string) (Env, error) {
	// Unicode folding would accept "ſtaging" and names that merely look right.
	var buf [len("development")]byte
	if len(name) <= len(buf) {
		for i := range len(name) {
			c := name[i]
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			buf[i] = c
		}
		if id := lookupEnv(string(buf[:len(name)])); id != envNone {
			return Env{id: id}, nil
		}
	}
	return Env{}, fmt.Errorf("%w: %s is none of %s", ErrInvalidEnv, quoteShort(name), envSpellings)
}

// quoteShort quotes s for a message; a value that nobody chose by hand must not
// fill the log.
func quoteShort(s string) string {
	const limit = 32
	if len(s) > limit {
		return fmt.Sprintf("%q...", strings.ToValidUTF8(s[:limit], ""))
	}
	return fmt.Sprintf("%q", s)
}

// IsValid reports whether e is one of the three environments. It is false for
// the zero Env.
func (e Env) IsValid() bool { return e.id != envNone }

// IsDev reports whether e is the development environment.
func (e Env) IsDev() bool { return e.id == envDev }

// IsStaging reports whether e is the staging environment.
func (e Env) IsStaging() bool { return e.id == envStaging }

// IsProd reports whether e is the production environment. It is false for the
// zero Env.
func (e Env) IsProd() bool { return e.id == envProd }

// String returns "dev", "staging" or "prod", which [ParseEnv] accepts, or
// "invalid" for the zero Env, which it does not.
func (e Env) String() string {
	switch e.id {
	case envDev:
		return "dev"
	case envStaging:
		return "staging"
	case envProd:
		return "prod"
	}
	return "invalid"
}

// MarshalText returns the text of [Env.String], or an error that wraps
// [ErrInvalidEnv] for the zero Env.
func (e Env) MarshalText() ([]byte, error) {
	if !e.IsValid() {
		return nil, fmt.Errorf("%w: the zero Env has no text; make one with ParseEnv", ErrInvalidEnv)
	}
	return []byte(e.String()), nil
}

// UnmarshalText sets e to what [ParseEnv] makes of text. After an error e is
// the zero Env, whatever it was before.
func (e *Env) UnmarshalText(text []byte) error {
	parsed, err := ParseEnv(string(text))
	*e = parsed
	return err
}
