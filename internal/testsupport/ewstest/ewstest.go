// Package ewstest is a client of Exchange Web Services for the tests of the stand-ins. It sends XML that a test wrote,
// and finds elements in the response.
package ewstest

import (
	"encoding/xml"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// GetInbox is an operation that requests the inbox.
const GetInbox = `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>` +
	`<m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder>`

// ConvertID is an operation whose response contains the mailbox of an identifier.
func ConvertID(id string) string {
	return `<m:ConvertId DestinationFormat="EwsId"><m:SourceIds>` +
		`<t:AlternateId Format="EwsId" Id="` + id + `" Mailbox="blah@blah.com"/></m:SourceIds></m:ConvertId>`
}

// Envelope returns the document of an operation, with SOAP headers before it.
func Envelope(operation string, headers ...string) string {
	header := `<t:RequestServerVersion Version="Exchange2013_SP1"/>` + strings.Join(headers, "")
	return `<?xml version="1.0" encoding="utf-8"?>` +
		`<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"` +
		` xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"` +
		` xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages">` +
		`<soap:Header>` + header + `</soap:Header><soap:Body>` + operation + `</soap:Body></soap:Envelope>`
}

// Client sends messages as one user, with Basic credentials if User is set.
type Client struct {
	T              *testing.T
	URL            string
	User, Password string
	HTTP           *http.Client
}

// Dial returns a client that follows no redirect and keeps its connection until the test ends.
func Dial(t *testing.T, url, user, password string) Client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	client := sandboxtest.Client()
	client.Transport = transport
	return Client{T: t, URL: url, User: user, Password: password, HTTP: client}
}

// Try sends a whole document. It may fail without a response.
func (c Client) Try(document string) (Reply, error) {
	c.T.Helper()
	request := sandboxtest.Request(c.T, http.MethodPost, c.URL, document, "Content-Type", "text/xml; charset=utf-8")
	if c.User != "" {
		request.SetBasicAuth(c.User, c.Password)
	}
	response, err := sandboxtest.Try(c.HTTP, request)
	return Reply{response}, err
}

// Call sends an operation, with SOAP headers before it.
func (c Client) Call(operation string, headers ...string) Reply {
	c.T.Helper()
	reply, err := c.Try(Envelope(operation, headers...))
	if err != nil {
		c.T.Fatal(err)
	}
	return reply
}

// Reply is a response with an XML body.
type Reply struct{ sandboxtest.Response }

// Find returns the text of the first element with the name; empty without such an element.
func (r Reply) Find(name string) string {
	decoder, element := r.at(name)
	var value string
	if element == nil || decoder.DecodeElement(&value, element) != nil {
		return ""
	}
	return value
}

// Attr returns an attribute of the first element with the name; empty without such an element or attribute.
func (r Reply) Attr(name, attr string) string {
	if _, element := r.at(name); element != nil {
		for _, a := range element.Attr {
			if a.Name.Local == attr {
				return a.Value
			}
		}
	}
	return ""
}

// at reads to the start of the first element with the name; the element is nil if it does not exist.
func (r Reply) at(name string) (*xml.Decoder, *xml.StartElement) {
	decoder := xml.NewDecoder(strings.NewReader(r.Body))
	for {
		token, err := decoder.Token()
		if err != nil {
			return decoder, nil
		}
		if element, ok := token.(xml.StartElement); ok && element.Name.Local == name {
			return decoder, &element
		}
	}
}
