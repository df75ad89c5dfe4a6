// Package baseline tells findings that were there before from new ones. A
// finding is known again by its rule, the declaration that it is in and the code
// that it is about, not by its line: code that moves keeps it, code that changes
// brings it back.
package baseline

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"strings"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/report"
)

// A Key is what a finding is known by. Findings about the same statement
// written twice in one function have the same key.
type Key struct {
	Rule   string // "unscopedkey/missing"
	Symbol string // "example.com/m/shop.(*Service).Price", or "example.com/m/shop:.tenantvet.toml" in other files than Go's
	Code   string // digest of the statements on the path of the finding
}

// String returns the key on one line.
func (k Key) String() string { return k.Rule + " " + k.Symbol + " " + k.Code }

// Fingerprint returns a digest of the key.
func (k Key) Fingerprint() string {
	sum := sha256.Sum256([]byte(k.String()))
	return hex.EncodeToString(sum[:16])
}

// Analyzer returns the name of the analyzer whose rule it is.
func (k Key) Analyzer() string {
	name, _, _ := strings.Cut(k.Rule, "/")
	return name
}

// In reports whether the finding was one of the package's.
func (k Key) In(pkg string) bool {
	rest, ok := strings.CutPrefix(k.Symbol, pkg)
	return ok && (rest == "" || rest[0] == ':' || rest[0] == '.' && !strings.Contains(rest, "/"))
}

// A Keyer finds the keys of findings. It reads the files that they are in, each
// once, and is not safe for concurrent use.
type Keyer struct {
	files map[string]*file
	roots map[string]string // of the modules, by directory
}

// NewKeyer returns a keyer that has read nothing yet.
func NewKeyer() *Keyer { return &Keyer{files: map[string]*file{}, roots: map[string]string{}} }

// Keys returns the keys of findings, in their order.
func Keys(found []report.Finding) ([]Key, error) {
	keyer := NewKeyer()
	keys := make([]Key, len(found))
	for i, f := range found {
		var err error
		if keys[i], err = keyer.Key(f); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// file is a file that was read.
type file struct {
	fset   *token.FileSet
	syntax *ast.File // nil if it is no Go file
	lines  []string
}

// Key returns the key of a finding. A file that cannot be read is an error.
func (k *Keyer) Key(f report.Finding) (Key, error) {
	key, own, err := k.declaration(f)
	if err != nil {
		return key, err
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%q\n", own.code(f.Pos))
	for _, s := range f.Related {
		text := ""
		// The code of others is no part of what a module may change.
		if s.Pos.File != "" && k.root(s.Pos.File) == k.root(f.Pos.File) {
			at, err := k.file(s.Pos.File)
			if err != nil {
				return key, err
			}
			text = at.code(s.Pos)
		}
		fmt.Fprintf(sum, "%q\n", text)
	}
	key.Code = hex.EncodeToString(sum.Sum(nil)[:12])
	return key, nil
}

// declaration returns the key of a finding without its digest, and the file that it is
// in.
func (k *Keyer) declaration(f report.Finding) (Key, *file, error) {
	key := Key{Rule: f.Rule()}
	own, err := k.file(f.Pos.File)
	if err != nil {
		return key, nil, err
	}
	if own.syntax == nil {
		key.Symbol = f.Package + ":" + filepath.ToSlash(report.Relative(k.root(f.Pos.File), f.Pos.File))
	} else {
		key.Symbol = f.Package + own.symbol(f.Pos.Line)
	}
	return key, own, nil
}

// root returns the root of the module that a file is in, "" if it is in none.
func (k *Keyer) root(name string) string {
	dir := filepath.Dir(name)
	root, ok := k.roots[dir]
	if !ok {
		root = driver.Upward(dir, "go.mod")
		k.roots[dir] = root
	}
	return root
}

func (k *Keyer) file(name string) (*file, error) {
	if f := k.files[name]; f != nil {
		return f, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("reading the code of a finding: %w", err)
	}
	f := &file{fset: token.NewFileSet(), lines: strings.Split(string(data), "\n")}
	if filepath.Ext(name) == ".go" {
		f.syntax, err = parser.ParseFile(f.fset, name, data, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("reading the code of a finding: %w", err)
		}
	}
	k.files[name] = f
	return f, nil
}

// covers reports whether a node is on a line.
func (f *file) covers(n ast.Node, line int) bool {
	// Positions are those of the text, as in findings without line directives.
	return f.fset.PositionFor(n.Pos(), false).Line <= line && line <= f.fset.PositionFor(n.End(), false).Line
}

// symbol returns the name of the declaration on a line, with a dot before it; ""
// if there is none.
func (f *file) symbol(line int) string {
	for _, d := range f.syntax.Decls {
		if !f.covers(d, line) {
			continue
		}
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv != nil && len(d.Recv.List) > 0 {
				return ".(" + receiver(d.Recv.List[0].Type) + ")." + d.Name.Name
			}
			return "." + d.Name.Name
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if !f.covers(s, line) {
					continue
				}
				switch s := s.(type) {
				case *ast.ValueSpec:
					return "." + s.Names[0].Name
				case *ast.TypeSpec:
					return "." + s.Name.Name
				}
			}
		}
	}
	return ""
}

// receiver returns the type of a receiver without its type parameters.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return "*" + receiver(e.X)
	case *ast.ParenExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return "?"
}

