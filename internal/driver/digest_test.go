package driver

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestHasInPackageTests(t *testing.T) {
	long := "// " + strings.Repeat("x", 5000) + "\n"
	for name, c := range map[string]struct {
		file, src string
		want      bool
	}{
		"in package":         {"a_test.go", "package a\n", true},
		"external":           {"a_test.go", "package a_test\n", false},
		"no newline":         {"a_test.go", "package a", true},
		"comments":           {"a_test.go", "// c\n\n/* d\n e */\n/* f */ package a // x\n", true},
		"comments, external": {"a_test.go", "/* package a */ package a_test", false},
		"long comment":       {"a_test.go", long + "package a\n", true},
		"constraint":         {"a_test.go", "// c\n//go:build x\n\npackage a\n", false},
		"target":             {"a_linux_test.go", "package a\n", false},
		"no target":          {"a_thing_test.go", "package a\n", true},
		"just a target":      {"linux_test.go", "package a\n", true},
		"ignored":            {"_a_test.go", "package a\n", false},
		"no test":            {"a.go", "package a\n", false},
		"empty":              {"a_test.go", "", false},
		"unclosed":           {"a_test.go", "/* package a\n", false},
		"crlf":               {"a_test.go", "// c\r\npackage a\r\n", true},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, c.file), []byte(c.src), 0o666); err != nil {
			t.Fatal(err)
		}
		if got := HasInPackageTests(dir); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
	if HasInPackageTests(filepath.Join(t.TempDir(), "nosuch")) {
		t.Error("a directory that does not exist has tests")
	}
}

func TestTestedDirsChangesWithTestsOnly(t *testing.T) {
	root := t.TempDir()
	write := func(name, src string) {
		name = filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(src), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	digest := func() string {
		d, err := TestedDirs([]string{root})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	write("p/p.go", "package p")
	before := digest()
	write("p/x_test.go", "package p_test")
	write("testdata/y_test.go", "package y")
	write("p/p.go", "package p // edited")
	if digest() != before {
		t.Error("changed by what does not matter")
	}
	write("p/p_test.go", "package p")
	after := digest()
	if after == before {
		t.Error("not changed by a new in-package test")
	}
	write("p/p2_test.go", "package p")
	if digest() != after {
		t.Error("changed by a second one")
	}
}

func TestMainModules(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"main/go.mod":   "module m\ngo 1.26\nrequire (\nl v0.0.0\nk v1.0.0\n)\nreplace l => ../lib\nreplace k => k2 v1.0.0\n",
		"lib/go.mod":    "module l\ngo 1.26\n",
		"other/go.mod":  "module o\ngo 1.26\n",
		"go.work":       "go 1.26\nuse ./main\nuse ./other\n",
		"main/sub/x.go": "package sub\n",
	} {
		name = filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	get := func(work string) string {
		var names []string
		for _, d := range MainModules(filepath.Join(root, "main", "sub"), func(name string) string {
			if name == "GOWORK" {
				return work
			}
			return ""
		}) {
			names = append(names, filepath.Base(d.Dir)+":"+d.Path+":"+d.GoVersion)
		}
		return fmt.Sprint(names)
	}
	if got, want := get(""), "[lib:l:1.26 main:m:1.26 other:o:1.26]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := get("off"), "[lib:l:1.26 main:m:1.26]"; got != want {
		t.Errorf("GOWORK=off: got %s, want %s", got, want)
	}
}

func TestClassify(t *testing.T) {
	for _, c := range []struct {
		path, dir, mod, version string
		want                    Kind
	}{
		{"fmt", "/go/src/fmt", "", "", Std},
		{"vendor/golang.org/x/net/idna", "/go/src/vendor/golang.org/x/net/idna", "", "", Std},
		{"example.com/m/p", "/home/m/p", "example.com/m", "", Own},
		{"example.com/lib", "/home/lib", "example.com/lib", "v0.0.0", Own},
		{"example.com/lib/p", "/cache/example.com/lib@v1.2.3/p", "example.com/lib", "v1.2.3", Module},
		{"example.com/lib", "/cache/example.com/lib@v1.2.3", "example.com/lib", "v1.2.3", Module},
		{"example.com/lib/p", "/home/m/vendor/example.com/lib/p", "example.com/lib", "v1.2.3", Vendored},
		{"command-line-arguments", "/home/m", "", "", Own},
		{"gopathcode/p", "/home/gopath/src/gopathcode/p", "", "", Own},
	} {
		if got := Classify(c.path, c.dir, c.mod, c.version, "/go"); got != c.want {
			t.Errorf("%s in %s: got %v, want %v", c.path, c.dir, got, c.want)
		}
	}
	if Classify("fmt", "/elsewhere/fmt", "", "", "") != Std {
		t.Error("without GOROOT, fmt is not of the standard library")
	}
}
