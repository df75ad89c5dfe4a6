// Package sqloracle holds no code but tests: it compares internal/sqlscope with
// what complete parsers of PostgreSQL, MySQL and SQLite make of the same text.
//
// Each of them builds the intermediate form of internal/sqlscope by a second
// way, which the same checker judges. The verdicts have to be equal on the
// project's corpus and on generated statements; above all, the scanner must
// never call a column restricted where the parser's tree says that it is not.
package sqloracle
