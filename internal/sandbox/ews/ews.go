// Package ews is a stand-in for Exchange Web Services (EWS) over SOAP 1.1, without the sign-in: the operations that a
// client needs to identify its account and to read a mailbox, application impersonation and delegate access with their
// rights, and the ways EWS fails. It has no writing operations, no notifications and no synchronization. The stand-ins
// for Exchange and Microsoft 365 serve it.
//
// Its messages follow Microsoft's published EWS schemas (messages.xsd and types.xsd), including the order of elements,
// so that real client libraries can read them. Where the schemas leave a choice, it follows Microsoft's EWS reference.
package ews

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Path is the path of EWS. Letter case is ignored, as in IIS.
const Path = "/EWS/Exchange.asmx"

// Service is EWS for the mailboxes of a directory. It is safe for concurrent use.
type Service struct {
	directory *Directory
	started   time.Time
}

// New returns a service. The mailboxes contain messages and appointments of the time around now.
func New(directory *Directory, now time.Time) *Service {
	return &Service{directory: directory, started: now}
}

// Caller is the identity that signed in, by any method.
type Caller struct {
	// Account is the account. It is the zero value for an application, which has no mailbox and must impersonate.
	Account Account
	// Application is the name of an application in the record; empty for an account.
	Application string
	// Impersonation is the right to act as any user.
	Impersonation bool
}

// Serve serves one HTTP request of a caller that is signed in, and records the account whose data it reads.
func (s *Service) Serve(call *sandbox.Call, caller Caller) sandbox.Response {
	call.SetUser(caller.name(), caller.name())
	switch call.Request.Method {
	case http.MethodPost:
		response := s.serveOperation(call, caller)
		if id := call.Request.Header.Get("Client-Request-Id"); id != "" {
			response.Header.Set("Client-Request-Id", id)
		}
		return response
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

// Operation returns the name of the first element of a SOAP body; empty for an empty body.
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
