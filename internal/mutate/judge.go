package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// mutantDir is where mutants stand in the copy of the corpus.
const mutantDir = "zmutants"

// judge writes the mutants into a copy of the corpus, runs the tool on them and
// returns, for each mutant and then for each of a test, the first finding that the
// unchanged package does not have, "" if there is none.
func (o *origin) judge(tool, keep string, list, tests []*mutant, stderr io.Writer) ([]string, error) {
	tool, err := exec.LookPath(tool)
	if err != nil {
		return nil, fmt.Errorf("the tool: %w", err)
	}
	if tool, err = filepath.Abs(tool); err != nil {
		return nil, err
	}
	root := keep
	if root == "" {
		tmp, err := os.MkdirTemp("", "mutate")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(tmp)
		root = filepath.Join(tmp, "src")
	}
	if err := o.copyTo(root); err != nil {
		return nil, err
	}

	// Each mutant is a package of its own, and so is each unchanged original:
	// findings then need no attribution.
	originals := map[*packages.Package]string{}
	copies := map[string][]string{}
	add := func(m *mutant, name, changed string, src []byte) error {
		dir := path.Dir(filepath.ToSlash(m.File))
		copies[dir] = append(copies[dir], name)
		return write(root, name, m.pkg, changed, src)
	}
	names := make([]string, len(list))
	for i, m := range list {
		if _, ok := originals[m.pkg]; !ok {
			name := path.Join(mutantDir, fmt.Sprintf("o%04d", len(originals)))
			originals[m.pkg] = name
			if err := add(m, name, "", nil); err != nil {
				return nil, err
			}
		}
		names[i] = path.Join(mutantDir, fmt.Sprintf("m%04d", i))
		if err := add(m, names[i], path.Base(m.File), m.src); err != nil {
			return nil, err
		}
	}
	undo := func() error { return nil }
	if !o.module {
		if undo, err = repeatHooks(root, copies); err != nil {
			return nil, err
		}
	}

	found := map[string][]string{}
	if len(list) > 0 {
		if found, err = analyse(tool, root, "./"+mutantDir+"/...", o.env(), stderr); err != nil {
			return nil, err
		}
	}
	killed := make([]string, len(list))
	for i, m := range list {
		before := found[originals[m.pkg]]
		for _, f := range found[names[i]] {
			// Messages may call a type by the name of its package.
			if !slices.Contains(before, strings.ReplaceAll(f, path.Base(names[i]), path.Base(originals[m.pkg]))) {
				killed[i] = f
				break
			}
		}
	}
	if err := os.RemoveAll(filepath.Join(root, mutantDir)); keep == "" && err != nil {
		return nil, err
	}
	if err := undo(); err != nil {
		return nil, err
	}
	more, err := o.judgeTests(tool, root, tests, stderr)
	return append(killed, more...), err
}

// write writes the files of pkg below root, and those that are embedded, with one of
// them changed.
func write(root, name string, pkg *packages.Package, changed string, src []byte) error {
	dir := filepath.Join(root, filepath.FromSlash(name))
	for _, file := range slices.Concat(pkg.CompiledGoFiles, pkg.EmbedFiles) {
		rel, err := filepath.Rel(filepath.Dir(pkg.CompiledGoFiles[0]), file)
		if err != nil {
			return err
		}
		text := src
		if rel != changed {
			if text, err = os.ReadFile(file); err != nil {
				return err
			}
		}
		to := filepath.Join(dir, rel)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// A diagnostic is what the tool prints for a finding, as go vet -json does.
type diagnostic struct {
	Category string `json:"category"`
	Posn     string `json:"posn"`
	Message  string `json:"message"`
}

// analyse runs the tool on packages below root and returns its findings by directory, each as "file:line: message (analyzer)", sorted.
func analyse(tool, root, pattern string, env []string, stderr io.Writer) (map[string][]string, error) {
	cmd := exec.Command(tool, "-json", pattern)
	cmd.Dir = root
	cmd.Env = env
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 1 { // 1: there are findings
			return nil, fmt.Errorf("%s: %w\n%s", tool, err, tail(errs.String()))
		}
	}
	found := map[string][]string{}
	dec := json.NewDecoder(uncommented(&out))
	for {
		var tree map[string]map[string]json.RawMessage
		if err := dec.Decode(&tree); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("%s: cannot read its -json output: %w", tool, err)
		}
		for id, analyzers := range tree {
			for name, raw := range analyzers {
				var list []diagnostic
				if err := json.Unmarshal(raw, &list); err != nil {
					return nil, fmt.Errorf("%s: %s: %s: %s", tool, id, name, raw)
				}
				for _, d := range list {
					dir, f := locate(root, d, name)
					found[dir] = append(found[dir], f)
				}
			}
		}
	}
	for dir := range found {
		slices.Sort(found[dir])
		found[dir] = slices.Compact(found[dir])
	}
	if _, err := io.WriteString(stderr, tail(errs.String())); err != nil {
		return nil, err
	}
	return found, nil
}

// locate returns the directory of a finding, and the finding without it and
// without the column, which an edit on the same line moves.
func locate(root string, d diagnostic, analyzer string) (dir, finding string) {
	file, rest, _ := strings.Cut(filepath.ToSlash(d.Posn), ".go:")
	line, _, _ := strings.Cut(rest, ":")
	if filepath.IsAbs(file) {
		// The tool may have resolved a link on the way to the copy.
		for _, r := range []string{root, resolved(root)} {
			if rel, err := filepath.Rel(r, file); err == nil && !strings.HasPrefix(rel, "..") {
				file = filepath.ToSlash(rel)
				break
			}
		}
	}
	dir, base := path.Split(file)
	if d.Category != "" {
		analyzer += "/" + d.Category
	}
	return path.Clean(dir), fmt.Sprintf("%s.go:%s: %s (%s)", base, line, d.Message, analyzer)
}

func resolved(dir string) string {
	if p, err := filepath.EvalSymlinks(dir); err == nil {
		return p
	}
	return dir
}

// uncommented drops the lines "# package" that go vet puts between the values.
func uncommented(out *bytes.Buffer) io.Reader {
	var kept bytes.Buffer
	for line := range bytes.Lines(out.Bytes()) {
		if !bytes.HasPrefix(line, []byte("#")) {
			kept.Write(line)
		}
	}
	return &kept
}

// tail returns the last lines of s.
func tail(s string) string {
	lines := strings.SplitAfter(s, "\n")
	if len(lines) > 20 {
		lines = append([]string{"...\n"}, lines[len(lines)-20:]...)
	}
	return strings.Join(lines, "")
}
