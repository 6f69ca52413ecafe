package google

import (
	"context"
	"net/http"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// session is an administrator who is signed in. One goroutine uses it at a time.
type session struct {
	account  target.Account
	grant    target.Grant
	key      key // of the service account; empty with a refresh token
	http     *http.Client
	identity target.Identity

	// own reads the mailbox of the administrator, and whatever else a refresh token is good for; directory reads users.
	own, directory actor
}

// actor is a user whom calls act as, and the scope that they have.
type actor struct {
	user, scope string
	bearer      oauth.Bearer
}

// signIn gets a token for the administrator, or takes the one in use, and asks whose mailbox it opens.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	s, err := open(a)
	if err != nil {
		return nil, err
	}
	username, err := s.mailbox(ctx, s.own)
	if err != nil {
		s.http.CloseIdleConnections()
		return nil, err
	}
	_, domain, _ := strings.Cut(username, "@")
	s.identity = target.Identity{Username: username, OrganizationName: domain, Host: target.HostOf(a.Setting(tokenURL))}
	if err := s.readIDs(ctx); err != nil {
		s.http.CloseIdleConnections()
		return nil, err
	}
	return s, nil
}

// open makes a session; nothing is sent yet.
func open(a target.Account) (*session, error) {
	grant, err := a.Grant()
	if err != nil {
		return nil, err
	}
	client, err := call.Client(a)
	if err != nil {
		return nil, err
	}
	s := &session{account: a, grant: grant, http: client}
	if grant.Name == delegation {
		if s.key, err = parseKey(a.Credentials[serviceAccountKey]); err != nil {
			return nil, &target.Fault{
				Code: target.Misconfigured, Field: serviceAccountKey, Message: serviceAccountKey + " " + err.Error() + ".", Cause: err,
			}
		}
	}
	s.own = actor{user: a.Setting(adminEmail), scope: mailScope}
	s.own.bearer = oauth.Bearer{Tokens: a.Tokens, Fetch: s.fetch(s.own.user, mailScope)}
	s.directory = s.actAs(s.own.user, directoryScope)
	return s, nil
}

// actAs acts as a user with a scope. Only the token of the administrator's mailbox is kept between sessions; the others end
// with what they were fetched for. A refresh token is good for its own account alone, with what scopes it was given.
func (s *session) actAs(user, scope string) actor {
	a := actor{user: user, scope: scope}
	if s.grant.Name != delegation || strings.EqualFold(user, s.own.user) && scope == s.own.scope {
		a.bearer = s.own.bearer
		return a
	}
	a.bearer = oauth.Bearer{Tokens: new(target.Tokens), Fetch: s.fetch(user, scope)}
	return a
}

// fetch gets an access token with the grant that the credentials make.
func (s *session) fetch(user, scope string) func(context.Context) (*oauth2.Token, error) {
	return func(ctx context.Context) (*oauth2.Token, error) {
		endpoint := oauth.Endpoint{
			URL: target.CanonicalURL(s.account.Setting(tokenURL)), Client: s.http, Classifier: tokenClassifier(),
			ClientID: s.account.Setting(clientID), ClientSecret: s.account.Credentials[clientSecret],
		}
		if s.grant.Name != delegation {
			return s.refresh(ctx, endpoint)
		}
		// The private key stands in its file with line breaks written out; nobody should say it with others.
		s.account.Tokens.Mask(s.key.PrivateKey)
		assertion, err := s.key.assertion(user, scope, time.Now())
		if err != nil {
			return nil, &target.Fault{Code: target.Misconfigured, Field: serviceAccountKey, Message: err.Error() + "."}
		}
		s.account.Tokens.Mask(assertion)
		return endpoint.Assertion(ctx, assertion)
	}
}

// refresh uses the refresh token. Google does not replace them, as far as is known; one that it did would be noted.
func (s *session) refresh(ctx context.Context, endpoint oauth.Endpoint) (*oauth2.Token, error) {
	current := s.account.Credentials[refreshToken]
	if rotated := s.account.Tokens.Rotated()[refreshToken]; rotated != "" {
		current = rotated
	}
	token, err := endpoint.Refresh(ctx, current)
	if err == nil && token.RefreshToken != current {
		s.account.Tokens.Rotate(refreshToken, token.RefreshToken)
	}
	return token, err
}

// readIDs asks for the ids of the administrator and of the customer. They stay empty where the directory may not be read:
// only tests of users need it. That the token endpoint takes the credentials no more is a fault all the same; the token in
// use does not tell.
func (s *session) readIDs(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, call.OptionalCallTimeout)
	defer cancel()
	found, err := s.lookUp(ctx, s.identity.Username)
	if fault, ok := target.AsFault(err); ok && fault.Code == target.GivenCredentials {
		if _, tokenFault := tokenClassifier().Codes[codeOf(fault)]; tokenFault {
			return err
		}
	}
	if err == nil && strings.EqualFold(found.PrimaryEmail, s.identity.Username) {
		s.identity.UserID, s.identity.OrganizationID = found.ID, found.CustomerID
	}
	return nil
}

// Identity tells who signed in.
func (s *session) Identity() target.Identity { return s.identity }

// Close gives up the connections. The administrator's token stays in use for the next session.
func (s *session) Close() error {
	s.http.CloseIdleConnections()
	return nil
}
