package office365_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	mailboxes "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/office365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

func TestIdentity(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	app := server.Entra.App()
	for _, api := range []string{graph, ews} {
		for _, grant := range []string{clientSecret, certificate, refreshToken} {
			want := target.Identity{
				Username: app.ClientID, UserID: app.ObjectID, OrganizationID: app.TenantID, OrganizationName: "Example",
				Host: "127.0.0.1",
			}
			if grant == refreshToken {
				want.Username, want.UserID = service, server.Service().ID
			}
			if api == ews { // without an organization name
				want.OrganizationName = ""
			}
			t.Run(api+" with "+grant, func(t *testing.T) { conformance.RequireIdentity(t, account(t, server, api, grant), want) })
		}
	}
}

// If an app may not read the organization, its token has the tenant.
func TestTenantFromTokenClaims(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	removePermissions(t, server, "Organization.Read.All")
	a := account(t, server, graph, clientSecret)
	if got := conformance.SignIn(t, a).Identity; got.OrganizationID != server.Entra.App().TenantID || got.OrganizationName != "" {
		t.Errorf("got %+v", got)
	}
	if n := len(conformance.Calls(server, "organization")); n != 0 {
		t.Errorf("the organization was read %d times", n)
	}
}

func TestTenantByItsDomain(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	grants(t, func(t *testing.T, grant string) {
		a := account(t, server, graph, grant)
		a.Settings["tenant_id"] = "example.onmicrosoft.com"
		conformance.RequirePass(t, a, target.General, "")
	})
}

func TestOtherTenantIsRejected(t *testing.T) {
	t.Parallel()
	tc := otherTenantServer(t, graph, clientSecret)
	fault := conformance.RequireFault(t, tc.Account, target.General, "")
	if fault.Code != target.WrongIdentity || fault.Field != "tenant_id" {
		t.Errorf("got %+v", fault)
	}
}

// With a refresh token, the user who signed in must be the expected one.
func TestRevalidationIdentities(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	requireNoError(t, server.Mailboxes.Update(service, func(a *mailboxes.Account) { a.Aliases = []string{"riva@example.com"} }))
	for name, test := range map[string]struct {
		signedIn, username, validation string
		right                          bool
	}{
		"the mailbox's user":              {service, "", service, true},
		"in other letters":                {service, "", "Riva-Sync@Example.com", true},
		"by another address":              {service, "", "riva@example.com", true},
		"another user":                    {ada, "", service, false},
		"another user on purpose":         {ada, ada, service, true},
		"another than the one on purpose": {service, ada, service, false},
	} {
		for _, api := range []string{graph, ews} {
			a := account(t, server, api, refreshToken)
			a.Credentials["refresh_token"] = approve(t, server, test.signedIn)
			a.Settings["validation_email"] = test.validation
			if test.username != "" {
				a.Settings["username"] = test.username
			}
			_, _, err := call.SignIn(t.Context(), a)
			fault, failed := target.AsFault(err)
			want := test.right
			if api == ews && name == "by another address" {
				want = false // EWS returns only the primary address
			}
			if failed == want || failed && (fault.Code != target.WrongIdentity || fault.Field != "username") {
				t.Errorf("%s (%s): got %v", name, api, err)
			}
		}
	}
}

// Every secret is sent once, to the token endpoint only.
func TestSecretsReachTokenEndpointOnly(t *testing.T) {
	t.Parallel()
	for _, api := range []string{graph, ews} {
		grants(t, func(t *testing.T, grant string) {
			server := start(t, sandbox.Options{})
			a := account(t, server, api, grant)
			conformance.RequirePass(t, a, target.General, "")
			conformance.RequirePass(t, a, target.Mail, ada)
			tokens := 0
			for _, request := range server.Requests() {
				if request.Operation == "token" {
					tokens++
					verifyForm(t, a, grant, string(request.Body))
					continue
				}
				whole, err := json.Marshal(request)
				requireNoError(t, err)
				for name, value := range a.Credentials {
					if strings.Contains(string(whole), value) || strings.Contains(string(whole), url.QueryEscape(value)) {
						t.Errorf("%s is in a call to %s", name, request.Path)
					}
				}
			}
			if tokens != 1 {
				t.Errorf("requested %d tokens, want one", tokens)
			}
		})
	}
}

