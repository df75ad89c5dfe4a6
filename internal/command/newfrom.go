package command

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/baseline"
	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/loader"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/report"
)

// revision returns the findings that there were at the revision that -new-from
// names, as a baseline: what the same run finds in the files of that revision,
// with the policy of that revision.
//
// It does not go by the lines that a diff shows: a guard that is removed leaves
// no line behind, and makes a finding of a line that did not change, perhaps in
// another package.
func (c *Cmd) revision(ctx context.Context, cfg loader.Config, opt *options) (*baseline.Baseline, error) {
	g := &git{ctx: ctx, dir: cfg.Dir, env: c.Env}
	top := g.output("rev-parse", "--show-toplevel")
	prefix := g.output("rev-parse", "--show-prefix")
	tree := g.output("rev-parse", "--verify", "--quiet", "--end-of-options", opt.newFrom+"^{tree}")
	if g.err != nil {
		return nil, fmt.Errorf("-new-from %s: %w", opt.newFrom, g.err)
	}
	tmp, err := os.MkdirTemp("", "tenantvet-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	if tmp, err = filepath.EvalSymlinks(tmp); err != nil {
		return nil, err
	}
	// An index and a directory of their own: nothing of the user's is touched.
	root := filepath.Join(tmp, "tree")
	g.dir, g.env = top, append(slices.Clip(g.env), "GIT_INDEX_FILE="+filepath.Join(tmp, "index"))
	g.output("read-tree", tree)
	g.output("checkout-index", "--all", "--prefix="+filepath.ToSlash(root)+"/")
	if g.err != nil {
		return nil, fmt.Errorf("-new-from %s: %w", opt.newFrom, g.err)
	}
	dir := filepath.Join(root, filepath.FromSlash(prefix))
	if !exists(dir) {
		return new(baseline.Baseline), nil // all of it is new
	}
	old := *opt
	old.within, old.format, old.ledger, old.limits = nil, "text", false, nil
	old.patterns = slices.DeleteFunc(slices.Clone(opt.patterns), func(p string) bool { return !there(dir, p) })
	if len(old.patterns) == 0 {
		return new(baseline.Baseline), nil
	}
	if at := driver.Upward(cfg.Dir, policy.FileName); at != "" && c.getenv(policy.EnvVar) == "" && !exists(filepath.Join(root, report.Relative(top, at), policy.FileName)) {
		c.note([]string{fmt.Sprintf("there was no %s at %s: what it makes a finding of is new", policy.FileName, opt.newFrom)})
	}
	then := *c
	if name := c.getenv(policy.EnvVar); name != "" {
		then.Env = append(slices.Clip(c.Env), policy.EnvVar+"="+absolute(cfg.Dir, name))
	}
	oldCfg, err := then.config(dir, &old)
	if err != nil {
		return nil, fmt.Errorf("-new-from %s: %w", opt.newFrom, err)
	}
	res, err := loader.Run(ctx, oldCfg)
	if err != nil {
		return nil, fmt.Errorf("-new-from %s: %w", opt.newFrom, err)
	}
	if err := firstError(dir, res); err != nil {
		return nil, fmt.Errorf("-new-from %s: %w; name a revision that compiles, or use -baseline", opt.newFrom, err)
	}
	keys, err := baseline.Keys(res.Findings)
	if err != nil {
		return nil, fmt.Errorf("-new-from %s: %w", opt.newFrom, err)
	}
	return baseline.Of(keys), nil
}

// there reports whether the directory of a package pattern is below dir; of a
// pattern by import path the go command knows.
func there(dir, pattern string) bool {
	name, _, _ := strings.Cut(filepath.ToSlash(pattern), "...")
	if !strings.HasPrefix(name, ".") {
		return !filepath.IsAbs(pattern)
	}
	return exists(filepath.Join(dir, filepath.FromSlash(name)))
}

// firstError returns what kept a run in dir from being whole, nil if nothing did.
func firstError(dir string, res *loader.Result) error {
	if len(res.Problems) > 0 {
		p := res.Problems[0]
		p.Pos.File = report.Relative(dir, p.Pos.File)
		return errors.New(p.String())
	}
	if len(res.Failures) > 0 {
		return fmt.Errorf("package %s: %s", res.Failures[0].Package, res.Failures[0].Err)
	}
	return nil
}

// git runs git commands until one fails.
type git struct {
	ctx context.Context
	dir string
	env []string
	err error
}

// output runs a command and returns what it prints, without the last newline.
func (g *git) output(args ...string) string {
	if g.err != nil {
		return ""
	}
	cmd := exec.CommandContext(g.ctx, "git", args...)
	cmd.Dir, cmd.Env = g.dir, g.env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		text, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
		g.err = fmt.Errorf("git %s: %s", args[0], cmp.Or(text, "there is no such revision here; fetch it first, since a shallow clone, as CI makes, has no other than its own"))
		if errors.Is(err, exec.ErrNotFound) {
			g.err = errors.New("git is not installed")
		}
	}
	return strings.TrimSuffix(string(out), "\n")
}
