package pool

import (
	"bytes"
	"net/http"
	"sync"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render empties the buffer before use.
//
// case: pool/reset clean
func Render(w http.ResponseWriter, r *http.Request) {
	b := buffers.Get().(*bytes.Buffer)
	b.Reset()
	defer buffers.Put(b)
	b.WriteString(r.FormValue("text"))
	_, _ = w.Write(b.Bytes())
}
