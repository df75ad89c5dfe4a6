package helper

import (
	"context"
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Threads serves threads.
type Threads struct{ rdb *redis.Client }

func threadKey(sc tenant.Scope, id string) string {
	return "thread:" + sc.Tenant() + ":" + sc.Env().String() + ":" + id
}

// Show hands the scope to the helper.
//
// case: helper/scope-parameter clean
func (t *Threads) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	body := t.rdb.Get(r.Context(), threadKey(sc, r.PathValue("thread")))
	_, _ = w.Write([]byte(body.Val()))
}

// key reads the scope itself.
//
// case: helper/scope-from-context clean
func (t *Threads) key(ctx context.Context, id string) (string, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return "", err
	}
	return threadKey(sc, id), nil
}

// Drop has the key and an error from a helper.
//
// case: helper/result-and-error clean
func (t *Threads) Drop(w http.ResponseWriter, r *http.Request) {
	key, err := t.key(r.Context(), r.PathValue("thread"))
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	t.rdb.Del(r.Context(), key)
}

// Rename does as it is told with tenant and environment as plain strings.
//
// case: helper/plain-strings clean
func (t *Threads) Rename(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	t.rename(r.Context(), sc.Tenant(), sc.Env().String(), r.PathValue("thread"), r.FormValue("name"))
}

func (t *Threads) rename(ctx context.Context, org, env, id, name string) {
	t.rdb.Set(ctx, org+":"+env+":"+id, name, 0)
}
