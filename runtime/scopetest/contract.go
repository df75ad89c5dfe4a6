package scopetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
)

// ContractVersion is the version of contracts that this package reads.
const ContractVersion = 1

// Requirement says who may pass a route.
type Requirement string

// The requirements of a [Route], from the weakest to the strongest.
const (
	RequireNothing    Requirement = "nothing"    // anybody, signed in or not
	RequireSignIn     Requirement = "sign-in"    // whoever is signed in, member or not
	RequireMembership Requirement = "membership" // members of the tenant
	RequireRole       Requirement = "role"       // members with one of the route's roles
)

// Contract says which routes a service has and who may pass them. It is usually
// read from a file: see [ReadContract]; docs/contract.md describes the format.
type Contract struct {
	// Version is [ContractVersion].
	Version int

	// Holds lists the roles that the personas Member, Admin and Owner hold. Nil
	// means that each holds the role of its own name: "member", "admin", "owner".
	Holds map[Persona][]string

	// Refusals are the status codes with which personas are refused, in place of
	// those that [Persona.Refusals] returns.
	Refusals map[Persona][]string

	// Home are texts that are found in data of the home tenant only, whose
	// records the routes name; Foreign in that of the tenant to which the outsider
	// and the neighbour belong. Letters, digits and '-' are best, since nothing
	// escapes them.
	Home, Foreign []string

	// Routes is what is driven, in this order.
	Routes []Route
}

// Route is one method on one path.
type Route struct {
	Method string

	// Path is the path with wildcards in braces, "/invoices/{id}", and at its
	// end perhaps one for all that follows, "/files/{path...}".
	Path string

	// Values are what the wildcards are replaced by: ids of records that belong
	// to the home tenant. They are escaped as a path needs it.
	Values map[string]string

	// Query is put behind the path as it is, without the question mark.
	Query string

	// Headers are sent with each request.
	Headers map[string]string

	// Body is sent with each request, as the type of content named, which is
	// "application/json" if it is empty.
	Body        string
	ContentType string

	Requires Requirement

	// Roles are those of which one is needed, if Requires is [RequireRole].
	Roles []string

	// Answers are the status codes of those who may pass. Nil means any of 2xx.
	Answers []string

	// Expect are the status codes for single personas, in place of all else.
	Expect map[Persona][]string
}

// String returns method and path.
func (r Route) String() string { return r.Method + " " + r.Path }

// Persona is somebody who sends requests.
type Persona string

// The personas, in the order in which they are driven.
const (
	// Nobody is not signed in.
	Nobody Persona = "nobody"
	// Outsider is signed in, is a member of another tenant only, and asks for
	// the home tenant in the way in which a client of the service names it.
	Outsider Persona = "outsider"
	// WrongEnv is the owner, with credentials for another environment.
	WrongEnv Persona = "wrong-env"
	// Mismatched is the owner, with a header that names another tenant than the
	// credentials do.
	Mismatched Persona = "mismatched-header"
	// Outage is the owner, at a time when whoever decides on memberships and
	// roles does not answer.
	Outage Persona = "outage"
	// Neighbour is signed in as the owner of another tenant, acts within that,
	// and uses ids of the home tenant.
	Neighbour Persona = "neighbour"
	// Member, Admin and Owner are signed in and members of the home tenant.
	Member Persona = "member"
	Admin  Persona = "admin"
	Owner  Persona = "owner"
)

// Personas returns all personas, in the order in which they are driven: first
// those who are refused, so that what they should not have changed is still
// there for the others.
func Personas() []Persona {
	return []Persona{Nobody, Outsider, WrongEnv, Mismatched, Outage, Neighbour, Member, Admin, Owner}
}

// Refusals returns the status codes with which the persona is to be refused
// where a contract does not say otherwise.
func (p Persona) Refusals() []string {
	switch p {
	case Nobody:
		return []string{"401"}
	case WrongEnv:
		return []string{"400", "401", "403"}
	case Mismatched:
		return []string{"400", "403", "409"}
	case Outage:
		return []string{"403", "503"}
	case Neighbour:
		return []string{"403", "404"}
	}
	return []string{"403"}
}

// roles returns what the persona holds.
func (c *Contract) roles(p Persona) []string {
	if c.Holds != nil {
		return c.Holds[p]
	}
	return []string{string(p)}
}

