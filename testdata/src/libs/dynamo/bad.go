package dynamo

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"corpus/legacy/auth"
)

// ByID has an id alone.
//
// case: dynamodb/get-by-id
func (s *Store) ByID(w http.ResponseWriter, r *http.Request) {
	_, err := s.db.GetItem(r.Context(), &dynamodb.GetItemInput{TableName: table, Key: map[string]types.AttributeValue{ // want `store key has no tenant and no env`
		"PK": text("ORDER"),
		"SK": text(r.PathValue("id")),
	}})
	if err != nil {
		http.Error(w, "not found", http.StatusNotFound)
	}
}

// PutTenant forgets the environment.
//
// case: dynamodb/put-second-dimension
func (s *Store) PutTenant(w http.ResponseWriter, r *http.Request) {
	item, err := attributevalue.MarshalMap(order{PK: "TENANT#" + auth.TenantID(r.Context()), ID: r.PathValue("id")})
	if err == nil {
		_, err = s.db.PutItem(r.Context(), &dynamodb.PutItemInput{TableName: table, Item: item}) // want `store key has no env: it is made of auth.TenantID`
	}
	if err != nil {
		http.Error(w, "unavailable", http.StatusInternalServerError)
	}
}

// ListAny asks for the partition that the client names.
//
// case: dynamodb/query-request
func (s *Store) ListAny(w http.ResponseWriter, r *http.Request) {
	_, err := s.db.Query(r.Context(), &dynamodb.QueryInput{ // want `store key takes its tenant and env from the request`
		TableName:              table,
		KeyConditionExpression: aws.String("PK = :pk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":pk": text("TENANT#" + r.Header.Get("X-Tenant-ID") + "#" + r.Header.Get("X-Environment")),
		},
	})
	if err != nil {
		http.Error(w, "unavailable", http.StatusInternalServerError)
	}
}

// ListBuiltAny does so by a builder, of an index.
//
// case: dynamodb/expression-unscoped
func (s *Store) ListBuiltAny(w http.ResponseWriter, r *http.Request) {
	expr, err := expression.NewBuilder().WithKeyCondition(expression.Key("Email").Equal(expression.Value(r.PathValue("email")))).Build()
	if err == nil {
		_, err = s.db.Query(r.Context(), &dynamodb.QueryInput{TableName: table, KeyConditionExpression: expr.KeyCondition(), ExpressionAttributeValues: expr.Values()}) // want `store key has no tenant and no env`
	}
	if err != nil {
		http.Error(w, "unavailable", http.StatusInternalServerError)
	}
}

// All reads everybody's orders.
//
// case: dynamodb/scan
func (s *Store) All(ctx context.Context) (*dynamodb.ScanOutput, error) {
	return s.db.Scan(ctx, &dynamodb.ScanInput{TableName: table}) // want `Client.Scan is not narrowed by tenant and env: it reaches what belongs to everybody`
}
