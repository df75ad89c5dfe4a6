//go:build unix

// Bench measures tenantvet on a module against stock go vet, in one run and as
// ratios: as a vet tool, as a command, and beside both a vet tool that does
// nothing. Run it by way of bench/run.
//
// Four situations are measured: cold (dependencies compiled, no results kept),
// warm (nothing changed), leaf (one function added to a file of a package that
// nothing imports), and, with -empty, from an empty build cache.
//
// With -lint it measures the plugin for golangci-lint instead: see runLint.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// figure is what one run took.
type figure struct {
	wall, cpu time.Duration
	rss       int64 // kB, of the largest single process
	code      int
	lines     int // of output
}

type subject struct {
	name string
	args []string // the command line but for the packages
	env  []string
}

func run() error {
	dir := flag.String("dir", ".", "module to measure on")
	pkg := flag.String("tool", "github.com/tenantvet/tenantvet/cmd/tenantvet", "package of the tool")
	repo := flag.String("repo", ".", "module that holds the tool")
	leaf := flag.String("leaf", "", "file to edit; default: the first of a package that nothing imports")
	empty := flag.Bool("empty", false, "also measure from an empty build cache (slow: everything is compiled)")
	times := flag.Int("n", 1, "runs of each warm and leaf measurement; the best counts")
	lint := flag.Bool("lint", false, "measure the plugin for golangci-lint against a cheap linter instead")
	flag.Parse()

	root, err := filepath.Abs(*dir)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "tenantvet-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)

	leafFile, baseFile, err := ends(root)
	if err != nil {
		return err
	}
	if *leaf == "" {
		*leaf = leafFile
	} else if !filepath.IsAbs(*leaf) {
		*leaf = filepath.Join(root, *leaf)
	}
	if *leaf == "" {
		return errors.New("no package that nothing imports: name a file with -leaf")
	}
	if *lint {
		return runLint(root, *repo, tmp, *leaf, baseFile, *times, *empty)
	}

	// A build ID of its own makes each run's tools new to go vet's cache.
	nonce := fmt.Sprintf("bench-%d", time.Now().UnixNano())
	build := func(name, pkg string) (string, error) {
		out := filepath.Join(tmp, nonce+"-"+name)
		cmd := exec.Command("go", "build", "-ldflags=-buildid="+nonce, "-o", out, pkg)
		cmd.Dir = *repo
		cmd.Stderr = os.Stderr
		return out, cmd.Run()
	}
	tool, err := build("tenantvet", *pkg)
	if err != nil {
		return fmt.Errorf("building %s: %w", *pkg, err)
	}
	noop, err := build("noop", "./bench/noop")
	if err != nil {
		return fmt.Errorf("building the no-op tool: %w", err)
	}
	vet, err := build("vet", "cmd/vet")
	if err != nil {
		return fmt.Errorf("building stock vet: %w", err)
	}
	cache := filepath.Join(tmp, "cache")
	stock := subject{"stock go vet", []string{"go", "vet", "-vettool=" + vet}, nil}
	subjects := []subject{
		stock,
		{"no-op vet tool", []string{"go", "vet", "-vettool=" + noop}, nil},
		{"tenantvet as vet tool", []string{"go", "vet", "-vettool=" + tool}, nil},
		{"tenantvet as command", []string{tool}, []string{"TENANTVET_CACHE=" + cache}},
	}

	// Compile what has to be compiled, with a tool that takes no time.
	fmt.Fprintln(os.Stderr, "compiling dependencies")
	warmup, err := build("warmup", "./bench/noop")
	if err != nil {
		return err
	}
	measure(root, subject{"", []string{"go", "vet", "-vettool=" + warmup}, nil})

	results := make(map[string][]figure)
	order := []string{"cold", "warm", "leaf"}
	for _, s := range subjects {
		fmt.Fprintln(os.Stderr, "measuring", s.name)
		f := measure(root, s)
		results["cold"] = append(results["cold"], f)
		results["warm"] = append(results["warm"], best(*times, func() figure { return measure(root, s) }))
		edited := func() figure {
			restore, err := edit(*leaf)
			if err != nil {
				fmt.Fprintln(os.Stderr, "bench:", err)
				return figure{}
			}
			defer restore()
			return measure(root, s)
		}
		results["leaf"] = append(results["leaf"], best(*times, edited))
	}
	if *empty {
		order = append(order, "empty")
		for i, s := range subjects {
			f := figure{}
			if i == 0 || i == len(subjects)-1 {
				fmt.Fprintln(os.Stderr, "measuring", s.name, "from an empty build cache")
				c := filepath.Join(tmp, fmt.Sprintf("gocache%d", i))
				s.env = append(slices.Clone(s.env), "GOCACHE="+c, "TENANTVET_CACHE="+filepath.Join(tmp, "cache-empty"))
				f = measure(root, s)
				os.RemoveAll(c)
			}
			results["empty"] = append(results["empty"], f)
		}
	}

	fmt.Printf("%s\nleaf: %s\n\n", root, *leaf)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "situation\ttool\twall s\tratio\tCPU s\tratio\tpeak MB\texit\tlines\t")
	for _, sit := range order {
		base := results[sit][0]
		for i, f := range results[sit] {
			if f.wall == 0 {
				continue
			}
			fmt.Fprintf(w, "%s\t%s\t%.2f\t%.2f\t%.2f\t%.2f\t%d\t%d\t%d\t\n", sit, subjects[i].name,
				f.wall.Seconds(), ratio(f.wall, base.wall), f.cpu.Seconds(), ratio(f.cpu, base.cpu), f.rss/1024, f.code, f.lines)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	n := len(subjects) - 1
	fmt.Printf("\ncommand, leaf to warm: %.2f\n", ratio(results["leaf"][n].wall, results["warm"][n].wall))
	return nil
}

func ratio(a, b time.Duration) float64 {
	if b == 0 {
		return 0
	}
	return a.Seconds() / b.Seconds()
}

func best(n int, f func() figure) figure {
	b := f()
	for range n - 1 {
		if g := f(); g.wall < b.wall {
			b = g
		}
	}
	return b
}

// measure runs a subject on all of the module. Findings are expected, so exit
// codes are shown rather than obeyed.
func measure(dir string, s subject) figure {
	cmd := exec.Command(s.args[0], append(slices.Clone(s.args[1:]), "./...")...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), s.env...)
	var out bytes.Buffer
	cmd.Stdout = &out
	cmd.Stderr = &out
	start := time.Now()
	err := cmd.Run()
	f := figure{wall: time.Since(start), lines: bytes.Count(out.Bytes(), []byte("\n"))}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		fmt.Fprintf(os.Stderr, "bench: %s: %v\n", s.name, err)
		return figure{}
	}
	st := cmd.ProcessState
	f.code = st.ExitCode()
	f.cpu = st.UserTime() + st.SystemTime()
	if u, ok := st.SysUsage().(*syscall.Rusage); ok {
		f.rss = int64(u.Maxrss)
		if runtime.GOOS == "darwin" {
			f.rss /= 1024 // bytes there
		}
	}
	if f.code > 1 {
		fmt.Fprintf(os.Stderr, "bench: %s: exit code %d\n%s\n", s.name, f.code, tail(out.String(), 5))
	}
	return f
}

