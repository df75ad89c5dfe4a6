package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"go/version"

	"golang.org/x/mod/modfile"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/loader"
	"github.com/tenantvet/tenantvet/internal/report"
)

// An examination is what the doctor finds out.
type examination struct {
	*Cmd
	dir  string
	mend []string // what is to be mended
}

// doctor carries out "tenantvet doctor": it tells what tenantvet works with in a
// module, and what is to be mended there. Findings are nothing of that sort: the
// exit code is about the tool, its policy and its surroundings.
func (c *Cmd) doctor(ctx context.Context, args []string) (int, error) {
	set := flag.NewFlagSet("tenantvet doctor", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	dirFlag := set.String("C", "", "")
	tags := set.String("tags", "", "")
	if err := set.Parse(args); err != nil {
		return 0, usageError{"doctor: " + err.Error()}
	}
	opt := &options{tags: *tags, patterns: set.Args(), doctor: true, format: "text"}
	if len(opt.patterns) == 0 {
		opt.patterns = []string{"./..."}
	}
	dir, err := c.chdir(*dirFlag)
	if err != nil {
		return 0, err
	}
	x := &examination{Cmd: c, dir: dir}
	x.tool()
	if err := x.toolchain(ctx); err != nil {
		return 0, err
	}
	if err := x.cache(); err != nil {
		return 0, err
	}
	if err := x.surroundings(); err != nil {
		return 0, err
	}
	if err := x.policy(); err != nil {
		return 0, err
	}
	code := ExitClean
	if all, err := x.run(ctx, opt); err != nil {
		return 0, err
	} else if !all {
		code = ExitFailed
		x.mend = append(x.mend, "what could not be analysed, as told above: nothing is proven of it, nor of what goes through it")
	}
	if len(x.mend) == 0 {
		fmt.Fprintln(c.Stdout, "\nnothing is to be mended")
		return code, nil
	}
	fmt.Fprintln(c.Stdout, "\nto be mended")
	for _, s := range x.mend {
		fmt.Fprintf(c.Stdout, "  %s\n", s)
	}
	return max(code, ExitFindings), nil
}

// say prints what is known of a thing.
func (x *examination) say(thing, format string, args ...any) {
	fmt.Fprintf(x.Stdout, "%-9s %s\n", thing, fmt.Sprintf(format, args...))
}

// tool tells what tenantvet was made of.
func (x *examination) tool() {
	text := x.Suite.VersionString() + ", built with " + runtime.Version()
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if dep.Path == "golang.org/x/tools" {
				text += " and " + dep.Path + " " + dep.Version
			}
		}
	}
	x.say("tenantvet", "%s", text)
}

// toolchain tells which Go there is and which one the module asks for.
func (x *examination) toolchain(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, "go", "env", "GOVERSION", "GOMOD")
	cmd.Dir, cmd.Env = x.dir, x.Env
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return fmt.Errorf("go env: %s", strings.TrimSpace(string(exit.Stderr)))
		}
		return fmt.Errorf("the go command: %w: tenantvet needs it to list packages", err)
	}
	goVersion, gomod, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if gomod == "" || gomod == os.DevNull {
		return fmt.Errorf("no go.mod in %s or above: tenantvet looks at modules", x.dir)
	}
	data, err := os.ReadFile(gomod)
	if err != nil {
		return err
	}
	mod, err := modfile.ParseLax(gomod, data, nil)
	if err != nil {
		return err
	}
	wants := "go1.16" // what the go command assumes
	if mod.Go != nil {
		wants = "go" + mod.Go.Version
	}
	x.say("go", "%s; the module asks for %s", goVersion, wants)
	if version.Compare(version.Lang(wants), version.Lang(runtime.Version())) > 0 {
		x.mend = append(x.mend, fmt.Sprintf("tenantvet was built with %s and the module asks for %s: build tenantvet with that, it may not understand the code", runtime.Version(), wants))
	}
	return nil
}

// policy tells which policy is in force, by the head of what "tenantvet policy"
// tells; a broken one is an error.
func (x *examination) policy() error {
	if x.Suite.Policy == nil {
		return nil
	}
	out, err := x.Suite.Policy(x.dir, x.getenv)
	if err != nil {
		return err
	}
	head, _, _ := strings.Cut(out, "\n\n")
	for line := range strings.Lines(head) {
		thing, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		x.say(thing, "%s", strings.TrimSpace(text))
	}
	return nil
}

