package driver

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/gcexportdata"
)

// Getenv looks a variable up in an environment of the form "NAME=value". The
// last one of a name counts.
func Getenv(env []string, name string) string {
	for i := len(env) - 1; i >= 0; i-- {
		if v, ok := strings.CutPrefix(env[i], name+"="); ok {
			return v
		}
	}
	return ""
}

// Hash returns a digest of parts that differs for different parts, wherever
// their borders are.
func Hash(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s\n", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// PlainPath returns the package path of an ID of the go command, which for
// test variants has a suffix: "p [p.test]".
func PlainPath(id string) string {
	path, _, _ := strings.Cut(id, " ")
	return path
}

// IsTest reports whether a file is one of tests. No driver reads these: what
// is proven is the code that runs in production, of which tests are no part
// and about which they can prove nothing, while they are often more than half
// of a project.
func IsTest(name string) bool { return strings.HasSuffix(name, "_test.go") }

// Written reports whether somebody wrote the Go file of that name, as far as names
// tell: what cgo makes of files, and adds to them, is in a cache or a temporary
// directory under names of its own.
func Written(name string) bool {
	base := filepath.Base(name)
	return strings.HasSuffix(base, ".go") && !strings.HasSuffix(base, ".cgo1.go") && !strings.HasPrefix(base, "_cgo_")
}

// Position returns the place of pos in a file that somebody wrote. Line directives in
// such a file, of which a generator says where its input is, are not heeded; those that
// cgo puts into what it makes of one are.
func Position(fset *token.FileSet, pos token.Pos) token.Position {
	p := fset.PositionFor(pos, false)
	if p.IsValid() && !Written(p.Filename) {
		return fset.PositionFor(pos, true)
	}
	return p
}

// FirstWritten returns the first of the files, of which there is one at least, that
// somebody wrote, or that cgo made of such a file.
func FirstWritten(fset *token.FileSet, files []*ast.File) *ast.File {
	for _, f := range files {
		if Written(Position(fset, f.Package).Filename) {
			return f
		}
	}
	return files[0]
}

// ReadExport reads the compiler's export data of the package of that path from the
// file. known has the packages that it may refer to, by path; it is added to.
func ReadExport(file, path string, fset *token.FileSet, known map[string]*types.Package) (*types.Package, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("export data of package %q: %w", path, err)
	}
	defer f.Close()
	//lint:ignore SA1019 the go command hands over the compiler's archives up to go1.27; from then on this passes the file through
	r, err := gcexportdata.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("export data of package %q in %s: %w", path, filepath.Base(file), err)
	}
	pkg, err := gcexportdata.Read(r, fset, known, path)
	if err != nil {
		return nil, fmt.Errorf("%w: build tenantvet with the Go version that runs it", err)
	}
	return pkg, nil
}
