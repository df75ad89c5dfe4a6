package scopetest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/runtime/scopetest"
)

func TestReadContract(t *testing.T) {
	t.Parallel()
	c, err := scopetest.ReadContract("testdata/contract.json")
	if err != nil {
		t.Fatal(err)
	}
	if c.Version != 1 || len(c.Routes) != 7 || !reflect.DeepEqual(c.Home, []string{"acme-only"}) || !reflect.DeepEqual(c.Foreign, []string{"umbrella-only"}) ||
		!reflect.DeepEqual(c.Holds[scopetest.Admin], []string{"viewer", "editor"}) {
		t.Errorf("got %+v", c)
	}
	want := scopetest.Route{
		Method: "DELETE", Path: "/invoices/{id}", Values: map[string]string{"id": "a 42"},
		Requires: scopetest.RequireRole, Roles: []string{"owner", "janitor"}, Answers: []string{"204"},
	}
	if !reflect.DeepEqual(c.Routes[5], want) {
		t.Errorf("got  %+v\nwant %+v", c.Routes[5], want)
	}
	if _, err := scopetest.ReadContract("testdata/none.json"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error of a missing file: %v", err)
	}
}

// TestParseContractRefuses has an error with its position for everything that
// can be wrong.
func TestParseContractRefuses(t *testing.T) {
	t.Parallel()
	const route = `{"method": "GET", "path": "/a", "requires": "nothing"}`
	in := func(fields string) string { return `{"version": 1, "routes": [{` + fields + `}]}` }
	for _, test := range []struct{ text, want string }{
		{``, "c.json:1:1: the file ends too early"},
		{`{"version": 1`, "c.json:1:14: the file ends too early"},
		{`[]`, "c.json:1:1: the contract has to be an object, and is a list"},
		{`null`, "c.json:1:1: the contract has to be an object, and is null"},
		{"{\n\t\"version\": 1,\n\t\"rutes\": []\n}", `c.json:3:2: the contract has no field "rutes"; there are: holds, markers, refusals, routes, version`},
		{`{"version": 1, "version": 1}`, `c.json:1:16: the contract has "version" twice`},
		{`{"version": "1"}`, `c.json:1:13: "version" of the contract has to be a number, and is a text`},
		{`{"version": 2}`, `c.json:1:13: "version" of the contract is 2; this package reads version 1`},
		{`{"version": 1.0}`, "this package reads version 1"},
		{`{"routes": [` + route + `]}`, "c.json:1:1: the version is 0"},
		{`{"version": 1, "routes": []}`, "c.json:1:1: there are no routes"},
		{`{"version": 1}`, "there are no routes"},
		{`{"version": 1, "routes": [` + route + `,` + route + `]}`, "route 2 is GET /a, and so is route 1"},
		{`{"version": 1, "routes": [` + route + `]} x`, "c.json:1:84: something follows the contract"},
		{`{"version": 1, "routes": [` + route + `]}{}`, "something follows the contract"},
		{`{"version": 1, "routes": {}}`, `c.json:1:26: "routes" of the contract has to be a list, and is an object`},
		{`{"version": 1, "routes": [7]}`, `c.json:1:27: route 1 has to be an object, and is a number`},
		{"{\n\"version\": 1x}", "c.json:2:13: invalid character 'x'"},
		{"{\n\"version\": \"\x01\"}", "c.json:2:12: invalid character"},
		{`{"version": 1,, "routes": []}`, "c.json:1:15: invalid character ','"},
		{in(`"method": true`), `"method" of route 1 has to be a text, and is true or false`},
		{in(`"Method": "GET"`), `route 1 has no field "Method"`},
		{"{\"version\": 1, \"routes\": [\n" + route + ",\n  {\"method\": \"get\", \"path\": \"/b\", \"requires\": \"nothing\"}]}", `c.json:3:3: route 2: method is "get"; write it as GET`},
		{in(`"method": "GET", "path": "a", "requires": "nothing"`), "the path has to begin with /"},
		{in(`"method": "GET", "path": "/a?b", "requires": "nothing"`), "the path holds ? or #"},
		{in(`"method": "GET", "path": "/{a", "requires": "nothing"`), `"{a" is no wildcard`},
		{in(`"method": "GET", "path": "/x{a}", "requires": "nothing"`), `"x{a}" is no wildcard`},
		{in(`"method": "GET", "path": "/{}", "requires": "nothing"`), `"{}" is no wildcard`},
		{in(`"method": "GET", "path": "/{a...}/b", "requires": "nothing"`), `{a...} is not at the end`},
		{in(`"method": "GET", "path": "/{a}/{a}", "requires": "nothing"`), `the wildcard a is there twice`},
		{in(`"method": "GET", "path": "/{a}", "requires": "nothing"`), `values has nothing for {a}`},
		{in(`"method": "GET", "path": "/a", "values": {"b": "1"}, "requires": "nothing"`), `values has "b", which is no wildcard`},
		{in(`"method": "GET", "path": "/a", "values": {"b": 1}, "requires": "nothing"`), `"b" of "values" of route 1 has to be a text, and is a number`},
		{in(`"method": "GET", "path": "/a", "headers": {"X Y": "1"}, "requires": "nothing"`), `headers has "X Y", which is no header`},
		{in(`"method": "GET", "path": "/a", "headers": {"X": "1\n2"}, "requires": "nothing"`), `headers has "X", which is no header`},
		{in(`"method": "GET", "path": "/a", "headers": {"": "1"}, "requires": "nothing"`), `headers has "", which is no header`},
		{in(`"method": "GET", "path": "/a", "headers": {"A": "1", "X\u00e9": "1"}, "requires": "nothing"`), "headers has \"X\u00e9\", which is no header"},
		{in(`"method": "GET", "path": "/a", "headers": {"A": "1", "X:": "1"}, "requires": "nothing"`), `headers has "X:", which is no header`},
		{in(`"method": "GE(T", "path": "/a", "requires": "nothing"`), `method is "GE(T"`},
		{in(`"method": "", "path": "/a", "requires": "nothing"`), `method is ""`},
		{in(`"method": "GET", "path": "/{a.b}", "values": {"a.b": "1"}, "requires": "nothing"`), `"{a.b}" is no wildcard`},
		{in(`"method": "GET", "path": "/{a}}", "values": {"a": "1"}, "requires": "nothing"`), `"{a}}" is no wildcard`},
		{in(`"method": "GET", "path": "/a", "requires": "nothing", "answers": ["600"]`), `has "600", but`},
		{in(`"method": "GET", "path": "/a", "requires": "nothing", "answers": ["2000"]`), `has "2000", but`},
		{in(`"method": "GET", "path": "/a", "requires": "nothing", "answers": "200"`), `"answers" of route 1 has to be a list, and is a text`},
		{in(`"method": "GET", "path": "/a", "requires": "nothing", "answers": [200]`), `each of "answers" of route 1 has to be a text, and is a number`},
		{"\n\n  {\"version\": 1, \"routes\": []}", "c.json:3:3: there are no routes"},
		{in(`"method": "GET", "path": "/a"`), `requires is ""; it is one of nothing, sign-in, membership, role`},
		{in(`"method": "GET", "path": "/a", "requires": "admin"`), `requires is "admin"`},
		{in(`"method": "GET", "path": "/a", "requires": "role"`), `requires is "role", but there are no roles`},
		{in(`"method": "GET", "path": "/a", "requires": "membership", "roles": ["admin"]`), `roles are given, but requires is "membership"`},
		{in(`"method": "GET", "path": "/a", "requires": "role", "roles": ["king"]`), `no persona holds one of the roles king`},
		{in(`"method": "GET", "path": "/a", "requires": "role", "roles": ["admin", ""]`), `has an empty text`},
		{in(`"method": "GET", "path": "/a", "requires": "role", "roles": ["admin", "admin"]`), `has "admin" twice`},
		{in(`"method": "GET", "path": "/a", "requires": "nothing", "answers": ["ok"]`), `"answers" of route 1 has "ok", but a status is a code`},
		{in(`"method": "GET", "path": "/a", "requires": "nothing", "answers": ["1xx"]`), `has "1xx", but`},
		{in(`"method": "GET", "path": "/a", "requires": "nothing", "answers": ["20x"]`), `has "20x", but`},
		{in(`"method": "GET", "path": "/a", "requires": "nothing", "expect": {"king": ["200"]}`), `has "king", which is none of nobody, outsider,`},
		{in(`"method": "GET", "path": "/a", "requires": "nothing", "expect": {"owner": []}`), `expect of owner is empty`},
		{`{"version": 1, "holds": {"nobody": []}, "routes": [` + route + `]}`, `has "nobody", which is none of member, admin, owner`},
		{`{"version": 1, "refusals": {"nobody": ["no"]}, "routes": [` + route + `]}`, `has "no", but a status`},
		{`{"version": 1, "refusals": {"nobody": []}, "routes": [` + route + `]}`, `refusals of nobody is empty`},
		{`{"version": 1, "markers": {"home": ["x"], "foreign": ["x"]}, "routes": [` + route + `]}`, `the marker "x" is empty, or of both tenants`},
		{`{"version": 1, "markers": {"hom": ["x"]}, "routes": [` + route + `]}`, `"markers" of the contract has no field "hom"; there are: foreign, home`},
	} {
		_, err := scopetest.ParseContract("c.json", []byte(test.text))
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "c.json:") {
			t.Errorf("%s\nerror %v\nwant  %s", test.text, err, test.want)
		}
	}
}

