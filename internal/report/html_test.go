package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func render(t *testing.T, doc Document) string {
	t.Helper()
	var out, again bytes.Buffer
	if err := HTML(&out, doc); err != nil {
		t.Fatal(err)
	}
	if err := HTML(&again, doc); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
		t.Errorf("the same document gives another page: %v", err)
	}
	balanced(t, out.String())
	return out.String()
}

// balanced complains of elements that are not closed in the order in which they
// were opened.
func balanced(t *testing.T, text string) {
	t.Helper()
	// The style sheet is no XML; nothing else on the page differs from it.
	text = regexp.MustCompile(`(?s)<style>.*</style>`).ReplaceAllString(text, "")
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict, d.AutoClose, d.Entity = false, []string{"meta", "br", "wbr"}, xml.HTMLEntity
	var open []string
	for {
		tok, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if !slices.Contains(d.AutoClose, tok.Name.Local) {
				open = append(open, tok.Name.Local)
			}
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != tok.Name.Local {
				t.Fatalf("</%s> closes %v", tok.Name.Local, open)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("not closed: %v", open)
	}
}

func TestHTML(t *testing.T) {
	doc := document(t)
	root := doc.Root
	file := filepath.Join(root, "a b", "é.go")
	doc.Title = "example.com/shop"
	doc.Results = append(doc.Results, Result{
		Finding: Finding{Analyzer: "a", Category: "b", Message: "exempted one", Pos: Pos{file, 1, 1}},
		By:      &Exemption{Reason: "said why", InSource: true, Pos: Pos{file, 1, 9}},
	})
	doc.Ledger = Sum([]Line{
		{Kind: "cache", Verdict: Proven}, {Kind: "cache", Verdict: Found}, {Kind: "route", Verdict: Opaque, Reason: "not known", About: "mw"},
	})
	doc.Ledger.Exceeded = []string{"too much"}
	doc.Routes = []Route{{Method: "GET", Path: "/a", Handler: "h", Verdict: "guarded", Guards: "membership", Behind: []string{"one", "two"}, Place: "r.go:1"},
		{Method: "PUT", Path: "/b", Handler: "h", Verdict: "opaque", Why: "not known", Place: "r.go:2", Notes: []string{"a note"}, Unmounted: true}}
	got := render(t, doc)
	for _, want := range []string{
		"<title>tenantvet: example.com/shop</title>", "<h1>example.com/<wbr>shop</h1>",
		"Not everything could be analysed", "p: 100% broken\nhere",
		`<h3 id="a-b">a/b <span class="soft">(1)</span></h3>`, "<p>Title.</p>", "<pre>Page.</pre>", `<a href="https://example.com/#ab">`,
		`<h5 id="m1">m, n: 5%</h5>`, "a b/é.go:2:14",
		`<span class="n">2</span><code>/* é😀 */ <mark>x</mark></code>`,
		`<li>step<div class="place">` + filepath.ToSlash(filepath.Join(filepath.Dir(root), "other.go")) + ":1:1</div></li>",
		"The file has changed since", // the edits do not fit it
		`<td class="line">nowhere<div class="place">z at -</div></td><td>why</td>`,
		`<td class="line">exempted one<div class="place">a/b at a b/é.go:1:1</div></td><td>said why<div class="place">directive at a b/é.go:1</div></td>`,
		`Limit exceeded:</strong> too much`,
		`<th scope="row">cache</th><td class="num">1</td><td class="num">0</td>`, `<td class="num">50.0</td>`,
		`<td>route</td><td class="num">1</td><td class="line">not known</td><td class="line">mw</td>`,
		`✓ guarded</span></td><td class="line" data-label="guards:">membership</td>`, "behind <code>one, two</code>", `? opaque</span>: not known`, "r.go:2, not mounted</div>", "<div>a note</div>",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in the page", want)
		}
	}
	for _, never := range []string{"<script", "<link", "<img", "@import", "url("} {
		if strings.Contains(got, never) {
			t.Errorf("the page needs something else: %s", never)
		}
	}
	if root != "" && strings.Contains(strings.ReplaceAll(got, filepath.ToSlash(filepath.Dir(root)+"/other.go"), ""), root) {
		t.Errorf("the page tells of the machine: %s", root)
	}
	doc.Routes = []Route{{Method: "GET", Path: "/a", Handler: "h", Place: "r.go:1"}}
	if got := render(t, doc); strings.Contains(got, "<th scope=\"col\">verdict</th>") || !strings.Contains(got, "Nothing is known of their guards") {
		t.Error("routes that nobody has judged have a verdict")
	}
	if empty := render(t, Document{Root: root}); !strings.Contains(empty, "Nothing was found") {
		t.Errorf("nothing found, and the page says\n%s", empty)
	}
}

