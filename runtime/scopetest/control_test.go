package scopetest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// shapes calls f with every shape that a feature can have.
func shapes(f func(name string, feature Feature)) {
	itself := func(text string) string { return text }
	for bits := range 1 << 7 {
		has := func(i int) bool { return bits>>i&1 != 0 }
		m := &memory{userScoped: has(5)}
		feature := Feature{UserScoped: has(5)}
		var name []string
		use := func(on bool, text string, set func()) {
			if on {
				name = append(name, text)
				set()
			}
		}
		use(has(0), "read", func() { feature.Read = m.read })
		use(has(1), "list", func() { feature.List = m.list })
		use(has(2), "update", func() { feature.Update = m.update })
		use(has(3), "delete", func() { feature.Delete = m.delete })
		use(has(5), "user", func() {})
		use(has(4), "add", func() { feature.Add = m.add })
		use(!has(4), "create", func() { feature.Create = m.create })
		if feature.Read == nil && feature.List == nil {
			continue
		}
		if !has(6) {
			f(strings.Join(name, ","), feature)
			continue
		}
		if !has(0) || !has(1) || has(2) != has(3) {
			continue
		}
		// The rarer things, one at a time.
		for _, v := range []struct {
			name   string
			change func(*Feature)
		}{
			{"global", func(f *Feature) { f.GlobalIDs, m.global = true, true }},
			{"one env", func(f *Feature) { f.Envs = []string{"prod"} }},
			{"two envs", func(f *Feature) { f.Envs = []string{"production", "dev"} }},
			{"tenant form", func(f *Feature) { f.Tenant = itself }},
			{"id form", func(f *Feature) { f.ID = itself }},
			{"user form", func(f *Feature) { f.User = itself }},
			{"all forms", func(f *Feature) { f.Tenant, f.User, f.ID = itself, itself, itself }},
		} {
			varied := feature
			m.global = false
			v.change(&varied)
			f(strings.Join(append(name, v.name), ","), varied)
		}
	}
}

