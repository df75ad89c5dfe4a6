package analyzers

import (
	"strings"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/rule"
)

// Explain returns the page of a rule: of an analyzer, given its name, or of one
// of its categories, given as "analyzer/category" or as the category alone.
// The second result is false if there is no such rule.
func Explain(name string) (page string, ok bool) {
	suite := Suite()
	for _, a := range suite {
		if a.Name == name {
			return a.Name + ": " + a.Doc, true
		}
	}
	for _, a := range suite {
		category, full := strings.CutPrefix(name, a.Name+"/")
		if !full && strings.Contains(name, "/") {
			continue
		}
		if text := rule.Section(a.Doc, category); text != "" {
			return a.Name + "/" + category + "\n\n" + text, true
		}
	}
	return "", false
}

// Categories returns the categories of the analyzer of that name, in the order
// of its page, each with the sentence that its section begins with. It returns
// none if there is no such analyzer.
func Categories(name string) []driver.Category {
	var out []driver.Category
	for _, a := range Suite() {
		for _, c := range rule.Categories() {
			if short, ok := strings.CutPrefix(c, a.Name+"/"); ok && a.Name == name {
				out = append(out, driver.Category{Name: short, Title: title(rule.Section(a.Doc, short))})
			}
		}
	}
	return out
}

// title returns the first sentence of a text, on one line.
func title(text string) string {
	text, _, _ = strings.Cut(text, "\n\n")
	text = strings.Join(strings.Fields(text), " ")
	if i := strings.Index(text, ". "); i >= 0 {
		text = text[:i+1]
	}
	return text
}
