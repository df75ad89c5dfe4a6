package nogo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tenantvet/tenantvet/internal/corpus"
)

// TestCorpus builds the corpus as Bazel does: nogo must find what the command finds,
// in the same words, in every directory.
func TestCorpus(t *testing.T) {
	b := newBazel(t)
	root := t.TempDir()
	n, err := corpus.CopyWithCanaries(root, "../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	command := filepath.Join(b.dir, "tenantvet"+exe())
	b.must(command, b.run(".", "go", "build", "-o", command, "github.com/tenantvet/tenantvet/cmd/tenantvet"))
	config := filepath.Join(b.dir, "nogo.json")
	b.must("tenantvet nogo", b.run(root, command, "nogo", "-write", config))
	nogo := b.nogo(config, "github.com/tenantvet/tenantvet/nogo")

	want, err := corpus.ReadJSON(root, b.output(root, command, "-json", "./..."))
	if err != nil {
		t.Fatal(err)
	}
	got := b.build(nogo, root)
	if d := corpus.Difference(corpus.Lines(want), got); d != "" {
		t.Errorf("the command and nogo disagree:\n%s", d)
	}
	t.Logf("%d directories, %d findings", n, len(got))

	b.sources(nogo, config)
}

// sources checks what Bazel goes by when it decides what to run again: the config is
// part of the sources of nogo.
func (b *bazel) sources(nogo, config string) {
	b.Helper()
	before := b.generate(config, "github.com/tenantvet/tenantvet/nogo")
	text, err := os.ReadFile(config)
	if err != nil {
		b.Fatal(err)
	}
	edited := config + ".edited"
	if err := os.WriteFile(edited, bytes.Replace(text, []byte("[[source]]"), []byte("# one less\\n[[source]]"), 1), 0o666); err != nil {
		b.Fatal(err)
	}
	if after := b.generate(edited, "github.com/tenantvet/tenantvet/nogo"); bytes.Equal(before, after) {
		b.Error("an edit of the policy leaves the sources of nogo as they are: Bazel would not run it again")
	}
}

// TestEachAnalyzer loads every analyzer of the suite by itself, as nogo loads those
// that it is given.
func TestEachAnalyzer(t *testing.T) {
	b := newBazel(t)
	dirs, err := filepath.Glob("../../analyzers/*/doc.go")
	if err != nil || len(dirs) < 10 {
		t.Fatal(dirs, err)
	}
	var paths []string
	for _, d := range dirs {
		paths = append(paths, "github.com/tenantvet/tenantvet/analyzers/"+filepath.Base(filepath.Dir(d)))
	}
	config := filepath.Join(b.dir, "nogo.json")
	if err := os.WriteFile(config, []byte("{}"), 0o666); err != nil {
		t.Fatal(err)
	}
	src := filepath.Join(t.TempDir(), "p.go")
	if err := os.WriteFile(src, []byte("package p\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(t.TempDir(), "importcfg")
	if err := os.WriteFile(empty, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	b.must("nogo", b.run(filepath.Dir(src), b.nogo(config, paths...), "-p", "example.com/p", "-importcfg", empty, "-x", src+".facts", src))
}

// TestNoModule: a config without the module is an error that says what to do.
func TestNoModule(t *testing.T) {
	b := newBazel(t)
	config := filepath.Join(b.dir, "nogo.json")
	if err := os.WriteFile(config, []byte("{}"), 0o666); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"p.go": "package p\n", "importcfg": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	err := b.run(dir, b.nogo(config, "github.com/tenantvet/tenantvet/nogo"), "-p", "example.com/p", "-importcfg", "importcfg", "-x", "facts", "p.go")
	if err == nil || !strings.Contains(err.Error(), "tenantvet nogo -write FILE") {
		t.Errorf("got %v", err)
	}
}

func exe() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// A bazel runs rules_go's builder.
type bazel struct {
	*testing.T
	dir     string // for what is built
	rules   string // rules_go
	builder string
	nogos   int
}

// newBazel builds the builder, of the files that its BUILD.bazel names.
func newBazel(t *testing.T) *bazel {
	t.Helper()
	b := &bazel{T: t, dir: t.TempDir()}
	b.rules = strings.TrimSpace(string(b.output(".", "go", "list", "-m", "-f", "{{.Dir}}", "github.com/bazelbuild/rules_go")))
	b.builder = filepath.Join(b.dir, "builder"+exe())
	files := b.listed("builder_srcs")
	for i := range files {
		files[i] = filepath.Join(b.rules, "go/tools/builders", files[i])
	}
	files = append(files, filepath.Join(b.rules, "go/tools/builders", map[bool]string{false: "path.go", true: "path_windows.go"}[runtime.GOOS == "windows"]))
	b.must("the builder", b.run(".", "go", append([]string{"build", "-ldflags=-X main.rulesGoStdlibPrefix=@io_bazel_rules_go//stdlib:", "-o", b.builder}, files...)...))
	return b
}

// listed returns the files that a target of the builders lists.
func (b *bazel) listed(target string) []string {
	b.Helper()
	text, err := os.ReadFile(filepath.Join(b.rules, "go/tools/builders/BUILD.bazel"))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), `name = "`+target+`"`)
	list, _, ok2 := strings.Cut(rest, "]")
	if !ok || !ok2 {
		b.Fatalf("there is no %s", target)
	}
	var out []string
	for _, m := range regexp.MustCompile(`"(\w+\.go)"`).FindAllStringSubmatch(list, -1) {
		out = append(out, m[1])
	}
	return out
}

// run runs a command in dir. The error has its output.
func (b *bazel) run(dir, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %q: %w\n%s", filepath.Base(name), args, err, out)
	}
	return nil
}

func (b *bazel) must(what string, err error) {
	b.Helper()
	if err != nil {
		b.Fatalf("%s: %v", what, err)
	}
}

// output runs a command in dir and returns its output; findings are no failure.
func (b *bazel) output(dir, name string, args ...string) []byte {
	b.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TENANTVET_CACHE=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		b.Fatalf("%s %q: %v\n%s", name, args, err, &stderr)
	}
	return out
}

