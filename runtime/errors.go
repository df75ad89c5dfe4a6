package runtime

import "errors"

// The errors of this package. Functions return them wrapped, with the reason;
// test for them with [errors.Is].
var (
	// ErrNoScope is returned by [FromContext] if the context carries no scope.
	ErrNoScope = errors.New("no scope in context")

	// ErrInvalidScope is returned wherever a zero [Scope] is passed in.
	ErrInvalidScope = errors.New("invalid scope")

	// ErrScopeConflict is returned by [NewContext] if the context already
	// carries a different scope.
	ErrScopeConflict = errors.New("conflicting scope")

	// ErrInvalidID is returned for a tenant, user or role that is not well
	// formed.
	ErrInvalidID = errors.New("invalid id")

	// ErrInvalidEnv is returned for an unknown or missing environment.
	ErrInvalidEnv = errors.New("invalid environment")

	// ErrNoUser is returned by [NewUserKey] if the scope has no user.
	ErrNoUser = errors.New("scope has no user")

	// ErrNoDecision is returned by [DecisionFromContext] if the context was not
	// admitted by a [Boundary].
	ErrNoDecision = errors.New("no decision in context")

	// ErrNoProof is returned by [MembershipFromContext] and [RoleFromContext] if
	// no guard put a proof into the context.
	ErrNoProof = errors.New("no proof in context")

	// ErrUnavailable is for an [Authenticator] to wrap, to say that it could not
	// find out who is calling; its other errors mean that nobody is signed in.
	ErrUnavailable = errors.New("unavailable")

	// ErrInvalidSystem is returned wherever a zero [System] is used, and for an
	// actor or purpose that is missing or malformed.
	ErrInvalidSystem = errors.New("invalid system access")

	// ErrAudit is returned if the audit hook of a [SystemConfig] failed, so that
	// nothing was done.
	ErrAudit = errors.New("audit failed")

	// ErrUnknownTenant is returned by [System.ForTenant] for a tenant that is not
	// listed.
	ErrUnknownTenant = errors.New("unknown tenant")

	// ErrInvalidKey is returned wherever a zero [Key] is passed in.
	ErrInvalidKey = errors.New("invalid key")

	// ErrInvalidSecret is returned if the secret of a [Hasher] is missing or
	// too short.
	ErrInvalidSecret = errors.New("invalid secret")

	// ErrInvalidLimits is returned by [NewMap] for negative limits.
	ErrInvalidLimits = errors.New("invalid limits")

	// ErrFull is returned by a [Map] that has reached one of its limits.
	ErrFull = errors.New("map is full")

	// ErrNoFunc is returned by [Group.Do] if there is no function to call.
	ErrNoFunc = errors.New("no function")
)
