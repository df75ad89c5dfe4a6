package runtime

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
)

// Refusal is the error of a request that does not get through: one whose reason
// has the status REFUSED, NEEDS_CLARIFY or FAIL. It comes from [Boundary.Admit],
// [Pipeline.Admit] and the guards; find it with [errors.As], or ask [ReasonOf]
// alone.
//
// Neither its text nor what [WriteProblem] makes of it holds an id, a value or
// the text of its cause.
type Refusal struct {
	reason Reason
	field  string
	cause  error
}

// Reason returns why the request was refused. It is never a reason that is OK.
func (r *Refusal) Reason() Reason {
	if r == nil {
		return ReasonUnspecified
	}
	return r.reason
}

// Field returns what the reason is about, where it is about one claim or header:
// tenant, env, user or role. Else it returns "".
func (r *Refusal) Field() string {
	if r == nil {
		return ""
	}
	return r.field
}

// Missing returns what the caller has to supply: [MissingTenantChoice] if the
// status is [StatusNeedsClarify], else nothing. The slice is the caller's own.
func (r *Refusal) Missing() []MissingField { return missing(r.Reason()) }

// Error returns the reason and its remedy.
func (r *Refusal) Error() string {
	reason := r.Reason()
	text := reason.Status().String() + " " + reason.String()
	if r.Field() != "" {
		text += " (" + r.field + ")"
	}
	return text + ": " + reason.Explain() + "; remedy: " + reason.Remedy()
}

// Unwrap returns the error of the outside part that was asked, a [*PanicError]
// if it panicked, or nil. What an outside part says may hold ids.
func (r *Refusal) Unwrap() error {
	if r == nil {
		return nil
	}
	return r.cause
}

func refuse(reason Reason) *Refusal { return &Refusal{reason: reason} }

// ReasonOf returns the reason of the [Refusal] in err's tree. Without one it
// returns [ReasonUnspecified], which fails, for a nil error as well.
func ReasonOf(err error) Reason {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Reason()
	}
	return ReasonUnspecified
}

// problem is a problem of RFC 9457 with three members of our own. Its type is
// the default one, about:blank, so the title is that of the HTTP status.
type problem struct {
	Type    string         `json:"type"`
	Title   string         `json:"title"`
	Status  int            `json:"status"`
	Detail  string         `json:"detail"`
	Reason  string         `json:"reason"`
	Field   string         `json:"field,omitempty"`
	Missing []MissingField `json:"missing,omitempty"`
}

// WriteProblem answers a request that was refused with err: with the status
// code of its reason and a problem document (RFC 9457, application/problem+json)
// that has these members of its own: "reason", the reason's code; "field", where
// the reason is about one claim or header; and "missing", where the caller has
// to supply something. An error that is no [Refusal] is answered as
// [ReasonUnspecified]; nothing of its text is shown.
//
// It sets Cache-Control, and WWW-Authenticate with 401 unless w has one already.
// The error is that of writing to w.
func WriteProblem(w http.ResponseWriter, err error) error {
	reason := ReasonOf(err)
	p := problem{
		Type:    "about:blank",
		Title:   http.StatusText(reason.HTTPStatus()),
		Status:  reason.HTTPStatus(),
		Detail:  reason.Explain(),
		Reason:  reason.String(),
		Missing: missing(reason),
	}
	var r *Refusal
	if errors.As(err, &r) {
		p.Field = r.Field()
	}
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	body = append(body, '\n')
	h := w.Header()
	// What was prepared for a success does not describe this body.
	for _, name := range []string{"Content-Encoding", "Content-Language", "Etag", "Last-Modified"} {
		h.Del(name)
	}
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if p.Status == http.StatusUnauthorized && h.Get("WWW-Authenticate") == "" {
		h.Set("WWW-Authenticate", "Bearer") // 401 must name a scheme
	}
	w.WriteHeader(p.Status)
	_, err = w.Write(body)
	return err
}
