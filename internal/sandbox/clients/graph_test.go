//go:build clients

package clients_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/office365"
)

// cloud is what graph.mjs prints.
type cloud struct {
	Refused                    string
	Status                     int
	User, Mail, Inbox, Subject string
	More                       bool
	Found                      []string
	Organization               string
	Opened                     string
	Total                      int
}

// startOffice365 runs a stand-in with TLS, without which Microsoft's client sends no token.
func startOffice365(t *testing.T) *office365.Server {
	t.Helper()
	server, err := office365.Start(office365.Options{Options: sandbox.Options{TLS: &sandbox.TLS{}}})
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

// graphClient runs the libraries as the app, or as the service user.
func graphClient(t *testing.T, server *office365.Server, user bool) cloud {
	t.Helper()
	if _, err := os.Stat(filepath.Join("node_modules", "@microsoft", "microsoft-graph-client")); err != nil {
		t.Fatalf("%v; internal/sandbox/clients/install.sh installs it", err)
	}
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, []byte(server.CA()), 0o600); err != nil {
		t.Fatal(err)
	}
	app := server.Entra.App()
	cmd := exec.CommandContext(t.Context(), find(t, "node"), "graph.mjs")
	cmd.Env = append(os.Environ(), "NO_PROXY=*", "NODE_EXTRA_CA_CERTS="+ca, "M_AUTHORITY="+server.AuthorityURL(),
		"M_TENANT="+app.TenantID, "M_CLIENT="+app.ClientID, "M_SECRET="+app.Secrets[0].Value, "M_GRAPH="+server.GraphURL(),
		"M_EWS="+server.EWSURL(), "M_USER=ada@example.com")
	if user {
		cmd.Env = append(cmd.Env, "M_REFRESH="+server.RefreshToken())
	}
	var got cloud
	if printed := run(t, cmd); json.Unmarshal([]byte(printed), &got) != nil {
		t.Fatalf("it printed %q", printed)
	}
	return got
}

func TestGraphClientReadsAMailbox(t *testing.T) {
	t.Parallel()
	for name, user := range map[string]bool{"Ada Lovelace": false, "Riva Service User": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := graphClient(t, startOffice365(t), user)
			if got.Refused != "" || got.User != name || got.Inbox != "Inbox" || got.Subject != "Grüße aus dem Büro" || !got.More ||
				!slices.Equal(got.Found, []string{"ada@example.com"}) || got.Organization != "Example" {
				t.Errorf("Graph: %+v", got)
			}
			if got.Opened != "Inbox" || got.Total != 2 {
				t.Errorf("EWS: %+v", got)
			}
		})
	}
}

func TestGraphClientUnderstandsRefusals(t *testing.T) {
	t.Parallel()
	server := startOffice365(t)
	if err := server.UpdateMailbox("ada@example.com", func(m *office365.Mailbox) { m.Blocked = true }); err != nil {
		t.Fatal(err)
	}
	if got := graphClient(t, server, false); got.Refused != "ErrorAccessDenied" || got.Status != 403 {
		t.Errorf("a policy: %+v", got)
	}
	if err := server.Reset(); err != nil {
		t.Fatal(err)
	}
	if err := server.Fail(office365.GraphError("InvalidAuthenticationToken"), sandbox.UntilCleared); err != nil {
		t.Fatal(err)
	}
	if got := graphClient(t, server, false); got.Refused != "InvalidAuthenticationToken" || got.Status != 401 {
		t.Errorf("a token: %+v", got)
	}
	if err := server.Entra.UpdateApp(func(a *entra.App) { a.Enabled = false }); err != nil {
		t.Fatal(err)
	}
	if got := graphClient(t, server, false); !strings.Contains(got.Refused, "AADSTS7000112") {
		t.Errorf("a disabled app: %+v", got)
	}
}
