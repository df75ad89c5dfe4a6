package analyzers

import (
	"strings"

	"github.com/tenantvet/tenantvet/internal/rule"
)

// Explain returns the page of a rule: of an analyzer, given its name, or of one
// of its categories, given as "analyzer/category" or as the category alone.
// The second result is false if there is no such rule.
func Explain(name string) (page string, ok bool) {
	for _, a := range Suite() {
		if a.Name == name {
			return a.Name + ": " + a.Doc, true
		}
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
