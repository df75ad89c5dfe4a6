package analyzers_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/doc/comment"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/analyzers"
	"github.com/tenantvet/tenantvet/internal/command"
	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/rule"
)

var update = flag.Bool("update", false, "rewrite docs/rules.md")

// Every analyzer has a page, every category a section in its analyzer's page,
// and no page speaks of a category that there is not.
func TestEveryCategoryHasASection(t *testing.T) {
	var documented []string
	for _, a := range analyzers.Suite() {
		if page, ok := analyzers.Explain(a.Name); !ok || !strings.HasPrefix(page, a.Name+": report ") {
			t.Errorf("explain %s: %q, %v", a.Name, page, ok)
		}
		for line := range strings.Lines(a.Doc) {
			if category, ok := strings.CutPrefix(strings.TrimSpace(line), "# Category "); ok {
				documented = append(documented, a.Name+"/"+category)
			}
		}
	}
	if want := rule.Categories(); !slices.Equal(documented, want) {
		t.Errorf("the doc.go files speak of\n\t%s\nrule.Categories lists\n\t%s", strings.Join(documented, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func TestExplain(t *testing.T) {
	for _, c := range rule.Categories() {
		page, ok := analyzers.Explain(c)
		if !ok || !strings.HasPrefix(page, c+"\n\n") || strings.Contains(page, "# Category") {
			t.Errorf("explain %s: %v\n%s", c, ok, page)
		}
		_, short, _ := strings.Cut(c, "/")
		if slices.ContainsFunc(analyzers.Suite(), func(a *analysis.Analyzer) bool { return a.Name == short }) {
			continue // missingtenant/failopen: the name alone is the analyzer's
		}
		if same, _ := analyzers.Explain(short); same != page {
			t.Errorf("explain %s differs from explain %s:\n%s", short, c, same)
		}
	}
	for _, name := range []string{"", "nothing", "unscopedkey/", "unscopedkey/unkeyed", "/missing", "missing/unscopedkey"} {
		if page, ok := analyzers.Explain(name); ok {
			t.Errorf("explain %q: %s", name, page)
		}
	}
}

// docs/rules.md is the same text as the doc.go files.
func TestRulesPage(t *testing.T) {
	const name = "../docs/rules.md"
	want := rulesPage()
	if *update {
		if err := os.WriteFile(name, want, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("docs/rules.md differs from the doc.go files of the analyzers; to write it anew:\n\tgo test ./analyzers -run TestRulesPage -update")
	}
}

func rulesPage() []byte {
	var b bytes.Buffer
	b.WriteString("<!-- Made from analyzers/*/doc.go by: go test ./analyzers -run TestRulesPage -update -->\n\n# Rules\n\n")
	b.WriteString("`tenantvet explain RULE` prints the same on a terminal, for an analyzer or a category.\n\n")
	b.WriteString("| analyzer | reports | categories |\n|---|---|---|\n")
	for _, a := range analyzers.Suite() {
		title, _, _ := strings.Cut(a.Doc, "\n")
		var cats []string
		for _, c := range rule.Categories() {
			if short, ok := strings.CutPrefix(c, a.Name+"/"); ok {
				cats = append(cats, fmt.Sprintf("[%s](#%s)", short, strings.ReplaceAll(c, "/", "")))
			}
		}
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", a.Name, a.Name, strings.TrimPrefix(title, "report "), strings.Join(cats, ", "))
	}
	printer := comment.Printer{HeadingLevel: 3, HeadingID: func(*comment.Heading) string { return "" }}
	for _, a := range analyzers.Suite() {
		doc := new(comment.Parser).Parse(a.Doc)
		// The names of headings are those of findings, so that one can look
		// for what the tool has printed.
		for _, block := range doc.Content {
			if h, ok := block.(*comment.Heading); ok {
				if plain, ok := h.Text[0].(comment.Plain); ok {
					h.Text[0] = comment.Plain(strings.Replace(string(plain), "Category ", a.Name+"/", 1))
				}
			}
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s", a.Name, printer.Markdown(doc))
	}
	return b.Bytes()
}

// The example of every category is found, in that category and with exactly
// the message that the documentation gives.
func TestExamples(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "go.mod", "module example.com/shop\n\ngo 1.26\n\nrequire (\n\tgithub.com/gin-gonic/gin v1.12.0\n\tgithub.com/redis/go-redis/v9 v9.17.2\n\tgithub.com/tenantvet/tenantvet v0.1.0\n\tgorm.io/gorm v1.31.1\n)\n")
	write(t, dir, "vendor/modules.txt", "# github.com/gin-gonic/gin v1.12.0\n## explicit; go 1.24\ngithub.com/gin-gonic/gin\n# github.com/redis/go-redis/v9 v9.17.2\n## explicit; go 1.26\ngithub.com/redis/go-redis/v9\n# github.com/tenantvet/tenantvet v0.1.0\n## explicit; go 1.26\ngithub.com/tenantvet/tenantvet/runtime\n# gorm.io/gorm v1.31.1\n## explicit; go 1.18\ngorm.io/gorm\n")
	write(t, dir, "vendor/github.com/redis/go-redis/v9/redis.go", redisStub)
	write(t, dir, "vendor/gorm.io/gorm/gorm.go", gormStub)
	write(t, dir, "vendor/github.com/gin-gonic/gin/gin.go", ginStub)
	write(t, dir, ".tenantvet.toml", "[[table]]\nname = \"invoices\"\ncolumns = [\"id\", \"tenant_id\", \"total\"]\n[accept]\nlabels = false\ncompared = [\"./unbound\", \"./store\"]\n"+examplePolicy)
	write(t, dir, "store/store.go", storeStub)
	files, err := filepath.Glob("../runtime/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(f, "_test.go") {
			write(t, dir, "vendor/github.com/tenantvet/tenantvet/runtime/"+filepath.Base(f), string(data))
		}
	}
	want := map[string]string{}
	for _, a := range analyzers.Suite() {
		for _, c := range rule.Categories() {
			short, ok := strings.CutPrefix(c, a.Name+"/")
			if !ok {
				continue
			}
			blocks := codeBlocks(rule.Section(a.Doc, short))
			if len(blocks) < 2 {
				t.Fatalf("%s: its section wants an example and the message: %q", c, blocks)
			}
			write(t, dir, short+"/"+short+".go", "package "+short+"\n"+prelude+blocks[0])
			write(t, dir, short+"/shop_test.go", "package "+short+"\n"+shopTest)
			want["example.com/shop/"+short] = c + ": " + strings.TrimSpace(blocks[1])
		}
	}

	var stdout, stderr bytes.Buffer
	cmd := command.Cmd{
		Suite:  driver.Suite{Analyzers: analyzers.Suite(), PolicyDigest: policy.Digest},
		Args:   []string{"-json", "./..."},
		Stdout: &stdout, Stderr: &stderr,
		Env: append(os.Environ(), "GOFLAGS=", "GOWORK=off", "TENANTVET_CACHE=off", "TENANTVET_POLICY="),
		Dir: dir,
	}
	if code := cmd.Run(t.Context()); code != command.ExitFindings || stderr.Len() > 0 {
		t.Fatalf("exit code %d\n%s", code, &stderr)
	}
	var tree map[string]map[string][]struct{ Category, Message string }
	if err := json.Unmarshal(stdout.Bytes(), &tree); err != nil {
		t.Fatal(err)
	}
	for pkg, want := range want {
		var got []string
		for name, list := range tree[pkg] {
			for _, d := range list {
				got = append(got, name+"/"+d.Category+": "+d.Message)
			}
		}
		if len(got) != 1 || got[0] != want {
			t.Errorf("the doc.go has\n\t%s\nbut tenantvet finds in its example\n\t%s", want, strings.Join(got, "\n\t"))
		}
	}
}

// codeBlocks returns the indented parts of a text.
func codeBlocks(text string) []string {
	var blocks []string
	for _, block := range new(comment.Parser).Parse(text).Content {
		if code, ok := block.(*comment.Code); ok {
			blocks = append(blocks, code.Text)
		}
	}
	return blocks
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	name = filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// examplePolicy says of examples what their comments say that the policy says.
// That it has sources for the tenant alone does not change what keys must carry.
const examplePolicy = `
[require]
cache = ["tenant", "env"]
store = ["tenant", "env"]

[[source]]
contextkey = ["./request.tenantKey", "./chosen.orgKey", "./rebuilt.tenantKey", "./zero.tenantKey", "./fallback.tenantKey", "./skipped.tenantKey", "./swallowed.tenantKey"]
dimension = "tenant"

[[origin]]
field = "(./key.Config).Stage"
kind = "env"

[[output]]
func = "(./trace.Span).Tag"
kind = "span"
value = "arg1"

[[output]]
func = "(./label.Counter).Add"
kind = "metric"
value = "arg1..."

[[event]]
func = ["(./unowned.Bus).Publish", "(./bare.Bus).Publish"]
value = "event"

[tests]
isolation = "*/shop_test.go"

[[func]]
func = "(./unopened.Queue).Each"
receives = true

[[func]]
func = "(./empty.Keys).RevokeOfOwner"
filled = "ownerID"
`

// prelude is what all examples take for granted.
const prelude = `
import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"
	"unsafe"

	"example.com/shop/store"
	"github.com/gin-gonic/gin"
	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
	"gorm.io/gorm"
)

type Shop struct {
	rdb     *redis.Client
	db      *sql.DB
	orm     *gorm.DB
	queries *store.Queries
	guard   *tenant.Boundary
}

func (s *Shop) show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		return
	}
	key, err := tenant.NewKey(sc, "invoice", r.PathValue("id"))
	if err != nil {
		return
	}
	fmt.Fprint(w, s.rdb.Get(r.Context(), key.String()).Val())
}

func (s *Shop) used(context.Context, http.Handler, *sync.Mutex, time.Duration, unsafe.Pointer, *gin.Context, *slog.Logger) string {
	return fmt.Sprint(os.Args, hmac.New(sha256.New, nil))
}

`

// shopTest is a test of the isolation of the shop in each example.
const shopTest = `
import (
	"testing"

	"github.com/tenantvet/tenantvet/runtime/scopetest"
)

func TestShop(t *testing.T) { scopetest.Isolation(t, feature(new(Shop))) }
`

// ginStub has the names and signatures of gin that examples use.
const ginStub = `// Package gin is a stub.
package gin

import "net/http"

type Context struct{ Request *http.Request }

func (c *Context) AbortWithStatus(code int) {}

type HandlerFunc func(*Context)

type IRoutes interface{ Use(...HandlerFunc) IRoutes }

type RouterGroup struct{}

func (group *RouterGroup) GET(path string, handlers ...HandlerFunc) IRoutes { return nil }

type Engine struct{ RouterGroup }

func New() *Engine { return &Engine{} }

func (engine *Engine) Use(middleware ...HandlerFunc) IRoutes { return engine }

func (engine *Engine) Run(addr ...string) error { return nil }

func WrapF(f http.HandlerFunc) HandlerFunc { return nil }

func WrapH(h http.Handler) HandlerFunc { return nil }
`

// storeStub has the generated queries that examples call.
const storeStub = `// Package store is what a generator writes.
package store

import (
	"context"
	"database/sql"
)

type Queries struct{ db *sql.DB }

type Invoice struct {
	ID    string
	Total int64
}

func (q *Queries) GetInvoice(ctx context.Context, id string) (Invoice, error) {
	var i Invoice
	err := q.db.QueryRowContext(ctx, "SELECT id, total FROM invoices WHERE id = $1", id).Scan(&i.ID, &i.Total)
	return i, err
}

func (q *Queries) GetInvoiceInTenant(ctx context.Context, tenantID, id string) (Invoice, error) {
	var i Invoice
	err := q.db.QueryRowContext(ctx, "SELECT id, total FROM invoices WHERE id = $1 AND tenant_id = $2", id, tenantID).Scan(&i.ID, &i.Total)
	return i, err
}
`

// gormStub has the names and signatures of gorm that examples use.
const gormStub = `// Package gorm is a stub.
package gorm

import "context"

type DB struct{ Error error }

func (db *DB) WithContext(ctx context.Context) *DB { return db }

func (db *DB) Where(query any, args ...any) (tx *DB) { return db }

func (db *DB) Save(value any) (tx *DB) { return db }
`

// redisStub has the names and signatures of go-redis that examples use.
const redisStub = `// Package redis is a stub.
package redis

import (
	"context"
	"time"
)

type cmdable func(ctx context.Context) error

type Client struct{ cmdable }

type StringCmd struct{}

func (*StringCmd) Val() string { return "" }

func (*StringCmd) Result() (string, error) { return "", nil }

type StatusCmd struct{}

func (*StatusCmd) Err() error { return nil }

func (c cmdable) Get(ctx context.Context, key string) *StringCmd { return &StringCmd{} }

func (c cmdable) Set(ctx context.Context, key string, value any, expiration time.Duration) *StatusCmd {
	return &StatusCmd{}
}
`
