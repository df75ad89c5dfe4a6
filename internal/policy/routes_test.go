package policy

import (
	"strings"
	"testing"
)

func TestRoutePatterns(t *testing.T) {
	for _, test := range []struct {
		pattern, methods, path string
		want                   bool
	}{
		{"/v1/users", "GET", "/v1/users", true},
		{"/v1/users", "", "/v1/users", true},
		{"/v1/users", "GET", "/v1/users/{id}", false},
		{"/v1/users/*", "GET", "/v1/users/{id}", true},
		{"/v1/users/*", "GET", "/v1/users/{id}/roles", false},
		{"/v1/**", "GET", "/v1/users/{id}/roles", true},
		{"/v1/**", "GET", "/v1", true},
		{"/v1/**", "GET", "/v10", false},
		{"/v1/users/{name}", "GET", "/v1/users/:id", true},
		{"/v1/users/:x", "GET", "/v1/users/{id:[0-9]+}", true},
		{"/v1/users/{name}", "GET", "/v1/users/me", false},
		{"POST /hooks/*", "POST", "/hooks/stripe", true},
		{"POST /hooks/*", "GET", "/hooks/stripe", false},
		{"POST /hooks/*", "", "/hooks/stripe", false}, // any method is more than POST
		{"GET,POST /hooks", "GET,POST", "/hooks", true},
		{"POST /hooks", "GET,POST", "/hooks", false},
		{"/a*c", "GET", "/abc", true},
		{"/files/**", "GET", "/files/*", true},
	} {
		r := &Route{Path: test.path}
		if test.methods != "" {
			r.Methods = strings.Split(test.methods, ",")
		}
		if got := r.matches(test.pattern); got != test.want {
			t.Errorf("%q matches %s %s: %v", test.pattern, test.methods, test.path, got)
		}
	}
}

func TestPublicRoutes(t *testing.T) {
	p, err := Parse("p.toml", []byte(`
[[public]]
path = "/open/**"
reason = "for everybody"

[[role]]
path = "/open/admin/**"
role = ["admin", "owner"]

[[role]]
path = "/open/admin/keys"
`), "example.com/m")
	if err != nil {
		t.Fatal(err)
	}
	route := func(path string) *Route { return &Route{Methods: []string{"GET"}, Path: path} }
	for path, want := range map[string]string{"/open/x": "for everybody", "/healthz": "well known", "/v1": "", "/v1/healthz": ""} {
		if got := p.PublicRoute(route(path)); got != want {
			t.Errorf("%s is public: %q; want %q", path, got, want)
		}
	}
	if demands, marks := p.RouteRoles(route("/open/admin/keys")); len(demands) != 2 || len(demands[0]) != 2 || len(demands[1]) != 0 || len(marks) != 2 {
		t.Errorf("roles: %v, %v", demands, marks)
	}
	// What demands a role takes nothing out; what is public does.
	if marks := p.Takes(Subject{Category: "missingtenant/unguarded", Route: route("/open/admin/keys")}); len(marks) != 1 || marks[0].Entry != 0 {
		t.Errorf("taken out by %v", marks)
	}
	if idle := p.IdleAfter([]Mark{{0, "path", 0}, {1, "path", 0}}, nil); len(idle) != 1 || idle[0].Table != "role" {
		t.Errorf("idle: %+v", idle)
	}

	q, err := Parse("p.toml", []byte("[accept]\nwellknown = false\n"), "example.com/m")
	if err != nil {
		t.Fatal(err)
	}
	if got := q.PublicRoute(route("/healthz")); got != "" {
		t.Errorf("/healthz is public though that is switched off: %q", got)
	}
}

func TestRouteComplaints(t *testing.T) {
	for src, want := range map[string]string{
		"[[public]]\npath = \"x\"\nreason = \"y\"\n":                    `path "x" is no path`,
		"[[public]]\npath = \"/x\"\n":                                   "[[public]] needs a reason",
		"[[public]]\nreason = \"y\"\n":                                  "[[public]] needs one of path, handler",
		"[[role]]\npath = \"/x\"\nfunc = \"./a.F\"\n":                   "[[role]] has more than one of path, handler, func",
		"[[role]]\nrole = \"admin\"\n":                                  "[[role]] needs one of path, handler, func",
		"[[public]]\npath = \"/x\"\nreason = \"y\"\nmethod = \"GET\"\n": "method",
	} {
		_, err := Parse("p.toml", []byte(src), "example.com/m")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %q", src, err, want)
		}
	}
}
