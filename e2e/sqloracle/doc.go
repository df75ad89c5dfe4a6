// Package sqloracle holds no code but tests: it compares internal/sqlscope with
// what complete parsers of PostgreSQL, MySQL and SQLite make of the same text.
//
// Each of them builds the intermediate form of internal/sqlscope by a second
// way, which the same checker judges. The verdicts have to be equal on the
// project's corpus and on generated statements; above all, the scanner must
// never call a column restricted where the parser's tree says that it is not.
//
// On the regression suites that the parsers themselves are tested with, 995 of
// 1000 have to be equal. They are read from the modules that go.mod pins; those
// of others, such as src/test/regress/sql of PostgreSQL or mysql-test of MariaDB,
// from a directory:
//
//	go test -run 'TestSuite$' -v -suite DIR -dialect mysql
//
// docs/evidence.md has the figures.
package sqloracle
