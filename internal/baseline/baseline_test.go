package baseline

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/internal/report"
)

const source = `package p

import "example.com/p/q"

// Get reads.
func (s *Store[T]) Get(id string) string {
	key := "price:" + id
	if v, ok := s.m[key]; ok {
		return v
	}
	return q.Load(key)
}

var (
	one = map[string]int{}
	two = map[string]int{}
)
`

// keyOf writes a file and returns the key of a finding at the last occurrence of
// text, with a step at the one of step, if that is not "".
func keyOf(t *testing.T, src, text, step string) Key {
	t.Helper()
	root := t.TempDir()
	module(t, root)
	name := filepath.Join(root, "p.go")
	if err := os.WriteFile(name, []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
	place := func(text string) report.Pos {
		i := strings.LastIndex(src, text)
		if i < 0 {
			t.Fatalf("no %q", text)
		}
		head := src[:i]
		return report.Pos{File: name, Line: strings.Count(head, "\n") + 1, Col: i - strings.LastIndex(head, "\n")}
	}
	f := report.Finding{Package: "example.com/p", Analyzer: "a", Category: "c", Message: "m", Pos: place(text)}
	if step != "" {
		f.Related = append(f.Related, report.Step{Pos: place(step), Message: "s"})
	}
	key, err := NewKeyer().Key(f)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func module(t *testing.T, root string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module example.com/p\n"), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestKey: a key survives what does not concern the finding, and nothing else.
func TestKey(t *testing.T) {
	const at, step = "s.m[key]", `"price:"`
	key := keyOf(t, source, at, step)
	if key.Rule != "a/c" || key.Symbol != "example.com/p.(*Store).Get" || len(key.Code) != 24 {
		t.Errorf("key %v", key)
	}
	for name, tc := range map[string]struct{ old, new string }{
		"moved":           {"// Get reads.", "func other() {}\n\n// Get reads.\n// More."},
		"comment":         {`key := "price:" + id`, `key := "price:" + id // the price`},
		"blanks":          {`key := "price:" + id`, `key   :=   "price:"+id`},
		"other statement": {"return q.Load(key)", "return q.Load(key + key)"},
		"inside":          {"return v", "return v + v"},
	} {
		if got := keyOf(t, strings.Replace(source, tc.old, tc.new, 1), at, step); got != key {
			t.Errorf("%s: another key, %v", name, got)
		}
	}
	for name, tc := range map[string]struct{ old, new string }{
		"statement": {"v, ok := s.m[key]; ok", "_, ok := s.m[key]; ok"},
		"step":      {`"price:" + id`, `"price:" + id + id`},
		"function":  {") Get(", ") Fetch("},
		"receiver":  {"(s *Store[T])", "(s Store[T])"},
	} {
		if got := keyOf(t, strings.Replace(source, tc.old, tc.new, 1), at, step); got == key {
			t.Errorf("%s: the same key", name)
		}
	}
	one, two := keyOf(t, source, "one", ""), keyOf(t, source, "two", "")
	if one.Symbol != "example.com/p.one" || two.Symbol != "example.com/p.two" {
		t.Errorf("variables: %v, %v", one, two)
	}
	if k := keyOf(t, source, "string) string", ""); k.Symbol != key.Symbol || k == key {
		t.Errorf("a parameter: %v", k)
	}
	if k := keyOf(t, source, "package", ""); k.Symbol != "example.com/p" {
		t.Errorf("outside of declarations: %v", k)
	}
}

// TestKeyElsewhere: a finding in another file than Go's has its line; a step
// outside of the module counts with nothing.
func TestKeyElsewhere(t *testing.T) {
	root, other := t.TempDir(), t.TempDir()
	module(t, root)
	name := filepath.Join(root, "policy.toml")
	if err := os.WriteFile(name, []byte("[[exempt]]\nfunc = \"f\"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	f := report.Finding{Package: "p", Analyzer: "a", Pos: report.Pos{File: name, Line: 2, Col: 1}}
	plain, err := NewKeyer().Key(f)
	if err != nil || plain.Symbol != "p:policy.toml" || !plain.In("p") || plain.In("q") {
		t.Fatalf("%v, %v", plain, err)
	}
	f.Related = []report.Step{{Pos: report.Pos{File: filepath.Join(other, "gone.go"), Line: 1}}}
	if _, err := NewKeyer().Key(f); err != nil {
		t.Error(err)
	}
	f.Pos.File = filepath.Join(root, "gone.go")
	if _, err := NewKeyer().Key(f); err == nil {
		t.Error("a file that is not there is no error")
	}
}

func TestFile(t *testing.T) {
	a, b, c := Key{"r/a", "p.A", "00"}, Key{"r/b", "p.B", "01"}, Key{"r/c", "q.C", "02"}
	base := Of([]Key{b, a, b, c})
	text := string(base.Format())
	back, err := Parse("base", []byte(text))
	if err != nil || string(back.Format()) != text || back.Len() != 4 {
		t.Fatalf("%v\n%s", err, text)
	}
	lines := strings.TrimPrefix(text, header)
	if lines != "r/a p.A 00\nr/b p.B 01\nr/b p.B 01\nr/c q.C 02\n" {
		t.Errorf("%s", lines)
	}
	for _, bad := range []string{"r/a p.A", "r/a p.A xyz", "<<<<<<< ours", "r/a p.A 00 more"} {
		if _, err := Parse("base", []byte(text+bad+"\n")); err == nil || !strings.Contains(err.Error(), "base:9: ") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	// Three findings like b, of which two are known, and none like a; nothing is
	// known of q today.
	keys := []Key{b, b, b, {"r/d", "p.D", "03"}}
	m := back.Match(keys, func(k Key) bool { return k.In("p") && k.Analyzer() == "r" })
	if !slices.Equal(m.Known, []bool{true, true, false, false}) {
		t.Errorf("known %v", m.Known)
	}
	if len(m.Stale) != 1 || m.Stale[0] != (Stale{5, a}) {
		t.Errorf("stale %v", m.Stale)
	}
	for _, tc := range []struct {
		base *Baseline
		want string
	}{
		{m.Kept, "r/b p.B 01\nr/b p.B 01\nr/c q.C 02\n"},
		{m.Kept.With(keys, m), "r/b p.B 01\nr/b p.B 01\nr/b p.B 01\nr/c q.C 02\nr/d p.D 03\n"},
	} {
		if s := strings.TrimPrefix(string(tc.base.Format()), header); s != tc.want {
			t.Errorf("got %s, want %s", s, tc.want)
		}
	}
}

// Where the code on the path cannot be read, a line knows a finding by its rule and
// declaration: one of each that there are.
func TestNewIn(t *testing.T) {
	root := t.TempDir()
	module(t, root)
	name := filepath.Join(root, "p.go")
	if err := os.WriteFile(name, []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	at := func(line int, category string) report.Finding {
		return report.Finding{Analyzer: "unscopedkey", Category: category, Package: "example.com/p", Pos: report.Pos{File: name, Line: line, Col: 1},
			Related: []report.Step{{Pos: report.Pos{File: filepath.Join(root, "gone.go"), Line: 1}}}}
	}
	found := []report.Finding{at(8, "missing"), at(11, "missing"), at(8, "misscoped")}
	left, err := NewIn("unscopedkey/missing example.com/p.(*Store).Get 0123456789ab\n", "known.txt", found)
	if err != nil || len(left) != 2 || left[0].Pos.Line != 11 || left[1].Category != "misscoped" {
		t.Errorf("%v, %v", left, err)
	}
	if _, err := NewIn("nonsense\n", "known.txt", found); err == nil || !strings.Contains(err.Error(), "known.txt:1") {
		t.Errorf("a broken baseline: %v", err)
	}
}
