package goroutine

import (
	"context"
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
	"golang.org/x/sync/errgroup"
)

// Lists warms lists.
type Lists struct{ rdb *redis.Client }

// Warm writes in the background within the scope of who asked.
//
// case: goroutine/go-statement-scoped clean
func (l *Lists) Warm(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	go l.warm(context.WithoutCancel(r.Context()), sc, r.PathValue("list"))
	w.WriteHeader(http.StatusAccepted)
}

func (l *Lists) warm(ctx context.Context, sc tenant.Scope, id string) {
	l.rdb.Set(ctx, sc.Tenant()+":"+sc.Env().String()+":"+id, "warm", 0)
}

// All writes in a group of goroutines that share the scope.
//
// case: goroutine/errgroup-scoped clean
func (l *Lists) All(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	g, ctx := errgroup.WithContext(r.Context())
	for _, id := range r.URL.Query()["list"] {
		g.Go(func() error {
			return l.rdb.Set(ctx, sc.Tenant()+":"+sc.Env().String()+":"+id, "warm", 0).Err()
		})
	}
	if err := g.Wait(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
