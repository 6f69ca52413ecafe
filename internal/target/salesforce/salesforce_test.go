package salesforce_test

import (
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// The grants, as the declaration names them.
const (
	jwtBearer         = "jwt_bearer"
	clientCredentials = "client_credentials"
	refreshToken      = "refresh_token"
)

// secret is easy to find in captured requests.
const secret = `c4n&ry <"sec\ret/+%é`

// grants runs a test with each grant.
func grants(t *testing.T, test func(t *testing.T, grant string)) {
	t.Helper()
	conformance.Each(t, []string{jwtBearer, clientCredentials, refreshToken}, test)
}

// start runs a stand-in whose app has the secret above.
func start(t *testing.T, options sandbox.Options) *sandbox.Server {
	t.Helper()
	server := sandboxtest.Start(t, sandbox.Start, options)
	if err := server.SetSecret(secret); err != nil {
		t.Fatal(err)
	}
	return server
}

// secure is a stand-in with TLS.
func secure(t *testing.T, options sandboxcore.TLS) *sandbox.Server {
	t.Helper()
	return start(t, sandbox.Options{Options: sandboxcore.Options{TLS: &options}})
}

// account is an account of the stand-in with a grant and its own tokens.
func account(t *testing.T, server *sandbox.Server, grant string) target.Account {
	t.Helper()
	app := server.App()
	a := conformance.At(server, target.Account{
		System: salesforce.System(),
		Settings: target.Settings{
			"username": server.Service().Username, "client_id": app.ConsumerKey, "login_url": server.LoginURL(),
		},
	})
	switch grant {
	case jwtBearer:
		a.Credentials = target.Credentials{"private_key": app.PrivateKey}
	case clientCredentials:
		a.Settings["login_url"] = server.MyDomainURL()
		a.Credentials = target.Credentials{"client_secret": app.Secret}
	case refreshToken:
		a.Credentials = target.Credentials{"refresh_token": approve(t, server), "client_secret": app.Secret}
	}
	return a
}

// approve approves the app for the service user and returns the refresh token.
func approve(t *testing.T, server *sandbox.Server) string {
	t.Helper()
	token, err := server.Approve(server.Service().Username)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func updateApp(t *testing.T, server *sandbox.Server, change func(*sandbox.App)) {
	t.Helper()
	if err := server.UpdateApp(change); err != nil {
		t.Fatal(err)
	}
}
