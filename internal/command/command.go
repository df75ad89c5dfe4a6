// Package command is the command line of tenantvet.
package command

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/loader"
	"github.com/tenantvet/tenantvet/internal/record"
	"github.com/tenantvet/tenantvet/internal/report"
)

// The exit codes of the command.
const (
	ExitClean    = 0 // analysed, nothing found
	ExitFindings = 1
	ExitUsage    = 2
	ExitFailed   = 3 // something could not be analysed, whatever else was found
)

// A Cmd is one call of the command. Its fields are those of [os/exec.Cmd];
// nothing else of the process is used, so it can be run in a test.
type Cmd struct {
	Suite  driver.Suite
	Args   []string // without the program name
	Stdout io.Writer
	Stderr io.Writer
	Env    []string
	Dir    string // the working directory, absolute

	// Terminal says that Stderr is a terminal, which shows progress unless Env says
	// that this is CI: some runners give each step a terminal, and read its lines.
	Terminal bool
}

// usageError is a wrong way to call the command.
type usageError struct{ msg string }

func (e usageError) Error() string { return e.msg }

// Run carries out the call and returns the exit code.
func (c *Cmd) Run(ctx context.Context) int {
	code, err := c.run(ctx)
	if err == nil {
		return code
	}
	fmt.Fprintf(c.Stderr, "tenantvet: %v\n", err)
	var usage usageError
	if errors.As(err, &usage) {
		fmt.Fprintf(c.Stderr, "Run \"tenantvet help\" for usage.\n")
		return ExitUsage
	}
	return ExitFailed
}

func (c *Cmd) getenv(name string) string { return driver.Getenv(c.Env, name) }

func (c *Cmd) run(ctx context.Context) (int, error) {
	if len(c.Args) == 0 {
		c.usage(c.Stderr)
		return ExitUsage, nil
	}
	switch rest := c.Args[1:]; c.Args[0] {
	case "help", "-h", "-help", "--help":
		if len(rest) > 0 {
			return c.explain(rest)
		}
		c.usage(c.Stdout)
		return ExitClean, nil
	case "version", "-version", "--version", "-V":
		fmt.Fprintf(c.Stdout, "tenantvet %s\n", c.Suite.VersionString())
		return ExitClean, nil
	case "explain":
		return c.explain(rest)
	case "init":
		return c.init(ctx, rest)
	case "policy":
		return c.policy(rest)
	case "routes":
		return c.routes(ctx, rest)
	case "gen":
		return c.gen(rest)
	case "nogo":
		return c.nogo(rest)
	case "doctor":
		return c.doctor(ctx, rest)
	case "precommit":
		return c.precommit(ctx, rest)
	}
	opt, err := c.parse(c.Args)
	if err != nil {
		return 0, err
	}
	if opt.suggest {
		return c.suggest(ctx, opt)
	}
	return c.check(ctx, opt)
}

