package office365_test

import (
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/office365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/office365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// The grants, as the declaration names them.
const (
	clientSecret = "client_secret"
	certificate  = "certificate"
	refreshToken = "refresh_token"
)

// The APIs.
const (
	graph = "graph"
	ews   = "ews"
)

// secret is easy to find in captured requests.
const secret = `c4n&ry <"sec\ret/+%é`

const (
	service = "riva-sync@example.com"
	ada     = "ada@example.com"
)

// grants runs a test with each grant.
func grants(t *testing.T, test func(t *testing.T, grant string)) {
	t.Helper()
	conformance.Each(t, []string{clientSecret, certificate, refreshToken}, test)
}

// start runs a stand-in whose app has the secret above.
func start(t *testing.T, options sandbox.Options) *sandbox.Server {
	t.Helper()
	server := sandboxtest.Start(t, sandbox.Start, options)
	if err := server.Entra.SetSecret(secret); err != nil {
		t.Fatal(err)
	}
	return server
}

// secure is a stand-in with TLS.
func secure(t *testing.T) *sandbox.Server {
	t.Helper()
	return start(t, sandbox.Options{Options: sandboxcore.Options{TLS: &sandboxcore.TLS{}}})
}

// account is an account of the stand-in with a grant and its own tokens.
func account(t *testing.T, server *sandbox.Server, api, grant string) target.Account {
	t.Helper()
	app := server.Entra.App()
	a := conformance.At(server, target.Account{
		System: office365.System(),
		Settings: target.Settings{
			"tenant_id": app.TenantID, "client_id": app.ClientID, "validation_email": service, "api": api,
			"authority_url": server.AuthorityURL(),
		},
		Credentials: target.Credentials{},
	})
	if a.Settings["graph_url"] = server.GraphURL(); api == ews {
		delete(a.Settings, "graph_url")
		a.Settings["ews_url"] = server.EWSURL()
	}
	switch grant {
	case certificate:
		pair, err := server.Entra.Pair()
		if err != nil {
			t.Fatal(err)
		}
		a.Credentials["certificate"], a.Credentials["private_key"] = pair.Certificate, pair.PrivateKey
	case refreshToken:
		a.Credentials["refresh_token"] = approve(t, server, service)
		a.Credentials["client_secret"] = secret
	default:
		a.Credentials["client_secret"] = secret
	}
	return a
}

// approve approves the app for a user and returns the refresh token.
func approve(t *testing.T, server *sandbox.Server, name string) string {
	t.Helper()
	token, err := server.Approve(name)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// requireNoError fails the test if there is an error.
func requireNoError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
