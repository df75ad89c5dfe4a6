package record

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/report"
)

func TestUserCacheDir(t *testing.T) {
	env := map[string]string{}
	getenv := func(name string) string { return env[name] }
	if got := UserCacheDir(getenv); got != "" {
		t.Errorf("without a home: %q", got)
	}
	env["HOME"], env["LocalAppData"] = "/home/u", `C:\u`
	if got := UserCacheDir(getenv); got == "" {
		t.Error("with a home: none")
	}
}

func TestDir(t *testing.T) {
	abs := filepath.Join(t.TempDir(), "c")
	for value, want := range map[string]string{"off": "", abs: abs} {
		got, err := Dir(func(name string) string {
			if name == EnvVar {
				return value
			}
			return ""
		})
		if err != nil || got != want {
			t.Errorf("%s=%s: %q, %v", EnvVar, value, got, err)
		}
	}
	if _, err := Dir(func(string) string { return "cache" }); err == nil || !strings.Contains(err.Error(), "absolute") {
		t.Errorf("a relative directory: %v", err)
	}
}

// TestStore: what is put is what is got, under its own key alone, by whoever opens the
// store next.
func TestStore(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	rec := &Record{
		API: "a", Paths: []string{"p"}, Findings: []report.Finding{{Package: "p", Message: "m", Pos: report.Pos{File: "f.go", Line: 1, Col: 2}}},
		Facts:   driver.File{Sections: []*driver.Section{{Path: "p", Entries: []driver.Entry{{Object: "F", Type: "t", Data: "d"}}}}}.Encode(),
		Tallies: []driver.Tally{{Analyzer: "x", Lines: []string{"l"}}},
	}
	s.Put("k", rec)
	if s, err = Open(dir); err != nil {
		t.Fatal(err)
	}
	if got := s.Get("k"); !reflect.DeepEqual(got, rec) {
		t.Errorf("got %+v", got)
	}
	if got := s.Get("other"); got != nil {
		t.Errorf("under another key: %+v", got)
	}
	sec, err := rec.Section("p")
	if err != nil || sec == nil || len(sec.Entries) != 1 {
		t.Errorf("section %v, %v", sec, err)
	}
	if sec, err := rec.Section("q"); sec != nil || err != nil {
		t.Errorf("another package's section %v, %v", sec, err)
	}
	var none *Store
	none.Put("k", rec)
	none.Trim()
	if none.Get("k") != nil {
		t.Error("no store keeps something")
	}
}

// TestDeep: importers are asked again when the API, the facts, or what the API leads
// to change, and not when findings do.
func TestDeep(t *testing.T) {
	rec := Record{API: "a", Paths: []string{"p", "gone"}, Facts: []byte("f")}
	digests := func(d string) func(string) string {
		return func(path string) string {
			if path == "gone" {
				return ""
			}
			return d
		}
	}
	base := rec.Deep("m", digests("1"))
	same := rec
	same.Findings = []report.Finding{{Message: "m"}}
	if same.Deep("m", digests("1")) != base {
		t.Error("findings count")
	}
	api, facts := rec, rec
	api.API, facts.Facts = "b", []byte("g")
	for what, got := range map[string]string{
		"API": api.Deep("m", digests("1")), "facts": facts.Deep("m", digests("1")), "imports": rec.Deep("m", digests("2")), "path": rec.Deep("n", digests("1")),
	} {
		if got == base {
			t.Errorf("%s do not count", what)
		}
	}
}
