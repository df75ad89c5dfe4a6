package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/driver"
)

// Packed is a policy with all that it names, as texts, for drivers in which no file
// can be read but those of the package: Bazel's nogo.
type Packed struct {
	Module string // the path of the module
	Policy string // the text of the policy, "" if there is none
	// Files are, by name relative to the module's root, the files that the policy
	// names and the texts that the module's code embeds: JSON.
	Files string
}

// Flags returns the policy as flags of package nogo; those that are empty are left
// out.
func (k Packed) Flags() map[string]string {
	out := map[string]string{"module": k.Module, "policy": k.Policy, "files": k.Files}
	maps.DeleteFunc(out, func(_, value string) bool { return value == "" })
	return out
}

// Pack packs the policy in force for the module that holds dir.
func Pack(dir string, getenv func(string) string) (Packed, error) {
	p, err := ForDir(dir, getenv)
	if err != nil {
		return Packed{}, err
	}
	if p.Module == "" {
		return Packed{}, fmt.Errorf("no go.mod in %s or above: a policy belongs to a module", dir)
	}
	out := Packed{Module: p.Module}
	if !p.IsSet() {
		return out, nil
	}
	text, err := os.ReadFile(p.Path)
	if err != nil {
		return Packed{}, fmt.Errorf("policy: %w", err)
	}
	out.Policy = string(text)
	files, err := embedded(p.Dir)
	if err != nil {
		return Packed{}, err
	}
	for _, f := range p.named() {
		if files[slashed(p.Dir, f.name)], err = f.read(); err != nil {
			return Packed{}, err
		}
	}
	if p.Baseline != "" {
		text, err := os.ReadFile(p.Baseline)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return Packed{}, fmt.Errorf("reading the baseline: %w", err)
		}
		files[slashed(p.Dir, p.Baseline)] = string(text)
	}
	if len(files) > 0 {
		data, err := json.Marshal(files)
		if err != nil {
			return Packed{}, err
		}
		out.Files = string(data)
	}
	return out, nil
}

// EmbeddedDigest returns a digest of the texts that variables of the modules at roots
// are declared to hold, of embedded files, for hosts that know of Go files alone.
func EmbeddedDigest(roots []string) (string, error) {
	var parts []string
	for _, root := range roots {
		files, err := embedded(root)
		if err != nil {
			return "", fmt.Errorf("looking for embedded files under %s: %w", root, err)
		}
		for _, name := range slices.Sorted(maps.Keys(files)) {
			parts = append(parts, name, files[name])
		}
	}
	return driver.Hash(parts...), nil
}

// embeddings returns the files that variables of a Go file are declared to hold the
// text of, as written there.
func embeddings(text []byte) []string {
	var out []string
	const directive = "//go:embed "
	for {
		_, rest, ok := bytes.Cut(text, []byte(directive))
		if !ok {
			return out
		}
		before := text[:len(text)-len(rest)-len(directive)]
		text = rest
		if i := bytes.LastIndexByte(before, '\n'); len(bytes.TrimLeft(before[i+1:], " \t")) > 0 {
			continue // in a text, or another comment
		}
		pattern, decl, _ := bytes.Cut(rest, []byte("\n"))
		decl, _, _ = bytes.Cut(decl, []byte("\n"))
		words := strings.Fields(string(decl))
		if len(words) > 0 && words[0] == "var" {
			words = words[1:]
		}
		if len(words) < 2 || words[1] != "string" && words[1] != "[]byte" {
			continue
		}
		if name := EmbeddedName(string(pattern)); name != "" {
			out = append(out, name)
		}
	}
}

// EmbeddedName returns the one file that a go:embed directive names, given what stands
// behind that; "" if it is a pattern, or several.
func EmbeddedName(pattern string) string {
	name := strings.Trim(strings.TrimSpace(pattern), "\"`")
	if strings.ContainsAny(name, "*?[ \t\\\"`") {
		return ""
	}
	return name
}

// embedded returns the texts that variables of the module at root are declared to
// hold, of embedded files, by the names of these.
func embedded(root string) (map[string]string, error) {
	out := map[string]string{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			return nil // who needs it says so
		} else if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() {
			skip := base == "vendor" || base == "testdata" || base == "node_modules" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || isRegular(filepath.Join(name, "go.mod"))
			if skip && name != root {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || filepath.Ext(base) != ".go" || strings.HasSuffix(base, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return nil
		}
		for _, rel := range embeddings(text) {
			file := filepath.Join(filepath.Dir(name), filepath.FromSlash(rel))
			if text, err := os.ReadFile(file); err == nil && len(text) <= MaxEmbedded {
				out[slashed(root, file)] = string(text)
			}
		}
		return nil
	})
	return out, err
}

func isRegular(name string) bool {
	st, err := os.Stat(name)
	return err == nil && st.Mode().IsRegular()
}

// MaxEmbedded bounds the embedded files that are read for their text, in bytes.
const MaxEmbedded = 1 << 20

// ReadFile returns the contents of a file of the module: of a packed policy, what was
// packed.
func (p *Policy) ReadFile(name string) ([]byte, error) {
	if text, ok := p.packed[slashed(p.Dir, name)]; ok {
		return []byte(text), nil
	}
	return os.ReadFile(name)
}

// named returns the files that the patterns of the policy match.
func (p *Policy) named() []globFile {
	var out []globFile
	if p.schema != nil {
		out = append(out, p.schema.files...)
	}
	if p.entities != nil {
		out = append(out, p.entities.files...)
	}
	if p.tests != nil {
		out = append(out, p.tests.files...)
	}
	return out
}

// Open returns the policy, as if it stood in root, the root of its module. Nothing
// is read.
func (k Packed) Open(root string) (*Policy, error) {
	if k.Policy == "" {
		p := Default()
		p.Dir, p.Module = root, k.Module
		return p, nil
	}
	p, _, err := parse(filepath.Join(root, FileName), []byte(k.Policy), k.Module)
	if err != nil {
		return nil, err
	}
	p.Dir, p.packed = root, map[string]string{}
	if k.Files != "" {
		if err := json.Unmarshal([]byte(k.Files), &p.packed); err != nil {
			return nil, fmt.Errorf("the files of the policy cannot be read: %w", err)
		}
	}
	if p.Baseline != "" {
		p.Baseline = filepath.Join(root, p.Baseline)
	}
	return p, p.openFiles()
}

// BaselineText returns the lines of the baseline of a packed policy; packed is false
// of others, whose file is to be read.
func (p *Policy) BaselineText() (text string, packed bool) {
	if p.packed == nil {
		return "", false
	}
	return p.packed[slashed(p.Dir, p.Baseline)], true
}

// unpack returns the packed files that a pattern matches, in the order in which
// migrations run.
func (p *Policy) unpack(g fileGlob) []globFile {
	var out []globFile
	for name, text := range p.packed {
		if ok, err := path.Match(g.pattern, name); ok && err == nil {
			out = append(out, globFile{name: filepath.Join(p.Dir, filepath.FromSlash(name)), glob: g, text: &text})
		}
	}
	slices.SortFunc(out, func(a, b globFile) int { return naturalCompare(a.name, b.name) })
	return out
}
