package models

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

const webSource = `package web

type Router struct{}

func (r *Router) Get(path string, h func()) {}
func (r *Router) Do(e Endpoint, mws ...func()) *Router { return r }

type Endpoint struct{ Method, Path string; Handle func() }

func (Endpoint) Where() string { return "" }

type Server struct{ Handler func() }

func New(opts ...func()) *Router { return nil }

var Default = New()

func Get(path string, h func()) {}

type ShopServer interface{ Buy(); hidden() }

const Shop_Buy_Path = "/shop/buy"

func RegisterShopServer(r *Router, s ShopServer) {}
`

func webPackage(t *testing.T) *types.Package {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "web.go", webSource, 0)
	if err != nil {
		t.Fatal(err)
	}
	conf := types.Config{Importer: importer.Default()}
	pkg, err := conf.Check("example.com/web", fset, []*ast.File{f}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

func TestWiring(t *testing.T) {
	pkg := webPackage(t)
	set, err := Decode("web.toml", []byte(`package = "example.com/web"

[[router]]
type = "Router"
order = "stack"

[[route]]
func = "(Router).Get"
verb = "name"
path = "arg0"
handler = "arg1"

[[route]]
func = "(Router).Do"
method = "arg0.Method"
path = "arg0.Path"
handler = "arg0.Handle"
middleware = "arg1..."
to = "result0"

[[use]]
func = "New"
router = "result0"
options = "arg0..."
to = "result0"

[[route]]
func = "Get"
global = "Default"
verb = ["GET", "HEAD"]
path = "arg0"
handler = "arg1"

[[service]]
func = "Register*Server"
router = "arg0"
handler = "arg1"
name = "*_?_Path"

[[serve]]
field = "(Server).Handler"
`), DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ix, _ := Build([]*Set{set}, nil, func(string) *types.Package { return pkg }, pkg, nil)
	if !ix.Wires(pkg) {
		t.Error("the package is not said to wire")
	}
	scope := pkg.Scope()
	wire := func(name string) Wire {
		t.Helper()
		var fn *types.Func
		if typ, method, ok := strings.Cut(name, "."); ok {
			obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(scope.Lookup(typ).Type()), true, pkg, method)
			fn = obj.(*types.Func)
		} else {
			fn = scope.Lookup(name).(*types.Func)
		}
		m := ix.Func(fn)
		if m == nil || len(m.Wires) != 1 {
			t.Fatalf("%s: got %v, want one row", name, m)
		}
		return m.Wires[0]
	}
	if w := wire("Router.Get"); w.Kind != Route || w.Router == nil || w.Router.Base != Recv || !slices.Equal(w.Verbs, []string{"GET"}) || w.Serves != "ServeHTTP" {
		t.Errorf("Get: %+v", w)
	}
	if w := wire("Router.Do"); w.Path == nil || !slices.Equal(w.Path.Path, []string{"Path"}) || w.Method == nil || w.To == nil || len(w.Middleware) != 1 {
		t.Errorf("Do: %+v", w)
	}
	if w := wire("New"); w.Kind != Use || w.Router == nil || w.Router.Base != Result || len(w.Options) != 1 {
		t.Errorf("New: %+v", w)
	}
	if w := wire("Get"); w.Global != "Default" || w.Router != nil || len(w.Verbs) != 2 {
		t.Errorf("function Get: %+v", w)
	}
	if w := wire("RegisterShopServer"); w.Kind != Service || w.Name != "Shop_?_Path" {
		t.Errorf("RegisterShopServer: %+v", w)
	}
	if r := ix.Type(scope.Lookup("Router").Type()).Router; r == nil || !r.Before || !r.Live || !r.Stack {
		t.Errorf("Router: %+v", r)
	}
	st := scope.Lookup("Server").Type().Underlying().(*types.Struct)
	if f := ix.Field(st.Field(0)); f == nil || !f.Serves {
		t.Errorf("Server.Handler: %+v", f)
	}
}

func TestWiringErrors(t *testing.T) {
	pkg := webPackage(t)
	for src, want := range map[string]string{
		"[[router]]\ntype = \"Router\"\n":                                                                           "[[router]] needs order",
		"[[router]]\ntype = \"Router\"\norder = \"later\"\n":                                                        `there is no order "later"`,
		"[[route]]\npath = \"arg0\"\n":                                                                              "[[route]] needs func",
		"[[route]]\nfunc = \"Get\"\nverb = \"get\"\n":                                                               `verb "get" is not in capitals`,
		"[[wrap]]\nfunc = \"Get\"\n":                                                                                "[[wrap]] needs handler",
		"[[group]]\nfunc = \"Get\"\nhandler = \"arg1\"\n":                                                           `unknown key "handler" in [[group]]`,
		"[[use]]\nfunc = \"New\"\nonly = \"all\"\n":                                                                 `there is no only "all"`,
		"[[route]]\nfunc = \"Get\"\npath = \"arg0\"\nhandler = \"arg1\"\n":                                          "it has no receiver: say which parameter is the router",
		"[[route]]\nfunc = \"Get\"\nglobal = \"Main\"\npath = \"arg0\"\nhandler = \"arg1\"\n":                       "package example.com/web has no variable Main",
		"[[route]]\nfunc = \"(Router).Get\"\npath = \"arg7\"\nhandler = \"arg1\"\n":                                 "arg7: it has 2 parameter(s)",
		"[[route]]\nfunc = \"(Router).Do\"\npath = \"arg0.There()\"\nhandler = \"arg0.Handle\"\n":                   "arg0.There(): web.Endpoint has no method There",
		"[[route]]\nfunc = \"(Router).Do\"\npath = \"arg0.Where()\"\nhandler = \"arg0.Where()\"\n":                  "only for the path and the method of a route can a method be called",
		"[[service]]\nfunc = \"RegisterShopServer\"\nrouter = \"arg0\"\nhandler = \"arg1\"\nname = \"No_?_Path\"\n": "has no constant like No_?_Path for a method",
	} {
		set, err := Decode("web.toml", []byte("package = \"example.com/web\"\n\n"+src), DecodeOptions{})
		var got string
		if err != nil {
			got = err.Error()
		} else {
			for _, p := range Check(set, func(string) *types.Package { return pkg }) {
				got += p.Msg + "\n"
			}
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: got\n%s\nwant %s", src, got, want)
		}
	}
}
