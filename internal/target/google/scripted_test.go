package google_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// scripted is an account of APIs with scripted responses; the default is a mailbox of the administrator. It also returns the
// escaped paths that were called.
func scripted(t *testing.T, responses map[string]string) (target.Account, func() []string) {
	t.Helper()
	server, paths := start(t, sandbox.Options{}), make(chan string, 100)
	apis := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		paths <- r.URL.EscapedPath()
		body, ok := responses[r.URL.Path]
		if !ok {
			body = `{"emailAddress":"riva-sync@example.com"}`
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(apis.Close)
	a := account(server, serviceAccount)
	a.Settings["api_url"] = apis.URL
	return a, func() []string {
		var all []string
		for range len(paths) {
			all = append(all, <-paths)
		}
		return all
	}
}