func tail(s string, n int) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// edit adds a function to a file, a new one each time.
func edit(file string) (restore func(), err error) {
	old, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("%s\nfunc tenantvetBench%d() int { return 1 }\n", old, time.Now().UnixNano())
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		return nil, err
	}
	return func() {
		if err := os.WriteFile(file, old, 0o666); err != nil {
			fmt.Fprintln(os.Stderr, "bench: putting back:", err)
		}
	}, nil
}

// ends returns a file of the package with most imports among those that no package of
// the module imports, programs apart: where a handler would be; and one of the package
// that most others import.
func ends(dir string) (leaf, base string, err error) {
	cmd := exec.Command("go", "list", "-e", "-f", "{{.ImportPath}}\t{{.Name}}\t{{.Dir}}\t{{join .GoFiles \",\"}}\t{{join .Imports \" \"}}", "./...")
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", "", fmt.Errorf("go list: %w", err)
	}
	imported := make(map[string]int)
	var rows [][]string
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 5 {
			continue
		}
		rows = append(rows, f)
		for _, path := range strings.Fields(f[4]) {
			imported[path]++
		}
	}
	most, least, top := -1, 1<<30, -1
	for _, f := range rows {
		if f[1] == "main" || f[3] == "" {
			continue
		}
		file := filepath.Join(f[2], strings.Split(f[3], ",")[0])
		n, u := len(strings.Fields(f[4])), imported[f[0]]
		if u < least || u == least && n > most {
			least, most, leaf = u, n, file
		}
		if u > top {
			top, base = u, file
		}
	}
	return leaf, base, nil
}
