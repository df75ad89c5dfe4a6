package scopetest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// As makes a request that of a persona: it signs a token, sets cookies or
// headers, and returns the request or a copy with another context. It is called
// once before each request, one after the other, so it is also the place to put
// back data that the request before may have changed, and to break the authority
// for [Outage] and mend it for all others. Before all that it is called once for
// each persona, to see which there are. It returns [ErrNoPersona] for a persona
// that the service does not have.
type As func(r *http.Request, p Persona) (*http.Request, error)

// ErrNoPersona is what an [As] returns for a persona that the service does not
// have. It is then skipped, and the skip is said. [Nobody], [Outsider] and at
// least one of [Member], [Admin] and [Owner] are needed.
var ErrNoPersona = errors.New("the service has no such persona")

// Permutations drives every route of the contract as every persona and compares
// the status codes with what the contract demands. It also fails if a route is
// not there, if an answer is a server error, a panic or a redirect that the
// contract does not name, if an answer holds a marker of somebody else's tenant,
// and if a path answers methods that the contract does not list.
//
// The requests go to the handler directly. Each route is a subtest; a failure
// says which guarantee broke, and for whom. Before that, handlers that are wrong
// on purpose are driven in place of the handler; if the kit does not notice them
// the test fails.
func Permutations(t *testing.T, handler http.Handler, contract Contract, as As) {
	t.Helper()
	d, err := newDrive(t.Context(), handler, contract, as)
	if err != nil {
		t.Fatal(err)
	}
	for _, note := range d.notes {
		t.Log(note)
	}
	for i := range contract.Routes {
		r := &d.contract.Routes[i]
		t.Run(r.String(), func(t *testing.T) {
			for _, v := range d.route(r) {
				t.Error(v)
			}
		})
	}
	for _, v := range d.whole() {
		t.Error(v)
	}
}

// CheckPermutations does what [Permutations] does and returns what it found, in
// the order of routes and personas, instead of failing a test. The error is
// about the contract, about an [As] that fails, or about the kit not being able
// to catch what it should; violations are no error.
func CheckPermutations(ctx context.Context, handler http.Handler, contract Contract, as As) ([]Violation, error) {
	d, err := newDrive(ctx, handler, contract, as)
	if err != nil {
		return nil, err
	}
	all := d.all()
	if err := context.Cause(ctx); err != nil {
		return all, fmt.Errorf("scopetest: not all was checked: %w", err)
	}
	return all, nil
}

// patience is how long a handler may take for one answer.
const patience = 10 * time.Second

// drive is one handler being driven.
type drive struct {
	ctx      context.Context
	handler  http.Handler
	contract *Contract
	as       As
	personas []Persona
	patience time.Duration
	notes    []string

	found  []Violation     // of the route that is driven
	seen   map[string]bool // markers, by those who may
	codes  map[string]int  // of answers, by route and persona
	probed map[string]bool // methods and paths that are not in the contract
}

func newDrive(ctx context.Context, handler http.Handler, contract Contract, as As) (*drive, error) {
	switch {
	case ctx == nil:
		return nil, errors.New("scopetest: the context is nil; give the one of the test")
	case handler == nil:
		return nil, errors.New("scopetest: the handler is nil; give the one that serves the routes")
	case as == nil:
		return nil, errors.New("scopetest: there is no function that makes a request that of a persona")
	}
	if err := context.Cause(ctx); err != nil {
		return nil, fmt.Errorf("scopetest: nothing was checked: %w", err)
	}
	if err := contract.check(); err != nil {
		return nil, fmt.Errorf("scopetest: the contract cannot be driven: %w", err)
	}
	d := &drive{ctx: ctx, handler: handler, contract: &contract, as: as, patience: patience, seen: make(map[string]bool), codes: make(map[string]int), probed: make(map[string]bool)}
	for _, p := range Personas() {
		_, err := d.request(&contract.Routes[0], p, contract.Routes[0].Method)
		switch {
		case err == nil:
			d.personas = append(d.personas, p)
		case errors.Is(err, ErrNoPersona):
			d.notes = append(d.notes, fmt.Sprintf("not driven: %s, which the service does not have", p))
		default:
			return nil, fmt.Errorf("scopetest: no request could be made as %s: %w", p, err)
		}
	}
	for _, p := range []Persona{Nobody, Outsider} {
		if !slices.Contains(d.personas, p) {
			return nil, fmt.Errorf("scopetest: without %s there is nothing to compare; make such requests", p)
		}
	}
	if !slices.ContainsFunc(d.personas, Persona.belongs) {
		return nil, errors.New("scopetest: without a member, admin or owner no route can be reached; make such requests")
	}
	for i := range contract.Routes {
		r := &contract.Routes[i]
		if !slices.ContainsFunc(d.personas, func(p Persona) bool { return contract.passes(p, r) }) {
			return nil, fmt.Errorf("scopetest: nobody who is driven may pass %s, so it cannot be reached; make requests of those who may", r)
		}
	}
	if err := d.control(); err != nil {
		return nil, err
	}
	return d, nil
}

