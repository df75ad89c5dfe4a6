package api

import (
	"context"
	"encoding/json"
	"net/http"

	"corpus/bound/db"
	"corpus/legacy/auth"
)

// People belong to several tenants: the policy says that seats tell to which.

// seated reports whether a person, or a bot, belongs to a tenant.
func (h *Handler) seated(ctx context.Context, kind, id, tenant string) bool {
	switch kind {
	case "person":
		_, err := h.seat(ctx, id, tenant)
		return err == nil
	case "bot":
		_, err := h.q.GetBotInTenant(ctx, db.GetBotInTenantParams{ID: id, TenantID: tenant})
		return err == nil
	default:
		return false
	}
}

// seat finds the seat of a person in a tenant.
func (h *Handler) seat(ctx context.Context, user, tenant string) (string, error) {
	return h.q.GetSeat(ctx, db.SeatParams{UserID: user, TenantID: tenant})
}

// known reports whether there is such a person, or bot of a tenant.
func (h *Handler) known(ctx context.Context, kind, id, tenant string) bool {
	if kind == "bot" {
		_, err := h.q.GetBotInTenant(ctx, db.GetBotInTenantParams{ID: id, TenantID: tenant})
		return err == nil
	}
	_, err := h.q.GetPerson(ctx, id)
	return err == nil
}

// idText is the text of an id, none if there is no id.
func idText(id string, valid bool) string {
	if !valid {
		return ""
	}
	return id
}

// WatchAny has anybody, of any tenant, watch a card of the caller's.
//
// case: bound/member-unasked
func (h *Handler) WatchAny(w http.ResponseWriter, r *http.Request) {
	card, ok := h.card(w, r, r.PathValue("id"))
	if !ok {
		return
	}
	user := caller(r)
	var req struct {
		UserID *string `json:"user_id"`
	}
	_ = json.NewDecoder(r.Body).Decode(&req)
	if req.UserID != nil && *req.UserID != "" {
		user = *req.UserID
	}
	_ = h.q.Watch(r.Context(), db.WatchParams{CardID: card.ID, Kind: "person", UserID: user}) // want `INSERT into watchers sets user_id to r.Body.UserID \(from the request\), which nothing binds to the caller's tenant_id`
}

// WatchSeated asks whether whoever is to watch belongs to the tenant.
//
// case: bound/member-asked clean
func (h *Handler) WatchSeated(w http.ResponseWriter, r *http.Request) {
	board, ok := h.board(w, r)
	if !ok {
		return
	}
	card, ok := h.card(w, r, r.PathValue("id"))
	if !ok {
		return
	}
	user, kind := caller(r), "person"
	var req struct {
		UserID *string `json:"user_id"`
		Kind   *string `json:"kind"`
	}
	_ = json.NewDecoder(r.Body).Decode(&req)
	if req.UserID != nil && *req.UserID != "" {
		user = *req.UserID
	}
	if req.Kind != nil && *req.Kind != "" {
		kind = *req.Kind
	}
	if !h.seated(r.Context(), kind, user, idText(board.TenantID, board.TenantID != "")) {
		notFound(w)
		return
	}
	_ = h.q.Watch(r.Context(), db.WatchParams{CardID: card.ID, Kind: kind, UserID: user})
}

// WatchKnown asks whether there is such a person, wherever.
//
// case: bound/member-known
func (h *Handler) WatchKnown(w http.ResponseWriter, r *http.Request) {
	card, ok := h.card(w, r, r.PathValue("id"))
	if !ok {
		return
	}
	user, kind := r.FormValue("user"), r.FormValue("kind")
	if !h.known(r.Context(), kind, user, auth.TenantID(r.Context())) {
		notFound(w)
		return
	}
	_ = h.q.Watch(r.Context(), db.WatchParams{CardID: card.ID, Kind: kind, UserID: user}) // want `which nothing binds to the caller's tenant_id`
}

// WatchMe has the caller watch, who belongs to the tenant.
//
// case: bound/member-caller clean
func (h *Handler) WatchMe(w http.ResponseWriter, r *http.Request) {
	card, ok := h.card(w, r, r.PathValue("id"))
	if !ok {
		return
	}
	_ = h.q.Watch(r.Context(), db.WatchParams{CardID: card.ID, Kind: "person", UserID: caller(r)})
}

