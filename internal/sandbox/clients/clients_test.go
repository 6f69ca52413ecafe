//go:build clients

package clients_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// schemes are the schemes that every client is tested with, each as the only one that the server offers.
var schemes = []exchange.Scheme{exchange.Basic, exchange.NTLM}

// start starts a stand-in for Exchange for one test.
func start(t *testing.T, options exchange.Options) *exchange.Server {
	t.Helper()
	return sandboxtest.Start(t, exchange.Start, options)
}

// secure returns options with TLS: most libraries send no secret without it.
func secure() sandbox.Options { return sandbox.Options{TLS: &sandbox.TLS{}} }

// authority writes the certificate authority to trust to a file and returns its path.
func authority(t *testing.T, ca string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, []byte(ca), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// library runs a script with Node.js. The script needs an installed package, trusts the certificate authority ca unless
// that is empty, and gets further environment variables. library returns the JSON that the script prints.
func library[T any](t *testing.T, script, needs, ca string, environment ...string) T {
	t.Helper()
	if _, err := os.Stat(filepath.Join("node_modules", filepath.FromSlash(needs))); err != nil {
		t.Fatalf("%v; internal/sandbox/clients/install.sh installs it", err)
	}
	cmd := exec.CommandContext(t.Context(), find(t, "node"), script)
	cmd.Env = append(os.Environ(), "NO_PROXY=*")
	if ca != "" {
		cmd.Env = append(cmd.Env, "NODE_EXTRA_CA_CERTS="+authority(t, ca))
	}
	cmd.Env = append(cmd.Env, environment...)
	var got T
	if printed := run(t, cmd); json.Unmarshal([]byte(printed), &got) != nil {
		t.Fatalf("it printed %q", printed)
	}
	return got
}

// curlText calls an address with curl and further options of its configuration file. It returns the response and, in a
// last line, the status.
func curlText(t *testing.T, ca, address string, options ...string) string {
	t.Helper()
	config := append([]string{
		fmt.Sprintf("url = %q", address), fmt.Sprintf("cacert = %q", ca), `write-out = "\n%{http_code}"`,
		"silent", "show-error", "globoff", `noproxy = "*"`, "max-time = 30",
	}, options...)
	cmd := exec.CommandContext(t.Context(), find(t, "curl"), "--config", "-")
	cmd.Stdin = strings.NewReader(strings.Join(config, "\n"))
	return run(t, cmd)
}

// find returns the path of a program.
func find(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("%v; internal/sandbox/clients/install.sh installs it", err)
	}
	return path
}

// run runs a program until it exits and returns its output.
func run(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", cmd.Path, err, &stdout, &stderr)
	}
	return stdout.String()
}

// signedIn fails the test unless there was a sign-in with the scheme, and every sign-in was accepted.
func signedIn(t *testing.T, server *exchange.Server, scheme exchange.Scheme) {
	t.Helper()
	attempts := server.SignInList()
	if len(attempts) == 0 {
		t.Error("there was no sign-in")
	}
	for _, attempt := range attempts {
		if !attempt.Accepted || attempt.Scheme != string(scheme) {
			t.Errorf("sign-in of %s with %s: %q", attempt.User, attempt.Scheme, attempt.Reason)
		}
	}
}

// only returns the options of a stand-in that offers one scheme.
func only(scheme exchange.Scheme, secure bool) exchange.Options {
	options := exchange.Options{Schemes: []exchange.Scheme{scheme}}
	if secure {
		options.TLS = &sandbox.TLS{}
	}
	return options
}
