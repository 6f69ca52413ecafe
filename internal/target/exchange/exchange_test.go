package exchange_test

import (
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/exchange"
)

// password is easy to find in whatever a test captures.
const password = `c4n&ry <"pass\w/rd+%é`

// start runs a stand-in whose service account has the password above.
func start(t *testing.T, options sandbox.Options) *sandbox.Server {
	t.Helper()
	options.Accounts = ews.Seed()
	options.Accounts[0].Password = password
	server, err := sandbox.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// secure is a stand-in with TLS.
func secure(t *testing.T) *sandbox.Server {
	t.Helper()
	return start(t, sandbox.Options{Options: sandboxcore.Options{TLS: &sandboxcore.TLS{}}})
}

// fail scripts a fault that lasts.
func fail(t *testing.T, server *sandbox.Server, fault sandboxcore.Fault) {
	t.Helper()
	if err := server.Fail(fault, sandboxcore.UntilCleared); err != nil {
		t.Fatal(err)
	}
}

func update(t *testing.T, server *sandbox.Server, user string, change func(*ews.Account)) {
	t.Helper()
	if err := server.Update(user, change); err != nil {
		t.Fatal(err)
	}
}

// account is a connection to the stand-in, with further settings as name and value in turns.
func account(server *sandbox.Server, more ...string) target.Account {
	settings := target.Settings{"ews_url": server.URL(), "username": server.Service().Principal}
	if ca := server.CA(); ca != "" {
		settings[target.CACertificate] = ca
	}
	for i := 0; i < len(more); i += 2 {
		settings[more[i]] = more[i+1]
	}
	return target.Account{
		System: exchange.System(), Settings: settings, Credentials: target.Credentials{"password": password},
		Network: target.Network{LoopbackHTTP: true, ConnectTimeout: 5 * time.Second, AnswerTimeout: 5 * time.Second},
	}
}

// issued is a certificate for a client, with its key.
func issued(t *testing.T, server *sandbox.Server, options sandboxcore.ClientCertificate) target.Credentials {
	t.Helper()
	certificate, key, err := server.Authority().Issue(options)
	if err != nil {
		t.Fatal(err)
	}
	return target.Credentials{"certificate": certificate, "private_key": key}
}
