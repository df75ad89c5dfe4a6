// Realbugs runs tenantvet on real leaks of open-source services: on the commit
// before each fix, where it should find them, and on the fix, where it should be
// silent.
//
//	go run ./bench/realbugs -repos DIR [-clone] [-ids FP01,ST01] [-class cache-key] [-driver vet] [-v]
//
// The cases are in cases.tsv: a repository, its fix, the commit before, and the
// places of the defect, as file:line:function. DIR/OWNER+NAME is a clone of each
// repository; -clone makes those that are missing. Policies are those of
// docs/field/cases: CASE.toml, else OWNER+NAME.toml.
//
// A place counts as found if a finding stands in its declaration, or, of
// missingtenant, whose findings stand at routes, if one of its steps does. For the
// text of a generated query, the generated method is its declaration as well. On
// the fix no finding may stand in these declarations. Findings elsewhere are
// counted, and judged by nobody here.
package main

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

//go:embed cases.tsv
var table string

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "realbugs:", err)
		os.Exit(1)
	}
}

// A bug is a case.
type bug struct {
	id, class, repo, fix, parent, module string
	places                               []place
}

// A place is a line of a file, in a function.
type place struct {
	file string
	line int
	fn   string
}

// bench is what a run is told.
type bench struct {
	repos, work, policies, tool, driver string
	clone, verbose                      bool
}

func run() error {
	var b bench
	flag.StringVar(&b.repos, "repos", "", "`directory` of the clones (required)")
	flag.BoolVar(&b.clone, "clone", false, "clone the repositories that are not there")
	flag.StringVar(&b.policies, "policies", "docs/field/cases", "`directory` of the policies")
	flag.StringVar(&b.tool, "tool", "", "tenantvet `binary`; by default it is built")
	flag.StringVar(&b.driver, "driver", "command", "command or vet")
	flag.BoolVar(&b.verbose, "v", false, "print the findings at the places")
	ids := flag.String("ids", "", "cases, with commas between; all by default")
	class := flag.String("class", "", "cases of one class only")
	flag.Parse()
	if b.repos == "" || b.driver != "command" && b.driver != "vet" {
		flag.Usage()
		return errors.New("-repos is needed, and -driver is command or vet")
	}
	work, err := os.MkdirTemp("", "realbugs-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	b.work = work
	if b.tool == "" {
		b.tool = filepath.Join(work, "tenantvet")
		if out, err := exec.Command("go", "build", "-o", b.tool, "./cmd/tenantvet").CombinedOutput(); err != nil {
			return fmt.Errorf("go build: %w\n%s", err, out)
		}
	}
	bugs, err := cases(table)
	if err != nil {
		return err
	}
	for _, path := range []*string{&b.repos, &b.policies, &b.tool} {
		if *path, err = filepath.Abs(*path); err != nil {
			return err
		}
	}
	return b.all(slices.DeleteFunc(bugs, func(c bug) bool {
		return *class != "" && c.class != *class || *ids != "" && !slices.Contains(strings.Split(*ids, ","), c.id)
	}))
}

// cases reads the table.
func cases(text string) ([]bug, error) {
	var out []bug
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		cols := strings.Split(line, "\t")
		if len(cols) != 7 {
			return nil, fmt.Errorf("cases.tsv:%d: %d columns instead of 7", i+1, len(cols))
		}
		if i == 0 {
			continue
		}
		c := bug{id: cols[0], class: cols[1], repo: cols[2], fix: cols[3], parent: cols[4], module: cols[5]}
		for _, text := range strings.Split(cols[6], ";") {
			parts := append(strings.Split(text, ":"), "", "")
			n, err := strconv.Atoi(parts[1])
			if err != nil {
				return nil, fmt.Errorf("cases.tsv:%d: %q is not file:line:function", i+1, text)
			}
			c.places = append(c.places, place{parts[0], n, parts[2]})
		}
		out = append(out, c)
	}
	return out, nil
}

// A tally is the counts of a class.
type tally struct {
	class                                     string
	cases, found, places, hits, fixed, silent int
}

func (t *tally) add(u tally) {
	t.cases += u.cases
	t.found += u.found
	t.places += u.places
	t.hits += u.hits
	t.fixed += u.fixed
	t.silent += u.silent
}

