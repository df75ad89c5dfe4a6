// Package runtime is a stub of grpc-gateway's, with its signatures.
package runtime

import "net/http"

type HandlerFunc func(w http.ResponseWriter, r *http.Request, pathParams map[string]string)

type Middleware func(HandlerFunc) HandlerFunc

type ServeMuxOption func(*ServeMux)

type ServeMux struct{ handlers []HandlerFunc }

func NewServeMux(opts ...ServeMuxOption) *ServeMux { return &ServeMux{} }

func WithMiddlewares(middlewares ...Middleware) ServeMuxOption { return func(*ServeMux) {} }

func (s *ServeMux) Handle(meth string, pat Pattern, h HandlerFunc) {}

func (s *ServeMux) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

type Pattern struct{ verb string }

func NewPattern(version int, ops []int, pool []string, verb string) (Pattern, error) {
	return Pattern{verb}, nil
}

func MustPattern(p Pattern, err error) Pattern { return p }
