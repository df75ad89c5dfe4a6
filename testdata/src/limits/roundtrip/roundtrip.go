// Package roundtrip sends a key through an encoding and a queue.
package roundtrip

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/redis/go-redis/v9"
)

type task struct {
	Key string `json:"key"`
}

// Queue hands tasks to workers.
type Queue struct {
	rdb  *redis.Client
	push func(ctx context.Context, body []byte) error
}

// Accept encodes an unscoped key and is not reported.
//
// case: limits/roundtrip-encode limit
func (q *Queue) Accept(w http.ResponseWriter, r *http.Request) {
	body, err := json.Marshal(task{Key: "row:" + r.PathValue("row")})
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := q.push(r.Context(), body); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
}

// Work decodes it elsewhere and is not reported: the body is its caller's, and
// no caller is in sight.
//
// case: limits/roundtrip-decode limit
func (q *Queue) Work(ctx context.Context, body []byte) error {
	var t task
	if err := json.Unmarshal(body, &t); err != nil {
		return err
	}
	return q.rdb.Del(ctx, t.Key).Err()
}