// all runs the cases and prints a table of them, then one of the classes.
func (b *bench) all(bugs []bug) error {
	const row = "%-5s %-24s %-13s %-13s %s\n"
	fmt.Printf(row, "case", "class", "places found", "fix", "elsewhere, before and after")
	var classes []*tally
	failed := 0
	for _, c := range bugs {
		one, res, err := b.one(&c)
		if err != nil {
			failed++
			res.elsewhere, _, _ = strings.Cut("not run: "+err.Error(), "\n")
		}
		fmt.Printf(row, c.id, c.class, res.places, res.fix, res.elsewhere)
		i := slices.IndexFunc(classes, func(t *tally) bool { return t.class == c.class })
		if i < 0 {
			i = len(classes)
			classes = append(classes, &tally{class: c.class})
		}
		classes[i].add(one)
	}
	slices.SortFunc(classes, func(s, t *tally) int { return strings.Compare(s.class, t.class) })
	sum := &tally{class: "all"}
	fmt.Println()
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "class\tcases found\tplaces found\tfixes silent")
	for _, t := range append(classes, sum) {
		if t != sum {
			sum.add(*t)
		}
		fmt.Fprintf(w, "%s\t%d of %d\t%d of %d\t%d of %d\n", t.class, t.found, t.cases, t.hits, t.places, t.silent, t.fixed)
	}
	w.Flush()
	if failed > 0 {
		return fmt.Errorf("%d cases could not be run", failed)
	}
	return nil
}

// A result is what the table says of a case.
type result struct{ places, fix, elsewhere string }

// one runs a case, before its fix and on it.
func (b *bench) one(c *bug) (tally, result, error) {
	t := tally{cases: 1, places: len(c.places)}
	before, dir, err := b.at(c, c.parent)
	if err != nil {
		return tally{}, result{"-", "-", ""}, err
	}
	var names []declaration
	for _, p := range c.places {
		decls := standFor(dir, p)
		names = append(names, decls...)
		if b.count(c.id+" before", before, decls) > 0 {
			t.hits++
		}
	}
	if t.hits > 0 {
		t.found = 1
	}
	res := result{fmt.Sprintf("%d of %d", t.hits, t.places), "in no commit", strconv.Itoa(len(before) - b.count("", before, names))}
	if c.fix == "" {
		return t, res, nil
	}
	after, dir, err := b.at(c, c.fix)
	if err != nil {
		res.fix = "-"
		return t, res, err
	}
	loud := b.count(c.id+" after", after, again(dir, names))
	t.fixed, res.fix = 1, fmt.Sprintf("%d findings", loud)
	if loud == 0 {
		t.silent, res.fix = 1, "silent"
	}
	res.elsewhere += fmt.Sprintf(", %d", len(after)-loud)
	return t, res, nil
}

// count returns how many findings stand in one of the declarations; with a label
// they are printed, if that was asked for.
func (b *bench) count(label string, list []finding, decls []declaration) int {
	n := 0
	for _, f := range list {
		if !slices.ContainsFunc(decls, f.in) {
			continue
		}
		n++
		if b.verbose && label != "" {
			fmt.Fprintf(os.Stderr, "%s: %s:%d: %s (%s)\n", label, f.file, f.line, f.message, f.category)
		}
	}
	return n
}

// at lays a commit of a case out and returns what tenantvet finds in the packages
// of its places, and where that is.
func (b *bench) at(c *bug, commit string) ([]finding, string, error) {
	dir, err := b.checkout(c.repo, commit)
	if err != nil {
		return nil, "", err
	}
	module := filepath.Join(dir, c.module)
	for _, name := range []string{c.id, strings.ReplaceAll(c.repo, "/", "+")} {
		data, err := os.ReadFile(filepath.Join(b.policies, name+".toml"))
		if err == nil {
			if err := os.WriteFile(filepath.Join(module, ".tenantvet.toml"), data, 0o666); err != nil {
				return nil, "", err
			}
			break
		}
	}
	var pkgs []string
	for _, p := range c.places {
		rel, err := filepath.Rel(module, filepath.Join(dir, filepath.Dir(p.file)))
		if pkg := "./" + filepath.ToSlash(rel); err == nil && !strings.HasPrefix(rel, "..") && !slices.Contains(pkgs, pkg) {
			pkgs = append(pkgs, pkg)
		}
	}
	if c.class == "handler-missing-guard" {
		pkgs = []string{"./..."} // routes are registered anywhere
	}
	args := []string{b.tool, "-json"}
	if b.driver == "vet" {
		args = []string{"go", "vet", "-vettool=" + b.tool, "-json"}
	}
	cmd := exec.Command(args[0], append(args[1:], pkgs...)...)
	cmd.Dir = module
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "TENANTVET_POLICY=", "TENANTVET_CACHE=off")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	runErr := cmd.Run()
	if b.driver == "vet" {
		stdout.WriteString(jsonOnly(stderr.String()))
	} else if at := c.unread(module, dir, stderr.String()); at != "" {
		return nil, "", errors.New(at)
	}
	list, err := findings(&stdout)
	if err == nil && len(list) == 0 && runErr != nil {
		err = fmt.Errorf("%w: %s", runErr, strings.TrimSpace(stderr.String()))
	}
	return list, dir, err
}

// unread returns the first line of what the command said of a package with a place of
// the case that it could not read, "" if there is none: of others some may be missing
// modules that are not to be had any more.
func (c *bug) unread(module, dir, said string) string {
	for line := range strings.Lines(said) {
		name, _, _ := strings.Cut(line, ":")
		for _, p := range c.places {
			if rel, err := filepath.Rel(module, filepath.Join(dir, filepath.FromSlash(p.file))); err == nil && path.Dir(filepath.ToSlash(rel)) == path.Dir(name) {
				return strings.TrimSpace(line)
			}
		}
	}
	return ""
}

