// Package schemas checks what "tenantvet -format sarif" prints against the schema of
// SARIF 2.1.0, and "tenantvet routes -format openapi" against that of OpenAPI 3.1.
package schemas

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	// It holds the schema, as a constant that is not exported.
	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/pb33f/libopenapi/datamodel"
	"github.com/santhosh-tekuri/jsonschema/v6"

	// The tool is built by a command, which go test does not see.
	_ "github.com/tenantvet/tenantvet/internal/corpus"
)

// sarifSchema returns the text of the schema from the source of go-sarif.
func sarifSchema(t *testing.T) string {
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

func compile(t *testing.T, text string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
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

// A tool is the command, and a copy of the corpus that it runs on.
type tool struct{ path, root string }

func build(t *testing.T) tool {
	t.Helper()
	x := tool{filepath.Join(t.TempDir(), "tenantvet.exe"), t.TempDir()}
	if out, err := exec.Command("go", "build", "-o", x.path, "github.com/tenantvet/tenantvet/cmd/tenantvet").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := os.CopyFS(x.root, os.DirFS("../../testdata/src")); err != nil {
		t.Fatal(err)
	}
	return x
}

// run returns what the tool prints, whose exit code is to be want.
func (x tool) run(t *testing.T, want int, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(x.path, args...)
	cmd.Dir = x.root
	cmd.Env = append(os.Environ(), "TENANTVET_CACHE="+filepath.Join(filepath.Dir(x.path), "cache"), "GOWORK=off")
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

func TestSchemas(t *testing.T) {
	x := build(t)
	t.Run("OpenAPI", func(t *testing.T) { testOpenAPI(t, x) })
	t.Run("SARIF", func(t *testing.T) { testSARIF(t, x) }) // which breaks the corpus last
}

// testSARIF: what is printed of the corpus, with every kind of finding and with
// fixes, of a run with a baseline, with exemptions, with a ledger, of one that finds
// nothing and of one that fails, is SARIF; a document that is spoilt is not.
func testSARIF(t *testing.T, x tool) {
	run := func(want int, args ...string) []byte {
		return x.run(t, want, append([]string{"-format", "sarif"}, args...)...)
	}
	s := compile(t, sarifSchema(t))
	known := filepath.Join(x.root, "known.txt")
	x.run(t, 0, "-write-baseline", known, "./...")
	for name, tc := range map[string]struct {
		data  []byte
		holds string
	}{
		"corpus":    {run(1, "./..."), `"insertedContent"`},
		"baseline":  {run(0, "-baseline", known, "./..."), `"suppressions"`},
		"ledger":    {run(0, "-ledger", "-baseline", known, "./orm/..."), `"tenantvet/ledger"`},
		"directive": {run(1, "./directives/..."), `"kind": "inSource"`},
		"policy":    {run(1, "./directives/policyshared"), `"justification": "exchange rates are the same for every tenant"`},
		"clean":     {run(0, "-globalcache", "./keys/..."), `"results"`},
	} {
		if err := validate(s, tc.data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.Contains(tc.data, []byte(tc.holds)) {
			t.Errorf("%s has no %s", name, tc.holds)
		}
	}
	if err := os.WriteFile(filepath.Join(x.root, "keys", "join", "zz_broken.go"), []byte("package join\nvar x y\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if broken := run(3, "./keys/join"); !bytes.Contains(broken, []byte(`"toolExecutionNotifications"`)) {
		t.Errorf("the failure is not in\n%s", broken)
	} else if err := validate(s, broken); err != nil {
		t.Errorf("broken: %v", err)
	}
	for _, spoil := range []string{`"startLine": `, `"ruleId"`, `"kind": "external"`} {
		data := bytes.Replace(run(0, "-baseline", known, "./orm/..."), []byte(spoil), []byte(strings.NewReplacer(": ", `: -`, "Id", "ID", "external", "extern").Replace(spoil)), 1)
		if err := validate(s, data); err == nil {
			t.Errorf("%s spoilt, and nobody objects", spoil)
		}
	}
}

// testOpenAPI: the routes of the corpus are an OpenAPI document whose operations have
// names of their own, and the parameters of their paths and no others; a document that
// is spoilt is none.
func testOpenAPI(t *testing.T, x tool) {
	data := x.run(t, 0, "routes", "-format", "openapi", "./routes/...")
	s := compile(t, datamodel.OpenAPI31SchemaData)
	if err := validate(s, data); err != nil {
		t.Error(err)
	}
	type operation struct {
		ID         string `json:"operationId"`
		Parameters []struct{ Name, In string }
	}
	var doc struct {
		Paths map[string]map[string]operation
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	ids, templates := map[string]int{}, 0
	for path, item := range doc.Paths {
		var want []string
		for _, m := range regexp.MustCompile(`\{([^}]*)\}`).FindAllStringSubmatch(path, -1) {
			want = append(want, m[1])
		}
		templates += len(want)
		for method, op := range item {
			if ids[op.ID]++; op.ID == "" || ids[op.ID] > 1 {
				t.Errorf("%s %s: operationId %q is not its own", method, path, op.ID)
			}
			var got []string
			for _, p := range op.Parameters {
				got = append(got, p.Name)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s %s has the parameters %q", method, path, got)
			}
		}
	}
	if len(doc.Paths) < 30 || templates < 10 {
		t.Errorf("only %d paths with %d parameters: is that the corpus?", len(doc.Paths), templates)
	}
	for _, spoil := range [][2]string{{`"in": "path"`, `"in": "route"`}, {`"responses"`, `"answers"`}, {`"openapi": "3.1.0"`, `"openapi": "3"`}, {`"get": {`, `"fetch": {`}} {
		if !bytes.Contains(data, []byte(spoil[0])) {
			t.Errorf("%s is nowhere", spoil[0])
		}
		if err := validate(s, bytes.Replace(data, []byte(spoil[0]), []byte(spoil[1]), 1)); err == nil {
			t.Errorf("%s spoilt, and nobody objects", spoil[0])
		}
	}
}