func (c *Cmd) usage(w io.Writer) {
	fmt.Fprint(w, `tenantvet proves tenant isolation in Go services.

Usage:

	tenantvet [flags] packages...    analyse packages, such as ./...
	tenantvet explain [RULE]         list the rules, or print the page of one
	tenantvet init [-C dir] [-tags list] [-print]
	                                 write a first policy, or print it: proposals
	                                 from the code, none of them in force
	tenantvet policy [-C dir]        print the policy in force
	tenantvet routes [-C dir] [-tags list] [-format text|md|json|openapi]
		[-write FILE | -check FILE | -against FILE] packages...
	                                 list the routes that packages register,
	                                 write or check them, or compare them with
	                                 an OpenAPI document
	tenantvet gen isolation-test [-C dir] ./dir.Type
	                                 print a test of the isolation of a type, to
	                                 be filled in
	tenantvet precommit [flags] files...
	                                 analyse the packages that files belong to, and
	                                 those that import them
	tenantvet nogo [-C dir] [-write FILE | -check FILE]
	                                 print the config of Bazel's nogo with the policy
	                                 in it, put it into FILE, or see whether it is there
	tenantvet doctor [-C dir] [-tags list] [packages...]
	                                 look at what tenantvet works with: versions,
	                                 policy, cache, CI; what rows match, what is
	                                 idle; of the whole module if no package is named
	tenantvet version
	tenantvet help

Flags:

	-C dir        run in dir
	-format F     print findings as text, as json ("go vet -json" prints the same),
	              as sarif (2.1.0), as github (annotations of a workflow), or as
	              html (one page, with the ledger and the routes)
	-json         short for -format json
	-tags list    build tags, comma-separated
	-fix          apply the fixes that findings offer
	-diff         print the fixes as a diff instead; nothing is changed
	-baseline FILE
	              leave out the findings that FILE knows
	-write-baseline FILE
	              write FILE with all findings; if it is there, take out the lines
	              that nothing needs any more, and leave out what it knows
	-grow         with -write-baseline: add new findings to the file that is there
	-new-from REV leave out the findings that there were at git revision REV
	-ledger       after the findings, count what was looked at by kind and verdict:
	              proven, found, opaque (cannot be told) and so on, and why
	-suggest      instead of findings, print rows that the policy could have: functions
	              that most calls hand the caller's tenant and some do not, with these,
	              and interfaces behind which keys end out of sight
	-max-opaque LIMITS
	              fail if more is opaque: 10%, 25 (things), or by kind, such as
	              query=5%,route=0
`)
	for _, a := range c.Suite.Analyzers {
		fmt.Fprintf(w, "	-%s=false\n	              leave out: %s\n", a.Name, title(a))
	}
	fmt.Fprint(w, `
Exit codes: 0 nothing found, 1 findings, or more opaque than -max-opaque allows,
2 wrong usage, 3 something could not be analysed.

Environment: TENANTVET_CACHE moves the cache to another directory, or switches it
off ("off"). TENANTVET_POLICY names the policy file.

As a vet tool: go vet -vettool="$(command -v tenantvet)" ./...
`)
}

func (c *Cmd) explain(args []string) (int, error) {
	switch len(args) {
	case 0:
		return ExitClean, c.rules()
	case 1:
	default:
		return 0, usageError{"explain wants one rule: an analyzer or a category; without any it lists them"}
	}
	name := args[0]
	if page := c.page(name); page != "" {
		fmt.Fprintln(c.Stdout, page)
		return ExitClean, nil
	}
	var names []string
	for _, a := range c.Suite.Analyzers {
		names = append(names, a.Name)
	}
	return 0, usageError{fmt.Sprintf("no rule is called %q: there are %s, and the categories that their pages list", name, strings.Join(names, ", "))}
}

// page returns the page of a rule, "" if there is none of that name.
func (c *Cmd) page(name string) string {
	if c.Suite.Explain != nil {
		if page, ok := c.Suite.Explain(name); ok {
			return strings.TrimRight(page, "\n")
		}
	}
	for _, a := range c.Suite.Analyzers {
		if a.Name == name {
			return strings.TrimRight(a.Doc, "\n")
		}
	}
	return ""
}

// title returns the first line of an analyzer's doc text.
func title(a *analysis.Analyzer) string {
	line, _, _ := strings.Cut(a.Doc, "\n")
	return line
}

