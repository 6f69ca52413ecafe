package office365_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// TestPersonSignsIn lets a user sign in with a browser in a tenant whose policy an administrator changes.
func TestPersonSignsIn(t *testing.T) {
	t.Parallel()
	b := start(t)
	control := sandboxtest.Control(t, b.Server)
	app := b.Entra.App()
	config := &oauth2.Config{
		ClientID: app.ClientID, ClientSecret: app.Secrets[0].Value, RedirectURL: "http://localhost:40123",
		Scopes: []string{"openid", "offline_access", "User.Read", "Mail.ReadWrite"},
		Endpoint: oauth2.Endpoint{
			AuthURL:   b.AuthorityURL() + "/example.com/oauth2/v2.0/authorize",
			TokenURL:  b.AuthorityURL() + "/example.com/oauth2/v2.0/token",
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}
	signIn := func() (string, error) {
		return sandboxtest.Browser(t).SignIn(t.Context(), config.AuthCodeURL("s"), ada, "a new password", person.Choices{})
	}
	control.Do(http.MethodPatch, "/entra/users/"+ada, `{"password":"a new password"}`)
	control.Do(http.MethodPatch, "/entra/app", `{"consents":{}}`)
	control.Do(http.MethodPatch, "/entra/tenant", `{"admin_consent_required":true}`)
	if _, err := signIn(); err == nil || !strings.Contains(err.Error(), "Need admin approval") {
		t.Errorf("without an administrator: %v", err)
	}
	control.Do(http.MethodPatch, "/entra/tenant", `{"admin_consent_required":false}`)
	back := sandboxtest.Callback(t, sandboxtest.Browser(t), config.AuthCodeURL("s"), ada, "a new password", person.Choices{})
	token, err := config.Exchange(t.Context(), back.Get("code"))
	must(t, err)
	if got := b.get(token.AccessToken, "/me"); got.value["userPrincipalName"] != ada {
		t.Errorf("/me: %s", got.Body)
	}
	if got := b.get(token.AccessToken, "/me/contacts"); got.Status != http.StatusForbidden {
		t.Errorf("a permission that was not requested: %d", got.Status)
	}
	config.Scopes = []string{"User.Read.All"}
	if _, err := signIn(); err == nil || !strings.Contains(err.Error(), "AADSTS90094") {
		t.Errorf("a permission that only an administrator can grant: %v", err)
	}
}
