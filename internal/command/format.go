package command

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/loader"
	"github.com/tenantvet/tenantvet/internal/report"
	"github.com/tenantvet/tenantvet/internal/routes"
)

// formats lists the values of -format.
func formats() []string { return []string{"text", "json", "sarif", "github", "html"} }

// outcome is what a run has led to.
type outcome struct {
	res    *loader.Result
	known  *known
	ledger *report.Ledger // nil if nobody asked for it
}

// print prints the outcome of a run in dir.
func (c *Cmd) print(dir string, opt *options, o *outcome) error {
	shown := o.ledger
	if !opt.ledger && opt.format != "html" {
		shown = nil // it was for a limit only
	}
	switch opt.format {
	case "json":
		return report.JSON(c.Stdout, o.known.New, o.res.Failures, shown, false)
	case "text":
		if err := report.Text(c.Stdout, dir, o.known.New); err != nil || shown == nil {
			return err
		}
		if len(o.known.New) > 0 {
			fmt.Fprintln(c.Stdout)
		}
		return shown.Text(c.Stdout)
	}
	doc, err := c.document(dir, o.res, o.known)
	if err != nil {
		return err
	}
	doc.Ledger = shown
	switch opt.format {
	case "github":
		return report.GitHub(c.Stdout, doc)
	case "sarif":
		return report.SARIF(c.Stdout, doc)
	}
	if c.Suite.Routes != nil {
		table, err := routes.Gather(o.res.Tally(c.Suite.Routes))
		if err != nil {
			return err
		}
		doc.Routes = table.Rows()
	}
	return report.HTML(c.Stdout, doc)
}

// document returns the outcome of a run in dir with all that a reader needs.
func (c *Cmd) document(dir string, res *loader.Result, k *known) (report.Document, error) {
	doc := report.Document{Version: c.Suite.VersionString(), Title: modulePath(dir), Root: repository(dir), Rules: c.ruleList()}
	for _, p := range res.Problems {
		p.Pos.File = report.Relative(dir, p.Pos.File)
		doc.Errors = append(doc.Errors, p.String())
	}
	for _, f := range res.Failures {
		doc.Errors = append(doc.Errors, f.Package+": "+f.Err)
	}
	prints, err := k.fingerprints(res.TakenOut)
	if err != nil {
		return doc, err
	}
	for i, f := range res.Findings {
		doc.Results = append(doc.Results, report.Result{Finding: f, Fingerprint: prints[i], Known: k.why[i]})
	}
	for i, t := range res.TakenOut {
		doc.Results = append(doc.Results, report.Result{Finding: t.Finding, Fingerprint: prints[len(res.Findings)+i], By: &t.By})
	}
	return doc, nil
}

// ruleList lists the rules of the suite: each category, or the analyzer if it
// has none.
func (c *Cmd) ruleList() []report.Rule {
	var out []report.Rule
	for _, a := range c.Suite.Analyzers {
		var cats []driver.Category
		if c.Suite.Categories != nil {
			cats = c.Suite.Categories(a.Name)
		}
		for _, cat := range cats {
			r := report.Rule{ID: a.Name + "/" + cat.Name, Title: cat.Title, Help: c.page(a.Name + "/" + cat.Name)}
			if a.URL != "" {
				r.URL = a.URL + cat.Name // headings are "analyzer/category"
			}
			out = append(out, r)
		}
		if len(cats) == 0 {
			out = append(out, report.Rule{ID: a.Name, Title: title(a), Help: a.Doc, URL: a.URL})
		}
	}
	return out
}

// modulePath returns the path of the module that dir is in, "" if it is in none.
func modulePath(dir string) string {
	data, err := os.ReadFile(filepath.Join(driver.Upward(dir, "go.mod"), "go.mod"))
	if err != nil {
		return ""
	}
	return modfile.ModulePath(data)
}

// repository returns the directory that file names are told relative to by
// those who read elsewhere: the root of the repository around dir, else of the
// workspace or the module.
func repository(dir string) string {
	for at := dir; ; at = filepath.Dir(at) {
		if exists(filepath.Join(at, ".git")) {
			return at
		}
		if at == filepath.Dir(at) {
			break
		}
	}
	for _, name := range []string{"go.work", "go.mod"} {
		if root := driver.Upward(dir, name); root != "" {
			return root
		}
	}
	return dir
}
