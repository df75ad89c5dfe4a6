package params

import (
	"context"
	"net/http"

	"corpus/store"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Images serves images.
type Images struct{ cache *store.Cache }

// Show fills all fields.
//
// case: params/filled clean
func (i *Images) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	b, _ := i.cache.Find(r.Context(), store.Params{
		TenantID: sc.Tenant(),
		EnvID:    sc.Env().String(),
		ID:       r.PathValue("image"),
	})
	_, _ = w.Write(b)
}

// Head fills them one by one, and passes the struct on by pointer first.
//
// case: params/through-pointer clean
func (i *Images) Head(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	p := new(store.Params)
	p.ID = r.PathValue("image")
	p.TenantID = sc.Tenant()
	p.EnvID = sc.Env().String()
	if err := i.head(r.Context(), p); err != nil {
		http.NotFound(w, r)
	}
}

func (i *Images) head(ctx context.Context, p *store.Params) error {
	_, err := i.cache.Find(ctx, *p)
	return err
}
