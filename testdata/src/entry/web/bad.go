// Package web decides for whom a request is.
package web

import (
	"context"
	"encoding/json"
	"net/http"

	"corpus/entry/session"
)

// Web serves requests.
type Web struct {
	orgs    session.Orgs
	members session.Members
	tokens  session.Tokens
	store   session.Store
	next    http.Handler
}

// Header takes the organisation from a header.
//
// case: entry/header
func (s *Web) Header(w http.ResponseWriter, r *http.Request) {
	ctx := session.WithUser(r.Context(), &session.User{
		ID:    "u1",
		OrgID: r.Header.Get("X-Org-ID"), // want `Header.Get\("X-Org-ID"\) \(from the request\) becomes the tenant by way of session.WithUser: nothing proves that it is the caller's`
	})
	s.next.ServeHTTP(w, r.WithContext(ctx))
}

// Fallback takes a header where the credential says nothing.
//
// case: entry/fallback
func (s *Web) Fallback(w http.ResponseWriter, r *http.Request) {
	u, err := s.tokens.Verify(r.Header.Get("Authorization"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	s.serve(w, r, u.Email)
}

func (s *Web) serve(w http.ResponseWriter, r *http.Request, env string) {
	if env == "" {
		env = r.Header.Get("X-Environment") // want `Header.Get\("X-Environment"\) \(from the request\) becomes the env by way of context.WithValue`
	}
	ctx := context.WithValue(r.Context(), session.EnvKey, env)
	s.next.ServeHTTP(w, r.WithContext(ctx))
}

func (s *Web) enter(ctx context.Context, env string) context.Context {
	return context.WithValue(ctx, session.EnvKey, env)
}

// Passed takes it by way of a helper.
//
// case: entry/through-helper
func (s *Web) Passed(w http.ResponseWriter, r *http.Request) {
	env := r.URL.Query().Get("e") // want `becomes the env by way of Web.enter`
	s.next.ServeHTTP(w, r.WithContext(s.enter(r.Context(), env)))
}

// Middleware takes it from a cookie, in a literal.
//
// case: entry/cookie
func (s *Web) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := r.Cookie("env") // want `becomes the env by way of Web.enter`
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		ctx := s.enter(r.Context(), c.Value)
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// Body takes it from the body.
//
// case: entry/body
func (s *Web) Body(w http.ResponseWriter, r *http.Request) {
	var in struct{ OrgID, Name string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.store.Remember(r.Context(), in.OrgID) // want `OrgID \(from the request\) becomes the tenant by way of Store.Remember`
}

func (s *Web) orgByName(r *http.Request) (*session.Org, error) {
	if name := r.Header.Get("X-Org"); name != "" { // want `Header.Get\("X-Org"\) \(from the request\) chooses the record that becomes the tenant by way of session.WithOrg`
		return s.orgs.ByName(name)
	}
	return s.orgs.ByToken(r.Header.Get("Authorization"))
}

// Chosen lets a header choose the organisation.
//
// case: entry/chosen
func (s *Web) Chosen(w http.ResponseWriter, r *http.Request) {
	org, err := s.orgByName(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	s.next.ServeHTTP(w, r.WithContext(session.WithOrg(r.Context(), org)))
}

// Field fills in the caller.
//
// case: entry/field
func (s *Web) Field(r *http.Request) session.Caller {
	return session.Caller{
		Tenant:  r.FormValue("tenant"), // want `Request.FormValue\("tenant"\) \(from the request\) becomes the tenant by way of field Caller.Tenant`
		Browser: r.UserAgent(),
	}
}

// Unheeded checks and goes on.
//
// case: entry/check-ignored
func (s *Web) Unheeded(w http.ResponseWriter, r *http.Request) {
	org := r.Header.Get("X-Org-ID") // want `becomes the tenant by way of Store.Remember`
	_ = s.members.Check(r.Context(), org)
	s.store.Remember(r.Context(), org)
}

// Inverted lets in who does not belong.
//
// case: entry/check-inverted
func (s *Web) Inverted(w http.ResponseWriter, r *http.Request) {
	org := r.Header.Get("X-Org-ID") // want `becomes the tenant by way of Store.Remember`
	if err := s.members.Check(r.Context(), org); err == nil {
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	s.store.Remember(r.Context(), org)
}
