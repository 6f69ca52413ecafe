package ews_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

func fail(t *testing.T, server host, fault sandbox.Fault, times int) {
	t.Helper()
	if err := server.Fail(fault, times); err != nil {
		t.Fatal(err)
	}
}

// Any of Exchange's codes can be had as a fault of the request and as an error of an item.
func TestCodesOfExchange(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		"ErrorPasswordExpired", "ErrorAccountDisabled", "ErrorADUnavailable", "ErrorInternalServerError",
		"ErrorMailboxMoveInProgress", "ErrorInvalidServerVersion", "ErrorMissingEmailAddress", "ErrorAccessDenied",
		"ErrorFolderNotFound", "ErrorImpersonateUserDenied", "ErrorTimeoutExpired",
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			server := start(t)
			c := as(t, server, server.Service())
			fail(t, server, ews.SOAPFault(code), 1)
			fail(t, server, ews.ItemError(code).Saying("In other words."), 1)
			if got := c.call(getInbox); got.status != http.StatusInternalServerError || got.find("ResponseCode") != code ||
				got.find("faultstring") == "" {
				t.Errorf("fault: %d %s", got.status, got.body)
			}
			if got := c.call(getInbox); got.status != http.StatusOK || got.find("ResponseCode") != code ||
				got.attr("GetFolderResponseMessage", "ResponseClass") != "Error" || got.find("MessageText") != "In other words." {
				t.Errorf("item: %d %s", got.status, got.body)
			}
			if got := c.call(getInbox); got.find("ResponseCode") != "NoError" {
				t.Errorf("afterwards: %s", got.body)
			}
		})
	}
}

func TestItemErrorOfEveryOperation(t *testing.T) {
	t.Parallel()
	server := start(t)
	c := as(t, server, server.Service())
	fail(t, server, ews.ItemError("ErrorServerBusy").Wait(7*time.Second), sandbox.UntilCleared)
	for _, operation := range []string{
		getInbox, convert("x"), findItems("inbox", "", ""), getItem("x", ""),
		`<m:FindFolder Traversal="Shallow"><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>` +
			`<m:ParentFolderIds><t:DistinguishedFolderId Id="root"/></m:ParentFolderIds></m:FindFolder>`,
		`<m:ResolveNames ReturnFullContactData="false"><m:UnresolvedEntry>ada</m:UnresolvedEntry></m:ResolveNames>`,
		`<m:GetPasswordExpirationDate/>`, `<m:GetServerTimeZones/>`,
	} {
		got := c.call(operation)
		if got.status != http.StatusOK || got.find("ResponseCode") != "ErrorServerBusy" || got.find("Value") != "7000" {
			t.Errorf("%s: %d %s", operation, got.status, got.body)
		}
	}
}

func TestThrottling(t *testing.T) {
	t.Parallel()
	server := start(t)
	c := as(t, server, server.Service())
	fail(t, server, ews.Busy(297749*time.Millisecond), 1)
	fail(t, server, ews.Queueing(3*time.Second), 1)
	for _, want := range []struct {
		status int
		wait   string
	}{{http.StatusInternalServerError, "297749"}, {http.StatusServiceUnavailable, "3000"}} {
		got := c.call(getInbox)
		if got.status != want.status || got.find("ResponseCode") != "ErrorServerBusy" || got.find("Value") != want.wait ||
			got.attr("Value", "Name") != "BackOffMilliseconds" {
			t.Errorf("%d %s, want %+v", got.status, got.body, want)
		}
	}
}

func TestFaultOfOneUserAndOneOperation(t *testing.T) {
	t.Parallel()
	server := start(t)
	c := as(t, server, server.Service())
	fail(t, server, ews.ItemError("ErrorMailboxStoreUnavailable").On("FindItem").For("ada@example.com"), 1)
	ada, alan := impersonate("SmtpAddress", "ada@example.com"), impersonate("SmtpAddress", "alan@example.com")
	for _, call := range []struct{ operation, header, code string }{
		{findItems("inbox", "", ""), alan, "NoError"},
		{getInbox, ada, "NoError"},
		{findItems("inbox", "", ""), ada, "ErrorMailboxStoreUnavailable"},
		{findItems("inbox", "", ""), ada, "NoError"},
	} {
		if got := c.call(call.operation, call.header); got.find("ResponseCode") != call.code {
			t.Errorf("%s: %s, want %s", call.operation, got.find("ResponseCode"), call.code)
		}
	}
}

func TestAnswersThatAreNoEWS(t *testing.T) {
	t.Parallel()
	server := start(t)
	c := as(t, server, server.Service())
	fail(t, server, ews.Deep(), 1)
	if got := c.call(getInbox); got.status != http.StatusOK || strings.Count(got.body, "<a>") < 10_000 ||
		!strings.HasPrefix(got.header.Get("Content-Type"), "text/xml") {
		t.Errorf("deep: %d, %d bytes", got.status, len(got.body))
	}
	fail(t, server, ews.Entities(), 1)
	if got := c.call(getInbox); got.status != http.StatusOK || !strings.Contains(got.body, `<!ENTITY file SYSTEM "file:`) {
		t.Errorf("entities: %d %s", got.status, got.body)
	}
	fail(t, server, sandbox.Huge(), 1)
	if got := c.call(getInbox); len(got.body) <= 4<<20 || !strings.HasSuffix(got.body, "</s:Envelope>") {
		t.Errorf("huge: %d, %d bytes", got.status, len(got.body))
	}
	if got := c.call(getInbox); got.find("ResponseCode") != "NoError" {
		t.Errorf("afterwards: %s", got.body)
	}
}

// A fault of the answer waits for the answer: the legs of a handshake do not use it up.
func TestImpossibleFaultsAreRefused(t *testing.T) {
	t.Parallel()
	server := start(t)
	for _, fault := range []sandbox.Fault{
		ews.SOAPFault(""), ews.SOAPFault("busy"), ews.ItemError(`Error"/>`), {Kind: "flood"},
		ews.Echo().For("ada@example.com"),
	} {
		if err := server.Fail(fault, 1); err == nil {
			t.Errorf("accepted %+v", fault)
		}
	}
}

// Other paths of the server are not EWS; letter case does not matter.
