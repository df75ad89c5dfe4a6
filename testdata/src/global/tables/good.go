// Package tables has package-level state that is complete before the first
// request.
package tables

import (
	"fmt"
	"net/http"
	"strings"
)

var plural = map[string]string{"day": "days", "hour": "hours"}

// Plural reads an immutable table.
//
// case: tables/literal clean
func Plural(w http.ResponseWriter, r *http.Request) {
	_, _ = w.Write([]byte(plural[r.FormValue("unit")]))
}

var currencies = map[string]int{}

// case: tables/filled-in-init clean
func init() {
	for i, name := range strings.Fields("EUR USD CHF") {
		currencies[name] = i
	}
}

var codecs = map[string]func(any) string{}

func addCodec(name string, f func(any) string) { codecs[name] = f }

// case: tables/init-helper clean
func init() {
	addCodec("text", func(v any) string { return fmt.Sprint(v) })
	addCodec("go", func(v any) string { return fmt.Sprintf("%#v", v) })
}

func buildSquares(n int) map[int]int {
	m := make(map[int]int, n)
	for i := range n {
		m[i] = i * i
	}
	return m
}

var squares = buildSquares(16)

// Lookup reads all of them.
//
// case: tables/package-level-initialiser clean
func Lookup(w http.ResponseWriter, r *http.Request) {
	_, known := currencies[r.FormValue("currency")]
	text := codecs["text"](squares[int(r.ContentLength)%16])
	_, _ = fmt.Fprintln(w, known, text)
}

type locale struct{ names map[string]string }

var locales = []locale{
	{names: map[string]string{"hello": "hello"}},
	{names: map[string]string{"hello": "hallo"}},
}

// Hello reads a table of structs with maps.
//
// case: tables/structs-with-maps clean
func Hello(w http.ResponseWriter, r *http.Request) {
	_, _ = w.Write([]byte(locales[int(r.ContentLength)&1].names["hello"]))
}
