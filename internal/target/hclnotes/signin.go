package hclnotes

import (
	"context"
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// ownCalendar tells whose the caller's calendar is, and so who calls.
const ownCalendar = "/api/calendar"

// session is a service account that is signed in. One goroutine uses it at a time.
type session struct {
	account  target.Account
	base     string
	http     *http.Client
	mode     string // how it signs in
	cookies  []*http.Cookie
	own      mailbox
	identity target.Identity
}

// signIn learns how the server lets people in, goes in, and asks who that was.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	client, err := call.Client(a)
	if err != nil {
		return nil, err
	}
	s := &session{account: a, base: target.CanonicalURL(a.Setting(serverURL)), http: client, mode: a.Setting(authentication)}
	a.Tokens.Mask(s.basic())
	if err := s.begin(ctx); err != nil {
		s.logOff(ctx)
		return nil, err
	}
	return s, nil
}

func (s *session) begin(ctx context.Context) error {
	if s.mode == "" {
		mode, err := s.detectAuthentication(ctx)
		if err != nil {
			return err
		}
		s.mode = mode
	}
	if s.mode == sessionAuth {
		if err := s.logIn(ctx); err != nil {
			return err
		}
	}
	return s.whoAmI(ctx)
}

// serviceDisabledFault tells a service that is not enabled, which is what a 403 of a call about the caller means, from a lack of
// rights: the services look at that before they look at who calls.
func serviceDisabledFault(fault *target.Fault) *target.Fault {
	if fault.Code == target.InsufficientPermission {
		fault.Code, fault.Field = target.Misconfigured, serverURL
		fault.Message = "The Calendar service of Domino Access Services is not enabled on the server: " + fault.Message
	}
	return fault
}

// whoAmI asks whose calendar the caller's is.
func (s *session) whoAmI(ctx context.Context) error {
	own, err := s.mailbox(ctx, serverClassifier(), "")
	if err != nil {
		return s.unknownIdentityFault(err)
	}
	if own.name == "" {
		return s.unexpectedFault("The answer does not tell who signed in.")
	}
	called, err := s.matchesUsername(ctx, own)
	if err != nil {
		return err
	}
	s.own = own
	s.identity = target.Identity{
		Username: own.name, UserID: own.name, OrganizationID: organizationOf(own.name),
		OrganizationName: organizationOf(own.name), Host: target.HostOf(s.base),
	}
	if called {
		s.identity.Username = s.account.Setting(username)
	}
	return nil
}

// unknownIdentityFault says what a failure to tell who signed in means.
func (s *session) unknownIdentityFault(err error) error {
	fault, ok := target.AsFault(err)
	switch {
	case !ok:
		return err
	case isRejection(err) && s.mode == sessionAuth:
		return s.unexpectedFault("Domino began a session, and does not take it: the server may have to be called by the name that its " +
			"Web SSO Configuration document is for. " + fault.Message)
	case isLoginFormFault(err):
		fault.Message = "Domino answered with its login form: it does not take the user name and the Internet password, or takes " +
			"them by that form only, which is what authentication \"session\" is for."
		return fault
	}
	return serviceDisabledFault(fault)
}

// matchesUsername tells whether the name that the connection has is that of who signed in. Domino tells names and the address; if
// it may be the short name, which it does not tell, it is asked whom it means by it.
func (s *session) matchesUsername(ctx context.Context, own mailbox) (bool, error) {
	name := abbreviate(s.account.Setting(username))
	switch {
	case strings.Contains(name, "@"):
		return strings.EqualFold(name, own.email), nil
	case strings.Contains(name, "/"):
		return strings.EqualFold(name, own.name), nil
	case strings.EqualFold(name, own.common), strings.EqualFold(name, own.name):
		return true, nil
	}
	meant, err := s.mailbox(ctx, nameClassifier(), name)
	if fault, ok := target.AsFault(err); ok && fault.Code == target.UserNotFound {
		return false, nil
	}
	return strings.EqualFold(meant.name, own.name), err
}

// Identity tells who signed in.
func (s *session) Identity() target.Identity { return s.identity }

// Close logs off and gives up the connections.
func (s *session) Close() error {
	s.logOff(context.Background())
	return nil
}

// logOff logs off, since sessions on a server are limited. If that fails, the session ends by itself, so nobody is told.
func (s *session) logOff(ctx context.Context) {
	defer s.http.CloseIdleConnections()
	if len(s.cookies) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), call.OptionalCallTimeout)
	defer cancel()
	req, err := s.request(ctx, http.MethodGet, "/names.nsf?Logout", nil)
	if err != nil {
		return
	}
	s.authenticate(req)
	_, _ = call.Send(s.http, req)
}

func (s *session) unexpectedFault(message string) *target.Fault {
	return &target.Fault{Code: target.Misconfigured, Field: serverURL, Message: message}
}