// verifyForm checks the secrets of a grant in a token request.
func verifyForm(t *testing.T, a target.Account, grant, body string) {
	t.Helper()
	form, err := url.ParseQuery(body)
	requireNoError(t, err)
	for _, name := range []string{clientSecret, refreshToken} {
		if got := form.Get(name); got != a.Credentials[name] {
			t.Errorf("%s is %q", name, got)
		}
	}
	if grant != certificate {
		return
	}
	header, _, _ := strings.Cut(form.Get("client_assertion"), ".")
	decoded, err := base64.RawURLEncoding.DecodeString(header)
	if err != nil || !strings.Contains(string(decoded), "PS256") {
		t.Errorf("the assertion's header is %s, %v", decoded, err)
	}
	if form.Has("private_key") || strings.Contains(body, "PRIVATE") {
		t.Error("the private key was sent")
	}
}

// Sessions share the access token; Microsoft's replacement of the refresh token is stored and used.
func TestTokensAreReused(t *testing.T) {
	t.Parallel()
	for _, api := range []string{graph, ews} {
		grants(t, func(t *testing.T, grant string) {
			server := start(t, sandbox.Options{})
			a := account(t, server, api, grant)
			for range 3 {
				conformance.RequirePass(t, a, target.General, "")
			}
			if got := server.SignIns().Attempts; got != 1 {
				t.Errorf("signed in %d times, want once", got)
			}
			rotated := a.Tokens.Rotated()["refresh_token"]
			if (rotated != "") != (grant == refreshToken) {
				t.Errorf("the refresh token was replaced: %t", rotated != "")
			}
			server.Entra.ExpireTokens()
			conformance.RequirePass(t, a, target.General, "")
			signIns := server.SignInList()
			if len(signIns) != 2 || grant == refreshToken && signIns[1].Secret != rotated {
				t.Errorf("after the token expired: %d sign-ins, the last one with the wrong secret", len(signIns))
			}
		})
	}
}

// An app with a certificate authenticates with it and the refresh token.
func TestRefreshTokenWithCertificate(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(t, server, graph, certificate)
	a.Credentials["refresh_token"] = approve(t, server, service)
	if got := conformance.SignIn(t, a).Identity.Username; got != service {
		t.Errorf("signed in as %s", got)
	}
	requireNoError(t, server.Entra.Revoke(service))
	a.Tokens = new(target.Tokens)
	if fault := conformance.RequireFault(t, a, target.General, ""); fault.Code != target.GivenCredentials ||
		fault.Field != refreshToken {
		t.Errorf("got %+v", fault)
	}
}

// A stored token of the other API is replaced.
func TestTokenOfOtherAPIIsReplaced(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	before := account(t, server, ews, clientSecret)
	conformance.RequirePass(t, before, target.General, "")
	after := account(t, server, graph, clientSecret)
	after.Tokens = before.Tokens
	conformance.RequirePass(t, after, target.General, "")
	back := account(t, server, ews, clientSecret)
	back.Tokens = before.Tokens
	conformance.RequirePass(t, back, target.General, "")
}

// If an API rejects every token, it is called twice, not endlessly.
func TestTokenRejectedTwice(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	requireNoError(t, server.Fail(sandbox.GraphError("InvalidAuthenticationToken"), sandboxcore.UntilCleared))
	a := account(t, server, graph, clientSecret)
	fault := conformance.RequireFault(t, a, target.General, "")
	if fault.Code != target.GivenCredentials || fault.Field != "" || fault.Certain || server.SignIns().Attempts != 2 {
		t.Errorf("got %+v after %d sign-ins", fault, server.SignIns().Attempts)
	}
}

// Tokens are for the API of the cloud, also with a private endpoint.
func TestScopeOfTheAPI(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	for api, want := range map[string]string{
		graph: "https://graph.microsoft.com/.default", ews: "https://outlook.office365.com/.default",
	} {
		for grant, suffix := range map[string]string{clientSecret: "", refreshToken: " offline_access"} {
			server.Forget()
			conformance.RequirePass(t, account(t, server, api, grant), target.General, "")
			for _, request := range server.Requests() {
				if request.Operation != "token" {
					continue
				}
				form, err := url.ParseQuery(string(request.Body))
				if err != nil || form.Get("scope") != want+suffix || request.Method != http.MethodPost {
					t.Errorf("%s with %s: got scope %q, %v", api, grant, form.Get("scope"), err)
				}
			}
		}
	}
}
