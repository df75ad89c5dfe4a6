// Package blob stores objects.
package blob

import (
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Uploads takes uploads.
type Uploads struct {
	s3     *s3.Client
	bucket string
}

// Put stores all tenants' files side by side.
//
// case: blob/flat-key
func (u *Uploads) Put(w http.ResponseWriter, r *http.Request) {
	_, err := u.s3.PutObject(r.Context(), &s3.PutObjectInput{ // want `blob key has no tenant and no env`
		Bucket: aws.String(u.bucket),
		Key:    aws.String("uploads/" + r.FormValue("name")),
		Body:   r.Body,
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// Get reads by a path that the client names.
//
// case: blob/client-path
func (u *Uploads) Get(w http.ResponseWriter, r *http.Request) {
	in := &s3.GetObjectInput{Bucket: &u.bucket}
	key := fmt.Sprintf("uploads/%s", r.PathValue("path"))
	in.Key = &key
	if _, err := u.s3.GetObject(r.Context(), in); err != nil { // want `blob key has no tenant and no env`
		http.NotFound(w, r)
	}
}
