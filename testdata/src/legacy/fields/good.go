package fields

import (
	"context"
	"net/http"

	"corpus/legacy/auth"

	"github.com/redis/go-redis/v9"
)

// Markets serves markets.
type Markets struct{ rdb *redis.Client }

// Show uses the fields that are dimensions.
//
// case: fields/principal clean
func (m *Markets) Show(w http.ResponseWriter, r *http.Request) {
	p := auth.FromContext(r.Context())
	if p == nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	_, _ = w.Write([]byte(m.rdb.Get(r.Context(), p.OrgID+":"+p.EnvID+":"+r.PathValue("market")).Val()))
}

// Drop is handed the principal.
//
// case: fields/principal-parameter clean
func (m *Markets) Drop(ctx context.Context, p *auth.Principal, id string) error {
	return m.rdb.Del(ctx, p.OrgID+":"+p.EnvID+":"+id).Err()
}
