package exchange_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
)

// start runs a stand-in for one test.
func start(t *testing.T, options exchange.Options) *exchange.Server {
	t.Helper()
	server, err := exchange.Start(options)
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

// client posts EWS messages as one user with Basic.
type client struct {
	t        *testing.T
	url      string
	user     string
	password string
	http     *http.Client
}

func as(t *testing.T, server *exchange.Server, account ews.Account) client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	follow := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return client{
		t: t, url: server.URL(), user: account.Login(), password: account.Password,
		http: &http.Client{Transport: transport, CheckRedirect: follow},
	}
}

// try posts a whole document.
func (c client) try(document string) (reply, error) {
	request, err := http.NewRequestWithContext(
		context.Background(), http.MethodPost, c.url, bytes.NewReader([]byte(document)))
	if err != nil {
		return reply{}, err
	}
	request.Header.Set("Content-Type", "text/xml; charset=utf-8")
	if c.user != "" {
		request.SetBasicAuth(c.user, c.password)
	}
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

// ofAda is the header that impersonates her.
const ofAda = `<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>ada@example.com</t:PrimarySmtpAddress>` +
	`</t:ConnectingSID></t:ExchangeImpersonation>`

func convert(id string) string {
	return `<m:ConvertId DestinationFormat="EwsId"><m:SourceIds>` +
		`<t:AlternateId Format="EwsId" Id="` + id + `" Mailbox="blah@blah.com"/></m:SourceIds></m:ConvertId>`
}

func TestWhoAmI(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{})
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
