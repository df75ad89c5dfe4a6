// Package search keeps pages in Elasticsearch.
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

// Store keeps pages.
type Store struct{ es esapi.Transport }

// Text filters in a text.
//
// case: search/text clean
func (s *Store) Text(ctx context.Context, words string) error {
	body := fmt.Sprintf(`{"query": {"bool": {"must": {"match": {"text": %q}}, "filter": [
		{"term": {"tenant_id": "%s"}}, {"term": {"env": {"value": "%s"}}}
	]}}, "size": 10}`, words, auth.TenantID(ctx), auth.EnvironmentID(ctx))
	_, err := esapi.SearchRequest{Index: []string{"pages"}, Body: strings.NewReader(body)}.Do(ctx, s.es)
	return err
}

// Maps filters in maps.
//
// case: search/maps clean
func (s *Store) Maps(ctx context.Context, words string) error {
	body, err := json.Marshal(map[string]any{"query": map[string]any{"bool": map[string]any{
		"must": []any{map[string]any{"match": map[string]any{"text": words}}},
		"filter": []any{
			map[string]any{"term": map[string]any{"tenant_id": auth.TenantID(ctx)}},
			map[string]any{"terms": map[string]any{"env": []string{auth.EnvironmentID(ctx)}}},
		},
	}}})
	if err != nil {
		return err
	}
	_, err = esapi.SearchRequest{Index: []string{"pages"}, Body: bytes.NewReader(body)}.Do(ctx, s.es)
	return err
}

// Index has an index for each scope.
//
// case: search/index clean
func (s *Store) Index(ctx context.Context) error {
	var buf bytes.Buffer
	if err := json.NewEncoder(&buf).Encode(map[string]any{"query": map[string]any{"match_all": map[string]any{}}}); err != nil {
		return err
	}
	_, err := esapi.SearchRequest{Index: []string{"pages-" + auth.TenantID(ctx) + "-" + auth.EnvironmentID(ctx)}, Body: &buf}.Do(ctx, s.es)
	return err
}
