// Package asynq is a stub of the library: what it declares is declared like this
// by the real one.
package asynq

import "context"

type Task struct{ payload []byte }

func (t *Task) Type() string    { return "" }
func (t *Task) Payload() []byte { return t.payload }

type Handler interface {
	ProcessTask(context.Context, *Task) error
}

type HandlerFunc func(context.Context, *Task) error

func (fn HandlerFunc) ProcessTask(ctx context.Context, task *Task) error { return fn(ctx, task) }

type MiddlewareFunc func(Handler) Handler

type ServeMux struct{ n int }

func NewServeMux() *ServeMux { return &ServeMux{} }

func (mux *ServeMux) Handle(pattern string, handler Handler)                                {}
func (mux *ServeMux) HandleFunc(pattern string, handler func(context.Context, *Task) error) {}
func (mux *ServeMux) Use(mws ...MiddlewareFunc)                                             {}
func (mux *ServeMux) ProcessTask(ctx context.Context, task *Task) error                     { return nil }

type Server struct{ n int }

func (srv *Server) Run(handler Handler) error { return nil }
