package runtime

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// IdentityKind says how the caller is known.
type IdentityKind uint8

const (
	// IdentityUnknown: not at all. The zero IdentityKind.
	IdentityUnknown IdentityKind = iota
	// IdentityVoiceAssertion: somebody was recognised by voice. Without a user
	// that is as good as unknown.
	IdentityVoiceAssertion
	// IdentitySignedIn: a user has signed in.
	IdentitySignedIn
)

// Identity is who is asking, as found out before by whoever verified it.
type Identity struct {
	Kind IdentityKind
	User string // id; empty if unknown
}

// Binding says that a user belongs to a tenant.
type Binding struct {
	Tenant string // id
	// Policy refers to the policies that are in force for the tenant. It is an
	// id that means something to the quota and the governance of the service.
	Policy string
	// Locale is the tenant's default language tag: at most [MaxLocaleBytes]
	// letters, digits, '-' and '_', or empty.
	Locale   string
	Disabled bool // nobody gets in
	Blocked  bool // policy lets nobody in
}

// Limits of what [Evaluate] takes.
const (
	// DefaultCandidates is how many candidates there may be if
	// EvaluateInput.MaxCandidates is 0.
	DefaultCandidates = 64
	// MaxCandidates is the largest value of EvaluateInput.MaxCandidates.
	MaxCandidates = 1024
	// MaxLocaleBytes is the longest locale, in bytes.
	MaxLocaleBytes = 64
)

// EvaluateInput is all that a decision about the tenant depends on.
//
// Ids (user, device, session, tenant, policy, selection) are of the form that
// the ids of a [Scope] have: valid UTF-8 of at most [MaxIDBytes] bytes without
// control characters and without white space around.
type EvaluateInput struct {
	Identity Identity
	Device   string // optional id
	Session  string // optional id
	// Now is when the question is asked. It must not be zero; nothing else
	// depends on it yet.
	Now time.Time
	// Candidates are the tenants that the identity belongs to, in any order. A
	// candidate may occur several times if all its fields agree, and then counts
	// once.
	Candidates []Binding
	// Selection is the tenant that the caller asked for, or empty if the caller
	// did not ask for one.
	Selection string
	// MaxCandidates is how long Candidates may be, repetitions included: 0 for
	// [DefaultCandidates], or 1 to [MaxCandidates].
	MaxCandidates int
}

// Posture says by which way a tenant is arrived at.
type Posture uint8

const (
	// PostureNone: by none. There is nobody known, nothing to choose from, a
	// selection of something else, or malformed input. The zero Posture.
	PostureNone Posture = iota
	// PostureExplicitSelection: the caller selected one of the candidates.
	PostureExplicitSelection
	// PostureSingleCandidate: there is one candidate and no selection.
	PostureSingleCandidate
	// PostureClarify: the caller has to select one of several.
	PostureClarify
)

// String returns none, explicit_selection, single_candidate or clarify_needed.
func (p Posture) String() string {
	switch p {
	case PostureExplicitSelection:
		return "explicit_selection"
	case PostureSingleCandidate:
		return "single_candidate"
	case PostureClarify:
		return "clarify_needed"
	}
	return "none"
}

// PolicyBundle is what [Evaluate] found. It cannot be made otherwise: the zero
// PolicyBundle is one that [Decide] fails. Bundles are immutable and comparable
// with ==.
type PolicyBundle struct {
	made       bool
	known      bool
	posture    Posture
	candidates int
	reason     Reason // of the decision that follows
	chosen     chosen // only if the reason is OK
}

// chosen is the tenant that was arrived at. Its ids are handles so that they are
// not printed; the locale names nobody.
type chosen struct {
	tenant id
	policy id
	locale string
}

// IdentityKnown reports whether somebody known is asking.
func (b PolicyBundle) IdentityKnown() bool { return b.known }

// Candidates returns how many different tenants there are to choose from, or 0
// if the input was malformed.
func (b PolicyBundle) Candidates() int { return b.candidates }

