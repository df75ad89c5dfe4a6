// Package milvus keeps vectors in Milvus.
package milvus

import (
	"context"
	"fmt"

	"github.com/milvus-io/milvus/client/v2/milvusclient"

	"corpus/legacy/auth"
)

// Store keeps vectors.
type Store struct{ client *milvusclient.Client }

// Near filters by the scope.
//
// case: milvus/filter clean
func (s *Store) Near(ctx context.Context, v []float32) ([]milvusclient.ResultSet, error) {
	filter := fmt.Sprintf(`tenant_id == "%s" && env == "%s" and kind in ["page", "note"]`, auth.TenantID(ctx), auth.EnvironmentID(ctx))
	return s.client.Search(ctx, milvusclient.NewSearchOption("docs", 9, v).WithFilter(filter).WithOutputFields("id"))
}

// Handed has its values handed over by names.
//
// case: milvus/template clean
func (s *Store) Handed(ctx context.Context, v []float32) ([]milvusclient.ResultSet, error) {
	opt := milvusclient.NewSearchOption("docs", 9, v).WithFilter(`meta["tenant"] == {tenant} and env in [{env}]`)
	opt.WithTemplateParam("tenant", auth.TenantID(ctx)).WithTemplateParam("env", auth.EnvironmentID(ctx))
	return s.client.Search(ctx, opt)
}

// Partition has one for each scope, set in place.
//
// case: milvus/partition clean
func (s *Store) Partition(ctx context.Context, v []float32) ([]milvusclient.ResultSet, error) {
	opt := milvusclient.NewSearchOption("docs", 9, v)
	opt.WithPartitions(auth.TenantID(ctx) + "_" + auth.EnvironmentID(ctx))
	return s.client.Search(ctx, opt)
}

// Forget removes the caller's, on some paths fewer of them.
//
// case: milvus/delete clean
func (s *Store) Forget(ctx context.Context, kind string) (milvusclient.DeleteResult, error) {
	filter := `tenant_id == "` + auth.TenantID(ctx) + `" and env == "` + auth.EnvironmentID(ctx) + `"`
	if kind != "" {
		filter += ` and kind == "` + kind + `"`
	}
	return s.client.Delete(ctx, milvusclient.NewDeleteOption("docs").WithExpr(filter))
}