// all drives every route.
func (d *drive) all() []Violation {
	var all []Violation
	for i := range d.contract.Routes {
		if d.ctx.Err() != nil {
			return all
		}
		all = append(all, d.route(&d.contract.Routes[i])...)
	}
	return append(all, d.whole()...)
}

func (d *drive) broken(g Guarantee, format string, args ...any) {
	v := Violation{Guarantee: g, Detail: fmt.Sprintf(format, args...)}
	// What is broken throughout would drown the first messages.
	if !slices.Contains(d.found, v) && len(d.found) < 20 {
		d.found = append(d.found, v)
	}
}

// route drives one route, as everybody and with other methods.
func (d *drive) route(r *Route) []Violation {
	d.found = nil
	reached := false
	for _, p := range d.personas {
		a, ok := d.send(r, p, r.Method)
		if !ok {
			continue
		}
		d.codes[r.String()+" "+string(p)] = a.code
		want := d.contract.expected(p, r)
		if statusIn(a.code, want) {
			reached = reached || d.contract.passes(p, r) && reaches(a.code)
		} else {
			d.broken(d.broke(p, r, a.code), "%s as %s answers %d, want %s", r, p, a.code, strings.Join(want, " or "))
		}
	}
	if !reached && len(d.found) == 0 {
		d.broken(Reached, "%s was reached by nobody", r)
	}
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "TENANTVET"} {
		d.other(r, method)
	}
	return d.found
}

// broke returns what a status breaks that is not the one expected.
func (d *drive) broke(p Persona, r *Route, code int) Guarantee {
	passes := d.contract.passes(p, r)
	if !passes && slices.ContainsFunc(d.personas, func(other Persona) bool {
		return d.contract.passes(other, r) && statusIn(code, d.contract.expected(other, r))
	}) {
		return Guarded // whatever status it is
	}
	switch {
	case code >= 500 && code != http.StatusNotImplemented:
		return Sound
	case 300 <= code && code < 400:
		return Redirects
	case !passes:
		return Guarded
	case !reaches(code):
		return Reached
	}
	return Available
}

// other sends a request with a method that is not the route's.
func (d *drive) other(r *Route, method string) {
	target, _ := r.target()
	listed := func(method string) *Route {
		for i := range d.contract.Routes {
			if other := &d.contract.Routes[i]; other.Method == method && other.matches(target) {
				return other
			}
		}
		return nil
	}
	path, _, _ := strings.Cut(target, "?")
	if listed(method) != nil || d.probed[method+" "+path] {
		return
	}
	d.probed[method+" "+path] = true
	// Servers answer HEAD where there is a GET, and it shows whether there is
	// something.
	like := r
	if method == http.MethodHead {
		like = listed(http.MethodGet)
	}
	before := len(d.found)
	for _, p := range d.personas {
		if len(d.found) > before {
			return // it is the same for most of them
		}
		a, ok := d.send(r, p, method)
		switch {
		case !ok, method == http.MethodOptions:
			// What is asked before a request from a web page is for everybody.
		case a.code == http.StatusServiceUnavailable && p == Outage:
		case a.code >= 500 && a.code != http.StatusNotImplemented:
			d.broken(Sound, "%s %s as %s answers %d", method, r.Path, p, a.code)
		case a.code < 200 || a.code > 299:
		case method != http.MethodHead || like == nil:
			d.broken(Listed, "%s %s as %s answers %d, and the contract has no such route", method, r.Path, p, a.code)
		case d.codes[like.String()+" "+string(p)] == a.code: // said there, if it is wrong
		case !statusIn(a.code, d.contract.expected(p, like)):
			d.broken(Guarded, "%s %s as %s answers %d, want what GET has: %s", method, r.Path, p, a.code, strings.Join(d.contract.expected(p, like), " or "))
		}
	}
}

