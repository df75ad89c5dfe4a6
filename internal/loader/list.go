package loader

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/report"
)

// listed is what "go list -json" says of a package.
type listed struct {
	Dir               string
	ImportPath        string
	Name              string
	Standard          bool
	DepOnly           bool
	Module            *module
	GoFiles           []string
	CgoFiles          []string
	Export            string
	CompiledGoFiles   []string
	IgnoredGoFiles    []string
	IgnoredOtherFiles []string
	CFiles            []string
	CXXFiles          []string
	HFiles            []string
	SFiles            []string
	SysoFiles         []string
	EmbedFiles        []string
	TestGoFiles       []string
	XTestGoFiles      []string
	Imports           []string
	ImportMap         map[string]string
	CgoCFLAGS         []string
	CgoCPPFLAGS       []string
	CgoLDFLAGS        []string
	Error             *listError
}

type module struct {
	Path      string
	Version   string
	Main      bool
	Dir       string
	GoVersion string
	Replace   *module
}

type listError struct {
	ImportStack []string
	Pos         string
	Err         string
}

const listFields = "Dir,ImportPath,Name,Standard,DepOnly,Module,GoFiles,CgoFiles,IgnoredGoFiles,IgnoredOtherFiles," +
	"CFiles,CXXFiles,HFiles,SFiles,SysoFiles,EmbedFiles,TestGoFiles,XTestGoFiles,Imports,ImportMap,CgoCFLAGS,CgoCPPFLAGS,CgoLDFLAGS,Error"

// Env is the part of "go env" that decides how packages are read.
type Env struct {
	GOVERSION, GOROOT, GOOS, GOARCH, GOFLAGS, GOEXPERIMENT, GOWORK, CGO_ENABLED string

	CGO_CFLAGS, CGO_CPPFLAGS, CGO_LDFLAGS, CC string
}

// goCommand runs the go command and returns what it printed. An error holds
// what it said on standard error.
func goCommand(ctx context.Context, cfg *Config, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = cfg.Dir
	cmd.Env = append(slices.Clone(cfg.Env), "PWD="+cfg.Dir)
	var out, errs bytes.Buffer
	cmd.Stdout = &out
	cmd.Stderr = &errs
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if msg := strings.TrimSpace(errs.String()); msg != "" {
			return nil, errors.New(msg)
		}
		if errors.Is(err, exec.ErrNotFound) {
			return nil, errors.New("the go command is not on the PATH: install Go, tenantvet needs it to find packages")
		}
		return nil, fmt.Errorf("go %s: %w", args[0], err)
	}
	return out.Bytes(), nil
}

// ReadEnv asks the go command, which runs in Dir with Env of cfg.
func ReadEnv(ctx context.Context, cfg *Config) (*Env, error) {
	out, err := goCommand(ctx, cfg, "env", "-json", "GOVERSION", "GOROOT", "GOOS", "GOARCH", "GOFLAGS", "GOEXPERIMENT", "GOWORK", "CGO_ENABLED",
		"CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_LDFLAGS", "CC")
	if err != nil {
		return nil, err
	}
	env := new(Env)
	if err := json.Unmarshal(out, env); err != nil {
		return nil, fmt.Errorf("reading go env: %w", err)
	}
	return env, nil
}

// list asks the go command for the packages and all they depend on. It is
// asked directly, not through go/packages: that adds two more processes and a
// second pass over everything, which would be half of the time of a run that
// finds nothing changed.
func list(ctx context.Context, cfg *Config) ([]*listed, error) {
	args := []string{"list", "-e", "-deps", "-json=" + listFields}
	args = append(args, cfg.BuildFlags...)
	args = append(args, "--")
	args = append(args, cfg.Patterns...)
	return decodeList(goCommand(ctx, cfg, args...))
}

// listCompiled asks for the files of cgo packages as the compiler sees them.
// The go command runs cgo for that, hence it is asked only when such a package
// has to be read.
func listCompiled(ctx context.Context, cfg *Config, paths []string) ([]*listed, error) {
	args := []string{"list", "-e", "-compiled", "-json=Dir,ImportPath,CompiledGoFiles,Error"}
	args = append(args, cfg.BuildFlags...)
	args = append(args, "--")
	args = append(args, paths...)
	return decodeList(goCommand(ctx, cfg, args...))
}

