// Mutants tells how much of a package its tests hold in place. It changes one
// decision of the code at a time and runs the tests: a change that no test
// notices is printed.
//
//	go run ./bench/mutants [-dir runtime] [-run REGEXP] [-skip REGEXP] [-files GLOB]
//
// A mutant is a condition, or an operand of one, that is always true or always
// false; a comparison of order with the bound on the other side; an assignment or
// a call that is left out. All of them are compiled into one test binary, which
// an environment variable tells which one to be, so that a mutant costs no more
// than the tests.
//
// It ends with 1 if fewer than -min of the mutants are noticed.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/tools/go/ast/astutil"
)

func main() {
	dir := flag.String("dir", "runtime", "folder of the package")
	run := flag.String("run", "", "tests to run, as go test -run")
	skip := flag.String("skip", "^(TestAPI|Fuzz.*)$", "tests to leave out, as go test -skip")
	files := flag.String("files", "*.go", "files to change")
	limit := flag.Duration("timeout", time.Minute, "time for the tests of one mutant; one that takes longer is noticed")
	minimum := flag.Float64("min", 0.9, "smallest share of noticed mutants that is a success")
	flag.Parse()
	share, err := mutate(*dir, *files, *run, *skip, *limit)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(2)
	}
	if share < *minimum {
		os.Exit(1)
	}
}

// variable names the mutant to be; prefix begins the names of what is added to
// the package.
const (
	variable = "TENANTVET_MUTANT"
	prefix   = "mutant__"
)

const helpers = `package %s

import (
	"os"
	"strconv"
)

var ` + prefix + `active = func() int { n, _ := strconv.Atoi(os.Getenv("` + variable + `")); return n }()

func ` + prefix + `bool[B ~bool](always int, cond B) B {
	switch ` + prefix + `active {
	case always:
		return true
	case always + 1:
		return false
	}
	return cond
}

func ` + prefix + `off(n int) bool { return ` + prefix + `active == n }

func ` + prefix + `pick[B ~bool](n int, cond, other B) B {
	if ` + prefix + `active == n {
		return other
	}
	return cond
}
`

// mutant is one change.
type mutant struct {
	pos  token.Position
	what string
}

func mutate(dir, glob, run, skip string, limit time.Duration) (share float64, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return 0, err
	}
	names, err := filepath.Glob(filepath.Join(dir, glob))
	if err != nil {
		return 0, err
	}
	tmp, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(tmp)

	m := &mutator{fset: token.NewFileSet(), mutants: []mutant{{}}} // none has the number 0
	overlay := map[string]string{}
	pkg := ""
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(m.fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return 0, err
		}
		pkg = file.Name.Name
		m.file(file)
		var out bytes.Buffer
		if err := format.Node(&out, m.fset, file); err != nil {
			return 0, err
		}
		overlay[name] = filepath.Join(tmp, filepath.Base(name))
		if err := os.WriteFile(overlay[name], out.Bytes(), 0o666); err != nil {
			return 0, err
		}
	}
	if len(m.mutants) == 1 {
		return 0, errors.New("there is nothing to change; is -dir a package?")
	}
	added := filepath.Join(tmp, "helpers.go")
	if err := os.WriteFile(added, fmt.Appendf(nil, helpers, pkg), 0o666); err != nil {
		return 0, err
	}
	overlay[filepath.Join(dir, "zz_mutants.go")] = added
	text, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return 0, err
	}
	list := filepath.Join(tmp, "overlay.json")
	if err := os.WriteFile(list, text, 0o666); err != nil {
		return 0, err
	}
	binary := filepath.Join(tmp, "mutants.test")
	build := exec.Command("go", "test", "-c", "-o", binary, "-overlay", list, ".")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("the changed package does not build: %w\n%s", err, out)
	}

	test := func(n int) (noticed bool) {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		cmd := exec.CommandContext(ctx, binary, "-test.failfast", "-test.short", "-test.run", run, "-test.skip", skip)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), variable+"="+strconv.Itoa(n))
		return cmd.Run() != nil
	}
	if test(0) {
		return 0, errors.New("the tests fail without any change")
	}
	noticed := 0
	for n := 1; n < len(m.mutants); n++ {
		if test(n) {
			noticed++
			continue
		}
		rel, err := filepath.Rel(dir, m.mutants[n].pos.Filename)
		if err != nil {
			return 0, err
		}
		fmt.Printf("%s:%d:%d: not noticed: %s\n", rel, m.mutants[n].pos.Line, m.mutants[n].pos.Column, m.mutants[n].what)
	}
	share = float64(noticed) / float64(len(m.mutants)-1)
	fmt.Printf("%d of %d mutants noticed: %.3f\n", noticed, len(m.mutants)-1, share)
	return share, nil
}