// Tenant returns the tenant that was arrived at, or "" if there is none that
// the caller could get: a disabled or blocked one is not returned.
func (b PolicyBundle) Tenant() string { return b.chosen.tenant.value() }

// Posture returns by which way a tenant was arrived at, also where that tenant
// is disabled or blocked.
func (b PolicyBundle) Posture() Posture { return b.posture }

// String describes the bundle without ids.
func (b PolicyBundle) String() string {
	return fmt.Sprintf("policy(known=%t candidates=%d posture=%s tenant=%s)",
		b.known, b.candidates, b.posture, presence(b.chosen.tenant))
}

// Format writes the same as [PolicyBundle.String], whatever the verb.
func (b PolicyBundle) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, b.String()) // a State takes no errors back
}

// Evaluate is the first step of the resolver, TENANT_POLICY_EVALUATE: it looks
// at who is asking and what there is to choose from. [Decide] draws the
// conclusion.
//
// It is a pure function. It reads nothing but its input, and the order of the
// candidates does not matter. It asks nobody whether a tenant exists: a
// selection that is no candidate is answered the same way for all tenants there
// are and are not. Ids are compared byte for byte, so "Acme" is not "acme".
//
// Nothing is ever picked. Several candidates without a selection need a choice
// even if only one of them is enabled.
func Evaluate(in EvaluateInput) PolicyBundle {
	if reason := in.malformed(); reason != ReasonUnspecified {
		return PolicyBundle{made: true, reason: reason}
	}
	var buf [DefaultCandidates]uint16
	order := buf[:0] // of the candidates, so that those of one tenant are neighbours
	for i := range in.Candidates {
		order = append(order, uint16(i))
	}
	slices.SortFunc(order, func(i, j uint16) int {
		return cmp.Compare(in.Candidates[i].Tenant, in.Candidates[j].Tenant)
	})
	b := PolicyBundle{made: true, known: in.Identity.User != ""}
	var selected *Binding
	for n, i := range order {
		candidate := &in.Candidates[i]
		if n > 0 {
			if previous := &in.Candidates[order[n-1]]; previous.Tenant == candidate.Tenant {
				if *previous != *candidate {
					return PolicyBundle{made: true, reason: ReasonCandidatesDisagree}
				}
				continue
			}
		}
		b.candidates++
		if in.Selection == "" || in.Selection == candidate.Tenant {
			selected = candidate // without a selection, it counts only if it is the only one
		}
	}
	// The first of these that holds is the answer; see Decide.
	switch {
	case !b.known:
		b.reason = ReasonIdentityUnknown
	case b.candidates == 0:
		b.reason = ReasonNoCandidates
	case in.Selection == "" && b.candidates > 1:
		b.posture, b.reason = PostureClarify, ReasonTenantChoice
	case selected == nil:
		b.reason = ReasonSelectionNotAllowed
	default:
		b.posture, b.reason = PostureSingleCandidate, ReasonSingleCandidate
		if in.Selection != "" {
			b.posture, b.reason = PostureExplicitSelection, ReasonExplicitSelection
		}
		switch {
		case selected.Disabled:
			b.reason = ReasonTenantDisabled
		case selected.Blocked:
			b.reason = ReasonTenantBlocked
		default:
			b.chosen = chosen{makeID(selected.Tenant), makeID(selected.Policy), strings.Clone(selected.Locale)}
		}
	}
	return b
}

