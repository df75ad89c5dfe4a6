// Package options carries the scope in options and reads it back.
package options

import (
	"context"
	"net/http"

	"github.com/redis/go-redis/v9"
)

type lookup struct {
	org, env string
	id       string
}

type option func(*lookup)

func inOrg(org, env string) option {
	return func(l *lookup) { l.org, l.env = org, env }
}

// Terms serves terms.
type Terms struct{ rdb *redis.Client }

func (t *Terms) find(ctx context.Context, id string, opts ...option) string {
	l := lookup{id: id}
	for _, o := range opts {
		o(&l)
	}
	key := "term:" + l.id
	return t.rdb.Get(ctx, key).Val() // want `cache key has no tenant`
}

// Show passes options that find never reads back.
//
// case: options/not-read-back
func (t *Terms) Show(w http.ResponseWriter, r *http.Request) {
	_, _ = w.Write([]byte(t.find(r.Context(), r.PathValue("term"), inOrg(r.Host, "prod"))))
}
