package google_test

import (
	"strings"
	"testing"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// The grants, as the declaration names them.
const (
	serviceAccount = "service_account"
	refreshToken   = "refresh_token"
)

// secret is easy to find in captured requests.
const secret = `c4n&ry <"sec\ret/+%é`

// The requested scopes.
const (
	mailScope      = "https://www.googleapis.com/auth/gmail.readonly"
	calendarScope  = "https://www.googleapis.com/auth/calendar.readonly"
	contactsScope  = "https://www.googleapis.com/auth/contacts.readonly"
	directoryScope = "https://www.googleapis.com/auth/admin.directory.user.readonly"
)

// grants runs a test with each grant.
func grants(t *testing.T, test func(t *testing.T, grant string)) {
	t.Helper()
	conformance.Each(t, []string{serviceAccount, refreshToken}, test)
}

// start runs a stand-in whose OAuth client has the secret above.
func start(t *testing.T, options sandbox.Options) *sandbox.Server {
	t.Helper()
	server := sandboxtest.Start(t, sandbox.Start, options)
	server.UpdateClient(func(c *sandbox.Client) { c.Secret = secret })
	return server
}

// account is an account of the stand-in with a grant and its own tokens.
func account(server *sandbox.Server, grant string) target.Account {
	a := conformance.At(server, target.Account{
		System: google.System(),
		Settings: target.Settings{
			"admin_email": server.Admin().Email, "token_url": server.TokenURL(), "api_url": server.APIURL(),
		},
	})
	if grant == serviceAccount {
		a.Credentials = target.Credentials{"service_account_key": server.KeyFile()}
		return a
	}
	a.Settings["client_id"] = server.Client().ID
	a.Credentials = target.Credentials{"client_secret": server.Client().Secret, "refresh_token": server.RefreshToken()}
	return a
}

// madeByGoogle is an account whose key names Google's token endpoint, like the keys that Google creates: it works with a private
// endpoint.
func madeByGoogle(server *sandbox.Server) target.Account {
	a := account(server, serviceAccount)
	a.Credentials["service_account_key"] = strings.Replace(server.KeyFile(), server.TokenURL(), sandbox.Audience, 1)
	return a
}

// delegate changes what the service account may do.
func delegate(server *sandbox.Server, scopes ...string) {
	server.UpdateServiceAccount(func(a *sandbox.ServiceAccount) { a.Delegated = scopes })
}
