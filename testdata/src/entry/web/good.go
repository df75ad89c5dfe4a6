package web

import (
	"net/http"

	"corpus/entry/session"
)

// Verified takes the organisation from what the token says.
//
// case: entry/token clean
func (s *Web) Verified(w http.ResponseWriter, r *http.Request) {
	u, err := s.tokens.Verify(r.Header.Get("Authorization"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	s.next.ServeHTTP(w, r.WithContext(session.WithUser(r.Context(), u)))
}

// Pinned takes what the credential is bound to, and nothing else.
//
// case: entry/no-fallback clean
func (s *Web) Pinned(w http.ResponseWriter, r *http.Request) {
	u, err := s.tokens.Verify(r.Header.Get("Authorization"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	if u.Email == "" {
		http.Error(w, "no environment", http.StatusForbidden)
		return
	}
	s.next.ServeHTTP(w, r.WithContext(s.enter(r.Context(), u.Email)))
}

// Kept keeps the environment that the context has.
//
// case: entry/from-context clean
func (s *Web) Kept(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		env, err := session.EnvOf(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		next.ServeHTTP(w, r.WithContext(s.enter(r.Context(), env)))
	})
}

// Checked asks whether the caller belongs there.
//
// case: entry/membership clean
func (s *Web) Checked(w http.ResponseWriter, r *http.Request) {
	org := r.Header.Get("X-Org-ID")
	if err := s.members.Check(r.Context(), org); err != nil {
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	s.store.Remember(r.Context(), org)
}

// Compared takes no other organisation than the caller's.
//
// case: entry/compared clean
func (s *Web) Compared(w http.ResponseWriter, r *http.Request) {
	u, err := session.UserOf(r.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	org := r.Header.Get("X-Org-ID")
	if org != u.OrgID {
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	s.store.Remember(r.Context(), org)
}

// ByToken looks the organisation up by a credential.
//
// case: entry/credential clean
func (s *Web) ByToken(w http.ResponseWriter, r *http.Request) {
	org, err := s.orgs.ByToken(r.Header.Get("Authorization"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	s.next.ServeHTTP(w, r.WithContext(session.WithOrg(r.Context(), org)))
}

// InScope looks the organisation up among the caller's.
//
// case: entry/scoped-lookup clean
func (s *Web) InScope(w http.ResponseWriter, r *http.Request) {
	org, err := s.orgs.InContext(r.Context(), r.Header.Get("X-Org"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	s.next.ServeHTTP(w, r.WithContext(session.WithOrg(r.Context(), org)))
}

// Signed fills in the caller from the session.
//
// case: entry/field-of-user clean
func (s *Web) Signed(r *http.Request) (session.Caller, error) {
	u, err := session.UserOf(r.Context())
	if err != nil {
		return session.Caller{}, err
	}
	return session.Caller{Tenant: u.OrgID, Browser: r.UserAgent()}, nil
}

// Mail changes what is no scope.
//
// case: entry/other-field clean
func (s *Web) Mail(w http.ResponseWriter, r *http.Request) {
	u, err := session.UserOf(r.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	seen := &session.User{ID: u.ID, OrgID: u.OrgID, Email: r.FormValue("email")}
	s.next.ServeHTTP(w, r.WithContext(session.WithUser(r.Context(), seen)))
}
