//go:build clients

package clients_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/office365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// cloud is what graph.mjs prints.
type cloud struct {
	Error                      string
	Status                     int
	User, Mail, Inbox, Subject string
	More                       bool
	Found                      []string
	Organization               string
	Opened                     string
	Total                      int
	SignedIn                   string
}

// startOffice365 starts a stand-in with TLS: Microsoft's client sends no token without it.
func startOffice365(t *testing.T) *office365.Server {
	t.Helper()
	return sandboxtest.Start(t, office365.Start, office365.Options{Options: secure()})
}

// graphClient runs the libraries as the app, or as the service user. more are further environment variables.
func graphClient(t *testing.T, server *office365.Server, user bool, more ...string) cloud {
	t.Helper()
	app := server.Entra.App()
	env := []string{
		"M_AUTHORITY=" + server.AuthorityURL(), "M_TENANT=" + app.TenantID, "M_CLIENT=" + app.ClientID,
		"M_SECRET=" + app.Secrets[0].Value, "M_GRAPH=" + server.GraphURL(), "M_EWS=" + server.EWSURL(), "M_USER=ada@example.com",
	}
	if user {
		env = append(env, "M_REFRESH="+server.RefreshToken())
	}
	return library[cloud](t, "graph.mjs", "@microsoft/microsoft-graph-client", server.CA(), append(env, more...)...)
}

func TestGraphClientReadsMailbox(t *testing.T) {
	t.Parallel()
	for name, user := range map[string]bool{"Ada Lovelace": false, "Riva Service User": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := graphClient(t, startOffice365(t), user)
			if got.Error != "" || got.User != name || got.Inbox != "Inbox" || got.Subject != "Grüße aus dem Büro" || !got.More ||
				!slices.Equal(got.Found, []string{"ada@example.com"}) || got.Organization != "Example" {
				t.Errorf("Graph: %+v", got)
			}
			if got.Opened != "Inbox" || got.Total != 2 {
				t.Errorf("EWS: %+v", got)
			}
		})
	}
}

// TestMSALAuthorizes lets a person sign in with a browser. MSAL redeems the code, and later its refresh token for EWS.
func TestMSALAuthorizes(t *testing.T) {
	t.Parallel()
	server := startOffice365(t)
	service := server.Service()
	run := func(choices person.Choices, more ...string) cloud {
		return graphClient(t, server, false,
			append([]string{"M_PERSON=" + signsIn(t, server.CA(), service.UPN, service.Password, choices)}, more...)...)
	}
	got := run(person.Choices{})
	if got.Error != "" || got.User != "Riva Service User" || got.SignedIn != service.UPN || got.Opened != "Inbox" {
		t.Errorf("it read %+v", got)
	}
	if got := run(person.Choices{Cancel: true}); !strings.Contains(got.Error, "the user canceled the authentication") {
		t.Errorf("canceled: %+v", got)
	}
	if got := run(person.Choices{}, "M_VERIFIER="+strings.Repeat("x", 43)); !strings.Contains(got.Error, "AADSTS501481") {
		t.Errorf("another verifier: %+v", got)
	}
	server.Entra.UpdateTenant(func(tenant *entra.Tenant) { tenant.AdminConsent = true })
	if err := server.Entra.UpdateApp(func(a *entra.App) { a.Consents = nil }); err != nil {
		t.Fatal(err)
	}
	if got := run(person.Choices{Return: true}); !strings.Contains(got.Error, "AADSTS90094") {
		t.Errorf("without an administrator: %+v", got)
	}
}

func TestGraphClientErrors(t *testing.T) {
	t.Parallel()
	server := startOffice365(t)
	if err := server.UpdateMailbox("ada@example.com", func(m *office365.Mailbox) { m.Blocked = true }); err != nil {
		t.Fatal(err)
	}
	if got := graphClient(t, server, false); got.Error != "ErrorAccessDenied" || got.Status != 403 {
		t.Errorf("a blocked mailbox: %+v", got)
	}
	if err := server.Reset(); err != nil {
		t.Fatal(err)
	}
	if err := server.Fail(office365.GraphError("InvalidAuthenticationToken"), sandbox.UntilCleared); err != nil {
		t.Fatal(err)
	}
	if got := graphClient(t, server, false); got.Error != "InvalidAuthenticationToken" || got.Status != 401 {
		t.Errorf("an invalid token: %+v", got)
	}
	if err := server.Entra.UpdateApp(func(a *entra.App) { a.Enabled = false }); err != nil {
		t.Fatal(err)
	}
	if got := graphClient(t, server, false); !strings.Contains(got.Error, "AADSTS7000112") {
		t.Errorf("a disabled app: %+v", got)
	}
}