// What comes from elsewhere is text, whatever it looks like.
func TestHTMLHostile(t *testing.T) {
	root := t.TempDir()
	const evil = `"><script>alert('1')</script><img src=x onerror=alert(1)>&amp;{{.}}`
	file := filepath.Join(root, `<script>x.go`)
	if err := os.WriteFile(file, []byte("package p // "+evil+"\r\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	at := Pos{file, 1, 3}
	f := Finding{Package: evil, Analyzer: evil, Category: evil, Message: evil, Pos: at, End: Pos{file, 1, 40},
		Related: []Step{{Pos: at, Message: evil}}, Fixes: []Fix{{Message: evil, Edits: []Edit{{file, 0, 1, evil}}}}}
	got := render(t, Document{
		Version: evil, Title: evil, Root: root, Errors: []string{evil},
		Rules:   []Rule{{ID: f.Rule(), Title: evil, Help: evil, URL: "javascript:alert(1)"}},
		Results: []Result{{Finding: f}, {Finding: f, Known: evil}, {Finding: f, By: &Exemption{Reason: evil, Pos: at}}},
		Ledger:  Sum([]Line{{Kind: "cache", Verdict: Opaque, Reason: evil, About: evil}}),
		Routes:  []Route{{Method: evil, Path: evil, Handler: evil, Verdict: evil, Why: evil, Guards: evil, Behind: []string{evil}, Place: evil, Notes: []string{evil}}},
	})
	for _, never := range []string{"<script", "<img", `href="javascript:`, "onerror=alert(1)>"} {
		if strings.Contains(got, never) {
			t.Errorf("%s gets into the page", never)
		}
	}
	if n := strings.Count(got, "&lt;script&gt;alert("); n < 20 {
		t.Errorf("what is escaped is there %d times", n)
	}
}

// All findings are on the page, once, however many there are, and the paths of
// many are folded.
func TestHTMLMany(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "f.go")
	if err := os.WriteFile(file, []byte(strings.Repeat("line of code\n", 2000)), 0o666); err != nil {
		t.Fatal(err)
	}
	doc := Document{Root: root}
	for i := range 1000 {
		doc.Results = append(doc.Results, Result{Finding: Finding{
			Package: fmt.Sprintf("p%d", i%7), Analyzer: "a", Category: string(rune('a' + i%5)), Message: fmt.Sprintf("message-%04d.", i), Pos: Pos{file, i + 1, 1},
			Related: []Step{{Pos: Pos{file, 2000 - i, 1}, Message: "step"}},
		}})
	}
	got := render(t, doc)
	seen := map[string]bool{}
	for i, m := range regexp.MustCompile(`<h5 id="m(\d+)">(message-\d+\.)</h5>`).FindAllStringSubmatch(got, -1) {
		if m[1] != fmt.Sprint(i+1) || seen[m[2]] {
			t.Fatalf("number %d is %s, %s", i+1, m[1], m[2])
		}
		seen[m[2]] = true
	}
	if len(seen) != 1000 {
		t.Fatalf("%d of 1000 findings are on the page", len(seen))
	}
	if strings.Contains(got, "<details open>") {
		t.Error("the paths of a thousand findings are all shown")
	}
	doc.Results = doc.Results[:3]
	if few := render(t, doc); strings.Count(few, "<details open>") != 3 {
		t.Error("the paths of three findings are folded")
	}
}

func TestExcerpt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "f.go")
	if err := os.WriteFile(file, []byte("\n\nfirst\n\tc.rdb.Get(ctx)\r\nlast é\n\n"+strings.Repeat("x", 1000)), 0o666); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		pos, end Pos
		want     string
	}{
		"call":     {Pos{file, 4, 11}, Pos{}, "3 first|4 \tc.rdb.[Get](ctx)|5 last é"},
		"name":     {Pos{file, 4, 4}, Pos{file, 4, 4}, "3 first|4 \tc.[rdb].Get(ctx)|5 last é"},
		"range":    {Pos{file, 4, 2}, Pos{file, 4, 16}, "3 first|4 \t[c.rdb.Get(ctx)]|5 last é"},
		"onward":   {Pos{file, 3, 3}, Pos{file, 5, 1}, "3 fi[rst]|4 \tc.rdb.Get(ctx)"},
		"unmarked": {Pos{file, 3, 99}, Pos{}, "3 first|4 \tc.rdb.Get(ctx)"},
		"within":   {Pos{file, 5, 7}, Pos{file, 5, 8}, "4 \tc.rdb.Get(ctx)|5 last [é]"},
		"beyond":   {Pos{file, 99, 1}, Pos{}, ""},
		"nowhere":  {Pos{}, Pos{}, ""},
		"missing":  {Pos{file + "x", 1, 1}, Pos{}, ""},
		"long":     {Pos{file, 7, 1}, Pos{}, "7 [" + strings.Repeat("x", maxLine) + "…]"},
	} {
		var lines []string
		for _, l := range newSources().excerpt(tc.pos, tc.end, 1) {
			mark := ""
			if l.Mark != "" {
				mark = "[" + l.Mark + "]"
			}
			lines = append(lines, fmt.Sprintf("%d %s%s%s", l.Number, l.Before, mark, l.Behind))
		}
		if got := strings.Join(lines, "|"); got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}
