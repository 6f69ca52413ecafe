package office365

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The operations of Graph. A fault can be limited to one of them.
const (
	opMe           = "me"
	opUser         = "user"
	opUsers        = "users"
	opOrganization = "organization"
	opFolders      = "mailFolders"
	opMessages     = "messages"
	opCalendar     = "calendar"
	opEvents       = "events"
	opContacts     = "contacts"
	opSettings     = "mailboxSettings"
	opBatch        = "$batch"
)

// caller is a caller of Graph whose token was accepted.
type caller struct {
	server *Server
	call   *sandbox.Call
	query  query
	// user is the signed-in user; nil for an application's own token.
	user *user
	// permissions are the roles of the token, or its scopes if a user signed in.
	permissions []string
	tenant      string
	app         string // the client id
}

// serveGraph serves one call of Graph.
func (s *Server) serveGraph(call *sandbox.Call) sandbox.Response {
	requestID := uuid.NewString()
	response, err := s.graphResponse(call)
	if f, ok := call.Fault(KindGraphError, KindInnerError, KindClaimsChallenge); ok {
		err = scriptedError(f)
	}
	if f, ok := call.Fault(sandbox.KindEcho); ok {
		err = newGraphError("UnknownError", "%s", call.Echo(f, "An unexpected error occurred", call.Token("Bearer")))
	}
	if err != nil {
		response = err.response(call, requestID, s.now())
	} else {
		response = call.Deepen(response)
	}
	addRequestIDs(&response, call, requestID)
	return response
}

// graphResponse authenticates the caller and serves the call.
func (s *Server) graphResponse(call *sandbox.Call) (sandbox.Response, *graphError) {
	c, err := s.authenticate(call)
	if err != nil {
		return sandbox.Response{}, err
	}
	segments, ok := graphPath(call.Request.URL)
	if !ok {
		return sandbox.Response{}, newGraphError("BadRequest", "Invalid version: %s", strings.Split(call.Request.URL.Path, "/")[1])
	}
	if call.Request.Method != http.MethodGet && call.Request.Method != http.MethodHead {
		return sandbox.Response{}, newGraphError("Request_MethodNotAllowed", "")
	}
	if c.query, err = readQuery(call.Request); err != nil {
		return sandbox.Response{}, err
	}
	return c.serve(segments)
}

// serve serves a path.
func (c *caller) serve(segments []string) (sandbox.Response, *graphError) {
	first, rest := strings.ToLower(segments[0]), segments[1:]
	switch {
	case first == opOrganization:
		return c.organization(rest)
	case first == opUsers && len(rest) == 0:
		return c.users()
	case first == opUsers && len(rest) == 1:
		return c.directoryUser(rest[0])
	case first == opUsers:
		return c.mailbox(c.server.findMailboxUser(rest[0]), rest[0], rest[1:])
	case first == opMe && c.user == nil:
		return sandbox.Response{}, newGraphError("BadRequest", "/me request is only valid with delegated authentication flow.")
	case first == opMe && len(rest) == 0:
		return c.me()
	case first == opMe:
		return c.mailbox(c.user, c.user.UPN, rest)
	}
	return sandbox.Response{}, newGraphError("BadRequest", "Resource not found for the segment '%s'.", segments[0])
}

// context returns the address of the metadata of a response.
func (c *caller) context(of string) string { return c.server.GraphURL() + "/v1.0/$metadata#" + of }

// self returns the absolute address of the call.
func (c *caller) self() *url.URL {
	self := *c.call.Request.URL
	if base, err := url.Parse(c.server.GraphURL()); err == nil {
		self.Scheme, self.Host = base.Scheme, base.Host
	}
	return &self
}

// hasPermission reports whether the token contains one of some permissions.
func (c *caller) hasPermission(permissions ...string) bool {
	for _, granted := range c.permissions {
		for _, permission := range permissions {
			if strings.EqualFold(granted, permission) {
				return true
			}
		}
	}
	return false
}
