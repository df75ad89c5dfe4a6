package sprintf

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Budgets counts money.
type Budgets struct{ rdb *redis.Client }

// Show formats tenant and environment first.
//
// case: sprintf/scoped clean
func (b *Budgets) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := fmt.Sprintf("budget:%s:%s:%s", sc.Tenant(), sc.Env(), r.PathValue("project"))
	n, _ := b.rdb.Get(r.Context(), key).Result()
	fmt.Fprintln(w, n)
}

// Reset names the operands by index and quotes the tenant.
//
// case: sprintf/indexed-and-quoted clean
func (b *Budgets) Reset(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := fmt.Sprintf("budget:%[2]q:%[3]s:%[1]s", r.PathValue("project"), sc.Tenant(), sc.Env().String())
	b.rdb.Set(r.Context(), key, 0, time.Hour)
}

// Bump prints its parts one after the other.
//
// case: sprintf/sprint-scoped clean
func (b *Budgets) Bump(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := fmt.Sprint("budget:", sc.Tenant(), ":", sc.Env().String(), ":", strconv.Itoa(time.Now().Year()))
	b.rdb.Incr(r.Context(), key)
}
