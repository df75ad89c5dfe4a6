package runtime

import "net/http"

// Status is the outcome of a decision. The zero Status is [StatusFail], so that
// an outcome nobody computed is not a success.
type Status uint8

const (
	// StatusFail means that nothing could be decided: the input was malformed,
	// or somebody who was to be asked did not answer.
	StatusFail Status = iota
	// StatusRefused means that the caller may not.
	StatusRefused
	// StatusNeedsClarify means that the caller has to say more, and may then.
	StatusNeedsClarify
	// StatusOK means that the caller may.
	StatusOK
)

// String returns FAIL, REFUSED, NEEDS_CLARIFY or OK, and FAIL for values that
// are none of the constants.
func (s Status) String() string {
	switch s {
	case StatusRefused:
		return "REFUSED"
	case StatusNeedsClarify:
		return "NEEDS_CLARIFY"
	case StatusOK:
		return "OK"
	}
	return "FAIL"
}

// Reason says why a decision came out as it did. The set is closed: [Reasons]
// lists it, and docs/runtime.md explains each. Every reason belongs to exactly
// one [Status] and one HTTP status. The zero Reason is [ReasonUnspecified].
type Reason uint8

// Reasons of the resolver: see [Decide].
const (
	// ReasonUnspecified: nobody gave a reason. It fails.
	ReasonUnspecified Reason = iota
	// ReasonExplicitSelection: the selected tenant is one of the candidates.
	ReasonExplicitSelection
	// ReasonSingleCandidate: there is one candidate and no selection.
	ReasonSingleCandidate
	// ReasonTenantChoice: there are several candidates and no selection.
	ReasonTenantChoice
	// ReasonIdentityUnknown: nobody known is asking.
	ReasonIdentityUnknown
	// ReasonNoCandidates: the user belongs to no tenant.
	ReasonNoCandidates
	// ReasonSelectionNotAllowed: the selected tenant is none of the candidates,
	// whether or not it exists.
	ReasonSelectionNotAllowed
	// ReasonTenantDisabled: the tenant is disabled.
	ReasonTenantDisabled
	// ReasonTenantBlocked: policy blocks the tenant.
	ReasonTenantBlocked
	// ReasonBundleMissing: [Decide] was given a bundle not made by [Evaluate].
	ReasonBundleMissing
	// ReasonNowMissing: the time is zero.
	ReasonNowMissing
	// ReasonIdentityMalformed: the kind of identity is not one of the
	// constants, or it is unknown and names a user all the same.
	ReasonIdentityMalformed
	// ReasonUserMalformed: the user id is not well formed.
	ReasonUserMalformed
	// ReasonDeviceMalformed: the device id is not well formed.
	ReasonDeviceMalformed
	// ReasonSessionMalformed: the session id is not well formed.
	ReasonSessionMalformed
	// ReasonSelectionMalformed: the selection is not well formed.
	ReasonSelectionMalformed
	// ReasonLimitMalformed: the limit of candidates is out of range.
	ReasonLimitMalformed
	// ReasonTooManyCandidates: there are more candidates than the limit.
	ReasonTooManyCandidates
	// ReasonCandidateMalformed: a field of a candidate is not well formed.
	ReasonCandidateMalformed
	// ReasonCandidatesDisagree: two candidates for one tenant differ.
	ReasonCandidatesDisagree

	// Reasons of the request boundary: see [Boundary.Admit].

	// ReasonUnauthenticated: nobody is signed in.
	ReasonUnauthenticated
	// ReasonClaimMissing: a claim that is needed is missing.
	ReasonClaimMissing
	// ReasonClaimRepeated: a claim has more than one value.
	ReasonClaimRepeated
	// ReasonClaimOversized: a claim is longer than [MaxIDBytes].
	ReasonClaimOversized
	// ReasonClaimMalformed: a claim is not well formed.
	ReasonClaimMalformed
	// ReasonHeaderRepeated: a header occurs more than once.
	ReasonHeaderRepeated
	// ReasonHeaderOversized: a header is longer than [MaxIDBytes].
	ReasonHeaderOversized
	// ReasonHeaderMalformed: a header is not well formed.
	ReasonHeaderMalformed
	// ReasonHeaderUntrusted: a header states what no verified claim states.
	ReasonHeaderUntrusted
	// ReasonHeaderConflict: a header states something else than the claim.
	ReasonHeaderConflict
	// ReasonEnvUnknown: the environment is none that [ParseEnv] knows.
	ReasonEnvUnknown
	// ReasonEnvNotAllowed: the environment is not allowed in this deployment.
	ReasonEnvNotAllowed
	// ReasonScopeConflict: the context carries a different scope already.
	ReasonScopeConflict
	// ReasonAuthenticationUnavailable: the [Authenticator] did not answer.
	ReasonAuthenticationUnavailable
	// ReasonDirectoryUnavailable: the [Directory] did not answer.
	ReasonDirectoryUnavailable
	// ReasonRequestCancelled: the request ended before it was decided.
	ReasonRequestCancelled
	// ReasonMisconfigured: the service put the pieces together wrongly, such as
	// a guard that demands no role or a boundary not made by [New].
	ReasonMisconfigured

	// Reasons of the guards and gates: see [Boundary.CheckTenantRole] and
	// [Pipeline.Admit].

	// ReasonScopeMissing: a guard ran outside of the request boundary.
	ReasonScopeMissing
	// ReasonNotMember: the user is no member of the tenant.
	ReasonNotMember
	// ReasonRoleNotHeld: the user holds none of the roles.
	ReasonRoleNotHeld
	// ReasonAuthorityUnavailable: the [Authority] did not answer.
	ReasonAuthorityUnavailable
	// ReasonQuotaRefused: the [Quota] refused.
	ReasonQuotaRefused
	// ReasonQuotaUnavailable: the [Quota] did not answer.
	ReasonQuotaUnavailable
	// ReasonGovernanceRefused: the [Governance] refused.
	ReasonGovernanceRefused
	// ReasonGovernanceUnavailable: the [Governance] did not answer.
	ReasonGovernanceUnavailable
	// ReasonGateReentered: one outside part called the boundary, a guard or a
	// pipeline while it was being asked by one.
	ReasonGateReentered

	reasonCount
)

