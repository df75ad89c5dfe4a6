package directives

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/report"
	"github.com/tenantvet/tenantvet/internal/rule"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// What a package's tally may say.
const (
	tallyUsed     = "used "     // a mark of the policy that some finding fits
	tallyTold     = "told "     // a mark that was reported as unused
	tallyRuntime  = "runtime"   // the package stands on tenantvet's runtime
	tallyUnjudged = "no policy" // it has keys, and nothing that says what scope is
)

// tally tells what only a whole run can judge.
func tally(x *rule.Exempt, res *scopeflow.Result, told []policy.Mark) driver.Lines {
	var out driver.Lines
	for _, m := range x.Marks() {
		out = append(out, tallyUsed+m.String())
	}
	for _, m := range told {
		out = append(out, tallyTold+m.String())
	}
	if res.UsesRuntime() {
		out = append(out, tallyRuntime)
	}
	if !res.JudgesKeys() && !res.ForTests() && slices.ContainsFunc(res.Judged, func(j scopeflow.Judged) bool { return !j.IsState() }) {
		out = append(out, tallyUnjudged)
	}
	return out
}

// Notes returns what a run shows that no package could know by itself, a line
// each: entries of the policy that nothing in the module needs, and that
// nothing says where scope comes from. They are no findings, since go vet,
// which sees one package at a time, could not have them.
func Notes(run driver.Run) ([]string, error) {
	p, err := policy.ForDir(run.Dir, run.Getenv)
	if err != nil {
		return nil, err
	}
	var used, told []policy.Mark
	runtime, unjudged := false, false
	for _, line := range run.Tally {
		if s, ok := strings.CutPrefix(line, tallyUsed); ok {
			if m, ok := policy.ParseMark(s); ok {
				used = append(used, m)
			}
		}
		if s, ok := strings.CutPrefix(line, tallyTold); ok {
			if m, ok := policy.ParseMark(s); ok {
				told = append(told, m)
			}
		}
		runtime = runtime || line == tallyRuntime
		unjudged = unjudged || line == tallyUnjudged
	}
	var out []string
	switch {
	case runtime:
	case p.IsSet() && !p.HasSource() && slices.ContainsFunc(run.Findings, func(f report.Finding) bool { return f.Analyzer == "unscopedkey" }):
		out = append(out, `the policy declares no source and nothing here uses tenantvet's runtime, so no key can be proven; declare what hands out the caller's tenant as a [[source]]: "tenantvet init" proposes some`)
	case unjudged:
		out = append(out, `keys were not looked at: there is no policy, and nothing here uses tenantvet's runtime, so there is no scope that a key could carry; "tenantvet init" proposes a policy`)
	}
	if !WholeModule(p, run) {
		return out, nil
	}
	for _, e := range p.IdleAfter(used, told) {
		what := "remove the entry"
		if !e.All {
			what = "remove it from the entry"
		}
		place := report.Pos{File: report.Relative(run.Dir, e.At.File), Line: e.At.Line}
		out = append(out, fmt.Sprintf("%s: nothing in the module is found that [[%s]] %s %s; %s", place, e.Table, e.Text, does(e.Table), what))
	}
	return out, nil
}

// WholeModule reports whether the run was about all packages of the policy's
// module.
func WholeModule(p *policy.Policy, run driver.Run) bool {
	return slices.ContainsFunc(run.Patterns, func(pat string) bool {
		if p.Module != "" && pat == p.Module+"/..." {
			return true
		}
		dir, ok := strings.CutSuffix(filepath.ToSlash(pat), "/...")
		return ok && (dir == "." || strings.HasPrefix(dir, "..") || filepath.IsAbs(dir)) && sameDir(run.Dir, dir, p.Dir)
	})
}

func sameDir(base, dir, want string) bool {
	dir = filepath.FromSlash(dir)
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(base, dir)
	}
	return filepath.Clean(dir) == filepath.Clean(want)
}