// jsonOnly leaves out the lines with which go vet begins each package.
func jsonOnly(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "go: ") {
			out.WriteString(line)
		}
	}
	return out.String()
}

// checkout writes the files of a commit and returns where.
func (b *bench) checkout(repo, commit string) (string, error) {
	git := filepath.Join(b.repos, strings.ReplaceAll(repo, "/", "+"))
	for _, sub := range []string{"repo", ".git"} {
		if _, err := os.Stat(filepath.Join(git, sub)); err == nil {
			git = filepath.Join(git, sub)
		}
	}
	if _, err := os.Stat(git); err != nil {
		if !b.clone {
			return "", fmt.Errorf("%w: clone %s there, or use -clone", err, repo)
		}
		if out, err := exec.Command("git", "clone", "--bare", "https://github.com/"+repo, git).CombinedOutput(); err != nil {
			return "", fmt.Errorf("git clone %s: %w: %s", repo, err, out)
		}
	}
	dir := filepath.Join(b.work, strings.ReplaceAll(repo, "/", "+")+"-"+commit[:12])
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	return dir, layOut(git, commit, dir)
}

// layOut writes the files of a commit below dir; links are left out. So are large
// files that a clone was made without, if the go command has no use for them.
func layOut(git, commit, dir string) error {
	list, err := exec.Command("git", "--git-dir="+git, "ls-tree", "-r", "-z", commit).Output()
	if err != nil {
		return fmt.Errorf("git ls-tree %s: %w", commit, err)
	}
	var ids strings.Builder
	var names []string
	for entry := range strings.SplitSeq(strings.TrimSuffix(string(list), "\x00"), "\x00") {
		about, name, _ := strings.Cut(entry, "\t")
		// A mode, blob, and the id of what is in it.
		fields := strings.Fields(about)
		if len(fields) != 3 || fields[1] != "blob" || fields[0] == "120000" || !filepath.IsLocal(name) {
			continue
		}
		fmt.Fprintln(&ids, fields[2])
		names = append(names, name)
	}
	cmd := exec.Command("git", "--git-dir="+git, "cat-file", "--batch")
	cmd.Stdin = strings.NewReader(ids.String())
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	writeErr := write(bufio.NewReader(out), names, dir)
	if writeErr != nil {
		io.Copy(io.Discard, out) // else git waits for a reader
	}
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("git cat-file %s: %w: %s", commit, err, stderr.String())
	}
	return writeErr
}

// write writes the contents that git cat-file --batch prints to the files names below
// dir, one after the other.
func write(r *bufio.Reader, names []string, dir string) error {
	for _, name := range names {
		head, err := r.ReadString('\n')
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fields := strings.Fields(head)
		if len(fields) == 2 && fields[1] == "missing" {
			switch filepath.Ext(name) {
			case ".go", ".mod", ".sum", ".sql":
				return fmt.Errorf("%s is not in the clone", name)
			}
			continue
		}
		if len(fields) != 3 {
			return fmt.Errorf("%s: git cat-file says %q", name, head)
		}
		size, err := strconv.ParseInt(fields[2], 10, 64)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		data := make([]byte, size+1) // a line break stands behind each
		if _, err := io.ReadFull(r, data); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(file, data[:size], 0o666); err != nil {
			return err
		}
	}
	return nil
}

// A finding is one of tenantvet's, with the places of its steps.
type finding struct {
	place
	analyzer, category, message string
	steps                       []place
}

// in reports whether f stands in a declaration.
func (f finding) in(d declaration) bool {
	return d.holds(f.place) || f.analyzer == "missingtenant" && slices.ContainsFunc(f.steps, d.holds)
}

// findings reads the trees that -json prints.
func findings(r io.Reader) ([]finding, error) {
	type step struct{ Posn, Message string }
	var out []finding
	dec := json.NewDecoder(r)
	for {
		var tree map[string]map[string]json.RawMessage
		err := dec.Decode(&tree)
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		for _, pkg := range tree {
			for analyzer, raw := range pkg {
				var list []struct {
					step
					Category string
					Related  []step
				}
				if json.Unmarshal(raw, &list) != nil {
					return nil, fmt.Errorf("%s: %s", analyzer, raw)
				}
				for _, d := range list {
					f := finding{placeOf(d.Posn), analyzer, d.Category, d.Message, nil}
					for _, s := range d.Related {
						f.steps = append(f.steps, placeOf(s.Posn))
					}
					out = append(out, f)
				}
			}
		}
	}
}

// placeOf reads file:line:column.
func placeOf(posn string) place {
	parts := strings.Split(posn, ":")
	if len(parts) < 3 {
		return place{file: posn}
	}
	n, _ := strconv.Atoi(parts[len(parts)-2])
	return place{file: strings.Join(parts[:len(parts)-2], ":"), line: n}
}