// CompiledFiles returns the Go files of the package of that path as the compiler sees
// them, absolute: what cgo makes of them. The go command runs in Dir with Env and
// BuildFlags of cfg.
func CompiledFiles(ctx context.Context, cfg *Config, path string) ([]string, error) {
	pkgs, err := listCompiled(ctx, cfg, []string{path})
	if err != nil {
		return nil, fmt.Errorf("running cgo: %w", err)
	}
	if len(pkgs) == 0 {
		return nil, fmt.Errorf("the go command knows no package %s", path)
	}
	p := pkgs[0]
	if p.Error != nil {
		return nil, problemError{p.Error.problem(cfg.Dir, p)}
	}
	return p.compiled(p.abs(p.CompiledGoFiles))
}

// Exports returns the files of export data of the packages and all they depend on, by
// import path. The go command compiles what is not in its cache. It runs in Dir with
// Env, BuildFlags and Patterns of cfg.
func Exports(ctx context.Context, cfg *Config) (map[string]string, error) {
	args := append([]string{"list", "-e", "-deps", "-export", "-json=ImportPath,Export"}, cfg.BuildFlags...)
	pkgs, err := decodeList(goCommand(ctx, cfg, append(append(args, "--"), cfg.Patterns...)...))
	if err != nil {
		return nil, err
	}
	files := make(map[string]string)
	for _, p := range pkgs {
		if p.Export != "" {
			files[p.ImportPath] = p.Export
		}
	}
	return files, nil
}

// compiled returns those of the compiled files of p that are Go files.
func (p *listed) compiled(files []string) ([]string, error) {
	files = slices.DeleteFunc(slices.Clone(files), func(name string) bool {
		// What cgo made has a name of the build cache, without extension.
		ext := filepath.Ext(name)
		return ext != ".go" && ext != ""
	})
	if len(files) == 0 {
		return nil, fmt.Errorf("cgo made no files of package %s: is a C compiler installed? CGO_ENABLED=0 leaves cgo files out", p.ImportPath)
	}
	return files, nil
}

func decodeList(out []byte, err error) ([]*listed, error) {
	if err != nil {
		return nil, err
	}
	var pkgs []*listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listed)
		if err := dec.Decode(p); err == io.EOF {
			return pkgs, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading the output of go list: %w", err)
		}
		pkgs = append(pkgs, p)
	}
}

// kind classifies p as the vet tool would.
func (p *listed) kind(env *Env) driver.Kind {
	if p.Standard {
		return driver.Std
	}
	var path, version string
	if p.Module != nil {
		path, version = p.Module.Path, p.Module.Version
		if r := p.Module.Replace; r != nil && r.Version != "" {
			version = r.Version
		}
	}
	kind := driver.Classify(p.ImportPath, p.Dir, path, version, env.GOROOT)
	if kind == driver.Own && driver.IsGenerated(p.abs(p.GoFiles)) {
		kind = driver.Generated
	}
	return kind
}

func (p *listed) abs(names ...[]string) []string {
	var out []string
	for _, list := range names {
		for _, name := range list {
			if !filepath.IsAbs(name) {
				name = filepath.Join(p.Dir, name)
			}
			out = append(out, name)
		}
	}
	return out
}

// parsePos reads "file:line:col" as the go command prints it.
func parsePos(dir, s string) report.Pos {
	// Compiled here, for errors only: nothing is at start-up.
	m := regexp.MustCompile(`^(.+?):(\d+)(?::(\d+))?$`).FindStringSubmatch(s)
	if m == nil {
		return report.Pos{}
	}
	p := report.Pos{File: m[1]}
	p.Line, _ = strconv.Atoi(m[2])
	p.Col, _ = strconv.Atoi(m[3])
	if !filepath.IsAbs(p.File) {
		p.File = filepath.Join(dir, p.File)
	}
	return p
}

// problem turns an error of the go command into ours.
func (e *listError) problem(dir string, p *listed) Problem {
	msg := strings.TrimSpace(e.Err)
	pos := parsePos(dir, e.Pos)
	// Messages of the scanner have their place in front of the text too, and
	// those of cgo and the compiler have a "# package" line before it.
	if strings.HasPrefix(msg, "# ") {
		if _, rest, ok := strings.Cut(msg, "\n"); ok {
			msg = strings.TrimSpace(rest)
		}
	}
	if pos.File == "" {
		first, rest, _ := strings.Cut(msg, "\n")
		if i := strings.Index(first, ": "); i > 0 {
			if q := parsePos(dir, first[:i]); q.File != "" {
				pos, msg = q, strings.TrimSpace(first[i+2:]+"\n"+rest)
			}
		}
	}
	if strings.HasPrefix(msg, "import cycle not allowed") && len(e.ImportStack) > 1 {
		msg += ": " + strings.Join(e.ImportStack, " imports ")
	}
	return Problem{Package: p.ImportPath, Pos: pos, Msg: msg}
}