// rules lists the analyzers, each with its categories, one a line.
func (c *Cmd) rules() error {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, a := range c.Suite.Analyzers {
		fmt.Fprintf(w, "%s\t%s\n", a.Name, title(a))
		if c.Suite.Categories == nil {
			continue
		}
		for _, cat := range c.Suite.Categories(a.Name) {
			fmt.Fprintf(w, "  %s/%s\t%s\n", a.Name, cat.Name, cat.Title)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(c.Stdout, b.String())
	return err
}

func (c *Cmd) policy(args []string) (int, error) {
	fs := flag.NewFlagSet("tenantvet policy", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	dir := fs.String("C", "", "")
	if err := fs.Parse(args); err != nil {
		return 0, usageError{"policy: " + err.Error()}
	}
	if len(fs.Args()) > 0 {
		return 0, usageError{"policy takes no argument but -C; a first policy is written by tenantvet init"}
	}
	if c.Suite.Policy == nil {
		return 0, usageError{"this build has no policy"}
	}
	at, err := c.chdir(*dir)
	if err != nil {
		return 0, err
	}
	out, err := c.Suite.Policy(at, c.getenv)
	if err != nil {
		return 0, err
	}
	fmt.Fprint(c.Stdout, out)
	return ExitClean, nil
}

// chdir returns the directory that -C dir asks for.
func (c *Cmd) chdir(dir string) (string, error) {
	if dir == "" {
		return c.Dir, nil
	}
	at := filepath.Clean(dir)
	if !filepath.IsAbs(at) {
		at = filepath.Join(c.Dir, at)
	}
	if info, err := os.Stat(at); err != nil || !info.IsDir() {
		return "", usageError{fmt.Sprintf("-C %s: no such directory", dir)}
	}
	return at, nil
}

type options struct {
	dir                    string
	format                 string
	fix, diff              bool
	tags                   string
	baseline, write        string // files; relative to dir
	grow                   bool
	newFrom                string
	ledger                 bool
	suggest                bool
	maxOpaque              string
	limits                 []report.Limit // that maxOpaque sets
	cpuprofile, memprofile string
	stats                  bool
	on                     map[string]bool
	patterns               []string

	doctor bool // for the doctor

	// Set by precommit: see loader.Config, and the directory that file names
	// are told relative to, if it is not dir.
	within []string
	show   string
}

// parse reads the flags and packages of a check.
func (c *Cmd) parse(args []string) (*options, error) {
	opt := &options{on: make(map[string]bool)}
	fs := flag.NewFlagSet("tenantvet", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&opt.dir, "C", "", "")
	fs.StringVar(&opt.format, "format", "", "")
	short := fs.Bool("json", false, "")
	fs.BoolVar(&opt.fix, "fix", false, "")
	fs.BoolVar(&opt.diff, "diff", false, "")
	fs.StringVar(&opt.tags, "tags", "", "")
	fs.StringVar(&opt.baseline, "baseline", "", "")
	fs.StringVar(&opt.write, "write-baseline", "", "")
	fs.BoolVar(&opt.grow, "grow", false, "")
	fs.StringVar(&opt.newFrom, "new-from", "", "")
	fs.BoolVar(&opt.ledger, "ledger", false, "")
	fs.StringVar(&opt.maxOpaque, "max-opaque", "", "")
	fs.BoolVar(&opt.suggest, "suggest", false, "")
	// For work on tenantvet itself; not in the help text.
	fs.StringVar(&opt.cpuprofile, "cpuprofile", "", "")
	fs.StringVar(&opt.memprofile, "memprofile", "", "")
	fs.BoolVar(&opt.stats, "stats", false, "")
	for _, a := range c.Suite.Analyzers {
		if fs.Lookup(a.Name) != nil {
			return nil, fmt.Errorf("internal error: analyzer %s has the name of a flag", a.Name)
		}
		fs.BoolFunc(a.Name, "", func(s string) error {
			v, err := strconv.ParseBool(s)
			if err != nil {
				return errors.New("want true or false")
			}
			opt.on[a.Name] = v
			return nil
		})
	}
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil, usageError{"flags come before packages"}
		}
		return nil, usageError{err.Error()}
	}
	opt.patterns = fs.Args()
	if *short && opt.format == "" {
		opt.format = "json"
	}
	opt.format = cmp.Or(opt.format, "text")
	if opt.maxOpaque != "" {
		var err error
		if opt.limits, err = report.ParseLimits(opt.maxOpaque); err != nil {
			return nil, usageError{"-max-opaque: " + err.Error()}
		}
	}
	if opt.counts() && c.Suite.Ledger == nil {
		return nil, usageError{"this build keeps no ledger"}
	}
	if opt.suggest && c.Suite.Proposals == nil {
		return nil, usageError{"this build has nothing to suggest"}
	}
	return opt, opt.check(*short)
}

// check reports what does not go together. short is -json.
func (opt *options) check(short bool) error {
	fixes := opt.fix || opt.diff
	switch {
	case len(opt.patterns) == 0:
		return usageError{"no packages named: for all of the module, say ./..."}
	case !slices.Contains(formats(), opt.format):
		return usageError{fmt.Sprintf("-format %s: there are %s", opt.format, strings.Join(formats(), ", "))}
	case short && opt.format != "json":
		return usageError{"-json and -format say different things: keep one"}
	case short && fixes:
		return usageError{"-json prints findings with their fixes: it does not go with -fix or -diff"}
	case opt.format != "text" && fixes:
		return usageError{fmt.Sprintf("-format %s does not go with -fix or -diff", opt.format)}
	case opt.write != "" && fixes:
		return usageError{"-write-baseline does not go with -fix or -diff: findings that are fixed need no line"}
	case opt.write != "" && opt.baseline != "":
		return usageError{"-write-baseline reads the file that is there: leave -baseline out"}
	case (opt.ledger || opt.limits != nil) && fixes:
		return usageError{"-ledger and -max-opaque do not go with -fix or -diff"}
	case opt.suggest && (fixes || opt.format != "text" || opt.write != "" || opt.counts()):
		return usageError{"-suggest prints rows for the policy instead of findings: it does not go with what is about these"}
	case opt.grow && opt.write == "":
		return usageError{"-grow says what -write-baseline does with new findings: name the file"}
	}
	for _, p := range opt.patterns {
		if strings.HasPrefix(p, "-") {
			return usageError{fmt.Sprintf("flag %s after a package: flags come first", p)}
		}
	}
	return nil
}

// check analyses packages.
func (c *Cmd) check(ctx context.Context, opt *options) (code int, err error) {
	dir, err := c.chdir(opt.dir)
	if err != nil {
		return 0, err
	}
	if opt.cpuprofile != "" {
		f, err := os.Create(opt.cpuprofile)
		if err != nil {
			return 0, err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return 0, err
		}
		defer pprof.StopCPUProfile()
	}
	show := cmp.Or(opt.show, dir)
	cfg, err := c.config(dir, opt)
	if err != nil {
		return 0, err
	}
	bar := c.progress()
	if bar != nil {
		cfg.Progress = bar.update
	}
	res, err := loader.Run(ctx, cfg)
	bar.clear()
	if err != nil {
		return 0, err
	}
	if opt.stats {
		fmt.Fprintf(c.Stderr, "%d packages named, %d looked at, %d analysed\n", res.Roots, res.Packages, res.Analyzed)
	}
	if opt.memprofile != "" {
		if err := heapProfile(opt.memprofile); err != nil {
			return 0, err
		}
	}
	c.problems(show, res)
	if whole(res) && opt.within == nil {
		if res.Roots == 0 {
			return 0, fmt.Errorf("no packages match %s", strings.Join(opt.patterns, " "))
		}
		if res.Packages == 0 {
			return 0, fmt.Errorf("no package of the main module matches %s: dependencies are not analysed", strings.Join(opt.patterns, " "))
		}
	}
	ledger, err := c.ledger(opt, res)
	if err != nil {
		return 0, err
	}
	known, err := c.known(ctx, cfg, opt, res)
	if err != nil {
		return 0, err
	}
	c.note(known.notes)
	code = ExitClean
	if opt.fix || opt.diff {
		code, err = c.fix(show, opt, known.New)
	} else {
		if len(known.New) > 0 || ledger != nil && len(ledger.Exceeded) > 0 {
			code = ExitFindings
		}
		var notes []string
		if err = c.print(show, opt, &outcome{res, known, ledger}); err == nil {
			notes, err = c.notes(cfg, res)
			c.note(notes)
		}
	}
	if err != nil {
		return 0, err
	}
	if !whole(res) {
		code = ExitFailed
	}
	return code, nil
}

// config returns what the loader is to do in dir.
func (c *Cmd) config(dir string, opt *options) (loader.Config, error) {
	cfg := loader.Config{
		Suite:     c.Suite,
		Analyzers: c.analyzers(opt),
		Patterns:  opt.patterns,
		Dir:       dir,
		Env:       c.Env,
		Within:    opt.within,
	}
	if opt.tags != "" {
		cfg.BuildFlags = append(cfg.BuildFlags, "-tags="+opt.tags)
	}
	var err error
	if c.Suite.PolicyDigest != nil {
		if cfg.Policy, err = c.Suite.PolicyDigest(dir, c.getenv); err != nil {
			return cfg, err
		}
	}
	if c.Suite.Given != nil {
		cfg.Given = c.Suite.Given(c.getenv)
	}
	if cfg.CacheDir, err = c.cacheDir(); err != nil || cfg.CacheDir == "" {
		return cfg, err
	}
	cfg.ToolDigest, err = driver.ToolDigest()
	return cfg, err
}

func heapProfile(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(pprof.WriteHeapProfile(f), f.Close())
}

// notes returns what the suite has to say of the run as a whole. That is no
// finding and leaves the exit code alone.
func (c *Cmd) notes(cfg loader.Config, res *loader.Result) ([]string, error) {
	if c.Suite.Notes == nil || cfg.Within != nil || !slices.Contains(cfg.Analyzers, c.Suite.Tally) || !whole(res) {
		return nil, nil
	}
	return c.Suite.Notes(c.runOf(cfg, res, c.Suite.Tally))
}

// runOf is what the suite is told of a run, with the tally of an analyzer.
func (c *Cmd) runOf(cfg loader.Config, res *loader.Result, tally *analysis.Analyzer) driver.Run {
	return driver.Run{Dir: cfg.Dir, Getenv: c.getenv, Patterns: cfg.Patterns, Tally: res.Tally(tally), Findings: res.Findings}
}

func (c *Cmd) note(notes []string) {
	for _, n := range notes {
		fmt.Fprintf(c.Stderr, "tenantvet: note: %s\n", n)
	}
}

// problems prints what could not be analysed, with file names as seen from dir.
func (c *Cmd) problems(dir string, res *loader.Result) {
	for _, p := range res.Problems {
		p.Pos.File = report.Relative(dir, p.Pos.File)
		fmt.Fprintln(c.Stderr, p)
	}
	c.failures(res.Failures)
}

// failures prints what went wrong in analyzers. One cause, such as an error in
// the policy, fails every package alike: it is said once.
func (c *Cmd) failures(fs []report.Failure) {
	var seen []string
	for _, f := range fs {
		if slices.Contains(seen, f.Err) {
			continue
		}
		seen = append(seen, f.Err)
		n := 0
		for _, g := range fs {
			if g.Err == f.Err {
				n++
			}
		}
		if n == 1 {
			fmt.Fprintf(c.Stderr, "tenantvet: %s: %s\n", f.Package, f.Err)
		} else {
			fmt.Fprintf(c.Stderr, "tenantvet: %d packages: %s\n", n, f.Err)
		}
	}
}

// fix applies the fixes of findings, or prints them, and then the findings
// that are left.
func (c *Cmd) fix(dir string, opt *options, fs []report.Finding) (int, error) {
	fixed, skipped, err := report.ApplyFixes(fs, os.ReadFile)
	if err != nil {
		return 0, err
	}
	if opt.diff {
		// As gofmt -d and go vet -fix -diff: a difference is exit code 1.
		for _, f := range fixed {
			if _, err := c.Stdout.Write(f.Diff(dir)); err != nil {
				return 0, err
			}
		}
		if len(fixed) > 0 {
			return ExitFindings, nil
		}
		return ExitClean, nil
	}
	for _, f := range fixed {
		info, err := os.Stat(f.File)
		if err != nil {
			return 0, fmt.Errorf("applying fixes: %w", err)
		}
		if now, err := os.ReadFile(f.File); err != nil || !bytes.Equal(now, f.Old) {
			return 0, fmt.Errorf("applying fixes: %s changed meanwhile: run again", f.File)
		}
		if err := os.WriteFile(f.File, f.New, info.Mode().Perm()); err != nil {
			return 0, fmt.Errorf("applying fixes: %w", err)
		}
	}
	left := slices.DeleteFunc(slices.Clone(fs), func(f report.Finding) bool { return len(f.Fixes) > 0 })
	if err := report.Text(c.Stdout, dir, left); err != nil {
		return 0, err
	}
	if skipped > 0 {
		fmt.Fprintf(c.Stderr, "tenantvet: %d fixes overlap others and were left out: run again\n", skipped)
	}
	if len(left) > 0 || skipped > 0 {
		return ExitFindings, nil
	}
	return ExitClean, nil
}

func (c *Cmd) cacheDir() (string, error) {
	dir, err := record.Dir(c.getenv)
	if err != nil {
		return "", usageError{err.Error()}
	}
	return dir, nil
}

// progress shows on a terminal how far a long run has come.
type progress struct {
	w     io.Writer
	start time.Time

	mu    sync.Mutex
	last  time.Time
	shown bool
	over  bool
}

// progress returns what shows how far a run has come, nil if nobody looks.
func (c *Cmd) progress() *progress {
	if ci := c.getenv("CI"); !c.Terminal || ci != "" && ci != "false" {
		return nil
	}
	return &progress{w: c.Stderr, start: time.Now()}
}

func (p *progress) update(done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.over || now.Sub(p.start) < time.Second || now.Sub(p.last) < 100*time.Millisecond {
		return
	}
	p.last, p.shown = now, true
	fmt.Fprintf(p.w, "\r\x1b[Ktenantvet: %d of %d packages", done, total)
}

func (p *progress) clear() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
