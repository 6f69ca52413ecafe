// Package ews is a stand-in for Exchange Web Services (EWS), behind whatever signs a client in: the operations that a
// client needs to find out who it is and to read a mailbox, application impersonation and delegate access with their
// rights, and the ways EWS fails. The stand-ins of Exchange and of Microsoft 365 serve it.
//
// Its messages keep to Microsoft's published EWS schemas (messages.xsd and types.xsd), element order included, so that
// real client libraries can read them. What the schemas leave open follows Microsoft's EWS reference.
package ews

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Path is where EWS is served; letter case does not matter, as with IIS.
const Path = "/EWS/Exchange.asmx"

// Service is EWS over the mailboxes of a directory. It is safe for concurrent use.
type Service struct {
	directory *Directory
	started   time.Time
}

// New makes a service. The mailboxes hold messages and appointments of around the time given.
func New(directory *Directory, now time.Time) *Service {
	return &Service{directory: directory, started: now}
}

// Caller is who signed in, however that was done.
type Caller struct {
	// Account is the account; the zero value for an application, which has no mailbox and must impersonate.
	Account Account
	// Application is what the record calls an application; empty for an account.
	Application string
	// Impersonation is the right to act as any user.
	Impersonation bool
}

// Serve serves one HTTP request of somebody who is signed in, and records whose data it is about.
func (s *Service) Serve(call *sandbox.Call, by Caller) sandbox.Response {
	call.SetUser(by.name(), by.name())
	switch call.Request.Method {
	case http.MethodPost:
		answer := s.operate(call, by)
		if id := call.Request.Header.Get("Client-Request-Id"); id != "" {
			answer.Header.Set("Client-Request-Id", id)
		}
		return answer
	case http.MethodGet, http.MethodHead:
		return sandbox.HTML(http.StatusOK, "Service", "<p>You have created a service.</p>")
	}
	return sandbox.Response{Status: http.StatusMethodNotAllowed, Header: http.Header{"Allow": {"GET, HEAD, POST"}}}
}

func (c Caller) name() string {
	if c.Application != "" {
		return c.Application
	}
	return c.Account.Email
}

// Operation is the name of the first element of a SOAP body; empty if there is none.
func Operation(body []byte) string {
	decoder := xml.NewDecoder(bytes.NewReader(body))
	inBody := false
	for {
		token, err := decoder.RawToken()
		if err != nil {
			return ""
		}
		if start, ok := token.(xml.StartElement); ok {
			if inBody {
				return start.Name.Local
			}
			inBody = start.Name.Local == "Body"
		}
	}
}
