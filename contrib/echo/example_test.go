package tenantecho_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	tenantecho "github.com/tenantvet/tenantvet/contrib/echo"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// newBoundary is a boundary with outside parts that know one user.
func newBoundary() (*tenant.Boundary, error) {
	prod, err := tenant.ParseEnv("prod")
	if err != nil {
		return nil, err
	}
	return tenant.New(tenant.Config{
		Env:         prod,
		AllowedEnvs: []tenant.Env{prod},
		Claims:      tenant.Names{Tenant: "org", User: "sub", Env: tenant.Unused, Role: tenant.Unused},
		Headers:     tenant.Names{Tenant: tenant.Unused, User: tenant.Unused, Env: tenant.Unused, Role: tenant.Unused},
		Authenticator: tenant.AuthenticatorFunc(func(_ context.Context, h tenant.Header) (tenant.Claims, error) {
			if h == nil || strings.Join(h.Values("Authorization"), ",") != "Bearer ann's token" {
				return nil, errors.New("no valid token")
			}
			return tenant.MapClaims{"sub": "ann", "org": "acme"}, nil
		}),
		Directory: tenant.DirectoryFunc(func(context.Context, string, tenant.Env) ([]tenant.Binding, error) {
			return []tenant.Binding{{Tenant: "acme", Policy: "standard"}}, nil
		}),
		Authority: tenant.AuthorityFunc(func(_ context.Context, sc tenant.Scope) (tenant.Standing, error) {
			return tenant.Standing{Member: sc.User() == "ann", Roles: []string{"viewer"}}, nil
		}),
		KeySecret: []byte("32 random bytes from the secrets"),
		Timeout:   2 * time.Second,
	})
}

func Example() {
	boundary, err := newBoundary()
	if err != nil {
		log.Fatal(err)
	}
	engine := echo.New()
	api := engine.Group("/api", tenantecho.Middleware(boundary), tenantecho.RequireTenantMembership(boundary))
	api.GET("/invoices/:id", func(c echo.Context) error {
		sc, err := tenant.FromContext(c.Request().Context())
		if err != nil {
			return tenant.WriteProblem(c.Response(), err)
		}
		return c.String(http.StatusOK, "invoice "+c.Param("id")+" of "+sc.Tenant())
	})
	api.DELETE("/invoices/:id", func(c echo.Context) error { return c.NoContent(http.StatusNoContent) }, tenantecho.RequireTenantRole(boundary, "admin"))

	for _, method := range []string{"GET", "DELETE"} {
		for _, token := range []string{"ann's token", "a guess"} {
			r := httptest.NewRequest(method, "/api/invoices/42", nil)
			r.Header.Set("Authorization", "Bearer "+token)
			w := httptest.NewRecorder()
			engine.ServeHTTP(w, r)
			if fmt.Println(method, token, w.Code); w.Code == http.StatusOK {
				fmt.Println(w.Body)
			}
		}
	}
	// Output:
	// GET ann's token 200
	// invoice 42 of acme
	// GET a guess 401
	// DELETE ann's token 403
	// DELETE a guess 401
}
