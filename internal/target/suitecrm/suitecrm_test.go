package suitecrm_test

import (
	"testing"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/suitecrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/suitecrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// secret and clientSecret are easy to find in captured requests.
const (
	secret       = `c4n&ry <"sec\ret/+%é`
	clientSecret = `cl1ent 'c4n&ry>`
)

// start runs a stand-in with the secrets above.
func start(t *testing.T, options sandbox.Options) *sandbox.Server {
	t.Helper()
	server := sandboxtest.Start(t, sandbox.Start, options)
	server.UpdateClient(func(c *sandbox.Client) { c.Secret = clientSecret })
	if err := server.SetPassword(server.Service().UserName, secret); err != nil {
		t.Fatal(err)
	}
	return server
}

// account is an account of the stand-in, with further settings as alternating names and values.
func account(server *sandbox.Server, settings ...string) target.Account {
	client, service := server.Client(), server.Service()
	return conformance.At(server, target.Account{
		System:      suitecrm.System(),
		Settings:    target.Settings{"url": server.URL(), "client_id": client.ID, "username": service.UserName},
		Credentials: target.Credentials{"client_secret": client.Secret, "password": service.Password},
	}, settings...)
}