// code returns the text of the innermost statement, specification, field or
// declaration at a place, as gofmt would print it and without comments; of one
// that holds others, such as an if, only the head. Where there is none, and in
// other files, it is the line.
func (f *file) code(pos report.Pos) string {
	line := ""
	if pos.Line > 0 && pos.Line <= len(f.lines) {
		line = strings.TrimSpace(f.lines[pos.Line-1])
	}
	if f.syntax == nil {
		return line
	}
	var found ast.Node
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if n == nil || !f.contains(n, pos) {
			return false
		}
		switch n.(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
		case ast.Stmt, ast.Spec, *ast.Field, *ast.FuncDecl:
			found = n
		}
		return true
	})
	if found == nil {
		return line
	}
	var b strings.Builder
	if err := (&printer.Config{Mode: printer.RawFormat}).Fprint(&b, f.fset, head(found)); err != nil {
		return line
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// contains reports whether a node spans a place.
func (f *file) contains(n ast.Node, pos report.Pos) bool {
	from, to := f.fset.PositionFor(n.Pos(), false), f.fset.PositionFor(n.End(), false)
	return (from.Line < pos.Line || from.Line == pos.Line && from.Column <= max(pos.Col, 1)) &&
		(pos.Line < to.Line || pos.Line == to.Line && pos.Col <= to.Column)
}

// head returns a node without the statements that it holds.
func head(n ast.Node) ast.Node {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return &ast.FuncDecl{Recv: n.Recv, Name: n.Name, Type: n.Type}
	case *ast.IfStmt:
		return &ast.IfStmt{If: n.If, Init: n.Init, Cond: n.Cond, Body: &ast.BlockStmt{}}
	case *ast.ForStmt:
		return &ast.ForStmt{For: n.For, Init: n.Init, Cond: n.Cond, Post: n.Post, Body: &ast.BlockStmt{}}
	case *ast.RangeStmt:
		return &ast.RangeStmt{For: n.For, Key: n.Key, Value: n.Value, TokPos: n.TokPos, Tok: n.Tok, X: n.X, Body: &ast.BlockStmt{}}
	case *ast.SwitchStmt:
		return &ast.SwitchStmt{Switch: n.Switch, Init: n.Init, Tag: n.Tag, Body: &ast.BlockStmt{}}
	case *ast.TypeSwitchStmt:
		return &ast.TypeSwitchStmt{Switch: n.Switch, Init: n.Init, Assign: n.Assign, Body: &ast.BlockStmt{}}
	case *ast.LabeledStmt:
		return head(n.Stmt)
	}
	return n
}
