//go:build clients

package clients_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oraclecrmondemand"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sapc4c"
)

func TestCurlReadsSAPCloudForCustomer(t *testing.T) {
	t.Parallel()
	server, err := sapc4c.Start(sapc4c.Options{Options: sandbox.Options{TLS: &sandbox.TLS{}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, []byte(server.CA()), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{
		"?$format=json": `{"d":{"EntitySets":[`,
		"BusinessUserCollection?$format=json&$filter=EmailURI%20eq%20'ada@example.com'": `"UserID":"ADA"`,
		"ContactCollection?$top=1": "<d:LastName>Babbage</d:LastName>",
	} {
		for password, want := range map[string]string{server.Service().Password: "200 " + says, "wrong": "401 <!DOCTYPE html>"} {
			status, body, _ := strings.Cut(want, " ")
			got := curlText(t, ca, server.URL()+sapc4c.Path+path, fmt.Sprintf("user = %q", "_RIVASYNC:"+password))
			if !strings.HasSuffix(got, "\n"+status) || !strings.Contains(got, body) {
				t.Errorf("%s: %s, want %s", path, got, want)
			}
		}
	}
}

// As Oracle's guide has it: a login, calls with its cookies, a logoff.
func TestCurlReadsOracleCRMOnDemand(t *testing.T) {
	t.Parallel()
	server, err := oraclecrmondemand.Start(oraclecrmondemand.Options{Options: sandbox.Options{TLS: &sandbox.TLS{}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	folder := t.TempDir()
	ca, jar := filepath.Join(folder, "ca.pem"), filepath.Join(folder, "cookies")
	if err := os.WriteFile(ca, []byte(server.CA()), 0o600); err != nil {
		t.Fatal(err)
	}
	at := server.URL() + oraclecrmondemand.Path
	cookies := []string{fmt.Sprintf("cookie = %q", jar), fmt.Sprintf("cookie-jar = %q", jar)}
	login := func(password string) string {
		return curlText(t, ca, at+"?command=login", append(cookies, `header = "UserName: EXAMPLE/riva-sync"`,
			fmt.Sprintf("header = %q", "Password: "+password))...)
	}
	if got := login("wrong"); !strings.HasSuffix(got, "\n403") || len(server.Sessions()) != 0 {
		t.Errorf("a wrong password: %s", got)
	}
	if got := login(server.Service().Password); !strings.HasSuffix(got, "\n200") || len(server.Sessions()) != 1 {
		t.Errorf("login: %s", got)
	}
	const query = `<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>` +
		`<CurrentUserWS_CurrentUserQueryPage_Input xmlns='urn:crmondemand/ws/currentuser/'><ListOfCurrentUser><CurrentUser>` +
		`<UserSignInId/></CurrentUser></ListOfCurrentUser></CurrentUserWS_CurrentUserQueryPage_Input></s:Body></s:Envelope>`
	got := curlText(t, ca, at, append(cookies, fmt.Sprintf("data-binary = %q", query), `header = "Content-Type: text/xml"`,
		`header = "SOAPAction: \"document/urn:crmondemand/ws/currentuser/:CurrentUserQueryPage\""`)...)
	if !strings.Contains(got, "<UserSignInId>EXAMPLE/riva-sync</UserSignInId>") {
		t.Errorf("the current user: %s", got)
	}
	if got := curlText(t, ca, at+"?command=logoff", cookies...); !strings.HasSuffix(got, "\n200") || len(server.Sessions()) != 0 {
		t.Errorf("logoff: %s, and %v left", got, server.Sessions())
	}
}

// curlText calls an address with curl and more options of its configuration file. It returns the answer, and the status in a
// line below.
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
