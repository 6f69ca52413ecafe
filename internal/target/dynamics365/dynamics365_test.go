package dynamics365_test

import (
	"testing"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/dynamics365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/dynamics365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// The grants, as the declaration names them.
const (
	clientSecret = "client_secret"
	certificate  = "certificate"
)

// secret is easy to find in captured requests.
const secret = `c4n&ry <"sec\ret/+%é`

// grants runs a test with each grant.
func grants(t *testing.T, test func(t *testing.T, grant string)) {
	t.Helper()
	conformance.Each(t, []string{clientSecret, certificate}, test)
}

// start runs a stand-in whose app has the secret above.
func start(t *testing.T, options sandbox.Options) *sandbox.Server {
	t.Helper()
	server := sandboxtest.Start(t, sandbox.Start, options)
	requireNoError(t, server.Entra().SetSecret(secret))
	return server
}

// account is an account of the stand-in with a grant and its own tokens.
func account(t *testing.T, server *sandbox.Server, grant string) target.Account {
	t.Helper()
	app := server.Entra().App()
	a := conformance.At(server, target.Account{
		System: dynamics365.System(),
		Settings: target.Settings{
			"url": server.URL(), "tenant_id": server.Entra().Tenant().ID, "client_id": app.ClientID,
			"authority_url": server.URLOf(entra.Site),
		},
	})
	switch grant {
	case clientSecret:
		a.Credentials = target.Credentials{"client_secret": app.Secrets[0].Value}
	case certificate:
		pair, err := server.Entra().Pair()
		if err != nil {
			t.Fatal(err)
		}
		a.Credentials = target.Credentials{"certificate": pair.Certificate, "private_key": pair.PrivateKey}
	}
	return a
}

func requireNoError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
