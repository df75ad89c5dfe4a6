package corpus

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const dir = "../../testdata/src"

// TestSize holds the corpus to its bar: at least 120 cases, half of them clean.
func TestSize(t *testing.T) {
	cases, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	count := map[Verdict]int{}
	for _, c := range cases {
		count[c.Verdict]++
	}
	t.Logf("%d cases: %d with findings, %d clean, %d limits", len(cases), count[Finding], count[Clean], count[Limit])
	if len(cases) < 120 {
		t.Errorf("%d cases; want at least 120", len(cases))
	}
	if 2*count[Clean] < len(cases) {
		t.Errorf("%d of %d cases are clean; want at least half", count[Clean], len(cases))
	}
}

// TestMarks checks that marks and // want comments agree: a file of clean cases
// or limits only expects nothing, and a file with a finding expects some.
func TestMarks(t *testing.T) {
	cases, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	findings := map[string]int{}
	marked := map[string]bool{}
	for _, c := range cases {
		marked[c.File] = true
		if c.Verdict == Finding {
			findings[c.File]++
		}
		if strings.HasPrefix(c.File, "limits/") != (c.Verdict == Limit) {
			t.Errorf("%s:%d: %s: limits stand below limits/, and only limits do", c.File, c.Line, c.Name)
		}
	}
	for _, file := range slices.Sorted(mapKeys(marked)) {
		src, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		wants := bytes.Count(src, []byte("// want ")) + bytes.Count(src, []byte("/* want "))
		if wants < findings[file] {
			t.Errorf("%s: %d cases with findings, but %d want comments", file, findings[file], wants)
		}
		if wants > 0 && findings[file] == 0 {
			t.Errorf("%s: %d want comments, but no case with a finding", file, wants)
		}
	}
}

func mapKeys(m map[string]bool) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// TestRead checks what Read says of marks that it cannot read.
func TestRead(t *testing.T) {
	for name, tc := range map[string]struct{ src, want string }{
		"empty":      {"package p\n\n// case:\nfunc f() {}\n", `p.go:3: cannot read "// case:"`},
		"verdict":    {"package p\n\n// case: a/b clear\nfunc f() {}\n", `p.go:3: cannot read`},
		"needs what": {"package p\n\n// case: a/b clean needs\nfunc f() {}\n", `p.go:3: cannot read`},
		"twice":      {"package p\n\n// case: a/b\nfunc f() {}\n\n// case: a/b clean\nfunc g() {}\n", `case "a/b" is at p.go:`},
		"syntax":     {"package p\n\nfunc f( {}\n", `p.go:3:9`},
	} {
		t.Run(name, func(t *testing.T) {
			tmp := t.TempDir()
			if err := os.WriteFile(filepath.Join(tmp, "p.go"), []byte(tc.src), 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := Read(tmp)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got error %v; want one with %q", err, tc.want)
			}
		})
	}
}

// TestBuilds builds and vets the corpus with the stock tools and without a
// network: it must be code that only tenantvet objects to.
func TestBuilds(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command on the whole corpus")
	}
	cmd := exec.Command("go", "vet", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=vendor", "GOPROXY=off", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("go vet: %v\n%s", err, out)
	}
}

// TestRuntimeStub compares the runtime that the corpus is vendored with to the
// real one: what the stub declares must be declared there in the same words.
func TestRuntimeStub(t *testing.T) {
	real := signatures(t, "../../runtime")
	stub := signatures(t, dir+"/vendor/github.com/tenantvet/tenantvet/runtime")
	if len(stub) == 0 {
		t.Fatal("the stub declares nothing")
	}
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for k := range stub {
			if !yield(k) {
				return
			}
		}
	}) {
		switch got, ok := real[name]; {
		case !ok:
			t.Errorf("%s: the stub declares %q, the runtime does not; change testdata/src/vendor", name, stub[name])
		case got != stub[name]:
			t.Errorf("%s: the stub declares %q, the runtime %q; change testdata/src/vendor", name, stub[name], got)
		}
	}
}

// signatures returns the exported functions, methods and types of the package
// in dir, by name.
func signatures(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	fset := token.NewFileSet()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if path != dir {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if !decl.Name.IsExported() {
					continue
				}
				name := decl.Name.Name
				decl.Body, decl.Doc = nil, nil
				if decl.Recv != nil {
					var recv bytes.Buffer
					_ = printer.Fprint(&recv, fset, decl.Recv.List[0].Type)
					name = fmt.Sprintf("(%s).%s", recv.String(), name)
				}
				var text bytes.Buffer
				if err := printer.Fprint(&text, fset, decl); err != nil {
					return err
				}
				out[name] = text.String()
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					spec, ok := spec.(*ast.TypeSpec)
					if !ok || !spec.Name.IsExported() {
						continue
					}
					// The fields are nobody's business, the kind of type is.
					text := fmt.Sprintf("type %s %T", spec.Name.Name, spec.Type)
					if spec.TypeParams != nil {
						text += fmt.Sprintf(" of %d parameters", spec.TypeParams.NumFields())
					}
					out[spec.Name.Name] = text
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%v; the corpus is vendored with a copy of the runtime's API and is compared with it", err)
	}
	return out
}
