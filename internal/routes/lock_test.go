package routes

import (
	"fmt"
	"strings"
	"testing"
)

// sample is a table of three routes.
func sample() *Routes {
	mw := func(names ...string) []Step {
		var out []Step
		for _, n := range names {
			s := Step{Name: strings.TrimSuffix(n, "?")}
			if strings.HasSuffix(n, "?") {
				s.If = &Source{"a.go", 1}
			}
			out = append(out, s)
		}
		return out
	}
	return &Routes{Routes: []Entry{
		{Methods: []string{"GET"}, Path: "/orders", Handler: Step{Name: "api.list"}, Middleware: mw("auth", "tenant")},
		{Methods: []string{"GET", "PUT"}, Path: "/orders/{id}", Handler: Step{Name: "api.func@orders.go:12"}, Middleware: mw("auth", `role("admin")`)},
		{Path: "/any", Handler: Step{Name: "api.any"}, Contract: &Contract{Verdict: "guarded", Guards: []Passed{{"the handler", []string{"membership"}}}}},
	}}
}

func TestLock(t *testing.T) {
	text := sample().Lock()
	if strings.Contains(text, ":12") {
		t.Errorf("a lock file holds the number of a line:\n%s", text)
	}
	tests := []struct {
		name   string
		change func(r *Routes)
		bad    bool
		want   string
	}{
		{"nothing", func(*Routes) {}, false, ""},
		{"another line", func(r *Routes) { r.Routes[1].Handler.Name = "api.func@orders.go:99" }, false, ""},
		{"lost", func(r *Routes) { r.Routes[0].Middleware = r.Routes[0].Middleware[:1] }, true,
			"GET /orders api.list\n\t- lost tenant\n"},
		{"gained", func(r *Routes) { r.Routes[2].Middleware = []Step{{Name: "auth"}} }, false,
			"ANY /any api.any\n\t+ gained auth\n"},
		{"lost a guard", func(r *Routes) { r.Routes[2].Contract = &Contract{Verdict: "unguarded"} }, true,
			"ANY /any api.any\n\t- lost guard: membership\n"},
		{"gained a guard", func(r *Routes) {
			r.Routes[0].Contract = &Contract{Verdict: "guarded", Guards: []Passed{{"auth", []string{"membership", "role(admin)"}}}}
		}, false,
			"GET /orders api.list\n\t+ gained guard: membership\n\t+ gained guard: role(admin)\n"},
		{"weakened", func(r *Routes) { r.Routes[0].Middleware[1].If = &Source{"a.go", 1} }, true,
			"GET /orders api.list\n\t- has tenant on some paths only\n"},
		{"order", func(r *Routes) {
			m := r.Routes[0].Middleware
			m[0], m[1] = m[1], m[0]
		}, true, "GET /orders api.list\n\t- the order was auth, tenant and is tenant, auth\n"},
		{"gone", func(r *Routes) { r.Routes = r.Routes[:2] }, true, "- ANY /any api.any: gone\n"},
		{"new", func(r *Routes) {
			r.Routes = append(r.Routes, Entry{Methods: []string{"POST"}, Path: "/x", Handler: Step{Name: "api.x"}, Middleware: []Step{{Name: "auth"}}})
		}, true, "+ POST /x api.x: new, behind auth\n"},
		{"new and open", func(r *Routes) {
			r.Routes = append(r.Routes, Entry{Methods: []string{"POST"}, Path: "/x", Handler: Step{Name: "api.x"}})
		}, true, "+ POST /x api.x: new, without middleware\n"},
		{"another handler", func(r *Routes) { r.Routes[2].Handler.Name = "api.other" }, false,
			"ANY /any api.other\n\t  its handler was api.any and is api.other\n"},
		{"one method less", func(r *Routes) { r.Routes[1].Methods = []string{"GET"} }, true,
			"- PUT /orders/{id} api.func: gone\n"},
		{"another argument", func(r *Routes) { r.Routes[1].Middleware[1].Name = `role("member")` }, true,
			"GET /orders/{id} api.func\n\t- lost role(\"admin\")\n\t+ gained role(\"member\")\nPUT /orders/{id} api.func\n\t- lost role(\"admin\")\n\t+ gained role(\"member\")\n"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			r := sample()
			tc.change(r)
			var b strings.Builder
			bad, err := r.Check(&b, "routes.lock", text)
			if err != nil {
				t.Fatal(err)
			}
			if bad != tc.bad || b.String() != tc.want {
				t.Errorf("bad is %v, the difference is\n%swant %v and\n%s", bad, b.String(), tc.bad, tc.want)
			}
		})
	}
}

