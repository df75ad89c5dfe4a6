// Mutate measures what tenantvet misses. It takes the clean cases of the
// corpus, removes one scope at a time (a key part, the check of an error, the
// whole key), and runs tenantvet on each of these mutants: each should be
// reported, for each is a leak.
//
//	go run ./internal/mutate -tool ./tenantvet [-dir testdata/src] [-module] [-run regexp] [-kind kind,…] [-min 0.95] [-list] [-v]
//
// With -module the directory is not the corpus but a module that is clean, such as
// examples/service: all of its files count, and keys, statements, contexts and
// guards are changed in all of them.
//
// Mutants are packages of one copy of the corpus, so that the tool runs once; the
// unchanged packages are beside them, to tell what is new. Tests of isolation, each
// left out in turn, are changed where they are: the tool runs on what they may be about.
// It exits with 0 if the share of mutants reported is at least -min, 1 if it is
// less, 2 for wrong usage, 3 if the corpus or the tool cannot be run.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("mutate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	tool := flags.String("tool", "", "the tenantvet command to run")
	dir := flags.String("dir", "testdata/src", "the corpus")
	module := flags.Bool("module", false, "the directory is a clean module rather than the corpus")
	pattern := flags.String("run", "", "only packages whose path below the corpus matches this regular expression")
	kinds := flags.String("kind", "", "only mutants of these `kinds`, separated by commas; -list tells which there are")
	floor := flags.Float64("min", 0.95, "the least share of mutants that must be reported")
	list := flags.Bool("list", false, "list the mutants and run nothing")
	verbose := flags.Bool("v", false, "list the mutants that are reported, too")
	keep := flags.String("keep", "", "write the mutants to this directory, which must not exist, and keep them")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "mutate: unexpected argument %q\n", flags.Arg(0))
		return 2
	}
	if *tool == "" && !*list {
		fmt.Fprintln(stderr, "mutate: no -tool; name the tenantvet command to run, or use -list")
		return 2
	}
	re, err := regexp.Compile(*pattern)
	if err != nil {
		fmt.Fprintf(stderr, "mutate: -run: %v\n", err)
		return 2
	}
	wanted := choice{run: re}
	if *kinds != "" {
		wanted.kinds = strings.Split(*kinds, ",")
	}
	from, err := newOrigin(*dir, *module)
	if err != nil {
		fmt.Fprintf(stderr, "mutate: %v\n", err)
		return 3
	}
	mutants, discarded, err := from.mutants(wanted)
	if err != nil {
		fmt.Fprintf(stderr, "mutate: %v\n", err)
		return 3
	}
	tests, err := from.testMutants(wanted)
	if err != nil {
		fmt.Fprintf(stderr, "mutate: %v\n", err)
		return 3
	}
	all := append(mutants, tests...)
	if *list {
		for _, m := range all {
			fmt.Fprintf(stdout, "%s\n\t%s:%d: %s\n", m.Name, m.File, m.Line, m.What)
		}
		fmt.Fprintf(stdout, "%d mutants, %d more do not compile\n%s", len(all), discarded, countKinds(all))
		return 0
	}
	if len(all) == 0 {
		fmt.Fprintf(stderr, "mutate: no mutants; does -run %q match a package with clean cases, and is -kind %q one of those that -list tells?\n", *pattern, *kinds)
		return 2
	}
	killed, err := from.judge(*tool, *keep, mutants, tests, stderr)
	if err != nil {
		fmt.Fprintf(stderr, "mutate: %v\n", err)
		return 3
	}
	n := 0
	for i, m := range all {
		switch {
		case killed[i] != "":
			n++
			if *verbose {
				fmt.Fprintf(stdout, "reported  %s\n\t%s:%d: %s\n\t%s\n", m.Name, m.File, m.Line, m.What, killed[i])
			}
		default:
			fmt.Fprintf(stdout, "survived  %s\n\t%s:%d: %s\n", m.Name, m.File, m.Line, m.What)
		}
	}
	share := float64(n) / float64(len(all))
	fmt.Fprintf(stdout, "%d of %d mutants reported (%.1f %%), %d survived; %d more did not compile\n", n, len(all), 100*share, len(all)-n, discarded)
	if share < *floor {
		return 1
	}
	return 0
}

// A choice says which mutants are wanted.
type choice struct {
	run   *regexp.Regexp // of paths below the directory
	kinds []string       // all if there are none
}

func (c choice) kind(name string) bool { return len(c.kinds) == 0 || slices.Contains(c.kinds, name) }

// countKinds tells how many mutants there are of each kind, a line each.
func countKinds(all []*mutant) string {
	count := map[string]int{}
	for _, m := range all {
		count[m.Kind]++
	}
	var b strings.Builder
	for _, kind := range slices.Sorted(maps.Keys(count)) {
		fmt.Fprintf(&b, "%6d %s\n", count[kind], kind)
	}
	return b.String()
}
