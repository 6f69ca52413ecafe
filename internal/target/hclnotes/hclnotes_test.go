package hclnotes_test

import (
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/hclnotes"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/hclnotes"
)

// secret is easy to find in whatever a test captures. Internet passwords are US-ASCII.
const secret = `c4n&ry <"sec\ret/+%>`

// start runs a stand-in whose service account has the secret above.
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

// fail scripts a fault that lasts.
func fail(t *testing.T, server *sandbox.Server, fault sandboxcore.Fault) {
	t.Helper()
	if err := server.Fail(fault, sandboxcore.UntilCleared); err != nil {
		t.Fatal(err)
	}
}

func update(t *testing.T, server *sandbox.Server, shortName string, change func(*sandbox.Person)) {
	t.Helper()
	if err := server.Update(shortName, change); err != nil {
		t.Fatal(err)
	}
}

// account is a connection to the stand-in.
func account(server *sandbox.Server, settings ...string) target.Account {
	a := target.Account{
		System:      hclnotes.System(),
		Settings:    target.Settings{"url": server.URL(), "username": "Riva Sync/Example"},
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

// identity signs in and tells who that was.
func identity(t *testing.T, a target.Account) target.Identity {
	t.Helper()
	session, _, err := a.SignIn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := session.Close(); err != nil {
		t.Error(err)
	}
	return session.Identity
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
