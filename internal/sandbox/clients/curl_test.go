//go:build clients

package clients_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
)

const getInbox = `<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"
  xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"
  xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages">
<soap:Body><m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape>
<m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder></soap:Body></soap:Envelope>`

// curl posts a request to the server and returns its output: the response and, in a last line, the status.
func curl(t *testing.T, server *exchange.Server, scheme exchange.Scheme, user, password string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), find(t, "curl"), "--config", "-")
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace
	cmd.Stdin = strings.NewReader(fmt.Sprintf(`url = "%s"
%s
user = "%s"
data-binary = "%s"
header = "Content-Type: text/xml; charset=utf-8"
write-out = "\n%%{http_code}\n"
silent
show-error
noproxy = "*"
max-time = 30
%s
`, server.URL(), strings.ToLower(string(scheme)), quote(user+":"+password), quote(getInbox), trust(t, server)))
	return run(t, cmd)
}

func trust(t *testing.T, server *exchange.Server) string {
	t.Helper()
	if server.CA() == "" {
		return ""
	}
	return `cacert = "` + authority(t, server.CA()) + `"`
}

func TestCurl(t *testing.T) {
	t.Parallel()
	for _, scheme := range schemes {
		for _, secure := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, TLS %t", scheme, secure), func(t *testing.T) {
				t.Parallel()
				server := start(t, only(scheme, secure))
				service := server.Service()
				for _, user := range []string{service.Login(), service.Email} {
					got := curl(t, server, scheme, user, service.Password)
					if !strings.HasSuffix(got, "\n200\n") || !strings.Contains(got, "<t:DisplayName>Inbox</t:DisplayName>") {
						t.Errorf("as %s: %s", user, got)
					}
				}
				signedIn(t, server, scheme)
			})
		}
	}
}

func TestCurlRejected(t *testing.T) {
	t.Parallel()
	for _, scheme := range schemes {
		t.Run(string(scheme), func(t *testing.T) {
			t.Parallel()
			server := start(t, exchange.Options{}) // both schemes are offered
			if got := curl(t, server, scheme, server.Service().Login(), "wrong"); got != "\n401\n" {
				t.Errorf("response %q, want an empty 401", got)
			}
			if got := server.SignIns(); got.Rejected == 0 || got.Accepted > 0 {
				t.Errorf("sign-ins: %+v", got)
			}
		})
	}
}

// A certificate replaces the password.
func TestCurlWithCertificate(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{Options: secure()})
	dir := t.TempDir()
	certificate, key := server.Certificate()
	for name, content := range map[string]string{
		"ca.pem": server.CA(), "own.pem": certificate, "own.key": key, "inbox.xml": getInbox,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	post := func(more ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), find(t, "curl"), append([]string{
			"--silent", "--show-error", "--noproxy", "*", "--max-time", "30", "--cacert", "ca.pem", "--data-binary", "@inbox.xml",
			"--header", "Content-Type: text/xml; charset=utf-8", "--write-out", "\n%{http_code}\n", server.URL(),
		}, more...)...)
		cmd.Dir = dir
		return run(t, cmd)
	}
	if got := post("--cert", "own.pem", "--key", "own.key"); !strings.HasSuffix(got, "\n200\n") ||
		!strings.Contains(got, "<t:DisplayName>Inbox</t:DisplayName>") {
		t.Errorf("with the certificate: %s", got)
	}
	if got := post(); got != "\n401\n" {
		t.Errorf("without the certificate: %s", got)
	}
	signedIn(t, server, exchange.Certificate)
}
