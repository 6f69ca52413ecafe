//go:build clients

package clients_test

import (
	"bytes"
	"os/exec"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
)

// schemes are tried with every client, each as the only one that the server offers.
var schemes = []exchange.Scheme{exchange.Basic, exchange.NTLM}

// start runs a stand-in for one test.
func start(t *testing.T, options exchange.Options) *exchange.Server {
	t.Helper()
	server, err := exchange.Start(options)
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

// find is the path of a program.
func find(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("%v; internal/sandbox/clients/install.sh installs it", err)
	}
	return path
}

// run runs a program to its end and returns what it printed.
func run(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", cmd.Path, err, &stdout, &stderr)
	}
	return stdout.String()
}

// signedIn fails the test unless somebody signed in with the scheme, and nobody was refused.
func signedIn(t *testing.T, server *exchange.Server, scheme exchange.Scheme) {
	t.Helper()
	attempts := server.SignInList()
	if len(attempts) == 0 {
		t.Error("nobody signed in")
	}
	for _, attempt := range attempts {
		if !attempt.Accepted || attempt.Scheme != string(scheme) {
			t.Errorf("sign-in of %s with %s: %q", attempt.User, attempt.Scheme, attempt.Reason)
		}
	}
}

// only is a stand-in's options with one scheme.
func only(scheme exchange.Scheme, secure bool) exchange.Options {
	options := exchange.Options{Schemes: []exchange.Scheme{scheme}}
	if secure {
		options.TLS = &sandbox.TLS{}
	}
	return options
}
