// Package record holds what is kept of the analysis of a package between runs, and
// the store where it is kept.
//
// A record is kept under a digest of everything that the analysis depends on: the
// package's files, and of each import its [Record.Deep], which changes with what
// importers can see and not with the rest.
package record

import (
	"go/ast"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/light"
	"github.com/tenantvet/tenantvet/internal/report"
)

// Record is what is kept of a package. It is read only once it is made.
type Record struct {
	API      string   // digest of what importers see of the source
	Paths    []string // imports that its API leads to, as written
	Findings []report.Finding
	TakenOut []report.TakenOut
	Facts    []byte // those about the package, as [driver.File.Encode] writes them
	Tallies  []driver.Tally
}

// New makes the record of a unit that was analysed without failures. src has the text
// of each of its files; nameOf returns the package name behind an import path.
func New(u *driver.Unit, res *driver.Result, src map[*ast.File][]byte, nameOf func(path string) string) *Record {
	sel := light.Select(u.Files, nameOf)
	file := driver.File{Sections: []*driver.Section{res.Own}}
	return &Record{
		API: sel.Digest(u.Fset, u.Files, src), Paths: sel.Paths,
		Findings: res.Findings, TakenOut: res.TakenOut, Facts: file.Encode(), Tallies: res.Tallies,
	}
}

// Section returns the facts about the package of that path, nil if there are none.
// The error says that the record was not written by this tool.
func (r *Record) Section(path string) (*driver.Section, error) {
	f, err := driver.DecodeFile(r.Facts)
	if err != nil {
		return nil, err
	}
	for _, s := range f.Sections {
		if s.Path == path {
			return s, nil
		}
	}
	return nil, nil
}

// Deep is the digest of what importers may see of the package of that path: its API,
// the facts about it, and the same of the packages its API leads to. digest returns
// that of an import as written, "" if there is no such package.
func (r *Record) Deep(path string, digest func(path string) string) string {
	parts := []string{"deep", path, r.API, string(r.Facts)}
	for _, p := range r.Paths {
		if d := digest(p); d != "" {
			parts = append(parts, p, d)
		}
	}
	return driver.Hash(parts...)
}
