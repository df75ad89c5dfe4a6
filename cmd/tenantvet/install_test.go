package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// Others have this module as a zip from a proxy, not as the work tree: without the
// modules below it, and with what the format of zips allows. From such a zip the tool
// can be installed by its version, and be had as a tool of another module, with all
// that it embeds. Nothing is built: that the packages compile the other tests say.
func TestInstall(t *testing.T) {
	mod := module.Version{Path: "github.com/tenantvet/tenantvet", Version: "v0.1.0"}
	proxy, tool := fileProxy(t, mod), mod.Path+"/cmd/tenantvet"
	download := strings.TrimSpace(goCommand(t, "../..", nil, "env", "GOMODCACHE")) + "/cache/download"
	env := []string{
		"GOPROXY=" + fileURL(proxy) + "," + fileURL(download), "GOMODCACHE=" + t.TempDir(),
		"GOSUMDB=off", "GOFLAGS=-modcacherw", "GOWORK=off", "GOBIN=" + t.TempDir(),
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.com/shop\n\ngo 1.26\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	goCommand(t, dir, env, "install", "-n", tool+"@"+mod.Version)

	goCommand(t, dir, env, "get", "-tool", tool)
	if got := goCommand(t, dir, env, "list", "-f", "{{.ImportPath}} {{.Module.Version}}", "tool"); got != tool+" "+mod.Version+"\n" {
		t.Errorf("the tools of the module are %q", got)
	}
	const each = "{{if not .Standard}}{{.ImportPath}} {{.Incomplete}} {{len .GoFiles}} {{.EmbedFiles}}\n{{end}}"
	theirs := goCommand(t, dir, env, "list", "-deps", "-f", each, "tool")
	ours := goCommand(t, "../..", nil, "list", "-deps", "-f", each, "./cmd/tenantvet")
	if theirs != ours {
		t.Errorf("from a zip it is\n%s\nand here\n%s", theirs, ours)
	}
	if strings.Contains(ours, " true ") || strings.Count(ours, ".toml") < 80 {
		t.Errorf("what is embedded now?\n%s", ours)
	}
}

// fileProxy returns the directory of a proxy that has the work tree as mod.
func fileProxy(t *testing.T, mod module.Version) string {
	t.Helper()
	root := t.TempDir()
	base := filepath.Join(root, filepath.FromSlash(mod.Path), "@v")
	if err := os.MkdirAll(base, 0o777); err != nil {
		t.Fatal(err)
	}
	gomod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"list": mod.Version + "\n", mod.Version + ".mod": string(gomod),
		mod.Version + ".info": fmt.Sprintf(`{"Version": %q, "Time": "2026-01-01T00:00:00Z"}`, mod.Version),
	} {
		if err := os.WriteFile(filepath.Join(base, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Create(filepath.Join(base, mod.Version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := zip.CreateFromDir(f, mod, "../.."); err != nil {
		t.Fatal(err)
	}
	return root
}

func fileURL(name string) string {
	name = filepath.ToSlash(name)
	if !strings.HasPrefix(name, "/") {
		name = "/" + name // a volume of Windows
	}
	return "file://" + name
}

// goCommand returns what a go command prints that is to succeed.
func goCommand(t *testing.T, dir string, env []string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, &stderr)
	}
	return string(out)
}
