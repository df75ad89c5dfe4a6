//go:build unix

package isolation

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	_ "modernc.org/sqlite" // registers the driver

	tenant "github.com/tenantvet/tenantvet/runtime"
	"github.com/tenantvet/tenantvet/runtime/scopetest"
)

// repository is what orders and notes have in common.
type repository interface {
	Create(ctx context.Context, order Order) error
	Find(ctx context.Context, id string) (Order, error)
	Rename(ctx context.Context, id, note string) error
	Delete(ctx context.Context, id string) error
	All(ctx context.Context) ([]Order, error)
}

func records(orders []Order, err error) ([]scopetest.Record, error) {
	var all []scopetest.Record
	for _, o := range orders {
		all = append(all, scopetest.Record{ID: o.ID, Payload: o.Note})
	}
	return all, err
}

// feature hands a repository to the kit.
func feature(r repository) scopetest.Feature {
	return scopetest.Feature{
		Create: func(ctx context.Context, id, payload string) error {
			return r.Create(ctx, Order{ID: id, Note: payload})
		},
		Read: func(ctx context.Context, id string) (string, error) {
			o, err := r.Find(ctx, id)
			return o.Note, err
		},
		Update:   r.Rename,
		Delete:   r.Delete,
		List:     func(ctx context.Context) ([]scopetest.Record, error) { return records(r.All(ctx)) },
		NotFound: ErrNotFound,
	}
}

func draftFeature(d Drafts) scopetest.Feature {
	return scopetest.Feature{
		Create: func(ctx context.Context, id, payload string) error {
			return d.Create(ctx, Order{ID: id, Note: payload})
		},
		Read: func(ctx context.Context, id string) (string, error) {
			o, err := d.Find(ctx, id)
			return o.Note, err
		},
		Delete:     d.Delete,
		List:       func(ctx context.Context) ([]scopetest.Record, error) { return records(d.All(ctx)) },
		NotFound:   ErrNotFound,
		UserScoped: true,
	}
}

func ticketFeature(s Tickets) scopetest.Feature {
	return scopetest.Feature{
		Add: s.Open,
		Read: func(ctx context.Context, id string) (string, error) {
			o, err := s.Find(ctx, id)
			return o.Note, err
		},
		Update:   s.Rename,
		Delete:   s.Close,
		NotFound: ErrNotFound,
	}
}

// cache is what caches have in common.
type cache interface {
	Set(ctx context.Context, id, text string) error
	Get(ctx context.Context, id string) (string, error)
	Delete(ctx context.Context, id string) error
	All(ctx context.Context) ([]string, error)
}

func cacheFeature(c cache) scopetest.Feature {
	return scopetest.Feature{
		Create: c.Set,
		Read:   c.Get,
		Update: c.Set,
		Delete: c.Delete,
		List: func(ctx context.Context) ([]scopetest.Record, error) {
			texts, err := c.All(ctx)
			var all []scopetest.Record
			for _, text := range texts {
				all = append(all, scopetest.Record{Payload: text})
			}
			return all, err
		},
		NotFound: ErrNotFound,
	}
}

// lock is what locks have in common.
type lock interface {
	Acquire(ctx context.Context, name, token string) error
	Holder(ctx context.Context, name string) (string, error)
	Release(ctx context.Context, name, token string) error
}

// lockFeature has the token for a payload: who can see or release the lock of
// somebody else could as well work while it is held.
func lockFeature(l lock) scopetest.Feature {
	return scopetest.Feature{
		Create: l.Acquire,
		Read:   l.Holder,
		Delete: func(ctx context.Context, name string) error {
			token, err := l.Holder(ctx, name)
			if err != nil {
				return err
			}
			return l.Release(ctx, name, token)
		},
		NotFound: ErrNotFound,
	}
}

