package scopetest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/runtime/scopetest"
)

func TestParseRoutes(t *testing.T) {
	const list = `{"routes": [
		{"methods": ["GET"], "path": "/healthz", "template": "/healthz", "verdict": "public", "why": "well known", "requires": {"caller": "nothing"}},
		{"methods": ["GET", "PUT"], "path": "/orders/:id", "template": "/orders/{id}", "verdict": "guarded", "requires": {"caller": "membership"}},
		{"methods": ["PUT"], "path": "/members", "template": "/members", "verdict": "guarded",
			"requires": {"caller": "role", "roles": [["admin", "owner"], ["boss", "owner"]]}},
		{"methods": ["GET"], "path": "/me", "template": "/me", "verdict": "free", "requires": {"caller": "sign-in"}},
		{"methods": ["TASK"], "path": "invoice:send", "verdict": "unguarded"},
		{"methods": [], "path": "/any", "template": "/any", "verdict": "guarded", "requires": {"caller": "membership"}},
		{"methods": ["GET"], "path": "‹base›/x", "verdict": "guarded", "requires": {"caller": "membership"}},
		{"methods": ["GET"], "path": "/open", "template": "/open", "verdict": "unguarded", "why": "failopen"},
		{"methods": ["GET"], "path": "/wide", "template": "/wide", "verdict": "unguarded"},
		{"methods": ["GET"], "path": "/role", "template": "/role", "verdict": "guarded"},
		{"methods": ["GET"], "path": "/none", "template": "/none", "verdict": "guarded", "requires": {"caller": "role", "roles": [["a"], ["b"]]}}
	]}`
	c, left, err := scopetest.ParseRoutes([]byte(list))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range c.Routes {
		got = append(got, fmt.Sprintf("%s: %s %s", r, r.Requires, r.Roles))
	}
	want := `GET /healthz: nothing []
GET /orders/{id}: membership []
PUT /orders/{id}: membership []
PUT /members: role [owner]
GET /me: sign-in []`
	if strings.Join(got, "\n") != want {
		t.Errorf("the routes are\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	want = `ANY /any: it answers any method
GET ‹base›/x: its path is not known
GET /open: its verdict is unguarded, failopen
GET /wide: its verdict is unguarded
GET /role: the role that its guards ask for is not known
GET /none: its guards have no role in common`
	if strings.Join(left, "\n") != want {
		t.Errorf("left out are\n%s\nwant\n%s", strings.Join(left, "\n"), want)
	}
	if c.Version != scopetest.ContractVersion {
		t.Errorf("the version is %d", c.Version)
	}
	for _, bad := range []string{"", "GET /x", `[]`, `{"routes": []}`, `{"routes": [{"methods": ["GET"], "path": "/x"}]}`} {
		if _, _, err := scopetest.ParseRoutes([]byte(bad)); err == nil {
			t.Errorf("%q is taken for a list of routes", bad)
		}
	}
}