// TestControl shows for every shape that each check that is not skipped passes
// a store that is right and catches one that is wrong.
func TestControl(t *testing.T) {
	n := 0
	shapes(func(name string, f Feature) {
		n++
		r, err := newRun(t.Context(), name, f, checks())
		if err != nil {
			t.Fatal(err)
		}
		if err := r.control(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
	if n < 100 {
		t.Errorf("%d shapes, which are not all", n)
	}
}

// TestControlNoticesBlindKit replaces one check at a time by one that sees
// nothing, and by one that sees ghosts.
func TestControlNoticesBlindKit(t *testing.T) {
	t.Parallel()
	m := &memory{userScoped: true}
	f := Feature{Create: m.create, Read: m.read, Update: m.update, Delete: m.delete, List: m.list, UserScoped: true}
	for i, c := range checks() {
		sabotage := func(do func(p *probe)) error {
			all := checks()
			if c.whole != nil {
				all[i].whole = do
			} else {
				all[i].pair = func(p *probe, _, _ actor) { do(p) }
			}
			r, err := newRun(t.Context(), t.Name(), f, all)
			if err != nil {
				t.Fatal(err)
			}
			return r.control()
		}
		if err := sabotage(func(*probe) {}); err == nil || !strings.Contains(err.Error(), "leaks on purpose passes its check for "+string(c.guarantee)) {
			t.Errorf("with a blind check for %s: error %v", c.guarantee, err)
		}
		if err := sabotage(func(p *probe) { p.broken("of a ghost") }); err == nil || !strings.Contains(err.Error(), "keeps scopes apart fails its check for "+string(c.guarantee)) {
			t.Errorf("with a check for %s that sees ghosts: error %v", c.guarantee, err)
		}
	}
}

// TestControlSeesOneDimension has the kit forget a dimension, as if scopes
// never differed in it.
func TestControlSeesOneDimension(t *testing.T) {
	t.Parallel()
	m := &memory{userScoped: true}
	f := Feature{Create: m.create, Read: m.read, UserScoped: true}
	for _, dim := range []Dimension{Tenant, Env, User} {
		all := checks()
		for i, c := range all {
			if c.pair != nil {
				all[i].pair = func(p *probe, a, b actor) {
					if p.dimension != dim {
						c.pair(p, a, b)
					}
				}
			}
		}
		r, err := newRun(t.Context(), t.Name(), f, all)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.control(); err == nil || !strings.Contains(err.Error(), "passes its check for read/"+string(dim)) {
			t.Errorf("blind to %s: error %v", dim, err)
		}
	}
}

func TestControlEndsWithContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	cancel(cause)
	m := &memory{}
	if _, err := CheckIsolation(ctx, t.Name(), Feature{Create: m.create, Read: m.read}); !errors.Is(err, cause) {
		t.Errorf("error %v, want %v", err, cause)
	}
}

func TestGuarantees(t *testing.T) {
	t.Parallel()
	sentences := make(map[string]Guarantee)
	for _, g := range Guarantees() {
		s := g.Sentence()
		if s == "" || sentences[s] != "" {
			t.Errorf("%s has no sentence of its own: %q", g, s)
		}
		sentences[s] = g
	}
	if s := Guarantee("luck").Sentence(); s != "" {
		t.Errorf("a guarantee that is not in the list says %q", s)
	}
	for i, c := range checks() {
		if c.guarantee != Guarantees()[i] {
			t.Errorf("check %d is for %s, guarantee %d is %s", i, c.guarantee, i, Guarantees()[i])
		}
	}
	v := Violation{Read, Env, "it did"}
	if got, want := fmt.Sprint(v), "read (env): no scope reads what another one wrote, but it did"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestDocs holds docs/scopetest.md and docs/contract.md to the code.
func TestDocs(t *testing.T) {
	t.Parallel()
	read := func(name string) string {
		data, err := os.ReadFile("../../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(string(data), "\r\n", "\n")
	}
	var table strings.Builder
	for _, g := range Guarantees() {
		fmt.Fprintf(&table, "| `%s` | %s |\n", g, g.Sentence())
	}
	if !strings.Contains(read("scopetest.md"), table.String()) {
		t.Errorf("docs/scopetest.md lacks this table:\n%s", table.String())
	}
	text := read("contract.md")
	_, example, _ := strings.Cut(text, "```json\n")
	example, _, _ = strings.Cut(example, "```")
	if _, err := ParseContract("docs/contract.md", []byte(example)); err != nil {
		t.Error(err)
	}
	for _, p := range Personas() {
		if !p.belongs() && !regexp.MustCompile("(?m)^\\| `"+string(p)+"` \\|.*\\| "+strings.Join(p.Refusals(), ", ")+" \\|$").MatchString(text) {
			t.Errorf("docs/contract.md does not say that %s is refused with %s", p, strings.Join(p.Refusals(), ", "))
		}
	}
}

// TestHandlerThatHangs is for a handler that answers late, and for one that
// never does.
func TestHandlerThatHangs(t *testing.T) {
	t.Parallel()
	c := Contract{Version: ContractVersion, Routes: []Route{{Method: "GET", Path: "/a", Requires: RequireNothing}}}
	never := make(chan struct{})
	defer close(never)
	for name, wait := range map[string]func(ctx context.Context){
		"heeds its context":  func(ctx context.Context) { <-ctx.Done() },
		"ignores everything": func(context.Context) { <-never },
	} {
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "GET" {
				wait(r.Context())
			}
			w.WriteHeader(http.StatusMethodNotAllowed)
		})
		d, err := newDrive(t.Context(), h, c, func(r *http.Request, _ Persona) (*http.Request, error) { return r, nil })
		if err != nil {
			t.Fatal(err)
		}
		d.patience = 20 * time.Millisecond
		found := d.all()
		if len(found) != len(Personas()) || found[0].Guarantee != Sound || found[0].Detail != "GET /a as nobody is not answered within 20ms" {
			t.Errorf("a handler that %s: %v", name, found)
		}
	}
}

// TestMatches checks which targets a path covers.
func TestMatches(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		path, target string
		want         bool
	}{
		{"/a", "/a", true}, {"/a", "/a?x=1", true}, {"/a", "/b", false}, {"/a", "/a/b", false}, {"/a/b", "/a", false},
		{"/a/{id}", "/a/7", true}, {"/a/{id}", "/a", false}, {"/a/{id}", "/a/7/8", false}, {"/a/{id}/b", "/a/7/b", true},
		{"/a/{rest...}", "/a/7/8", true}, {"/a/{rest...}", "/b/7", false}, {"/a b", "/a%20b", true},
	} {
		if got := (&Route{Path: test.path}).matches(test.target); got != test.want {
			t.Errorf("%s matches %s is %t", test.path, test.target, got)
		}
	}
	r := Route{Method: "GET", Path: "/a b/{id}/{rest...}", Values: map[string]string{"id": "x/y z", "rest": "p/q r"}, Query: "a=b c"}
	if got, err := r.target(); got != "/a%20b/x%2Fy%20z/p/q%20r?a=b%20c" || err != nil {
		t.Errorf("target %s, %v", got, err)
	}
}

// TestExpected is the whole table of who is to be answered how.
func TestExpected(t *testing.T) {
	t.Parallel()
	plain := Contract{Version: ContractVersion}
	holds := Contract{Version: ContractVersion, Holds: map[Persona][]string{Admin: {"editor", "admin"}, Member: {}}}
	refusals := Contract{Version: ContractVersion, Refusals: map[Persona][]string{Outsider: {"404"}, Nobody: {"302", "401"}}}
	id := map[string]string{"id": "7"}
	for _, test := range []struct {
		contract Contract
		route    Route
		want     string // of all personas, in order
	}{
		{plain, Route{Requires: RequireNothing}, "2xx 2xx 2xx 2xx 2xx 2xx 2xx 2xx 2xx"},
		{plain, Route{Requires: RequireNothing, Answers: []string{"200", "304"}}, "200,304 200,304 200,304 200,304 200,304 200,304 200,304 200,304 200,304"},
		{plain, Route{Requires: RequireSignIn}, "401 403,2xx 400,401,403,2xx 400,403,409,2xx 403,503,2xx 2xx 2xx 2xx 2xx"},
		{plain, Route{Requires: RequireMembership}, "401 403 400,401,403 400,403,409 403,503 403,404,2xx 2xx 2xx 2xx"},
		{plain, Route{Requires: RequireMembership, Values: id}, "401 403 400,401,403 400,403,409 403,503 403,404 2xx 2xx 2xx"},
		{plain, Route{Requires: RequireRole, Roles: []string{"admin"}, Values: id, Answers: []string{"204"}}, "401 403 400,401,403 400,403,409 403,503 403,404 403 204 403"},
		{plain, Route{Requires: RequireRole, Roles: []string{"admin", "owner"}}, "401 403 400,401,403 400,403,409 403,503 403,404,2xx 403 2xx 2xx"},
		// Whoever is not named in holds has no role.
		{holds, Route{Requires: RequireRole, Roles: []string{"editor", "owner", "member"}, Values: id}, "401 403 400,401,403 400,403,409 403,503 403,404 403 2xx 403"},
		{refusals, Route{Requires: RequireMembership, Values: id}, "302,401 404 400,401,403 400,403,409 403,503 403,404 2xx 2xx 2xx"},
		{refusals, Route{Requires: RequireSignIn}, "302,401 404,2xx 400,401,403,2xx 400,403,409,2xx 403,503,2xx 2xx 2xx 2xx 2xx"},
		{refusals, Route{Requires: RequireMembership, Values: id, Expect: map[Persona][]string{Nobody: {"410"}, Owner: {"404"}}}, "410 404 400,401,403 400,403,409 403,503 403,404 2xx 2xx 404"},
	} {
		var got []string
		for _, p := range Personas() {
			got = append(got, strings.Join(test.contract.expected(p, &test.route), ","))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%+v:\ngot  %s\nwant %s", test.route, strings.Join(got, " "), test.want)
		}
	}
	for code, want := range map[int]string{200: "2xx", 299: "2xx", 404: "404", 503: "5xx"} {
		if !statusIn(code, []string{"418", want}) || statusIn(code, []string{"418", "30x"}) {
			t.Errorf("%d is not %s", code, want)
		}
	}
}

// TestNotes checks that refused ids are said.
func TestNotes(t *testing.T) {
	t.Parallel()
	m := &memory{}
	f := Feature{Read: m.read, Create: func(ctx context.Context, id, payload string) error {
		if strings.ContainsAny(id, ":/|") {
			return errors.New("the id holds a separator")
		}
		return m.create(ctx, id, payload)
	}}
	r, err := newRun(t.Context(), t.Name(), f, checks())
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range r.tasks() {
		if task.skip != "" {
			continue
		}
		violations, notes := r.do(t.Context(), r.subject, task)
		if len(violations) > 0 || (len(notes) > 0) != (task.guarantee == Encoding) {
			t.Errorf("%s: %v, notes %q", task.name(), violations, notes)
		}
	}
}