// reasonInfo is what is known of a reason.
type reasonInfo struct {
	code   string
	status Status
	http   int
	says   string // to the client and in errors; reveals nothing of the inside
	remedy string // to whoever runs or wrote the service
}

// info returns what is known of the reason; of what is none, that nothing was
// specified. It is a switch rather than a table: a variable could be written.
func (r Reason) info() reasonInfo {
	switch r {
	case ReasonExplicitSelection:
		return reasonInfo{"explicit_selection", StatusOK, http.StatusOK, "the selected tenant is available", "nothing"}
	case ReasonSingleCandidate:
		return reasonInfo{"single_candidate", StatusOK, http.StatusOK, "there is one tenant to choose from", "nothing"}
	case ReasonTenantChoice:
		return reasonInfo{"tenant_choice", StatusNeedsClarify, http.StatusConflict, "there are several tenants to choose from", "let the caller select one"}
	case ReasonIdentityUnknown:
		return reasonInfo{"identity_unknown", StatusRefused, http.StatusUnauthorized, "the caller is not known", "sign in"}
	case ReasonNoCandidates:
		return reasonInfo{"no_candidates", StatusRefused, http.StatusForbidden, "there is no tenant to choose from", "make the user a member of a tenant"}
	case ReasonSelectionNotAllowed:
		return reasonInfo{"selection_not_allowed", StatusRefused, http.StatusForbidden, "the selected tenant is not available", "select one of the caller's tenants"}
	case ReasonTenantDisabled:
		return reasonInfo{"tenant_disabled", StatusRefused, http.StatusForbidden, "the tenant is disabled", "enable the tenant"}
	case ReasonTenantBlocked:
		return reasonInfo{"tenant_blocked", StatusRefused, http.StatusForbidden, "the tenant is blocked by policy", "change the tenant's policy"}
	case ReasonBundleMissing:
		return reasonInfo{"bundle_missing", StatusFail, http.StatusInternalServerError, "the request could not be decided", "pass Decide what Evaluate returned"}
	case ReasonNowMissing:
		return reasonInfo{"now_missing", StatusFail, http.StatusInternalServerError, "the request could not be decided", "pass the current time"}
	case ReasonIdentityMalformed:
		return reasonInfo{"identity_malformed", StatusFail, http.StatusInternalServerError, "the identity is malformed", "pass one of the kinds, and no user with an unknown identity"}
	case ReasonUserMalformed:
		return reasonInfo{"user_malformed", StatusFail, http.StatusInternalServerError, "the user is malformed", "pass a user id of 1 to 256 bytes of printable text"}
	case ReasonDeviceMalformed:
		return reasonInfo{"device_malformed", StatusFail, http.StatusBadRequest, "the device is malformed", "pass a device id of at most 256 bytes of printable text, or none"}
	case ReasonSessionMalformed:
		return reasonInfo{"session_malformed", StatusFail, http.StatusBadRequest, "the session is malformed", "pass a session id of at most 256 bytes of printable text, or none"}
	case ReasonSelectionMalformed:
		return reasonInfo{"selection_malformed", StatusFail, http.StatusBadRequest, "the selection is malformed", "pass a tenant id of at most 256 bytes of printable text, or none"}
	case ReasonLimitMalformed:
		return reasonInfo{"limit_malformed", StatusFail, http.StatusInternalServerError, "the request could not be decided", "pass a limit from 1 to 1024, or 0 for 64"}
	case ReasonTooManyCandidates:
		return reasonInfo{"too_many_candidates", StatusFail, http.StatusInternalServerError, "there are too many tenants to choose from", "raise the limit of candidates, or let the directory return fewer"}
	case ReasonCandidateMalformed:
		return reasonInfo{"candidate_malformed", StatusFail, http.StatusInternalServerError, "the request could not be decided", "mend the directory's data: tenant and policy are ids, the locale is a language tag or empty"}
	case ReasonCandidatesDisagree:
		return reasonInfo{"candidates_disagree", StatusFail, http.StatusInternalServerError, "the request could not be decided", "mend the directory's data: it binds one tenant twice, in different ways"}
	case ReasonUnauthenticated:
		return reasonInfo{"unauthenticated", StatusRefused, http.StatusUnauthorized, "nobody is signed in", "sign in"}
	case ReasonClaimMissing:
		return reasonInfo{"claim_missing", StatusRefused, http.StatusUnauthorized, "a claim is missing from the credentials", "issue credentials with the claim, or configure its name"}
	case ReasonClaimRepeated:
		return reasonInfo{"claim_repeated", StatusFail, http.StatusUnauthorized, "a claim has several values", "issue credentials with one value"}
	case ReasonClaimOversized:
		return reasonInfo{"claim_oversized", StatusFail, http.StatusUnauthorized, "a claim is too long", "issue credentials with a claim of at most 256 bytes"}
	case ReasonClaimMalformed:
		return reasonInfo{"claim_malformed", StatusFail, http.StatusUnauthorized, "a claim is malformed", "issue credentials with printable text for the claim"}
	case ReasonHeaderRepeated:
		return reasonInfo{"header_repeated", StatusFail, http.StatusBadRequest, "a header is repeated", "send the header once"}
	case ReasonHeaderOversized:
		return reasonInfo{"header_oversized", StatusFail, http.StatusBadRequest, "a header is too long", "send at most 256 bytes in the header"}
	case ReasonHeaderMalformed:
		return reasonInfo{"header_malformed", StatusFail, http.StatusBadRequest, "a header is malformed", "send printable text in the header"}
	case ReasonHeaderUntrusted:
		return reasonInfo{"header_untrusted", StatusRefused, http.StatusForbidden, "a header states what the credentials do not", "issue credentials with the claim, or leave the header out"}
	case ReasonHeaderConflict:
		return reasonInfo{"header_conflict", StatusRefused, http.StatusConflict, "a header contradicts the credentials", "leave the header out, or send what the credentials say"}
	case ReasonEnvUnknown:
		return reasonInfo{"env_unknown", StatusFail, http.StatusBadRequest, "the environment is not known", "use one of the names that ParseEnv lists"}
	case ReasonEnvNotAllowed:
		return reasonInfo{"env_not_allowed", StatusRefused, http.StatusForbidden, "the environment is not available here", "call the deployment of that environment, or allow it in Config.AllowedEnvs"}
	case ReasonScopeConflict:
		return reasonInfo{"scope_conflict", StatusRefused, http.StatusConflict, "the request has two callers", "admit a request once, from a context without a scope"}
	case ReasonAuthenticationUnavailable:
		return reasonInfo{"authentication_unavailable", StatusFail, http.StatusServiceUnavailable, "the caller could not be authenticated", "look at the cause: the authenticator failed or was too slow"}
	case ReasonDirectoryUnavailable:
		return reasonInfo{"directory_unavailable", StatusFail, http.StatusServiceUnavailable, "the caller's tenants could not be found out", "look at the cause: the directory failed or was too slow"}
	case ReasonRequestCancelled:
		return reasonInfo{"request_cancelled", StatusFail, http.StatusServiceUnavailable, "the request was cancelled", "nothing; the caller gave up or the request's deadline passed"}
	case ReasonMisconfigured:
		return reasonInfo{"misconfigured", StatusFail, http.StatusInternalServerError, "the request could not be decided", "make boundaries with New, pipelines from a boundary, and demand roles by name"}
	case ReasonScopeMissing:
		return reasonInfo{"scope_missing", StatusFail, http.StatusInternalServerError, "the request could not be decided", "put the boundary's middleware in front of the guard"}
	case ReasonNotMember:
		return reasonInfo{"not_member", StatusRefused, http.StatusForbidden, "the caller is no member of the tenant", "make the user a member"}
	case ReasonRoleNotHeld:
		return reasonInfo{"role_not_held", StatusRefused, http.StatusForbidden, "the caller does not hold the role that this needs", "give the user one of the roles"}
	case ReasonAuthorityUnavailable:
		return reasonInfo{"authority_unavailable", StatusFail, http.StatusServiceUnavailable, "the caller's rights could not be found out", "look at the cause: the authority failed or was too slow"}
	case ReasonQuotaRefused:
		return reasonInfo{"quota_refused", StatusRefused, http.StatusTooManyRequests, "the quota is used up", "raise the tenant's quota"}
	case ReasonQuotaUnavailable:
		return reasonInfo{"quota_unavailable", StatusFail, http.StatusServiceUnavailable, "the quota could not be found out", "look at the cause: the quota failed or was too slow"}
	case ReasonGovernanceRefused:
		return reasonInfo{"governance_refused", StatusRefused, http.StatusForbidden, "policy forbids it", "change the tenant's policy"}
	case ReasonGovernanceUnavailable:
		return reasonInfo{"governance_unavailable", StatusFail, http.StatusServiceUnavailable, "the policy could not be found out", "look at the cause: the governance failed or was too slow"}
	case ReasonGateReentered:
		return reasonInfo{"gate_reentered", StatusFail, http.StatusInternalServerError, "the request could not be decided", "let outside parts answer by themselves, without asking another gate"}
	}
	return reasonInfo{"unspecified", StatusFail, http.StatusInternalServerError, "the request could not be decided", "look at the error that came with it: it is none of this package"} // ReasonUnspecified
}

// Reasons returns all reasons, [ReasonUnspecified] included, in a fixed order.
func Reasons() []Reason {
	all := make([]Reason, reasonCount)
	for i := range all {
		all[i] = Reason(i)
	}
	return all
}

// String returns the code of the reason, such as "tenant_disabled": lower-case
// letters and '_'. Codes are stable and fit for logs, metrics and clients.
func (r Reason) String() string { return r.info().code }

// Status returns the status that comes with the reason.
func (r Reason) Status() Status { return r.info().status }

// HTTPStatus returns the status code of a response that gives this reason: 200
// for what is OK, else 4xx where the caller or the caller's standing is at fault
// and 5xx where the service is.
func (r Reason) HTTPStatus() int { return r.info().http }

// Explain returns the reason as a short phrase that may be shown to the caller:
// it holds no id and nothing of the inside of the service.
func (r Reason) Explain() string { return r.info().says }

// Remedy returns what is to be done about it, as a short phrase for whoever
// runs or wrote the service.
func (r Reason) Remedy() string { return r.info().remedy }
