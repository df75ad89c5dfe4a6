package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const corpusDir = "../../testdata/src"

// TestMain makes the test binary the tool that the tests run, too.
func TestMain(m *testing.M) {
	if mode := os.Getenv("MUTATE_FAKE_TOOL"); mode != "" {
		os.Exit(fakeTool(mode))
	}
	os.Exit(m.Run())
}

// fakeTool is a tool that knows one thing: a file good.go of keys/concat asks
// for the tenant twice, so one that asks once has lost it somewhere.
func fakeTool(mode string) int {
	if mode == "broken" {
		fmt.Fprintln(os.Stderr, "cannot load packages")
		return 3
	}
	files, err := filepath.Glob(mutantDir + "/*/good.go")
	if err != nil || len(files) == 0 {
		fmt.Fprintln(os.Stderr, "no files", err)
		return 3
	}
	code := 0
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 3
		}
		abs, _ := filepath.Abs(file)
		found := []diagnostic{{Posn: abs + ":1:1", Message: "found in every package"}}
		if bytes.Count(src, []byte("sc.Tenant()")) < 2 {
			found = append(found, diagnostic{Category: "missing", Posn: abs + ":7:3", Message: "cache key has no tenant"})
			code = 1
		}
		out, _ := json.MarshalIndent(map[string]any{"corpus/" + filepath.Dir(file): map[string]any{"unscopedkey": found}}, "", "\t")
		fmt.Printf("# corpus/%s\n%s\n", filepath.Dir(file), out)
	}
	return code
}

func TestFakeTool(t *testing.T) {
	if testing.Short() {
		t.Skip("loads the corpus")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("MUTATE_FAKE_TOOL", "tenant")
	var out, errs bytes.Buffer
	args := []string{"-tool", self, "-dir", corpusDir, "-run", "^keys/concat$", "-v"}
	if code := run(args, &out, &errs); code != 1 {
		t.Errorf("exit code %d; want 1, for most mutants survive\n%s", code, errs.String())
	}
	verdict := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^(reported|survived) +(.+)$`).FindAllStringSubmatch(out.String(), -1) {
		verdict[m[2]] = m[1]
	}
	for name, want := range map[string]string{
		"keys/concat:Show:const tenant":       "reported",
		"keys/concat:Show:raw tenant":         "reported",
		"keys/concat:Show:drop tenant":        "reported",
		"keys/concat:Save:const tenant":       "reported",
		"keys/concat:Save:drop tenant":        "reported",
		"keys/concat:Show:raw key":            "reported", // the key is built in place, so it goes with the tenant
		"keys/concat:Save:raw key":            "survived",
		"keys/concat:Show:const env":          "survived",
		"keys/concat:Show:drop env":           "survived",
		"keys/concat:Save:drop statement env": "survived",
		"keys/concat:Show:drop check":         "survived",
		"keys/concat:Save:invert check":       "survived",
	} {
		if got := verdict[name]; got != want {
			t.Errorf("%s: %q; want %q", name, got, want)
		}
	}
	if t.Failed() {
		t.Log(out.String())
	}
	if want := "cache key has no tenant (unscopedkey/missing)"; !strings.Contains(out.String(), want) {
		t.Errorf("no %q in the output:\n%s", want, out.String())
	}

	args = append(args, "-min", "0.3")
	if code := run(args, &out, &errs); code != 0 {
		t.Errorf("-min 0.3: exit code %d; want 0", code)
	}
	t.Setenv("MUTATE_FAKE_TOOL", "broken")
	errs.Reset()
	if code := run(args, &out, &errs); code != 3 || !strings.Contains(errs.String(), "cannot load packages") {
		t.Errorf("broken tool: exit code %d, message %q; want 3 and what the tool said", code, errs.String())
	}
}

func TestUsage(t *testing.T) {
	for _, tc := range []struct {
		args []string
		code int
		want string
	}{
		{nil, 2, "no -tool"},
		{[]string{"-list", "x"}, 2, `unexpected argument "x"`},
		{[]string{"-list", "-run", "("}, 2, "-run"},
		{[]string{"-list", "-dir", "no/such/corpus"}, 3, "no/such/corpus"},
		{[]string{"-nonsense"}, 2, "nonsense"},
	} {
		var out, errs bytes.Buffer
		if code := run(tc.args, &out, &errs); code != tc.code || !strings.Contains(errs.String(), tc.want) {
			t.Errorf("%q: exit code %d, message %q; want %d and %q", tc.args, code, errs.String(), tc.code, tc.want)
		}
	}
}

func corpusMutants(t *testing.T) []*mutant {
	t.Helper()
	o, err := newOrigin(corpusDir, false)
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := o.mutants(choice{run: regexp.MustCompile("")})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestMutants checks what every mutant must be: new, of a name of its own, and
// with its lines where they were.
func TestMutants(t *testing.T) {
	if testing.Short() {
		t.Skip("loads the corpus")
	}
	list := corpusMutants(t)
	t.Logf("%d mutants", len(list))
	if len(list) < 500 {
		t.Errorf("%d mutants; want at least 500 of a corpus of this size", len(list))
	}
	seen := map[string]bool{}
	var names []string
	for _, m := range list {
		if seen[m.Name] {
			t.Errorf("%s: twice", m.Name)
		}
		seen[m.Name] = true
		names = append(names, m.Name)
		old, err := os.ReadFile(filepath.Join(corpusDir, m.File))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(old, m.src) {
			t.Errorf("%s: changes nothing", m.Name)
		}
		if a, b := bytes.Count(old, []byte("\n")), bytes.Count(m.src, []byte("\n")); a != b {
			t.Errorf("%s: %d lines; want %d as before", m.Name, b, a)
		}
	}
	// One of each kind.
	for _, name := range []string{
		"keys/sprintf:Show:drop tenant",
		"keys/builder:Drop:drop call",
		"keys/structkey:Tile:drop statement env",
		"keys/structkey:Tile:const env",
		"flow/keybuilder:Show:drop call",
		"flow/errguard:Nested:invert check",
		"flow/helper:threadKey:drop env",
		"flow/params:Show:drop tenant",
		"rules/userdim:Show:drop user",
		"legacy/fields:Show:raw tenant",
		"global/nested:GrantScoped:const tenant",
	} {
		if !seen[name] {
			t.Errorf("no mutant %q", name)
		}
	}
	// The runtime refuses an invalid scope itself.
	if name := "keys/runtimekey:Show:drop check"; seen[name] {
		t.Errorf("%s: is no leak", name)
	}
	again := corpusMutants(t)
	if !slices.EqualFunc(names, again, func(name string, m *mutant) bool { return name == m.Name }) {
		t.Error("a second run gives other mutants")
	}
}