// whole returns what only shows after all routes were driven.
func (d *drive) whole() []Violation {
	d.found = nil
	for _, m := range d.contract.Home {
		if !d.seen[m] {
			d.broken(Markers, "nobody of the home tenant saw %q, so that others did not proves nothing", m)
		}
	}
	return d.found
}

// answer is what the handler answered.
type answer struct {
	code    int
	text    string // headers and body
	problem string // a panic, or no answer at all
}

// send sends a request as a persona and looks for what no answer may have. It
// reports whether there is an answer.
func (d *drive) send(r *Route, p Persona, method string) (answer, bool) {
	req, err := d.request(r, p, method)
	if err != nil {
		d.broken(Available, "%s %s as %s: no request could be made: %v", method, r.Path, p, err)
		return answer{}, false
	}
	a := d.ask(req)
	if d.ctx.Err() != nil {
		return answer{}, false // it is nobody's fault
	}
	if a.problem != "" {
		d.broken(Sound, "%s %s as %s %s", method, r.Path, p, a.problem)
		return answer{}, false
	}
	for _, m := range d.contract.Home {
		if !strings.Contains(a.text, m) {
			continue
		}
		// The owner whose credentials or header are wrong does not become a
		// stranger, but gets nothing that a membership is needed for.
		own := p.belongs() || (p == Mismatched || p == Outage) && r.Requires == RequireSignIn
		if !own {
			d.broken(Leaks, "%s %s as %s answers %d with %q, which is of the home tenant", method, r.Path, p, a.code, m)
		} else if d.contract.passes(p, r) {
			d.seen[m] = true
		}
	}
	for _, m := range d.contract.Foreign {
		if strings.Contains(a.text, m) && p != Outsider && p != Neighbour {
			d.broken(Leaks, "%s %s as %s answers %d with %q, which is of another tenant", method, r.Path, p, a.code, m)
		}
	}
	return a, true
}

// ask has the handler answer a request.
func (d *drive) ask(req *http.Request) answer {
	ctx, cancel := context.WithTimeout(req.Context(), d.patience)
	defer cancel()
	req = req.WithContext(ctx)
	answers := make(chan answer, 1)
	go func() {
		a := answer{problem: "ends the goroutine of the handler"}
		defer func() {
			if value := recover(); value != nil {
				a = answer{problem: fmt.Sprintf("panics: %v", value)}
			}
			answers <- a
		}()
		w := httptest.NewRecorder()
		d.handler.ServeHTTP(w, req)
		res := w.Result()
		var text strings.Builder
		_ = res.Header.Write(&text) // a strings.Builder takes everything
		text.Write(w.Body.Bytes())
		a = answer{code: res.StatusCode, text: text.String()}
	}()
	select {
	case a := <-answers:
		return a
	case <-ctx.Done():
	}
	// A handler that heeds its context ends now, and is late all the same. One
	// that does not is left behind.
	select {
	case <-answers:
	case <-time.After(d.patience):
	}
	return answer{problem: fmt.Sprintf("is not answered within %v", d.patience)}
}

