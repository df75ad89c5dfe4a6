package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// document is one with all that a document may hold.
func document(t *testing.T) Document {
	t.Helper()
	root := t.TempDir()
	file := filepath.Join(root, "a b", "é.go")
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	// Columns count bytes here, and UTF-16 code units in SARIF: é is two and one,
	// the smiley four and two.
	if err := os.WriteFile(file, []byte("package p\n/* é😀 */ x\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	at := Pos{file, 2, 14}
	return Document{
		Version: "v1.2.3", Root: root, Errors: []string{"p: 100% broken\nhere"},
		Rules: []Rule{{ID: "a/b", Title: "Title.", Help: "Page.", URL: "https://example.com/#ab"}},
		Results: []Result{
			{Fingerprint: "f:1", Finding: Finding{Analyzer: "a", Category: "b", Message: "m, n: 5%", Pos: at, End: Pos{file, 2, 15},
				Related: []Step{{Pos: Pos{filepath.Join(filepath.Dir(root), "other.go"), 1, 1}, Message: "step"}},
				Fixes:   []Fix{{Message: "Fix", Edits: []Edit{{file, 3, 5, "new"}, {file, 9, 12, ""}, {filepath.Join(root, "c.go"), 0, 0, "x"}}}}}},
			{Known: "why", Finding: Finding{Analyzer: "z", Message: "nowhere"}},
			{By: &Exemption{Reason: "looked at", InSource: true, Pos: at}, Finding: Finding{Analyzer: "z", Message: "taken out", Pos: at}},
			{By: &Exemption{Reason: "by policy"}, Finding: Finding{Analyzer: "z", Message: "taken out", Pos: at}},
		},
	}
}

func TestSARIF(t *testing.T) {
	doc := document(t)
	doc.Ledger = Sum([]Line{{Kind: "cache", Verdict: Proven}})
	var out bytes.Buffer
	if err := SARIF(&out, doc); err != nil {
		t.Fatal(err)
	}
	var flat bytes.Buffer
	if err := json.Compact(&flat, out.Bytes()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"region":{"startLine":2,"startColumn":11,"endLine":2,"endColumn":12}`,
		`"artifactLocation":{"uri":"a%20b/%C3%A9.go","uriBaseId":"%SRCROOT%"}`,
		`"partialFingerprints":{"tenantvet/v1":"f:1"}`,
		`"ruleId":"a/b","ruleIndex":0,`,
		`"ruleId":"z","ruleIndex":-1,`,
		`"suppressions":[{"kind":"external","justification":"why"}]`,
		`"suppressions":[{"kind":"inSource","justification":"looked at","location":{"physicalLocation":{"artifactLocation":{"uri":"a%20b/%C3%A9.go","uriBaseId":"%SRCROOT%"},"region":{"startLine":2,"startColumn":11}}}}]`,
		`"suppressions":[{"kind":"external","justification":"by policy"}]`,
		`"properties":{"tenantvet/ledger":{"kinds":[`,
		`"replacements":[{"deletedRegion":{"byteOffset":3,"byteLength":2},"insertedContent":{"text":"new"}},{"deletedRegion":{"byteOffset":9,"byteLength":3}}]`,
		`{"artifactLocation":{"uri":"c.go","uriBaseId":"%SRCROOT%"},"replacements":[{"deletedRegion":{"byteOffset":0,"byteLength":0},"insertedContent":{"text":"x"}}]}`,
		`"executionSuccessful":false,"toolExecutionNotifications":[{"level":"error","message":{"text":"p: 100% broken\nhere"}}]`,
		`"helpUri":"https://example.com/#ab"`,
	} {
		if !strings.Contains(flat.String(), want) {
			t.Errorf("no %s in\n%s", want, flat.String())
		}
	}
	// The path ends with the finding.
	if i, j := strings.Index(flat.String(), `"text":"step"`), strings.LastIndex(flat.String(), `"text":"m, n: 5%"`); i < 0 || j < i {
		t.Errorf("the step is at %d, the end of the path at %d", i, j)
	}
}

func TestGitHub(t *testing.T) {
	var out bytes.Buffer
	doc := document(t)
	doc.Results[0].Related[0].Pos = doc.Results[0].Pos
	if err := GitHub(&out, doc); err != nil {
		t.Fatal(err)
	}
	want := "::error title=tenantvet::p: 100%25 broken%0Ahere\n" +
		"::error file=a b/é.go,line=2,col=14,title=a/b::m, n: 5%25%0Aa b/é.go:2:14: step\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}
