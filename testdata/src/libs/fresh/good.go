package fresh

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
)

// Tickets keeps one-time tickets.
type Tickets struct{ rdb *redis.Client }

// Issue keeps something under an id that it has just made, which nobody else
// can have.
//
// case: fresh/new-uuid clean
func (t *Tickets) Issue(w http.ResponseWriter, r *http.Request) {
	id := uuid.NewString()
	t.rdb.Set(r.Context(), "ticket:"+id, r.FormValue("for"), time.Minute)
	_, _ = w.Write([]byte(id))
}
