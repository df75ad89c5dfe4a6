package command

import (
	"fmt"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/loader"
	"github.com/tenantvet/tenantvet/internal/report"
)

// counts reports whether somebody asked for the ledger.
func (opt *options) counts() bool { return opt.ledger || opt.limits != nil }

// keepsLedger reports whether the run has to keep a ledger.
func (c *Cmd) keepsLedger(opt *options) bool {
	return c.Suite.Ledger != nil && (opt.counts() || opt.doctor || opt.format == "html")
}

// analyzers returns what is to be run: the analyzers that are switched on, and
// those whose tallies are asked for.
func (c *Cmd) analyzers(opt *options) []*analysis.Analyzer {
	out := c.Suite.Enabled(opt.on)
	if c.keepsLedger(opt) && !slices.Contains(out, c.Suite.Ledger) {
		out = append(out, c.Suite.Ledger)
	}
	if c.Suite.Usage != nil && opt.doctor {
		out = append(out, c.Suite.Usage)
	}
	if c.Suite.Routes != nil && opt.format == "html" {
		out = append(out, c.Suite.Routes)
	}
	return out
}

// ledger counts what the run has looked at, and holds it against the limits; nil
// if nobody asked, or if nothing could be looked at. Of a part it is no more than
// that: it says so, and no limit is held against it. The lines of the ledger are findings only if they were
// switched on: otherwise it takes them out of these.
func (c *Cmd) ledger(opt *options, res *loader.Result) (*report.Ledger, error) {
	if !c.keepsLedger(opt) {
		return nil, nil
	}
	if !slices.Contains(c.Suite.Enabled(opt.on), c.Suite.Ledger) {
		res.Findings = slices.DeleteFunc(res.Findings, func(f report.Finding) bool { return f.Analyzer == c.Suite.Ledger.Name })
	}
	lines, err := report.ParseLines(res.Tally(c.Suite.Ledger))
	if err != nil {
		return nil, err
	}
	l := report.Sum(lines)
	if !whole(res) {
		if len(lines) == 0 {
			return nil, nil
		}
		if opt.counts() {
			c.note([]string{"the ledger counts what could be analysed, which is not everything"})
		}
		return l, nil
	}
	for _, limit := range opt.limits {
		if s := l.Beyond(limit); s != "" {
			l.Exceeded = append(l.Exceeded, s)
			fmt.Fprintf(c.Stderr, "tenantvet: %s; -tenantledger lists them\n", s)
		}
	}
	return l, nil
}

// whole reports whether everything could be analysed.
func whole(res *loader.Result) bool { return len(res.Problems)+len(res.Failures) == 0 }
