package branches

import (
	"net/http"

	"corpus/legacy/auth"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Sheets serves sheets.
type Sheets struct{ rdb *redis.Client }

// Both has the scope on both paths.
//
// case: branches/both clean
func (s *Sheets) Both(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Tenant() + ":" + sc.Env().String() + ":all"
	if id := r.PathValue("sheet"); id != "" {
		key = sc.Tenant() + ":" + sc.Env().String() + ":one:" + id
	}
	_, _ = w.Write([]byte(s.rdb.Get(r.Context(), key).Val()))
}

// Refused returns where there is no tenant.
//
// case: branches/refused clean
func (s *Sheets) Refused(w http.ResponseWriter, r *http.Request) {
	org, env := auth.TenantID(r.Context()), auth.EnvironmentID(r.Context())
	if org == "" || env == "" {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	_, _ = w.Write([]byte(s.rdb.Get(r.Context(), org+":"+env+":"+r.PathValue("sheet")).Val()))
}

// Suffix may lack a part that is no dimension.
//
// case: branches/optional-suffix clean
func (s *Sheets) Suffix(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("sheet")
	if lang := r.FormValue("lang"); lang != "" {
		key += ":" + lang
	}
	_, _ = w.Write([]byte(s.rdb.Get(r.Context(), key).Val()))
}
