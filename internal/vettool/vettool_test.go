package vettool_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/driver/drivertest"
	"github.com/tenantvet/tenantvet/internal/vettool"
)

func run(t *testing.T, dir string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	c := vettool.Cmd{Suite: drivertest.Suite(), Args: args, Env: append(os.Environ(), "GOROOT=/nowhere/go"), Dir: dir, Stdout: &out, Stderr: &errs}
	code = c.Run()
	return out.String(), errs.String(), code
}

func TestCalled(t *testing.T) {
	for _, c := range []struct {
		args string
		want bool
	}{
		{"", false}, {"-V=full", true}, {"-flags", true}, {"-json /tmp/vet.cfg", true}, {"./...", false}, {"-json ./...", false}, {"version", false},
	} {
		if got := vettool.Called(strings.Fields(c.args)); got != c.want {
			t.Errorf("%q: got %v", c.args, got)
		}
	}
}

// The go command's own rules for the line, in (*Builder).toolID.
func TestVersion(t *testing.T) {
	dir := t.TempDir()
	id := func() string {
		out, errs, code := run(t, dir, "-V=full")
		f := strings.Fields(out)
		if code != 0 || errs != "" || len(f) < 4 || f[1] != "version" || !strings.Contains(f[2], "devel") ||
			!strings.HasPrefix(f[len(f)-1], "buildID=") || strings.Count(out, "\n") != 1 || strings.Contains(out, "/") {
			t.Fatalf("%q, %q, exit code %d", out, errs, code)
		}
		return f[len(f)-1]
	}
	first := id()
	if id() != first {
		t.Error("changes by itself")
	}
	write(t, filepath.Join(dir, drivertest.PolicyName), "Word\n")
	if id() == first {
		t.Error("does not change with the policy")
	}
}

func TestFlags(t *testing.T) {
	out, _, code := run(t, t.TempDir(), "-flags")
	var flags []struct {
		Name string
		Bool bool
	}
	if err := json.Unmarshal([]byte(out), &flags); err != nil || code != 0 {
		t.Fatal(err, code)
	}
	got := make(map[string]bool)
	for _, f := range flags {
		got[f.Name] = f.Bool
	}
	if !got["toykey"] || !got["json"] {
		t.Errorf("flags %v", got)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// unit writes a package and its description, without imports.
func unit(t *testing.T, src string, change func(map[string]any)) (cfgFile string, cfg map[string]any) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "p", "p.go"), src)
	cfg = map[string]any{
		"ID": "example.com/p", "ImportPath": "example.com/p", "Dir": filepath.Join(dir, "p"), "GoVersion": "go1.26",
		"GoFiles": []string{filepath.Join(dir, "p", "p.go")}, "ModulePath": "example.com",
		"VetxOutput": filepath.Join(dir, "vet.out"), "Stdout": filepath.Join(dir, "stdout"),
	}
	if change != nil {
		change(cfg)
	}
	data, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	cfgFile = filepath.Join(dir, "vet.cfg")
	write(t, cfgFile, string(data))
	return cfgFile, cfg
}

