package driver

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// ToolDigest returns a digest of the running executable. Results that another
// build of the tool left in a cache are never used.
func ToolDigest() (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("finding the running executable: %w", err)
	}
	f, err := os.Open(name)
	if err != nil {
		return "", fmt.Errorf("reading the running executable: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("reading the running executable: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// VersionString returns the version of the suite, or else of the main module
// as the build recorded it, or "devel".
func (s Suite) VersionString() string {
	if s.Version != "" {
		return s.Version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}

// A MainModule is a module whose code counts as the project's own.
type MainModule struct {
	Path      string // by which it is imported
	Dir       string // its root, absolute
	GoVersion string // what its go.mod says, such as "1.26.0"
}

// MainModules returns the modules whose code counts as the project's own for a run
// from dir: the module around dir, those that go.work uses, and those that a replace
// directive takes from a local directory. They are sorted by directory. Files that
// cannot be read or parsed are skipped: the go command complains about them better
// than this could.
func MainModules(dir string, getenv func(string) string) []MainModule {
	var out []MainModule
	var add func(dir, path string)
	addReplaced := func(base string, list []*modfile.Replace) {
		for _, r := range list {
			if r.New.Version == "" {
				add(localDir(base, r.New.Path), r.Old.Path)
			}
		}
	}
	add = func(dir, path string) {
		if slices.ContainsFunc(out, func(m MainModule) bool { return m.Dir == dir }) {
			return
		}
		m := MainModule{Path: path, Dir: dir}
		name := filepath.Join(dir, "go.mod")
		var f *modfile.File
		if data, err := os.ReadFile(name); err == nil {
			f, _ = modfile.Parse(name, data, nil)
		}
		if f == nil {
			out = append(out, m)
			return
		}
		if path == "" && f.Module != nil {
			m.Path = f.Module.Mod.Path
		}
		if f.Go != nil {
			m.GoVersion = f.Go.Version
		}
		out = append(out, m)
		addReplaced(dir, f.Replace)
	}
	if d := Upward(dir, "go.mod"); d != "" && d != filepath.Clean(os.TempDir()) { // which the go command ignores
		add(d, "")
	}
	if work := Workspace(dir, getenv); work != "" {
		if data, err := os.ReadFile(work); err == nil {
			if f, err := modfile.ParseWork(work, data, nil); err == nil {
				base := filepath.Dir(work)
				for _, u := range f.Use {
					add(localDir(base, u.Path), "")
				}
				addReplaced(base, f.Replace)
			}
		}
	}
	slices.SortFunc(out, func(a, b MainModule) int { return cmp.Compare(a.Dir, b.Dir) })
	return out
}

// Workspace returns the go.work that is in force for a run from dir, "" if there is
// none.
func Workspace(dir string, getenv func(string) string) string {
	switch work := getenv("GOWORK"); work {
	case "off":
		return ""
	case "":
		if d := Upward(dir, "go.work"); d != "" {
			return filepath.Join(d, "go.work")
		}
		return ""
	default:
		return work
	}
}

func localDir(base, path string) string {
	path = filepath.FromSlash(path)
	if !filepath.IsAbs(path) {
		path = filepath.Join(base, path)
	}
	return filepath.Clean(path)
}

// Upward returns the first directory from dir upward that holds a file of
// that name, or "".
func Upward(dir, name string) string {
	for dir != "" {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && !info.IsDir() {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
	return ""
}

// TestedDirs returns a digest of which directories under the roots hold
// in-package tests: see [HasInPackageTests]. Whether a package has some
// decides how go vet runs the tool on it, but is not part of the key under
// which go vet keeps the answer; so it is made part of the tool's version.
func TestedDirs(roots []string) (string, error) {
	h := sha256.New()
	seen := make(map[string]bool)
	for _, root := range roots {
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
					return nil
				}
				return err
			}
			if !d.IsDir() {
				return nil
			}
			base := d.Name()
			if name != root && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") ||
				base == "testdata" || base == "vendor" || base == "node_modules") {
				return fs.SkipDir
			}
			if seen[name] {
				return fs.SkipDir
			}
			seen[name] = true
			if HasInPackageTests(name) {
				fmt.Fprintf(h, "%q\n", name)
			}
			return nil
		})
		if err != nil {
			return "", fmt.Errorf("looking for tests under %s: %w", root, err)
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// HasInPackageTests reports whether dir has a test file that belongs to the
// package itself whatever the build configuration. Files with a build
// constraint do not count: the same dir may be met with and without them, and
// the answer must not depend on that.
func HasInPackageTests(dir string) bool {
	f, err := os.Open(dir)
	if err != nil {
		return false
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	if err != nil {
		return false
	}
	for _, name := range names {
		if !IsTest(name) || strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") {
			continue
		}
		// A part that might be a GOOS or GOARCH: x_linux_test.go. To be
		// wrong here costs a duplicate line, no more.
		if parts := strings.Split(strings.TrimSuffix(name, "_test.go"), "_"); len(parts) > 1 && maybeTarget(parts[len(parts)-1]) {
			continue
		}
		if inPackage(filepath.Join(dir, name)) {
			return true
		}
	}
	return false
}

func maybeTarget(s string) bool {
	switch s {
	case "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl", "netbsd",
		"openbsd", "plan9", "solaris", "wasip1", "windows", "zos", "unix",
		"386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "loong64", "mips", "mipsle", "mips64", "mips64le",
		"mips64p32", "mips64p32le", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x", "sparc", "sparc64", "wasm":
		return true
	}
	return false
}

// inPackage reports whether the test file has a package clause without the
// suffix _test, and no build constraint before it. It reads no more of the
// file than that, line by line: this runs over every test of a module on each
// "go vet".
func inPackage(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	buf := make([]byte, 0, 2048)
	comment := false
	for at := 0; ; {
		nl := bytes.IndexByte(buf[at:], '\n')
		if nl < 0 {
			if len(buf) > 1<<20 {
				return false
			}
			buf = slices.Grow(buf, 2048)
			n, err := f.Read(buf[len(buf):cap(buf)])
			buf = buf[:len(buf)+n]
			if n == 0 && err != nil {
				nl = len(buf) - at // the last line
				if nl == 0 {
					return false
				}
			} else {
				continue
			}
		}
		line := strings.TrimSpace(string(buf[at : at+nl]))
		at = min(at+nl+1, len(buf))
		for comment || strings.HasPrefix(line, "/*") {
			_, rest, closed := strings.Cut(line, "*/")
			comment = !closed
			line = strings.TrimSpace(rest)
			if !closed {
				break
			}
		}
		if comment || line == "" {
			continue
		}
		if strings.HasPrefix(line, "//go:build ") || strings.HasPrefix(line, "// +build ") {
			return false
		}
		if strings.HasPrefix(line, "//") {
			continue
		}
		rest, ok := strings.CutPrefix(line, "package")
		if !ok {
			return false
		}
		word := strings.Fields(strings.NewReplacer(";", " ", "/", " ").Replace(rest))
		return len(word) > 0 && !strings.HasSuffix(word[0], "_test")
	}
}

// Kind says how the drivers treat a package.
type Kind int

// The kinds of packages.
const (
	Own       Kind = iota // the project's code: analysed and reported on
	Vendored              // a copy in a vendor directory: never reported on
	Generated             // the project's, but large and generated: its types count, its code is not looked at
	Module                // in the module cache: never looked at
	Std                   // the standard library: never looked at
)

// largeGenerated is from how many bytes on a package that consists of
// generated files is not analysed. Such packages (an ORM's, the clients of a
// whole API) are as large as all the rest of a project together, and nobody
// mends a finding there; what their functions return is opaque.
const largeGenerated = 4 << 20

// IsGenerated reports whether a package of the project is of kind Generated:
// whether all of its files that are not tests say that they are generated, in
// the form of https://go.dev/s/generatedcode, and are large together. Files
// that cannot be read are not generated.
func IsGenerated(files []string) bool {
	total := int64(0)
	for _, name := range files {
		if IsTest(name) {
			continue
		}
		info, err := os.Stat(name)
		if err != nil {
			return false
		}
		total += info.Size()
	}
	if total < largeGenerated {
		return false
	}
	for _, name := range files {
		if !IsTest(name) && !saysGenerated(name) {
			return false
		}
	}
	return true
}

// saysGenerated reports whether the head of a file has the comment that marks
// generated code, before its package clause.
func saysGenerated(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 8<<10)
	n, _ := io.ReadFull(f, head)
	for line := range strings.Lines(string(head[:n])) {
		line = strings.TrimRight(line, "\r\n")
		if strings.HasPrefix(line, "// Code generated ") && strings.HasSuffix(line, " DO NOT EDIT.") {
			return true
		}
		if strings.HasPrefix(line, "package ") {
			return false
		}
	}
	return false
}

// Classify says of what kind a package is. Directories decide, not versions:
// a replaced module has a version although it is local, and the version may
// change without go vet asking again.
func Classify(importPath, dir, modulePath, moduleVersion, goroot string) Kind {
	dir = filepath.ToSlash(dir)
	switch {
	case modulePath == "" && importPath != "command-line-arguments" && stdDir(dir, importPath, filepath.ToSlash(goroot)):
		return Std
	case moduleVersion != "" && strings.Contains(dir+"/", "@"+moduleVersion+"/"):
		return Module
	case strings.HasSuffix(dir, "/vendor/"+importPath):
		return Vendored
	}
	return Own
}

func stdDir(dir, importPath, goroot string) bool {
	if goroot != "" && strings.HasPrefix(dir, goroot+"/src/") {
		return true
	}
	// The standard library has no dot in its first path element. GOPATH
	// code may not have one either, hence the directory comes first.
	first, _, _ := strings.Cut(importPath, "/")
	return goroot == "" && !strings.Contains(first, ".")
}
