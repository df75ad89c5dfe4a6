// Package types is a stand-in with the names and signatures that the corpus uses.
package types

// FieldValue is a value of a field.
type FieldValue any

// TermQuery finds what has a value.
type TermQuery struct {
	Boost *float32   `json:"boost,omitempty"`
	Value FieldValue `json:"value"`
}

// MatchQuery finds words.
type MatchQuery struct {
	Query string `json:"query"`
}

// BoolQuery is made of others.
type BoolQuery struct {
	Filter  []Query `json:"filter,omitempty"`
	Must    []Query `json:"must,omitempty"`
	MustNot []Query `json:"must_not,omitempty"`
	Should  []Query `json:"should,omitempty"`
}

// Query is one of several.
type Query struct {
	Bool  *BoolQuery            `json:"bool,omitempty"`
	Match map[string]MatchQuery `json:"match,omitempty"`
	Term  map[string]TermQuery  `json:"term,omitempty"`

	ScriptScore *ScriptScoreQuery `json:"script_score,omitempty"`
	Terms       *TermsQuery       `json:"terms,omitempty"`
}

// ScriptScoreQuery scores what another query finds.
type ScriptScoreQuery struct {
	MinScore *float32 `json:"min_score,omitempty"`
	Query    Query    `json:"query"`
}

// TermsQueryField is a list of values.
type TermsQueryField any

// TermsQuery finds what has one of several values.
type TermsQuery struct {
	Boost      *float32                   `json:"boost,omitempty"`
	TermsQuery map[string]TermsQueryField `json:"-"`
}