// passes reports whether the persona may pass the route, by what the route
// requires.
func (c *Contract) passes(p Persona, r *Route) bool {
	switch r.Requires {
	case RequireNothing:
		return true
	case RequireSignIn:
		return p == Neighbour || p.belongs()
	case RequireMembership:
		return p.belongs()
	}
	return p.belongs() && slices.ContainsFunc(c.roles(p), func(role string) bool { return slices.Contains(r.Roles, role) })
}

// belongs reports whether the persona is a member of the home tenant, with
// nothing wrong about the request.
func (p Persona) belongs() bool { return p == Member || p == Admin || p == Owner }

// expected returns the status codes that the persona should get.
func (c *Contract) expected(p Persona, r *Route) []string {
	if want, ok := r.Expect[p]; ok {
		return want
	}
	answers := r.Answers
	if len(answers) == 0 {
		answers = []string{"2xx"}
	}
	if c.passes(p, r) {
		return answers
	}
	refusals, ok := c.Refusals[p]
	if !ok {
		refusals = p.Refusals()
	}
	// Some may be refused and need not be: who is signed in, in whatever way, on
	// a route that asks for nothing else; the neighbour within its own tenant.
	if r.Requires == RequireSignIn && p != Nobody || p == Neighbour && len(r.Values) == 0 {
		return append(slices.Clone(refusals), answers...)
	}
	return refusals
}

// ReadContract reads a contract from a file of JSON, as [ParseContract] does.
func ReadContract(name string) (Contract, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return Contract{}, fmt.Errorf("contract: %w", err)
	}
	return ParseContract(name, data)
}

// ParseContract decodes a contract. It is strict: what it does not know, what is
// there twice, of the wrong type or contradicts itself is an error that begins
// with name, line and column. The name is that of the file, for messages.
func ParseContract(name string, data []byte) (Contract, error) {
	d := &contractDecoder{name: name, data: data, json: json.NewDecoder(bytes.NewReader(data))}
	d.json.UseNumber()
	var c Contract
	if err := d.contract(&c); err != nil {
		return Contract{}, err
	}
	rest := bytes.TrimLeft(data[d.json.InputOffset():], " \t\r\n")
	if len(rest) > 0 {
		d.at = int64(len(data) - len(rest))
		return Contract{}, d.errorf("something follows the contract; remove it")
	}
	return c, nil
}

// contractDecoder reads JSON token by token, since decoding into a struct tells
// no position of what it does not know and takes the last of two equal keys.
type contractDecoder struct {
	name string
	data []byte
	json *json.Decoder
	at   int64 // where the last token begins
}

func (d *contractDecoder) errorf(format string, args ...any) error {
	before := d.data[:min(int(d.at), len(d.data))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := len(before) - (bytes.LastIndexByte(before, '\n') + 1) + 1
	return fmt.Errorf("%s:%d:%d: %w", d.name, line, column, fmt.Errorf(format, args...))
}

// token returns the next token and remembers where it is.
func (d *contractDecoder) token() (json.Token, error) {
	d.at = d.json.InputOffset()
	for d.at < int64(len(d.data)) && strings.IndexByte(" \t\r\n,:", d.data[d.at]) >= 0 {
		d.at++
	}
	tok, err := d.json.Token()
	if err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, d.errorf("the file ends too early")
		}
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) && syntax.Offset == d.json.InputOffset() {
			d.at = syntax.Offset // between tokens; within one, offsets are not reliable
		}
		return nil, d.errorf("%s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return tok, nil
}

// kind names a token for messages.
func kind(tok json.Token) string {
	switch tok := tok.(type) {
	case json.Delim:
		if tok == '{' {
			return "an object"
		}
		return "a list"
	case string:
		return "a text"
	case json.Number:
		return "a number"
	case bool:
		return "true or false"
	}
	return "null"
}

func (d *contractDecoder) delim(want json.Delim, what string) error {
	tok, err := d.token()
	if err != nil {
		return err
	}
	if tok != want {
		return d.errorf("%s has to be %s, and is %s", what, kind(want), kind(tok))
	}
	return nil
}

