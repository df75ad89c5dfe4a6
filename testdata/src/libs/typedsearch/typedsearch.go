// Package typedsearch keeps pages in Elasticsearch, by way of its typed client.
package typedsearch

import (
	"context"

	"github.com/elastic/go-elasticsearch/v8/typedapi/core/search"
	"github.com/elastic/go-elasticsearch/v8/typedapi/types"

	"corpus/legacy/auth"
)

// Client is the typed client, as far as it is needed here.
type Client struct{ Search search.NewSearch }

// Store keeps pages.
type Store struct{ es *Client }

// term is a term of a filter.
func term(field, value string) types.Query {
	return types.Query{Term: map[string]types.TermQuery{field: {Value: value}}}
}

// Own filters by the caller's scope.
//
// case: typedsearch/query clean
func (s *Store) Own(ctx context.Context, words string) error {
	_, err := s.es.Search().Index("pages").Query(&types.Query{Bool: &types.BoolQuery{
		Must: []types.Query{{Match: map[string]types.MatchQuery{"text": {Query: words}}}},
		Filter: []types.Query{
			{Term: map[string]types.TermQuery{"tenant_id": {Value: auth.TenantID(ctx)}}},
			{Term: map[string]types.TermQuery{"env": {Value: auth.EnvironmentID(ctx)}}},
		},
	}}).Size(10).Do(ctx)
	return err
}

// Any filters by the state alone.
//
// case: typedsearch/query-unscoped
func (s *Store) Any(ctx context.Context) error {
	_, err := s.es.Search().Index("pages").Query(&types.Query{Bool: &types.BoolQuery{ // want `Search.Do is not narrowed by tenant and env`
		Must: []types.Query{{Term: map[string]types.TermQuery{"state": {Value: "open"}}}},
	}}).Size(10).Do(ctx)
	return err
}

// Index has an index for each scope.
//
// case: typedsearch/index clean
func (s *Store) Index(ctx context.Context) error {
	_, err := s.es.Search().Index("pages-" + auth.TenantID(ctx) + "-" + auth.EnvironmentID(ctx)).Do(ctx)
	return err
}

// Should prefers the caller's, and finds others.
//
// case: typedsearch/should
func (s *Store) Should(ctx context.Context) error {
	req := &search.Request{Query: &types.Query{Bool: &types.BoolQuery{
		Should: []types.Query{{Term: map[string]types.TermQuery{"tenant_id": {Value: auth.TenantID(ctx)}}}, {Term: map[string]types.TermQuery{"env": {Value: auth.EnvironmentID(ctx)}}}},
	}}}
	_, err := s.es.Search().Index("pages").Request(req).Do(ctx) // want `Search.Do is not narrowed by tenant and env`
	return err
}

// Built has its terms from a function.
//
// case: typedsearch/request clean
func (s *Store) Built(ctx context.Context) error {
	req := &search.Request{Query: &types.Query{Bool: &types.BoolQuery{
		Filter: []types.Query{term("tenant_id", auth.TenantID(ctx)), term("env", auth.EnvironmentID(ctx))},
	}}}
	_, err := s.es.Search().Index("pages").Request(req).Do(ctx)
	return err
}

// All finds everything.
//
// case: typedsearch/all
func (s *Store) All(ctx context.Context) error {
	_, err := s.es.Search().Index("pages").Size(10).Do(ctx) // want `Search.Do is not narrowed by tenant and env`
	return err
}

// Scored scores what is the caller's.
//
// case: typedsearch/script-score clean
func (s *Store) Scored(ctx context.Context) error {
	least := float32(0.5)
	_, err := s.es.Search().Index("pages").Query(&types.Query{ScriptScore: &types.ScriptScoreQuery{
		MinScore: &least,
		Query: types.Query{Bool: &types.BoolQuery{Filter: []types.Query{
			{Terms: &types.TermsQuery{TermsQuery: map[string]types.TermsQueryField{"tenant_id": []string{auth.TenantID(ctx)}}}},
			{Term: map[string]types.TermQuery{"env": {Value: auth.EnvironmentID(ctx)}}},
		}}},
	}}).Do(ctx)
	return err
}

// ScoredAny scores everybody's.
//
// case: typedsearch/script-score-unscoped
func (s *Store) ScoredAny(ctx context.Context) error {
	_, err := s.es.Search().Index("pages").Query(&types.Query{ScriptScore: &types.ScriptScoreQuery{ // want `Search.Do is not narrowed by tenant and env`
		Query: types.Query{Terms: &types.TermsQuery{TermsQuery: map[string]types.TermsQueryField{"state": []string{"open", "new"}}}},
	}}).Do(ctx)
	return err
}
