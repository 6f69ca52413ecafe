package suitecrm_test

import (
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/suitecrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/suitecrm"
)

// secret and clientSecret are easy to find in whatever a test captures.
const (
	secret       = `c4n&ry <"sec\ret/+%é`
	clientSecret = `cl1ent 'c4n&ry>`
)

// start runs a stand-in with the secrets above.
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
	server.UpdateClient(func(c *sandbox.Client) { c.Secret = clientSecret })
	if err := server.SetPassword(server.Service().UserName, secret); err != nil {
		t.Fatal(err)
	}
	return server
}

// fail scripts a fault that lasts.
func fail(t *testing.T, server *sandbox.Server, fault sandboxcore.Fault) {
	t.Helper()
	if err := server.Fail(fault, sandboxcore.UntilCleared); err != nil {
		t.Fatal(err)
	}
}

func update(t *testing.T, server *sandbox.Server, user string, change func(*sandbox.User)) {
	t.Helper()
	if err := server.Update(user, change); err != nil {
		t.Fatal(err)
	}
}

// account is a connection to the stand-in, with tokens of its own.
func account(server *sandbox.Server, settings ...string) target.Account {
	client, service := server.Client(), server.Service()
	a := target.Account{
		System:      suitecrm.System(),
		Settings:    target.Settings{"url": server.URL(), "client_id": client.ID, "username": service.UserName},
		Credentials: target.Credentials{"client_secret": client.Secret, "password": service.Password},
		Network:     target.Network{LoopbackHTTP: true, ConnectTimeout: 5 * time.Second, AnswerTimeout: 5 * time.Second},
		Tokens:      new(target.Tokens),
	}
	if ca := server.CA(); ca != "" {
		a.Settings[target.CACertificate] = ca
	}
	for i := 0; i+1 < len(settings); i += 2 {
		a.Settings[settings[i]] = settings[i+1]
	}
	return a
}