// Invite makes somebody a member: who is one already is not the question.
//
// case: bound/member-invited clean
func (h *Handler) Invite(w http.ResponseWriter, r *http.Request) {
	if err := h.q.AddSeat(r.Context(), db.SeatParams{TenantID: auth.TenantID(r.Context()), UserID: r.FormValue("user")}); err != nil {
		notFound(w)
	}
}

// ShowAnyone shows a person of any tenant.
//
// case: bound/person-unasked
func (h *Handler) ShowAnyone(w http.ResponseWriter, r *http.Request) {
	p, err := h.q.GetPerson(r.Context(), r.PathValue("id")) // want `SELECT of people by Request.PathValue\("id"\) \(from the request\), which nothing binds to the caller's tenant_id`
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, p)
}

// ShowSeated shows a person who has a seat.
//
// case: bound/person-asked clean
func (h *Handler) ShowSeated(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if _, err := h.seat(r.Context(), id, auth.TenantID(r.Context())); err != nil {
		notFound(w)
		return
	}
	p, err := h.q.GetPerson(r.Context(), id)
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, p)
}

// ShowMe shows the caller.
//
// case: bound/person-caller clean
func (h *Handler) ShowMe(w http.ResponseWriter, r *http.Request) {
	p, err := h.q.GetPerson(r.Context(), caller(r))
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, p)
}

// directory is another service that knows people; the policy says that it is no
// word of ours.
type directory interface {
	People(ctx context.Context, org string) (map[string]string, error)
}

// Staff works on those whom a directory names.
type Staff struct {
	q   *db.Queries
	all directory
}

// A Colleague is what clients see of a person.
type Colleague struct{ ID, Title string }

// Colleagues lists whom the directory names, members or not.
//
// case: bound/people-unasked
func (s *Staff) Colleagues(ctx context.Context) ([]Colleague, error) {
	titles, err := s.all.People(ctx, auth.TenantID(ctx))
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(titles))
	for id := range titles {
		ids = append(ids, id)
	}
	people, err := s.q.ListPeople(ctx, ids) // want `SELECT of people by directory.People \(from the request\), which nothing binds to the caller's tenant_id`
	if err != nil {
		return nil, err
	}
	var out []Colleague
	for _, p := range people {
		out = append(out, Colleague{p.ID, titles[p.DirectoryID]})
	}
	return out, nil
}

// Members lists those of them who have a seat.
//
// case: bound/people-seated clean
func (s *Staff) Members(ctx context.Context) ([]Colleague, error) {
	titles, err := s.all.People(ctx, auth.TenantID(ctx))
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(titles))
	for id := range titles {
		ids = append(ids, id)
	}
	people, err := s.q.ListSeated(ctx, ids, auth.TenantID(ctx))
	if err != nil {
		return nil, err
	}
	var out []Colleague
	for _, p := range people {
		out = append(out, Colleague{p.ID, titles[p.DirectoryID]})
	}
	return out, nil
}

// People hands the rows on as they are: whoever asks may look up who belongs here.
//
// case: bound/people-handed-on clean
func (s *Staff) People(ctx context.Context) ([]db.Person, error) {
	titles, err := s.all.People(ctx, auth.TenantID(ctx))
	if err != nil {
		return nil, err
	}
	var ids []string
	for id := range titles {
		ids = append(ids, id)
	}
	return s.q.ListPeople(ctx, ids)
}

// SignOut ends the sessions of a member, those in other tenants as well: see the
// statement.
func (h *Handler) SignOut(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if _, err := h.seat(r.Context(), id, auth.TenantID(r.Context())); err != nil {
		notFound(w)
		return
	}
	_ = h.q.EndSessions(r.Context(), id)
}

// SignOutHere ends those in the caller's.
//
// case: bound/member-here clean
func (h *Handler) SignOutHere(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if _, err := h.seat(r.Context(), id, auth.TenantID(r.Context())); err != nil {
		notFound(w)
		return
	}
	_ = h.q.EndSessionsIn(r.Context(), id, auth.TenantID(r.Context()))
}
