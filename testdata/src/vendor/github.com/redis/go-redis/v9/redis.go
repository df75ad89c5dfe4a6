// Package redis is a stub of the real package: the same names, embedding and signatures, no behaviour.
package redis

import (
	"context"
	"errors"
	"time"
)

// Nil is the reply for an absent key. (An error string type in the real package.)
var Nil = errors.New("redis: nil")

// Options configure a Client.
type Options struct {
	Addr     string
	Password string
	DB       int
}

// Client is a redis client.
type Client struct {
	*baseClient
	cmdable
}

type baseClient struct{ opt *Options }

// NewClient returns a client.
func NewClient(opt *Options) *Client {
	c := &Client{baseClient: &baseClient{opt: opt}}
	c.cmdable = c.Process
	return c
}

// Close closes the client.
func (c *baseClient) Close() error { return nil }

// Process runs a command.
func (c *Client) Process(ctx context.Context, cmd Cmder) error { return nil }

// Pipelined runs fn on a pipeline and executes it.
func (c *Client) Pipelined(ctx context.Context, fn func(Pipeliner) error) ([]Cmder, error) {
	return c.Pipeline().Pipelined(ctx, fn)
}

// Pipeline returns a pipeline.
func (c *Client) Pipeline() Pipeliner { return newPipeline() }

// TxPipelined runs fn on a transaction pipeline and executes it.
func (c *Client) TxPipelined(ctx context.Context, fn func(Pipeliner) error) ([]Cmder, error) {
	return c.TxPipeline().Pipelined(ctx, fn)
}

// TxPipeline returns a transaction pipeline.
func (c *Client) TxPipeline() Pipeliner { return newPipeline() }

// Watch runs fn in an optimistic transaction on keys.
func (c *Client) Watch(ctx context.Context, fn func(*Tx) error, keys ...string) error {
	tx := &Tx{}
	tx.cmdable = c.Process
	return fn(tx)
}

// Tx is a transaction.
type Tx struct {
	cmdable
}

// Pipelined runs fn on a pipeline and executes it.
func (c *Tx) Pipelined(ctx context.Context, fn func(Pipeliner) error) ([]Cmder, error) {
	return c.Pipeline().Pipelined(ctx, fn)
}

// Pipeline returns a pipeline.
func (c *Tx) Pipeline() Pipeliner { return newPipeline() }

// TxPipelined runs fn on a transaction pipeline and executes it.
func (c *Tx) TxPipelined(ctx context.Context, fn func(Pipeliner) error) ([]Cmder, error) {
	return c.Pipeline().Pipelined(ctx, fn)
}

// TxPipeline returns a transaction pipeline.
func (c *Tx) TxPipeline() Pipeliner { return newPipeline() }

// Pipeline collects commands.
type Pipeline struct {
	cmdable
	statefulCmdable

	cmds []Cmder
}

func newPipeline() *Pipeline {
	p := &Pipeline{}
	p.cmdable = p.Process
	p.statefulCmdable = p.Process
	return p
}

// Len returns the number of queued commands.
func (c *Pipeline) Len() int { return len(c.cmds) }

// Do queues any command.
func (c *Pipeline) Do(ctx context.Context, args ...interface{}) *Cmd { return &Cmd{} }

// Process queues cmd.
func (c *Pipeline) Process(ctx context.Context, cmd Cmder) error { return nil }

// Discard drops the queue.
func (c *Pipeline) Discard() {}

// Exec sends the queue.
func (c *Pipeline) Exec(ctx context.Context) ([]Cmder, error) { return c.cmds, nil }

// Pipelined runs fn and executes.
func (c *Pipeline) Pipelined(ctx context.Context, fn func(Pipeliner) error) ([]Cmder, error) {
	if err := fn(c); err != nil {
		return nil, err
	}
	return c.Exec(ctx)
}

// Pipeline returns the pipeline.
func (c *Pipeline) Pipeline() Pipeliner { return c }

// TxPipelined runs fn and executes.
func (c *Pipeline) TxPipelined(ctx context.Context, fn func(Pipeliner) error) ([]Cmder, error) {
	return c.Pipelined(ctx, fn)
}

// TxPipeline returns the pipeline.
func (c *Pipeline) TxPipeline() Pipeliner { return c }

// Pipeliner is the interface of pipelines.
type Pipeliner interface {
	StatefulCmdable
	Len() int
	Do(ctx context.Context, args ...interface{}) *Cmd
	Process(ctx context.Context, cmd Cmder) error
	Discard()
	Exec(ctx context.Context) ([]Cmder, error)
}

// StatefulCmdable is Cmdable with commands that change the connection.
type StatefulCmdable interface {
	Cmdable
	Select(ctx context.Context, index int) *StatusCmd
}

