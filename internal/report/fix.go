package report

import (
	"bytes"
	"cmp"
	"fmt"
	"go/format"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// A Fixed is a file with fixes applied.
type Fixed struct {
	File     string
	Old, New []byte
}

// Diff returns the change as a unified diff, with the file named relative to
// dir.
func (f Fixed) Diff(dir string) []byte {
	name := Relative(dir, f.File)
	return diff.Diff(name+" (old)", f.Old, name+" (new)", f.New)
}

// ApplyFixes applies the first fix of each finding, in order. A fix that
// overlaps one already taken is left for the next run: skipped counts those.
// Several findings may carry one and the same edit, such as an import: it is
// made once. Files are formatted afterwards. Nothing is written to disk;
// read gives the contents of a file.
func ApplyFixes(fs []Finding, read func(file string) ([]byte, error)) (fixed []Fixed, skipped int, err error) {
	accepted := make(map[string][]Edit)
	for _, f := range fs {
		if len(f.Fixes) == 0 {
			continue
		}
		edits := f.Fixes[0].Edits
		if slices.ContainsFunc(edits, func(e Edit) bool { return conflicts(accepted[e.File], e) }) {
			skipped++
			continue
		}
		for _, e := range edits {
			if !slices.Contains(accepted[e.File], e) {
				accepted[e.File] = append(accepted[e.File], e)
			}
		}
	}
	names := make([]string, 0, len(accepted))
	for name := range accepted {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		old, err := read(name)
		if err != nil {
			return nil, skipped, fmt.Errorf("applying fixes: %w", err)
		}
		edits := accepted[name]
		slices.SortStableFunc(edits, func(a, b Edit) int {
			return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
		})
		var out bytes.Buffer
		last := 0
		for _, e := range edits {
			if e.Start < last || e.End < e.Start || e.End > len(old) {
				return nil, skipped, fmt.Errorf("%s: a fix wants bytes %d to %d of %d: the file changed while it was analysed; run again", name, e.Start, e.End, len(old))
			}
			out.Write(old[last:e.Start])
			out.WriteString(e.New)
			last = e.End
		}
		out.Write(old[last:])
		changed := out.Bytes()
		if strings.HasSuffix(name, ".go") {
			// A fix that does not parse is a bug of the rule; the file is
			// then left as the edits made it, so that it can be seen.
			if pretty, err := format.Source(changed); err == nil {
				changed = pretty
			}
		}
		if !bytes.Equal(old, changed) {
			fixed = append(fixed, Fixed{name, old, changed})
		}
	}
	return fixed, skipped, nil
}

// conflicts reports whether e overlaps an edit of taken. The same edit twice
// is none; two different insertions at one place are.
func conflicts(taken []Edit, e Edit) bool {
	for _, t := range taken {
		if t == e {
			continue
		}
		if e.Start < t.End && t.Start < e.End || e.Start == t.Start {
			return true
		}
	}
	return false
}
