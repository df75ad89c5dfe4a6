package corpus

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/guest"
)

// Found is a finding as a driver told it. File names are relative to the
// corpus, with slashes.
type Found struct {
	File      string
	Line, Col int
	Message   string
	Analyzer  string
	Category  string
	Steps     []string // "file:line:col: message"
}

// String returns all of it on one line.
func (f Found) String() string {
	return fmt.Sprintf("%s:%d:%d: %s (%s/%s) %s", f.File, f.Line, f.Col, f.Message, f.Analyzer, f.Category, strings.Join(f.Steps, " | "))
}

var positionRE = regexp.MustCompile(`^(.*?):(\d+):(\d+)$`)

// ReadJSON reads findings as "go vet -json" prints them, of a run in root, and
// returns them sorted. Lines that begin with # are skipped.
func ReadJSON(root string, data []byte) ([]Found, error) {
	var clean bytes.Buffer
	for line := range bytes.Lines(data) {
		if !bytes.HasPrefix(line, []byte("#")) {
			clean.Write(line)
		}
	}
	rel := func(posn string) string {
		return filepath.ToSlash(strings.TrimPrefix(posn, root+string(filepath.Separator)))
	}
	var out []Found
	for dec := json.NewDecoder(&clean); ; {
		var tree map[string]map[string][]struct {
			Category, Posn, Message string
			Related                 []struct{ Posn, Message string }
		}
		if err := dec.Decode(&tree); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		for _, byAnalyzer := range tree {
			for name, list := range byAnalyzer {
				for _, d := range list {
					f := Found{Message: d.Message, Analyzer: name, Category: d.Category}
					m := positionRE.FindStringSubmatch(rel(d.Posn))
					if m == nil {
						return nil, fmt.Errorf("%q is no place in a file", d.Posn)
					}
					f.File = m[1]
					if _, err := fmt.Sscan(m[2]+" "+m[3], &f.Line, &f.Col); err != nil {
						return nil, err
					}
					for _, r := range d.Related {
						f.Steps = append(f.Steps, rel(r.Posn)+": "+r.Message)
					}
					out = append(out, f)
				}
			}
		}
	}
	Sort(out)
	return out, nil
}

// Sort sorts findings by all that they say.
func Sort(list []Found) {
	slices.SortFunc(list, func(a, b Found) int { return strings.Compare(a.String(), b.String()) })
}

// Difference returns what only one of two lists has, a line each; "" if they
// are equal but for the order.
func Difference(a, b []string) string {
	var out strings.Builder
	left := slices.Clone(b)
	for _, x := range a {
		if i := slices.Index(left, x); i >= 0 {
			left = slices.Delete(left, i, i+1)
			continue
		}
		fmt.Fprintf(&out, "only the first: %s\n", x)
	}
	for _, x := range left {
		fmt.Fprintf(&out, "only the second: %s\n", x)
	}
	return out.String()
}

// Lines returns what findings look like where the suite is the guest of another
// driver, sorted: the place, and all else as one message.
func Lines(list []Found) []string {
	var out []string
	for _, f := range list {
		out = append(out, fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Col, guest.Message(f.Analyzer, f.Category, f.Message, f.Steps)))
	}
	slices.Sort(out)
	return out
}

// canary is the name of a file with a finding of its own.
const canary = "zz_canary.go"

// CopyWithCanaries copies the corpus in src to dst, and puts a file with one
// finding into every directory that holds a package, of which it returns the
// number: a driver that leaves a directory out cannot find what [Check] wants.
func CopyWithCanaries(dst, src string) (int, error) {
	if err := os.CopyFS(dst, os.DirFS(src)); err != nil {
		return 0, err
	}
	packages := map[string]string{}
	err := walk(dst, func(name string) error {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.PackageClauseOnly)
		if err == nil && !strings.HasSuffix(name, "_test.go") {
			packages[filepath.Dir(name)] = f.Name.Name
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	for dir, pkg := range packages {
		text := fmt.Sprintf("package %s\n\nvar _ = 0 /* want `tenantvet:canary` */ //tenantvet:canary\n", pkg)
		if err := os.WriteFile(filepath.Join(dir, canary), []byte(text), 0o666); err != nil {
			return 0, err
		}
	}
	return len(packages), nil
}

// walk calls visit for every Go file of the corpus in dir.
func walk(dir string, visit func(name string) error) error {
	return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "vendor" {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(name) != ".go" {
			return nil
		}
		return visit(name)
	})
}

var (
	wantRE    = regexp.MustCompile("(?://|/\\*) want ((?:`[^`]*`|\"(?:[^\"\\\\]|\\\\.)*\")(?:\\s+(?:`[^`]*`|\"(?:[^\"\\\\]|\\\\.)*\"))*)")
	patternRE = regexp.MustCompile("`([^`]*)`|\"((?:[^\"\\\\]|\\\\.)*)\"")
)

// Check compares findings with the want comments of the corpus in dir, and
// returns what does not match, a line each.
func Check(dir string, found []Found) (problems []string, err error) {
	wants := map[string][]string{}
	err = walk(dir, func(path string) error {
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(src), "\n") {
			if m := wantRE.FindStringSubmatch(line); m != nil {
				for _, p := range patternRE.FindAllStringSubmatch(m[1], -1) {
					key := fmt.Sprintf("%s:%d", filepath.ToSlash(name), i+1)
					wants[key] = append(wants[key], p[1]+p[2])
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		key := fmt.Sprintf("%s:%d", f.File, f.Line)
		text := fmt.Sprintf("%s (%s/%s)", f.Message, f.Analyzer, f.Category)
		i := slices.IndexFunc(wants[key], func(p string) bool { return regexp.MustCompile(p).MatchString(text) })
		if i < 0 {
			problems = append(problems, "not expected: "+f.String())
			continue
		}
		wants[key] = slices.Delete(wants[key], i, i+1)
	}
	for key, list := range wants {
		for _, p := range list {
			problems = append(problems, fmt.Sprintf("%s: no finding matches %q", key, p))
		}
	}
	slices.Sort(problems)
	return problems, nil
}
