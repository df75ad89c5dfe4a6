// Package echo is a stub of the framework: what it declares is declared like
// this by the real one.
package echo

import "net/http"

type Context interface {
	Request() *http.Request
	Param(name string) string
	String(code int, s string) error
	NoContent(code int) error
}

type (
	HandlerFunc    func(c Context) error
	MiddlewareFunc func(next HandlerFunc) HandlerFunc
)

type Route struct{ Name string }

type Echo struct{ n int }

func New() *Echo { return &Echo{} }

func (e *Echo) Use(middleware ...MiddlewareFunc)                              {}
func (e *Echo) GET(path string, h HandlerFunc, m ...MiddlewareFunc) *Route    { return nil }
func (e *Echo) POST(path string, h HandlerFunc, m ...MiddlewareFunc) *Route   { return nil }
func (e *Echo) DELETE(path string, h HandlerFunc, m ...MiddlewareFunc) *Route { return nil }
func (e *Echo) Group(prefix string, m ...MiddlewareFunc) (g *Group)           { return &Group{} }
func (e *Echo) ServeHTTP(w http.ResponseWriter, r *http.Request)              {}
func (e *Echo) Start(address string) error                                    { return nil }

type Group struct{ n int }

func (g *Group) Use(middleware ...MiddlewareFunc)                              {}
func (g *Group) GET(path string, h HandlerFunc, m ...MiddlewareFunc) *Route    { return nil }
func (g *Group) POST(path string, h HandlerFunc, m ...MiddlewareFunc) *Route   { return nil }
func (g *Group) DELETE(path string, h HandlerFunc, m ...MiddlewareFunc) *Route { return nil }
func (g *Group) Group(prefix string, middleware ...MiddlewareFunc) (sg *Group) { return &Group{} }
