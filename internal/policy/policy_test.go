package policy

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/models"
)

const full = `
[dimensions]
tenant = ["tenant_id", "org_id"]
env = "environment_id"

[require]
cache = ["tenant", "env"]
blob = ["tenant|user"]
topic = []

[[source]]
func = "./internal/auth.TenantID"
result = "result0"
dimension = "tenant"

[[source]]
param = "organizationID"
dimension = "tenant"

[[sink]]
func = "(./internal/cache.Cache).{Get,Set}"
kind = "cache"
key = "key"

[[shared]]
key = ["rates:", "flags:"]
reason = "exchange rates are the same for all"

[[exempt]]
category = "unscopedkey/missing"
func = "(*./internal/admin.Service).*"
file = "internal/**/legacy_*.go"
reason = "admin only"

[[shared]]
global = "./internal/auth.registry"
reason = "filled from configuration"

[[boundary]]
packages = ["./internal/services/..."]
reason = "services take a context only"

[[exempt]]
category = ["unscopedkey", "globalcache"]
package = "./internal/tools/..."
reason = "not served"
`

func mustParse(t testing.TB, src string) *Policy {
	t.Helper()
	p, err := Parse("/m/.tenantvet.toml", []byte(src), "example.com/m")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func needs(p *Policy, k models.Kind) string {
	var out []string
	for _, d := range p.Need(k) {
		out = append(out, strings.ReplaceAll(d.String(), ", ", "|"))
	}
	return strings.Join(out, " & ")
}

// TestBaselineName: the baseline is a file of the module.
func TestBaselineName(t *testing.T) {
	for text, want := range map[string]string{
		"baseline = \"a/b.txt\"\n": "",
		"baseline = \"\"\n":        "p.toml:1:12: the baseline \"\" is not the name of a file",
		"baseline = \"../b\"\n":    "p.toml:1:12: the baseline \"../b\" is not",
		"baseline = 1\n":           "p.toml:1:",
	} {
		p, err := Parse("p.toml", []byte(text), "example.com/m")
		switch {
		case want == "" && (err != nil || filepath.ToSlash(p.Baseline) != "a/b.txt"):
			t.Errorf("%s: %v", text, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v; want %q", text, err, want)
		}
	}
}

func TestNeed(t *testing.T) {
	p := mustParse(t, full)
	source := func(dims string) string {
		return "[[source]]\nfunc = \"a/b.F\"\nresult = \"result0\"\ndimension = " + dims + "\n"
	}
	for _, test := range []struct {
		name string
		p    *Policy
		kind models.Kind
		want string
	}{
		{"stated", p, models.Cache, "tenant & env"},
		{"either", p, models.Blob, "tenant|user"},
		{"nothing", p, models.Topic, ""},
		{"not stated: what the sources yield", p, models.Lock, "tenant"},
		{"default", Default(), models.Cache, "tenant & env"},
		{"no source", mustParse(t, ""), models.Cache, "tenant & env"},
		{"both", mustParse(t, source(`["tenant", "env", "user"]`)), models.Cache, "tenant & env"},
		{"user only", mustParse(t, source(`"user"`)), models.Cache, "user"},
	} {
		if got := needs(test.p, test.kind); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestSynonyms(t *testing.T) {
	p := mustParse(t, full)
	if got := strings.Join(p.Synonyms(models.Tenant), " "); got != "tenant_id org_id" {
		t.Errorf("tenant: %s", got)
	}
	if got := strings.Join(p.Synonyms(models.User), " "); got != "user_id UserID" {
		t.Errorf("user is not set and keeps its default: %s", got)
	}
}

// program type-checks one package of the module.
func program(t testing.TB, path, src string) *types.Package {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "x.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := new(types.Config).Check(path, fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

func TestMatching(t *testing.T) {
	p := mustParse(t, full)
	admin := program(t, "example.com/m/internal/admin", "package admin\n\ntype Service struct{}\n\nfunc (*Service) List() {}\n\nfunc List() {}\n")
	auth := program(t, "example.com/m/internal/auth", "package auth\n\nvar registry, other map[string]int\n\nfunc f() { registry := 1; _ = registry }\n")
	method := types.NewMethodSet(types.NewPointer(admin.Scope().Lookup("Service").Type())).At(0).Obj().(*types.Func)
	plain := admin.Scope().Lookup("List").(*types.Func)
	file := filepath.Join(p.Dir, "internal", "admin", "deep", "legacy_x.go")

	for _, test := range []struct {
		name string
		s    Subject
		want int // index, -1 for none
	}{
		{"all targets match", Subject{Category: "unscopedkey/missing", Func: method, File: file}, 1},
		{"another kind", Subject{Category: "unscopedkey/collision", Func: method, File: file}, -1},
		{"another function", Subject{Category: "unscopedkey/missing", Func: plain, File: file}, -1},
		{"another file", Subject{Category: "unscopedkey/missing", Func: method, File: filepath.Join(p.Dir, "internal", "admin", "x.go")}, -1},
		{"by package, any kind", Subject{Category: "unscopedkey/collision", Package: "example.com/m/internal/tools/x"}, 3},
		{"by package, second category", Subject{Category: "globalcache/map", Package: "example.com/m/internal/tools"}, 3},
		{"a package that only begins like it", Subject{Category: "globalcache/map", Package: "example.com/m/internal/toolset"}, -1},
		{"another rule", Subject{Category: "missingtenant/late", Package: "example.com/m/internal/tools"}, -1},
	} {
		got := -1
		if marks := p.Takes(test.s); len(marks) > 0 {
			got = marks[0].Entry
		}
		if got != test.want {
			t.Errorf("%s: entry %d, want %d", test.name, got, test.want)
		}
	}

	for _, test := range []struct {
		name string
		s    Subject
		want string
	}{
		{"a key", Subject{Keys: [][]string{{"flags:x"}}}, "0.key.1"},
		{"two ways, both shared", Subject{Keys: [][]string{{"flags:x"}, {"a", "rates:"}}}, "0.key.0 0.key.1"},
		{"two ways, one of them not", Subject{Keys: [][]string{{"flags:x"}, {}}}, ""},
		{"a shorter key", Subject{Keys: [][]string{{"flag"}}}, ""},
		{"a variable", Subject{Global: auth.Scope().Lookup("registry").(*types.Var)}, "2.global.0"},
		{"another variable", Subject{Global: auth.Scope().Lookup("other").(*types.Var)}, ""},
		{"every list of an entry", Subject{Category: "unscopedkey/missing", Func: method, File: file}, "1.func.0 1.file.0 1.category.0"},
	} {
		var got []string
		for _, m := range p.Takes(test.s) {
			got = append(got, m.String())
			if back, ok := ParseMark(m.String()); !ok || back != m {
				t.Errorf("%s: %v, read back %v", test.name, m, back)
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	if b := p.Boundary("example.com/m/internal/services/x"); b == nil || b.Reason != "services take a context only" {
		t.Errorf("boundary: %v", b)
	}
	if b := p.Boundary("example.com/m/internal"); b != nil {
		t.Errorf("boundary: %v", b)
	}
	if problems := p.Unresolved(auth); len(problems) != 0 {
		t.Errorf("auth: %v", problems)
	}
	auth = program(t, "example.com/m/internal/auth", "package auth\n\nvar registries int\n")
	if problems := p.Unresolved(auth); len(problems) != 1 || problems[0].At.Line != 35 || problems[0].Msg != `package example.com/m/internal/auth declares no registry; did you mean "registries"?` {
		t.Errorf("auth: %v", problems)
	}
}

func TestIdle(t *testing.T) {
	p := mustParse(t, `
[[shared]]
global = ["./a.hidden", "./a.Seen", "./b.other"]
reason = "r"

[[shared]]
key = ["x:", "y:"]
reason = "r"

[[exempt]]
category = ["unscopedkey", "globalcache"]
func = ["./a.F", "./a.G"]
packages = "./..."
reason = "r"

[[exempt]]
category = "unscopedkey"
packages = ["./a", "./a/..."]
reason = "r"

[[exempt]]
category = "unscopedkey"
file = ["a/x.go", "a/*.go", "x.go"]
reason = "r"
`)
	a := Here{Path: "example.com/m/a", Files: []string{filepath.Join(p.Dir, "a", "x.go")}}
	show := func(list []Idle) string {
		var out []string
		for _, e := range list {
			s := fmt.Sprintf("%d %s %s", e.At.Line, e.Table, e.Text)
			if e.All {
				s += ", all"
			}
			out = append(out, s)
		}
		return strings.Join(out, "\n")
	}
	in := func(marks ...string) string {
		return show(p.IdleIn(a, func(m Mark) bool { return slices.Contains(marks, m.String()) }))
	}
	for _, test := range []struct{ name, got, want string }{
		{"nothing is used", in(), `2 shared global example.com/m/a.hidden
10 exempt func example.com/m/a.F, example.com/m/a.G, all
16 exempt packages example.com/m/a
21 exempt file a/x.go`},
		{"some are", in("0.global.0", "2.func.1", "3.packages.0", "4.file.0"), "10 exempt func example.com/m/a.F"},
		{"another package", show(p.IdleIn(Here{Path: "example.com/m/b"}, func(Mark) bool { return false })), "2 shared global example.com/m/b.other"},
		{"its importers may need it", show(p.IdleIn(Here{Path: "example.com/m/b", Open: []models.Name{{Package: "example.com/m/b", Name: "other"}}}, func(Mark) bool { return false })), ""},
		{"after a run", show(p.IdleAfter([]Mark{{1, "key", 1}, {2, "func", 0}, {2, "func", 1}, {2, "packages", 0}, {2, "category", 0}}, []Mark{{3, "packages", 0}})),
			`2 shared global example.com/m/a.hidden, example.com/m/a.Seen, example.com/m/b.other, all
6 shared key "x:"
10 exempt category globalcache
21 exempt file a/x.go, a/*.go, x.go, all`},
	} {
		if test.got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, test.got, test.want)
		}
	}

	fset := token.NewFileSet()
	if pos := fset.Position(p.File(fset).LineStart(16)); pos.Line != 16 || pos.Column != 1 || pos.Filename != p.Path {
		t.Errorf("line 16 is at %v", pos)
	}
	if Default().File(fset) != nil {
		t.Error("the default policy has a file")
	}
}

func TestMatchFile(t *testing.T) {
	for _, test := range []struct {
		glob, name string
		want       bool
	}{
		{"*_gen.go", "a/b/x_gen.go", true}, {"a/*.go", "a/x.go", true}, {"a/*.go", "a/b/x.go", false},
		{"a/**", "a/b/x.go", true}, {"**/x.go", "x.go", true}, {"**/b/**", "a/b/c/x.go", true}, {"**/b/**", "a/c/x.go", false},
		{"a/x.go", "a/x.go/y", false},
	} {
		if got := matchFile(test.glob, test.name); got != test.want {
			t.Errorf("%s %s: %t", test.glob, test.name, got)
		}
	}
}

func TestComplaints(t *testing.T) {
	for _, test := range []struct{ name, src, want string }{
		{"no TOML", "[[shared]\n", "p:1:9: not valid TOML: expected end of table array name delimiter ']', but got '\\n' instead"},
		{"unknown table", "[[exemt]]\n", `p:1:1: unknown key "exemt" at the top of the file; did you mean "exempt"?`},
		{"unknown key", "[[shared]]\nkey = \"a\"\nreason = \"r\"\nreasn = \"r\"\n", `p:4:1: unknown key "reasn" in [[shared]]; did you mean "reason"?`},
		{"unknown dimension", "[dimensions]\norg = [\"a\"]\n", `p:2:1: unknown key "org" in [dimensions]; known here: env, tenant, user`},
		{"synonym of two", "[dimensions]\ntenant = \"id\"\nenv = \"id\"\n", `p:3:7: "id" is a name for tenant already; a name stands for one dimension`},
		{"environments without names", "[environments]\n", `p:1:1: [environments] names none; write names = ["dev", "prod"], or leave the table out`},
		{"tests without files", "[tests]\npackages = \"./store\"\n", `p:1:1: [tests] names none; write isolation = "internal/*/*_test.go", or leave the table out`},
		{"tests by no glob", "[tests]\nisolation = \"/a_test.go\"\n", `p:2:13: isolation "/a_test.go" is not a glob; globs are relative to the module's root, with / between elements`},
		{"unknown kind", "[require]\ncash = [\"tenant\"]\n", `p:2:1: unknown key "cash" in [require]; did you mean "cache"?`},
		{"bad requirement", "[require]\ncache = [\"tenant,env\"]\n", `p:2:10: cache: there is no dimension "tenant,env"; dimensions are tenant, env and user; write "tenant|user" for either`},
		{"no reason", "[[shared]]\nkey = \"a:\"\n", `p:1:1: [[shared]] needs a reason; say why, for whoever reads it next`},
		{"blank reason", "[[shared]]\nkey = \"a:\"\nreason = \" \"\n", `p:3:10: [[shared]] needs a reason; say why, for whoever reads it next`},
		{"reason of another type", "[[shared]]\nkey = \"a:\"\nreason = 1\n", `p:3:10: reason must be a string, not the number 1`},
		{"shared nothing", "[[shared]]\nreason = \"r\"\n", `p:1:1: [[shared]] needs one of key, global, func, table`},
		{"shared two", "[[shared]]\nkey = \"a:\"\nfunc = \"./x.F\"\nreason = \"r\"\n", `p:3:1: [[shared]] has more than one of key, global, func, table; write two [[shared]] entries`},
		{"empty prefix", "[[shared]]\nkey = \"\"\nreason = \"r\"\n", `p:2:7: an empty prefix would make every key shared; give a constant beginning of the keys`},
		{"exempt everything", "[[exempt]]\ncategory = \"unscopedkey\"\nreason = \"r\"\n", `p:1:1: [[exempt]] needs one of func, global, packages, package, file`},
		{"exempt without category", "[[exempt]]\nfile = \"x.go\"\nreason = \"r\"\n", `p:1:1: [[exempt]] needs a category; write category = "unscopedkey/missing"`},
		{"bad category", "[[exempt]]\ncategory = \"Unscoped Key\"\nfile = \"x.go\"\nreason = \"r\"\n", `p:2:12: "Unscoped Key" is not a category; categories look like "unscopedkey" or "unscopedkey/missing"`},
		{"bad dimension of an exemption", "[[exempt]]\ncategory = \"unscopedkey\"\nfile = \"x.go\"\ndimension = \"org\"\nreason = \"r\"\n", `p:4:13: there is no dimension "org"; dimensions are tenant, env and user`},
		{"bad glob", "[[exempt]]\ncategory = \"globalcache\"\nfile = \"a/[\"\nreason = \"r\"\n", `p:3:8: file "a/[" is not a glob`},
		{"absolute file", "[[exempt]]\ncategory = \"globalcache\"\nfile = \"/a\"\nreason = \"r\"\n", `p:3:8: file "/a" is not a glob; globs are relative to the module's root, with / between elements`},
		{"name without package", "[[exempt]]\ncategory = \"globalcache\"\nglobal = \"cache\"\nreason = \"r\"\n", `p:3:10: global "cache" has no package: write ./dir.cache or import/path.cache`},
		{"boundary without packages", "[[boundary]]\nreason = \"r\"\n", `p:1:1: [[boundary]] needs one of packages`},
		{"library keys", "library = \"x\"\n", `p:1:1: unknown key "library" at the top of the file`},
		{"model rows", "[[sink]]\nfunc = \"./x.F\"\nkind = \"cache\"\nkey = \"arg\"\n", `p:4:7: key "arg" needs a number: arg0 is the first`},
		{"two at once", "[[shared]]\nkey = \"a\"\n\n[[boundary]]\npackages = \"./...\"\n", "p:1:1: [[shared]] needs a reason; say why, for whoever reads it next\np:4:1: [[boundary]] needs a reason; say why, for whoever reads it next"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse("p", []byte(test.src), "example.com/m")
			var es models.Errors
			if !errors.As(err, &es) {
				t.Fatalf("%T %v", err, err)
			}
			if err.Error() != test.want {
				t.Errorf("got\n%s\nwant\n%s", err, test.want)
			}
		})
	}
}

func TestCheckCategories(t *testing.T) {
	p := mustParse(t, full)
	err := p.CheckCategories(func(c string) bool { return c != "globalcache" })
	if err == nil || !strings.Contains(err.Error(), `.tenantvet.toml:43:1: there is no category "globalcache"`) {
		t.Error(err)
	}
	if err := p.CheckCategories(func(string) bool { return true }); err != nil {
		t.Error(err)
	}
}

func loadFile(name string) (*Policy, error) { return load(name, filepath.Dir(name)) }

// tree writes files, given as name and text, and returns their directory.
func tree(t testing.TB, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		name := filepath.Join(dir, filepath.FromSlash(files[i]))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(files[i+1]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

const gomod = "module example.com/m\n\ngo 1.26\n"

func TestFind(t *testing.T) {
	for _, test := range []struct {
		name  string
		files []string
		dir   string
		env   []string
		want  string // relative, or the error
	}{
		{"none", []string{"go.mod", gomod, "a/x.go", ""}, "a", nil, ""},
		{"at the root", []string{"go.mod", gomod, FileName, "", "a/b/x.go", ""}, "a/b", nil, FileName},
		{"above the root does not count", []string{FileName, "", "m/go.mod", gomod}, "m", nil, ""},
		{"below the root", []string{"go.mod", gomod, "a/" + FileName, ""}, "a", nil, "a/" + FileName + " is not at the root of its module; move it to " + FileName},
		{"two", []string{"go.mod", gomod, FileName, "", "a/" + FileName, "", "a/b/x.go", ""}, "a/b", nil, "two policies in one module: a/" + FileName + " and " + FileName + "; keep the one at the module's root and move the other's tables there"},
		{"named, relative", []string{"go.mod", gomod, FileName, "", "x.toml", "", "a/x.go", ""}, "a", []string{EnvVar, "../x.toml"}, "x.toml"},
		{"named, missing", []string{"go.mod", gomod}, ".", []string{EnvVar, "x.toml"}, EnvVar + " names x.toml, which cannot be read"},
		{"no module", []string{FileName, "", "a/x.go", ""}, "a", nil, FileName},
	} {
		t.Run(test.name, func(t *testing.T) {
			root := tree(t, test.files...)
			got, err := Find(filepath.Join(root, filepath.FromSlash(test.dir)), env(test.env...))
			if err != nil {
				got = err.Error()
			}
			got = filepath.ToSlash(strings.ReplaceAll(got, root+string(filepath.Separator), ""))
			if got != test.want && (err == nil || !strings.HasPrefix(got, test.want)) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestLoadChecksPackages(t *testing.T) {
	root := tree(t,
		"go.mod", gomod+"\nrequire github.com/x/y v1.0.0\n",
		"internal/auth/a.go", "package auth\n",
		FileName, `
[[source]]
func = "./internal/auth.TenantID"
result = "result0"
dimension = "tenant"

[[source]]
func = "./internal/auht.TenantID"
result = "result0"
dimension = "tenant"

[[sink]]
func = ["github.com/x/y/z.F", "github.com/x/yy.F", "net/http.Get"]
kind = "cache"
key = "arg0"

[[boundary]]
packages = ["./internal/...", "./services/..."]
reason = "r"

[[exempt]]
category = "globalcache"
global = "./nowhere.cache"
reason = "r"
`)
	_, err := loadFile(filepath.Join(root, FileName))
	if err == nil {
		t.Fatal("no error")
	}
	got := strings.ReplaceAll(err.Error(), root+string(filepath.Separator), "")
	const want = `.tenantvet.toml:8:8: there is no directory ./internal/auht for package example.com/m/internal/auht; check the path
.tenantvet.toml:13:31: package github.com/x/yy is in no module that go.mod requires; add the module to go.mod or correct the path
.tenantvet.toml:18:31: there is no directory ./services for package example.com/m/services; check the path
.tenantvet.toml:23:10: there is no directory ./nowhere for package example.com/m/nowhere; check the path`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestLoadKnowsWorkspaces(t *testing.T) {
	t.Setenv("GOWORK", "")
	root := tree(t,
		"go.work", "go 1.26\n\nuse (\n\t./a\n\t./b\n)\n",
		"a/go.mod", "module example.com/a\n", "b/go.mod", "module example.com/b\n",
		"a/"+FileName, "[[shared]]\nfunc = \"example.com/b/x.F\"\nreason = \"r\"\n")
	p, err := loadFile(filepath.Join(root, "a", FileName))
	if err != nil {
		t.Fatal(err)
	}
	if p.Module != "example.com/a" || p.Dir != filepath.Join(root, "a") || !p.IsSet() {
		t.Errorf("%s in %s", p.Module, p.Dir)
	}
}

// A policy named from elsewhere speaks of the module under analysis.
func TestNamedPolicySpeaksOfTheModule(t *testing.T) {
	root := tree(t, "go.mod", gomod, "x/x.go", "package x\n",
		"elsewhere/go.mod", "module example.com/other\n", "elsewhere/p.toml", "[[shared]]\nglobal = \"./x.cache\"\nreason = \"r\"\n")
	p, err := ForDir(filepath.Join(root, "x"), env(EnvVar, filepath.Join(root, "elsewhere", "p.toml")))
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Shared[0].Globals[0].String(); got != "example.com/m/x.cache" {
		t.Errorf("global %s", got)
	}
}

func TestModuleCacheHasTheDefaultPolicy(t *testing.T) {
	root := tree(t, "pkg/mod/example.com/m@v1.2.3/go.mod", gomod, "pkg/mod/example.com/m@v1.2.3/"+FileName, full)
	p, err := ForDir(filepath.Join(root, "pkg", "mod", "example.com", "m@v1.2.3"), env())
	if err != nil || p.IsSet() {
		t.Errorf("%v, %v", p, err)
	}
}

func TestDigest(t *testing.T) {
	digest := func(dir string, getenv func(string) string) string {
		t.Helper()
		d, err := Digest(dir, getenv)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	root := tree(t,
		"go.work", "go 1.26\n\nuse (\n\t./a\n\t./b\n)\n",
		"a/go.mod", "module example.com/a\n\nreplace example.com/c => ../c\n", "a/x/x.go", "",
		"b/go.mod", "module example.com/b\n", "c/go.mod", "module example.com/c\n")
	dir := filepath.Join(root, "a", "x")
	if d := digest(dir, env()); d != NoPolicy {
		t.Errorf("no policy: %s", d)
	}
	seen := map[string]string{NoPolicy: "none"}
	step := func(what string, getenv func(string) string) {
		t.Helper()
		d := digest(dir, getenv)
		if d != digest(dir, getenv) {
			t.Errorf("%s: two answers", what)
		}
		if before, dup := seen[d]; dup {
			t.Errorf("%s: same digest as %s", what, before)
		}
		seen[d] = what
	}
	write(filepath.Join(root, "a", FileName), "# one\n")
	step("own policy", env())
	write(filepath.Join(root, "a", FileName), "# two\n")
	step("own policy edited", env())
	write(filepath.Join(root, "b", FileName), "broken [\n")
	step("policy of the workspace", env())
	if d := digest(dir, env("GOWORK", "off")); seen[d] != "own policy edited" {
		t.Errorf("without the workspace: %s", seen[d])
	}
	write(filepath.Join(root, "c", FileName), "# c\n")
	step("policy of a replaced module", env())
	write(filepath.Join(root, "a", "x", FileName), "# nested\n")
	step("nested policy", env())
	write(filepath.Join(root, "p.toml"), "# named\n")
	step("named policy", env(EnvVar, filepath.Join(root, "p.toml")))
	if _, err := Digest(dir, env(EnvVar, "nowhere.toml")); err == nil {
		t.Error("a named policy that does not exist has a digest")
	}

	// The digest is of contents, not of places.
	other := tree(t, "go.mod", gomod, FileName, "# one\n")
	if d := digest(other, env()); seen[d] != "own policy" {
		t.Errorf("same policy elsewhere: %q", seen[d])
	}
}

func TestExplain(t *testing.T) {
	var b strings.Builder
	if err := mustParse(t, full).Explain(&b); err != nil {
		t.Fatal(err)
	}
	const want = `policy   /m/.tenantvet.toml
module   example.com/m

required in keys
  cache    tenant, env              .tenantvet.toml:7
  lock     tenant                   what the sources yield
  blob     tenant|user              .tenantvet.toml:8
  topic    nothing                  .tenantvet.toml:9
  store    tenant                   what the sources yield
  task     tenant                   what the sources yield
  query    tenant                   what the sources yield

names of dimensions
  tenant   tenant_id, org_id
  env      environment_id
  user     user_id, UserID

rows
  source   example.com/m/internal/auth.TenantID (tenant)  .tenantvet.toml:12
  sink     (example.com/m/internal/cache.Cache).Get  .tenantvet.toml:21
  sink     (example.com/m/internal/cache.Cache).Set  .tenantvet.toml:21
  source   parameter organizationID in the module (tenant)  .tenantvet.toml:16

shared by all tenants
  key "rates:", "flags:": exchange rates are the same for all  .tenantvet.toml:25
  global example.com/m/internal/auth.registry: filled from configuration  .tenantvet.toml:35

packages that establish scope for themselves
  example.com/m/internal/services/...: services take a context only  .tenantvet.toml:39

exempt
  unscopedkey/missing: func (example.com/m/internal/admin.Service).*; file internal/**/legacy_*.go: admin only  .tenantvet.toml:29
  unscopedkey, globalcache: packages example.com/m/internal/tools/...: not served  .tenantvet.toml:43
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	b.Reset()
	if err := Default().Explain(&b); err != nil || !strings.HasPrefix(b.String(), "policy   none: defaults are in force\n") {
		t.Errorf("%v\n%s", err, b.String())
	}
}

func TestAnalyzer(t *testing.T) {
	t.Setenv(EnvVar, "")
	root := tree(t, "go.mod", gomod, FileName, "[[shared]]\nkey = \"a\"\nreasn = \"r\"\n", "x/x.go", "package x\n")
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, filepath.Join(root, "x", "x.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	pass := &analysis.Pass{Fset: fset, Files: []*ast.File{file}}
	_, err = Analyzer.Run(pass)
	if err == nil || !strings.Contains(err.Error(), FileName+":3:1: unknown key") {
		t.Errorf("broken policy: %v", err)
	}
	if err := os.WriteFile(filepath.Join(root, FileName), []byte("[require]\ncache = \"user\"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	got, err := Analyzer.Run(pass)
	if err != nil {
		t.Fatal(err)
	}
	if p := got.(*Policy); needs(p, models.Cache) != "user" || p.Module != "example.com/m" {
		t.Errorf("%+v", p)
	}
	if got, err := Analyzer.Run(&analysis.Pass{Fset: fset}); err != nil || got.(*Policy).IsSet() {
		t.Errorf("no files: %v, %v", got, err)
	}
	if err := analysis.Validate([]*analysis.Analyzer{Analyzer}); err != nil {
		t.Error(err)
	}
}

// FuzzParse: whatever the text, no panic, and errors have places.
func FuzzParse(f *testing.F) {
	f.Add([]byte(full))
	f.Add([]byte("[require]\ncache = [\"tenant|user\"]\n[[exempt]]\ncategory = []\nfile = [\"**/x\", 1]\n"))
	f.Add([]byte("shared = [{key = [], reason = 3}]\nboundary = {}\ndimensions = 1\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := Parse("p", text, "example.com/m")
		if err != nil {
			var es models.Errors
			if !errors.As(err, &es) || len(es) == 0 {
				t.Fatalf("%T", err)
			}
			for _, e := range es {
				if e.Line < 1 || e.Col < 1 || e.Msg == "" {
					t.Fatalf("%+v", e)
				}
			}
			return
		}
		var b strings.Builder
		if err := p.Explain(&b); err != nil {
			t.Fatal(err)
		}
		for i := range len(p.Shared) + len(p.Exempts) {
			if !slices.ContainsFunc(p.IdleAfter(nil, nil), func(e Idle) bool { return e.Text != "" && e.All && e.Marks[0].Entry == i }) {
				t.Fatalf("entry %d says nothing", i)
			}
		}
		for _, s := range p.Shared {
			if strings.TrimSpace(s.Reason) == "" {
				t.Fatal("a shared entry without a reason")
			}
		}
		p.Takes(Subject{Category: "globalcache/map", Package: "example.com/m", File: "/x/y.go", Keys: [][]string{{"x"}}})
	})
}

func BenchmarkDigest(b *testing.B) {
	root := tree(b, "go.mod", gomod, FileName, full, "a/b/c/x.go", "")
	for b.Loop() {
		if _, err := Digest(filepath.Join(root, "a", "b", "c"), env()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := Parse("p", []byte(full), "example.com/m"); err != nil {
			b.Fatal(err)
		}
	}
}

func TestSchema(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	none := func(string) string { return "" }
	digest := func() string {
		t.Helper()
		d, err := Digest(dir, none)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	write("go.mod", "module example.com/m\n")
	write(FileName, "[schema]\nddl = \"db/*.sql\"\n\n[[table]]\nname = \"Rates\"\ncolumns = [\"id\", \"Tenant_ID\"]\n")
	if _, err := ForDir(dir, none); err == nil || !strings.Contains(err.Error(), FileName+`:2:7: ddl "db/*.sql" matches no file`) {
		t.Fatalf("a pattern that matches nothing: %v", err)
	}
	// Migrations run by number: the tenth takes away what the ninth added.
	write("db/9_more.sql", "ALTER TABLE orders ADD COLUMN env text;")
	write("db/10_less.sql", "ALTER TABLE orders DROP COLUMN env;")
	write("db/1_first.sql", "CREATE TABLE orders (id int, tenant_id text);")
	p, err := ForDir(dir, none)
	if err != nil {
		t.Fatal(err)
	}
	for table, want := range map[string]string{"orders": "[id tenant_id] true", "rates": "[id tenant_id] true", "other": "[] false"} {
		cols, known := p.Schema().Columns(table)
		if got := fmt.Sprint(cols, known); got != want {
			t.Errorf("%s: got %s, want %s", table, got, want)
		}
	}
	before := digest()
	write("db/11_more.sql", "CREATE TABLE late (id int);")
	if digest() == before {
		t.Error("a new migration leaves the digest as it was, so go vet would go on answering from its cache")
	}
}

// TestReferences: a reference that the policy lists is one beside those of the files,
// and what it names has to be there.
func TestReferences(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/m\n")
	write("db.sql", "CREATE TABLE users (id int PRIMARY KEY, org text); CREATE TABLE keys (id int, owner int, by int REFERENCES users);")
	policy := func(rows string) (*Policy, error) {
		t.Helper()
		write(FileName, "[schema]\nddl = \"*.sql\"\n\n"+rows)
		p, err := ForDir(dir, func(string) string { return "" })
		if err == nil {
			err = p.Schema().Check()
		}
		return p, err
	}
	p, err := policy("[[table]]\nname = \"Keys\"\nreferences = { Owner = \"users\" }\n")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, fk := range p.Schema().ForeignKeys("keys") {
		got = append(got, fmt.Sprint(fk.Columns, fk.Parent))
	}
	if cols, _ := p.Schema().Columns("keys"); fmt.Sprint(got, cols) != "[[by]users [owner]users] [id owner by]" {
		t.Errorf("got %s, columns %s", got, cols)
	}
	for rows, want := range map[string]string{
		"[[table]]\nname = \"keys\"\nreferences = { owner = \"people\" }\n":   ":6:24: references: there is no table people",
		"[[table]]\nname = \"keys\"\nreferences = { owner = \"users.no\" }\n": ":6:24: references: table users has no column no: it has id, org",
		"[[table]]\nname = \"keys\"\nreferences = { holder = \"users\" }\n":   ":6:25: references: table keys has no column holder",
		"[[table]]\nname = \"locks\"\nreferences = { owner = \"users\" }\n":   ":6:24: references: there is no table locks",
		"[[table]]\nname = \"keys\"\nreferences = { owner = \"\" }\n":         "write column = \"table\"",
		"[[table]]\nname = \"keys\"\nreferences = \"users\"\n":                "references",
		"[[table]]\nname = \"keys\"\nreferences = { owner = [\"users\"] }\n":  "owner",
	} {
		if _, err := policy(rows); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", rows, err, want)
		}
	}
	write(FileName, "[[table]]\nname = \"keys\"\nreferences = { owner = \"users\" }\n")
	if _, err := ForDir(dir, func(string) string { return "" }); err == nil || !strings.Contains(err.Error(), "[schema] ddl") {
		t.Errorf("without columns: %v", err)
	}
}

// TestSchemaMembers: tables whose rows belong to those tenants that others link to
// them, and packages whose statements keep to what children refer to.
func TestSchemaMembers(t *testing.T) {
	const ddl = `CREATE TABLE people (id text PRIMARY KEY, name text);
CREATE TABLE seats (org_id text, person text REFERENCES people (id));
CREATE TABLE links (org_id text, whom text);
CREATE TABLE likes (person text REFERENCES people (id), what text);`
	policy := func(t *testing.T, rows string) (*Policy, error) {
		dir := t.TempDir()
		for name, text := range map[string]string{
			"go.mod": "module example.com/m\n", "schema.sql": ddl,
			FileName: "[dimensions]\ntenant = \"org_id\"\n[schema]\nddl = \"schema.sql\"\n" + rows,
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range []string{"store", "jobs"} {
			if err := os.Mkdir(filepath.Join(dir, name), 0o777); err != nil {
				t.Fatal(err)
			}
		}
		p, err := ForDir(dir, func(string) string { return "" })
		if err == nil {
			err = p.Schema().Check()
		}
		return p, err
	}
	p, err := policy(t, "children = [\"./store/...\", \"./jobs\"]\n[[table]]\nname = \"People\"\nmembers = \"Seats\"\n")
	if err != nil {
		t.Fatal(err)
	}
	s := p.Schema()
	if cols, known := s.Columns("people"); !known || len(cols) != 2 {
		t.Errorf("people has columns %s, known %t", cols, known)
	}
	if got := s.Members("people") + "," + s.Members("seats"); got != "seats," {
		t.Errorf("members %s", got)
	}
	for pkg, want := range map[string]bool{
		"example.com/m/store": true, "example.com/m/store/sql": true, "example.com/m/jobs": true,
		"example.com/m/jobs/x": false, "example.com/m": false,
	} {
		if s.Children(pkg) != want {
			t.Errorf("children of %s: %t", pkg, !want)
		}
	}
	if _, err := policy(t, "[[table]]\nname = \"people\"\nmembers = \"links\"\n[[table]]\nname = \"links\"\nreferences = { whom = \"people\" }\n"); err != nil {
		t.Errorf("by a reference of the policy: %v", err)
	}
	for rows, want := range map[string]string{
		"[[table]]\nname = \"persons\"\nmembers = \"seats\"\n":  ":7:11: members: there is no table persons",
		"[[table]]\nname = \"people\"\nmembers = \"stools\"\n":  ":7:11: members: there is no table stools",
		"[[table]]\nname = \"people\"\nmembers = \"likes\"\n":   ":7:11: members: table likes has no scope column that says of which tenant its members are: it has person, what",
		"[[table]]\nname = \"people\"\nmembers = \"links\"\n":   ":7:11: members: no column of links is known to refer to people: list it under references of links",
		"[[table]]\nname = \"people\"\nmembers = [\"seats\"]\n": "members",
		"children = 3\n": "children",
	} {
		if _, err := policy(t, rows); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", rows, err, want)
		}
	}
}

// TestSchemaUnreadable: a file of tables that cannot be read is an error, in
// every way in which that may be, and each way has a digest of its own.
func TestSchemaUnreadable(t *testing.T) {
	link := func(t *testing.T, to, name string) {
		t.Helper()
		if err := os.Symlink(to, name); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
	}
	none := func(string) string { return "" }
	digests := map[string]string{}
	for name, tt := range map[string]struct {
		spoil func(t *testing.T, db string)
		want  string // of the error; "" for none
	}{
		"readable": {func(t *testing.T, db string) {
			if err := os.WriteFile(filepath.Join(db, "2.sql"), []byte("CREATE TABLE late (id int);"), 0o666); err != nil {
				t.Fatal(err)
			}
		}, ""},
		"empty": {func(t *testing.T, db string) {
			if err := os.WriteFile(filepath.Join(db, "2.sql"), nil, 0o666); err != nil {
				t.Fatal(err)
			}
		}, ""},
		"directory": {func(t *testing.T, db string) {
			if err := os.Mkdir(filepath.Join(db, "2.sql"), 0o777); err != nil {
				t.Fatal(err)
			}
		}, ""},
		"dangling": {func(t *testing.T, db string) {
			link(t, "nowhere", filepath.Join(db, "2.sql"))
		}, "db/2.sql"},
		"loop": {func(t *testing.T, db string) {
			link(t, "2.sql", filepath.Join(db, "2.sql"))
		}, "db/2.sql"},
		"no permission": {func(t *testing.T, db string) {
			if os.Geteuid() <= 0 {
				t.Skip("everything can be read here")
			}
			if err := os.WriteFile(filepath.Join(db, "2.sql"), nil, 0); err != nil {
				t.Fatal(err)
			}
		}, "db/2.sql"},
	} {
		t.Run(name, func(t *testing.T) {
			root := tree(t, "go.mod", gomod, FileName, "[schema]\nddl = [\"db/1.sql\", \"db/*.sql\"]\n", "db/1.sql", "CREATE TABLE orders (id int);")
			tt.spoil(t, filepath.Join(root, "db"))
			p, err := ForDir(root, none)
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Schema().Err(); err != nil {
				t.Errorf("an error before anybody asked: %v", err)
			}
			_, known := p.Schema().Columns("orders")
			err = p.Schema().Err()
			switch {
			case tt.want == "":
				if !known || err != nil {
					t.Errorf("orders is known: %t, %v", known, err)
				}
			case err == nil || known:
				t.Errorf("no error, and orders is known: %t; its tables go missing without a word", known)
			default:
				for _, part := range []string{FileName + `:2:20: ddl "db/*.sql": cannot read ` + tt.want + ": ", "; make it readable"} {
					if !strings.Contains(err.Error(), part) {
						t.Errorf("the error does not say %q: %v", part, err)
					}
				}
				if again, _ := ForDir(root, none); again.Schema().Check() == nil {
					t.Error("Check does not look")
				}
			}
			d, err := Digest(root, none)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := Digest(root, none); again != d || err != nil {
				t.Errorf("the digest changes by itself: %v", err)
			}
			if name == "directory" {
				return // left out, as if it were not there
			}
			if other, taken := digests[d]; taken {
				t.Errorf("the digest is that of %q: go vet would answer from its cache", other)
			}
			digests[d] = name
		})
	}
}

// TestSchemaDirectories: a pattern may have its stars in directories, and one
// of those that cannot be read is no directory without files.
func TestSchemaDirectories(t *testing.T) {
	none := func(string) string { return "" }
	root := tree(t, "go.mod", gomod, FileName, "[schema]\nddl = \"*/migrations/*.sql\"\n",
		"b/migrations/1.sql", "CREATE TABLE b (id int);", "a/migrations/1.sql", "CREATE TABLE a (id int);", "a/other/1.sql", "CREATE TABLE c (id int);", "file", "")
	p, err := ForDir(root, none)
	if err != nil {
		t.Fatal(err)
	}
	for table, want := range map[string]bool{"a": true, "b": true, "c": false} {
		if _, known := p.Schema().Columns(table); known != want {
			t.Errorf("%s: known %t", table, known)
		}
	}
	before, err := Digest(root, none)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("loop", filepath.Join(root, "loop")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	if _, err := ForDir(root, none); err == nil || !strings.Contains(err.Error(), FileName+`:2:7: ddl "*/migrations/*.sql": cannot read loop: `) {
		t.Errorf("a directory that cannot be read: %v", err)
	}
	if after, err := Digest(root, none); after == before || err != nil {
		t.Errorf("the digest stays: %v", err)
	}
}

// TestSessions reads how the database keeps tenants apart.
func TestSessions(t *testing.T) {
	p, err := Parse("p.toml", []byte(`
[[accept.rls]]
setting = "App.Tenant_ID"
dimension = "tenant"
tables = ["invoices", "audit_*"]
role = "app"

[[accept.schema]]
dimension = ["tenant", "env"]
packages = ["./store/..."]

[[accept.database]]
dimension = "tenant"
`), "example.com/m")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range p.Sessions {
		s := &p.Sessions[i]
		got = append(got, fmt.Sprintf("%q %v %s, %s: rows=%v role=%q invoices=%v Audit_Log=%v other=%v store=%v main=%v",
			s.Setting, s.Dims, s.By(), s.Within(), s.Rows, s.Role, s.On("invoices"), s.On("Audit_Log"), s.On("other"), s.Holds("example.com/m/store/pg"), s.Holds("example.com/m")))
	}
	want := []string{
		`"app.tenant_id" tenant row-level security by app.tenant_id, its schema: rows=true role="app" invoices=true Audit_Log=true other=false store=true main=true`,
		`"search_path" tenant, env schemas, its schema: rows=false role="" invoices=true Audit_Log=true other=true store=true main=false`,
		`"" tenant databases, its database: rows=false role="" invoices=true Audit_Log=true other=true store=true main=true`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for text, want := range map[string]string{
		"[[accept.rls]]\ndimension = \"tenant\"\n":                                       "[[accept.rls]] needs setting",
		"[[accept.rls]]\nsetting = \"a\"\n":                                              "[[accept.rls]] needs dimension",
		"[[accept.schema]]\ndimension = \"org\"\n":                                       `there is no dimension "org"`,
		"[[accept.database]]\ndimension = \"tenant\"\nhooks = true\n":                    "hooks",
		"[[accept.database]]\ndimension = \"tenant\"\nrole = \"app\"\n":                  "role",
		"[[accept.database]]\ndimension = \"tenant\"\ntables = [\"[\"]\n":                `"[" is no pattern`,
		"[[accept.schema]]\ndimension = \"tenant\"\n[[accept.schema2]]\ndimension=\"x\"": "schema2",
	} {
		if _, err := Parse("p.toml", []byte(text), "example.com/m"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v; want one with %q", text, err, want)
		}
	}
}

// TestHooks reads the hooks of [accept].
func TestHooks(t *testing.T) {
	p, err := Parse("p.toml", []byte(`
[schema]
entities = "ent/schema/*.go"

[[accept.hook]]
func = "(./ent/schema.TenantMixin).{Interceptors,Hooks}"
dimension = ["tenant", "env"]
op = ["read", "write"]
tables = "Order*"
packages = "./internal/..."
lifted = ["./ent/schema.skipKey", "./ent/schema.Skip"]
`), "example.com/shop")
	if err != nil {
		t.Fatal(err)
	}
	h := p.Hooks[0]
	if len(h.Funcs) != 2 || h.Funcs[1].String() != "(example.com/shop/ent/schema.TenantMixin).Hooks" || len(h.Lifted) != 2 || h.Dims != models.Tenant|models.Env {
		t.Errorf("got %+v", h)
	}
	for _, tc := range []struct {
		what      string
		got, want bool
	}{
		{"reads", h.For(models.Read), true},
		{"inserts", h.For(models.Insert), false},
		{"OrderItem", h.On("OrderItem"), true},
		{"Region", h.On("Region"), false},
		{"a package of it", h.Holds("example.com/shop/internal/store"), true},
		{"another package", h.Holds("example.com/shop/cmd"), false},
		{"what is generated of what is below it", h.Generates("example.com/shop/ent", "example.com/shop/ent/schema"), true},
		{"what is generated of something else", h.Generates("example.com/shop/other", "example.com/shop/ent/schema"), false},
		{"what is generated of nothing", h.Generates("example.com/shop/ent", ""), false},
	} {
		if tc.got != tc.want {
			t.Errorf("it is for %s: %v", tc.what, tc.got)
		}
	}
	const entities = "[schema]\nentities = \"ent/schema/*.go\"\n"
	for text, want := range map[string]string{
		entities + "[[accept.hook]]\ndimension = \"tenant\"\n":                                            "[[accept.hook]] needs func",
		entities + "[[accept.hook]]\nfunc = \"(./a.B).Hooks\"\n":                                          "[[accept.hook]] needs dimension",
		entities + "[[accept.hook]]\nfunc = \"(./a.B).Hooks\"\ndimension = \"tenant\"\nop = \"upsert\"\n": `there is no op "upsert"`,
		"[[hook]]\nfunc = \"./a.B\"\n":                                                                    "hook",
	} {
		if _, err := Parse("p.toml", []byte(text), "example.com/shop"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v; want %q", text, err, want)
		}
	}
}
