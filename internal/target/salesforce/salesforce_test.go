package salesforce_test

import (
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/salesforce"
)

// The grants, as the declaration names them.
const (
	jwtBearer         = "jwt_bearer"
	clientCredentials = "client_credentials"
	refreshToken      = "refresh_token"
)

// secret is easy to find in whatever a test captures.
const secret = `c4n&ry <"sec\ret/+%é`

// grants runs a test with each grant.
func grants(t *testing.T, test func(t *testing.T, grant string)) {
	t.Helper()
	for _, grant := range []string{jwtBearer, clientCredentials, refreshToken} {
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

// fail scripts a fault that lasts.
func fail(t *testing.T, server *sandbox.Server, fault sandboxcore.Fault) {
	t.Helper()
	if err := server.Fail(fault, sandboxcore.UntilCleared); err != nil {
		t.Fatal(err)
	}
}

// account is a connection to the stand-in with a grant, and tokens of its own.
func account(t *testing.T, server *sandbox.Server, grant string) target.Account {
	t.Helper()
	app := server.App()
	a := target.Account{
		System: salesforce.System(),
		Settings: target.Settings{
			"username": server.Service().Username, "client_id": app.ConsumerKey, "login_url": server.LoginURL(),
		},
		Network: target.Network{LoopbackHTTP: true, ConnectTimeout: 5 * time.Second, AnswerTimeout: 5 * time.Second},
		Tokens:  new(target.Tokens),
	}
	if ca := server.CA(); ca != "" {
		a.Settings[target.CACertificate] = ca
	}
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

// approve lets the app in as the service user and gives the refresh token.
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

func updateUser(t *testing.T, server *sandbox.Server, username string, change func(*sandbox.User)) {
	t.Helper()
	if err := server.Update(username, change); err != nil {
		t.Fatal(err)
	}
}

// tokenRequests counts the requests for a token that reached the stand-in.
func tokenRequests(server *sandbox.Server) int {
	n := 0
	for _, request := range server.Requests() {
		if request.Operation == "token" {
			n++
		}
	}
	return n
}
