package api_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// The token endpoint cannot send the credentials of a client to another address.
func TestRedirectOfTokenEndpointIsNotFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		elsewhere := newCapture(t)
		front := httptest.NewServer(http.RedirectHandler(elsewhere.URL+"/oauth/token", status))
		t.Cleanup(front.Close)
		token := idToken(t, front.URL)
		for name, credentials := range map[string]api.Credentials{
			"secret":   {ClientID: "client-1", ClientSecret: "canary-secret"},
			"identity": {ClientID: "client-1", Identity: api.FindIdentity(environment("RIVA_ID_TOKEN", token))},
		} {
			transport, err := api.NewTransport("")
			if err != nil {
				t.Fatal(err)
			}
			if issued, err := credentials.TokenSource(front.URL, transport).Token(); err == nil {
				t.Errorf("%s, status %d: a token of another address: %+v", name, status, issued)
			}
			if sent := elsewhere.all(); sent != "" {
				t.Errorf("%s, status %d: another address received %s", name, status, sent)
			}
		}
	}
}
