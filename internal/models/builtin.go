package models

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/tenantvet/tenantvet/internal/strictoml"
)

//go:embed data/*.toml
var data embed.FS

// Builtin returns the built-in sets whose library is imported, in the order of
// their file names. Files of libraries that are not imported are not decoded.
// An error means that an embedded file is broken. A process that asks for many
// packages should keep a [Library].
func Builtin(imported func(path string) bool) ([]*Set, error) {
	return new(Library).Sets(imported)
}

// A Library hands out the built-in sets and decodes each of them once. Its
// zero value is ready, and it is safe for concurrent use.
type Library struct {
	mu       sync.Mutex
	packages map[string][]string // that make an embedded file relevant, by its name
	sets     map[string]*Set     // decoded so far
}

// Sets is [Builtin], with sets decoded earlier used again.
func (l *Library) Sets(imported func(path string) bool) ([]*Set, error) {
	entries, err := data.ReadDir("data")
	if err != nil {
		return nil, fmt.Errorf("embedded models: %w", err)
	}
	var sets []*Set
	for _, e := range entries {
		s, err := l.set(e.Name(), imported)
		if err != nil {
			return nil, err
		}
		if s != nil {
			sets = append(sets, s)
		}
	}
	return sets, nil
}

// set returns one embedded set, nil if it is not wanted.
func (l *Library) set(name string, imported func(path string) bool) (*Set, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var text []byte
	pkgs, seen := l.packages[name]
	if !seen {
		var err error
		if text, err = data.ReadFile(path.Join("data", name)); err != nil {
			return nil, fmt.Errorf("embedded model %s: %w", name, err)
		}
		pkgs = headerPackages(string(text))
		if l.packages == nil {
			l.packages = map[string][]string{}
		}
		l.packages[name] = pkgs
	}
	if len(pkgs) > 0 && !slices.ContainsFunc(pkgs, imported) {
		return nil, nil
	}
	if s := l.sets[name]; s != nil {
		return s, nil
	}
	if text == nil {
		var err error
		if text, err = data.ReadFile(path.Join("data", name)); err != nil {
			return nil, fmt.Errorf("embedded model %s: %w", name, err)
		}
	}
	// Decode's checks are made by a test; here they would cost every run.
	doc, err := strictoml.ParseTrusted("models/"+name, text)
	if err != nil {
		return nil, fmt.Errorf("embedded model: %w", err)
	}
	s := FromDoc(doc, DecodeOptions{Library: true})
	if err := doc.Err(); err != nil {
		return nil, fmt.Errorf("embedded model: %w", err)
	}
	s.builtin = true
	if l.sets == nil {
		l.sets = map[string]*Set{}
	}
	l.sets[name] = s
	return s, nil
}

// headerPackages reads the packages that make a model file relevant from its
// first lines, without decoding it: Builtin runs for every package analysed
// and most files are not wanted. A test holds it to what Decode finds.
func headerPackages(text string) []string {
	if i := strings.Index(text, "\n[["); i >= 0 {
		text = text[:i]
	}
	var one, many []string
	for len(text) > 0 {
		line, rest, _ := strings.Cut(text, "\n")
		key, value, ok := strings.Cut(line, "=")
		if ok {
			switch strings.TrimSpace(key) {
			case "package", "importing":
				one = quoted(value)
			case "packages":
				// The list may run over several lines.
				if !strings.Contains(value, "]") {
					more, after, _ := strings.Cut(rest, "]")
					value, rest = value+more, after
				}
				many = quoted(value)
			}
		}
		text = rest
	}
	if many != nil {
		return many
	}
	return one
}

func quoted(s string) []string {
	var out []string
	for i, part := range strings.Split(s, `"`) {
		if i%2 == 1 {
			out = append(out, part)
		}
	}
	return out
}
