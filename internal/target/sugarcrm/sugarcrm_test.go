package sugarcrm_test

import (
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sugarcrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/sugarcrm"
)

// secret is easy to find in whatever a test captures.
const secret = `c4n&ry <"sec\ret/+%é`

// start runs a stand-in whose service user has the secret above.
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
	a := target.Account{
		System:      sugarcrm.System(),
		Settings:    target.Settings{"url": server.URL(), "username": server.Service().UserName},
		Credentials: target.Credentials{"password": server.Service().Password},
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

// calls counts the requests of an operation.
func calls(server *sandbox.Server, operation string) int {
	n := 0
	for _, r := range server.Requests() {
		if r.Operation == operation {
			n++
		}
	}
	return n
}
