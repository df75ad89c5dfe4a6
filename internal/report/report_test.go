package report

import (
	"bytes"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

func TestNormalize(t *testing.T) {
	at := func(file string, line int, analyzer, msg, pkg string) Finding {
		return Finding{Package: pkg, Analyzer: analyzer, Message: msg, Pos: Pos{file, line, 1}}
	}
	in := []Finding{
		at("b.go", 1, "x", "m", "p"),
		at("a.go", 10, "x", "m", "p"),
		at("a.go", 9, "y", "m", "p"),
		at("a.go", 9, "x", "m2", "p"),
		at("a.go", 9, "x", "m1", "q"), // the same in a test variant
		at("a.go", 9, "x", "m1", "p"),
	}
	var got []string
	for _, f := range Normalize(in) {
		got = append(got, f.Pos.String()+" "+f.Analyzer+" "+f.Message+" "+f.Package)
	}
	want := "a.go:9:1 x m1 p, a.go:9:1 x m2 p, a.go:9:1 y m p, a.go:10:1 x m p, b.go:1:1 x m p"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("got %s, want %s", s, want)
	}
}

func TestText(t *testing.T) {
	dir := filepath.FromSlash("/w")
	var b bytes.Buffer
	err := Text(&b, dir, []Finding{
		{Analyzer: "a", Category: "c", Message: "msg", Pos: Pos{filepath.FromSlash("/w/x/f.go"), 3, 4},
			Related: []Step{{Pos: Pos{filepath.FromSlash("/elsewhere/g.go"), 1, 2}, Message: "step"}}},
		{Analyzer: "a", Message: "nowhere"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := filepath.FromSlash("x/f.go") + ":3:4: msg (a/c)\n\t" + filepath.FromSlash("/elsewhere/g.go") + ":1:2: step\n-: nowhere (a)\n"
	if b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

func TestJSON(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, nil, nil, nil, true); err != nil || b.Len() != 0 {
		t.Errorf("nothing to tell gives %q, %v", b.String(), err)
	}
	if err := JSON(&b, nil, nil, nil, false); err != nil || b.String() != "{}\n" {
		t.Errorf("an empty tree is %q, %v", b.String(), err)
	}
	b.Reset()
	err := JSON(&b, []Finding{{Package: "p", Analyzer: "a", Message: "m <b>", Pos: Pos{"f.go", 1, 2}, End: Pos{"f.go", 1, 3},
		Fixes: []Fix{{Message: "fix"}}}}, []Failure{{"q", "a", "broke"}}, nil, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"posn": "f.go:1:2"`, `"end": "f.go:1:3"`, `"edits": []`, `"error": "broke"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in %s", want, b.String())
		}
	}
	if strings.Contains(b.String(), `"category"`) {
		t.Errorf("an empty category is printed: %s", b.String())
	}
}

func TestApplyFixes(t *testing.T) {
	read := func(string) ([]byte, error) { return []byte("0123456789"), nil }
	fix := func(edits ...Edit) Finding { return Finding{Fixes: []Fix{{Edits: edits}}} }
	for name, c := range map[string]struct {
		fs      []Finding
		want    string
		skipped int
	}{
		"two":          {[]Finding{fix(Edit{"f", 8, 9, "B"}), fix(Edit{"f", 0, 1, "A"})}, "A1234567B9", 0},
		"overlap":      {[]Finding{fix(Edit{"f", 2, 5, "x"}), fix(Edit{"f", 4, 6, "y"})}, "01x56789", 1},
		"touching":     {[]Finding{fix(Edit{"f", 2, 4, "x"}), fix(Edit{"f", 4, 6, "y"})}, "01xy6789", 0},
		"whole or not": {[]Finding{fix(Edit{"f", 2, 3, "x"}), fix(Edit{"f", 0, 1, "y"}, Edit{"f", 2, 3, "z"})}, "01x3456789", 1},
		"same insert":  {[]Finding{fix(Edit{"f", 0, 0, "I"}, Edit{"f", 2, 3, "x"}), fix(Edit{"f", 0, 0, "I"}, Edit{"f", 5, 6, "y"})}, "I01x34y6789", 0},
		"two inserts":  {[]Finding{fix(Edit{"f", 0, 0, "I"}), fix(Edit{"f", 0, 0, "J"})}, "I0123456789", 1},
		"end":          {[]Finding{fix(Edit{"f", 10, 10, "!"})}, "0123456789!", 0},
	} {
		got, skipped, err := ApplyFixes(c.fs, read)
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %v, %v", name, got, err)
			continue
		}
		if string(got[0].New) != c.want || skipped != c.skipped {
			t.Errorf("%s: got %q, skipped %d; want %q, %d", name, got[0].New, skipped, c.want, c.skipped)
		}
	}
	if _, _, err := ApplyFixes([]Finding{fix(Edit{"f", 5, 99, ""})}, read); err == nil {
		t.Error("an edit beyond the file is no error")
	}
	if _, _, err := ApplyFixes([]Finding{fix(Edit{"f", 0, 1, ""})}, func(string) ([]byte, error) { return nil, fs.ErrNotExist }); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	// Several fixes of one finding are alternatives.
	got, _, err := ApplyFixes([]Finding{{Fixes: []Fix{{Edits: []Edit{{"f", 0, 1, "a"}}}, {Edits: []Edit{{"f", 1, 2, "b"}}}}}}, read)
	if err != nil || string(got[0].New) != "a123456789" {
		t.Errorf("got %v, %v", got, err)
	}
	if d := string(got[0].Diff("")); !strings.Contains(d, "-0123456789\n") || !strings.Contains(d, "+a123456789\n") {
		t.Errorf("diff: %s", d)
	}
}
