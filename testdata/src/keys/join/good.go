package join

import (
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Notes keeps notes.
type Notes struct{ rdb *redis.Client }

// Save joins the scope and the parts of the path.
//
// case: join/literal-scoped clean
func (n *Notes) Save(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := strings.Join([]string{"note", sc.Tenant(), sc.Env().String(), r.PathValue("card")}, ":")
	n.rdb.Set(r.Context(), key, r.FormValue("text"), time.Hour)
}

// Load appends to the scope.
//
// case: join/appended-scoped clean
func (n *Notes) Load(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	parts := []string{"note", sc.Tenant(), sc.Env().String()}
	for _, name := range []string{"board", "card"} {
		parts = append(parts, r.PathValue(name))
	}
	text := n.rdb.Get(r.Context(), strings.Join(parts, "/"))
	_, _ = w.Write([]byte(text.Val()))
}

// Drop joins a path. (With ".." in the card, path.Join would climb out of the
// tenant; path.Base takes that away.)
//
// case: join/path clean
func (n *Notes) Drop(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	n.rdb.Del(r.Context(), path.Join("note", sc.Tenant(), sc.Env().String(), path.Base(r.PathValue("card"))))
}
