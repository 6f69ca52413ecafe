package dynamics365_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/dynamics365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// calls returns the operations that reached a site, in order.
func calls(server *sandbox.Server, site string) []string {
	var all []string
	for _, request := range server.Requests() {
		if request.Site == site {
			all = append(all, request.Operation)
		}
	}
	return all
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	grants(t, func(t *testing.T, grant string) {
		server := start(t, sandbox.Options{})
		a := account(t, server, grant)
		a.Settings["organization_id"] = strings.ToUpper(server.Organization().ID)
		conformance.RequireIdentity(t, a, target.Identity{
			Username: "riva@example.com", UserID: server.Service().ID, OrganizationID: server.Organization().ID,
			OrganizationName: "Example", Host: "127.0.0.1",
		})
	})
}

// The environment is called first. Secrets are sent once, to Entra's token endpoint, and the token to the environment only.
func TestSecretsReachEntraOnly(t *testing.T) {
	t.Parallel()
	grants(t, func(t *testing.T, grant string) {
		server := start(t, sandbox.Options{})
		a := account(t, server, grant)
		conformance.RequirePass(t, a, target.General, "")
		conformance.RequirePass(t, a, target.Metadata, "")
		if got := calls(server, entra.Site); !slices.Equal(got, []string{"token"}) {
			t.Errorf("Entra received %v", got)
		}
		if got := calls(server, ""); got[0] != "service-document" || slices.Contains(got[1:], "service-document") {
			t.Errorf("the environment received %v", got)
		}
		token := a.Tokens.Access(time.Now()).AccessToken
		for i, request := range server.Requests() {
			hasCredentials := request.Header.Get("Authorization") == "Bearer "+token
			if hasCredentials != (request.Site == "" && i > 0) {
				t.Errorf("%s %s: token %t", request.Site, request.Path, hasCredentials)
			}
			if strings.Contains(request.Path+request.Query+string(request.Body), token) {
				t.Errorf("%s contains the token", request.Path)
			}
			if (request.SignIn != nil) != (request.Operation == "token") {
				t.Errorf("%s: sign-in %v", request.Path, request.SignIn)
			}
		}
		if grant == clientSecret && server.SignInList()[0].Secret != secret {
			t.Error("the secret did not arrive unchanged")
		}
	})
}

// A token of another user is rejected: its rights would differ from those of the application user.
func TestOtherUserIsRejected(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(t, server, clientSecret)
	a.Settings["client_id"] = strings.ToUpper(a.Settings["client_id"])
	conformance.RequirePass(t, a, target.General, "")
	a = account(t, server, clientSecret)
	a.Tokens.SetAccess(&oauth2.Token{AccessToken: "other"})
	relay := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		ids := `"UserId":"00001111-aaaa-2222-bbbb-3333cccc4444","OrganizationId":"00001111-aaaa-2222-bbbb-3333cccc4444"`
		_, _ = w.Write([]byte(`{` + ids + `,"domainname":"ada@example.com","applicationid":null}`))
	}))
	t.Cleanup(relay.Close)
	a.Settings["url"] = relay.URL
	fault := conformance.RequireFault(t, a, target.General, "")
	if fault.Code != target.WrongIdentity || fault.Field != "client_id" || !fault.Message.Contains("ada@example.com") {
		t.Errorf("got %+v", fault)
	}
}

// Sessions share a token; an expired one is replaced once.
func TestTokenIsReusedAndReplaced(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.RequireTokenReuse(t, server, account(t, server, clientSecret), func() error {
		server.Entra().ExpireTokens()
		return nil
	})
}

// An environment of another tenant is detected before a secret is sent, or from the token's claims.
func TestEnvironmentOfOtherTenant(t *testing.T) {
	t.Parallel()
	for tenant, attempts := range map[string]int{entra.TenantID: 0, "example.onmicrosoft.com": 1} {
		server := start(t, sandbox.Options{})
		server.UpdateOrganization(func(o *sandbox.Organization) { o.TenantID = entra.OtherTenantID })
		a := account(t, server, clientSecret)
		a.Settings["tenant_id"] = tenant
		fault := conformance.RequireFault(t, a, target.General, "")
		if fault.Code != target.Misconfigured || fault.Field != "tenant_id" || !fault.Message.Contains(entra.OtherTenantID) {
			t.Errorf("%s: got %+v", tenant, fault)
		}
		if got := server.SignIns().Attempts; got != attempts || a.Tokens.Access(time.Now()) != nil {
			t.Errorf("%s: %d sign-ins, token stored %v", tenant, got, a.Tokens.Access(time.Now()))
		}
	}
}

