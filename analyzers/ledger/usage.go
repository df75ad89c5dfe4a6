package ledger

import (
	"cmp"
	"encoding/json"
	"fmt"
	"go/types"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/analyzers/directives"
	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/report"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// Usage counts how often code uses what the rows of the policy name, and what
// libraries that are known declare. It reports nothing; its result is for [Doctor].
var Usage = &analysis.Analyzer{
	Name:       "tenantvetusage",
	Doc:        "count how often code uses what rows name",
	URL:        "https://github.com/tenantvet/tenantvet/blob/main/docs/command.md#doctor",
	Run:        usage,
	Requires:   []*analysis.Analyzer{scopeflow.Analyzer},
	ResultType: reflect.TypeFor[driver.Lines](),
}

// A use is a line of the tally: how often a package uses something.
type use struct {
	Package string
	Count   int
	// One of these says what it uses: a library, a symbol of the policy by its place
	// there, or a method of some interface.
	Library   string `json:",omitempty"`
	Line, Col int    `json:",omitempty"`
	Text      string `json:",omitempty"`
	Method    string `json:",omitempty"`
}

func usage(pass *analysis.Pass) (any, error) {
	res := pass.ResultOf[scopeflow.Analyzer].(*scopeflow.Result)
	if res.Index == nil {
		return driver.Lines{}, nil
	}
	times := map[types.Object]int{}
	pkgs := []*types.Package{pass.Pkg}
	for _, obj := range pass.TypesInfo.Uses {
		times[obj]++
		if pkg := obj.Pkg(); pkg != nil && !slices.Contains(pkgs, pkg) {
			pkgs = append(pkgs, pkg)
		}
	}
	slices.SortFunc(pkgs, func(a, b *types.Package) int { return strings.Compare(a.Path(), b.Path()) })
	finder := res.Index.Finder()
	for _, pkg := range pkgs {
		finder.See(pkg)
	}
	uses := map[use]int{}
	for obj, n := range times {
		if fn, ok := obj.(*types.Func); ok && fn.Signature().Recv() != nil && types.IsInterface(fn.Signature().Recv().Type()) {
			uses[use{Package: pass.Pkg.Path(), Method: fn.Name()}] += n
		}
		library := ""
		for _, by := range finder.Naming(obj) {
			if by.Set == res.Policy.Set {
				uses[use{Package: pass.Pkg.Path(), Line: by.Line, Col: by.Col, Text: by.Text}] += n
			} else if library == "" {
				library = cmp.Or(by.Set.Library, strings.TrimSuffix(filepath.Base(by.Set.Name), ".toml"))
				uses[use{Package: pass.Pkg.Path(), Library: library}] += n
			}
		}
	}
	out := driver.Lines{}
	for u, n := range uses {
		u.Count = n
		data, err := json.Marshal(u)
		if err != nil {
			return nil, err
		}
		out = append(out, string(data))
	}
	slices.Sort(out)
	return out, nil
}

// A usedRow is a row of the policy with how often what it names is used.
type usedRow struct {
	table   string
	line    int
	symbols []string
	count   int
	methods bool // nothing uses it by name, but a method of that name of some interface
}

// Doctor returns what a run with [Usage] shows, a line each: how often code uses
// what each row of the policy names, and which libraries are known. To be mended
// are rows that name what nothing uses, if the run was about the whole module.
func Doctor(run driver.Run) (lines, mend []string, err error) {
	p, err := policy.ForDir(run.Dir, run.Getenv)
	if err != nil {
		return nil, nil, err
	}
	var uses []use
	libraries := map[string]int{}
	for _, text := range run.Tally {
		var u use
		if err := json.Unmarshal([]byte(text), &u); err != nil {
			return nil, nil, fmt.Errorf("what a package uses cannot be read: %w", err)
		}
		uses = append(uses, u)
		if u.Library != "" {
			libraries[u.Library] += u.Count
		}
	}
	whole := directives.WholeModule(p, run)
	file := report.Relative(run.Dir, p.Path)
	if rows := usedRows(p.Set, uses); len(rows) > 0 {
		lines = append(lines, "", "how often code uses what rows of the policy name")
		for _, r := range rows {
			lines = append(lines, fmt.Sprintf("  %6d  [[%s]] %s  %s:%d", r.count, r.table, r.names(), file, r.line))
			if r.count == 0 && !r.methods && whole {
				mend = append(mend, fmt.Sprintf("%s:%d: nothing uses what [[%s]] names, %s; correct the name, or remove the row", file, r.line, r.table, r.names()))
			}
		}
	}
	if len(libraries) > 0 {
		lines = append(lines, "", "how often code uses what is known of libraries")
		for _, name := range slices.Sorted(maps.Keys(libraries)) {
			lines = append(lines, fmt.Sprintf("  %6d  %s", libraries[name], name))
		}
	}
	return lines, mend, nil
}

// usedRows returns the rows of a policy, in its order.
func usedRows(set *models.Set, uses []use) []usedRow {
	var out []usedRow
	for _, s := range set.Symbols() {
		i := slices.IndexFunc(out, func(r usedRow) bool { return r.line == s.Row })
		if i < 0 {
			i = len(out)
			out = append(out, usedRow{table: s.Table, line: s.Row})
		}
		r := &out[i]
		r.symbols = append(r.symbols, s.Text)
		for _, u := range uses {
			switch {
			case u.Line == s.Line && u.Col == s.Col && u.Text == s.Text:
				r.count += u.Count
			case u.Method != "" && strings.HasSuffix(s.Text, ")."+u.Method):
				r.methods = true
			}
		}
	}
	return out
}

// names lists what the row names, the first of many.
func (r *usedRow) names() string {
	if n := len(r.symbols); n > 2 {
		return fmt.Sprintf("%s and %d more", r.symbols[0], n-1)
	}
	return strings.Join(r.symbols, " and ")
}
