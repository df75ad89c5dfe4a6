package redis

import (
	"context"
	"time"
)

type cmdable func(ctx context.Context, cmd Cmder) error

type statefulCmdable func(ctx context.Context, cmd Cmder) error

// Select changes the database.
func (c statefulCmdable) Select(ctx context.Context, index int) *StatusCmd { return &StatusCmd{} }

// The commands.

// Do runs any command.
func (c cmdable) Do(ctx context.Context, args ...interface{}) *Cmd { return &Cmd{} }

// Del removes keys.
func (c cmdable) Del(ctx context.Context, keys ...string) *IntCmd { return &IntCmd{} }

// Unlink removes keys.
func (c cmdable) Unlink(ctx context.Context, keys ...string) *IntCmd { return &IntCmd{} }

// Exists counts keys.
func (c cmdable) Exists(ctx context.Context, keys ...string) *IntCmd { return &IntCmd{} }

// Expire sets a time to live.
func (c cmdable) Expire(ctx context.Context, key string, expiration time.Duration) *BoolCmd {
	return &BoolCmd{}
}

// HDel removes fields of a hash.
func (c cmdable) HDel(ctx context.Context, key string, fields ...string) *IntCmd { return &IntCmd{} }

// HGet reads a field of a hash.
func (c cmdable) HGet(ctx context.Context, key, field string) *StringCmd { return &StringCmd{} }

// HGetAll reads a hash.
func (c cmdable) HGetAll(ctx context.Context, key string) *MapStringStringCmd {
	return &MapStringStringCmd{}
}

// HSet writes fields of a hash.
func (c cmdable) HSet(ctx context.Context, key string, values ...interface{}) *IntCmd {
	return &IntCmd{}
}

// LPush prepends to a list.
func (c cmdable) LPush(ctx context.Context, key string, values ...interface{}) *IntCmd {
	return &IntCmd{}
}

// RPush appends to a list.
func (c cmdable) RPush(ctx context.Context, key string, values ...interface{}) *IntCmd {
	return &IntCmd{}
}

// Publish sends a message.
func (c cmdable) Publish(ctx context.Context, channel string, message interface{}) *IntCmd {
	return &IntCmd{}
}

// Eval runs a script.
func (c cmdable) Eval(ctx context.Context, script string, keys []string, args ...interface{}) *Cmd {
	return &Cmd{}
}

// EvalSha runs a loaded script.
func (c cmdable) EvalSha(ctx context.Context, sha1 string, keys []string, args ...interface{}) *Cmd {
	return &Cmd{}
}

// SAdd adds to a set.
func (c cmdable) SAdd(ctx context.Context, key string, members ...interface{}) *IntCmd {
	return &IntCmd{}
}

// SIsMember asks a set.
func (c cmdable) SIsMember(ctx context.Context, key string, member interface{}) *BoolCmd {
	return &BoolCmd{}
}

// SMembers reads a set.
func (c cmdable) SMembers(ctx context.Context, key string) *StringSliceCmd { return &StringSliceCmd{} }

// ZAdd adds to a sorted set.
func (c cmdable) ZAdd(ctx context.Context, key string, members ...Z) *IntCmd { return &IntCmd{} }

// XAdd appends to a stream.
func (c cmdable) XAdd(ctx context.Context, a *XAddArgs) *StringCmd { return &StringCmd{} }

// Get reads a string.
func (c cmdable) Get(ctx context.Context, key string) *StringCmd { return &StringCmd{} }

// GetDel reads and removes a string.
func (c cmdable) GetDel(ctx context.Context, key string) *StringCmd { return &StringCmd{} }

// Incr adds one.
func (c cmdable) Incr(ctx context.Context, key string) *IntCmd { return &IntCmd{} }

// IncrBy adds value.
func (c cmdable) IncrBy(ctx context.Context, key string, value int64) *IntCmd { return &IntCmd{} }

// MGet reads several strings.
func (c cmdable) MGet(ctx context.Context, keys ...string) *SliceCmd { return &SliceCmd{} }

// Set writes a string.
func (c cmdable) Set(ctx context.Context, key string, value interface{}, expiration time.Duration) *StatusCmd {
	return &StatusCmd{}
}

// SetEx writes a string that expires.
func (c cmdable) SetEx(ctx context.Context, key string, value interface{}, expiration time.Duration) *StatusCmd {
	return &StatusCmd{}
}

// SetNX writes a string if there is none.
func (c cmdable) SetNX(ctx context.Context, key string, value interface{}, expiration time.Duration) *BoolCmd {
	return &BoolCmd{}
}

// Cmder is a command with its reply.
type Cmder interface {
	Err() error
}

type baseCmd struct{ err error }

// Err returns the error of the reply.
func (cmd *baseCmd) Err() error { return cmd.err }

// Cmd is a command with any reply.
type Cmd struct {
	baseCmd
	val interface{}
}

// Val returns the reply.
func (cmd *Cmd) Val() interface{} { return cmd.val }

// Result returns the reply.
func (cmd *Cmd) Result() (interface{}, error) { return cmd.val, cmd.err }

// Text returns the reply as text.
func (cmd *Cmd) Text() (string, error) { return "", cmd.err }

// Int64 returns the reply as a number.
func (cmd *Cmd) Int64() (int64, error) { return 0, cmd.err }

// StringCmd is a command with a string reply.
type StringCmd struct {
	baseCmd
	val string
}

// Val returns the reply.
func (cmd *StringCmd) Val() string { return cmd.val }

// Result returns the reply.
func (cmd *StringCmd) Result() (string, error) { return cmd.val, cmd.err }

// Bytes returns the reply as bytes.
func (cmd *StringCmd) Bytes() ([]byte, error) { return nil, cmd.err }

// StatusCmd is a command with a status reply.
type StatusCmd struct {
	baseCmd
	val string
}

// Result returns the reply.
func (cmd *StatusCmd) Result() (string, error) { return cmd.val, cmd.err }

// BoolCmd is a command with a bool reply.
type BoolCmd struct {
	baseCmd
	val bool
}

// Val returns the reply.
func (cmd *BoolCmd) Val() bool { return cmd.val }

// Result returns the reply.
func (cmd *BoolCmd) Result() (bool, error) { return cmd.val, cmd.err }

// IntCmd is a command with a number reply.
type IntCmd struct {
	baseCmd
	val int64
}

// Val returns the reply.
func (cmd *IntCmd) Val() int64 { return cmd.val }

// Result returns the reply.
func (cmd *IntCmd) Result() (int64, error) { return cmd.val, cmd.err }

// SliceCmd is a command with a list reply.
type SliceCmd struct {
	baseCmd
	val []interface{}
}

// Val returns the reply.
func (cmd *SliceCmd) Val() []interface{} { return cmd.val }

// Result returns the reply.
func (cmd *SliceCmd) Result() ([]interface{}, error) { return cmd.val, cmd.err }

// StringSliceCmd is a command with a list reply.
type StringSliceCmd struct {
	baseCmd
	val []string
}

// Result returns the reply.
func (cmd *StringSliceCmd) Result() ([]string, error) { return cmd.val, cmd.err }

// MapStringStringCmd is a command with a map reply.
type MapStringStringCmd struct {
	baseCmd
	val map[string]string
}

// Result returns the reply.
func (cmd *MapStringStringCmd) Result() (map[string]string, error) { return cmd.val, cmd.err }
