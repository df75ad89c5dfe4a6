package runtime

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"
)

// Boundary is the edge of a service: where a request gets its scope. It comes
// from [New], is immutable and safe for concurrent use. A zero or nil Boundary
// refuses everything ([ReasonMisconfigured]).
//
// Middleware is for services on net/http and the routers that take its handlers;
// everything else calls [Boundary.Admit] and the Check methods.
type Boundary struct {
	env           Env
	allowed       []Env
	claims        [fieldCount]string // "" for Unused
	headers       [fieldCount]string // the same, canonical
	authenticator Authenticator
	directory     Directory
	authority     Authority
	hasher        *Hasher
	timeout       time.Duration
	maxCandidates int
	trust         func(context.Context, Header) bool // may be nil
	observe       func(context.Context, *Refusal)    // may be nil
}

// Hasher returns the hasher with the secret of Config.KeySecret. That of a zero
// or nil Boundary hashes nothing.
func (b *Boundary) Hasher() *Hasher {
	if b == nil {
		return nil
	}
	return b.hasher
}

// Env returns the environment that the deployment runs in.
func (b *Boundary) Env() Env {
	if b == nil {
		return Env{}
	}
	return b.env
}

// Format writes the same for every boundary, whatever the verb, so that neither
// the secret nor anything behind the interfaces is printed.
func (b *Boundary) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "boundary("+redacted+")") // a State takes no errors back
}

// Admit finds out whose request it is and returns a context that carries the
// scope: [FromContext] takes it out again, and [DecisionFromContext] the
// decision it rests on. The steps are, the first refusal ending it:
//
//  1. The authenticator verifies the caller.
//  2. User, tenant, environment and role are read from claims and headers, in
//     this order: each once, well formed, the header no other than the claim.
//  3. The environment is normalised and has to be allowed.
//  4. The directory lists the user's tenants in that environment.
//  5. [Evaluate] and [Decide] resolve the tenant.
//  6. The scope is put into the context, which must not carry a different one.
//
// The error is always a [*Refusal]. With an error, the context returned carries
// no scope for good, as that of [NewContext]; it is never nil.
func (b *Boundary) Admit(ctx context.Context, h Header) (context.Context, error) {
	ctx = notNil(ctx)
	c, refusal := b.admit(ctx, h)
	if refusal != nil {
		return closed(ctx), refusal
	}
	if present := carriedBy(ctx); present != nil && present.decision == c.decision {
		return ctx, nil // admitted before, as the same caller
	}
	return c.with(ctx), nil
}

// Middleware returns a handler that admits requests and passes those that get
// through to next, with the scope in their context. The others are answered as
// by [WriteProblem]. A nil next refuses everything ([ReasonMisconfigured]).
func (b *Boundary) Middleware(next http.Handler) http.Handler {
	return b.guard(next, func(r *http.Request) (context.Context, error) {
		return b.Admit(r.Context(), r.Header)
	})
}

