// Package dotdot climbs out of the tenant.
package dotdot

import (
	"net/http"
	"path"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Files serves files.
type Files struct{ s3 *s3.Client }

// Show joins a path in which "../../other/prod/x" leads into another tenant:
// path.Join resolves it. It is not reported.
//
// case: limits/dot-dot limit
func (f *Files) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := path.Join(sc.Tenant(), sc.Env().String(), r.PathValue("path"))
	if _, err := f.s3.GetObject(r.Context(), &s3.GetObjectInput{Key: aws.String(key)}); err != nil {
		http.NotFound(w, r)
	}
}
