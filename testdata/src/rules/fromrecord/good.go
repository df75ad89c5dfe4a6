package fromrecord

import (
	"net/http"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Print takes the tenant from the scope and only the id from the record.
//
// case: fromrecord/id-only clean
func (h *Reports) Print(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	rep, err := h.find(r.Context(), r.PathValue("report"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write([]byte(h.rdb.Get(r.Context(), sc.Tenant()+":"+sc.Env().String()+":"+rep.ID).Val()))
}