// broken runs the kit on a twin that is broken on purpose and demands that it
// finds these guarantees broken, and only those.
func broken(t *testing.T, name string, f scopetest.Feature, want string) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		violations, err := scopetest.CheckIsolation(t.Context(), t.Name(), f)
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, v := range violations {
			name := string(v.Guarantee)
			if v.Dimension != "" {
				name += "/" + string(v.Dimension)
			}
			if !slices.Contains(found, name) {
				found = append(found, name)
			}
		}
		for _, name := range strings.Fields(want) {
			if !slices.Contains(found, name) {
				t.Errorf("%s is not found broken", name)
			}
		}
		// What breaks when one comes after the other may as well break otherwise.
		for _, name := range found {
			if name != string(scopetest.Encoding) && name != string(scopetest.Concurrent) && !slices.Contains(strings.Fields(want), name) {
				t.Errorf("%s is found broken as well", name)
			}
		}
		if t.Failed() {
			for _, v := range violations[:min(len(violations), 5)] {
				t.Log(v)
			}
		}
	})
}

func execAll(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%v\n%s", err, statement)
		}
	}
}

// onSQL is what SQLite and PostgreSQL have in common.
func onSQL(t *testing.T, db *sql.DB) {
	t.Run("orders", func(t *testing.T) { scopetest.Isolation(t, feature(Orders{db})) })
	t.Run("drafts", func(t *testing.T) { scopetest.Isolation(t, draftFeature(Drafts{db})) })
	t.Run("tickets", func(t *testing.T) { scopetest.Isolation(t, ticketFeature(Tickets{db})) })
	for _, twin := range sqlTwins(db) {
		broken(t, twin.name, twin.feature, twin.want)
	}
}

func TestSQLite(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "db")
	db, err := sql.Open("sqlite", "file:"+file+"?_txlock=immediate&_pragma=busy_timeout(60000)&_pragma=journal_mode(wal)&_pragma=synchronous(off)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	execAll(t, db, Schema("INTEGER")...)
	onSQL(t, db)
}

func TestPostgreSQL(t *testing.T) {
	t.Parallel()
	db := postgres(t)
	execAll(t, db, Schema("BIGINT GENERATED ALWAYS AS IDENTITY")...)
	execAll(t, db, RowSchema()...)
	onSQL(t, db)
	t.Run("notes", func(t *testing.T) { scopetest.Isolation(t, feature(Notes{db})) })
	broken(t, "settings of a connection that is not one's own", feature(looseNotes{db}), "concurrent")
}

// onRedis is what a real server and the embedded one have in common.
func onRedis(t *testing.T, client *redis.Client) {
	t.Run("cache", func(t *testing.T) { scopetest.Isolation(t, cacheFeature(Cache{client})) })
	t.Run("lock", func(t *testing.T) { scopetest.Isolation(t, lockFeature(Lock{client})) })
	for _, twin := range redisTwins(client) {
		broken(t, twin.name, twin.feature, twin.want)
	}
}

func TestMiniredis(t *testing.T) {
	t.Parallel()
	client := redis.NewClient(&redis.Options{Addr: miniredis.RunT(t).Addr()})
	t.Cleanup(func() {
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	})
	onRedis(t, client)
}

func TestRedis(t *testing.T) {
	t.Parallel()
	onRedis(t, redisServer(t))
}

// twin is a part that is broken on purpose, and what the kit has to find.
type twin struct {
	name    string
	feature scopetest.Feature
	want    string
}

// envlessOrders forgets the environment where it reads.
type envlessOrders struct{ Orders }

func (o envlessOrders) Find(ctx context.Context, id string) (Order, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return Order{}, err
	}
	// The own one comes first, so that nobody notices.
	return scan(o.DB.QueryRowContext(ctx, `SELECT id, note FROM orders WHERE tenant = $1 AND id = $2 ORDER BY env = $3 DESC LIMIT 1`,
		sc.Tenant(), id, sc.Env().String()))
}

// deletingOrders forgets the tenant where it deletes.
type deletingOrders struct{ Orders }

func (o deletingOrders) Delete(ctx context.Context, id string) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	return one(o.DB.ExecContext(ctx, `DELETE FROM orders WHERE env = $1 AND id = $2`, sc.Env().String(), id))
}

// listingOrders lists without a condition.
type listingOrders struct{ Orders }

func (o listingOrders) All(ctx context.Context) ([]Order, error) {
	if _, err := tenant.FromContext(ctx); err != nil {
		return nil, err
	}
	return scanAll(o.DB.QueryContext(ctx, `SELECT id, note FROM orders`))
}

