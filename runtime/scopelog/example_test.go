package scopelog_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/tenantvet/tenantvet/runtime/scopelog"
)

// exampleOptions leaves the time out, which differs from run to run.
func exampleOptions() *slog.HandlerOptions {
	return &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "duration" {
			return slog.Attr{}
		}
		return a
	}}
}

func ExampleNewHandler() {
	handler, err := scopelog.NewHandler(slog.NewTextHandler(os.Stdout, exampleOptions()), scopelog.Options{
		Keys: []string{"national-id"},
		// With a Hasher the scope would show which tenant, by a hash.
	})
	if err != nil {
		log.Fatal(err)
	}
	logger := slog.New(handler)

	type account struct {
		Name       string
		Password   string
		NationalID string
	}
	logger.Info("signed in", "account", account{"ann", "hunter2", "AB 12 34"}, "header", http.Header{"Cookie": {"sid=1"}, "Accept": {"*/*"}})
	logger.Error("fetch", "error", fmt.Errorf(`Get "https://example.com/a?page=2&access_token=abc": timeout`))

	// Output:
	// level=INFO msg="signed in" account="{Name:ann Password:[redacted] NationalID:[redacted]}" header="map[Accept:[*/*] Cookie:[redacted]]"
	// level=ERROR msg=fetch error="Get \"https://example.com/a?page=2&access_token=[redacted]\": timeout"
}

func ExampleNewMiddleware() {
	handler, err := scopelog.NewHandler(slog.NewTextHandler(os.Stdout, exampleOptions()), scopelog.Options{})
	if err != nil {
		log.Fatal(err)
	}
	logging, err := scopelog.NewMiddleware(handler, scopelog.MiddlewareOptions{RequestHeaders: []string{"User-Agent"}})
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /reset/{token}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "done") })

	// The boundary that makes the scope goes between the two.
	boundary := func(next http.Handler) http.Handler { return next }
	served := logging(boundary(scopelog.Scoped(mux)))

	r := httptest.NewRequestWithContext(context.Background(), "GET", "/reset/hunter2?a=b", nil)
	r.Header.Set("User-Agent", "curl/8")
	served.ServeHTTP(httptest.NewRecorder(), r)

	// Output:
	// level=INFO msg="http request" method=GET route="GET /reset/{token}" path=/reset/[redacted] status=200 bytes=4 request.User-Agent=curl/8
}