// object reads an object and calls member for each of its keys, to read the
// value.
func (d *contractDecoder) object(what string, member func(key string) error) error {
	if err := d.delim('{', what); err != nil {
		return err
	}
	seen := make(map[string]bool)
	for d.json.More() {
		tok, err := d.token()
		if err != nil {
			return err
		}
		key, ok := tok.(string)
		if !ok {
			return d.errorf("%s needs a key in quotes here", what)
		}
		if seen[key] {
			return d.errorf("%s has %q twice; remove one", what, key)
		}
		seen[key] = true
		if err := member(key); err != nil {
			return err
		}
	}
	_, err := d.token()
	return err
}

// fields reads an object of known fields.
func (d *contractDecoder) fields(what string, known map[string]func(what string) error) error {
	return d.object(what, func(key string) error {
		read, ok := known[key]
		if !ok {
			names := make([]string, 0, len(known))
			for name := range known {
				names = append(names, name)
			}
			slices.Sort(names)
			return d.errorf("%s has no field %q; there are: %s", what, key, strings.Join(names, ", "))
		}
		return read(fmt.Sprintf("%q of %s", key, what))
	})
}

func (d *contractDecoder) list(what string, element func() error) error {
	if err := d.delim('[', what); err != nil {
		return err
	}
	for d.json.More() {
		if err := element(); err != nil {
			return err
		}
	}
	_, err := d.token()
	return err
}

func (d *contractDecoder) text(to *string) func(string) error {
	return func(what string) error {
		tok, err := d.token()
		if err != nil {
			return err
		}
		text, ok := tok.(string)
		if !ok {
			return d.errorf("%s has to be a text, and is %s", what, kind(tok))
		}
		*to = text
		return nil
	}
}

// texts reads a list of texts that are not empty, each once.
func (d *contractDecoder) texts(to *[]string, check func(string) string) func(string) error {
	return func(what string) error {
		*to = []string{}
		return d.list(what, func() error {
			var text string
			if err := d.text(&text)("each of " + what); err != nil {
				return err
			}
			switch {
			case text == "":
				return d.errorf("%s has an empty text; remove it", what)
			case slices.Contains(*to, text):
				return d.errorf("%s has %q twice; remove one", what, text)
			case check != nil && check(text) != "":
				return d.errorf("%s has %q, but %s", what, text, check(text))
			}
			*to = append(*to, text)
			return nil
		})
	}
}

// byName reads an object whose values are texts.
func (d *contractDecoder) byName(to *map[string]string) func(string) error {
	return func(what string) error {
		*to = make(map[string]string)
		return d.object(what, func(key string) error {
			var text string
			if err := d.text(&text)(fmt.Sprintf("%q of %s", key, what)); err != nil {
				return err
			}
			(*to)[key] = text
			return nil
		})
	}
}

// byPersona reads an object from personas to lists of texts.
func (d *contractDecoder) byPersona(to *map[Persona][]string, personas []Persona, check func(string) string) func(string) error {
	return func(what string) error {
		*to = make(map[Persona][]string)
		return d.object(what, func(key string) error {
			if !slices.Contains(personas, Persona(key)) {
				return d.errorf("%s has %q, which is none of %s", what, key, join(personas))
			}
			var texts []string
			if err := d.texts(&texts, check)(fmt.Sprintf("%q of %s", key, what)); err != nil {
				return err
			}
			(*to)[Persona(key)] = texts
			return nil
		})
	}
}

func join[T ~string](list []T) string {
	texts := make([]string, len(list))
	for i, text := range list {
		texts[i] = string(text)
	}
	return strings.Join(texts, ", ")
}

func (d *contractDecoder) contract(c *Contract) error {
	start := d.json.InputOffset()
	err := d.fields("the contract", map[string]func(string) error{
		"version": func(what string) error {
			tok, err := d.token()
			if err != nil {
				return err
			}
			number, ok := tok.(json.Number)
			if !ok {
				return d.errorf("%s has to be a number, and is %s", what, kind(tok))
			}
			if c.Version, err = strconv.Atoi(number.String()); err != nil || c.Version != ContractVersion {
				return d.errorf("%s is %s; this package reads version %d", what, number, ContractVersion)
			}
			return nil
		},
		"holds":    d.byPersona(&c.Holds, []Persona{Member, Admin, Owner}, nil),
		"refusals": d.byPersona(&c.Refusals, Personas(), statusProblem),
		"markers": func(what string) error {
			return d.fields(what, map[string]func(string) error{
				"home":    d.texts(&c.Home, nil),
				"foreign": d.texts(&c.Foreign, nil),
			})
		},
		"routes": func(what string) error {
			c.Routes = []Route{}
			return d.list(what, func() error {
				r, err := d.route(fmt.Sprintf("route %d", len(c.Routes)+1))
				if err != nil {
					return err
				}
				c.Routes = append(c.Routes, r)
				return nil
			})
		},
	})
	if err != nil {
		return err
	}
	// Faults of routes were found with their own position, but for those
	// between routes.
	d.at = start
	for d.at < int64(len(d.data)) && d.data[d.at] != '{' {
		d.at++
	}
	if err := c.check(); err != nil {
		return d.errorf("%w", err)
	}
	return nil
}

