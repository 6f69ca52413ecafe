package ews_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

// host is a stand-in that believes everybody who they say they are: signing in is not what EWS does.
type host struct {
	*sandbox.Host
	*ews.Directory
}

// application is the user name of a caller without a mailbox that may impersonate.
const application = "an application"

func (h host) Service() ews.Account { return h.First() }

// start runs EWS for one test.
func start(t *testing.T) host { return startAt(t, time.Now()) }

func startAt(t *testing.T, now time.Time) host {
	t.Helper()
	directory, err := ews.NewDirectory(ews.Seed(), 0, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	service := ews.New(directory, now)
	answer := func(call *sandbox.Call) sandbox.Answer {
		user, _, _ := call.Request.BasicAuth()
		if user == application {
			return service.Answer(call, ews.Caller{Application: user, Impersonation: true})
		}
		account, err := directory.Get(user)
		if err != nil {
			return sandbox.Answer{Status: http.StatusUnauthorized}
		}
		return service.Answer(call, ews.Caller{Account: account, Impersonation: account.Impersonation})
	}
	server, err := sandbox.Start(sandbox.Options{}, sandbox.System{
		Answer: answer, Operation: func(_ *http.Request, body []byte) string { return ews.Operation(body) }, Check: ews.Check,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return host{Host: server, Directory: directory}
}

// reply is an answer as a test looks at it.
type reply struct {
	status int
	header http.Header
	body   string
}

// find is the text of the first element with the name; empty if there is none.
func (r reply) find(name string) string {
	decoder := xml.NewDecoder(bytes.NewReader([]byte(r.body)))
	for {
		token, err := decoder.Token()
		if err != nil {
			return ""
		}
		if element, ok := token.(xml.StartElement); ok && element.Name.Local == name {
			var value string
			if err := decoder.DecodeElement(&value, &element); err != nil {
				return ""
			}
			return value
		}
	}
}

// attr is an attribute of the first element with the name; empty if there is none.
func (r reply) attr(name, attr string) string {
	decoder := xml.NewDecoder(bytes.NewReader([]byte(r.body)))
	for {
		token, err := decoder.Token()
		if err != nil {
			return ""
		}
		if element, ok := token.(xml.StartElement); ok && element.Name.Local == name {
			for _, a := range element.Attr {
				if a.Name.Local == attr {
					return a.Value
				}
			}
		}
	}
}

// client posts EWS messages as one user.
type client struct {
	t    *testing.T
	url  string
	user string
	http *http.Client
}

func as(t *testing.T, server host, account ews.Account) client {
	return named(t, server, account.Login())
}

func named(t *testing.T, server host, user string) client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return client{t: t, url: server.URL() + ews.Path, user: user, http: &http.Client{Transport: transport}}
}

// try posts a whole document.
func (c client) try(document string) (reply, error) {
	request, err := http.NewRequestWithContext(
		context.Background(), http.MethodPost, c.url, bytes.NewReader([]byte(document)))
	if err != nil {
		return reply{}, err
	}
	request.Header.Set("Content-Type", "text/xml; charset=utf-8")
	request.SetBasicAuth(c.user, "")
	response, err := c.http.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return reply{status: response.StatusCode, header: response.Header, body: string(body)}, err
}

// call posts an operation, with SOAP headers before it.
func (c client) call(operation string, headers ...string) reply {
	c.t.Helper()
	answer, err := c.try(envelope(operation, headers...))
	if err != nil {
		c.t.Fatal(err)
	}
	return answer
}

func envelope(operation string, headers ...string) string {
	header := `<t:RequestServerVersion Version="Exchange2013_SP1"/>`
	for _, h := range headers {
		header += h
	}
	return `<?xml version="1.0" encoding="utf-8"?>` +
		`<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"` +
		` xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"` +
		` xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages">` +
		`<soap:Header>` + header + `</soap:Header><soap:Body>` + operation + `</soap:Body></soap:Envelope>`
}

const getInbox = `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>` +
	`<m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder>`

func convert(id string) string {
	return `<m:ConvertId DestinationFormat="EwsId"><m:SourceIds>` +
		`<t:AlternateId Format="EwsId" Id="` + id + `" Mailbox="blah@blah.com"/></m:SourceIds></m:ConvertId>`
}

func TestWhoAmI(t *testing.T) {
	t.Parallel()
	server := start(t)
	c := as(t, server, server.Service())
	folder := c.call(getInbox)
	if folder.status != http.StatusOK || folder.find("ResponseCode") != "NoError" {
		t.Fatalf("GetFolder: %d %s", folder.status, folder.body)
	}
	who := c.call(convert(folder.attr("FolderId", "Id")))
	if got := who.attr("AlternateId", "Mailbox"); got != "svc-riva@example.com" {
		t.Errorf("signed in as %q: %s", got, who.body)
	}
}

// An application has no mailbox, so it must say for whom it calls.
func TestApplications(t *testing.T) {
	t.Parallel()
	server := start(t)
	c := named(t, server, application)
	if got := c.call(getInbox); got.status != http.StatusInternalServerError ||
		got.find("ResponseCode") != "ErrorInvalidExchangeImpersonationHeaderData" {
		t.Errorf("for nobody: %d %s", got.status, got.body)
	}
	got := c.call(getInbox, impersonate("PrimarySmtpAddress", "ada@example.com"))
	if got.find("ResponseCode") != "NoError" {
		t.Fatalf("for a user: %d %s", got.status, got.body)
	}
	last := server.Requests()[1]
	if last.User != application || last.Account != "ada@example.com" {
		t.Errorf("recorded as %q for %q", last.User, last.Account)
	}
}
