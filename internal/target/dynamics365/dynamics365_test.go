package dynamics365_test

import (
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/dynamics365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/dynamics365"
)

// The grants, as the declaration names them.
const (
	clientSecret = "client_secret"
	certificate  = "certificate"
)

// secret is easy to find in whatever a test captures.
const secret = `c4n&ry <"sec\ret/+%é`

// grants runs a test with each grant.
func grants(t *testing.T, test func(t *testing.T, grant string)) {
	t.Helper()
	for _, grant := range []string{clientSecret, certificate} {
		t.Run(grant, func(t *testing.T) {
			t.Parallel()
			test(t, grant)
		})
	}
}

// start runs a stand-in whose app has the secret above.
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
	must(t, server.Entra().SetSecret(secret))
	return server
}

// fail scripts a fault that lasts.
func fail(t *testing.T, server *sandbox.Server, fault sandboxcore.Fault) {
	t.Helper()
	must(t, server.Fail(fault, sandboxcore.UntilCleared))
}

// account is a connection to the stand-in with a grant, and tokens of its own.
func account(t *testing.T, server *sandbox.Server, grant string) target.Account {
	t.Helper()
	app := server.Entra().App()
	a := target.Account{
		System: dynamics365.System(),
		Settings: target.Settings{
			"url": server.URL(), "tenant_id": server.Entra().Tenant().ID, "client_id": app.ClientID,
			"authority_url": server.URLOf(entra.Site),
		},
		Network: target.Network{LoopbackHTTP: true, ConnectTimeout: 5 * time.Second, AnswerTimeout: 5 * time.Second},
		Tokens:  new(target.Tokens),
	}
	if ca := server.CA(); ca != "" {
		a.Settings[target.CACertificate] = ca
	}
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

func update(t *testing.T, server *sandbox.Server, username string, change func(*sandbox.User)) {
	t.Helper()
	must(t, server.Update(username, change))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
