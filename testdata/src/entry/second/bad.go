// Package second lets clients name their organisation, beside who has signed in.
package second

import (
	"context"
	"net/http"

	"google.golang.org/grpc/metadata"

	"corpus/entry/second/choice"
	"corpus/entry/session"
)

// Second puts a header where another package looks for it.
//
// case: entry/second
func Second(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := choice.With(r.Context(), r.Header.Get("X-Org")) // want `Header.Get\("X-Org"\) \(from the request\) is what choice.Org hands out, beside the source of the tenant: nothing proves that it is the caller's`
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

type ownKey struct{}

func own(ctx context.Context) (string, bool) {
	org, ok := ctx.Value(ownKey{}).(string)
	return org, ok
}

// Own puts a parameter where it looks for it itself.
//
// case: entry/second-own
func Own(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), ownKey{}, r.URL.Query().Get("org_id"))) // want `is what second.own hands out, beside the source of the tenant`
}

// Trusting accepts a credential, and a header beside it.
//
// case: entry/credential-uncompared
func Trusting(keys session.Orgs, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := keys.ByToken(r.Header.Get("X-Api-Key")); err != nil {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		user := &session.User{OrgID: r.Header.Get("X-Org")} // want `Header.Get\("X-Org"\) \(from the request\) becomes the tenant by way of session.WithUser`
		next.ServeHTTP(w, r.WithContext(session.WithUser(r.Context(), user)))
	})
}

// Query believes a parameter.
//
// case: entry/query
func Query(r *http.Request) context.Context {
	user := &session.User{OrgID: r.URL.Query().Get("org")} // want `Values.Get\("org"\) \(from the request\) becomes the tenant by way of session.WithUser`
	return session.WithUser(r.Context(), user)
}

// Path believes the path.
//
// case: entry/path
func Path(r *http.Request) context.Context {
	return session.WithUser(r.Context(), &session.User{OrgID: r.PathValue("org")}) // want `Request.PathValue\("org"\) \(from the request\) becomes the tenant by way of session.WithUser`
}

// Metadata believes what came with a call.
//
// case: entry/metadata
func Metadata(ctx context.Context) context.Context {
	md, _ := metadata.FromIncomingContext(ctx)
	if orgs := md.Get("x-org"); len(orgs) > 0 { // want `MD.Get\("x-org"\) \(from the request\) becomes the tenant by way of session.WithUser`
		return session.WithUser(ctx, &session.User{OrgID: orgs[0]})
	}
	return ctx
}
