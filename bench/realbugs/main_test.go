package main

import (
	"os"
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
