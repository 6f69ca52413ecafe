package hclnotes

import (
	"context"
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// ownCalendar returns the owner of the caller's calendar, and so the identity.
const ownCalendar = "/api/calendar"

// session is a signed-in service account. One goroutine uses it at a time.
type session struct {
	call.Session

	base    string
	mode    string // the authentication
	cookies []*http.Cookie
	own     mailbox
}

// signIn detects the server's authentication, if the connection has none, signs in, and reads the identity.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	base, err := call.NewSession(a, serverClassifier())
	if err != nil {
		return nil, err
	}
	s := &session{Session: base, base: target.CanonicalURL(a.Setting(serverURL)), mode: a.Setting(authentication)}
	a.Tokens.Mask(s.basic())
	return call.CloseOnError(ctx, s, s.begin(ctx))
}

func (s *session) begin(ctx context.Context) error {
	if s.mode == "" {
		mode, err := s.detectAuthentication(ctx)
		if err != nil {
			return err
		}
		if fault := s.Account.CheckScheme(authentication, mode); fault != nil {
			return fault
		}
		s.mode, s.Proven = mode, mode
	}
	if s.mode == sessionAuth {
		if err := s.logIn(ctx); err != nil {
			return err
		}
	}
	return s.whoAmI(ctx)
}

// serviceDisabledFault distinguishes a disabled service from a missing right: a call about the caller returns 403 only if the
// service is disabled, since the services check that before they check the caller.
func serviceDisabledFault(fault *target.Fault) *target.Fault {
	if fault.Code == target.InsufficientPermission {
		fault.Code, fault.Field = target.Misconfigured, serverURL
		fault.Message = target.Say("The Calendar service of Domino Access Services is not enabled on the server: %s", fault.Message)
	}
	return fault
}

// whoAmI reads the owner of the caller's calendar.
func (s *session) whoAmI(ctx context.Context) error {
	own, err := s.mailbox(ctx, s.Classifier, "")
	if err != nil {
		return s.unknownIdentityFault(err)
	}
	if own.name == "" {
		return s.Classifier.UnexpectedResponse("The response does not name the account that signed in.")
	}
	matches, err := s.matchesUsername(ctx, own)
	if err != nil {
		return err
	}
	s.own = own
	s.Self = target.Identity{
		Username: own.name, UserID: own.name, OrganizationID: organizationOf(own.name),
		OrganizationName: organizationOf(own.name), Host: target.HostOf(s.base),
	}
	if matches {
		s.Self.Username = s.Account.Setting(username)
	}
	return nil
}

// unknownIdentityFault returns the fault of a failure to read the identity.
func (s *session) unknownIdentityFault(err error) error {
	fault, ok := target.AsFault(err)
	switch {
	case !ok:
		return err
	case isRejection(err) && s.mode == sessionAuth:
		rejected := s.Classifier.UnexpectedResponse("Domino began a session, and then rejected it: the server may require the host "+
			"name of its Web SSO Configuration document. %s", fault.Message)
		rejected.Unclear = true // the password was sent
		return rejected
	case isLoginFormFault(err):
		fault.Message = target.Say("Domino returned its login form: it rejected the user name and the Internet password, or accepts " +
			"them only in that form, which is what authentication \"session\" is for.")
		return fault
	}
	return serviceDisabledFault(fault)
}

// matchesUsername reports whether the user name of the connection is that of the account that signed in. Domino returns names and
// the address. It does not return the short name, so if the user name may be that, it is looked up.
func (s *session) matchesUsername(ctx context.Context, own mailbox) (bool, error) {
	name := abbreviate(s.Account.Setting(username))
	switch {
	case strings.Contains(name, "@"):
		return strings.EqualFold(name, own.email), nil
	case strings.Contains(name, "/"):
		return strings.EqualFold(name, own.name), nil
	case strings.EqualFold(name, own.common), strings.EqualFold(name, own.name):
		return true, nil
	}
	found, err := s.mailbox(ctx, classifier(), name)
	if fault, ok := target.AsFault(err); ok && fault.Code == target.UserNotFound {
		return false, nil
	}
	return strings.EqualFold(found.name, own.name), err
}

// Close logs off and closes the connections.
func (s *session) Close(ctx context.Context) error {
	s.logOff(ctx)
	return s.Session.Close(ctx)
}

// logOff ends the session, since sessions on a server are limited. It ignores errors: the session expires on its own.
func (s *session) logOff(ctx context.Context) {
	if len(s.cookies) == 0 {
		return
	}
	ctx, cancel := call.WithCleanUp(ctx)
	defer cancel()
	req, err := s.request(ctx, http.MethodGet, "/names.nsf?Logout", nil)
	if err != nil {
		return
	}
	s.authenticate(req)
	_, _ = call.Send(s.Client, req)
}
