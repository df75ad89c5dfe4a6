package command

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/baseline"
	"github.com/tenantvet/tenantvet/internal/loader"
	"github.com/tenantvet/tenantvet/internal/report"
)

// known tells findings that somebody has to act on from others.
type known struct {
	New  []report.Finding
	all  []report.Finding
	keys []baseline.Key     // of all findings; nil until they are asked for
	why  []string           // of each, why it is known; "" if it is new
	base *baseline.Baseline // that was read; nil if none was
	// notes tell of lines of the baseline that nothing needs any more. That is no
	// finding: mending one must not fail a build.
	notes []string
	// judged reports whether the run would have found what has the key.
	judged func(baseline.Key) bool
}

// known compares the findings of a run with what the options name: a baseline,
// a revision, both or none.
func (c *Cmd) known(ctx context.Context, cfg loader.Config, opt *options, res *loader.Result) (*known, error) {
	k := &known{New: res.Findings, all: res.Findings, why: make([]string, len(res.Findings)), judged: func(key baseline.Key) bool {
		return slices.ContainsFunc(res.Named, key.In) &&
			slices.ContainsFunc(cfg.Analyzers, func(a *analysis.Analyzer) bool { return a.Name == key.Analyzer() })
	}}
	if opt.newFrom != "" {
		base, err := c.revision(ctx, cfg, opt)
		if err != nil {
			return nil, err
		}
		if _, err := k.leaveOut(base, "there at "+opt.newFrom); err != nil {
			return nil, err
		}
	}
	all := whole(res)
	if opt.write != "" {
		if !all {
			return nil, fmt.Errorf("%s is not written: not everything could be analysed, and what was not may need its lines", opt.write)
		}
		return k, c.writeBaseline(absolute(cfg.Dir, opt.write), opt, k)
	}
	name, shown, err := c.baselineFile(cfg.Dir, opt)
	if err != nil && !all {
		return k, nil // the policy is broken, which all packages have said
	}
	if err != nil || name == "" {
		return k, err
	}
	base, err := baseline.Read(name, shown)
	if err != nil {
		return nil, err
	}
	m, err := k.leaveOut(base, "in the baseline")
	k.base = base
	if err == nil && all {
		k.notes = stale(base, m.Stale)
	}
	return k, err
}

// baselineFile returns the file that the options name, else the one that the
// policy names, and what messages call it; "" if there is none.
func (c *Cmd) baselineFile(dir string, opt *options) (name, shown string, err error) {
	if opt.baseline != "" {
		return absolute(dir, opt.baseline), opt.baseline, nil
	}
	if c.Suite.Baseline == nil {
		return "", "", nil
	}
	name, err = c.Suite.Baseline(dir, c.getenv)
	return name, report.Relative(dir, name), err
}

func absolute(dir, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, name)
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// stale tells of lines that nothing needs any more.
func stale(base *baseline.Baseline, lines []baseline.Stale) []string {
	var out []string
	for _, s := range lines {
		out = append(out, fmt.Sprintf("%s:%d: nothing is found any more that is %s in %s; -write-baseline %s takes such lines out",
			base.Name, s.Line, s.Key.Rule, s.Key.Symbol, base.Name))
	}
	return out
}

// keysOf returns the keys of all findings.
func (k *known) keysOf() ([]baseline.Key, error) {
	if k.keys != nil || len(k.all) == 0 {
		return k.keys, nil
	}
	keys, err := baseline.Keys(k.all)
	k.keys = keys
	return keys, err
}

// leaveOut takes out of what is new what base knows.
func (k *known) leaveOut(base *baseline.Baseline, why string) (baseline.Match, error) {
	keys, err := k.keysOf()
	if err != nil {
		return baseline.Match{}, err
	}
	m := base.Match(keys, k.judged)
	k.New = nil
	for i, f := range k.all {
		if m.Known[i] && k.why[i] == "" {
			k.why[i] = why
		}
		if k.why[i] == "" {
			k.New = append(k.New, f)
		}
	}
	return m, nil
}

// fingerprints returns, for each finding and for each of those that are taken out,
// its key and how many have had the same before: the same in every run, and no two
// alike.
func (k *known) fingerprints(takenOut []report.TakenOut) ([]string, error) {
	keys, err := k.keysOf()
	if err != nil {
		return nil, err
	}
	var others []report.Finding
	for _, t := range takenOut {
		others = append(others, t.Finding)
	}
	more, err := baseline.Keys(others)
	if err != nil {
		return nil, err
	}
	keys = append(slices.Clip(keys), more...)
	seen := map[baseline.Key]int{}
	out := make([]string, len(keys))
	for i, key := range keys {
		seen[key]++
		out[i] = fmt.Sprintf("%s:%d", key.Fingerprint(), seen[key])
	}
	return out, nil
}

// writeBaseline writes or shrinks a baseline, and leaves out what is in it then.
func (c *Cmd) writeBaseline(name string, opt *options, k *known) error {
	keys, err := k.keysOf()
	if err != nil {
		return err
	}
	base := baseline.Of(keys)
	if exists(name) {
		old, err := baseline.Read(name, opt.write)
		if err != nil {
			return err
		}
		m := old.Match(keys, k.judged)
		base = m.Kept
		if opt.grow {
			base = base.With(keys, m)
		}
	}
	if _, err := k.leaveOut(base, "in the baseline"); err != nil {
		return err
	}
	if dir := filepath.Dir(name); !exists(dir) {
		return fmt.Errorf("%s is not written: there is no directory %s; make it first", opt.write, dir)
	}
	if err := os.WriteFile(name, base.Format(), 0o666); err != nil {
		return fmt.Errorf("writing the baseline: %w", err)
	}
	fmt.Fprintf(c.Stderr, "tenantvet: note: %s knows %d findings\n", opt.write, base.Len())
	return nil
}
