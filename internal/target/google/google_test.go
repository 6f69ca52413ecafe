package google_test

import (
	"strings"
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/google"
)

// The grants, as the declaration names them.
const (
	serviceAccount = "service_account"
	refreshToken   = "refresh_token"
)

// secret is easy to find in whatever a test captures.
const secret = `c4n&ry <"sec\ret/+%é`

// The scopes that are asked for.
const (
	mailScope      = "https://www.googleapis.com/auth/gmail.readonly"
	calendarScope  = "https://www.googleapis.com/auth/calendar.readonly"
	contactsScope  = "https://www.googleapis.com/auth/contacts.readonly"
	directoryScope = "https://www.googleapis.com/auth/admin.directory.user.readonly"
)

// grants runs a test with each grant.
func grants(t *testing.T, test func(t *testing.T, grant string)) {
	t.Helper()
	for _, grant := range []string{serviceAccount, refreshToken} {
		t.Run(grant, func(t *testing.T) {
			t.Parallel()
			test(t, grant)
		})
	}
}

// start runs a stand-in whose OAuth client has the secret above.
func start(t *testing.T, options sandbox.Options) *sandbox.Server {
	t.Helper()
	server, err := sandbox.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	server.UpdateClient(func(c *sandbox.Client) { c.Secret = secret })
	return server
}

// fail scripts a fault that lasts.
func fail(t *testing.T, server *sandbox.Server, fault sandboxcore.Fault) {
	t.Helper()
	if err := server.Fail(fault, sandboxcore.UntilCleared); err != nil {
		t.Fatal(err)
	}
}

// account is a connection to the stand-in with a grant, and tokens of its own.
func account(server *sandbox.Server, grant string) target.Account {
	a := target.Account{
		System: google.System(),
		Settings: target.Settings{
			"admin_email": server.Admin().Email, "token_url": server.TokenURL(), "api_url": server.APIURL(),
		},
		Network: target.Network{LoopbackHTTP: true, ConnectTimeout: 5 * time.Second, AnswerTimeout: 5 * time.Second},
		Tokens:  new(target.Tokens),
	}
	if ca := server.CA(); ca != "" {
		a.Settings[target.CACertificate] = ca
	}
	if grant == serviceAccount {
		a.Credentials = target.Credentials{"service_account_key": server.KeyFile()}
		return a
	}
	a.Settings["client_id"] = server.Client().ID
	a.Credentials = target.Credentials{"client_secret": server.Client().Secret, "refresh_token": server.RefreshToken()}
	return a
}

// madeByGoogle is an account whose key names Google's token endpoint, as those that Google makes do: it is good for an
// endpoint of one's own.
func madeByGoogle(server *sandbox.Server) target.Account {
	a := account(server, serviceAccount)
	a.Credentials["service_account_key"] = strings.Replace(server.KeyFile(), server.TokenURL(), sandbox.Audience, 1)
	return a
}

func update(t *testing.T, server *sandbox.Server, user string, change func(*sandbox.User)) {
	t.Helper()
	if err := server.Update(user, change); err != nil {
		t.Fatal(err)
	}
}

// delegate changes what the service account may do.
func delegate(server *sandbox.Server, scopes ...string) {
	server.UpdateServiceAccount(func(a *sandbox.ServiceAccount) { a.Delegated = scopes })
}

// requests are those of an operation that reached the stand-in.
func requests(server *sandbox.Server, operation string) []sandboxcore.Request {
	var all []sandboxcore.Request
	for _, request := range server.Requests() {
		if request.Operation == operation {
			all = append(all, request)
		}
	}
	return all
}
