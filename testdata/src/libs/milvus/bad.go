package milvus

import (
	"context"
	"fmt"
	"net/http"

	"github.com/milvus-io/milvus/client/v2/milvusclient"

	"corpus/legacy/auth"
)

// Either finds what one of the conditions fits.
//
// case: milvus/or
func (s *Store) Either(ctx context.Context, v []float32) ([]milvusclient.ResultSet, error) {
	filter := fmt.Sprintf(`tenant_id == "%s" && env == "%s" || kind == "page"`, auth.TenantID(ctx), auth.EnvironmentID(ctx))
	return s.client.Search(ctx, milvusclient.NewSearchOption("docs", 9, v).WithFilter(filter)) // want `Client.Search is not narrowed by tenant and env`
}

// Others finds everybody else's.
//
// case: milvus/template-not-equal
func (s *Store) Others(ctx context.Context, v []float32) ([]milvusclient.ResultSet, error) {
	opt := milvusclient.NewSearchOption("docs", 9, v).WithFilter(`tenant_id != {tenant} and env == {env}`)
	opt.WithTemplateParam("tenant", auth.TenantID(ctx)).WithTemplateParam("env", auth.EnvironmentID(ctx))
	return s.client.Search(ctx, opt) // want `Client.Search is not narrowed by tenant`
}

// Everybody searches all partitions.
//
// case: milvus/no-filter
func (s *Store) Everybody(ctx context.Context, v []float32) ([]milvusclient.ResultSet, error) {
	return s.client.Search(ctx, milvusclient.NewSearchOption("docs", 9, v).WithOutputFields("id")) // want `Client.Search is not narrowed by tenant and env`
}

// Drop goes by the ids that the client sent.
//
// case: milvus/delete-by-id
func (s *Store) Drop(r *http.Request) (milvusclient.DeleteResult, error) {
	opt := milvusclient.NewDeleteOption("docs").WithStringIDs("id", []string{r.PathValue("id")})
	return s.client.Delete(r.Context(), opt) // want `has no tenant and no env`
}