func read(t *testing.T, cfg map[string]any, field string) string {
	t.Helper()
	data, err := os.ReadFile(cfg[field].(string))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

const leaky = "package p\n\nvar M map[string]int\n\nfunc Sink(string) {}\n\nfunc Via(k string) { Sink(k) }\n"

func TestUnit(t *testing.T) {
	name, cfg := unit(t, leaky, nil)
	out, errs, code := run(t, t.TempDir(), "-json", name)
	if code != 0 || out != "" || errs != "" {
		t.Fatalf("%q, %q, exit code %d", out, errs, code)
	}
	if s := read(t, cfg, "Stdout"); !strings.Contains(s, `"toyglobal"`) || !strings.Contains(s, `p.go:3:5"`) {
		t.Errorf("findings: %s", s)
	}
	facts := read(t, cfg, "VetxOutput")
	f, err := driver.DecodeFile([]byte(facts))
	if err != nil || len(f.Sections) != 1 || len(f.Sections[0].Entries) != 1 || f.Sections[0].Entries[0].Object != "Via" {
		t.Errorf("facts %+v, %v", f, err)
	}
	// What one small fact may cost: every importer reads it.
	if len(facts) > 150 {
		t.Errorf("%d bytes for one fact", len(facts))
	}
	for range 10 {
		if _, _, code := run(t, t.TempDir(), "-json", name); code != 0 || read(t, cfg, "VetxOutput") != facts {
			t.Fatal("the facts are not the same each time")
		}
	}
}

// A unit asked for facts only says the same as one asked for findings.
func TestVetxOnlyIsNoOther(t *testing.T) {
	name, cfg := unit(t, leaky, nil)
	run(t, t.TempDir(), "-json", name)
	only, onlyCfg := unit(t, leaky, func(c map[string]any) { c["VetxOnly"] = true })
	run(t, t.TempDir(), "-json", only)
	plain := strings.ReplaceAll(read(t, cfg, "Stdout"), cfg["Dir"].(string), "")
	if got := strings.ReplaceAll(read(t, onlyCfg, "Stdout"), onlyCfg["Dir"].(string), ""); got != plain || got == "" {
		t.Errorf("facts only: %s\nfindings: %s", got, plain)
	}
	if read(t, cfg, "VetxOutput") != read(t, onlyCfg, "VetxOutput") {
		t.Error("other facts")
	}
}

// Go before 1.26 gives no file for the output and wants text.
func TestOlderGo(t *testing.T) {
	name, _ := unit(t, leaky, func(c map[string]any) { delete(c, "Stdout") })
	out, errs, code := run(t, t.TempDir(), name)
	if code != 1 || out != "" || !strings.Contains(errs, "p.go:3:5: package-level map M\n") {
		t.Errorf("%q, %q, exit code %d", out, errs, code)
	}
	out, errs, code = run(t, t.TempDir(), "-json", name)
	if code != 0 || errs != "" || !strings.Contains(out, `"package-level map M"`) {
		t.Errorf("-json: %q, %q, exit code %d", out, errs, code)
	}
	_, errs, _ = run(t, t.TempDir(), "-c=0", name)
	if !strings.Contains(errs, "3\tvar M map[string]int\n") || strings.Contains(errs, "2\t") {
		t.Errorf("-c=0: %q", errs)
	}
}

// Code that is not the project's is not even opened.
func TestForeignUnits(t *testing.T) {
	for name, change := range map[string]func(map[string]any){
		"module cache": func(c map[string]any) {
			c["ModuleVersion"] = "v1.2.3"
			c["Dir"] = "/cache/example.com/p@v1.2.3"
		},
		"vendored": func(c map[string]any) { c["Dir"] = "/home/m/vendor/example.com/p" },
		"std": func(c map[string]any) {
			c["ModulePath"] = ""
			c["ImportPath"] = "fmt"
			c["Dir"] = "/nowhere/go/src/fmt"
		},
	} {
		file, cfg := unit(t, "no Go at all", change)
		out, errs, code := run(t, t.TempDir(), "-json", file)
		if code != 0 || out != "" || errs != "" || read(t, cfg, "Stdout") != "" || read(t, cfg, "VetxOutput") != "" {
			t.Errorf("%s: %q, %q, exit code %d", name, out, errs, code)
		}
	}
}

func TestBadInput(t *testing.T) {
	file, _ := unit(t, "package p\n\nvar X int = \"\"\n", nil)
	soft, softCfg := unit(t, "package p\n\nvar X int = \"\"\n", func(c map[string]any) { c["SucceedOnTypecheckFailure"] = true })
	syntax, _ := unit(t, "package p\n\nfunc {\n", nil)
	imp, _ := unit(t, "package p\n\nimport \"fmt\"\n\nvar X = fmt.Sprint\n", nil)
	facts, _ := unit(t, leaky, func(c map[string]any) {
		bad := filepath.Join(t.TempDir(), "bad")
		write(t, bad, "what is this")
		c["PackageVetx"] = map[string]string{"q": bad}
	})
	broken := filepath.Join(t.TempDir(), "broken.cfg")
	write(t, broken, "{")
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"type error":   {[]string{"-json", file}, "p.go:3:13: cannot use"},
		"syntax error": {[]string{"-json", syntax}, "p.go:3:6: expected"},
		"no import":    {[]string{"-json", imp}, "fmt"},
		"bad facts":    {[]string{"-json", facts}, "the facts of package q: not a facts file"},
		"no file":      {[]string{"/nosuch/x.cfg"}, "package description"},
		"no JSON":      {[]string{broken}, "not understood"},
		"unknown flag": {[]string{"-nosuch", file}, "unknown flag -nosuch"},
		"bad value":    {[]string{"-toykey=perhaps", file}, "true or false"},
	} {
		out, errs, code := run(t, t.TempDir(), c.args...)
		if code != 1 || out != "" || !strings.Contains(errs, c.want) {
			t.Errorf("%s: %q, %q, exit code %d, want %q", name, out, errs, code, c.want)
		}
	}
	if _, errs, code := run(t, t.TempDir(), "-json", soft); code != 0 || errs != "" || read(t, softCfg, "VetxOutput") != "" {
		t.Errorf("SucceedOnTypecheckFailure: %q, exit code %d", errs, code)
	}
}

// The export data of the installed Go must be readable: when that ends, this
// says so before any user does.
func TestExportData(t *testing.T) {
	out, err := exec.Command("go", "list", "-export", "-f", "{{.Export}}", "strings").Output()
	if err != nil {
		t.Fatal("no export data: ", err)
	}
	name, cfg := unit(t, "package p\n\nimport \"strings\"\n\nvar M = map[string]strings.Builder{}\n", func(c map[string]any) {
		c["ImportMap"] = map[string]string{"strings": "strings"}
		c["PackageFile"] = map[string]string{"strings": strings.TrimSpace(string(out))}
	})
	if _, errs, code := run(t, t.TempDir(), "-json", name); code != 0 || !strings.Contains(read(t, cfg, "Stdout"), "package-level map M") {
		t.Errorf("%s, exit code %d", errs, code)
	}
}
