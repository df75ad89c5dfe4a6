package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"

	"github.com/tenantvet/tenantvet/internal/corpus"
)

// An origin is the code that mutants are made of: the corpus, of which the files
// count that hold clean cases only, and of others the functions that are such a case, or
// a module that is clean as a whole.
type origin struct {
	dir    string
	module bool
	needs  map[string]map[string]bool // of the corpus: see cleanFiles
	only   map[string][]string        // of the corpus: see cleanFiles
	topics map[string]string          // of the corpus: see topicsOf
}

// newOrigin returns the code in a directory.
func newOrigin(dir string, module bool) (*origin, error) {
	dir, err := filepath.Abs(dir)
	if err != nil || module {
		return &origin{dir: dir, module: true}, err
	}
	cases, err := corpus.Read(dir)
	if err != nil {
		return nil, err
	}
	o := &origin{dir: dir, topics: topicsOf(cases)}
	if o.needs, o.only = cleanFiles(cases); len(o.needs) == 0 {
		return nil, fmt.Errorf("%s: no file holds clean cases; mark them with \"// case: NAME clean\"", dir)
	}
	return o, nil
}

// about returns the dimensions that a file is about, nil if it does not count, and
// its topic. The file is relative to the directory.
func (o *origin) about(file string) (need map[string]bool, topic string) {
	if o.module {
		return map[string]bool{"tenant": true, "env": true}, anything
	}
	return o.needs[file], o.topics[file]
}

// clean reports whether mutants are made of a function of a file that counts.
func (o *origin) clean(file, name string) bool {
	only, mixed := o.only[file]
	return !mixed || slices.Contains(only, name)
}

// env is the environment in which the go command is run on the code.
func (o *origin) env() []string {
	env := append(os.Environ(), "GOWORK=off")
	if !o.module {
		env = append(env, "GOFLAGS=-mod=vendor", "GOPROXY=off")
	}
	return env
}

// copyTo copies the code. What its go.mod replaces by a directory stays where it
// is.
func (o *origin) copyTo(root string) error {
	if err := os.CopyFS(root, os.DirFS(o.dir)); err != nil {
		return fmt.Errorf("copying %s: %w", o.dir, err)
	}
	if !o.module {
		return nil
	}
	name := filepath.Join(root, "go.mod")
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	mod, err := modfile.Parse(name, text, nil)
	if err != nil {
		return err
	}
	var errs []error
	for _, r := range mod.Replace {
		if modfile.IsDirectoryPath(r.New.Path) && !filepath.IsAbs(r.New.Path) {
			errs = append(errs, mod.AddReplace(r.Old.Path, r.Old.Version, filepath.Join(o.dir, r.New.Path), ""))
		}
	}
	if text, err = mod.Format(); err != nil {
		return err
	}
	return errors.Join(append(errs, os.WriteFile(name, text, 0o644))...)
}
