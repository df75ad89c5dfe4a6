package scopeflow

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/tenantvet/tenantvet/internal/models"
)

// random returns a value with up to n alternatives of up to m parts.
func random(r *rand.Rand, n, m int) Value {
	var alts []Alt
	for range 1 + r.IntN(n) {
		alt := Alt{Bag: r.IntN(4) == 0}
		for range r.IntN(m + 1) {
			a := Atom{Kind: Kind(r.IntN(int(Opaque) + 1))}
			switch a.Kind {
			case Constant:
				a.Text = string(rune('a' + r.IntN(4)))
			case Scope:
				a.Dims = models.Dims(1 + r.IntN(7))
			case Param:
				a.Root = r.IntN(3)
			}
			alt.Parts = append(alt.Parts, a)
		}
		alts = append(alts, alt)
	}
	return bound(alts)
}

// must returns the dimensions that v carries on every path.
func must(v Value) models.Dims {
	all := models.AllDims
	for _, alt := range v.Alts {
		var d models.Dims
		for _, a := range alt.Parts {
			if a.Kind == Scope && !a.Selected {
				d |= a.Dims
			}
		}
		all &= d
	}
	return all
}

func TestAlgebra(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		a, b := random(r, 6, 5), random(r, 6, 5)
		if !equal(join(a, a), a) {
			t.Fatalf("join(a, a) = %v; want a = %v", join(a, a), a)
		}
		if !equal(join(a, b), join(b, a)) {
			t.Fatalf("join is not commutative:\n%v\n%v", join(a, b), join(b, a))
		}
		if got, want := must(join(a, b)), must(a)&must(b); got&^want != 0 {
			t.Fatalf("join(%v, %v) carries %v; want at most %v", a, b, got, want)
		}
		if got, want := must(concat(a, b)), must(a)|must(b); got&^want != 0 {
			t.Fatalf("%v followed by %v carries %v; want at most %v", a, b, got, want)
		}
		if !equal(join(a, Value{}), a) || !equal(join(Value{}, a), a) {
			t.Fatalf("bottom is not neutral for join: %v", a)
		}
		if !concat(a, Value{}).bottom() {
			t.Fatalf("a value that no path reaches, appended to %v, is reached", a)
		}
		empty := Value{[]Alt{{}}}
		if !equal(concat(a, empty), a) || !equal(concat(empty, a), a) {
			t.Fatalf("the empty value is not neutral for concat: %v", a)
		}
	}
}

// TestBounds: however many alternatives and parts there are, a value stays
// within its bounds, and making it smaller never makes a proof.
func TestBounds(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 5000 {
		var alts []Alt
		wide := Value{}
		for range 2 + r.IntN(30) {
			v := random(r, 2, 24)
			alts = append(alts, v.Alts...)
			wide.Alts = append(wide.Alts, v.Alts...)
		}
		v := bound(slices.Clone(alts))
		if len(v.Alts) > maxAlts {
			t.Fatalf("%d alternatives; want at most %d", len(v.Alts), maxAlts)
		}
		for _, alt := range v.Alts {
			if len(alt.Parts) > maxParts+1 {
				t.Fatalf("%d parts; want at most %d", len(alt.Parts), maxParts+1)
			}
		}
		if got, want := must(v), must(wide); got&^want != 0 {
			t.Fatalf("bound to %v, it carries %v; before, %v", v, got, want)
		}
	}
}

func TestSubstitute(t *testing.T) {
	scope := Atom{Kind: Scope, Dims: models.AllDims}
	sep := Atom{Kind: Constant, Text: ":"}
	v := Value{[]Alt{{Parts: []Atom{{Kind: Param, Root: 0, Dims: models.Tenant}, sep, {Kind: Param, Root: 1}}}}}
	got := v.substitute(func(root int, _ Path) Value {
		if root == 0 {
			return one(scope)
		}
		return join(one(Atom{Kind: Request}), one(Atom{Kind: Constant, Text: "x"}))
	}, nil)
	// Only the tenant of the scope was asked for, and only that is carried.
	if d := must(got); d != models.Tenant {
		t.Errorf("%v carries %v; want tenant", got, d)
	}
	if len(got.Alts) != 2 {
		t.Errorf("%v has %d alternatives; want 2", got, len(got.Alts))
	}
}

func TestPaths(t *testing.T) {
	for _, tt := range []struct {
		sub, path Path
		overlaps  bool
		rest      Path
	}{
		{"", "", true, ""},
		{"", ".A.B", true, ".A.B"},
		{".A", ".A.B", true, ".B"},
		{".A.B", ".A", false, ""},
		{".A", ".AB", false, ""},
		{"[*]", "[3].X", true, ".X"},
		{"[2]", "[3]", false, ""},
		{"[2]", "[*]", true, ""},
		{"[2]", "[all]", true, ""},
		{"[key]", "[*]", false, ""},
	} {
		if got := overlaps(tt.sub, tt.path); got != tt.overlaps {
			t.Errorf("overlaps(%q, %q) = %v; want %v", tt.sub, tt.path, got, tt.overlaps)
		}
		if tt.overlaps {
			if got := tail(tt.path, tt.sub); got != tt.rest {
				t.Errorf("tail(%q, %q) = %q; want %q", tt.path, tt.sub, got, tt.rest)
			}
		}
	}
	if got := Path(".A[*].B").last(); got != "B" {
		t.Errorf("last = %q; want B", got)
	}
	if got := Path(".A[*]").last(); got != "" {
		t.Errorf("last = %q; want none", got)
	}
	if got := Path(".A[all].B").depth(); got != 3 {
		t.Errorf("depth = %d; want 3", got)
	}
}

func BenchmarkConcat(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	x, y := random(r, 3, 4), random(r, 3, 4)
	b.ReportAllocs()
	for b.Loop() {
		concat(x, y)
	}
}
