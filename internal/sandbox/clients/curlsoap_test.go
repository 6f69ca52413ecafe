//go:build clients

package clients_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oraclecrmondemand"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sapc4c"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

func TestCurlReadsSAPCloudForCustomer(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t, sapc4c.Start, sapc4c.Options{Options: secure()})
	ca := authority(t, server.CA())
	for path, content := range map[string]string{
		"?$format=json": `{"d":{"EntitySets":[`,
		"BusinessUserCollection?$format=json&$filter=EmailURI%20eq%20'ada@example.com'": `"UserID":"ADA"`,
		"ContactCollection?$top=1": "<d:LastName>Babbage</d:LastName>",
	} {
		for password, want := range map[string]string{server.Service().Password: "200 " + content, "wrong": "401 <!DOCTYPE html>"} {
			status, body, _ := strings.Cut(want, " ")
			got := curlText(t, ca, server.URL()+sapc4c.Path+path, fmt.Sprintf("user = %q", "_RIVASYNC:"+password))
			if !strings.HasSuffix(got, "\n"+status) || !strings.Contains(got, body) {
				t.Errorf("%s: %s, want %s", path, got, want)
			}
		}
	}
}

// The sequence of Oracle's guide: a login, calls with its cookies, a logoff.
func TestCurlReadsOracleCRMOnDemand(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t, oraclecrmondemand.Start, oraclecrmondemand.Options{Options: secure()})
	ca, jar := authority(t, server.CA()), filepath.Join(t.TempDir(), "cookies")
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
		t.Errorf("logoff: %s; sessions left: %v", got, server.Sessions())
	}
}
