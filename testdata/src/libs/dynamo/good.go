// Package dynamo keeps orders in DynamoDB.
package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"corpus/legacy/auth"
)

// Store keeps orders.
type Store struct{ db *dynamodb.Client }

// order is an item.
type order struct {
	PK, ID string
	Total  int64
}

var table = aws.String("orders")

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func partition(ctx context.Context) string {
	return "TENANT#" + auth.TenantID(ctx) + "#" + auth.EnvironmentID(ctx)
}

// Get has the scope in one of the two attributes of the key.
//
// case: dynamodb/get clean
func (s *Store) Get(ctx context.Context, id string) (*dynamodb.GetItemOutput, error) {
	return s.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: table, Key: map[string]types.AttributeValue{
		"PK": text(partition(ctx)),
		"SK": text("ORDER#" + id),
	}})
}

// Put makes the item of a struct.
//
// case: dynamodb/put clean
func (s *Store) Put(ctx context.Context, id string, total int64) error {
	item, err := attributevalue.MarshalMap(order{PK: partition(ctx), ID: id, Total: total})
	if err != nil {
		return err
	}
	_, err = s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: item})
	return err
}

// List asks for one partition.
//
// case: dynamodb/query clean
func (s *Store) List(ctx context.Context, since string) (*dynamodb.QueryOutput, error) {
	return s.db.Query(ctx, &dynamodb.QueryInput{
		TableName:              table,
		KeyConditionExpression: aws.String("PK = :pk AND SK > :since"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":pk":    text(partition(ctx)),
			":since": text(since),
		},
	})
}

// ListBuilt does so by a builder.
//
// case: dynamodb/expression clean
func (s *Store) ListBuilt(ctx context.Context, id string) (*dynamodb.QueryOutput, error) {
	expr, err := expression.NewBuilder().WithKeyCondition(
		expression.Key("PK").Equal(expression.Value(partition(ctx))).And(expression.Key("SK").Equal(expression.Value(id))),
	).Build()
	if err != nil {
		return nil, err
	}
	return s.db.Query(ctx, &dynamodb.QueryInput{TableName: table, KeyConditionExpression: expr.KeyCondition(), ExpressionAttributeNames: expr.Names(), ExpressionAttributeValues: expr.Values()})
}

// Filtered reads all and keeps the caller's.
//
// case: dynamodb/scan-filter clean
func (s *Store) Filtered(ctx context.Context) (*dynamodb.ScanOutput, error) {
	return s.db.Scan(ctx, &dynamodb.ScanInput{
		TableName:                 table,
		FilterExpression:          aws.String("PK = :pk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": text(partition(ctx))},
	})
}
