package report

import (
	"bytes"
	"strings"
	"testing"
)

func TestLedger(t *testing.T) {
	in := []Line{
		{Kind: "query", Verdict: Opaque, Reason: "why", About: "b"},
		{Kind: "query", Verdict: Opaque, Reason: "why", About: "a"},
		{Kind: "query", Verdict: Opaque, Reason: "why", About: "b"},
		{Kind: "query", Verdict: Opaque, Reason: "other"},
		{Kind: "cache", Verdict: Proven, Text: "t", Pos: Pos{"f.go", 1, 2}},
		{Kind: "query", Verdict: Global},
	}
	var texts []string
	for _, l := range in {
		texts = append(texts, l.String())
	}
	lines, err := ParseLines(texts)
	if err != nil || len(lines) != len(in) || lines[4] != in[4] {
		t.Fatalf("got %v, %v", lines, err)
	}
	if _, err := ParseLines([]string{"proven"}); err == nil {
		t.Error("what is no line can be read")
	}
	l := Sum(lines)
	var b bytes.Buffer
	if err := l.Text(&b); err != nil {
		t.Fatal(err)
	}
	want := `ledger    proven   found  exempted  shared  deferred  opaque  global
cache          1       0         0       0         0       0       0
query          0       0         0       0         0       4       1
all            1       0         0       0         0       4       1

opaque
  3 of kind query: why
    b (2), a
  1 of kind query: other
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	if !Found.Worse(Opaque) || Proven.Worse(Proven) || !Proven.Worse(Global) {
		t.Error("the order of verdicts")
	}
	for text, exceeded := range map[string]string{
		"80%": "", "79.9%": "4 of 5 are opaque (80.0%): more than 79.9%", "4": "", "3": "4 of 5 are opaque (80.0%): more than 3",
		"query=100%": "", "query=99%": "4 of 4 of kind query are opaque (100.0%): more than 99%", "cache=0": "", "route=0": "",
		" cache=0, query=3 ": "4 of 4 of kind query are opaque (100.0%): more than 3",
	} {
		limits, err := ParseLimits(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		var got []string
		for _, limit := range limits {
			if s := l.Beyond(limit); s != "" {
				got = append(got, s)
			}
		}
		if s := strings.Join(got, "\n"); s != exceeded {
			t.Errorf("%s: got %q, want %q", text, s, exceeded)
		}
	}
	for _, text := range []string{"", "%", "-1", "1.5", "101%", "NaN", "inf%", "sql=1", "=1", "query=", "1,,2", "1e99"} {
		if limits, err := ParseLimits(text); err == nil {
			t.Errorf("%q is %v", text, limits)
		}
	}
}
