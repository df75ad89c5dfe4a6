// Package models holds what tenantvet knows of libraries, as data: which
// functions read or write under a key, which ones pass a value on, which ones
// hand out values of a known origin. It knows nothing about analysis.
//
// A [Set] is the decoded form of one TOML file: a built-in library model
// (embedded, decoded only when the library is in the import graph) or the rows
// of a project's policy, which speak the same vocabulary. [Build] resolves
// sets against type-checked packages and yields an [Index] that answers by
// object identity.
package models

import (
	"go/types"
	"slices"
	"strings"
)

// Dims is a set of dimensions: what a key must be bound to.
type Dims uint8

// The dimensions.
const (
	Tenant Dims = 1 << iota
	Env
	User
)

// AllDims holds every dimension.
const AllDims = Tenant | Env | User

// Each returns the dimensions of d one by one, in their fixed order.
func (d Dims) Each() []Dims {
	var out []Dims
	for _, one := range []Dims{Tenant, Env, User} {
		if d&one != 0 {
			out = append(out, one)
		}
	}
	return out
}

// String lists the dimensions in their fixed order: "tenant, env".
func (d Dims) String() string {
	var names []string
	for _, one := range d.Each() {
		switch one {
		case Tenant:
			names = append(names, "tenant")
		case Env:
			names = append(names, "env")
		case User:
			names = append(names, "user")
		}
	}
	return strings.Join(names, ", ")
}

// And lists the dimensions as prose does: "tenant, env and user".
func (d Dims) And() string { return list(d.Each(), " and ") }

// All lists requirements as prose does, each of which any one of several
// dimensions may meet: "tenant or user and env".
func All(need []Dims) string { return list(need, " and ") }

// No says that all of them are missing: "no tenant and no env".
func No(need []Dims) string {
	if len(need) == 0 {
		return "no scope"
	}
	return "no " + list(need, " and no ")
}

func list(need []Dims, and string) string {
	var b strings.Builder
	for i, d := range need {
		if i > 0 && i == len(need)-1 {
			b.WriteString(and)
		} else if i > 0 {
			b.WriteString(", ")
			b.WriteString(strings.TrimPrefix(and, " and "))
		}
		b.WriteString(strings.ReplaceAll(d.String(), ", ", " or "))
	}
	return b.String()
}

// ParseDim returns the dimension of that name, or 0 if there is none.
func ParseDim(name string) Dims {
	switch name {
	case "tenant":
		return Tenant
	case "env":
		return Env
	case "user":
		return User
	}
	return 0
}

// Base says what a [Place] starts from.
type Base uint8

// The bases of a place.
const (
	Arg    Base = iota // a parameter, by index; the receiver does not count
	Recv               // the receiver
	Result             // a result, by index
)

// Elem is the path step that stands for the elements of a slice, array or
// map, whichever the index; EvenElem for those at even positions of a list of
// alternating keys and values; MapKey for the keys of a map. A step "[N]"
// stands for the one element of that index, counted from zero (see
// [StepIndex]): the key of go-redis' Do is "arg1[1]", after the command.
const (
	Elem     = "[*]"
	EvenElem = "[even]"
	MapKey   = "[key]"
)

// A Place names a value at a call: "arg1", "recv", "result0", "arg1.Key",
// "arg1.Items[*].Key", "arg1..." (same as "arg1[*]": the elements of the
// variadic parameter). In a policy a parameter may be given by its name
// ("cacheKey", "opts.Key"). After resolution Index is set.
type Place struct {
	Base     Base
	Index    int      // of the parameter or result
	Name     string   // the parameter's name as written, "" if given by index
	Path     []string // field names and [Elem] steps
	Optional bool     // written with a trailing "?": may be absent in some of the functions of a row
}

// At says where a row stands, for messages: a file and a line.
type At struct {
	File string
	Line int
}

// Source: a place that yields dimensions with origin scope. If the function's
// last result is an error or a bool, the engine believes the value only where
// that result was checked.
type Source struct {
	Place Place
	Dims  Dims
	At    At
}

// Guard: a call that comes out well only if a value is the caller's, or only for
// certain callers. Its last result, an error or a bool, says how it came out; a
// middleware has none, and neither has a check that ends the request by itself.
type Guard struct {
	// Place, if Dims is not empty, is a tenant that the caller is found to belong to.
	Place Place
	Dims  Dims
	// Grants is what is known of a caller who passed. Needs is what has to be
	// known before: without that it refuses everybody, or cannot mean anything.
	Grants, Needs Grant
	// Roles are the places of the roles of which a caller who passed holds one;
	// Role are such roles by name.
	Roles []Place
	Role  []string
	At    At
}

