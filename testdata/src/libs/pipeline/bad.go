// Package pipeline sends redis commands in pipelines.
package pipeline

import (
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
)

// Scores counts scores.
type Scores struct{ rdb *redis.Client }

// Add queues commands on a pipeline.
//
// case: pipeline/queued
func (s *Scores) Add(w http.ResponseWriter, r *http.Request) {
	key := "score:" + r.PathValue("player")
	pipe := s.rdb.Pipeline()
	pipe.Incr(r.Context(), key) // want `cache key has no tenant and no env`
	pipe.Expire(r.Context(), key, time.Hour)
	if _, err := pipe.Exec(r.Context()); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// Clear queues them in a callback.
//
// case: pipeline/callback
func (s *Scores) Clear(w http.ResponseWriter, r *http.Request) {
	_, err := s.rdb.TxPipelined(r.Context(), func(p redis.Pipeliner) error {
		p.Del(r.Context(), "score:"+r.PathValue("player")) // want `cache key has no tenant and no env`
		return nil
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
