package command

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/driver"
)

// change is what has changed in a module.
type change struct {
	root string   // of the module
	all  bool     // a file on which every package depends
	dirs []string // of packages
}

// precommit carries out "tenantvet precommit": it reports on the packages that
// the files named belong to, and on those that import one of these, directly or
// not, since what is done in one may leak in another. A file that is no Go file,
// such as the policy, concerns all packages of its module.
func (c *Cmd) precommit(ctx context.Context, args []string) (int, error) {
	opt, err := c.parse(args)
	if err != nil {
		return 0, err
	}
	switch {
	case opt.write != "":
		return 0, usageError{"precommit: a baseline is written by tenantvet -write-baseline, for all packages"}
	case opt.counts():
		return 0, usageError{"precommit: -ledger and -max-opaque count all packages: leave them to tenantvet itself"}
	case opt.suggest:
		return 0, usageError{"precommit: -suggest looks at all packages: leave it to tenantvet itself"}
	case opt.format != "text" && opt.format != "github":
		return 0, usageError{"precommit: -format is text or github, since there may be several modules"}
	}
	dir, err := c.chdir(opt.dir)
	if err != nil {
		return 0, err
	}
	code := ExitClean
	for _, ch := range changes(dir, opt.patterns) {
		one := *opt
		one.dir, one.patterns, one.show = ch.root, []string{"./..."}, dir
		if !ch.all {
			one.within = ch.dirs
		}
		got, err := c.check(ctx, &one)
		if err != nil {
			return 0, err
		}
		code = max(code, got)
	}
	return code, nil
}

// changes sorts files by the modules that they belong to, in the order of these.
// What is in no module is nobody's, and tests are not read.
func changes(dir string, files []string) []*change {
	var out []*change
	for _, name := range files {
		name = absolute(dir, filepath.FromSlash(name))
		root := driver.Upward(filepath.Dir(name), "go.mod")
		if root == "" || driver.IsTest(name) {
			continue
		}
		i := slices.IndexFunc(out, func(ch *change) bool { return ch.root == root })
		if i < 0 {
			i = len(out)
			out = append(out, &change{root: root})
		}
		if filepath.Ext(name) == ".go" {
			out[i].dirs = append(out[i].dirs, filepath.Dir(name))
		} else {
			out[i].all = true
		}
	}
	slices.SortFunc(out, func(a, b *change) int { return strings.Compare(a.root, b.root) })
	return out
}
