package nogo

import "testing"

func TestRoot(t *testing.T) {
	for _, tc := range []struct{ path, dir, want string }{
		{"example.com/shop", ".", "."},
		{"example.com/shop/a/b", "a/b", "."},
		{"example.com/shop/a/b", "services/shop/a/b", "services/shop"},
		{"example.com/shop/a/b", "/src/shop/a/b", "/src/shop"},
		{"example.com/shop", "services/shop", "services/shop"},
		{"example.com/shop/a", "gen/b", "gen/b"},
	} {
		if got := root("example.com/shop", tc.path, tc.dir); got != tc.want {
			t.Errorf("%s in %s: root %q; want %q", tc.path, tc.dir, got, tc.want)
		}
	}
}

func TestOwn(t *testing.T) {
	for path, want := range map[string]bool{"example.com/shop": true, "example.com/shop/a": true, "example.com/shopping": false, "fmt": false} {
		if got := own("example.com/shop", path) != nil; got != want {
			t.Errorf("%s: %v; want %v", path, got, want)
		}
	}
}

// The flags that nogo sets are those that the command writes.
func TestFlags(t *testing.T) {
	a := newAnalyzer()
	for name, value := range map[string]string{"module": "m", "policy": "p", "files": "{}", "without": "tokenlog,rawenv"} {
		if err := a.Flags.Set(name, value); err != nil {
			t.Error(err)
		}
	}
	if err := a.Flags.Set("without", "nothing"); err == nil {
		t.Error("an analyzer that does not exist can be left out")
	}
}
