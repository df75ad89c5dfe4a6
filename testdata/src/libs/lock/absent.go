package lock

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Quotes keeps offers.
type Quotes struct{ rdb *redis.Client }

// Offer fills an entry that is read below: it is no lock.
//
// case: lock/absent-and-read
func (q *Quotes) Offer(w http.ResponseWriter, r *http.Request) {
	q.rdb.SetNX(r.Context(), "quote:"+r.PathValue("item"), r.FormValue("price"), time.Hour) // want `cache key has no tenant and no env: it is made of Request\.PathValue\("item"\) and "quote:" alone`
}

// Quote reads what Offer has kept.
//
// case: lock/absent-read-back
func (q *Quotes) Quote(w http.ResponseWriter, r *http.Request) {
	fmt.Fprint(w, q.rdb.Get(r.Context(), "quote:"+r.PathValue("item")).Val()) // want `cache key has no tenant and no env`
}

// Claim takes a key that says nothing of what it is for: it may be either.
//
// case: lock/absent-unknown
func (q *Quotes) Claim(w http.ResponseWriter, r *http.Request) {
	q.rdb.SetNX(r.Context(), r.PathValue("item"), "1", time.Hour) // want `^key has no tenant and no env`
}

// OfferScoped fills an entry of the caller's.
//
// case: lock/absent-and-read-scoped clean
func (q *Quotes) OfferScoped(ctx context.Context, item, price string) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	return q.rdb.SetNX(ctx, "offer:"+sc.Tenant()+":"+sc.Env().String()+":"+item, price, time.Hour).Err()
}

// QuoteScoped reads it.
//
// case: lock/absent-read-back-scoped clean
func (q *Quotes) QuoteScoped(ctx context.Context, item string) (string, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return "", err
	}
	return q.rdb.Get(ctx, "offer:"+sc.Tenant()+":"+sc.Env().String()+":"+item).Result()
}

// ClaimScoped takes a key of the caller's.
//
// case: lock/absent-unknown-scoped clean
func (q *Quotes) ClaimScoped(ctx context.Context, item string) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	return q.rdb.SetNX(ctx, sc.Tenant()+":"+sc.Env().String()+":"+item, "1", time.Hour).Err()
}
