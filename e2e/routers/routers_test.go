package routers

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gorilla/mux"

	"github.com/tenantvet/tenantvet/e2e/routers/chiapp"
	"github.com/tenantvet/tenantvet/e2e/routers/echoapp"
	"github.com/tenantvet/tenantvet/e2e/routers/ginapp"
	"github.com/tenantvet/tenantvet/e2e/routers/httpapp"
	"github.com/tenantvet/tenantvet/e2e/routers/muxapp"
	"github.com/tenantvet/tenantvet/e2e/routers/oapiapp"
	"github.com/tenantvet/tenantvet/internal/command"
	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/routes"
)

var update = flag.Bool("update", false, "write the golden tables anew")

// static returns what tenantvet says of an app.
func static(t *testing.T, app string) *routes.Routes {
	t.Helper()
	run := func(format string) []byte {
		var stdout, stderr bytes.Buffer
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		cmd := command.Cmd{
			Suite:  driver.Suite{Routes: routes.NewListing(nil), PolicyDigest: policy.Digest},
			Args:   []string{"routes", "-format", format, "./" + app + "/..."},
			Dir:    dir,
			Stdout: &stdout, Stderr: &stderr,
			Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=", "TENANTVET_CACHE=off", "TENANTVET_POLICY="),
		}
		if code := cmd.Run(t.Context()); code != command.ExitClean {
			t.Fatalf("exit code %d\n%s", code, &stderr)
		}
		return stdout.Bytes()
	}
	golden := app + "/routes.golden"
	text := run("text")
	if *update {
		if err := os.WriteFile(golden, text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, want) {
		t.Errorf("the table is\n%s\n%s has\n%s\nIf it is right: go test -update", text, golden, want)
	}
	out := new(routes.Routes)
	if err := json.Unmarshal(run("json"), out); err != nil {
		t.Fatal(err)
	}
	if len(out.Unmounted)+len(out.Gaps) > 0 {
		t.Errorf("not mounted: %v, not followed: %v", out.Unmounted, out.Gaps)
	}
	return out
}

var param = regexp.MustCompile(`:(\w+)`)

// lines returns one line a method and path, with the number of middlewares if
// count is set.
func lines(r *routes.Routes, any []string, count func(*routes.Entry) string) []string {
	var out []string
	for i := range r.Routes {
		e := &r.Routes[i]
		methods := e.Methods
		if len(methods) == 0 {
			methods = any
		}
		for _, m := range methods {
			out = append(out, m+" "+e.Path+count(e))
		}
	}
	slices.Sort(out)
	return out
}

func none(*routes.Entry) string { return "" }

func compare(t *testing.T, static, running []string) {
	t.Helper()
	slices.Sort(running)
	t.Logf("%d routes", len(running))
	for _, s := range running {
		if !slices.Contains(static, s) {
			t.Errorf("the router has %s, the table has not", s)
		}
	}
	for _, s := range static {
		if !slices.Contains(running, s) {
			t.Errorf("the table has %s, the router has not", s)
		}
	}
}

func TestChi(t *testing.T) {
	any := []string{"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"}
	var running []string
	methods := map[string]bool{}
	err := chi.Walk(chiapp.New(true), func(method, route string, _ http.Handler, mws ...func(http.Handler) http.Handler) error {
		// A wrapped handler does not show that it is one.
		running = append(running, fmt.Sprintf("%s %s %d", method, strings.ReplaceAll(route, "/*/", "/"), len(mws)))
		methods[method] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	any = slices.DeleteFunc(any, func(m string) bool { return !methods[m] })
	compare(t, lines(static(t, "chiapp"), any, func(e *routes.Entry) string {
		n := 0
		for _, m := range e.Middleware {
			if m.Name != "orders.Wrap" {
				n++
			}
		}
		return fmt.Sprintf(" %d", n)
	}), running)
}

func TestGin(t *testing.T) {
	gin.SetMode(gin.ReleaseMode)
	any := []string{"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"}
	var running []string
	for _, r := range ginapp.New(ginapp.Handlers{}, true).Routes() {
		running = append(running, r.Method+" "+r.Path)
	}
	compare(t, lines(static(t, "ginapp"), any, none), running)
}

func TestEcho(t *testing.T) {
	any := []string{"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PROPFIND", "PUT", "REPORT", "TRACE"}
	var running []string
	for _, r := range echoapp.New().Routes() {
		if r.Method != "echo_route_not_found" { // groups with middleware register these
			running = append(running, r.Method+" "+r.Path)
		}
	}
	compare(t, lines(static(t, "echoapp"), any, none), running)
}

func TestMux(t *testing.T) {
	var running []string
	err := muxapp.New().Walk(func(r *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		if r.GetHandler() == nil {
			return nil
		}
		path, err := r.GetPathTemplate()
		if err != nil {
			return err
		}
		methods, err := r.GetMethods()
		if err != nil {
			methods, path = []string{"ANY"}, path+"*" // the only one is a prefix
		}
		for _, m := range methods {
			running = append(running, m+" "+path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	compare(t, lines(static(t, "muxapp"), []string{"ANY"}, none), running)
}

// A ServeMux cannot list its routes, but it can be asked.
func TestServeMux(t *testing.T) {
	_, h := httpapp.New()
	table := static(t, "httpapp")
	for i := range table.Routes {
		e := &table.Routes[i]
		methods := e.Methods
		if len(methods) == 0 {
			methods = []string{"GET"}
		}
		path := regexp.MustCompile(`\{\w+\}`).ReplaceAllString(param.ReplaceAllString(e.Path, "x"), "x")
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest(methods[0], path, nil))
		asked(t, methods[0]+" "+path, e, rec.Result())
	}
}

// asked compares the middleware of the table with what a request has passed.
func asked(t *testing.T, route string, e *routes.Entry, res *http.Response) {
	t.Helper()
	want := []string{}
	for _, m := range e.Middleware {
		want = append(want, m.Name[strings.LastIndexByte(m.Name, '.')+1:])
	}
	got := strings.FieldsFunc(strings.Join(res.Header.Values("X-Passed"), ","), func(r rune) bool { return strings.ContainsRune(", ", r) })
	if res.StatusCode >= http.StatusMultipleChoices || !slices.Equal(got, want) {
		t.Errorf("%s: status %d behind %q, the table says %q", route, res.StatusCode, got, want)
	}
}

// What a generator writes applies middleware within its handlers, in an order that
// differs between routers and settings.
func TestGenerated(t *testing.T) {
	gin.SetMode(gin.ReleaseMode)
	std := oapiapp.Std()
	echo := oapiapp.Echo()
	servers := map[string]http.Handler{
		"chi": oapiapp.Chi(), "gorilla": oapiapp.Gorilla(), "ordered": oapiapp.Ordered(), "gin": oapiapp.Gin(),
		"echo": echo, "group": echo, "std": std, "plain": std, "own": std,
	}
	table := static(t, "oapiapp")
	if len(table.Routes) != 2*(len(servers)+1) {
		t.Errorf("%d routes", len(table.Routes))
	}
	for i := range table.Routes {
		e := &table.Routes[i]
		app, _, _ := strings.Cut(e.Path[1:], "/")
		req := httptest.NewRequest(e.Methods[0], e.Path, nil)
		if app == "fiber" {
			res, err := oapiapp.Fiber().Test(req)
			if err != nil {
				t.Fatal(err)
			}
			asked(t, e.Methods[0]+" "+e.Path, e, res)
			continue
		}
		rec := httptest.NewRecorder()
		servers[app].ServeHTTP(rec, req)
		asked(t, e.Methods[0]+" "+e.Path, e, rec.Result())
	}
}

// The others cannot be asked; their table is golden.
func TestOthers(t *testing.T) { static(t, "others") }
