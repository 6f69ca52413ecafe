package exchange_test

import (
	"net/http"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/ewstest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// start starts a stand-in for one test.
func start(t *testing.T, options exchange.Options) *exchange.Server {
	t.Helper()
	return sandboxtest.Start(t, exchange.Start, options)
}

type reply = ewstest.Reply

// client is an EWS client with several ways to sign in.
type client struct{ ewstest.Client }

func as(t *testing.T, server *exchange.Server, account ews.Account) client {
	t.Helper()
	return client{ewstest.Dial(t, server.URL(), account.Login(), account.Password)}
}

// ofAda is the header that impersonates ada.
const ofAda = `<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>ada@example.com</t:PrimarySmtpAddress>` +
	`</t:ConnectingSID></t:ExchangeImpersonation>`

func TestSignedInAccount(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{})
	c := as(t, server, server.Service())
	folder := c.Call(ewstest.GetInbox)
	if folder.Status != http.StatusOK || folder.Find("ResponseCode") != "NoError" {
		t.Fatalf("GetFolder: %d %s", folder.Status, folder.Body)
	}
	owner := c.Call(ewstest.ConvertID(folder.Attr("FolderId", "Id")))
	if got := owner.Attr("AlternateId", "Mailbox"); got != "svc-riva@example.com" {
		t.Errorf("signed in as %q: %s", got, owner.Body)
	}
}
