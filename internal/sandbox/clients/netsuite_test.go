//go:build clients

package clients_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/netsuite"
)

// signed is what netsuite.mjs prints.
type signed struct {
	Refused                      string
	Company, User, Role, Contact string
	More                         bool
	Employees                    []string
}

// signer runs the library; the environment may be changed with more pairs.
func signer(t *testing.T, server *netsuite.Server, more ...string) signed {
	t.Helper()
	if _, err := os.Stat(filepath.Join("node_modules", "oauth-1.0a")); err != nil {
		t.Fatalf("%v; internal/sandbox/clients/install.sh installs it", err)
	}
	integration, token := server.Integration(), server.Token()
	cmd := exec.CommandContext(t.Context(), find(t, "node"), "netsuite.mjs")
	cmd.Env = append(os.Environ(), "NO_PROXY=*", "NS_URL="+server.URL(), "NS_ACCOUNT="+server.Account().ID,
		"NS_CONSUMER_KEY="+integration.ConsumerKey, "NS_CONSUMER_SECRET="+integration.Secret, "NS_TOKEN_ID="+token.ID,
		"NS_TOKEN_SECRET="+token.Secret, "NS_EMAIL=team@example.com", "NS_METHOD=HMAC-SHA256")
	if server.CA() != "" {
		ca := filepath.Join(t.TempDir(), "ca.pem")
		if err := os.WriteFile(ca, []byte(server.CA()), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd.Env = append(cmd.Env, "NODE_EXTRA_CA_CERTS="+ca)
	}
	cmd.Env = append(cmd.Env, more...)
	var got signed
	if printed := run(t, cmd); json.Unmarshal([]byte(printed), &got) != nil {
		t.Fatalf("it printed %q", printed)
	}
	return got
}

func startNetSuite(t *testing.T, options netsuite.Options) *netsuite.Server {
	t.Helper()
	server, err := netsuite.Start(options)
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

func TestSignerReadsFromNetSuite(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]netsuite.Options{
		"http": {}, "https": {Options: sandbox.Options{TLS: &sandbox.TLS{}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startNetSuite(t, options)
			server.UpdateIntegration(func(i *netsuite.Integration) { i.Secret = "has to + be/encoded=é" })
			got := signer(t, server)
			if got.Refused != "" || got.Company != "1234567_SB1" || got.User != "Riva Sync" || got.Role != "Riva Integration" ||
				got.Contact != "Charles Babbage" || !got.More || !slices.Equal(got.Employees, []string{"Team One", "Team Two"}) {
				t.Errorf("it read %+v", got)
			}
			if attempts := server.SignIns(); attempts.Accepted != 4 || attempts.Refused != 0 {
				t.Errorf("sign-ins: %+v", attempts)
			}
		})
	}
}

func TestSignerIsRefusedByNetSuite(t *testing.T) {
	t.Parallel()
	for name, changed := range map[string]string{
		"token's secret": "NS_TOKEN_SECRET=wrong", "consumer's secret": "NS_CONSUMER_SECRET=wrong", "account": "NS_ACCOUNT=1234567",
		"SHA-1": "NS_METHOD=HMAC-SHA1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := signer(t, startNetSuite(t, netsuite.Options{}), changed); got.Refused != "INVALID_LOGIN_ATTEMPT" {
				t.Errorf("got %+v", got)
			}
		})
	}
}
