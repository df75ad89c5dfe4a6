package blob

import (
	"net/http"
	"path"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Archive keeps archives.
type Archive struct {
	s3     *s3.Client
	bucket string
}

// Put stores below the scope.
//
// case: blob/below-scope clean
func (a *Archive) Put(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	_, err = a.s3.PutObject(r.Context(), &s3.PutObjectInput{
		Bucket: aws.String(a.bucket),
		Key:    aws.String(sc.Tenant() + "/" + sc.Env().String() + "/" + path.Base(r.FormValue("name"))),
		Body:   r.Body,
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// Drop deletes below the scope.
//
// case: blob/delete-below-scope clean
func (a *Archive) Drop(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Tenant() + "/" + sc.Env().String() + "/" + path.Base(r.PathValue("path"))
	in := &s3.DeleteObjectInput{Bucket: &a.bucket}
	in.Key = &key
	if _, err := a.s3.DeleteObject(r.Context(), in); err != nil {
		http.NotFound(w, r)
	}
}