func (d *contractDecoder) route(what string) (Route, error) {
	var r Route
	var requires string
	start := d.json.InputOffset()
	err := d.fields(what, map[string]func(string) error{
		"method":       d.text(&r.Method),
		"path":         d.text(&r.Path),
		"values":       d.byName(&r.Values),
		"query":        d.text(&r.Query),
		"headers":      d.byName(&r.Headers),
		"body":         d.text(&r.Body),
		"content_type": d.text(&r.ContentType),
		"requires":     d.text(&requires),
		"roles":        d.texts(&r.Roles, nil),
		"answers":      d.texts(&r.Answers, statusProblem),
		"expect":       d.byPersona(&r.Expect, Personas(), statusProblem),
	})
	if err != nil {
		return r, err
	}
	r.Requires = Requirement(requires)
	d.at = start
	for d.at < int64(len(d.data)) && d.data[d.at] != '{' {
		d.at++
	}
	if err := r.check(); err != nil {
		return r, d.errorf("%s: %w", what, err)
	}
	return r, nil
}

// statusProblem says what is wrong with a status code of a contract, or returns
// "".
func statusProblem(text string) string {
	if len(text) == 3 && '2' <= text[0] && text[0] <= '5' {
		if text[1:] == "xx" {
			return ""
		}
		if _, err := strconv.Atoi(text); err == nil {
			return ""
		}
	}
	return `a status is a code such as "403" or a class such as "2xx"`
}

// wildcards returns the names of the wildcards of a path, or what is wrong with
// it.
func wildcards(path string) ([]string, error) {
	if !strings.HasPrefix(path, "/") {
		return nil, errors.New("the path has to begin with /")
	}
	if strings.ContainsAny(path, "?#") {
		return nil, errors.New("the path holds ? or #; put what follows into query")
	}
	var names []string
	segments := strings.Split(path[1:], "/")
	for i, segment := range segments {
		if !strings.ContainsAny(segment, "{}") {
			continue
		}
		name, ok := strings.CutPrefix(segment, "{")
		if ok {
			name, ok = strings.CutSuffix(name, "}")
		}
		rest := strings.TrimSuffix(name, "...")
		if rest != name && i != len(segments)-1 {
			return nil, fmt.Errorf("{%s} is not at the end of the path", name)
		}
		if !ok || rest == "" || strings.ContainsAny(rest, "{}.") {
			return nil, fmt.Errorf("%q is no wildcard; write {name} between slashes, or {name...} at the end", segment)
		}
		if slices.Contains(names, rest) {
			return nil, fmt.Errorf("the wildcard %s is there twice", rest)
		}
		names = append(names, rest)
	}
	return names, nil
}

// isToken reports whether text is a name as HTTP has it.
func isToken(text string) bool {
	return text != "" && strings.IndexFunc(text, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"(),/:;<=>?@[\\]{}", r)
	}) < 0
}

