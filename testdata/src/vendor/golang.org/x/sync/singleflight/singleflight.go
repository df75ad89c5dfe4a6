// Package singleflight is a stub of the real package: the same names and signatures, less behaviour.
package singleflight

import "sync"

// Group is a namespace of calls.
type Group struct{ mu sync.Mutex }

// Result is what DoChan delivers.
type Result struct {
	Val    interface{}
	Err    error
	Shared bool
}

// Do calls fn once per key at a time.
func (g *Group) Do(key string, fn func() (interface{}, error)) (v interface{}, err error, shared bool) {
	v, err = fn()
	return v, err, false
}

// DoChan is Do with a channel.
func (g *Group) DoChan(key string, fn func() (interface{}, error)) <-chan Result {
	return make(chan Result, 1)
}

// Forget forgets a key.
func (g *Group) Forget(key string) {}
