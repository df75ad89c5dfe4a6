package closuremap

import (
	"net/http"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

var visits = map[[2]string]int{}

// Visits counts within the scope.
//
// case: closuremap/scoped clean
func Visits(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sc, err := tenant.FromContext(r.Context())
		if err != nil {
			http.Error(w, "sign in first", http.StatusUnauthorized)
			return
		}
		visits[[2]string{sc.Tenant(), sc.Env().String()}]++
		next.ServeHTTP(w, r)
	})
}

var handlers = map[string]http.Handler{}

// register is called while the variables of the package are made.
func register(name string, h http.Handler) bool {
	func() { handlers[name] = h }()
	return true
}

var _ = register("health", http.NotFoundHandler())

// Handler reads what was registered.
//
// case: closuremap/initialiser clean
func Handler(name string) http.Handler { return handlers[name] }
