// Package web is a router of one's own. The policy says what its methods do,
// as a model does for a library.
package web

// Context is a request.
type Context struct{}

// Handler handles a request.
type Handler func(*Context) error

// Middleware is put around handlers.
type Middleware func(Handler) Handler

// Engine is the router.
type Engine struct{ routes map[string]Handler }

// New returns an empty router.
func New() *Engine { return &Engine{routes: map[string]Handler{}} }

// Use adds a middleware for the routes that follow.
func (e *Engine) Use(m Middleware) {}

// Group returns a router that begins with what this one has now.
func (e *Engine) Group() *Engine { return e }

// Get registers a handler.
func (e *Engine) Get(path string, h Handler) { e.routes["GET "+path] = h }

// Add registers an endpoint behind a list of middleware.
func (e *Engine) Add(mws []Middleware, at Endpoint) { e.routes[at.Method+at.Path] = at.Handle }

// Register registers a route that says itself what it is.
func (e *Engine) Register(mws []Middleware, r Route) { e.routes[r.Method()+r.Path()] = r.Handle }

// Route says what it is.
type Route interface {
	Method() string
	Path() string
	Handle(*Context) error
}

// Endpoint is a route as data.
type Endpoint struct {
	Method, Path string
	Handle       Handler
}