// overwritingOrders has a conflict clause that moves a row to whoever comes
// last, as an upsert on a key that is the id alone does.
type overwritingOrders struct{ Orders }

func (o overwritingOrders) Create(ctx context.Context, order Order) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	if _, err := o.DB.ExecContext(ctx, `UPDATE orders SET note = $1 WHERE id = $2`, order.Note, order.ID); err != nil {
		return err
	}
	_, err = o.DB.ExecContext(ctx, `INSERT INTO orders (tenant, env, id, note) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, env, id) DO NOTHING`,
		sc.Tenant(), sc.Env().String(), order.ID, order.Note)
	return err
}

// optionalOrders switches its own condition off where there is no scope.
type optionalOrders struct{ Orders }

func (o optionalOrders) All(ctx context.Context) ([]Order, error) {
	sc, _ := tenant.FromContext(ctx)
	return scanAll(o.DB.QueryContext(ctx, `SELECT id, note FROM orders WHERE ($1 = '' OR tenant = $1) AND ($2 = 'invalid' OR env = $2) ORDER BY id`,
		sc.Tenant(), sc.Env().String()))
}

func sqlTwins(db *sql.DB) []twin {
	orders := Orders{db}
	anyonesDrafts := draftFeature(Drafts{db})
	anyonesDrafts.Read = func(ctx context.Context, id string) (string, error) {
		sc, err := owner(ctx)
		if err != nil {
			return "", err
		}
		o, err := scan(db.QueryRowContext(ctx, `SELECT id, note FROM drafts WHERE tenant = $1 AND env = $2 AND id = $3 ORDER BY owner = $4 DESC LIMIT 1`,
			sc.Tenant(), sc.Env().String(), id, sc.User()))
		return o.Note, err
	}
	anyonesTickets := ticketFeature(Tickets{db})
	anyonesTickets.Update = func(ctx context.Context, id, note string) error {
		if _, err := tenant.FromContext(ctx); err != nil {
			return err
		}
		return one(db.ExecContext(ctx, `UPDATE tickets SET note = $1 WHERE CAST(id AS TEXT) = $2`, note, id))
	}
	return []twin{
		{"a read without the environment", feature(envlessOrders{orders}), "read/env update/env same-id/env existence/env"},
		{"a delete without the tenant", feature(deletingOrders{orders}), "delete/tenant same-id/tenant existence/tenant"},
		{"a list without a condition", feature(listingOrders{orders}), "list/tenant list/env empty/tenant empty/env same-id/tenant same-id/env"},
		{"a create that overwrites", feature(overwritingOrders{orders}), "create/tenant create/env same-id/tenant same-id/env"},
		{"a condition that switches itself off", feature(optionalOrders{orders}), "no-scope"},
		{"drafts of all users", anyonesDrafts, "read/user same-id/user existence/user"},
		{"tickets of all tenants", anyonesTickets, "update/tenant update/env existence/tenant existence/env"},
	}
}

// looseNotes sets the scope on one connection of the pool and asks on whichever
// comes next.
type looseNotes struct{ DB *sql.DB }

func (n looseNotes) set(ctx context.Context) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	_, err = n.DB.ExecContext(ctx, `SELECT set_config('app.tenant', $1, false), set_config('app.env', $2, false)`, sc.Tenant(), sc.Env().String())
	return err
}

func (n looseNotes) Create(ctx context.Context, note Order) error {
	if err := n.set(ctx); err != nil {
		return err
	}
	return one(n.DB.ExecContext(ctx, `INSERT INTO notes (id, note) VALUES ($1, $2)`, note.ID, note.Note))
}

func (n looseNotes) Find(ctx context.Context, id string) (Order, error) {
	if err := n.set(ctx); err != nil {
		return Order{}, err
	}
	return scan(n.DB.QueryRowContext(ctx, `SELECT id, note FROM notes WHERE id = $1`, id))
}

func (n looseNotes) Rename(ctx context.Context, id, text string) error {
	if err := n.set(ctx); err != nil {
		return err
	}
	return one(n.DB.ExecContext(ctx, `UPDATE notes SET note = $1 WHERE id = $2`, text, id))
}

