// Package unscopedkey defines the analyzer of keys and statements that do not
// carry the caller's scope.
//
// # Analyzer unscopedkey
//
// unscopedkey: report keys of caches, locks, blobs, topics and stores, and statements on tables, without the caller's tenant or env
//
// What many tenants keep in one place is kept apart by its key alone: entries of
// a cache, locks, objects of a bucket, topics, tasks, rows of an embedded store.
// This analyzer follows each key back to where its parts come from, through
// variables, struct fields, helpers, closures and other packages. A key is proven
// when, on every path, each required dimension comes from the caller's scope:
// from tenantvet's runtime package, or from a function, field, type or parameter
// that the policy declares as a source.
//
// Which dimensions are required is for the policy to say ([require]). Without a
// word there, keys need what the policy's sources yield of tenant and env, and
// both if it declares no source.
//
// Rows of a table are kept apart by its scope columns instead: those that the
// policy's names of dimensions name ([dimensions]). A statement is proven when, for
// each table in it and each scope column that the table has, the rows are
// restricted to the caller's value, whichever way it was composed: constants,
// Sprintf, a builder, a condition added on some paths. Which tables have which
// columns is known from entities (ent, bun, gorm, pop, xorm, documents of MongoDB) and from the policy: [schema] names the
// files that declare the tables, [[table]] lists others. Statements on tables that
// are not known are not judged.
//
// Where the policy says that the database keeps tenants apart ([[accept.rls]],
// [[accept.schema]], [[accept.database]]), what a statement runs on is asked instead:
// whether the scope was set in its transaction, before it and on every way to it, or
// chose its database. Where it says that functions keep them apart which a library runs
// in front of statements ([[accept.hook]]), such as ent's interceptors, those are asked
// instead, where they are declared, and the statements only whether they lift them.
//
// Searches and scans (DynamoDB, Firestore, Elasticsearch, OpenSearch, Qdrant, Weaviate, Milvus) are
// narrowed by what they must equal. One that is narrowed by nothing, or by what
// is the same for all, reaches everybody's entries and is reported.
//
// The packages examined are those of the main module, if it has a policy; without
// one, those that use tenantvet's runtime, directly or not. Elsewhere there is no
// scope that a key could carry.
//
// It stays silent about:
//   - a key that is a parameter: what it must carry is the business of the callers,
//     and is asked of them, in other packages too. Where no caller is in sight the
//     key is neither proven nor reported;
//   - keys of nothing but constants, such as "rates": one entry for everybody is
//     what they say;
//   - keys made of a value that was freshly generated, such as a random session id,
//     but for blobs;
//   - maps and in-process caches at package level: they are globalcache's;
//   - rows that are joined to the caller's by other columns, statements whose text
//     or conditions come from out of sight, and rows that are inserted as their
//     caller made them;
//   - test files.
//
// To take a finding out, with a reason: for keys that tenants share on purpose, a
// [[shared]] entry with their constant beginning in .tenantvet.toml, or
// "//tenantvet:shared REASON" on the line; for tables and entities that they share,
// a [[shared]] entry with "table"; where the key is in fact scoped in a way
// that cannot be seen, "//tenantvet:scoped REASON"; for anything else
// "//tenantvet:ignore unscopedkey/missing REASON" or an [[exempt]] entry.
//
// # Category missing
//
// The key does not carry a dimension at all.
//
//	func (s *Shop) Invoice(w http.ResponseWriter, r *http.Request) {
//		key := "invoice:" + r.PathValue("id")
//		fmt.Fprint(w, s.rdb.Get(r.Context(), key).Val())
//	}
//
// is reported as
//
//	cache key has no tenant and no env: it is made of Request.PathValue("id") and "invoice:" alone
//
// Tenants count their invoices from one, so invoice 42 of whoever asked first is
// served to all. Put the scope into the key:
//
//	sc, err := tenant.FromContext(r.Context())
//	// ...
//	key, err := tenant.NewKey(sc, "invoice", r.PathValue("id"))
//
// An id that cannot be guessed does not help: it can be learnt, from a log, a link
// or a former colleague, and a cache answers before the database is asked whose it
// is.
//
// The other forms of this finding say that a call takes no key that could carry the
// scope (it flushes or lists everybody's entries); that the error of the call that
// hands out the scope is not checked, so that there may be none; that a value
// loaded for one caller's context is kept under a key that all share; or that a
// function of a package which the policy calls a boundary leaves the scope to its
// callers.
//
// Of a statement it says that the rows are not restricted by a column, or, where the
// call cannot be restricted, as ent's Get cannot, that it reaches everybody's:
//
//	SELECT of invoices is not restricted by tenant_id: it reaches invoices rows of everybody
//
// A predicate counts only if nothing undoes it: an OR beside it, a column of another
// table, a LEFT JOIN's ON, the same word in a comment.
//
// Two of these have a fix. Where the error of the call is dropped
// ("sc, _ := tenant.FromContext(ctx)") in a function that can return one, -fix
// returns it. Callers with a scope keep their keys. And a statement is given the
// predicate, and its value, where there is one way to write it:
//
//	db.QueryRowContext(ctx, "SELECT total FROM invoices WHERE id = $1 AND tenant_id = $2", id, auth.TenantID(ctx))
//
// That is so for SQL on one table that is one literal, with placeholders of one
// kind; for a builder with predicates, such as ent's, whose package of predicates
// the file imports; and for a condition as text, such as bun's, on one table. The
// value is one that is proven to be the caller's (a parameter or variable, or a part
// of one), or what a source of the policy makes of the context in hand. A
// statement that speaks of the column already was meant to do something, and is left
// alone.
//
// # Category misscoped
//
// The key has the dimension, but not the caller's: it comes from the request, from
// a loaded record, or is a constant.
//
//	func (s *Shop) Logo(w http.ResponseWriter, r *http.Request) {
//		query := r.URL.Query()
//		key := query.Get("tenant_id") + ":" + query.Get("env") + ":logo"
//		fmt.Fprint(w, s.rdb.Get(r.Context(), key).Val())
//	}
//
// is reported as
//
//	cache key takes its tenant and env from the request, not from the caller's scope
//
// The front end sends the right tenant, but nothing keeps a caller from sending
// another's. A record's tenant is as bad where the record was looked up by an id
// from the request: it is the victim's. Take the tenant from the scope; where a
// caller may act for another tenant, let the check that allows it yield the scope,
// and declare that as a source.
//
// What a part of a key claims to be is told by its name (tenant_id, TenantID, env
// and the like). [dimensions] in the policy adds names. Names never prove anything.
//
// # Category conditional
//
// The key carries the dimension on some paths only.
//
//	func (s *Shop) Search(w http.ResponseWriter, r *http.Request) {
//		sc, err := tenant.FromContext(r.Context())
//		if err != nil {
//			http.Error(w, "sign in first", http.StatusUnauthorized)
//			return
//		}
//		key := "search:" + r.FormValue("q")
//		if sc.Role() != "support" {
//			key = sc.Tenant() + ":" + sc.Env().String() + ":" + key
//		}
//		fmt.Fprint(w, s.rdb.Get(r.Context(), key).Val())
//	}
//
// is reported as
//
//	cache key has tenant and env only on some paths
//
// What one tenant's support staff find is served to the support staff of all
// others. Build the key in one way, and put what differs into another part of it.
//
// So is an OR without parentheses that is put beside the conditions of a query
// which the function was handed, with a builder that joins them by AND as they
// are (pop, squirrel):
//
//	func After(q *pop.Query, date, id string) *pop.Query {
//		return q.Where("date > ? OR date = ? AND id > ?", date, date, id)
//	}
//
// is reported as
//
//	Query.Where puts an OR without parentheses beside the conditions that the query has already: they hold for one side of it only
//
// Whatever the query was restricted to, rows of others that match what stands
// behind the OR come out, too. Put parentheses around the text.
//
// # Category collision
//
// The key carries every dimension, and yet two tenants can have the same one,
// because a part next to the scope may hold any text.
//
//	func (s *Shop) File(ctx context.Context, name string) (string, error) {
//		sc, err := tenant.FromContext(ctx)
//		if err != nil {
//			return "", err
//		}
//		key := sc.Env().String() + ":" + sc.Tenant() + name
//		return s.rdb.Get(ctx, key).Result()
//	}
//
// is reported as
//
//	cache key is ambiguous: nothing separates tenant from name, so two tenants may share an entry
//
// Tenant "a" with file "b1" meets tenant "ab" with file "1". The same goes for a
// scope between two parts that clients choose: whoever writes the separator into
// the first part writes a scope of their own. Put the scope first and a separator
// behind it, or use NewKey of the runtime, which cannot collide whatever its parts
// hold. Tenants and envs themselves are taken not to hold the separator, and parts
// of fixed form, such as numbers and UUIDs, to be safe.
//
// # Category asymmetric
//
// The same entries are written with the scope but read or deleted without, or the
// other way round.
//
//	func (s *Shop) SaveDraft(ctx context.Context, sc tenant.Scope, id, text string) error {
//		key := "draft:" + sc.Tenant() + ":" + sc.Env().String() + ":" + id
//		return s.rdb.Set(ctx, key, text, time.Hour).Err()
//	}
//
//	func (s *Shop) OpenDraft(ctx context.Context, id string) (string, error) {
//		return s.rdb.Get(ctx, "draft:"+id).Result()
//	}
//
// is reported as
//
//	cache entry is written with tenant and env but read without
//
// At best the read never finds what was written, or the delete leaves a stale entry
// behind; at worst an older release wrote without the scope, and the read finds
// anybody's. Entries belong together when they are in the same field or variable
// and their keys begin with the same constant. Let one function build the key for
// all sides.
//
// # Category discarded
//
// The function has the scope in hand, as a parameter or as the result of a source,
// and leaves it out of the key.
//
//	func (s *Shop) Seats(ctx context.Context, sc tenant.Scope, plan string) (string, error) {
//		return s.rdb.Get(ctx, "seats:"+plan).Result()
//	}
//
// is reported as
//
//	sc is in hand but not in the cache key
//
// Whoever wrote the signature knew that the tenant matters. Put it into the key, or
// drop the parameter if the entry is everybody's, and say so in the policy.
//
// For a cache in this process -fix does it, if the cache is made in this package and
// lives in a field that is not exported, if nothing but calls under a key is done
// with it, and if each function that makes such a call has the scope as a parameter:
// then every key of the cache is given the same beginning, so that no reader or
// writer is left behind. A server's cache gets no fix, since who else reads and
// deletes its entries cannot be seen; nor does a collision, for the same reason.
//
// # Category unset
//
// A row is inserted without its scope column.
//
//	func (s *Shop) Bill(ctx context.Context, id string, total int64) error {
//		_, err := s.db.ExecContext(ctx, "INSERT INTO invoices (id, total) VALUES ($1, $2)", id, total)
//		return err
//	}
//
// is reported as
//
//	INSERT into invoices leaves tenant_id unset
//
// The row belongs to nobody, or to whomever the column's default names: its owner
// cannot find it, and a listing that forgets the tenant shows it to all. Set the
// column from the caller's scope.
//
// # Category ineffective
//
// A statement is restricted, and run by a call that does not keep to it.
//
//	type Product struct{ ID, TenantID, Name string }
//
//	func (s *Shop) Rename(ctx context.Context, sc tenant.Scope, id, name string) error {
//		p := &Product{ID: id, TenantID: sc.Tenant(), Name: name}
//		return s.orm.WithContext(ctx).Where("tenant_id = ?", p.TenantID).Save(p).Error
//	}
//
// is reported as
//
//	DB.Save does not keep to the conditions before it: it writes the row with the same key, whosever it is
//
// Gorm's Save updates the row that has the key, within the conditions; where that
// finds none, because the row is another tenant's, it inserts one and overwrites what
// is there. Use Updates with a model and the conditions, and look at RowsAffected.
//
// # Category unbound
//
// A row is found by an identifier that the client sent, or a reference that the
// client sent is stored, and nothing shows that the row it names is the caller's.
//
//	func (s *Shop) Void(w http.ResponseWriter, r *http.Request) {
//		_, err := s.db.ExecContext(r.Context(), "DELETE FROM invoices WHERE id = $1", r.PathValue("id"))
//		if err != nil {
//			http.Error(w, "not found", http.StatusNotFound)
//		}
//	}
//
// is reported as
//
//	DELETE from invoices by Request.PathValue("id") (from the request), which nothing binds to the caller's tenant_id: anybody's row will do
//
// where the policy accepts that the package with the statement leaves it to its callers
// to know whose row it is ([accept] compared); elsewhere the statement itself is a
// finding. An identifier is bound if it was taken from a row that was found in
// scope; if a check of it came out well on every way there: a lookup with the scope, a
// comparison of the row's tenant, or of its parent's, with the caller's, a guard that the
// policy declares, or a function that does one of these; or, for a row that is read, if
// such a check stands between the reading and every use. A check of one identifier says
// nothing of another, one in a branch nothing of the other branch, and a lookup that is
// narrowed on some paths only nothing at all.
//
// Rows that several tenants share, such as people, are the caller's where the table of
// their members says so, if the policy names it (members of [[table]]): who becomes the
// owner of an invoice has to be one of the tenant's own. Packages that the policy names
// under children of [schema] have to bind in the statement what a row without a scope
// column refers to:
//
//	INSERT INTO lines sets invoice_id to parameter invoice, which nothing binds to the caller's tenant_id
//
// Take the reference from the row itself: INSERT … SELECT i.id … FROM invoices i WHERE
// i.id = $1 AND i.tenant_id = $2.
//
// # Category twin
//
// A function finds a row by an identifier that it was handed, nothing in sight binds
// that to the caller's tenant, and the same query within a tenant stands beside the one
// that is called.
//
//	func (s *Shop) Total(ctx context.Context, id string) (int64, error) {
//		invoice, err := s.queries.GetInvoice(ctx, id)
//		return invoice.Total, err
//	}
//
// is reported as
//
//	SELECT of invoices by parameter id, which nothing is known to bind to the caller's tenant_id: call GetInvoiceInTenant, which asks for it
//
// Who calls Total has to have asked before whose invoice that is, and the next caller
// may not know. Where the calls in the package all hand on the id of a row, or
// nothing can call the function, there is no finding, nor if only one of the
// two queries locks what it finds. Hand the tenant on:
//
//	func (s *Shop) Total(ctx context.Context, tenantID, id string) (int64, error) {
//		invoice, err := s.queries.GetInvoiceInTenant(ctx, tenantID, id)
//		return invoice.Total, err
//	}
//
// It is only asked where the policy accepts that the package with the queries leaves
// it to its callers ([accept] compared), of a call of another package's function, and
// not where the identifier is taken from a row: whose it is was asked there.
package unscopedkey
