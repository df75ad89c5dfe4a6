// Package topic publishes messages.
package topic

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	"github.com/segmentio/kafka-go"
)

// Rooms broadcasts to rooms.
type Rooms struct {
	rdb    *redis.Client
	writer *kafka.Writer
}

// Say publishes to whoever listens to a room of that name.
//
// case: topic/channel
func (s *Rooms) Say(w http.ResponseWriter, r *http.Request) {
	s.rdb.Publish(r.Context(), "room:"+r.PathValue("room"), r.FormValue("text")) // want `topic key has no tenant and no env`
}

// Log writes to a topic by the name of the room.
//
// case: topic/kafka
func (s *Rooms) Log(w http.ResponseWriter, r *http.Request) {
	err := s.writer.WriteMessages(r.Context(), kafka.Message{ // want `topic key has no tenant and no env`
		Topic: "room." + r.PathValue("room"),
		Value: []byte(r.FormValue("text")),
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
