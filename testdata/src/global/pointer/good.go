package pointer

import "net/http"

// Local changes a value of its own.
//
// case: pointer/own-value clean
func Local(w http.ResponseWriter, r *http.Request) {
	var own settings
	apply(&own, r.FormValue("theme"))
	_, _ = w.Write([]byte(own.theme))
}
