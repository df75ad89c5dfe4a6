package slice

import "net/http"

var plugins []func(string) string

// RegisterPlugin is called from init only.
func registerPlugin(f func(string) string) { plugins = append(plugins, f) }

// case: slice/append-in-init clean
func init() {
	registerPlugin(func(s string) string { return s + "!" })
}

// Run reads the list.
//
// case: slice/read clean
func Run(w http.ResponseWriter, r *http.Request) {
	text := r.FormValue("text")
	for _, p := range plugins {
		text = p(text)
	}
	_, _ = w.Write([]byte(text))
}
