package scopeflow_test

import (
	"bytes"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/analyzers"
	"github.com/tenantvet/tenantvet/internal/driver"
)

// world is a module in a temporary directory, checked package by package.
type world struct {
	t    *testing.T
	dir  string
	fset *token.FileSet
	std  types.Importer
	pkgs map[string]*types.Package
	own  map[string]*driver.Section
}

// newWorld returns a module with a policy; std, which may be used again, reads
// the standard library into fset.
func newWorld(t *testing.T, policy string, fset *token.FileSet, std types.Importer) *world {
	w := &world{t: t, dir: t.TempDir(), fset: fset, std: std, pkgs: map[string]*types.Package{}, own: map[string]*driver.Section{}}
	w.write("go.mod", "module example.com/m\n\ngo 1.26\n")
	w.write(".tenantvet.toml", policy)
	for _, dir := range []string{"auth", "store"} { // named by the policy
		w.write(dir+"/doc.go", "package "+dir+"\n")
	}
	return w
}

func (w *world) write(name, text string) string {
	name = filepath.Join(w.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		w.t.Fatal(err)
	}
	return name
}

func (w *world) Import(path string) (*types.Package, error) {
	if p := w.pkgs[path]; p != nil {
		return p, nil
	}
	return w.std.Import(path)
}

// run checks and analyses a package of one file and returns what was found.
func (w *world) run(path, text string) (*driver.Result, []byte) {
	w.t.Helper()
	name := w.write(strings.TrimPrefix(path, "example.com/m/")+"/x.go", text)
	f, err := parser.ParseFile(w.fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		w.t.Fatal(err)
	}
	info := driver.NewInfo()
	conf := types.Config{Importer: w}
	pkg, err := conf.Check(path, w.fset, []*ast.File{f}, info)
	if err != nil {
		w.t.Fatal(err)
	}
	suite := driver.Suite{Analyzers: analyzers.Suite()}
	res, err := suite.Run(&driver.Unit{
		Path: path, Fset: w.fset, Files: []*ast.File{f}, Pkg: pkg, Info: info, Sizes: types.SizesFor("gc", "amd64"),
		Facts: driver.NewFacts(func(path string) *driver.Section { return w.own[path] }),
	}, suite.Analyzers)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, fail := range res.Failures {
		w.t.Fatal(fail)
	}
	data := (&driver.File{Sections: []*driver.Section{res.Own}}).Encode()
	w.pkgs[path] = pkg
	decoded, err := driver.DecodeFile(data)
	if err != nil {
		w.t.Fatal(err)
	}
	if again := decoded.Encode(); !bytes.Equal(again, data) {
		w.t.Errorf("%s: facts differ after a round trip", path)
	}
	for _, sec := range decoded.Sections {
		w.own[sec.Path] = sec
	}
	return res, data
}

const policyText = `
[[source]]
func = "./auth.Tenant"
result = "result0"
dimension = "tenant"

[[sink]]
func = "(*./store.Client).Get"
key = "key"
kind = "cache"
op = "read"
`

const authText = `package auth

import "context"

type key struct{}

func Tenant(ctx context.Context) (string, error) {
	t, _ := ctx.Value(key{}).(string)
	return t, nil
}
`

const storeText = `package store

import (
	"context"
	"strings"
)

type Client struct{}

func (c *Client) Get(ctx context.Context, key string) string { return "" }

type Entries struct{ C *Client }

func (e *Entries) Load(ctx context.Context, id string) string { return e.C.Get(ctx, Key("entry", id)) }

func Key(parts ...string) string { return strings.Join(parts, ":") }

type Filter struct{ Tenant, ID string }

func (f *Filter) Scope(tenant string) *Filter { f.Tenant = tenant; return f }

func (e *Entries) Find(ctx context.Context, f Filter) string {
	return e.C.Get(ctx, f.Tenant+"/"+f.ID)
}

func Each(ids []string, fn func(id string)) {
	for _, id := range ids {
		fn("entry:" + id)
	}
}
`

// TestFacts: obligations and results pass from package to package, encode to
// the same bytes every time, survive a round trip and stay small.
func TestFacts(t *testing.T) {
	var first []byte
	fset := token.NewFileSet()
	std := importer.ForCompiler(fset, "source", nil)
	for i := range 10 {
		w := newWorld(t, policyText, fset, std)
		w.run("example.com/m/auth", authText)
		_, data := w.run("example.com/m/store", storeText)
		if i == 0 {
			first = data
			// A budget, not a measure: raise it only for more that is told.
			if budget := 2500; len(data) > budget {
				t.Errorf("facts of the package take %d bytes; want at most %d", len(data), budget)
			}
			t.Logf("%d bytes of facts", len(data))
		} else if !bytes.Equal(first, data) {
			t.Fatalf("run %d: facts differ from the first run's", i+1)
		}
		if i > 0 {
			continue
		}
		res, _ := w.run("example.com/m/web", `package web

import (
	"context"
	"net/http"

	"example.com/m/auth"
	"example.com/m/store"
)

func Bad(w http.ResponseWriter, r *http.Request, e *store.Entries) {
	e.Load(r.Context(), r.FormValue("id"))
}

func BadFilter(w http.ResponseWriter, r *http.Request, e *store.Entries) {
	e.Find(r.Context(), store.Filter{ID: r.FormValue("id")})
}

func Good(ctx context.Context, r *http.Request, e *store.Entries) {
	t, err := auth.Tenant(ctx)
	if err != nil {
		return
	}
	e.Load(ctx, store.Key(t, r.FormValue("id")))
	f := store.Filter{ID: r.FormValue("id")}
	e.Find(ctx, *f.Scope(t))
}

func Unchecked(ctx context.Context, r *http.Request, e *store.Entries) {
	t, _ := auth.Tenant(ctx)
	e.Load(ctx, store.Key(t, r.FormValue("id")))
}
`)
		var got []string
		for _, f := range res.Findings {
			got = append(got, f.Message)
		}
		want := []string{
			`cache key has no tenant: it is made of Request.FormValue("id") and ":entry" alone`,
			`cache key has no tenant: it is made of Request.FormValue("id") alone`,
			`cache key has no tenant that holds: the error of auth.Tenant is not checked`,
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("findings:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}
