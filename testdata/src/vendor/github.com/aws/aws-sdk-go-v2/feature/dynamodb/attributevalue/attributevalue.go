// Package attributevalue is a stand-in with the names and signatures that the
// corpus uses.
package attributevalue

import "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

// MarshalMap makes an item of a struct.
func MarshalMap(in any) (map[string]types.AttributeValue, error) { return nil, nil }
