package guest

import (
	"context"
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"sync"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/loader"
)

// A universe holds the packages that a pass of the host leads to, by path, and can get
// at those that are missing among them: what a package of the project imports for its
// function bodies alone is not part of what its own importers see. All packages of one
// universe agree on the types that they share. It is not safe for concurrent use.
type universe struct {
	known   map[string]*types.Package
	fset    *token.FileSet
	exports *exports
}

// newUniverse returns the universe of a pass on pkg. What the host has is shared with
// all other passes, and reading export data adds to packages that are not complete: so
// if there is one among them, the universe begins with none.
func newUniverse(pkg *types.Package, fset *token.FileSet, files *exports) *universe {
	u := &universe{known: make(map[string]*types.Package), fset: fset, exports: files}
	work := slices.Clone(pkg.Imports()) // the slice is the package's own
	for len(work) > 0 {
		p := work[len(work)-1]
		work = work[:len(work)-1]
		if !p.Complete() {
			clear(u.known)
			return u
		}
		// A vendored package has a longer path than imports say.
		_, path, vendored := strings.Cut(p.Path(), "/vendor/")
		if !vendored {
			path = p.Path()
		}
		if u.known[path] == nil {
			u.known[path] = p
			work = append(work, p.Imports()...)
		}
	}
	return u
}

// Import returns the package of that path.
func (u *universe) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if pkg := u.known[path]; pkg != nil && pkg.Complete() {
		return pkg, nil
	}
	name, err := u.exports.file(path)
	if err != nil {
		return nil, err
	}
	return driver.ReadExport(name, path, u.fset, u.known)
}

// exports knows the files of export data of all packages that the project depends on.
// It is safe for concurrent use.
type exports struct {
	once  sync.Once
	cfg   loader.Config
	files map[string]string
	err   error
}

// file returns the file of export data of the package of that path.
func (e *exports) file(path string) (string, error) {
	e.once.Do(func() { e.files, e.err = loader.Exports(context.Background(), &e.cfg) })
	if e.err != nil {
		return "", e.err
	}
	if name := e.files[path]; name != "" {
		return name, nil
	}
	return "", fmt.Errorf("the go command has no export data of package %s: does it compile?", path)
}