func TestLockErrors(t *testing.T) {
	for text, want := range map[string]string{
		"\tauth\n":   "routes.lock:1: a middleware before the first route",
		"GET /x\n":   "routes.lock:1: not of the form METHOD PATH HANDLER",
		"# a\n\nx\n": "routes.lock:3: not of the form",
	} {
		var b strings.Builder
		if _, err := sample().Check(&b, "routes.lock", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v, want one with %q", text, err, want)
		}
	}
}

func TestAgainst(t *testing.T) {
	doc := `{"openapi": "3.1.0", "servers": [{"url": "https://example.com/api"}], "paths": {
		"/orders": {"get": {}, "post": {}, "parameters": []},
		"/orders/{orderId}": {"get": {}, "put": {}},
		"/any": {"delete": {}}}}`
	r := sample()
	for i := range r.Routes {
		r.Routes[i].Path = "/api" + r.Routes[i].Path
	}
	var b strings.Builder
	differ, err := r.Against(&b, "api.json", []byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	if want := "- POST /api/orders: in api.json, not in the code\n"; !differ || b.String() != want {
		t.Errorf("differ is %v:\n%swant\n%s", differ, &b, want)
	}
	b.Reset()
	if _, err := r.Against(&b, "api.json", []byte(`{"openapi": "3.1.0", "paths": {}}`)); err != nil || strings.Count(b.String(), "\n") != 4 {
		t.Errorf("error %v, and\n%s", err, &b)
	}
	for _, bad := range []string{
		"", `{}`, `[]`, "paths: {}\n", "openapi: 3.1.0\npaths:\n  /orders: *orders\n",
		"openapi: 3.1.0\npaths:\n  /orders:\n    <<: *orders\n", "openapi: 3.1.0\ninfo: 'no end\n", "openapi: 3.1.0\npaths: text\n",
		"openapi: 3.1.0\npaths:\n  /orders: &orders\n    <<: *orders\n",
	} {
		if _, err := r.Against(&b, "api.yaml", []byte(bad)); err == nil {
			t.Errorf("%q is taken for a document", bad)
		}
	}
}

// The same in YAML, as people and generators write it.
func TestAgainstYAML(t *testing.T) {
	const doc = `# An API.
---
openapi: "3.1.0" # of today
info:
  title: 'what it''s called:
    paths:'
  description: |
    paths:
      /no:
        get: {}

    and more
tags: [a, {name: b,
  paths: c}]
servers:
- url: https://example.com/api
  description: the first
- url: https://example.com/other
paths:
  "/orders":
    summary: "two: of them"
    parameters: []
    get:
      responses:
        '200': {description: all right}
    post:
      x-code: >-
        put:
          delete:
  /orders/{orderId}: # one
    get:
      parameters:
        - name: orderId
          in: path
        -   name: put
            in: query
    put: {}
  '/any':
    delete:
      operationId: drop
components:
  schemas:
    paths:
      /no: {}
`
	r := sample()
	for i := range r.Routes {
		r.Routes[i].Path = "/api" + r.Routes[i].Path
	}
	var b strings.Builder
	differ, err := r.Against(&b, "api.yaml", []byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	if want := "- POST /api/orders: in api.yaml, not in the code\n"; !differ || b.String() != want {
		t.Errorf("differ is %v:\n%swant\n%s", differ, &b, want)
	}
}

// Flow style, anchors, aliases and merged parts are read.
func TestAgainstParts(t *testing.T) {
	const doc = `openapi: 3.1.0
servers: [&here {url: 'https://example.com/api'}, {url: /other}]
x-parts:
  read: &read
    get: &op {responses: {}}
  write: &write {put: *op, delete: *op}
paths: {
  /orders: *read,
  "/orders/{id}": {<<: [*read, *write], patch: !!map {}},
  "/any":,
}
`
	r := sample()
	for i := range r.Routes {
		r.Routes[i].Path = "/api" + r.Routes[i].Path
	}
	var b strings.Builder
	differ, err := r.Against(&b, "api.yaml", []byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	want := "- DELETE /api/orders/{id}: in api.yaml, not in the code\n- PATCH /api/orders/{id}: in api.yaml, not in the code\n+ ANY /api/any: in the code at :0, not in api.yaml\n"
	if !differ || b.String() != want {
		t.Errorf("differ is %v:\n%swant\n%s", differ, &b, want)
	}
}

// A document that is made to take time or memory ends with an error.
func TestAgainstHostile(t *testing.T) {
	bomb := "openapi: 3.1.0\nx0: &x0 {get: {}}\n"
	for i := 1; i < 40; i++ {
		bomb += fmt.Sprintf("x%d: &x%d {<<: [*x%d, *x%d, *x%d]}\n", i, i, i-1, i-1, i-1)
	}
	const deep = 10_000
	for name, doc := range map[string]string{
		"aliases":   bomb + "paths: {/orders: *x39}\n",
		"brackets":  "openapi: 3.1.0\npaths: " + strings.Repeat("[", deep) + strings.Repeat("]", deep),
		"braces":    "openapi: 3.1.0\npaths: " + strings.Repeat("{a: ", deep) + strings.Repeat("}", deep),
		"open":      "openapi: 3.1.0\npaths: " + strings.Repeat("[", deep),
		"dashes":    "openapi: 3.1.0\npaths:\n  " + strings.Repeat("- ", deep) + "a",
		"anchors":   "openapi: 3.1.0\npaths: " + strings.Repeat("&a ", deep),
		"colons":    "openapi: 3.1.0\n" + strings.Repeat("a: ", deep),
		"questions": "openapi: 3.1.0\npaths:\n  " + strings.Repeat("? ", deep) + "a",
	} {
		var b strings.Builder
		if _, err := sample().Against(&b, "api.yaml", []byte(doc)); err == nil || len(err.Error()) > 200 {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

func TestTemplate(t *testing.T) {
	for in, want := range map[string]string{
		"/orders/:id":          "/orders/{id}",
		"/orders/{id:[0-9]+}":  "/orders/{id}",
		"/files/*path":         "/files/{path}",
		"/files/{path...}":     "/files/{path}",
		"/x/{$}":               "/x/",
		"/a/*":                 "/a/{rest}",
		"/a/{y:[0-9]{4}}/{b}":  "/a/{y}/{b}",
		"":                     "/",
		"/plain":               "/plain",
		"/v1/things/:id/:deep": "/v1/things/{id}/{deep}",
	} {
		if got, _ := template(in, ""); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"/files/*path":         "/files/{path...} [path]",
		"/files/{path...}":     "/files/{path...} [path]",
		"/files/{*path}":       "/files/{path...} [path]",
		"/a/*":                 "/a/{rest...} [rest]",
		"/a/{y:[0-9:]+/:z}/:b": "/a/{y}/{b} [y b]",
	} {
		path, params := template(in, "...")
		if got := fmt.Sprint(path, " ", params); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
}

func TestJoin(t *testing.T) {
	for _, tc := range [][3]string{
		{"", "/a", "/a"}, {"/a", "", "/a"}, {"/a/", "/b", "/a/b"}, {"/a", "b", "/a/b"}, {"/a", "/b", "/a/b"}, {"/a", "/", "/a/"}, {"/", "/", "/"},
	} {
		if got := join(tc[0], tc[1]); got != tc[2] {
			t.Errorf("%q and %q are %q, want %q", tc[0], tc[1], got, tc[2])
		}
	}
}
