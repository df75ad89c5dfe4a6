package scopetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
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
