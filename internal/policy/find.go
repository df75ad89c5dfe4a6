package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/driver"
)

// Analyzer finds and reads the policy of the package's module and hands it to
// the analyzers that require it, as a *[Policy]. A package of the module cache
// has the default policy: a dependency does not say what its users must do. A
// broken policy is an error that names file, line and column.
var Analyzer = &analysis.Analyzer{
	Name:             "tenantvetpolicy",
	Doc:              "find and read .tenantvet.toml for the other analyzers",
	Run:              run,
	RunDespiteErrors: true,
	ResultType:       reflect.TypeFor[*Policy](),
}

func run(pass *analysis.Pass) (any, error) {
	if len(pass.Files) == 0 {
		return Default(), nil
	}
	dir := filepath.Dir(driver.Position(pass.Fset, driver.FirstWritten(pass.Fset, pass.Files).Package).Filename)
	return ForDir(dir, os.Getenv)
}

// ForDir returns the policy in force for the package in dir: what [Find]
// finds, read for the module that holds dir, or the default one.
func ForDir(dir string, getenv func(string) string) (*Policy, error) {
	if inModuleCache(dir) {
		return Default(), nil
	}
	name, err := Find(dir, getenv)
	if err != nil {
		return nil, err
	}
	if name == "" {
		p := Default()
		p.Dir, p.Module, err = moduleOf(dir)
		return p, err
	}
	return load(name, dir)
}

// ForText is [ForDir] for a policy that is given as text rather than found.
// name stands for the file in errors and findings.
func ForText(name, text, dir string) (*Policy, error) {
	if inModuleCache(dir) {
		return Default(), nil
	}
	return read(name, []byte(text), dir)
}

// inModuleCache reports whether dir belongs to a downloaded module: those, and
// nothing else, have the version in a directory name.
func inModuleCache(dir string) bool {
	return slices.ContainsFunc(strings.Split(filepath.ToSlash(dir), "/"), func(elem string) bool {
		_, version, ok := strings.Cut(elem, "@v")
		return ok && version != "" && version[0] >= '0' && version[0] <= '9'
	})
}

// Find returns the policy file for dir: the one that TENANTVET_POLICY names
// (relative to dir), else the one met walking up from dir to the root of its
// module; "" if there is none. A module has one policy, at its root: a second
// one, or one below the root, is an error, because go vet would not notice
// when it changes.
func Find(dir string, getenv func(string) string) (string, error) {
	if name := getenv(EnvVar); name != "" {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		if _, err := os.Stat(name); err != nil {
			return "", fmt.Errorf("%s names %s, which cannot be read: %w", EnvVar, name, err)
		}
		return name, nil
	}
	found, root, err := upward(dir)
	if err != nil || len(found) == 0 {
		return "", err
	}
	if len(found) > 1 {
		return "", fmt.Errorf("two policies in one module: %s and %s; keep the one at the module's root and move the other's tables there", found[0], found[len(found)-1])
	}
	if root != "" && filepath.Dir(found[0]) != root {
		return "", fmt.Errorf("%s is not at the root of its module; move it to %s", found[0], filepath.Join(root, FileName))
	}
	return found[0], nil
}

// upward returns the policy files from dir up to the root of its module, the
// nearest first, and that root. Outside of modules the root is "" and the walk
// ends at the first policy.
func upward(dir string) (found []string, root string, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, "", fmt.Errorf("policy: %w", err)
	}
	for {
		name := filepath.Join(dir, FileName)
		if st, err := os.Stat(name); err == nil && !st.IsDir() {
			found = append(found, name)
		}
		if st, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil && !st.IsDir() {
			return found, dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			// No module: the nearest policy counts, what is above is not its
			// business.
			return found[:min(len(found), 1)], "", nil
		}
		dir = parent
	}
}

// moduleOf returns root and path of the module that holds dir, both "" if
// there is none.
func moduleOf(dir string) (root, module string, err error) {
	_, root, err = upward(dir)
	if err != nil || root == "" {
		return "", "", err
	}
	data, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return "", "", fmt.Errorf("policy: %w", err)
	}
	return root, modfile.ModulePath(data), nil
}

