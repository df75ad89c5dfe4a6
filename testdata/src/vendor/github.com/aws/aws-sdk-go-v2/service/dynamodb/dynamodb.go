// Package dynamodb is a stand-in with the names and signatures that the corpus
// uses.
package dynamodb

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Client is a client.
type Client struct{}

// Options are options.
type Options struct{}

// GetItemInput says what to get.
type GetItemInput struct {
	TableName *string
	Key       map[string]types.AttributeValue
}

// GetItemOutput is an item.
type GetItemOutput struct {
	Item map[string]types.AttributeValue
}

// GetItem gets an item.
func (c *Client) GetItem(ctx context.Context, params *GetItemInput, optFns ...func(*Options)) (*GetItemOutput, error) {
	return nil, ctx.Err()
}

// PutItemInput says what to put.
type PutItemInput struct {
	TableName *string
	Item      map[string]types.AttributeValue
}

// PutItemOutput is what was there.
type PutItemOutput struct{}

// PutItem puts an item.
func (c *Client) PutItem(ctx context.Context, params *PutItemInput, optFns ...func(*Options)) (*PutItemOutput, error) {
	return nil, ctx.Err()
}

// QueryInput says what to look for.
type QueryInput struct {
	TableName                 *string
	KeyConditionExpression    *string
	FilterExpression          *string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]types.AttributeValue
}

// QueryOutput is items.
type QueryOutput struct {
	Items []map[string]types.AttributeValue
}

// Query looks for items.
func (c *Client) Query(ctx context.Context, params *QueryInput, optFns ...func(*Options)) (*QueryOutput, error) {
	return nil, ctx.Err()
}

// ScanInput says what to look for.
type ScanInput struct {
	TableName                 *string
	FilterExpression          *string
	ExpressionAttributeValues map[string]types.AttributeValue
}

// ScanOutput is items.
type ScanOutput struct {
	Items []map[string]types.AttributeValue
}

// Scan reads all items.
func (c *Client) Scan(ctx context.Context, params *ScanInput, optFns ...func(*Options)) (*ScanOutput, error) {
	return nil, ctx.Err()
}
