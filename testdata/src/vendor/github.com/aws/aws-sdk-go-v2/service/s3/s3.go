// Package s3 is a stub of the real package: the same names and signatures, no behaviour.
package s3

import (
	"context"
	"io"
)

// Client is the service client.
type Client struct{ options Options }

// Options configure a Client.
type Options struct{ Region string }

// New returns a client.
func New(options Options, optFns ...func(*Options)) *Client { return &Client{options: options} }

// PutObjectInput is the input of PutObject.
type PutObjectInput struct {
	Bucket      *string
	Key         *string
	Body        io.Reader
	ContentType *string
}

// PutObjectOutput is the output of PutObject.
type PutObjectOutput struct{ ETag *string }

// PutObject stores an object.
func (c *Client) PutObject(ctx context.Context, params *PutObjectInput, optFns ...func(*Options)) (*PutObjectOutput, error) {
	return &PutObjectOutput{}, nil
}

// GetObjectInput is the input of GetObject.
type GetObjectInput struct {
	Bucket *string
	Key    *string
}

// GetObjectOutput is the output of GetObject.
type GetObjectOutput struct {
	Body        io.ReadCloser
	ContentType *string
}

// GetObject reads an object.
func (c *Client) GetObject(ctx context.Context, params *GetObjectInput, optFns ...func(*Options)) (*GetObjectOutput, error) {
	return &GetObjectOutput{}, nil
}

// DeleteObjectInput is the input of DeleteObject.
type DeleteObjectInput struct {
	Bucket *string
	Key    *string
}

// DeleteObjectOutput is the output of DeleteObject.
type DeleteObjectOutput struct{ VersionId *string }

// DeleteObject removes an object.
func (c *Client) DeleteObject(ctx context.Context, params *DeleteObjectInput, optFns ...func(*Options)) (*DeleteObjectOutput, error) {
	return &DeleteObjectOutput{}, nil
}
