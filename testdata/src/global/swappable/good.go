package swappable

import (
	"errors"
	"net/http"

	"github.com/redis/go-redis/v9"
)

type hostResolver struct{}

func (hostResolver) Resolve(r *http.Request) (string, error) {
	if r.Host == "" {
		return "", errors.New("no host")
	}
	return r.Host, nil
}

var fixed tenantResolver

// case: swappable/set-in-init clean
func init() { fixed = hostResolver{} }

// Fixed asks the one resolver.
func Fixed(r *http.Request) (string, error) { return fixed.Resolve(r) }

// connection is set once, where it is declared.
var connection = redis.NewClient(&redis.Options{Addr: "localhost:6379"})

// Ping uses it.
//
// case: swappable/client-set-once clean
func Ping(w http.ResponseWriter, r *http.Request) {
	if connection == nil {
		http.Error(w, "no connection", http.StatusServiceUnavailable)
	}
}

// Service has its resolver injected, which is how it should be.
type Service struct{ resolver tenantResolver }

// New returns a service.
//
// case: swappable/injected clean
func New(r tenantResolver) *Service { return &Service{resolver: r} }
