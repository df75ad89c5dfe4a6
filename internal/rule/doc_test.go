package rule_test

import (
	"testing"

	"github.com/tenantvet/tenantvet/internal/rule"
)

const source = `// Copyright: not part of the documentation.

// Package two has two analyzers.
//
// # Analyzer one
//
// one: report one
//
// What it does.
//
//	code()
//
// # Category first
//
// The first.
//
// # Category firstly
//
// Not the first.
//
// # Analyzer two
//
// two: report two
//
// # Analyzer three
//
// No summary of its name.
package two

// # Analyzer four
//
// four: is not in the package comment
`

func TestDoc(t *testing.T) {
	for name, want := range map[string]string{
		"one":   "report one\n\nWhat it does.\n\n\tcode()\n\n# Category first\n\nThe first.\n\n# Category firstly\n\nNot the first.",
		"two":   "report two",
		"three": "", "four": "", "on": "", "": "",
	} {
		if got := rule.Doc(source, name); got != want {
			t.Errorf("Doc(%q) = %q, want %q", name, got, want)
		}
	}
	if got := rule.Doc("package two\n", "one"); got != "" {
		t.Errorf("without a comment: %q", got)
	}
	crlf := "// # Analyzer one\r\n//\r\n// one: report one\r\npackage two\r\n"
	if got := rule.Doc(crlf, "one"); got != "report one" {
		t.Errorf("with carriage returns: %q", got)
	}
}

func TestSection(t *testing.T) {
	doc := rule.Doc(source, "one")
	for name, want := range map[string]string{"first": "The first.", "firstly": "Not the first.", "second": "", "": "", "fir": ""} {
		if got := rule.Section(doc, name); got != want {
			t.Errorf("Section(%q) = %q, want %q", name, got, want)
		}
	}
}
