// Package sarif checks what "tenantvet -format sarif" prints against the schema
// of SARIF 2.1.0.
package sarif

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	// It holds the schema, as a constant that is not exported.
	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"

	// The tool is built by a command, which go test does not see.
	_ "github.com/tenantvet/tenantvet/internal/corpus"
)

// schemaText returns the text of the schema from the source of go-sarif.
func schemaText(t *testing.T) string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			text, err = strconv.Unquote(lit.Value)
		}
		return true
	})
	if err != nil || !strings.Contains(text, `"title": "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"`) {
		t.Fatalf("go-sarif no longer has the schema where it was: %v", err)
	}
	return text
}

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(schemaText(t)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(s *jsonschema.Schema, data []byte) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return s.Validate(doc)
}

// TestSchema: what is printed of the corpus, with every kind of finding and with
// fixes, of a run with a baseline, with exemptions, with a ledger, of one that finds nothing and of one that
// fails, is SARIF; a document that is spoilt is not.
func TestSchema(t *testing.T) {
	tool := filepath.Join(t.TempDir(), "tenantvet.exe")
	if out, err := exec.Command("go", "build", "-o", tool, "github.com/tenantvet/tenantvet/cmd/tenantvet").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS("../../testdata/src")); err != nil {
		t.Fatal(err)
	}
	run := func(want int, args ...string) []byte {
		t.Helper()
		cmd := exec.Command(tool, args...)
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "TENANTVET_CACHE="+filepath.Join(filepath.Dir(tool), "cache"), "GOWORK=off")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		code := 0
		if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
			code = exit.ExitCode()
		}
		if code != want {
			t.Fatalf("%v: exit code %d, want %d\n%s", args, code, want, stderr.Bytes())
		}
		return out
	}
	s := schema(t)
	corpus := run(1, "-format", "sarif", "./...")
	run(0, "-write-baseline", "known.txt", "./...")
	for name, tc := range map[string]struct {
		data  []byte
		holds string
	}{
		"corpus":   {corpus, `"insertedContent"`},
		"baseline": {run(0, "-format", "sarif", "-baseline", "known.txt", "./..."), `"suppressions"`},
		"ledger":   {run(0, "-format", "sarif", "-ledger", "-baseline", "known.txt", "./orm/..."), `"tenantvet/ledger"`},
		"exempted": {run(1, "-format", "sarif", "./directives/..."), `"kind": "inSource"`},
		"clean":    {run(0, "-format", "sarif", "-globalcache", "./keys/..."), `"results"`},
	} {
		if err := validate(s, tc.data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.Contains(tc.data, []byte(tc.holds)) {
			t.Errorf("%s has no %s", name, tc.holds)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "keys", "join", "zz_broken.go"), []byte("package join\nvar x y\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if broken := run(3, "-format", "sarif", "./keys/join"); !bytes.Contains(broken, []byte(`"toolExecutionNotifications"`)) {
		t.Errorf("the failure is not in\n%s", broken)
	} else if err := validate(s, broken); err != nil {
		t.Errorf("broken: %v", err)
	}
	for _, spoil := range []string{`"startLine": `, `"ruleId"`, `"kind": "external"`} {
		data := bytes.Replace(run(0, "-format", "sarif", "-baseline", "known.txt", "./orm/..."), []byte(spoil), []byte(strings.NewReplacer(": ", `: -`, "Id", "ID", "external", "extern").Replace(spoil)), 1)
		if err := validate(s, data); err == nil {
			t.Errorf("%s spoilt, and nobody objects", spoil)
		}
	}
}
