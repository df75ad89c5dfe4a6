// Package types is a stand-in with the names that the corpus uses.
package types

// AttributeValue is the value of an attribute.
type AttributeValue interface{ isAttributeValue() }

// AttributeValueMemberS is a text.
type AttributeValueMemberS struct{ Value string }

func (*AttributeValueMemberS) isAttributeValue() {}