// Setter: a call that makes the value at Place the scope of what follows, as a
// function does that puts the tenant into a context.
type Setter struct {
	Place Place
	Dims  Dims
	At    At
}

// Grant says what is known of a caller: any of the grants below, or none.
type Grant uint8

// The grants.
const (
	Signed Grant = 1 << iota // whose the request is: the scope was established
	Member                   // a member of the tenant
	Holder                   // a holder of a role in the tenant
)

// grantNames are the words of the vocabulary, in the order of the bits.
func grantNames() []string { return []string{"scope", "membership", "role"} }

// ParseGrant returns the grant of that name, 0 if there is none.
func ParseGrant(name string) Grant {
	if i := slices.Index(grantNames(), name); i >= 0 {
		return 1 << i
	}
	return 0
}

// String lists the grants: "membership and role".
func (g Grant) String() string {
	var out []string
	for i, name := range grantNames() {
		if g&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	return strings.Join(out, " and ")
}

// Kind says what a sink is.
type Kind string

// The kinds of key sinks.
const (
	Cache Kind = "cache"
	Lock  Kind = "lock"  // locks, singleflight, idempotency, rate limits
	Blob  Kind = "blob"  // object storage
	Topic Kind = "topic" // topics, subjects, channels, queues
	Store Kind = "store" // embedded key-value stores
	Task  Kind = "task"  // background task ids and unique keys
)

// Query is the kind of statements on tables: what restricts them is not one
// key but a predicate per scope column.
const Query Kind = "query"

// Op says what a sink does under its key.
type Op string

// The operations.
const (
	Read   Op = "read"
	Write  Op = "write"
	Delete Op = "delete"
	Insert Op = "insert" // of a query: adds rows, whose columns are set rather than restricted
)

// Sink: a call that reads or writes tenant data under a key.
type Sink struct {
	Kind Kind
	Op   Op
	Key  []Place // joined, in order, they are the key
	// Also are places that bind the access too, if they are scoped: a handle
	// with a prefix, a nested bucket of the tenant's own. Handles are mostly
	// made from configuration, so what is not known of them does not matter.
	Also    []Place
	Unbound bool    // key = "-": the call cannot carry a key at all
	Value   []Place // what is stored (write)
	Require Dims    // 0: what the policy requires for the kind
	Process bool    // the data lives in this process (an in-memory cache), not in a server
	Absent  bool    // writes only where there is no entry: caches do that, and locks that are built on one
	// Entity, of a query, is the struct whose fields are the columns of the
	// table; Key is then the one place that holds the query.
	Entity *types.TypeName
	// Model: the entity is what the query was told its model is.
	Model bool
	// Table, of a query, are the places that tell its table, the first that does
	// so counts: a query, a struct or a list of them, a table's name, a result
	// that is decoded into one of those.
	Table []Place
	// Of names the table of a query that is made out of sight, by a function of
	// the database or by another service.
	Of string
	// Where are the places of a condition of its own that a query is run with,
	// and of its arguments, as in a [Condition].
	Where []Place
	// Finds: the call fails where no row fits, so that one was found if it does not.
	Finds bool
	// Loaded are places of a row that the call is about if it was read before.
	Loaded []Place
	// Ignored is the place of a query whose restrictions the call does not heed.
	Ignored *Place
	// Rows, of an insert, is the place of the rows: their fields are the columns.
	Rows []Place
	// Made, of an insert, is the place of a query whose conditions by equality, other
	// than text, and what is assigned by it, are set in the rows as well.
	Made *Place
	// SQL is the place of a statement's text, Args that of its arguments.
	SQL  *Place
	Args *Place
	// ID, of a query that cannot carry a predicate, is what its row is found by.
	ID *Place
	// On is the place of the connection or transaction that a statement runs on;
	// nil: the receiver.
	On *Place
	// Filter is the place of the body of a search, in Elasticsearch's language: what
	// it filters by is a part of the key.
	Filter *Place
	// CQL: the statement is in Cassandra's language.
	CQL bool
	// Whole: a key that does not vary, or none, reaches what belongs to everybody.
	Whole bool
	// Sent: the receiver holds the statement until a [Session] hands it to a
	// connection.
	Sent bool
	At   At
}

// IsQuery reports whether the sink is a statement on a table.
func (s *Sink) IsQuery() bool { return s.Kind == Query }

// Column: a call that restricts a query to rows with a value in a column, or
// that sets the column of rows to be written.
type Column struct {
	Name  string // of the column, as [ColumnName] writes it
	ID    bool   // its values name rows, of this table or another; see [IsID]
	Named *Place // where Name is "": the place whose text is the name
	To    Place  // the predicate or query made so
	Value Place
	// Sets: rows that the target writes have the value; it restricts none.
	Sets bool
	At   At
}

// ColumnName returns the name of a column, or of the field or method that
// stands for it, without case and joints: tenant_id, TenantID and tenantId are
// the same column.
func ColumnName(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == '.' {
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// IsID reports whether a column's name is that of an identifier: id, invoice_id,
// invoiceId or InvoiceID, as all object mappers have it.
func IsID(name string) bool {
	if strings.EqualFold(name, "id") {
		return true
	}
	stem, ok := strings.CutSuffix(name, "ID")
	if !ok {
		stem, ok = strings.CutSuffix(name, "Id")
	}
	return ok && stem != "" || strings.HasSuffix(name, "_id")
}

// How says how a flow builds its target.
type How string

// The ways of flow.
const (
	Copy   How = "copy"   // the target is the one source, unchanged or in another form that keeps it whole (conversion, encoding)
	Concat How = "concat" // the target is the sources one after the other
	Join   How = "join"   // the elements of the first source with Sep between
	Format How = "format" // Sources[0] is a fmt format, the rest its operands
	Print  How = "print"  // fmt.Sprint: operands, spaces between non-strings
	Append How = "append" // the sources are appended to what the target holds (builders, buffers, hashes)
	// Body: what every document must equal that a search with the source finds, its
	// body, is added to what the target holds.
	Body How = "body"
	// Expression: what every entity must equal that a filter finds, the source, in
	// the language of Milvus, is added to what the target holds.
	Expression How = "expression"
	// HandedBy: the second source is handed to a filter under the name that the first
	// one is. The target is what the receiver is.
	HandedBy How = "named"
	Hash     How = "hash"   // the target is a digest or other injective mix of the sources; order and text are gone
	Reset    How = "reset"  // the target is emptied
	Part     How = "part"   // the target is a part of the source (a substring, a split): what it carries is not kept
	Invoke   How = "invoke" // Sources[0] is a function value that the call calls; To, if set, receives its first result
	// ContextKey: the target is what the receiver, a context, holds under the
	// key that is the source. Sources of the policy say of which keys that is
	// the caller's scope.
	ContextKey How = "contextkey"
	// ContextSet: the target, a context, holds the second source under the key
	// that is the first. What it held before it still holds.
	ContextSet How = "contextset"
	Begin      How = "begin" // the target is a query without restrictions
	Where      How = "where" // the target is a query or predicate with the restrictions of all sources
	// WhereSQL: the target is a query with the restrictions of a condition whose
	// text is the first source and whose arguments are the second, if any.
	WhereSQL How = "wheresql"
	// Condition: the target is a query with the restrictions of a condition, in
	// whichever form the first source has it: text, whose arguments are the
	// second source; a map, or a list of pairs, of columns and values; a struct
	// whose fields that are not zero are meant; another query or predicate. Of a
	// single source that is a list, the first element is the condition, the
	// others are its arguments.
	Condition How = "condition"
	// Or: the target is a query for the rows of the first source, a query, and
	// for those of a condition, given by the other sources.
	Or How = "or"
	// Table: the target is a query on the table that the source names.
	Table How = "table"
	// Apply: the target is what the source, a list of functions from query to
	// query, makes of the receiver.
	Apply How = "apply"
	// Hand: the call hands the source to the function at the target, as its
	// first parameter.
	Hand How = "hand"
	// Names and Values: the target is a query that writes rows, whose columns
	// the source names, or whose values it holds, in the order of the names; or one
	// that reads the columns named.
	Names  How = "names"
	Values How = "values"
	// Preload: the target is a query that reads, besides its rows, those of the
	// relation that the first source names: a field of the model, or text that joins
	// tables. The second source holds what narrows them: a condition and its
	// arguments, functions on their query. A source that is a list names several, or
	// all if it is empty.
	Preload How = "preload"
	// Relation: the target is a query for the rows of the relation, which the second
	// source names, of the row that the first, a query, has as its model.
	Relation How = "relation"
	// Assign: the target is a query that sets the columns of a condition, which the
	// source is, in rows that it makes.
	Assign How = "assign"
	// Joined: the target is a query to which another table is joined: the sources are
	// the table, its ON and the arguments of that, in front of them perhaps what stands
	// before JOIN; or, if there are two, all that as one text, and the arguments.
	Joined How = "joined"
	// Primary: the target is a query for the row with a primary key, which the source
	// is, or lists the columns of.
	Primary How = "primary"
	// Ignoring: the target is a query that takes no condition from what it is run with.
	Ignoring How = "ignoring"
	// Bind: the target is a statement that is run with the source as arguments.
	Bind How = "bind"
	// Judged: the target is a query whose statement another row judges.
	Judged How = "judged"
	// Loaded: the target is a query for the row that the source is, if that was
	// read before.
	Loaded How = "loaded"
	Model  How = "model"  // the target is a query on the table whose rows the source is
	Rows   How = "rows"   // the target is a query that writes the source, rows of a table
	Either How = "either" // the target is a predicate that any one of the sources satisfies
	// Session: the target is a connection or a transaction, with what was set in
	// those that are the sources; without any, one in which nothing was set. A
	// target that is a function is handed it.
	Session How = "session"
	// Connect: the target is a database, or a connection to one, that the sources
	// choose.
	Connect How = "connect"
	Select  How = "select" // the target is something looked up by the sources: selected by them, not made of them
)

// Flow: how a call passes values on.
//
// A function may have several flows. Those to the same result stand one after
// the other in it, in row order (fmt.Appendf: a copy of the buffer, then the
// formatted text). Copy to a receiver or parameter replaces what it holds;
// Format, Print and Append to a receiver or parameter add to it (fmt.Fprintf).
type Flow struct {
	How  How
	To   Place
	From []Place
	// Sep is the place of what stands between the sources of a Join; nil is a fixed
	// separator that they may contain (path.Join). Of a Condition it holds the AND or
	// the OR that the condition is put behind; nil is an AND.
	Sep *Place
	// NoTo is set when the row has no target (an Invoke whose result goes nowhere).
	NoTo bool
	// Unless is a place of an option: where it is set, the target is a query
	// without restrictions.
	Unless *Place
	// Bare, of a condition's text: it is put beside others as it is, so that an
	// OR in it takes away what they restrict. Of an Or: so it does with what is
	// put beside it later.
	Bare bool
	// Same: the target is the source itself, so that what is done to it is done
	// to the source.
	Same bool
	// Equals is the place of an operator. Where it is not known which that is, the
	// target is only a part of the sources, so that nothing they carry is known to be
	// in it; where it is none of equality, the target is bound to nothing.
	Equals *Place
	// Equalities are the operators of equality that Equals may hold.
	Equalities []string
	// All, of a Preload, is the name that stands for all relations of the model.
	All string
	// Named, of a Preload or a Relation, is the relation, where the function is about
	// that alone: no source names it, and what is behind the name comes first. Entity,
	// of such a Relation, is the struct whose field it is; its source is a query for
	// such rows, or one of them.
	Named  string
	Entity *types.TypeName
	At     At
}

// OriginKind names origins that rows can declare.
type OriginKind string

// The declared origins.
const (
	Request  OriginKind = "request"  // comes from the client: header, path, query, body
	Record   OriginKind = "record"   // loaded from a store
	Unique   OriginKind = "unique"   // freshly generated, not guessable, never equal to another's
	Constant OriginKind = "constant" // the same for everyone: configuration, build info, time
	Process  OriginKind = "env"      // the name of the environment that the process runs in: a constant
)

// Origin: a place whose value has that origin. A parameter or receiver is
// filled by the call (gin's ShouldBindJSON).
type Origin struct {
	Place Place
	Kind  OriginKind
	Blank bool // of a place that is filled: only if nothing was put there before
	At    At
}

// Func is everything the rows say of one function or method.
type Func struct {
	Sources  []Source
	Sinks    []Sink
	Flows    []Flow
	Origins  []Origin
	Columns  []Column
	Wires    []Wire
	NoReturn bool // the call does not return
	Pure     bool // results depend on the arguments only and stand for them whole
	Fails    bool // its last result is an error that is not nil
	Waits    bool // it comes out well only if the functions did that its receiver was handed before
	Equal    bool // the result says whether two operands are the same
	Next     bool // lets the handlers behind this one run
	Abort    bool // keeps the handlers behind this one from running
	Guards   []Guard
	Setters  []Setter
	Handed   []Origin // parameters whose values, seen from the body, have that origin
	Secrets  []Secret
	// Delivers is where the one subscriber is that the call sends something to.
	Delivers *Place
	Outputs  []Output
	Redacts  bool    // its results tell nothing of a credential that it is handed
	Filled   []Place // operands that must not be empty: nothing fits more than one row
	Receives bool    // hands out, or hands to what it calls, what others have sent
	// OwnContext: the context that it returns is that of whoever waits for messages, or
	// one that does not hold what the request's does.
	OwnContext bool
}

// Secrecy says whether a value gives a credential away.
type Secrecy uint8

// The degrees of secrecy.
const (
	NoSecret Secrecy = iota
	Credential
	Dump // all of a request or its header, with the credentials in it
)

// A Secret is a place whose value is a credential, or holds some.
type Secret struct {
	Place Place
	Is    Secrecy
	Named *Place // only if the text there is the name of one, such as that of a header; nil: always
	At    At
}

// OutputKind says where an [Output] ends up.
type OutputKind string

// The kinds of outputs.
const (
	Log      OutputKind = "log"
	Console  OutputKind = "console"  // what a process prints: a log only if it serves requests
	Response OutputKind = "response" // errors that clients are told
	Span     OutputKind = "span"     // attributes of traces
	Metric   OutputKind = "metric"   // labels of metrics
	Message  OutputKind = "message"  // published, to whoever is subscribed
	// SigningKey is where a secret gets to by which callers are told apart.
	SigningKey OutputKind = "key"
)

// An Output is operands of a call that people, or systems, other than the
// caller get to read.
type Output struct {
	Kind   OutputKind
	Values []Place
	// Stream is the writer, where it decides: only what goes to the standard output
	// or error of the process counts. nil: all does.
	Stream *Place
	At     At
}

// Type is everything the rows say of one named type.
type Type struct {
	Source Dims       // a valid value of the type carries these dimensions
	Origin OriginKind // what is read from a value of the type has that origin ("" = nothing said)
	State  bool       // a container that holds entries across calls, in this process (a cache, a map)
	Benign bool       // never tenant data: loggers, metrics, tracers, pools of buffers, compiled patterns
	Wraps  bool       // a struct that is one value, with a word on whether it is there (sql.NullString)
	Secret Secrecy    // of its values
	// Keyed: a map; what it holds under the name of a credential is one.
	Keyed bool
	Event bool // its values are published: each must say whose it is
	// Subscriber: its values receive what is published.
	Subscriber bool
	// Redacts: it takes credentials out of what it is handed, as a handler of logs does.
	Redacts bool
	// OwnContext: as a context it does not hold what the request's context holds.
	OwnContext bool
	Env        bool // its values are environments: whoever has one need not compare texts
	Fixed      bool // its textual form has a fixed shape that holds no separator (uuid, time)
	// Zero is the variable of the type's package that holds its zero value, and that
	// nothing writes (uuid.Nil), nil if there is none.
	Zero *types.Var
	// Handle: a value of the type that is kept in a field restricts nothing: it
	// is what queries begin from.
	Handle bool
	// Pool: what is set through a value of the type for a transaction holds for one
	// statement: it is no transaction, and the next may run on another connection.
	Pool bool
	// Form says what a value of the type is as a condition.
	Form Form
	// Operators are keys with a meaning of their own, of a map or a list of pairs
	// that is a condition.
	Operators Operators
	Router    *RouterType
	Only      string // of middleware of the type: "unary" or "stream", the calls that it is for
	// Continues: when a handler that takes a value of the type returns, those behind
	// it run, unless they were kept from that (see Func.Abort).
	Continues bool
	At        At
}

// Form says how a map or a list is meant where it stands for a condition.
type Form string

// The forms. What is of no form, and of a library, is not known.
const (
	Equals  Form = "equals"  // of columns and values: each column equals its value
	AllOf   Form = "all"     // a list of conditions, all of which hold
	AnyOf   Form = "any"     // a list of conditions, one of which holds
	Pair    Form = "pair"    // a struct of a column, or of what names it, and of the value that it equals, or a list of which one
	Nothing Form = "nothing" // binds no column to a value
)

// Operators are the keys of conditions that are no columns.
type Operators struct {
	All   []string // what is under them holds as well
	Any   []string // what is under them is a list, one element of which holds
	Value []string // beneath a column: what is under them is the value
}

// Field is what the rows say of one struct field.
type Field struct {
	Source Dims
	Origin OriginKind
	Secret Secrecy
	Serves bool // the handler that it holds serves
	At     At
}

// Param is a policy's statement that a parameter of that name and type, in
// those packages, is the given dimension: the convention of code bases that
// pass organizationID everywhere.
type Param struct {
	Name     string
	Type     string   // types.TypeString with full package paths, "" = any
	Packages []string // import path patterns ("example.com/m/..."), empty = the whole main module
	Dims     Dims
	At       At
}

// A Problem is a row that could not be resolved.
type Problem struct {
	At  At
	Msg string // names the symbol and the remedy
}