// cache tells where results are kept.
func (x *examination) cache() error {
	dir, err := x.cacheDir()
	if err != nil {
		return err
	}
	if dir == "" {
		x.say("cache", "off: every run analyses everything")
		return nil
	}
	files, size := 0, int64(0)
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // that it is not there yet, or that somebody else is at it, is no fault
		}
		if info, err := d.Info(); err == nil {
			files++
			size += info.Size()
		}
		return nil
	})
	if err != nil {
		return err
	}
	x.say("cache", "%s: %d files, %.1f MB", dir, files, float64(size)/1e6)
	return nil
}

// surroundings tells which files of the module and its repository run tenantvet.
func (x *examination) surroundings() error {
	root := repository(x.dir)
	dirs := []string{root}
	if mod := driver.Upward(x.dir, "go.mod"); mod != "" && mod != root {
		dirs = append(dirs, mod)
	}
	var found []string
	for _, dir := range dirs {
		for _, pattern := range []string{
			".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json", ".custom-gcl.yml", ".custom-gcl.yaml",
			".pre-commit-config.yaml", ".github/workflows/*.yml", ".github/workflows/*.yaml", ".gitlab-ci.yml",
			"Makefile", "go.mod", "BUILD.bazel", "WORKSPACE",
		} {
			names, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
			if err != nil {
				return err
			}
			for _, name := range names {
				if names, err := namesTool(name); err != nil {
					return err
				} else if names {
					found = append(found, filepath.ToSlash(report.Relative(root, name)))
				}
			}
		}
	}
	if len(found) == 0 {
		x.say("named in", "no configuration of golangci-lint, pre-commit or CI, and no Makefile: docs/ci.md has recipes")
		return nil
	}
	slices.Sort(found)
	x.say("named in", "%s", strings.Join(slices.Compact(found), ", "))
	return nil
}

// namesTool reports whether a configuration file speaks of tenantvet other than in a
// comment, or, of a go.mod, has it as a tool.
func namesTool(name string) (bool, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return false, err
	}
	if filepath.Base(name) == "go.mod" {
		mod, err := modfile.Parse(name, data, nil)
		return err == nil && slices.ContainsFunc(mod.Tool, func(t *modfile.Tool) bool { return strings.HasSuffix(t.Path, "/cmd/tenantvet") }), nil
	}
	for line := range strings.Lines(string(data)) {
		code, _, _ := strings.Cut(line, "#")
		if strings.Contains(code, "tenantvet") {
			return true, nil
		}
	}
	return false, nil
}

// run analyses the packages, and tells what came of it. It reports whether all of
// them could be analysed: if not, why has been told.
func (x *examination) run(ctx context.Context, opt *options) (all bool, err error) {
	cfg, err := x.config(x.dir, opt)
	if err != nil {
		return false, err
	}
	res, err := loader.Run(ctx, cfg)
	if err != nil {
		return false, err
	}
	x.problems(x.dir, res)
	if res.Packages == 0 && whole(res) {
		return false, fmt.Errorf("no package of the main module matches %s", strings.Join(opt.patterns, " "))
	}
	ledger, err := x.ledger(opt, res)
	if err != nil {
		return false, err
	}
	known, err := x.known(ctx, cfg, opt, res)
	if err != nil {
		return false, err
	}
	x.say("packages", "%d, %d of them analysed now", res.Packages, res.Analyzed)
	text := fmt.Sprintf("%d, and %d that exemptions take out", len(known.New), len(res.TakenOut))
	if known.base != nil {
		text += fmt.Sprintf(", and %d that %s knows", len(known.all)-len(known.New), known.base.Name)
	}
	x.say("findings", "%s", text)
	if ledger != nil {
		x.say("ledger", "%s", ledger.Total.String())
	}
	notes, err := x.notes(cfg, res)
	if err != nil {
		return false, err
	}
	x.mend = append(append(x.mend, known.notes...), notes...)
	if x.Suite.Doctor == nil {
		return whole(res), nil
	}
	lines, mend, err := x.Suite.Doctor(x.runOf(cfg, res, x.Suite.Usage))
	for _, line := range lines {
		fmt.Fprintln(x.Stdout, line)
	}
	if whole(res) {
		x.mend = append(x.mend, mend...)
	}
	return whole(res), err
}
