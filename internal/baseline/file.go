package baseline

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/report"
)

// A Baseline is a set of findings that are known: a key may be there several
// times, for as many findings.
type Baseline struct {
	Name    string // of the file, for messages; "" if it is none
	entries []entry
}

type entry struct {
	key  Key
	line int // in the file; 0 if it is from none
}

// Of returns the baseline of findings that have these keys.
func Of(keys []Key) *Baseline {
	b := new(Baseline)
	for _, k := range keys {
		b.entries = append(b.entries, entry{key: k})
	}
	b.sort()
	return b
}

func (b *Baseline) sort() {
	slices.SortStableFunc(b.entries, func(x, y entry) int { return strings.Compare(x.key.String(), y.key.String()) })
}

// Len returns the number of findings that are known.
func (b *Baseline) Len() int { return len(b.entries) }

const header = `# Findings that tenantvet leaves out when it is run with -baseline and this file.
# A line is a rule, the declaration and a digest of the code: moved code keeps
# it, changed code does not. "tenantvet -write-baseline" takes out the lines that
# nothing needs any more.
`

// Parse reads a baseline as [Baseline.Format] writes it. The name is that of the
// file. The error names the line that is not understood.
func Parse(name string, data []byte) (*Baseline, error) {
	b := &Baseline{Name: name}
	for i, line := range bytes.Split(data, []byte("\n")) {
		fields := strings.Fields(string(line))
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if len(fields) != 3 || strings.Trim(fields[2], "0123456789abcdef") != "" {
			return nil, fmt.Errorf("%s:%d: not a line of a baseline: write the file with tenantvet -write-baseline, and resolve conflicts of a merge by keeping the lines of both sides", name, i+1)
		}
		b.entries = append(b.entries, entry{Key{fields[0], fields[1], fields[2]}, i + 1})
	}
	b.sort()
	return b, nil
}

// Read reads the file of that name; shown is what messages call it.
func Read(name, shown string) (*Baseline, error) {
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no baseline %s: tenantvet -write-baseline %s ./... makes one", shown, shown)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the baseline: %w", err)
	}
	return Parse(shown, data)
}

// New returns those of the findings of a package that the file does not know, in
// their order. It is for drivers that see one package at a time.
func New(name, shown string, found []report.Finding) ([]report.Finding, error) {
	if len(found) == 0 {
		return found, nil
	}
	base, err := Read(name, shown)
	if err != nil {
		return nil, err
	}
	keys, err := Keys(found)
	if err != nil {
		return nil, err
	}
	return base.unknown(keys, found), nil
}

// NewIn is [New] for a baseline that is given as text, where the code on the path of
// a finding cannot be read: its lines know findings by rule and declaration alone.
func NewIn(text, shown string, found []report.Finding) ([]report.Finding, error) {
	base, err := Parse(shown, []byte(text))
	if err != nil {
		return nil, err
	}
	for i := range base.entries {
		base.entries[i].key.Code = ""
	}
	keyer, keys := NewKeyer(), make([]Key, len(found))
	for i, f := range found {
		if keys[i], _, err = keyer.declaration(f); err != nil {
			return nil, err
		}
	}
	return base.unknown(keys, found), nil
}

// unknown returns the findings that b does not know, by their keys.
func (b *Baseline) unknown(keys []Key, found []report.Finding) []report.Finding {
	m := b.Match(keys, func(Key) bool { return false })
	var out []report.Finding
	for i, f := range found {
		if !m.Known[i] {
			out = append(out, f)
		}
	}
	return out
}

// Format returns the text of the file: sorted, the same for the same findings.
func (b *Baseline) Format() []byte {
	var out bytes.Buffer
	out.WriteString(header)
	for _, e := range b.entries {
		fmt.Fprintln(&out, e.key)
	}
	return out.Bytes()
}

// A Match says what a baseline knows of findings.
type Match struct {
	Known []bool // of each finding
	// Kept is the baseline without the lines that no finding needs.
	Kept *Baseline
	// Stale are those, in the order of the file.
	Stale []Stale
}

// A Stale is a line of a baseline that takes nothing out.
type Stale struct {
	Line int
	Key  Key
}

// Match compares findings, by their keys, with the baseline. If a key is there n
// times, the first n findings that have it are known. judged reports whether a
// finding with the key would have been found, were it there: other lines are kept
// as they are.
func (b *Baseline) Match(keys []Key, judged func(Key) bool) Match {
	m := Match{Known: make([]bool, len(keys)), Kept: &Baseline{Name: b.Name}}
	left := map[Key]int{}
	for _, e := range b.entries {
		left[e.key]++
	}
	used := map[Key]int{}
	for i, k := range keys {
		if used[k] < left[k] {
			used[k]++
			m.Known[i] = true
		}
	}
	for _, e := range b.entries {
		switch {
		case used[e.key] > 0:
			used[e.key]--
		case judged(e.key):
			m.Stale = append(m.Stale, Stale{e.line, e.key})
			continue
		}
		m.Kept.entries = append(m.Kept.entries, e)
	}
	slices.SortFunc(m.Stale, func(x, y Stale) int { return x.Line - y.Line })
	return m
}

// With returns the baseline and the keys of those findings that m, which is a
// match of the same keys, does not know.
func (b *Baseline) With(keys []Key, m Match) *Baseline {
	out := &Baseline{Name: b.Name, entries: slices.Clone(b.entries)}
	for i, k := range keys {
		if !m.Known[i] {
			out.entries = append(out.entries, entry{key: k})
		}
	}
	out.sort()
	return out
}
