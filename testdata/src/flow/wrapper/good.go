package wrapper

import (
	"context"
	"net/http"

	"corpus/keyenc"
	"corpus/store"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Pages serves pages.
type Pages struct{ cache *store.Cache }

// Show passes a scoped key to the wrapper.
//
// case: wrapper/scoped-load clean
func (p *Pages) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	b, _ := p.cache.Load(r.Context(), keyenc.Scoped(sc, "page", r.PathValue("page")))
	_, _ = w.Write(b)
}

// ByKey passes a key on that it was given, and no caller is in sight.
//
// case: wrapper/passed-on clean
func (p *Pages) ByKey(ctx context.Context, key string) ([]byte, error) {
	return p.cache.Load(ctx, "page:"+key)
}
