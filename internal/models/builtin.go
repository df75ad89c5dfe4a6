package models

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

//go:embed data/*.toml
var data embed.FS

// Builtin returns the built-in sets whose library is imported, in the order of
// their file names. Files of libraries that are not imported are not decoded.
// An error means that an embedded file is broken.
func Builtin(imported func(path string) bool) ([]*Set, error) {
	var sets []*Set
	entries, err := data.ReadDir("data")
	if err != nil {
		return nil, fmt.Errorf("embedded models: %w", err)
	}
	for _, e := range entries {
		text, err := fs.ReadFile(data, path.Join("data", e.Name()))
		if err != nil {
			return nil, fmt.Errorf("embedded model %s: %w", e.Name(), err)
		}
		pkgs := headerPackages(string(text))
		wanted := len(pkgs) == 0
		for _, p := range pkgs {
			wanted = wanted || imported(p)
		}
		if !wanted {
			continue
		}
		s, err := Decode("models/"+e.Name(), text, DecodeOptions{})
		if err != nil {
			return nil, fmt.Errorf("embedded model: %w", err)
		}
		s.builtin = true
		sets = append(sets, s)
	}
	return sets, nil
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
			case "package":
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
