package office365

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The operations of Graph, by which faults are limited to a kind of call.
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

// caller is somebody who calls Graph with a token that was accepted.
type caller struct {
	server *Server
	call   *sandbox.Call
	query  query
	// user is who signed in; nil for an app that calls for itself.
	user *user
	// rights are the token's roles, or its scopes if a user signed in.
	rights []string
	tenant string
	app    string // its client id
}

// keyed is a name with a key in brackets, as OData writes it: users('ada@example.com').
var keyed = regexp.MustCompile(`^(\w+)\('([^']*)'\)$`)

// graphPath takes the path of a call apart, without the version; ok is false for one that is none of Graph's. A key in
// brackets becomes a segment of its own.
func graphPath(u *url.URL) (segments []string, ok bool) {
	path := strings.Trim(u.EscapedPath(), "/")
	version, rest, _ := strings.Cut(path, "/")
	if version != "v1.0" && version != "beta" {
		return nil, false
	}
	for segment := range strings.SplitSeq(rest, "/") {
		plain, err := url.PathUnescape(segment)
		if err != nil {
			return nil, false
		}
		if m := keyed.FindStringSubmatch(plain); m != nil {
			segments = append(segments, m[1], m[2])
			continue
		}
		segments = append(segments, plain)
	}
	return segments, segments[0] != ""
}

// graphOperation is the name of the operation at a path; empty if there is none.
func graphOperation(u *url.URL) string {
	segments, ok := graphPath(u)
	if !ok {
		return ""
	}
	first, rest := strings.ToLower(segments[0]), segments[1:]
	switch {
	case first == opMe && len(rest) == 0:
		return opMe
	case first == opUsers && len(rest) == 0:
		return opUsers
	case first == opUsers && len(rest) == 1:
		return opUser
	case first == opUsers:
		rest = rest[1:]
	case first == opOrganization, first == opBatch:
		return first
	case first != opMe:
		return ""
	}
	return mailboxOperation(rest)
}

// mailboxOperation is the name of what a path asks of a mailbox: its last word that names a kind of thing.
func mailboxOperation(segments []string) string {
	operation := ""
	for _, segment := range segments {
		switch strings.ToLower(segment) {
		case "mailfolders":
			operation = opFolders
		case "messages":
			operation = opMessages
		case "events", "calendarview":
			operation = opEvents
		case "calendar", "calendars":
			operation = opCalendar
		case "contacts":
			operation = opContacts
		case "mailboxsettings":
			operation = opSettings
		}
	}
	return operation
}

// graph serves one call of Graph.
func (s *Server) graph(call *sandbox.Call) sandbox.Response {
	requestID := uuid.NewString()
	answer, err := s.operate(call)
	if f, ok := call.Fault(KindGraphError, KindInnerError, KindClaimsChallenge); ok {
		err = scripted(f)
	}
	if err != nil {
		answer = err.answer(call, requestID, s.now())
	} else if _, ok := call.Fault(KindDeep); ok {
		answer = deep()
	}
	identify(&answer, call, requestID)
	return answer
}

// operate finds out who calls, and serves them.
func (s *Server) operate(call *sandbox.Call) (sandbox.Response, *graphError) {
	c, err := s.caller(call)
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

// serve answers at a path.
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
		return c.mailbox(c.server.reached(rest[0]), rest[0], rest[1:])
	case first == opMe && c.user == nil:
		return sandbox.Response{}, newGraphError("BadRequest", "/me request is only valid with delegated authentication flow.")
	case first == opMe && len(rest) == 0:
		return c.me()
	case first == opMe:
		return c.mailbox(c.user, c.user.UPN, rest)
	}
	return sandbox.Response{}, newGraphError("BadRequest", "Resource not found for the segment '%s'.", segments[0])
}

// context is the address of the description of an answer.
func (c *caller) context(of string) string { return c.server.GraphURL() + "/v1.0/$metadata#" + of }

// self is the address of the call, as an absolute one.
func (c *caller) self() *url.URL {
	self := *c.call.Request.URL
	if base, err := url.Parse(c.server.GraphURL()); err == nil {
		self.Scheme, self.Host = base.Scheme, base.Host
	}
	return &self
}

// has tells whether the token gives one of some permissions.
func (c *caller) has(permissions ...string) bool {
	for _, given := range c.rights {
		for _, permission := range permissions {
			if strings.EqualFold(given, permission) {
				return true
			}
		}
	}
	return false
}
