package ews_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/ewstest"
)

func script(t *testing.T, server host, fault sandbox.Fault, times int) {
	t.Helper()
	if err := server.Fail(fault, times); err != nil {
		t.Fatal(err)
	}
}

// TestResponseCodes checks that every response code can be a fault of the request and an error of an item.
func TestResponseCodes(t *testing.T) {
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
			script(t, server, ews.SOAPFault(code), 1)
			script(t, server, ews.ItemError(code).WithMessage("Another message."), 1)
			if got := c.Call(ewstest.GetInbox); got.Status != http.StatusInternalServerError || got.Find("ResponseCode") != code ||
				got.Find("faultstring") == "" {
				t.Errorf("fault: %d %s", got.Status, got.Body)
			}
			if got := c.Call(ewstest.GetInbox); got.Status != http.StatusOK || got.Find("ResponseCode") != code ||
				got.Attr("GetFolderResponseMessage", "ResponseClass") != "Error" || got.Find("MessageText") != "Another message." {
				t.Errorf("item: %d %s", got.Status, got.Body)
			}
			if got := c.Call(ewstest.GetInbox); got.Find("ResponseCode") != "NoError" {
				t.Errorf("after the faults: %s", got.Body)
			}
		})
	}
}

func TestItemErrorOfEveryOperation(t *testing.T) {
	t.Parallel()
	server := start(t)
	c := as(t, server, server.Service())
	script(t, server, ews.ItemError("ErrorServerBusy").Wait(7*time.Second), sandbox.UntilCleared)
	for _, operation := range []string{
		ewstest.GetInbox, ewstest.ConvertID("x"), findItems("inbox", "", ""), getItem("x", ""),
		`<m:FindFolder Traversal="Shallow"><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>` +
			`<m:ParentFolderIds><t:DistinguishedFolderId Id="root"/></m:ParentFolderIds></m:FindFolder>`,
		`<m:ResolveNames ReturnFullContactData="false"><m:UnresolvedEntry>ada</m:UnresolvedEntry></m:ResolveNames>`,
		`<m:GetPasswordExpirationDate/>`,
	} {
		got := c.Call(operation)
		if got.Status != http.StatusOK || got.Find("ResponseCode") != "ErrorServerBusy" || got.Find("Value") != "7000" {
			t.Errorf("%s: %d %s", operation, got.Status, got.Body)
		}
	}
}

func TestThrottling(t *testing.T) {
	t.Parallel()
	server := start(t)
	c := as(t, server, server.Service())
	script(t, server, ews.Busy(297749*time.Millisecond), 1)
	script(t, server, ews.Queueing(3*time.Second), 1)
	for _, want := range []struct {
		status int
		wait   string
	}{{http.StatusInternalServerError, "297749"}, {http.StatusServiceUnavailable, "3000"}} {
		got := c.Call(ewstest.GetInbox)
		if got.Status != want.status || got.Find("ResponseCode") != "ErrorServerBusy" || got.Find("Value") != want.wait ||
			got.Attr("Value", "Name") != "BackOffMilliseconds" {
			t.Errorf("%d %s, want %+v", got.Status, got.Body, want)
		}
	}
}

func TestFaultOfUserAndOperation(t *testing.T) {
	t.Parallel()
	server := start(t)
	c := as(t, server, server.Service())
	script(t, server, ews.ItemError("ErrorMailboxStoreUnavailable").ForOperation("FindItem").ForAccount("ada@example.com"), 1)
	ada, alan := impersonate("SmtpAddress", "ada@example.com"), impersonate("SmtpAddress", "alan@example.com")
	for _, call := range []struct{ operation, header, code string }{
		{findItems("inbox", "", ""), alan, "NoError"},
		{ewstest.GetInbox, ada, "NoError"},
		{findItems("inbox", "", ""), ada, "ErrorMailboxStoreUnavailable"},
		{findItems("inbox", "", ""), ada, "NoError"},
	} {
		if got := c.Call(call.operation, call.header); got.Find("ResponseCode") != call.code {
			t.Errorf("%s: %s, want %s", call.operation, got.Find("ResponseCode"), call.code)
		}
	}
}

func TestNonEWSResponses(t *testing.T) {
	t.Parallel()
	server := start(t)
	c := as(t, server, server.Service())
	script(t, server, ews.Deep(), 1)
	if got := c.Call(ewstest.GetInbox); got.Status != http.StatusOK || strings.Count(got.Body, "<a>") < 10_000 ||
		!strings.HasPrefix(got.Header.Get("Content-Type"), "text/xml") {
		t.Errorf("deep: %d, %d bytes", got.Status, len(got.Body))
	}
	script(t, server, ews.Entities(), 1)
	if got := c.Call(ewstest.GetInbox); got.Status != http.StatusOK || !strings.Contains(got.Body, `<!ENTITY file SYSTEM "file:`) {
		t.Errorf("entities: %d %s", got.Status, got.Body)
	}
	script(t, server, sandbox.Huge(), 1)
	if got := c.Call(ewstest.GetInbox); len(got.Body) <= 4<<20 || !strings.HasSuffix(got.Body, "</s:Envelope>") {
		t.Errorf("huge: %d, %d bytes", got.Status, len(got.Body))
	}
	if got := c.Call(ewstest.GetInbox); got.Find("ResponseCode") != "NoError" {
		t.Errorf("after the faults: %s", got.Body)
	}
}

// TestInvalidFaultsAreRejected covers the kinds of EWS.
func TestInvalidFaultsAreRejected(t *testing.T) {
	t.Parallel()
	server := start(t)
	for _, fault := range []sandbox.Fault{
		ews.SOAPFault(""), ews.SOAPFault("busy"), ews.ItemError(`Error"/>`), {Kind: "flood"},
		ews.Echo().ForAccount("ada@example.com"),
	} {
		if err := server.Fail(fault, 1); err == nil {
			t.Errorf("accepted %+v", fault)
		}
	}
}
