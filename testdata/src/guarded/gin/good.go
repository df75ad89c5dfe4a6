package gin

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// case: guarded/gin-use clean
func Use(a *API) http.Handler {
	r := gin.New()
	r.GET("/about", a.about)
	r.Use(a.admit)
	r.Use(a.member())
	r.GET("/invoices/:id", a.get)
	r.DELETE("/invoices/:id", a.remove)
	return r
}

// Guards that stand in front of each route.
//
// case: guarded/gin-leading clean
func Leading(a *API) http.Handler {
	r := gin.New()
	v1 := r.Group("/v1", a.admit)
	v1.GET("/invoices/:id", a.member(), a.get)
	v1.DELETE("/invoices/:id", a.member(), a.remove)
	return r
}

// case: guarded/gin-loop clean
func Loop(a *API) error {
	r := gin.New()
	r.Use(a.admit, a.member())
	for _, row := range []struct {
		method, path string
		handle       gin.HandlerFunc
	}{
		{"GET", "/invoices/:id", a.get},
		{"DELETE", "/invoices/:id", a.remove},
	} {
		r.Handle(row.method, row.path, row.handle)
	}
	return r.Run(":8080")
}
