package ews_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/ewstest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// host is a stand-in that accepts every user name without a password: EWS itself has no sign-in.
type host struct {
	*sandbox.Host
	*ews.Directory
}

// application is the user name of a caller that has no mailbox and may impersonate.
const application = "an application"

func (h host) Service() ews.Account { return h.First() }

// start starts EWS for one test.
func start(t *testing.T) host { return startAt(t, time.Now()) }

func startAt(t *testing.T, now time.Time) host {
	t.Helper()
	directory, err := ews.NewDirectory(ews.Seed(), 0, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	service := ews.New(directory, now)
	serve := func(call *sandbox.Call) sandbox.Response {
		user, _, _ := call.Request.BasicAuth()
		if user == application {
			return service.Serve(call, ews.Caller{Application: user, Impersonation: true})
		}
		account, err := directory.User(user)
		if err != nil {
			return sandbox.Response{Status: http.StatusUnauthorized}
		}
		return service.Serve(call, ews.Caller{Account: account, Impersonation: account.Impersonation})
	}
	server, err := sandbox.Start(sandbox.Options{}, sandbox.System{
		Serve: serve, Operation: func(_ *http.Request, body []byte) string { return ews.Operation(body) }, Kinds: ews.Kinds,
	})
	if err != nil {
		t.Fatal(err)
	}
	sandboxtest.CloseAfterTest(t, server)
	return host{Host: server, Directory: directory}
}

type (
	client = ewstest.Client
	reply  = ewstest.Reply
)

func as(t *testing.T, server host, account ews.Account) client {
	return named(t, server, account.Login())
}

func named(t *testing.T, server host, user string) client {
	t.Helper()
	return ewstest.Dial(t, server.URL()+ews.Path, user, "")
}

func TestSignedInAccount(t *testing.T) {
	t.Parallel()
	server := start(t)
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

// TestApplications covers a caller that has no mailbox and must therefore impersonate a user.
func TestApplications(t *testing.T) {
	t.Parallel()
	server := start(t)
	c := named(t, server, application)
	if got := c.Call(ewstest.GetInbox); got.Status != http.StatusInternalServerError ||
		got.Find("ResponseCode") != "ErrorInvalidExchangeImpersonationHeaderData" {
		t.Errorf("without a user: %d %s", got.Status, got.Body)
	}
	got := c.Call(ewstest.GetInbox, impersonate("PrimarySmtpAddress", "ada@example.com"))
	if got.Find("ResponseCode") != "NoError" {
		t.Fatalf("for a user: %d %s", got.Status, got.Body)
	}
	last := server.Requests()[1]
	if last.User != application || last.Account != "ada@example.com" {
		t.Errorf("recorded as %q for %q", last.User, last.Account)
	}
}