// FuzzParseContract looks for panics, and for contracts that are taken and then
// not driven.
func FuzzParseContract(f *testing.F) {
	data, err := os.ReadFile("testdata/contract.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"version": 1, "routes": [{"method": "GET", "path": "/{a...}", "values": {"a": "/../%2f"}, "query": "a=b c", "requires": "nothing"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := scopetest.ParseContract("c.json", data)
		if err != nil {
			return
		}
		as := func(r *http.Request, _ scopetest.Persona) (*http.Request, error) { return r, nil }
		h := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
		if len(c.Routes) > 3 {
			c.Routes = c.Routes[:3]
		}
		if _, err := scopetest.CheckPermutations(t.Context(), h, c, as); err != nil && strings.Contains(err.Error(), "the kit is broken") {
			t.Error(err)
		}
	})
}

// TestPermutationsRefuses is for what cannot be driven.
func TestPermutationsRefuses(t *testing.T) {
	t.Parallel()
	h := http.NotFoundHandler()
	as := func(r *http.Request, _ scopetest.Persona) (*http.Request, error) { return r, nil }
	without := func(absent ...scopetest.Persona) scopetest.As {
		return func(r *http.Request, p scopetest.Persona) (*http.Request, error) {
			for _, a := range absent {
				if p == a {
					return nil, fmt.Errorf("none: %w", scopetest.ErrNoPersona)
				}
			}
			return r, nil
		}
	}
	c := contract(t)
	var none context.Context
	for _, test := range []struct {
		ctx      context.Context
		handler  http.Handler
		contract scopetest.Contract
		as       scopetest.As
		want     string
	}{
		{none, h, c, as, "the context is nil"},
		{t.Context(), nil, c, as, "the handler is nil"},
		{t.Context(), h, c, nil, "no function that makes a request"},
		{t.Context(), h, scopetest.Contract{}, as, "the version is 0"},
		{t.Context(), h, scopetest.Contract{Version: 1, Home: []string{""}, Foreign: []string{""}}, as, "a marker is empty"},
		{t.Context(), h, scopetest.Contract{Version: 1, Home: []string{"x"}, Foreign: []string{"x"}}, as, `the marker "x" is empty, or of both tenants`},
		{t.Context(), h, scopetest.Contract{Version: 1, Holds: map[scopetest.Persona][]string{scopetest.Nobody: nil}}, as, `holds has "nobody"`},
		{t.Context(), h, scopetest.Contract{Version: 1, Refusals: map[scopetest.Persona][]string{"king": {"403"}}}, as, `refusals has "king"`},
		{t.Context(), h, scopetest.Contract{Version: 1, Refusals: map[scopetest.Persona][]string{scopetest.Nobody: {"4x3"}}}, as, `refusals of nobody has "4x3", but`},
		{t.Context(), h, scopetest.Contract{Version: 1, Routes: []scopetest.Route{{Path: "/a", Requires: scopetest.RequireNothing}}}, as, `route 1: method is ""`},
		{t.Context(), h, scopetest.Contract{Version: 1, Routes: []scopetest.Route{{Method: "GET", Path: "/a", Requires: scopetest.RequireNothing, Expect: map[scopetest.Persona][]string{"king": {"200"}}}}}, as, `expect has "king"`},
		{t.Context(), h, scopetest.Contract{Version: 1, Routes: []scopetest.Route{{Method: "GET", Path: "/a", Requires: scopetest.RequireNothing, Answers: []string{"yes"}}}}, as, `answers has "yes", but`},
		{t.Context(), h, c, without(scopetest.Nobody), "without nobody there is nothing to compare"},
		{t.Context(), h, c, without(scopetest.Member, scopetest.Admin, scopetest.Owner), "without a member, admin or owner"},
		{t.Context(), h, c, without(scopetest.Owner), "nobody who is driven may pass DELETE /invoices/{id}"},
		{t.Context(), h, c, func(*http.Request, scopetest.Persona) (*http.Request, error) { return nil, errors.New("no key") }, "no request could be made as nobody: no key"},
		{t.Context(), h, c, func(*http.Request, scopetest.Persona) (*http.Request, error) { return nil, nil }, "neither a request nor an error"},
	} {
		if _, err := scopetest.CheckPermutations(test.ctx, test.handler, test.contract, test.as); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("error %v, want %q", err, test.want)
		}
	}
	bad := c
	bad.Routes = append([]scopetest.Route(nil), c.Routes...)
	bad.Routes[0].Query = "a=%zz"
	if _, err := scopetest.CheckPermutations(t.Context(), h, bad, as); err == nil || !strings.Contains(err.Error(), "the query of GET /healthz") {
		t.Errorf("error of a bad query: %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	cancel(cause)
	if _, err := scopetest.CheckPermutations(ctx, h, c, as); !errors.Is(err, cause) {
		t.Errorf("error %v, want %v", err, cause)
	}
}

// TestPermutationsWithoutSome leaves out the personas that a service may lack.
func TestPermutationsWithoutSome(t *testing.T) {
	t.Parallel()
	s := newService(t)
	scopetest.Permutations(t, s.routes(s.guards()), contract(t), func(r *http.Request, p scopetest.Persona) (*http.Request, error) {
		switch p {
		case scopetest.WrongEnv, scopetest.Mismatched, scopetest.Outage, scopetest.Neighbour, scopetest.Member:
			return nil, scopetest.ErrNoPersona
		}
		return s.as(r, p)
	})
}

// TestStatusesAreTaken has all classes and codes at the ends of their ranges.
func TestStatusesAreTaken(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"2xx", "3xx", "4xx", "5xx", "200", "599"} {
		text := fmt.Sprintf(`{"version": 1, "refusals": {"nobody": [%[1]q]}, "routes": [{"method": "X-Y", "path": "/", "headers": {"A-b": ""}, "requires": "nothing", "answers": [%[1]q]}]}`, status)
		if _, err := scopetest.ParseContract("c.json", []byte(text)); err != nil {
			t.Errorf("%s: %v", status, err)
		}
	}
}

// TestNobodyGetsThrough is for contracts that are met by a handler without the
// route.
func TestNobodyGetsThrough(t *testing.T) {
	t.Parallel()
	as := func(r *http.Request, _ scopetest.Persona) (*http.Request, error) { return r, nil }
	for _, code := range []int{200, 404, 405, 501} {
		c := scopetest.Contract{Version: 1, Routes: []scopetest.Route{
			{Method: "GET", Path: "/a", Requires: scopetest.RequireNothing, Answers: []string{fmt.Sprint(code), "201"}},
		}}
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet {
				code := http.StatusMethodNotAllowed
				w.WriteHeader(code)
				return
			}
			w.WriteHeader(code)
		})
		found, err := scopetest.CheckPermutations(t.Context(), h, c, as)
		if code == 200 {
			if err != nil || len(found) > 0 {
				t.Errorf("%d: %v, %v", code, found, err)
			}
			continue
		}
		// A contract that is content with that is one that the kit cannot check.
		if err == nil && (len(found) != 1 || found[0].Guarantee != scopetest.Reached) {
			t.Errorf("%d: %v", code, found)
		}
		if err != nil && !strings.Contains(err.Error(), "the contract contradicts itself") {
			t.Errorf("%d: %v", code, err)
		}
	}
}