// generate returns the part of nogo's sources that is made for the analyzers and
// their config.
func (b *bazel) generate(config string, analyzers ...string) []byte {
	b.Helper()
	out := filepath.Join(b.TempDir(), "nogo_gen.go")
	args := []string{"gennogomain", "-output", out, "-config", config}
	for _, a := range analyzers {
		args = append(args, "-analyzer_importpath", a)
	}
	b.must("gennogomain", b.run(b.dir, b.builder, args...))
	text, err := os.ReadFile(out)
	if err != nil {
		b.Fatal(err)
	}
	return text
}

// nogo builds nogo with the analyzers of these packages. It imports an internal
// package of x/tools, so its module is called like one of theirs.
func (b *bazel) nogo(config string, analyzers ...string) string {
	b.Helper()
	b.nogos++
	dir := filepath.Join(b.dir, fmt.Sprint("nogo", b.nogos))
	if err := os.Mkdir(dir, 0o777); err != nil {
		b.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		b.Fatal(err)
	}
	files := map[string][]byte{"nogo_gen.go": b.generate(config, analyzers...)}
	for name, from := range map[string]string{"go.mod": "go.mod", "go.sum": "go.sum"} {
		if files[name], err = os.ReadFile(from); err != nil {
			b.Fatal(err)
		}
	}
	files["go.mod"] = bytes.Replace(files["go.mod"], []byte("module github.com/tenantvet/tenantvet/e2e/nogo"), []byte("module golang.org/x/tools/nogo"), 1)
	files["go.mod"] = bytes.Replace(files["go.mod"], []byte("=> ../.."), []byte("=> "+filepath.ToSlash(root)), 1)
	for _, name := range b.listed("nogo_srcs") {
		if files[name], err = os.ReadFile(filepath.Join(b.rules, "go/tools/builders", name)); err != nil {
			b.Fatal(err)
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
			b.Fatal(err)
		}
	}
	out := filepath.Join(dir, "nogo"+exe())
	b.must("nogo", b.run(dir, "go", "build", "-mod=mod", "-o", out, "."))
	return out
}

// A pkg is a package as go list tells of it.
type pkg struct {
	ImportPath, Dir, Export string
	Standard                bool
	GoFiles, Imports        []string
	Module                  *struct{ Path string }

	facts string
	done  chan bool // closed when it was analysed
	found []string
	err   error
}

