package invoice

import (
	"database/sql"
	"net/http"

	"github.com/tenantvet/tenantvet/examples/service/internal/store"
	"github.com/tenantvet/tenantvet/examples/service/internal/web"
)

// Currency is one in which there are invoices. The table has no tenant: it is
// the same for everybody, so that its route is public.
type Currency struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// ServeCurrencies serves the currencies.
func ServeCurrencies(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		rows, err := db.QueryContext(r.Context(), `SELECT code, name FROM currencies ORDER BY code`)
		all, err := store.List(rows, err, func(r *sql.Rows, c *Currency) error { return r.Scan(&c.Code, &c.Name) })
		web.Reply(w, http.StatusOK, all, err)
	}
}
