package sqloracle

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

var (
	suiteDir     = flag.String("suite", "", "compare on the statements of the .sql and .test files beneath this directory, too")
	suiteDialect = flag.String("dialect", "postgres", "the dialect of -suite: postgres, mysql or sqlite")
)

// TestSuites compares on what the parsers themselves are tested with: the
// regression suites of PostgreSQL and SQLite, and TiDB's. They are read from
// the modules that go.mod pins.
func TestSuites(t *testing.T) {
	for _, s := range []struct{ dialect, module, dir string }{
		{"postgres", "github.com/sqlc-dev/oliphant", "parser/testdata/parse"},
		{"mysql", "github.com/sqlc-dev/marino", "parser/testdata"},
		{"sqlite", "github.com/sqlc-dev/meyer", "parser/testdata"},
	} {
		t.Run(s.dialect, func(t *testing.T) {
			root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", s.module).Output()
			if err != nil {
				t.Fatal(err)
			}
			sc := compareDir(t, dialectNamed(t, s.dialect), filepath.Join(strings.TrimSpace(string(root)), s.dir))
			t.Log(sc)
			if sc.unsafe > 0 || sc.statements < 500 || 1000*sc.differ > 5*sc.statements {
				t.Errorf("%s: more than 5 of 1000 differ, something is unsafe, or few were compared", sc)
			}
		})
	}
}

// TestSuite compares on a directory of the caller's, and tells every difference:
//
//	go test -run 'TestSuite$' -v -suite DIR -dialect mysql
func TestSuite(t *testing.T) {
	if *suiteDir == "" {
		t.Skip("reads the directory that -suite names; TestSuites reads those that come with the parsers")
	}
	sc := compareDir(t, dialectNamed(t, *suiteDialect), *suiteDir)
	t.Log(sc)
	if sc.unsafe > 0 {
		t.Errorf("%d unsafe", sc.unsafe)
	}
}

func dialectNamed(t *testing.T, name string) dialect {
	t.Helper()
	all := dialects()
	i := slices.IndexFunc(all, func(d dialect) bool { return d.name == name })
	if i < 0 {
		t.Fatalf("no dialect is called %q", name)
	}
	return all[i]
}

// A score counts the statements of a suite, each text once. Those that the
// parser rejects, and those without a table, are in no other count.
type score struct {
	statements, verdicts     int
	differ, unparsed, unsafe int
	rejected                 int
}

func (s score) String() string {
	equal := 100.0
	if s.statements > 0 {
		equal = 100 * float64(s.statements-s.differ) / float64(s.statements)
	}
	return fmt.Sprintf("%d statements, %d verdicts: %.2f %% equal; %d differ, of which the scanner does not understand %d; %d unsafe; the parser rejects %d more",
		s.statements, s.verdicts, equal, s.differ, s.unparsed, s.unsafe, s.rejected)
}

func compareDir(t *testing.T, d dialect, dir string) score {
	t.Helper()
	var sc score
	seen := map[string]bool{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if ext := filepath.Ext(path); err != nil || e.IsDir() || ext != ".sql" && ext != ".test" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, sql := range split(d, string(data)) {
			if !seen[sql] {
				seen[sql] = true
				sc.add(t, d, sql)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

// word finds what may be a column.
var word = regexp.MustCompile(`[\pL_][\pL\pN_$]*`)

// add compares on one statement, for every word in it that may be a column.
func (s *score) add(t *testing.T, d dialect, sql string) {
	t.Helper()
	if !utf8.ValidString(sql) {
		return
	}
	words := word.FindAllString(strings.ToLower(sql), -1)
	slices.Sort(words)
	diffs, n, ok := compare(d, sql, nil, slices.Compact(words))
	switch {
	case !ok:
		s.rejected++
		return
	case n == 0 && len(diffs) == 0:
		return // nothing that is judged
	}
	s.statements++
	s.verdicts += n
	if len(diffs) == 0 {
		return
	}
	s.differ++
	t.Log(sql)
	for _, x := range diffs {
		t.Logf("\t%s (unsafe: %v)", x.what, x.unsafe)
		if x.unsafe {
			s.unsafe++
		}
		if strings.HasPrefix(x.what, "unparsed") {
			s.unparsed++
		}
	}
}

// split returns the statements of a file: what the semicolons outside of
// quotes, comments and parentheses separate. In what the parsers are tested
// with, a line stands before each, and another before what is expected of it.
func split(d dialect, text string) []string {
	var list []string
	var part strings.Builder
	golden, expected := strings.HasPrefix(text, "=="), false
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case golden && strings.HasPrefix(line, "=="), line == "-- case":
			list = append(list, splitStatements(d, part.String())...)
			part.Reset()
			expected = false
			continue
		case golden && (line == "--" || line == "----"):
			expected = true
		case golden:
			line = strings.TrimPrefix(line, "|")
		}
		if !expected && !command(line) {
			part.WriteString(line + "\n")
		}
	}
	return append(list, splitStatements(d, part.String())...)
}

// command reports whether a line is a comment, or meant for the program that
// runs the statements: psql, mysqltest.
func command(line string) bool {
	return strings.HasPrefix(line, `\`) || strings.HasPrefix(line, "--") || strings.HasPrefix(line, "#")
}

func splitStatements(d dialect, text string) []string {
	var list []string
	depth, start := 0, 0
	for i := 0; i < len(text); {
		n := opaque(d, text[i:])
		if n == 0 {
			n = 1
			switch text[i] {
			case '(':
				depth++
			case ')':
				depth--
			}
			if text[i] == ';' && depth <= 0 {
				list = append(list, text[start:i])
				start, depth = i+1, 0
			}
		}
		i += n
	}
	list = append(list, text[start:])
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

var dollarQuote = regexp.MustCompile(`^\$[\pL_]*\$`)

// opaque returns how long the quoted text or comment is that text begins with,
// 0 if it begins with neither.
func opaque(d dialect, text string) int {
	to := func(open int, end string) int {
		if i := strings.Index(text[open:], end); i >= 0 {
			return open + i + len(end)
		}
		return len(text)
	}
	switch c := text[0]; {
	case c == '\'' || c == '"' || c == '`':
		for i := 1; i < len(text); i++ {
			switch {
			case text[i] == '\\' && d.name == "mysql":
				i++
			case text[i] == c:
				return i + 1
			}
		}
		return len(text)
	case strings.HasPrefix(text, "--") && (d.name != "mysql" || len(text) == 2 || text[2] <= ' '):
		return to(2, "\n")
	case strings.HasPrefix(text, "/*"):
		return to(2, "*/")
	case c == '$' && d.name == "postgres":
		if q := dollarQuote.FindString(text); q != "" {
			return to(len(q), q)
		}
	}
	return 0
}
