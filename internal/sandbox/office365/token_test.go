package office365_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/office365"
)

// envelope requests the inbox over EWS. It impersonates a user if as is not empty.
func envelope(as string) string {
	header := ""
	if as != "" {
		header = `<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>` + as +
			`</t:PrimarySmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>`
	}
	return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ` +
		`xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" ` +
		`xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"><s:Header>` + header + `</s:Header><s:Body>` +
		`<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>` +
		`<t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder></s:Body></s:Envelope>`
}

func TestWebServices(t *testing.T) {
	t.Parallel()
	b := start(t)
	post := func(token, as string) reply {
		t.Helper()
		header := http.Header{"Content-Type": {"text/xml; charset=utf-8"}}
		if token != "" {
			header.Set("Authorization", "Bearer "+token)
		}
		return b.do(http.MethodPost, b.EWSURL(), envelope(as), header)
	}
	app, user := b.appToken(outlook), b.userToken(ada, outlook)
	for name, test := range map[string]struct {
		token, as, text string
		status          int
	}{
		"app as a user":      {app, ada, "NoError", 200},
		"app without a user": {app, "", "ErrorInvalidExchangeImpersonationHeaderData", 500},
		"user":               {user, "", "NoError", 200},
		"user as another":    {user, service, "ErrorImpersonateUserDenied", 500},
		"token of Graph":     {b.appToken(graph), ada, "invalid_resource", 401},
		"nonsense":           {"a.b.c", ada, "invalid_signature", 401},
		"no token":           {"", ada, "", 401},
	} {
		r := post(test.token, test.as)
		if r.Status != test.status || !strings.Contains(r.Body+r.Header.Get("X-Ms-Diagnostics"), test.text) {
			t.Errorf("%s: %d %v %s", name, r.Status, r.Header, r.Body)
		}
	}
	b.grant(func(c *entra.Consent) { c.Roles = nil })
	r := post(b.appToken(outlook), ada)
	if r.Status != http.StatusUnauthorized || !strings.Contains(r.Header.Get("X-Ms-Diagnostics"), "scope") {
		t.Errorf("without the role: %d %v", r.Status, r.Header)
	}
	b.UpdateTenant(func(tenant *office365.Tenant) { tenant.ExchangeRoles = []string{"EWS.AccessAsApp"} })
	if r := post(b.appToken(outlook), ada); r.Status != http.StatusOK {
		t.Errorf("with the role in Exchange: %d %v", r.Status, r.Header)
	}
	b.UpdateTenant(func(tenant *office365.Tenant) { tenant.EWSEnabled = false })
	if r := post(app, ada); r.Status != http.StatusForbidden || r.Body != "" {
		t.Errorf("switched off: %d %s", r.Status, r.Body)
	}
}
