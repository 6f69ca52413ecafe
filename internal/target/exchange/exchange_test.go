package exchange_test

import (
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// password is easy to find in captured requests.
const password = `c4n&ry <"pass\w/rd+%é`

// start runs a stand-in whose service account has the password above.
func start(t *testing.T, options sandbox.Options) *sandbox.Server {
	t.Helper()
	options.Accounts = ews.Seed()
	options.Accounts[0].Password = password
	server := sandboxtest.Start(t, sandbox.Start, options)
	return server
}

// secure is a stand-in with TLS.
func secure(t *testing.T) *sandbox.Server {
	t.Helper()
	return start(t, sandbox.Options{Options: sandboxcore.Options{TLS: &sandboxcore.TLS{}}})
}

// account is an account of the stand-in, with further settings as alternating names and values.
func account(server *sandbox.Server, settings ...string) target.Account {
	return conformance.At(server, target.Account{
		System:      exchange.System(),
		Settings:    target.Settings{"ews_url": server.URL(), "username": server.Service().Principal},
		Credentials: target.Credentials{"password": password},
	}, settings...)
}

// newCertificate makes a client certificate with its key.
func newCertificate(t *testing.T, server *sandbox.Server, options sandboxcore.ClientCertificate) target.Credentials {
	t.Helper()
	certificate, key, err := server.Authority().Issue(options)
	if err != nil {
		t.Fatal(err)
	}
	return target.Credentials{"certificate": certificate, "private_key": key}
}
