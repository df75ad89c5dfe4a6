package rule

import "strings"

// Doc returns the documentation of the named analyzer out of the text of a
// doc.go file: of its package comment, the section that begins
//
//	# Analyzer NAME
//
//	NAME: SUMMARY
//
// from SUMMARY up to the section of the next analyzer. It is "" if there is no
// such section; a suite with an analyzer without documentation is refused by
// analysis.Validate. The file is read as text, not parsed: it happens whenever
// the program starts, and go vet starts it for every package.
func Doc(source, name string) string {
	comment := packageComment(source)
	for section := range strings.SplitSeq("\n"+comment, "\n# Analyzer ") {
		title, body, _ := strings.Cut(section, "\n")
		if strings.TrimSpace(title) != name {
			continue
		}
		if rest, ok := strings.CutPrefix(strings.TrimSpace(body), name+":"); ok {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}

// Section returns the part of an analyzer's documentation that is about one of
// its categories, "" if there is none.
func Section(doc, category string) string {
	_, rest, ok := strings.Cut("\n"+doc+"\n", "\n# Category "+category+"\n")
	if !ok {
		return ""
	}
	rest, _, _ = strings.Cut("\n"+rest, "\n# ")
	return strings.TrimSpace(rest)
}

// packageComment returns the text of the comment above the package clause.
func packageComment(source string) string {
	var lines []string
	for line := range strings.Lines(source) {
		line = strings.TrimRight(line, "\r\n")
		text, ok := strings.CutPrefix(line, "//")
		switch {
		case ok:
			lines = append(lines, strings.TrimPrefix(text, " "))
		case strings.HasPrefix(line, "package "):
			return strings.Join(lines, "\n")
		default:
			lines = nil // a blank line: what stood before is no documentation
		}
	}
	return ""
}
