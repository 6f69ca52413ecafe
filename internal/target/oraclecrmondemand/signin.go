package oraclecrmondemand

import (
	"context"
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// session is a logged-in service user. One goroutine uses it at a time.
type session struct {
	call.Session

	integration string
	cookies     []*http.Cookie // empty if there is no session
}

// signIn logs in and reads the identity. If it fails, it logs off.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	base, err := call.NewSession(a, classifier())
	if err != nil {
		return nil, err
	}
	s := &session{Session: base, integration: serverOf(a.Setting(serverURL)) + integration}
	err = s.login(ctx)
	if err == nil {
		err = s.whoAmI(ctx)
	}
	return call.CloseOnError(ctx, s, err)
}

// whoAmI reads the identity of the session.
func (s *session) whoAmI(ctx context.Context) error {
	found, err := s.records(ctx, currentUser())
	if err != nil {
		return err
	}
	s.Self, err = s.identityIn(found)
	return err
}

// newSession replaces a session that was lost. The server may still have the old one, so it is logged off; the identity of
// the new one is checked.
func (s *session) newSession(ctx context.Context) error {
	s.logoff(ctx)
	if err := s.login(ctx); err != nil || s.Self.Username == "" {
		return err
	}
	found, err := s.post(ctx, currentUser())
	if err != nil {
		return err
	}
	now, err := s.identityIn(found)
	if err == nil && now != s.Self {
		return &target.Fault{
			Code:    target.WrongIdentity,
			Message: target.Say("The session was lost, and the new one belongs to %q instead of %q.", now.Username, s.Self.Username),
		}
	}
	return err
}

// currentUser is the query for the user of a session.
func currentUser() query {
	return query{
		operation: "CurrentUserQueryPage", input: "CurrentUserWS_CurrentUserQueryPage", urn: "urn:crmondemand/ws/currentuser/",
		object: "CurrentUser", fields: "UserId Alias UserSignInId",
	}
}

func (s *session) identityIn(found []record) (target.Identity, error) {
	if len(found) != 1 || found[0].SignInID == "" {
		return target.Identity{}, s.Classifier.UnexpectedResponse("The response does not name the account that signed in.")
	}
	identity := target.Identity{
		Username: withSlash(found[0].SignInID), UserID: found[0].UserID, Host: target.HostOf(s.integration),
	}
	if company, _, ok := strings.Cut(identity.Username, "/"); ok {
		identity.OrganizationID = company
	}
	return identity, nil
}

// Close logs off, also after a failure, since a company has few sessions, and closes the connections.
func (s *session) Close(ctx context.Context) error {
	s.logoff(ctx)
	return s.Session.Close(ctx)
}
