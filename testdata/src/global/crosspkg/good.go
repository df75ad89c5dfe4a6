package crosspkg

import (
	"net/http"
	"strings"

	"corpus/global/crosspkg/registry"
)

// case: crosspkg/foreign-map-in-init clean
func init() {
	registry.Formats["upper"] = strings.ToUpper
	registry.Formats["lower"] = strings.ToLower
}

// Show reads it.
//
// case: crosspkg/foreign-map-read clean
func Show(w http.ResponseWriter, r *http.Request) {
	if f, ok := registry.Formats[r.FormValue("format")]; ok {
		_, _ = w.Write([]byte(f(r.FormValue("text"))))
	}
}
