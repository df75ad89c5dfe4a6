package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/internal/command"
	"github.com/tenantvet/tenantvet/internal/rule"
)

// The tables in examples/leaky/README.md say what tenantvet finds there: each leak
// in its file and category, and nothing besides. Every category is among them: a
// new one needs a leak, whose comment says what it does to whom, and a row.
func TestLeaky(t *testing.T) {
	row := regexp.MustCompile("(?m)^\\| (\\d+) \\|.*\\| `([^|]*)` \\|$")
	place := regexp.MustCompile("`(internal/[^`]+\\.go)`")
	var want []string
	for i, m := range row.FindAllStringSubmatch(page(t, "examples/leaky/README.md"), -1) {
		file := place.FindStringSubmatch(m[0])
		if file == nil {
			t.Fatalf("leak %s: no file in %q", m[1], m[0])
		}
		if m[1] != strconv.Itoa(i+1) {
			t.Errorf("leak %s is the one with number %d", m[1], i+1)
		}
		want = append(want, file[1]+" "+m[2])
	}
	for _, c := range rule.Categories() {
		if c == "untestedscope/untested" {
			continue // off unless asked for, and about tests
		}
		if !slices.ContainsFunc(want, func(row string) bool { return strings.HasSuffix(row, " "+c) }) {
			t.Errorf("no leak is of category %s; tenantvet explain %s has one", c, c)
		}
	}
	var stdout, stderr bytes.Buffer
	dir, err := filepath.Abs("../../examples/leaky")
	if err != nil {
		t.Fatal(err)
	}
	cmd := command.Cmd{
		Suite: suite(), Args: []string{"-json", "./..."}, Dir: dir, Stdout: &stdout, Stderr: &stderr,
		Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=", "TENANTVET_CACHE=off", "TENANTVET_POLICY="),
	}
	if code := cmd.Run(t.Context()); code != command.ExitFindings {
		t.Fatalf("exit code %d\n%s", code, &stderr)
	}
	var tree map[string]map[string][]struct{ Category, Posn string }
	if err := json.Unmarshal(stdout.Bytes(), &tree); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, byAnalyzer := range tree {
		for analyzer, list := range byAnalyzer {
			for _, d := range list {
				name, err := filepath.Rel(dir, d.Posn[:strings.Index(d.Posn, ".go:")+3])
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, filepath.ToSlash(name)+" "+analyzer+"/"+d.Category)
			}
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("tenantvet finds\n\t%s\nthe table says\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}
