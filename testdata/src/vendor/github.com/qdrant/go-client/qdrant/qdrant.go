// Package qdrant is a stand-in with the names and signatures that the corpus uses.
package qdrant

import "context"

// Client is a client.
type Client struct{}

// Condition is a condition.
type Condition struct{ field, keyword string }

// Filter is conditions.
type Filter struct {
	Should  []*Condition
	Must    []*Condition
	MustNot []*Condition
}

// QueryPoints says what to look for.
type QueryPoints struct {
	CollectionName string
	Filter         *Filter
}

// ScoredPoint is a point.
type ScoredPoint struct{}

// PointsSelector says which points.
type PointsSelector struct{ filter *Filter }

// DeletePoints says what to delete.
type DeletePoints struct {
	CollectionName string
	Points         *PointsSelector
}

// UpdateResult is a result.
type UpdateResult struct{}

// NewMatch compares a field.
func NewMatch(field, keyword string) *Condition { return &Condition{field, keyword} }

// NewPointsSelectorFilter selects points.
func NewPointsSelectorFilter(filter *Filter) *PointsSelector { return &PointsSelector{filter} }

// Query looks for points.
func (c *Client) Query(ctx context.Context, request *QueryPoints) ([]*ScoredPoint, error) {
	return nil, ctx.Err()
}

// Delete deletes points.
func (c *Client) Delete(ctx context.Context, request *DeletePoints) (*UpdateResult, error) {
	return nil, ctx.Err()
}
