package once

import (
	"net/http"
	"os"
	"sync"
)

// version is the same for every request, whoever comes first.
var version = sync.OnceValue(func() string { return os.Getenv("VERSION") })

// Version shows a value that is made once, of nothing from a request.
//
// case: once/configuration clean
func Version(w http.ResponseWriter, r *http.Request) {
	_, _ = w.Write([]byte(version()))
}