// malformed returns what is wrong with the form of the input, or
// ReasonUnspecified if nothing is.
func (in *EvaluateInput) malformed() Reason {
	limit := cmp.Or(in.MaxCandidates, DefaultCandidates)
	switch {
	case in.Now.IsZero():
		return ReasonNowMissing
	case in.Identity.Kind > IdentitySignedIn,
		in.Identity.Kind == IdentityUnknown && in.Identity.User != "":
		return ReasonIdentityMalformed
	case in.Identity.Kind == IdentitySignedIn && in.Identity.User == "",
		malformedID(in.Identity.User) != "":
		return ReasonUserMalformed
	case malformedID(in.Device) != "":
		return ReasonDeviceMalformed
	case malformedID(in.Session) != "":
		return ReasonSessionMalformed
	case malformedID(in.Selection) != "":
		return ReasonSelectionMalformed
	case limit < 1 || limit > MaxCandidates:
		return ReasonLimitMalformed
	case len(in.Candidates) > limit:
		return ReasonTooManyCandidates
	}
	for i := range in.Candidates {
		c := &in.Candidates[i]
		if c.Tenant == "" || c.Policy == "" ||
			malformedID(c.Tenant) != "" || malformedID(c.Policy) != "" || !isLocale(c.Locale) {
			return ReasonCandidateMalformed
		}
	}
	return ReasonUnspecified
}

// isLocale reports whether s has the characters of a language tag; whether it
// names a language is nobody's business here.
func isLocale(s string) bool {
	if len(s) > MaxLocaleBytes {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || 'z' < c) && (c < 'A' || 'Z' < c) && (c < '0' || '9' < c) && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// MissingField is something that the caller has to supply.
type MissingField string

// MissingTenantChoice is the only [MissingField] there is: which of several
// tenants the caller means.
const MissingTenantChoice MissingField = "tenant_choice"

// DecisionBundle is what [Decide] concluded. It cannot be made otherwise: the
// zero DecisionBundle fails and names no tenant. Bundles are immutable and
// comparable with ==.
//
// A decision is not a [Scope] and gives no access: it is as good as the input
// that [Evaluate] was given. The [Boundary] makes a scope of a decision about
// input that it has verified itself.
type DecisionBundle struct {
	reason Reason
	chosen chosen
}

// Decide is the second step of the resolver, TENANT_DECISION_COMPUTE: it draws
// the conclusion from what [Evaluate] found. It is a pure function.
//
// Where several reasons apply, the first of these is given:
//
//  1. FAIL: bundle_missing, now_missing, identity_malformed, user_malformed,
//     device_malformed, session_malformed, selection_malformed,
//     limit_malformed, too_many_candidates, candidate_malformed,
//     candidates_disagree
//  2. REFUSED: identity_unknown, no_candidates
//  3. NEEDS_CLARIFY: tenant_choice
//  4. REFUSED: selection_not_allowed, tenant_disabled, tenant_blocked
//  5. OK: explicit_selection, single_candidate
func Decide(b PolicyBundle) DecisionBundle {
	if !b.made {
		return DecisionBundle{reason: ReasonBundleMissing}
	}
	return DecisionBundle{reason: b.reason, chosen: b.chosen}
}

// Status returns the outcome.
func (d DecisionBundle) Status() Status { return d.reason.Status() }

// Reason returns why.
func (d DecisionBundle) Reason() Reason { return d.reason }

// Tenant returns the tenant, or "" unless the status is [StatusOK].
func (d DecisionBundle) Tenant() string { return d.chosen.tenant.value() }

// Policy returns the tenant's policy reference, or "" unless the status is
// [StatusOK].
func (d DecisionBundle) Policy() string { return d.chosen.policy.value() }

// Locale returns the tenant's default locale, or "" if it has none or the
// status is not [StatusOK].
func (d DecisionBundle) Locale() string { return d.chosen.locale }

// Missing returns what the caller has to supply: [MissingTenantChoice] if the
// status is [StatusNeedsClarify], else nothing. The slice is the caller's own.
func (d DecisionBundle) Missing() []MissingField { return missing(d.reason) }

func missing(r Reason) []MissingField {
	if r == ReasonTenantChoice {
		return []MissingField{MissingTenantChoice}
	}
	return nil
}

// String describes the decision without ids.
func (d DecisionBundle) String() string {
	return fmt.Sprintf("decision(%s reason=%s tenant=%s)", d.Status(), d.reason, presence(d.chosen.tenant))
}

// Format writes the same as [DecisionBundle.String], whatever the verb.
func (d DecisionBundle) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, d.String()) // a State takes no errors back
}
