//go:build browser

package signinwalk_test

import (
	"maps"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/office365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// account is an account of a stand-in.
type account struct{ username, password string }

// system is a stand-in, with the connection that is created for it.
type system struct {
	create            api.CreateConnection
	service, other    account
	refreshesMetadata bool
}

// options start a stand-in with TLS if the control plane has it: its pages then send the browser to https addresses only.
func options(secure bool) sandbox.Options {
	if !secure {
		return sandbox.Options{}
	}
	return sandbox.Options{TLS: &sandbox.TLS{}}
}

func withAuthority(settings map[string]string, pem string) map[string]string {
	if pem == "" {
		return settings
	}
	all := maps.Clone(settings)
	all["ca_certificate"] = pem
	return all
}

const ada = "ada@example.com"

func startSalesforce(t *testing.T, callback string, secure bool) system {
	t.Helper()
	crm := sandboxtest.Start(t, salesforce.Start, salesforce.Options{Options: options(secure)})
	if err := crm.UpdateApp(func(a *salesforce.App) {
		a.CallbackURLs, a.SecretForCode, a.SecretForRefresh, a.AdminApproved = append(a.CallbackURLs, callback), false, false, false
	}); err != nil {
		t.Fatal(err)
	}
	if err := crm.RevokeTokens(crm.Service().Username); err != nil { // so that the consent page is shown
		t.Fatal(err)
	}
	return system{
		create: api.CreateConnection{Name: "Sales CRM", System: "salesforce", Settings: withAuthority(map[string]string{
			"username": crm.Service().Username, "login_url": crm.LoginURL(), "client_id": crm.App().ConsumerKey,
		}, crm.CA())},
		service: account{crm.Service().Username, crm.Service().Password}, other: account{ada, crm.Find(ada).Password},
		refreshesMetadata: true,
	}
}

func startOffice365(t *testing.T, callback string, secure bool) (system, *office365.Server) {
	t.Helper()
	mail := sandboxtest.Start(t, office365.Start, office365.Options{Options: options(secure)})
	if err := mail.Entra.UpdateApp(func(a *entra.App) {
		a.RedirectURIs, a.Public = append(a.RedirectURIs, callback), true
	}); err != nil {
		t.Fatal(err)
	}
	return system{
		create: api.CreateConnection{Name: "Mail", System: "office365", Settings: withAuthority(map[string]string{
			"tenant_id": entra.TenantID, "client_id": mail.Entra.App().ClientID, "validation_email": mail.Service().UPN,
			"authority_url": mail.AuthorityURL(), "graph_url": mail.GraphURL(),
		}, mail.CA())},
		service: account{mail.Service().UPN, mail.Service().Password}, other: account{ada, mail.Entra.Find(ada).Password},
	}, mail
}

func startGoogle(t *testing.T, callback string, secure bool) system {
	t.Helper()
	workspace := sandboxtest.Start(t, google.Start, google.Options{Options: options(secure)})
	workspace.UpdateClient(func(c *google.Client) { c.RedirectURIs = append(c.RedirectURIs, callback) })
	return system{
		create: api.CreateConnection{
			Name: "Workspace", System: "google", Credentials: map[string]string{"client_secret": workspace.Client().Secret},
			Settings: withAuthority(map[string]string{
				"admin_email": workspace.Admin().Email, "client_id": workspace.Client().ID, "token_url": workspace.TokenURL(),
				"authorize_url": workspace.AuthorizeURL(), "api_url": workspace.APIURL(),
			}, workspace.CA()),
		},
		service: account{workspace.Admin().Email, workspace.Admin().Password}, other: account{ada, workspace.Find(ada).Password},
	}
}
