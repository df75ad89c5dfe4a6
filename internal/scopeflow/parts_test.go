package scopeflow

import "testing"

// What differs from caller to caller comes first; separators are not told, and
// what a constant holds cannot upset a terminal.
func TestParts(t *testing.T) {
	constant := func(s string) Atom { return Atom{Kind: Constant, Text: s} }
	id, name := Atom{Kind: Request, Text: "id"}, Atom{Kind: Param, Text: "name"}
	for _, test := range []struct {
		parts []Atom
		want  string
	}{
		{[]Atom{constant("invoice:"), id}, `id and "invoice:"`},
		{[]Atom{constant("a:"), id, constant("\x00|"), name, constant("b\x1b[2J")}, `id, name, "a:" and "b\x1b[2J"`},
		{[]Atom{constant("a"), id, constant("b"), id, constant("c"), name, constant("d")}, `id, name, "a" and …`},
		{[]Atom{id}, "id"},
		{[]Atom{constant("::")}, "its key"},
	} {
		l := Leaf{Access: &Access{Key: Value{[]Alt{{Parts: test.parts}}}}}
		if got := l.Parts(); got != test.want {
			t.Errorf("%v: %s, want %s", test.parts, got, test.want)
		}
	}
}
