// Package jobs hands work to the background.
package jobs

import (
	"encoding/json"
	"net/http"

	"github.com/redis/go-redis/v9"
)

type payload struct {
	Export string
	Rows   int
}

// Intake takes jobs in.
type Intake struct{ rdb *redis.Client }

// Accept files a job under the id in the body.
//
// case: jobs/decoded-body
func (j *Intake) Accept(w http.ResponseWriter, r *http.Request) {
	var p payload
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	j.rdb.Set(r.Context(), "export:"+p.Export, p.Rows, 0) // want `cache key has no tenant and no env`
}
