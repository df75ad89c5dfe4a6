package second

import (
	"context"
	"net/http"

	"google.golang.org/grpc/metadata"

	"corpus/entry/second/choice"
	"corpus/entry/session"
)

// OfUser puts there whose it is.
//
// case: entry/second-of-user clean
func OfUser(ctx context.Context) (context.Context, error) {
	u, err := session.UserOf(ctx)
	if err != nil {
		return nil, err
	}
	return choice.With(ctx, u.OrgID), nil
}

// Checked asks first.
//
// case: entry/second-checked clean
func Checked(r *http.Request, members session.Members) (context.Context, error) {
	org := r.Header.Get("X-Org")
	if err := members.Check(r.Context(), org); err != nil {
		return nil, err
	}
	return choice.With(r.Context(), org), nil
}

// Lang puts a header there that is no dimension.
//
// case: entry/second-other clean
func Lang(r *http.Request) context.Context {
	return choice.WithLang(r.Context(), r.Header.Get("Accept-Language"))
}

// Noted puts it where nobody hands it out.
//
// case: entry/second-unread clean
func Noted(r *http.Request) context.Context {
	return choice.Seen(r.Context(), r.Header.Get("X-Org"))
}

// Comparing accepts a credential of the organisation that is named.
//
// case: entry/credential-compared clean
func Comparing(keys session.Orgs, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		org := r.Header.Get("X-Org")
		key, err := keys.ByToken(r.Header.Get("X-Api-Key"))
		if err != nil || key.ID != org {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r.WithContext(session.WithUser(r.Context(), &session.User{OrgID: org})))
	})
}

// QueryChecked believes a parameter that was checked.
//
// case: entry/query-checked clean
func QueryChecked(r *http.Request, members session.Members) (context.Context, error) {
	org := r.URL.Query().Get("org")
	if err := members.Check(r.Context(), org); err != nil {
		return nil, err
	}
	return session.WithUser(r.Context(), &session.User{OrgID: org}), nil
}

// PathCompared believes a path that is the caller's.
//
// case: entry/path-compared clean
func PathCompared(r *http.Request) context.Context {
	u, err := session.UserOf(r.Context())
	if org := r.PathValue("org"); err == nil && u.OrgID == org {
		return session.WithUser(r.Context(), &session.User{OrgID: org})
	}
	return r.Context()
}

// MetadataOther believes something else that came with a call.
//
// case: entry/metadata-other clean
func MetadataOther(ctx context.Context) context.Context {
	md, _ := metadata.FromIncomingContext(ctx)
	if langs := md.Get("accept-language"); len(langs) > 0 {
		return choice.WithLang(ctx, langs[0])
	}
	return ctx
}
