package hclnotes_test

import (
	"testing"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/hclnotes"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/hclnotes"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// secret is easy to find in captured requests. Internet passwords are US-ASCII.
const secret = `c4n&ry <"sec\ret/+%>`

// start runs a stand-in whose service account has the secret above.
func start(t *testing.T, options sandbox.Options) *sandbox.Server {
	t.Helper()
	server := sandboxtest.Start(t, sandbox.Start, options)
	if err := server.SetPassword("rivasync", secret); err != nil {
		t.Fatal(err)
	}
	return server
}

// startWith runs a stand-in with session authentication, or without.
func startWith(t *testing.T, viaSession bool) *sandbox.Server {
	t.Helper()
	server := start(t, sandbox.Options{})
	server.UpdateSetup(func(s *sandbox.Setup) { s.Session = viaSession })
	return server
}

// account is an account of the stand-in, with further settings as alternating names and values.
func account(server *sandbox.Server, settings ...string) target.Account {
	return conformance.At(server, target.Account{
		System:      hclnotes.System(),
		Settings:    target.Settings{"url": server.URL(), "username": "Riva Sync/Example"},
		Credentials: target.Credentials{"password": server.Service().Password},
	}, settings...)
}
