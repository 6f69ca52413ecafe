//go:build clients

package clients_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
)

// signsIn serves a person to a script until the test ends. A script posts the address of an authorize endpoint, and gets the
// address that the browser is sent back to.
func signsIn(t *testing.T, ca, username, password string, choices person.Choices) (address string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		browser, err := person.New(ca)
		if err != nil {
			t.Error(err)
			return
		}
		callback, err := browser.SignIn(r.Context(), string(body), username, password, choices)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		_, _ = io.WriteString(w, callback) // fails only if the script has ended
	}))
	t.Cleanup(server.Close)
	return server.URL
}
