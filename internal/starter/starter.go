// Package starter writes the first policy of a module: it looks for what a policy
// would have to say of it, and proposes that.
//
// It goes by names and by syntax, by what migrations declare and by which
// middleware stands before routes. That is enough for a proposal and for nothing
// more. So whatever it proposes is commented out, beside the place that speaks for
// it: a person decides.
package starter

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/routes"
)

// Command carries out "tenantvet policy" in dir: it tells which policy is in
// force.
func Command(dir string, getenv func(string) string) (string, error) {
	p, err := policy.ForDir(dir, getenv)
	if err != nil {
		return "", err
	}
	if err := p.Schema().Check(); err != nil {
		return "", err
	}
	var b strings.Builder
	err = p.Explain(&b)
	return b.String(), err
}

// Init returns a first policy for the module at root. rows are those that
// package proposals has for it, and listing the lines of [routes.NewListing]. It
// does not mind a policy that is there.
func Init(root, rows string, listing []string) (driver.First, error) {
	table, err := routes.Gather(listing)
	if err != nil {
		return driver.First{}, err
	}
	m, err := read(root)
	if err != nil {
		return driver.First{}, err
	}
	text := m.write(rows, table)
	return driver.First{File: filepath.Join(root, policy.FileName), Text: text, Count: count(text)}, nil
}

func isFile(name string) bool {
	st, err := os.Stat(name)
	return err == nil && st.Mode().IsRegular()
}

// count counts the proposals of a text by table. What stands in it as an example
// follows an empty comment and is none.
func count(text string) map[string]int {
	out := map[string]int{}
	before := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "# [") && strings.HasSuffix(line, "]") && before != "#" {
			out[strings.TrimPrefix(line, "# ")]++
		}
		before = line
	}
	return out
}
