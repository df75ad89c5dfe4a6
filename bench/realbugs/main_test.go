package main

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The table can be read, and every policy beside it is of a case or a repository
// in it.
func TestCases(t *testing.T) {
	bugs, err := cases(table)
	if err != nil || len(bugs) != 62 {
		t.Fatal(len(bugs), err)
	}
	known := map[string]bool{}
	for _, c := range bugs {
		if known[c.id] {
			t.Errorf("%s is there twice", c.id)
		}
		known[c.id], known[strings.ReplaceAll(c.repo, "/", "+")] = true, true
	}
	files, err := filepath.Glob("../../docs/field/cases/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if name := strings.TrimSuffix(filepath.Base(f), ".toml"); !known[name] {
			t.Errorf("%s is of no case", f)
		}
	}
	for _, bad := range []string{"id\tclass\n", "a\tb\tc\td\te\tf\tg\n1\t2\t3\t4\t5\t6\tfile:x\n"} {
		if _, err := cases(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// TestLayOut: a clone may lack large files, but none that the go command reads.
func TestLayOut(t *testing.T) {
	repo := t.TempDir()
	git := func(args ...string) string {
		cmd := exec.Command("git", append([]string{"-C", repo, "-c", "user.name=n", "-c", "user.email=n@example.com"}, args...)...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %s: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	files := map[string]string{"a.go": "package a\n", "b/large.zip": "large", "b/empty.txt": "", "b/two\nlines.txt": "1\n2"}
	if err := os.Mkdir(filepath.Join(repo, "b"), 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(repo, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	git("init", "-q")
	git("add", ".")
	git("commit", "-q", "-m", "all")
	read := func() (map[string]string, error) {
		dir := t.TempDir()
		err := layOut(filepath.Join(repo, ".git"), "HEAD", dir)
		got := map[string]string{}
		for name := range files {
			if data, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
				got[name] = string(data)
			}
		}
		return got, err
	}
	if got, err := read(); err != nil || !maps.Equal(got, files) {
		t.Fatalf("%q, %v; want %q", got, err, files)
	}
	lose := func(name string) {
		id := git("rev-parse", "HEAD:"+name)
		if err := os.Remove(filepath.Join(repo, ".git", "objects", id[:2], id[2:])); err != nil {
			t.Fatal(err)
		}
	}
	lose("b/large.zip")
	got, err := read()
	if _, there := got["b/large.zip"]; err != nil || there || len(got) != 3 {
		t.Fatalf("without a large file: %q, %v", got, err)
	}
	lose("a.go")
	if _, err := read(); err == nil || !strings.Contains(err.Error(), "a.go is not in the clone") {
		t.Fatalf("without a Go file: %v", err)
	}
}

func TestStandFor(t *testing.T) {
	dir := t.TempDir()
	src := "package p\n\nconst getUser = `\nSELECT 1`\n\nfunc (q *Queries[T]) GetUser() {\n}\n\nfunc other() {\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "q.go"), []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
	got := standFor(dir, place{"q.go", 4, ""})
	if len(got) != 2 || got[0].name != "getUser" || got[1].name != "Queries.GetUser" {
		t.Fatal(got)
	}
	f := finding{place: place{file: "/tmp/x/q.go", line: 6}}
	if !f.in(got[1]) || f.in(got[0]) {
		t.Error("the finding stands in the method")
	}
	if got := again(dir, got[1:]); len(got) != 1 || got[0].from != 6 || got[0].to != 7 {
		t.Error(got)
	}
	if got := standFor(dir, place{"q.go", 1, ""}); len(got) != 1 || got[0].to != 3 {
		t.Error(got)
	}
}

func TestFindings(t *testing.T) {
	const tree = `{"p": {"missingtenant": [{"category": "unguarded", "posn": "/w/a.go:3:1", "message": "m", "related": [{"posn": "/w/h.go:7:2", "message": "s"}]}]}}`
	list, err := findings(strings.NewReader(jsonOnly("# p\n" + tree)))
	if err != nil || len(list) != 1 || list[0].line != 3 || list[0].category != "unguarded" {
		t.Fatal(list, err)
	}
	if d := (declaration{"h.go", "H", 6, 8}); !list[0].in(d) {
		t.Error("a step of a route's finding counts")
	}
	if _, err := findings(strings.NewReader(`{"p": {"a": {"error": "no types"}}}`)); err == nil {
		t.Error("an analyzer that failed is an error")
	}
}
