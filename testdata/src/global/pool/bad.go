// Package pool keeps objects for reuse.
package pool

import (
	"net/http"
	"sync"
)

type job struct {
	user string
	rows []string
}

var jobs = sync.Pool{New: func() any { return new(job) }}

// Run gives a job back with the user's rows in it.
//
// case: pool/retains
func Run(w http.ResponseWriter, r *http.Request) {
	j := jobs.Get().(*job)
	defer jobs.Put(j) // want `package-level pool jobs gets an object back that still holds Request\.FormValue\("user"\) \(from the request\): the next request finds it`
	j.user = r.FormValue("user")
	j.rows = append(j.rows, r.Form["row"]...)
	for _, row := range j.rows {
		_, _ = w.Write([]byte(row))
	}
}
