package topic

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	"github.com/segmentio/kafka-go"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

const audit = "audit"

// Halls broadcasts to halls.
type Halls struct {
	rdb    *redis.Client
	writer *kafka.Writer
}

// Say publishes within the scope.
//
// case: topic/channel-scoped clean
func (h *Halls) Say(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	h.rdb.Publish(r.Context(), sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("hall"), r.FormValue("text"))
}

// Audit writes to the one topic that all share: the consumer reads the tenant
// from the message.
//
// case: topic/constant clean
func (h *Halls) Audit(w http.ResponseWriter, r *http.Request) {
	err := h.writer.WriteMessages(r.Context(), kafka.Message{Topic: audit, Value: []byte(r.FormValue("text"))})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
	h.rdb.Publish(r.Context(), audit, "written")
}