// BaselineFile returns the file of known findings that the policy in force for
// dir names, "" if it names none.
func BaselineFile(dir string, getenv func(string) string) (string, error) {
	p, err := ForDir(dir, getenv)
	if err != nil {
		return "", err
	}
	return p.Baseline, nil
}

// NoPolicy is the digest of a run that sees no policy.
const NoPolicy = "none"

// Digest returns a digest over every policy that a run from dir can see: the
// one in force for dir, those of the other modules of a workspace, and those
// of modules that go.mod replaces by a directory. It is [NoPolicy] if there is
// none. A broken policy has a digest like any other. It depends on the
// contents only, not on where they are, so that machines can share results.
//
// It belongs into the answer to go vet's -V=full: go vet does not see the
// files that a tool opens.
func Digest(dir string, getenv func(string) string) (string, error) {
	var files []string
	add := func(name string) {
		if !slices.Contains(files, name) {
			files = append(files, name)
		}
	}
	if name := getenv(EnvVar); name != "" {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		add(name)
	} else {
		found, root, err := upward(dir)
		if err != nil {
			return "", err
		}
		for _, name := range found {
			add(name)
		}
		dirs := workspaceDirs(dir, getenv)
		if root != "" {
			dirs = append(dirs, replacedDirs(root)...)
		}
		for _, d := range dirs {
			add(filepath.Join(d, FileName))
		}
	}
	sum := sha256.New()
	n := 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) && getenv(EnvVar) == "" {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("policy: %w", err)
		}
		n++
		one := sha256.Sum256(data)
		sum.Write(one[:])
		base := filepath.Dir(name)
		if getenv(EnvVar) != "" {
			if root, _, err := moduleOf(dir); err == nil && root != "" {
				base = root
			}
		}
		sum.Write(filesDigest(base, data))
	}
	if n == 0 {
		return NoPolicy, nil
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// DigestText is [Digest] for a policy that is given as text.
func DigestText(text, dir string) (string, error) {
	root, _, err := moduleOf(dir)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	one := sha256.Sum256([]byte(text))
	sum.Write(one[:])
	sum.Write(filesDigest(root, []byte(text)))
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// workspaceDirs returns the directories of the modules of the workspace in
// force for dir, if there is one.
func workspaceDirs(dir string, getenv func(string) string) []string {
	name := getenv("GOWORK")
	switch name {
	case "off":
		return nil
	case "":
		abs, err := filepath.Abs(dir)
		if err != nil {
			return nil
		}
		for name == "" {
			try := filepath.Join(abs, "go.work")
			if st, err := os.Stat(try); err == nil && !st.IsDir() {
				name = try
				break
			}
			parent := filepath.Dir(abs)
			if parent == abs {
				return nil
			}
			abs = parent
		}
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil // the go command will say so
	}
	work, err := modfile.ParseWork(name, data, nil)
	if err != nil {
		return nil
	}
	var dirs []string
	for _, u := range work.Use {
		dirs = append(dirs, absolute(filepath.Dir(name), u.Path))
	}
	for _, r := range work.Replace {
		if r.New.Version == "" {
			dirs = append(dirs, absolute(filepath.Dir(name), r.New.Path))
		}
	}
	return dirs
}

// replacedDirs returns the directories that the go.mod at root puts in the
// place of modules.
func replacedDirs(root string) []string {
	name := filepath.Join(root, "go.mod")
	data, err := os.ReadFile(name)
	if err != nil || !strings.Contains(string(data), "replace") {
		return nil
	}
	f, err := modfile.Parse(name, data, nil) // ParseLax leaves replacements out
	if err != nil {
		return nil
	}
	var dirs []string
	for _, r := range f.Replace {
		if r.New.Version == "" {
			dirs = append(dirs, absolute(root, r.New.Path))
		}
	}
	return dirs
}

func absolute(base, name string) string {
	name = filepath.FromSlash(name)
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(base, name)
}
