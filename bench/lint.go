//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"text/tabwriter"
)

// lintConfig has golangci-lint run one linter, on what tenantvet reads: no tests.
const lintConfig = `version: "2"
run: {timeout: 60m, tests: false}
linters:
  default: none
  enable: [%s]
  exclusions: {generated: disable}%s
issues: {max-issues-per-linter: 0, max-same-issues: 0, uniq-by-line: false}
`

// runLint measures golangci-lint with tenantvet alone against golangci-lint with a
// cheap linter that wants types, errname. The situations:
//
//   - first: the build cache is warm, no linter has run;
//   - warm: nothing changed;
//   - leaf: a function was added to a package that nothing imports;
//   - base: a function was added to the package that most others import;
//   - kept: golangci-lint forgot its findings, what tenantvet knows of packages is there;
//   - empty, if asked for: nothing is cached anywhere, as on a new machine.
func runLint(root, repo, tmp, leaf, base string, times int, empty bool) error {
	linter := filepath.Join(tmp, "golangci-lint")
	build := exec.Command("go", "build", "-o", linter, ".")
	build.Dir = filepath.Join(repo, "e2e", "golangci")
	build.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("building golangci-lint with the plugin: %w", err)
	}
	subjects := make([]subject, 2)
	dirs := make([]string, len(subjects)) // of their caches
	for i, name := range []string{"errname", "tenantvet"} {
		settings := ""
		if name == "tenantvet" {
			settings = "\n  settings: {custom: {tenantvet: {type: module, description: proves tenant isolation}}}"
		}
		config := filepath.Join(tmp, name+".yml")
		if err := os.WriteFile(config, fmt.Appendf(nil, lintConfig, name, settings), 0o666); err != nil {
			return err
		}
		dirs[i] = filepath.Join(tmp, name+"-cache")
		subjects[i] = subject{name, []string{linter, "run", "-c", config}, []string{
			"GOLANGCI_LINT_CACHE=" + dirs[i], "TENANTVET_CACHE=" + filepath.Join(dirs[i], "tenantvet"), "TENANTVET_POLICY=",
		}}
	}
	fmt.Fprintln(os.Stderr, "compiling dependencies")
	measure(root, subjects[0])

	// forget removes what golangci-lint keeps, with or without what tenantvet does.
	forget := func(dir string, all bool) {
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			if all || e.Name() != "tenantvet" {
				_ = os.RemoveAll(filepath.Join(dir, e.Name())) // else it shows in the figures
			}
		}
	}
	edited := func(file string, s subject) figure {
		restore, err := edit(file)
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			return figure{}
		}
		defer restore()
		return measure(root, s)
	}
	situations := []struct {
		name string
		run  func(i int) figure
	}{
		{"first", func(i int) figure { forget(dirs[i], true); return measure(root, subjects[i]) }},
		{"warm", func(i int) figure { return measure(root, subjects[i]) }},
		{"leaf", func(i int) figure { return edited(leaf, subjects[i]) }},
		{"base", func(i int) figure { return edited(base, subjects[i]) }},
		{"kept", func(i int) figure { forget(dirs[i], false); return measure(root, subjects[i]) }},
	}
	fmt.Printf("%s\nleaf: %s\nbase: %s\n\n", root, leaf, base)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "situation\tlinter\twall s\tratio\tCPU s\tratio\tpeak MB\texit\t")
	show := func(name string, figures []figure) {
		for i, f := range figures {
			fmt.Fprintf(w, "%s\t%s\t%.2f\t%.2f\t%.2f\t%.2f\t%d\t%d\t\n", name, subjects[i].name,
				f.wall.Seconds(), ratio(f.wall, figures[0].wall), f.cpu.Seconds(), ratio(f.cpu, figures[0].cpu), f.rss/1024, f.code)
		}
	}
	for _, sit := range situations {
		figures := make([]figure, len(subjects))
		for i, s := range subjects {
			fmt.Fprintln(os.Stderr, "measuring", s.name+",", sit.name)
			figures[i] = best(times, func() figure { return sit.run(i) })
		}
		show(sit.name, figures)
	}
	if empty {
		figures := make([]figure, len(subjects))
		for i, s := range subjects {
			fmt.Fprintln(os.Stderr, "measuring", s.name, "from an empty build cache")
			c := filepath.Join(tmp, fmt.Sprintf("gocache%d", i))
			forget(dirs[i], true)
			s.env = append(slices.Clone(s.env), "GOCACHE="+c)
			figures[i] = measure(root, s)
			if err := os.RemoveAll(c); err != nil {
				return err
			}
		}
		show("empty", figures)
	}
	return w.Flush()
}
