package sugarcrm_test

import (
	"testing"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sugarcrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/sugarcrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// secret is easy to find in captured requests.
const secret = `c4n&ry <"sec\ret/+%é`

// start runs a stand-in whose service user has the secret above.
func start(t *testing.T, options sandbox.Options) *sandbox.Server {
	t.Helper()
	server := sandboxtest.Start(t, sandbox.Start, options)
	if err := server.SetPassword(server.Service().UserName, secret); err != nil {
		t.Fatal(err)
	}
	return server
}

// account is an account of the stand-in, with further settings as alternating names and values.
func account(server *sandbox.Server, settings ...string) target.Account {
	return conformance.At(server, target.Account{
		System:      sugarcrm.System(),
		Settings:    target.Settings{"url": server.URL(), "username": server.Service().UserName},
		Credentials: target.Credentials{"password": server.Service().Password},
	}, settings...)
}