// check returns what is wrong with the route by itself.
func (r *Route) check() error {
	var errs []error
	if !isToken(r.Method) || r.Method != strings.ToUpper(r.Method) {
		errs = append(errs, fmt.Errorf("method is %q; write it as GET", r.Method))
	}
	names, err := wildcards(r.Path)
	if err != nil {
		errs = append(errs, err)
	}
	for _, name := range names {
		if r.Values[name] == "" {
			errs = append(errs, fmt.Errorf("values has nothing for {%s}; give the id of a record of the home tenant", name))
		}
	}
	for _, name := range sortedKeys(r.Values) {
		if err == nil && !slices.Contains(names, name) {
			errs = append(errs, fmt.Errorf("values has %q, which is no wildcard of the path", name))
		}
	}
	for _, name := range sortedKeys(r.Headers) {
		if !isToken(name) || strings.ContainsAny(r.Headers[name], "\r\n\x00") {
			errs = append(errs, fmt.Errorf("headers has %q, which is no header", name))
		}
	}
	switch r.Requires {
	case RequireNothing, RequireSignIn, RequireMembership:
		if len(r.Roles) > 0 {
			errs = append(errs, fmt.Errorf("roles are given, but requires is %q; make it %q", r.Requires, RequireRole))
		}
	case RequireRole:
		if len(r.Roles) == 0 {
			errs = append(errs, errors.New(`requires is "role", but there are no roles; name those of which one is needed`))
		}
	default:
		errs = append(errs, fmt.Errorf("requires is %q; it is one of %s", r.Requires, join([]Requirement{RequireNothing, RequireSignIn, RequireMembership, RequireRole})))
	}
	for _, p := range sortedKeys(r.Expect) {
		if !slices.Contains(Personas(), p) {
			errs = append(errs, fmt.Errorf("expect has %q, which is none of %s", p, join(Personas())))
		}
		errs = append(errs, checkStatuses("expect of "+string(p), r.Expect[p], true))
	}
	errs = append(errs, checkStatuses("answers", r.Answers, false))
	return errors.Join(errs...)
}

func checkStatuses(what string, texts []string, needed bool) error {
	if needed && len(texts) == 0 {
		return fmt.Errorf("%s is empty; name at least one status", what)
	}
	for _, text := range texts {
		if problem := statusProblem(text); problem != "" {
			return fmt.Errorf("%s has %q, but %s", what, text, problem)
		}
	}
	return nil
}

func sortedKeys[K ~string, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// check returns all that is wrong with the contract, in its own order. It is
// for contracts that are made in Go, and for what only shows in the whole.
func (c *Contract) check() error {
	var errs []error
	if c.Version != ContractVersion {
		errs = append(errs, fmt.Errorf("the version is %d; this package reads version %d", c.Version, ContractVersion))
	}
	if len(c.Routes) == 0 {
		errs = append(errs, errors.New("there are no routes, so nothing would be driven"))
	}
	for _, p := range sortedKeys(c.Holds) {
		if !p.belongs() {
			errs = append(errs, fmt.Errorf("holds has %q, which is none of %s", p, join([]Persona{Member, Admin, Owner})))
		}
	}
	for _, p := range sortedKeys(c.Refusals) {
		if !slices.Contains(Personas(), p) {
			errs = append(errs, fmt.Errorf("refusals has %q, which is none of %s", p, join(Personas())))
		}
		errs = append(errs, checkStatuses("refusals of "+string(p), c.Refusals[p], true))
	}
	for _, m := range c.Home {
		if m == "" || slices.Contains(c.Foreign, m) {
			errs = append(errs, fmt.Errorf("the marker %q is empty, or of both tenants", m))
		}
	}
	if slices.Contains(c.Foreign, "") {
		errs = append(errs, errors.New("a marker is empty"))
	}
	seen := make(map[string]int)
	for i := range c.Routes {
		r := &c.Routes[i]
		if err := r.check(); err != nil {
			errs = append(errs, fmt.Errorf("route %d: %w", i+1, err))
			continue
		}
		if first, ok := seen[r.String()]; ok {
			errs = append(errs, fmt.Errorf("route %d is %s, and so is route %d; remove one", i+1, r, first))
		}
		seen[r.String()] = i + 1
		if r.Requires == RequireRole && !slices.ContainsFunc(Personas(), func(p Persona) bool { return c.passes(p, r) }) {
			errs = append(errs, fmt.Errorf("route %d: no persona holds one of the roles %s; say in holds who does", i+1, strings.Join(r.Roles, ", ")))
		}
	}
	return errors.Join(errs...)
}

// statusIn reports whether a status code is among the texts.
func statusIn(code int, texts []string) bool {
	class := fmt.Sprintf("%dxx", code/100)
	return slices.Contains(texts, class) || slices.Contains(texts, strconv.Itoa(code))
}

// reaches reports whether a code can come from the handler of a route. A router
// that does not know the route gives one of the others.
func reaches(code int) bool {
	return code != http.StatusNotFound && code != http.StatusMethodNotAllowed && code != http.StatusNotImplemented
}
