package embedded

import (
	"net/http"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

type scoped struct {
	tenant.Scope
	page
}

// Stacks serves stacks.
type Stacks struct{ base }

// Show takes the tenant from an embedded scope.
//
// case: embedded/scope clean
func (s *Stacks) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	q := scoped{Scope: sc, page: page{Board: r.PathValue("board"), Name: r.PathValue("stack")}}
	key := q.Tenant() + ":" + q.Env().String() + ":" + q.Board + ":" + q.Name
	_, _ = w.Write([]byte(s.Get(r.Context(), key).Val()))
}
