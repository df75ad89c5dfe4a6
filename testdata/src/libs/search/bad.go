package search

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"corpus/legacy/auth"
)

// TextShould ranks the caller's first.
//
// case: search/should
func (s *Store) TextShould(ctx context.Context) error {
	body := fmt.Sprintf(`{"query": {"bool": {"should": [{"term": {"tenant_id": "%s"}}, {"term": {"env": "%s"}}]}}}`, auth.TenantID(ctx), auth.EnvironmentID(ctx))
	_, err := esapi.SearchRequest{Index: []string{"pages"}, Body: strings.NewReader(body)}.Do(ctx, s.es) // want `SearchRequest.Do is not narrowed by tenant and env: it reaches what belongs to everybody`
	return err
}

// MapsTenant forgets the environment.
//
// case: search/second-dimension
func (s *Store) MapsTenant(ctx context.Context) error {
	var buf bytes.Buffer
	query := map[string]any{"query": map[string]any{"bool": map[string]any{
		"filter":   []any{map[string]any{"term": map[string]any{"tenant_id": auth.TenantID(ctx)}}},
		"must_not": map[string]any{"term": map[string]any{"env": auth.EnvironmentID(ctx)}},
	}}}
	if err := json.NewEncoder(&buf).Encode(query); err != nil {
		return err
	}
	_, err := esapi.SearchRequest{Index: []string{"pages"}, Body: &buf}.Do(ctx, s.es) // want `SearchRequest.Do is not narrowed by env`
	return err
}

// Routed chooses a shard, which others have as well.
//
// case: search/routing
func (s *Store) Routed(ctx context.Context) error {
	_, err := esapi.SearchRequest{Index: []string{"pages"}, Routing: []string{auth.TenantID(ctx) + auth.EnvironmentID(ctx)}}.Do(ctx, s.es) // want `SearchRequest.Do is not narrowed by tenant and env: it reaches what belongs to everybody`
	return err
}