// Scripter runs scripts.
type Scripter interface {
	Eval(ctx context.Context, script string, keys []string, args ...interface{}) *Cmd
	EvalSha(ctx context.Context, sha1 string, keys []string, args ...interface{}) *Cmd
}

// Script is a script.
type Script struct{ src, hash string }

// NewScript returns a script.
func NewScript(src string) *Script { return &Script{src: src} }

// Eval runs the script.
func (s *Script) Eval(ctx context.Context, c Scripter, keys []string, args ...interface{}) *Cmd {
	return c.Eval(ctx, s.src, keys, args...)
}

// EvalSha runs the script by its digest.
func (s *Script) EvalSha(ctx context.Context, c Scripter, keys []string, args ...interface{}) *Cmd {
	return c.EvalSha(ctx, s.hash, keys, args...)
}

// Run runs the script.
func (s *Script) Run(ctx context.Context, c Scripter, keys []string, args ...interface{}) *Cmd {
	return c.Eval(ctx, s.src, keys, args...)
}

// Cmdable is the interface of commands.
type Cmdable interface {
	Pipeline() Pipeliner
	Pipelined(ctx context.Context, fn func(Pipeliner) error) ([]Cmder, error)
	TxPipelined(ctx context.Context, fn func(Pipeliner) error) ([]Cmder, error)
	TxPipeline() Pipeliner

	Unlink(ctx context.Context, keys ...string) *IntCmd

	GenericCmdable
	HashCmdable
	ListCmdable
	PubSubCmdable
	ScriptingFunctionsCmdable
	SetCmdable
	SortedSetCmdable
	StringCmdable
	StreamCmdable
}

// GenericCmdable is part of Cmdable.
type GenericCmdable interface {
	Del(ctx context.Context, keys ...string) *IntCmd
	Exists(ctx context.Context, keys ...string) *IntCmd
	Expire(ctx context.Context, key string, expiration time.Duration) *BoolCmd
}

// HashCmdable is part of Cmdable.
type HashCmdable interface {
	HDel(ctx context.Context, key string, fields ...string) *IntCmd
	HGet(ctx context.Context, key, field string) *StringCmd
	HGetAll(ctx context.Context, key string) *MapStringStringCmd
	HSet(ctx context.Context, key string, values ...interface{}) *IntCmd
}

// ListCmdable is part of Cmdable.
type ListCmdable interface {
	LPush(ctx context.Context, key string, values ...interface{}) *IntCmd
	RPush(ctx context.Context, key string, values ...interface{}) *IntCmd
}

// PubSubCmdable is part of Cmdable.
type PubSubCmdable interface {
	Publish(ctx context.Context, channel string, message interface{}) *IntCmd
}

// ScriptingFunctionsCmdable is part of Cmdable.
type ScriptingFunctionsCmdable interface {
	Eval(ctx context.Context, script string, keys []string, args ...interface{}) *Cmd
	EvalSha(ctx context.Context, sha1 string, keys []string, args ...interface{}) *Cmd
}

// SetCmdable is part of Cmdable.
type SetCmdable interface {
	SAdd(ctx context.Context, key string, members ...interface{}) *IntCmd
	SIsMember(ctx context.Context, key string, member interface{}) *BoolCmd
	SMembers(ctx context.Context, key string) *StringSliceCmd
}

// SortedSetCmdable is part of Cmdable.
type SortedSetCmdable interface {
	ZAdd(ctx context.Context, key string, members ...Z) *IntCmd
}

// StreamCmdable is part of Cmdable.
type StreamCmdable interface {
	XAdd(ctx context.Context, a *XAddArgs) *StringCmd
}

// StringCmdable is part of Cmdable.
type StringCmdable interface {
	Get(ctx context.Context, key string) *StringCmd
	GetDel(ctx context.Context, key string) *StringCmd
	Incr(ctx context.Context, key string) *IntCmd
	IncrBy(ctx context.Context, key string, value int64) *IntCmd
	MGet(ctx context.Context, keys ...string) *SliceCmd
	Set(ctx context.Context, key string, value interface{}, expiration time.Duration) *StatusCmd
	SetEx(ctx context.Context, key string, value interface{}, expiration time.Duration) *StatusCmd
	SetNX(ctx context.Context, key string, value interface{}, expiration time.Duration) *BoolCmd
}

// Z is a member of a sorted set.
type Z struct {
	Score  float64
	Member interface{}
}

// XAddArgs are the arguments of XAdd.
type XAddArgs struct {
	Stream     string
	NoMkStream bool
	MaxLen     int64
	MinID      string
	Approx     bool
	Limit      int64
	Mode       string
	ID         string
	Values     interface{}
}

var (
	_ Cmdable   = (*Client)(nil)
	_ Scripter  = (*Client)(nil)
	_ Pipeliner = (*Pipeline)(nil)
	_ Cmdable   = (*Tx)(nil)
)
