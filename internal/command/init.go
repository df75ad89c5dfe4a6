package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/driver"
)

// init carries out "tenantvet init": it writes a first policy, with proposals from
// the code, none of them in force. What cannot be analysed leaves the proposals that
// text alone speaks for.
func (c *Cmd) init(ctx context.Context, args []string) (int, error) {
	set := flag.NewFlagSet("tenantvet init", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	dirFlag := set.String("C", "", "")
	tags := set.String("tags", "", "")
	printOnly := set.Bool("print", false, "")
	if err := set.Parse(args); err != nil {
		return 0, usageError{"init: " + err.Error()}
	}
	if set.NArg() > 0 {
		return 0, usageError{"init looks at the whole module and takes no packages"}
	}
	if c.Suite.Init == nil {
		return 0, usageError{"this build proposes no policy"}
	}
	dir, err := c.chdir(*dirFlag)
	if err != nil {
		return 0, err
	}
	root := driver.Upward(dir, "go.mod")
	if root == "" {
		return 0, fmt.Errorf("no go.mod in %s or above: a policy belongs to a module", dir)
	}
	res, err := c.tallies(ctx, root, []string{"./..."}, *tags, c.Suite.Proposals, c.Suite.Routes)
	if err != nil {
		return 0, err
	}
	rows, err := c.Suite.Suggest(root, c.getenv, res.Tally(c.Suite.Proposals))
	if err != nil {
		return 0, err
	}
	first, err := c.Suite.Init(root, rows, res.Tally(c.Suite.Routes))
	if err != nil {
		return 0, err
	}
	code := ExitClean
	if !whole(res) {
		code = ExitFailed
		c.note([]string{"what could not be analysed may have more to propose"})
	}
	if *printOnly {
		_, err = io.WriteString(c.Stdout, first.Text)
		return code, err
	}
	return code, c.writeFirst(dir, first)
}

// writeFirst writes a first policy, unless there is one, and tells what is in it.
func (c *Cmd) writeFirst(dir string, first driver.First) error {
	name := filepath.Base(first.File)
	f, err := os.OpenFile(first.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("there is a %s already, which stays as it is: tenantvet init -print prints the proposals", name)
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(first.Text)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("writing the policy: %w", err)
	}
	var parts []string
	for _, table := range slices.Sorted(maps.Keys(first.Count)) {
		parts = append(parts, fmt.Sprintf("%d %s", first.Count[table], table))
	}
	shown := first.File
	if rel, err := filepath.Rel(dir, shown); err == nil {
		shown = rel
	}
	if len(parts) == 0 {
		fmt.Fprintf(c.Stdout, "wrote %s; nothing in the code looked like a source of scope: name yours there, then run tenantvet ./...\n", shown)
		return nil
	}
	fmt.Fprintf(c.Stdout, "wrote %s with proposals, none of them in force: %s\nRead the places that they name, take the # away from those that are right, then run tenantvet ./...\n", shown, strings.Join(parts, ", "))
	return nil
}

// suggest carries out "tenantvet -suggest": it prints rows that the policy could
// have.
func (c *Cmd) suggest(ctx context.Context, opt *options) (int, error) {
	dir, err := c.chdir(opt.dir)
	if err != nil {
		return 0, err
	}
	res, err := c.tallies(ctx, dir, opt.patterns, opt.tags, c.Suite.Proposals)
	if err != nil {
		return 0, err
	}
	rows, err := c.Suite.Suggest(dir, c.getenv, res.Tally(c.Suite.Proposals))
	if err != nil {
		return 0, err
	}
	if rows == "" {
		c.note([]string{"nothing to suggest: no interface hides where keys end, and no function gets the caller's tenant of most callers but not of all"})
	}
	if _, err := io.WriteString(c.Stdout, strings.TrimPrefix(rows, "\n")); err != nil {
		return 0, err
	}
	if !whole(res) {
		return ExitFailed, nil
	}
	return ExitClean, nil
}