// The tenant is in one of the challenges; a gateway can add others before it.
func TestTenantInSecondChallenge(t *testing.T) {
	t.Parallel()
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("WWW-Authenticate", "Negotiate")
		w.Header().Add("WWW-Authenticate", "Bearer authorization_uri=https://login.microsoftonline.com/"+entra.OtherTenantID+
			"/oauth2/authorize, resource_id=https://example.crm4.dynamics.com/")
		w.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(gateway.Close)
	server := start(t, sandbox.Options{})
	a := account(t, server, clientSecret)
	a.Settings["url"] = gateway.URL
	fault := conformance.RequireFault(t, a, target.General, "")
	if fault.Code != target.Misconfigured || fault.Field != "tenant_id" || server.SignIns().Attempts != 0 {
		t.Errorf("got %+v after %d sign-ins", fault, server.SignIns().Attempts)
	}
}

// An address that is not an environment gets only a call without credentials.
func TestAddressWithoutEnvironment(t *testing.T) {
	t.Parallel()
	for name, response := range map[string]http.HandlerFunc{
		"open": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"value":[]}`)) },
		"page": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("<html><title>Shop</title></html>"))
		},
		"empty": func(http.ResponseWriter, *http.Request) {},
		"other": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) },
	} {
		server := start(t, sandbox.Options{})
		elsewhere := httptest.NewServer(response)
		t.Cleanup(elsewhere.Close)
		a := account(t, server, clientSecret)
		a.Settings["url"] = elsewhere.URL
		fault := conformance.RequireFault(t, a, target.General, "")
		if fault.Code != target.Misconfigured || fault.Field != "url" || server.SignIns().Attempts != 0 {
			t.Errorf("%s: got %+v, %d sign-ins", name, fault, server.SignIns().Attempts)
		}
	}
}

// An environment that Entra does not know, such as a deleted one.
func TestUnknownResource(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(t, server, clientSecret)
	a.Settings["url"] = strings.Replace(server.URL(), "127.0.0.1", "localhost", 1)
	fault := conformance.RequireFault(t, a, target.General, "")
	if fault.Code != target.Misconfigured || fault.Field != "url" || !fault.Message.Contains("AADSTS500011") {
		t.Errorf("got %+v", fault)
	}
}

// A missing organization name does not fail the sign-in.
func TestSignInWithoutOrganizationName(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.Update(t, server, server.Service().Username, func(u *sandbox.User) { u.ReadOrganization = false })
	want := "Signed in as riva@example.com. The environment has version 9.2.24104.00170."
	if got := conformance.RequirePass(t, account(t, server, clientSecret), target.General, "").Message; got != want {
		t.Errorf("got %q", got)
	}
}

// Echoed secrets are masked: those that were sent, those that the system issued, and signed assertions.
func TestEchoedSecretsAreMasked(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(t, server, certificate)
	session := conformance.SignIn(t, a)
	token := a.Tokens.Access(time.Now()).AccessToken
	conformance.FailUntilCleared(t, server, sandbox.Error("0x80040216").WithMessage("token "+token+" failed"))
	_, err := session.Run(t.Context(), target.General, "")
	if fault, ok := target.AsFault(err); !ok || fault.Message.Contains(token) || !fault.Message.Contains("***") {
		t.Errorf("got %v", err)
	}
}

// A mismatched key and certificate are rejected before a call, also if they were stored.
func TestMismatchedPair(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(t, server, certificate)
	other, err := sandboxcore.NewKeyPair(time.Now().AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	a.Credentials["private_key"] = other.PrivateKey
	fault := conformance.RequireFault(t, a, target.General, "")
	if fault.Code != target.Misconfigured || fault.Field != "private_key" || len(server.Requests()) != 0 {
		t.Errorf("got %+v after %d requests", fault, len(server.Requests()))
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	arrived := make(chan string, 100)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { arrived <- r.URL.Path }))
	t.Cleanup(elsewhere.Close)
	for _, operation := range []string{"service-document", "token", "whoami", "row", "version"} {
		server := start(t, sandbox.Options{})
		conformance.FailUntilCleared(t, server, sandboxcore.Redirect(elsewhere.URL+"/x").ForOperation(operation))
		fault := conformance.RequireFault(t, account(t, server, clientSecret), target.General, "")
		if fault.Code != target.Misconfigured {
			t.Errorf("%s: got %+v", operation, fault)
		}
	}
	if len(arrived) != 0 {
		t.Error("a call was redirected")
	}
}

// A response without the user's fields, such as that of a gateway, is unusable; it does not name another user.
func TestResponseWithoutUserIsUnusable(t *testing.T) {
	t.Parallel()
	a := account(t, start(t, sandbox.Options{}), clientSecret)
	a.Tokens.SetAccess(&oauth2.Token{AccessToken: "taken"})
	relay := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		const id = "00001111-aaaa-2222-bbbb-3333cccc4444"
		_, _ = w.Write([]byte(`{"UserId":"` + id + `","OrganizationId":"` + id + `"}`))
	}))
	t.Cleanup(relay.Close)
	a.Settings["url"] = relay.URL
	if fault := conformance.RequireFault(t, a, target.General, ""); fault.Code != target.Misconfigured || fault.Field != "url" {
		t.Errorf("got %+v", fault)
	}
}
