package sqlscope

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the verdicts of the corpus anew")

type corpusFile struct {
	name    string
	dialect Dialect
	sql     []string
}

func loadCorpus(t testing.TB) ([]corpusFile, *Schema) {
	t.Helper()
	var files []corpusFile
	for _, f := range []corpusFile{{"postgres", Postgres, nil}, {"mysql", MySQL, nil}, {"sqlite", SQLite, nil}} {
		data, err := os.ReadFile(filepath.Join("testdata", f.name+".sql"))
		if err != nil {
			t.Fatal(err)
		}
		for s := range strings.SplitSeq(string(data), ";\n") {
			if s = strings.TrimSpace(s); s != "" {
				f.sql = append(f.sql, s)
			}
		}
		files = append(files, f)
	}
	data, err := os.ReadFile("testdata/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	var s Schema
	s.ReadDDL("schema.sql", string(data), Postgres)
	return files, &s
}

// The verdicts on the corpus are what testdata/verdicts.golden says; run with
// -update to write it, and read the difference.
func TestCorpus(t *testing.T) {
	files, schema := loadCorpus(t)
	var b strings.Builder
	for _, f := range files {
		fmt.Fprintf(&b, "# %s\n", f.name)
		for _, sql := range f.sql {
			res := Scan(Plain(sql), Options{Dialect: f.dialect, Catalog: schema})
			if len(res.Statements) != 1 {
				t.Errorf("%d statements in %s", len(res.Statements), sql)
			}
			for _, s := range res.Statements {
				if s.Unparsed != "" {
					t.Errorf("%s: %s", s.Unparsed, sql)
				}
			}
			b.WriteString(strings.Join(strings.Fields(sql), " ") + "\n")
			for _, col := range []string{"tenant_id", "env_id"} {
				if v := verdicts(res, col); v != "" {
					fmt.Fprintf(&b, "\t%s\n", v)
				}
			}
		}
	}
	const golden = "testdata/verdicts.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != string(want) {
		g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
		for i := range g {
			if i >= len(w) || g[i] != w[i] {
				t.Fatalf("line %d:\n got %s\nwant %s\n(go test -run TestCorpus -update writes the file)", i+1, g[i], w[min(i, len(w)-1)])
			}
		}
		t.Fatal("the golden file has more lines")
	}
}