func (n looseNotes) Delete(ctx context.Context, id string) error {
	if err := n.set(ctx); err != nil {
		return err
	}
	return one(n.DB.ExecContext(ctx, `DELETE FROM notes WHERE id = $1`, id))
}

func (n looseNotes) All(ctx context.Context) ([]Order, error) {
	if err := n.set(ctx); err != nil {
		return nil, err
	}
	return scanAll(n.DB.QueryContext(ctx, `SELECT id, note FROM notes ORDER BY id`))
}

// keyedCache is a cache whose keys are made by hand.
type keyedCache struct {
	client *redis.Client
	key    func(sc tenant.Scope, id string) string
	list   string // pattern, with the tenant in place of %s
}

func (c keyedCache) keyOf(ctx context.Context, id string) (string, error) {
	sc, err := tenant.FromContext(ctx)
	return c.key(sc, id), err
}

func (c keyedCache) Set(ctx context.Context, id, text string) error {
	key, err := c.keyOf(ctx, id)
	if err != nil {
		return err
	}
	return c.client.Set(ctx, key, text, lifetime).Err()
}

func (c keyedCache) Get(ctx context.Context, id string) (string, error) {
	key, err := c.keyOf(ctx, id)
	if err != nil {
		return "", err
	}
	return text(c.client.Get(ctx, key).Result())
}

func (c keyedCache) Delete(ctx context.Context, id string) error {
	key, err := c.keyOf(ctx, id)
	if err != nil {
		return err
	}
	return c.client.Del(ctx, key).Err()
}

func (c keyedCache) All(ctx context.Context) ([]string, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	return scanKeys(ctx, c.client, fmt.Sprintf(c.list, sc.Tenant(), sc.Env()))
}

// looseLock releases whatever holds the name, in any environment.
type looseLock struct{ Lock }

func (l looseLock) key(ctx context.Context, name string) (string, error) {
	sc, err := tenant.FromContext(ctx)
	return fmt.Sprintf("lock:%q:%q", sc.Tenant(), name), err
}

func (l looseLock) Acquire(ctx context.Context, name, token string) error {
	key, err := l.key(ctx, name)
	if err != nil {
		return err
	}
	return acquire(ctx, l.Client, key, token)
}

func (l looseLock) Holder(ctx context.Context, name string) (string, error) {
	key, err := l.key(ctx, name)
	if err != nil {
		return "", err
	}
	return text(l.Client.Get(ctx, key).Result())
}

func (l looseLock) Release(ctx context.Context, name, _ string) error {
	key, err := l.key(ctx, name)
	if err != nil {
		return err
	}
	return l.Client.Del(ctx, key).Err()
}

func redisTwins(client *redis.Client) []twin {
	envless := cacheFeature(keyedCache{client, func(sc tenant.Scope, id string) string { return fmt.Sprintf("e:%q:%q", sc.Tenant(), id) }, ""})
	envless.List = nil
	raw := cacheFeature(keyedCache{client, func(_ tenant.Scope, id string) string { return "raw:" + id }, ""})
	raw.List = nil
	joined := cacheFeature(keyedCache{client, func(sc tenant.Scope, id string) string {
		return "j:" + sc.Tenant() + ":" + sc.Env().String() + ":" + id
	}, ""})
	joined.List = nil
	globbed := cacheFeature(keyedCache{client, func(sc tenant.Scope, id string) string {
		return "g:" + sc.Env().String() + ":" + sc.Tenant() + "\xff" + id
	}, "g:%[2]s:%[1]s*"})
	return []twin{
		{"a key without the environment", envless, "read/env update/env delete/env create/env same-id/env existence/env"},
		{"a key that is the id alone", raw, "read/tenant read/env update/tenant update/env delete/tenant delete/env create/tenant create/env same-id/tenant same-id/env existence/tenant existence/env"},
		{"a key joined with colons", joined, "encoding"},
		{"a list by pattern", globbed, "encoding"},
		{"a lock without the environment", lockFeature(looseLock{Lock{client}}), "read/env delete/env create/env same-id/env existence/env"},
	}
}