// guard returns a handler that calls next with the context of admit, or answers
// with its error.
func (b *Boundary) guard(next http.Handler, admit func(*http.Request) (context.Context, error)) http.Handler {
	if next == nil {
		admit = func(r *http.Request) (context.Context, error) {
			return closed(r.Context()), refuse(ReasonMisconfigured)
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, err := admit(r)
		if err != nil {
			var refusal *Refusal
			if b != nil && b.observe != nil && errors.As(err, &refusal) {
				b.observe(r.Context(), refusal)
			}
			// The client has gone, if anything; there is nobody to tell.
			_ = WriteProblem(w, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// admit does the work of Admit. It returns what the context is to carry.
func (b *Boundary) admit(ctx context.Context, h Header) (*carried, *Refusal) {
	switch {
	case b == nil || b.authenticator == nil:
		return nil, refuse(ReasonMisconfigured)
	case insidePart(ctx):
		return nil, refuse(ReasonGateReentered)
	}
	said, err := ask(ctx, b.timeout, nil, func(ctx context.Context) (statements, error) { return b.listen(ctx, h) })
	if err != nil {
		return nil, authenticationRefusal(ctx, err)
	}
	user, refusal := said.text(fieldUser)
	if refusal != nil {
		return nil, refusal
	}
	if user == "" {
		return nil, &Refusal{reason: ReasonClaimMissing, field: fieldName(fieldUser)}
	}
	selection, refusal := said.text(fieldTenant)
	if refusal != nil {
		return nil, refusal
	}
	env, refusal := b.envOf(&said)
	if refusal != nil {
		return nil, refusal
	}
	role, refusal := said.text(fieldRole)
	if refusal != nil {
		return nil, refusal
	}

	candidates, err := ask(ctx, b.timeout, nil, func(ctx context.Context) ([]Binding, error) {
		return b.directory.Bindings(ctx, user, env)
	})
	if err != nil {
		return nil, unanswered(ctx, ReasonDirectoryUnavailable, err)
	}
	decision := Decide(Evaluate(EvaluateInput{
		Identity:      Identity{Kind: IdentitySignedIn, User: user},
		Now:           time.Now(),
		Candidates:    candidates,
		Selection:     selection,
		MaxCandidates: b.maxCandidates,
	}))
	if decision.Status() != StatusOK {
		return nil, refuse(decision.Reason())
	}
	c := &carried{
		scope: Scope{
			realm: realm{tenant: decision.chosen.tenant, env: env},
			user:  makeID(user),
			role:  makeID(role),
		},
		decision: decision,
	}
	if present := carriedBy(ctx); present != nil {
		if present.scope != c.scope {
			return nil, refuse(ReasonScopeConflict)
		}
		// What was proven before stays proven: it is the same caller.
		c.member, c.role = present.member, present.role
	}
	return c, nil
}

// authenticationRefusal returns the refusal for an error of the authenticator.
// Most of its errors mean that the token is no good.
func authenticationRefusal(ctx context.Context, err error) *Refusal {
	var panicked *PanicError
	switch {
	case errors.Is(err, ErrUnavailable), errors.As(err, &panicked), ctx.Err() != nil,
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return unanswered(ctx, ReasonAuthenticationUnavailable, err)
	}
	return &Refusal{reason: ReasonUnauthenticated, cause: err}
}

// unanswered returns the refusal for an outside part that did not answer.
func unanswered(ctx context.Context, reason Reason, err error) *Refusal {
	if ctx.Err() != nil {
		reason = ReasonRequestCancelled
	}
	return &Refusal{reason: reason, cause: err}
}

// statement is one claim or header, as it was found.
type statement struct {
	value string
	n     int // how many there were
}

// statements are all that was said about the caller.
type statements struct {
	claims  [fieldCount]statement
	headers [fieldCount]statement
	trusted bool // the headers count as claims
}

// listen reads claims and headers. It runs as part of asking the authenticator,
// since claims and headers are foreign code as well.
func (b *Boundary) listen(ctx context.Context, h Header) (statements, error) {
	var s statements
	claims, err := b.authenticator.Authenticate(ctx, h)
	if err == nil && claims == nil {
		err = errNoClaims
	}
	s.trusted = b.trust != nil && h != nil && b.trust(ctx, h)
	if err != nil && (!s.trusted || errors.Is(err, ErrUnavailable)) {
		return statements{}, err
	}
	for i := range fieldCount {
		if name := b.claims[i]; name != "" && err == nil {
			s.claims[i].value, s.claims[i].n = claims.Claim(name)
		}
		if name := b.headers[i]; name != "" && h != nil {
			if values := headerValues(h, name); len(values) > 0 {
				s.headers[i] = statement{values[0], len(values)}
			}
		}
	}
	return s, nil
}

// headerValues returns the values of a name that is canonical already, so that
// net/http does not make it so for each request.
func headerValues(h Header, canonical string) []string {
	if m, ok := h.(http.Header); ok {
		return m[canonical]
	}
	return h.Values(canonical)
}

// errNoClaims says what an authenticator does wrong that returns neither claims
// nor an error.
var errNoClaims = errors.New("the authenticator returned neither claims nor an error; return an error if nobody is signed in")

// check returns the value of the statement, or "" if nothing was said, or a
// refusal if what was said has the wrong form.
func (s statement) check(field int, repeated, oversized, malformed Reason) (string, *Refusal) {
	reason := ReasonUnspecified
	switch {
	case s.n == 0:
		return "", nil
	case s.n > 1:
		reason = repeated
	case len(s.value) > MaxIDBytes:
		reason = oversized
	case s.n < 0 || s.value == "" || malformedID(s.value) != "":
		reason = malformed
	default:
		return s.value, nil
	}
	return "", &Refusal{reason: reason, field: fieldName(field)}
}

// both returns what claim and header say, each "" if nothing. Claims come first
// where both have the wrong form.
func (s *statements) both(field int) (claim, header string, refusal *Refusal) {
	claim, refusal = s.claims[field].check(field, ReasonClaimRepeated, ReasonClaimOversized, ReasonClaimMalformed)
	if refusal != nil {
		return "", "", refusal
	}
	header, refusal = s.headers[field].check(field, ReasonHeaderRepeated, ReasonHeaderOversized, ReasonHeaderMalformed)
	if refusal != nil {
		return "", "", refusal
	}
	if claim == "" && header != "" && !s.trusted && field != fieldTenant {
		return "", "", &Refusal{reason: ReasonHeaderUntrusted, field: fieldName(field)}
	}
	return claim, header, nil
}

// text returns what is said about a field other than the environment, or "" if
// nothing is.
func (s *statements) text(field int) (string, *Refusal) {
	claim, header, refusal := s.both(field)
	switch {
	case refusal != nil:
		return "", refusal
	case claim == "":
		return header, nil
	case header != "" && header != claim:
		return "", &Refusal{reason: ReasonHeaderConflict, field: fieldName(field)}
	}
	return claim, nil
}

// envOf returns the environment of the caller.
func (b *Boundary) envOf(s *statements) (Env, *Refusal) {
	refused := func(reason Reason) (Env, *Refusal) {
		return Env{}, &Refusal{reason: reason, field: fieldName(fieldEnv)}
	}
	if b.claims[fieldEnv] == "" && b.headers[fieldEnv] == "" {
		return b.env, nil
	}
	claim, header, refusal := s.both(fieldEnv)
	if refusal != nil {
		return Env{}, refusal
	}
	var env Env
	for _, name := range [...]string{claim, header} {
		if name == "" {
			continue
		}
		parsed, err := ParseEnv(name)
		switch {
		case err != nil:
			return refused(ReasonEnvUnknown)
		case env.IsValid() && env != parsed:
			return refused(ReasonHeaderConflict)
		}
		env = parsed
	}
	switch {
	case !env.IsValid():
		return refused(ReasonClaimMissing)
	case !slices.Contains(b.allowed, env):
		return refused(ReasonEnvNotAllowed)
	}
	return env, nil
}