// request returns the request of a persona for a route.
func (d *drive) request(r *Route, p Persona, method string) (*http.Request, error) {
	target, err := r.target()
	if err != nil {
		return nil, err
	}
	var req *http.Request
	if err := call(func() error {
		req = httptest.NewRequestWithContext(d.ctx, method, target, strings.NewReader(r.Body))
		return nil
	}); err != nil {
		return nil, err
	}
	if r.Body == "" {
		req.Body = http.NoBody
	} else {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.ContentType != "" {
		req.Header.Set("Content-Type", r.ContentType)
	}
	for _, name := range sortedKeys(r.Headers) {
		req.Header.Set(name, r.Headers[name])
	}
	req, err = d.as(req, p)
	if err == nil && req == nil {
		err = errors.New("neither a request nor an error was returned")
	}
	return req, err
}

// target returns path and query with the values in place.
func (r *Route) target() (string, error) {
	segments := strings.Split(r.Path[1:], "/")
	for i, segment := range segments {
		name, ok := strings.CutPrefix(segment, "{")
		switch name, rest := strings.CutSuffix(strings.TrimSuffix(name, "}"), "..."); {
		case !ok:
			segments[i] = (&url.URL{Path: segment}).EscapedPath()
		case rest:
			parts := strings.Split(r.Values[name], "/")
			for j, part := range parts {
				parts[j] = url.PathEscape(part)
			}
			segments[i] = strings.Join(parts, "/")
		default:
			segments[i] = url.PathEscape(r.Values[name])
		}
	}
	target := "/" + strings.Join(segments, "/")
	if r.Query != "" {
		if _, err := url.ParseQuery(r.Query); err != nil {
			return "", fmt.Errorf("the query of %s: %w", r, err)
		}
		target += "?" + strings.ReplaceAll(r.Query, " ", "%20")
	}
	return target, nil
}

// matches reports whether the path of the route covers a target.
func (r *Route) matches(target string) bool {
	path, _, _ := strings.Cut(target, "?")
	want, have := strings.Split(r.Path, "/"), strings.Split(path, "/")
	for i, segment := range want {
		if strings.HasSuffix(segment, "...}") {
			return true
		}
		if i >= len(have) || !strings.HasPrefix(segment, "{") && (&url.URL{Path: segment}).EscapedPath() != have[i] {
			return false
		}
	}
	return len(want) == len(have)
}

// control drives handlers that are known to be right or wrong, with the contract
// and the personas at hand.
func (d *drive) control() error {
	var p Persona
	var r *Route
	var method string
	// try drives a handler that is told who asks.
	try := func(h http.HandlerFunc) []Violation {
		fake := *d
		fake.handler, fake.seen, fake.codes, fake.probed = h, make(map[string]bool), make(map[string]int), make(map[string]bool)
		fake.as = func(req *http.Request, persona Persona) (*http.Request, error) {
			p, method = persona, req.Method
			return req, nil
		}
		var all []Violation
		for i := range d.contract.Routes {
			r = &d.contract.Routes[i]
			all = append(all, fake.route(r)...)
		}
		return append(all, fake.whole()...)
	}
	right := func(w http.ResponseWriter, _ *http.Request) {
		if method != r.Method {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		want := d.contract.expected(p, r)
		w.WriteHeader(statusOf(want[0]))
		if p.belongs() && d.contract.passes(p, r) {
			_, _ = fmt.Fprint(w, d.contract.Home) // a recorder takes everything
		}
	}
	if found := try(right); len(found) > 0 && d.ctx.Err() == nil {
		return fmt.Errorf("scopetest: the contract contradicts itself, or the kit is broken: a handler that does what it says is found wrong: %s", found[0])
	}
	guards := slices.ContainsFunc(d.contract.Routes, func(r Route) bool { return r.Requires != RequireNothing && len(r.Expect) == 0 })
	for _, wrong := range []struct {
		what    string
		breaks  Guarantee
		applies bool
		handler http.HandlerFunc
	}{
		{"lets everybody pass", Guarded, guards, func(w http.ResponseWriter, _ *http.Request) {}},
		{"has no routes", Reached, true, http.NotFound},
		{"panics", Sound, true, func(http.ResponseWriter, *http.Request) { panic("on purpose") }},
		{"answers other methods", Listed, true, func(w http.ResponseWriter, req *http.Request) {
			if method == r.Method {
				right(w, req)
			}
		}},
		{"shows the home tenant to everybody", Leaks, len(d.contract.Home) > 0, func(w http.ResponseWriter, req *http.Request) {
			right(w, req)
			_, _ = fmt.Fprint(w, d.contract.Home)
		}},
		{"shows another tenant to everybody", Leaks, len(d.contract.Foreign) > 0, func(w http.ResponseWriter, req *http.Request) {
			right(w, req)
			_, _ = fmt.Fprint(w, d.contract.Foreign)
		}},
		{"shows nothing to anybody", Markers, len(d.contract.Home) > 0, func(w http.ResponseWriter, _ *http.Request) {}},
	} {
		if wrong.applies && d.ctx.Err() == nil && !slices.ContainsFunc(try(wrong.handler), func(v Violation) bool { return v.Guarantee == wrong.breaks }) {
			return fmt.Errorf("scopetest: the kit is broken: a handler that %s on purpose is not caught, so a pass proves nothing", wrong.what)
		}
	}
	if err := context.Cause(d.ctx); err != nil {
		return fmt.Errorf("scopetest: nothing was checked: %w", err)
	}
	return nil
}

// statusOf returns a status code for a text of a contract.
func statusOf(text string) int {
	code := 0
	for _, c := range strings.ReplaceAll(text, "x", "0") {
		code = code*10 + int(c-'0')
	}
	return code
}