// build does for the packages of the module in root what Bazel does for go_library
// targets, and returns what nogo finds.
func (b *bazel) build(nogo, root string) []string {
	b.Helper()
	var pkgs []*pkg
	byPath := map[string]*pkg{}
	// The go command compiles; it trims paths, so that it need not do so each time.
	list := b.output(root, "go", "list", "-trimpath", "-export", "-deps", "-json=ImportPath,Dir,Export,Standard,GoFiles,Imports,Module", "./...")
	for dec := json.NewDecoder(bytes.NewReader(list)); ; {
		p := new(pkg)
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			b.Fatal(err)
		}
		byPath[p.ImportPath] = p
		pkgs = append(pkgs, p)
	}
	sdk := b.sdk(pkgs)
	free := make(chan bool, runtime.GOMAXPROCS(0))
	var all sync.WaitGroup
	for i, p := range pkgs {
		p.done = make(chan bool)
		all.Go(func() {
			defer close(p.done)
			if p.Standard || len(p.GoFiles) == 0 {
				return
			}
			for _, path := range p.Imports {
				if dep := byPath[path]; dep != nil {
					<-dep.done
				}
			}
			free <- true
			defer func() { <-free }()
			p.found, p.err = b.compile(nogo, sdk, root, filepath.Join(b.dir, "exec", fmt.Sprint(i)), p, byPath)
		})
	}
	all.Wait()
	var found []string
	for _, p := range pkgs {
		b.must(p.ImportPath, p.err)
		found = append(found, p.found...)
	}
	slices.Sort(found)
	return found
}

// sdk lays out the compiled standard library as the builder wants it.
func (b *bazel) sdk(pkgs []*pkg) string {
	b.Helper()
	sdk := filepath.Join(b.dir, "sdk")
	var names []string
	for _, p := range pkgs {
		if !p.Standard {
			continue
		}
		names = append(names, p.ImportPath)
		if p.Export == "" {
			continue // unsafe
		}
		name := filepath.Join(sdk, "pkg", "std", filepath.FromSlash(p.ImportPath)+".a")
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.Symlink(p.Export, name)); err != nil {
			b.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(sdk, "packages.txt"), []byte(strings.Join(names, "\n")+"\n"), 0o666); err != nil {
		b.Fatal(err)
	}
	return sdk
}

// compile runs the builder's nogo on a package in a directory, exec, that holds its
// files alone. What does not belong to the module stands where Bazel has other
// repositories, and is looked at for facts only.
func (b *bazel) compile(nogo, sdk, root, exec string, p *pkg, byPath map[string]*pkg) ([]string, error) {
	rel, err := filepath.Rel(root, p.Dir)
	if err != nil {
		return nil, err
	}
	own := p.Module != nil && p.Module.Path == "corpus"
	if !own {
		rel = filepath.Join("external", rel)
	}
	out := filepath.Join(exec, "out")
	if err := errors.Join(os.MkdirAll(filepath.Join(exec, rel), 0o777), os.MkdirAll(out, 0o777)); err != nil {
		return nil, err
	}
	p.facts = filepath.Join(exec, "facts")
	args := []string{"nogo", "-sdk", sdk, "-goroot", sdk, "-installsuffix", "std", "-package_list", filepath.Join(sdk, "packages.txt"),
		"-importpath", p.ImportPath, "-p", p.ImportPath, "-out_facts", p.facts, "-out", out, "-go_version", strings.TrimPrefix(runtime.Version(), "go"), "-nogo", nogo}
	if !own {
		args = append(args, "-facts_only")
	}
	for _, path := range p.Imports {
		if dep := byPath[path]; dep != nil && !dep.Standard {
			args = append(args, "-arc", path+"="+path+"="+dep.Export, "-facts", path+"="+path+"="+dep.facts)
		}
	}
	for _, f := range p.GoFiles {
		if err := os.Link(filepath.Join(p.Dir, f), filepath.Join(exec, rel, f)); err != nil {
			return nil, err
		}
		args = append(args, "-src", filepath.Join(rel, f))
	}
	if err := b.run(exec, b.builder, args...); err != nil {
		return nil, err
	}
	return readLog(filepath.Join(out, "nogo.log"))
}

// readLog reads what nogo leaves for the action that fails the build.
func readLog(name string) ([]string, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var found []string
	for line := range strings.Lines(string(text)) {
		if line, ok := strings.CutSuffix(strings.TrimSpace(line), " (tenantvet)"); ok {
			found = append(found, filepath.ToSlash(line))
		}
	}
	return found, err
}
