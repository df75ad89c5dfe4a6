package driver

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Getenv looks a variable up in an environment of the form "NAME=value". The
// last one of a name counts.
func Getenv(env []string, name string) string {
	for i := len(env) - 1; i >= 0; i-- {
		if v, ok := strings.CutPrefix(env[i], name+"="); ok {
			return v
		}
	}
	return ""
}

// Hash returns a digest of parts that differs for different parts, wherever
// their borders are.
func Hash(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s\n", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// PlainPath returns the package path of an ID of the go command, which for
// test variants has a suffix: "p [p.test]".
func PlainPath(id string) string {
	path, _, _ := strings.Cut(id, " ")
	return path
}

// IsTest reports whether a file is one of tests. No driver reads these: what
// is proven is the code that runs in production, of which tests are no part
// and about which they can prove nothing, while they are often more than half
// of a project.
func IsTest(name string) bool { return strings.HasSuffix(name, "_test.go") }
