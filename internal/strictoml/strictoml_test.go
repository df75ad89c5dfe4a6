package strictoml

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

func TestPositions(t *testing.T) {
	const src = `# a comment with [brackets] and "quotes
top = "x" # another
list = [
  "a", # one
  'b',
]
dotted.key = true
"quoted key" = 1
multi = """
line = 1
\""""
inline = { a = 1, b = [ { c = 2 } ] }

[table]
k = "v"

[[many]]
n = "1"
[[many]]
n = "2"
[many.sub]
deep = 3
`
	doc, err := Parse("x.toml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	root := doc.Root()
	check := func(what string, got Pos, line, col int) {
		t.Helper()
		if got != (Pos{line, col}) {
			t.Errorf("%s at %d:%d, want %d:%d", what, got.Line, got.Col, line, col)
		}
	}
	check("top", root.KeyAt("top"), 2, 1)
	check("top's value", root.String("top").At, 2, 7)
	list := root.Strings("list")
	check("list[0]", list[0].At, 4, 3)
	check("list[1]", list[1].At, 5, 3)
	check("dotted", root.KeyAt("dotted"), 7, 1)
	check("quoted key", root.KeyAt("quoted key"), 8, 1)
	check("multi", root.KeyAt("multi"), 9, 1)
	inline := root.Table("inline")
	check("inline.a", inline.KeyAt("a"), 12, 12)
	check("inline.b[0].c", inline.Tables("b")[0].KeyAt("c"), 12, 27)
	check("[table]", root.Table("table").At(), 14, 1)
	many := root.Tables("many")
	check("many[0]", many[0].At(), 17, 1)
	check("many[1]", many[1].At(), 19, 1)
	check("many[1].n", many[1].KeyAt("n"), 20, 1)
	check("many[1].sub.deep", many[1].Table("sub").KeyAt("deep"), 22, 1)
	if doc.Err() != nil {
		t.Error(doc.Err())
	}
}

func TestComplaints(t *testing.T) {
	const src = `name = 1
ok = "yes"
words = ["a", 2]
bool = "true"
tabel = {}
nmae = "x"
single = {}
items = "no"
[[rows]]
color = 1
`
	doc, err := Parse("x.toml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	root := doc.Root()
	root.String("name")
	root.String("ok")
	root.Strings("words")
	root.Bool("bool")
	root.Table("table")
	root.Tables("single")
	root.Tables("items")
	for _, row := range root.Tables("rows") {
		row.String("colour")
		row.Done()
	}
	root.Done()
	const want = `x.toml:1:8: name must be a string, not the number 1
x.toml:3:15: words must be a string or a list of strings, not a list with the number 2
x.toml:4:8: bool must be true or false, not the string "true"
x.toml:5:1: unknown key "tabel" at the top of the file; did you mean "table"?
x.toml:6:1: unknown key "nmae" at the top of the file; did you mean "name"?
x.toml:7:1: single must be a list of tables, not a single table; write [[single]]
x.toml:8:9: items must be a list of tables [[items]], not the string "no"
x.toml:10:1: unknown key "color" in [[rows]]; did you mean "colour"?`
	if got := doc.Err(); got == nil || got.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", got, want)
	}
	var first *Error
	if !errors.As(doc.Err(), &first) || first.Line != 1 {
		t.Errorf("the first complaint is %v", first)
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, test := range []struct{ src, want string }{
		{"a = \n", "x.toml:1:5: not valid TOML: expected value but found"},
		{"a = 1\na = 2\n", "x.toml:2:"},
		{"\n[[x]\n", "x.toml:2:4: "},
		{"a = \"open\n", "x.toml:1:"},
		{"a = [1, 2\n", "x.toml:1:10: "},
		{"\x00", "x.toml:1:"},
		{"a = 1 b = 2", "x.toml:1:"},
		{"[a]\n[a]\n", "x.toml:2:"},
	} {
		_, err := Parse("x.toml", []byte(test.src))
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%q: %v", test.src, err)
			continue
		}
		if !strings.HasPrefix(e.Error(), test.want) || e.Line < 1 || e.Col < 1 || strings.Contains(e.Msg, "\n") {
			t.Errorf("%q: %v, want %s", test.src, e, test.want)
		}
	}
}

// FuzzScan holds the scanner to the decoder: every part of every document that
// decodes has a position, in the order in which the decoder saw the keys.
func FuzzScan(f *testing.F) {
	for _, s := range []string{
		"a = 1\n[b]\nc.d = [1, {e = 'x'}]\n[[f]]\n[[f]]\ng = \"\"\"\n\\\"\"\"\"\"\n",
		"\"a\\u0062\".'c' = 2020-01-01 00:00:00 # x\n",
		"[ a . \"b c\" ]\n[[ x.y ]]\nz=[[1,2],[3],]\n",
		"a={b={c=[{d=1}]},e=inf}\r\n",
		"\ufeffa=1",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		var v map[string]any
		if _, err := toml.Decode(src, &v); err != nil {
			return
		}
		n := scan(src)
		lines := strings.Count(src, "\n") + 1
		var walk func(path string, v any, n *node)
		walk = func(path string, v any, n *node) {
			if n == nil {
				t.Fatalf("%q: %s has no position", src, path)
			}
			if n.key.line < 1 || n.key.line > lines || n.key.col < 1 || n.val.line < n.key.line {
				t.Fatalf("%q: %s is at %v, %v", src, path, n.key, n.val)
			}
			switch v := v.(type) {
			case map[string]any:
				for k, e := range v {
					walk(path+"."+k, e, n.child(k))
				}
			case []any:
				for i, e := range v {
					walk(fmt.Sprintf("%s[%d]", path, i), e, n.elem(i))
				}
			case []map[string]any:
				for i, e := range v {
					walk(fmt.Sprintf("%s[%d]", path, i), e, n.elem(i))
				}
			}
		}
		walk("", v, n)
	})
}
