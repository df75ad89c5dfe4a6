// Package plugins calls code that is loaded at run time.
package plugins

import (
	"net/http"
	"plugin"
)

// Hosts runs plugins.
type Hosts struct{ p *plugin.Plugin }

// Run passes a raw id to a function that is not there while tenantvet looks. It
// is not reported.
//
// case: limits/plugin limit
func (h *Hosts) Run(w http.ResponseWriter, r *http.Request) {
	sym, err := h.p.Lookup("Evict")
	if err != nil {
		http.NotFound(w, r)
		return
	}
	if evict, ok := sym.(func(key string)); ok {
		evict("row:" + r.PathValue("row"))
	}
}
