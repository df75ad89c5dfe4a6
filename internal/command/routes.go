package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/loader"
	"github.com/tenantvet/tenantvet/internal/routes"
)

// routes carries out "tenantvet routes": it lists the routes of the packages
// named, or compares them with a file.
func (c *Cmd) routes(ctx context.Context, args []string) (int, error) {
	fs := flag.NewFlagSet("tenantvet routes", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	var (
		dirFlag = fs.String("C", "", "")
		format  = fs.String("format", "text", "")
		write   = fs.String("write", "", "")
		check   = fs.String("check", "", "")
		against = fs.String("against", "", "")
		tags    = fs.String("tags", "", "")
		// For work on tenantvet itself; not in the help text.
		profile = fs.String("cpuprofile", "", "")
	)
	if err := fs.Parse(args); err != nil {
		return 0, usageError{"routes: " + err.Error()}
	}
	patterns := fs.Args()
	if c.Suite.Routes == nil {
		return 0, usageError{"this build lists no routes"}
	}
	modes := 0
	for _, s := range []string{*write, *check, *against} {
		if s != "" {
			modes++
		}
	}
	switch {
	case len(patterns) == 0:
		return 0, usageError{"routes: no packages named: for all of the module, say ./..."}
	case modes > 1:
		return 0, usageError{"routes: -write, -check and -against are done one at a time"}
	}
	for _, p := range patterns {
		if strings.HasPrefix(p, "-") {
			return 0, usageError{fmt.Sprintf("routes: flag %s after a package: flags come first", p)}
		}
	}
	print := map[string]func(*routes.Routes, io.Writer) error{
		"text": (*routes.Routes).Text, "md": (*routes.Routes).Markdown, "json": (*routes.Routes).JSON, "openapi": (*routes.Routes).OpenAPI,
	}[*format]
	if print == nil {
		return 0, usageError{fmt.Sprintf("routes: there is no format %q: it is text, md, json or openapi", *format)}
	}
	dir, err := c.chdir(*dirFlag)
	if err != nil {
		return 0, err
	}
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			return 0, err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return 0, err
		}
		defer pprof.StopCPUProfile()
	}
	table, failed, err := c.gather(ctx, dir, patterns, *tags)
	if err != nil {
		return 0, err
	}
	if failed {
		// A table of a part of the program can be read, but is no contract.
		if modes > 0 {
			return ExitFailed, nil
		}
		return ExitFailed, print(table, c.Stdout)
	}
	at := func(name string) string {
		if filepath.IsAbs(name) {
			return name
		}
		return filepath.Join(dir, name)
	}
	switch {
	case *write != "":
		return ExitClean, os.WriteFile(at(*write), []byte(table.Lock()), 0o666)
	case *check != "":
		text, err := os.ReadFile(at(*check))
		if errors.Is(err, os.ErrNotExist) {
			return 0, fmt.Errorf("there is no %s yet: write it with tenantvet routes -write %s %s", *check, *check, strings.Join(patterns, " "))
		}
		if err != nil {
			return 0, err
		}
		bad, err := table.Check(c.Stdout, *check, string(text))
		return exitIf(bad), err
	case *against != "":
		data, err := os.ReadFile(at(*against))
		if err != nil {
			return 0, err
		}
		differ, err := table.Against(c.Stdout, *against, data)
		return exitIf(differ), err
	}
	return ExitClean, print(table, c.Stdout)
}

func exitIf(found bool) int {
	if found {
		return ExitFindings
	}
	return ExitClean
}

// gather runs the analyzer of routes on packages. failed is set if some could
// not be analysed; why is told on Stderr.
func (c *Cmd) gather(ctx context.Context, dir string, patterns []string, tags string) (table *routes.Routes, failed bool, err error) {
	res, err := c.tallies(ctx, dir, patterns, tags, c.Suite.Routes)
	if err != nil {
		return nil, false, err
	}
	table, err = routes.Gather(res.Tally(c.Suite.Routes))
	return table, !whole(res), err
}

// tallies runs analyzers on packages, for their tallies alone. What could not be
// analysed is told on Stderr.
func (c *Cmd) tallies(ctx context.Context, dir string, patterns []string, tags string, run ...*analysis.Analyzer) (*loader.Result, error) {
	suite := *c
	suite.Suite.Analyzers, suite.Suite.OptIn = run, nil
	cfg, err := suite.config(dir, &options{tags: tags, patterns: patterns})
	if err != nil {
		return nil, err
	}
	res, err := loader.Run(ctx, cfg)
	if err != nil {
		return nil, err
	}
	c.problems(dir, res)
	if res.Packages == 0 && whole(res) {
		return nil, fmt.Errorf("no package of the main module matches %s", strings.Join(patterns, " "))
	}
	return res, nil
}