// mutator puts mutants into files.
type mutator struct {
	fset    *token.FileSet
	mutants []mutant
	before  map[ast.Node]mutant // what nodes were and where, before anything changed
}

// add returns the number of a new mutant.
func (m *mutator) add(at ast.Node, change string) *ast.BasicLit {
	was := m.before[at]
	m.mutants = append(m.mutants, mutant{was.pos, was.what + " " + change})
	return &ast.BasicLit{Kind: token.INT, Value: strconv.Itoa(len(m.mutants) - 1)}
}

func (m *mutator) text(n ast.Node) string {
	var out bytes.Buffer
	if err := format.Node(&out, token.NewFileSet(), n); err != nil {
		return "?"
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

func call(name string, args ...ast.Expr) ast.Expr {
	return &ast.CallExpr{Fun: ast.NewIdent(prefix + name), Args: args}
}

func (m *mutator) file(file *ast.File) {
	// Comments would end up anywhere, since the new nodes have no positions.
	file.Comments = nil
	conditions := map[ast.Expr]bool{}
	m.before = map[ast.Node]mutant{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n.(type) {
		case ast.Expr, *ast.AssignStmt, *ast.ExprStmt:
			m.before[n] = mutant{m.fset.Position(n.Pos()), m.text(n)}
		}
		switch n := n.(type) {
		case *ast.IfStmt:
			conditions[n.Cond] = true
		case *ast.ForStmt:
			if n.Cond != nil {
				conditions[n.Cond] = true
			}
		case *ast.SwitchStmt:
			if n.Tag == nil {
				for _, clause := range n.Body.List {
					for _, e := range clause.(*ast.CaseClause).List {
						conditions[e] = true
					}
				}
			}
		case *ast.BinaryExpr:
			if n.Op == token.LAND || n.Op == token.LOR {
				conditions[n.X], conditions[n.Y] = true, true
			}
		case *ast.GenDecl:
			return n.Tok != token.CONST
		}
		return true
	})
	// From the leaves up, so that what is replaced is not visited again.
	astutil.Apply(file, nil, func(c *astutil.Cursor) bool {
		switch n := c.Node().(type) {
		case *ast.BinaryExpr:
			wrapped := ast.Expr(n)
			if other, ok := map[token.Token]token.Token{token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR}[n.Op]; ok && pure(n) {
				wrapped = call("pick", m.add(n, "with "+other.String()), n, &ast.BinaryExpr{X: n.X, Op: other, Y: n.Y})
			}
			if conditions[n] {
				wrapped = m.always(n, wrapped)
			}
			if wrapped != ast.Expr(n) {
				c.Replace(wrapped)
			}
		case ast.Expr:
			if conditions[n] {
				c.Replace(m.always(n, n))
			}
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE && c.Index() >= 0 && !blank(n) {
				c.Replace(m.without(n))
			}
		case *ast.ExprStmt:
			if c.Index() >= 0 {
				c.Replace(m.without(n))
			}
		}
		return true
	})
}

// always makes two mutants of a condition.
func (m *mutator) always(original, now ast.Expr) ast.Expr {
	first := m.add(original, "always true")
	m.add(original, "always false")
	return call("bool", first, now)
}

// without makes a mutant that leaves the statement out.
func (m *mutator) without(s ast.Stmt) ast.Stmt {
	return &ast.IfStmt{
		Cond: &ast.UnaryExpr{Op: token.NOT, X: call("off", m.add(s, "left out"))},
		Body: &ast.BlockStmt{List: []ast.Stmt{s}},
	}
}

// pure reports whether evaluating the expression twice does no harm.
func pure(e ast.Expr) bool {
	ok := true
	ast.Inspect(e, func(n ast.Node) bool {
		if c, is := n.(*ast.CallExpr); is {
			id, _ := c.Fun.(*ast.Ident)
			ok = ok && id != nil && slices.Contains([]string{"len", "cap"}, id.Name)
		}
		return true
	})
	return ok
}

// blank reports whether all that is assigned to is the blank identifier.
func blank(s *ast.AssignStmt) bool {
	return !slices.ContainsFunc(s.Lhs, func(e ast.Expr) bool {
		id, ok := e.(*ast.Ident)
		return !ok || id.Name != "_"
	})
}
