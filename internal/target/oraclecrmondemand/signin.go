package oraclecrmondemand

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// session is a service user who is logged in. One goroutine uses it at a time.
type session struct {
	account     target.Account
	integration string
	http        *http.Client
	cookies     []*http.Cookie // none while there is no session
	identity    target.Identity
}

// signIn logs in and asks who it is. Whatever comes of it, no session is left behind.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	client, err := call.Client(a)
	if err != nil {
		return nil, err
	}
	s := &session{account: a, integration: serverOf(a.Setting(serverURL)) + integration, http: client}
	err = s.login(ctx)
	if err == nil {
		err = s.whoAmI(ctx)
	}
	if err != nil {
		_ = s.Close() // it never fails
		return nil, err
	}
	return s, nil
}

// whoAmI asks whose the session is.
func (s *session) whoAmI(ctx context.Context) error {
	found, err := s.records(ctx, currentUser())
	if err != nil {
		return err
	}
	s.identity, err = s.identityIn(found)
	return err
}

// newSession replaces a session that was lost. The server may have kept it all the same, so it is logged off; and whose the new
// one is, is asked anew.
func (s *session) newSession(ctx context.Context) error {
	s.logoff(ctx)
	if err := s.login(ctx); err != nil || s.identity.Username == "" {
		return err
	}
	found, err := s.post(ctx, currentUser())
	if err != nil {
		return err
	}
	now, err := s.identityIn(found)
	if err == nil && now != s.identity {
		return &target.Fault{
			Code:    target.WrongIdentity,
			Message: fmt.Sprintf("The session was lost, and the next one is that of %q instead of %q.", now.Username, s.identity.Username),
		}
	}
	return err
}

// currentUser asks whose a session is.
func currentUser() query {
	return query{
		operation: "CurrentUserQueryPage", input: "CurrentUserWS_CurrentUserQueryPage", urn: "urn:crmondemand/ws/currentuser/",
		object: "CurrentUser", fields: "UserId Alias UserSignInId",
	}
}

func (s *session) identityIn(found []record) (target.Identity, error) {
	if len(found) != 1 || found[0].SignInID == "" {
		return target.Identity{}, classifier().UnexpectedResponse("The answer does not tell who signed in.")
	}
	identity := target.Identity{
		Username: withSlash(found[0].SignInID), UserID: found[0].UserID, Host: target.HostOf(s.integration),
	}
	if company, _, ok := strings.Cut(identity.Username, "/"); ok {
		identity.OrganizationID = company
	}
	return identity, nil
}

// Identity tells who signed in.
func (s *session) Identity() target.Identity { return s.identity }

// Close logs off, also after a failure: a company has few sessions.
func (s *session) Close() error {
	s.logoff(context.Background())
	s.http.CloseIdleConnections()
	return nil
}
