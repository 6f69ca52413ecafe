package google

import (
	"context"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// session is a signed-in administrator. One goroutine uses it at a time.
type session struct {
	call.Session

	key key // of the service account; empty with a refresh token
	// own reads the mailbox of the administrator, and everything that a refresh token may read; directory reads users.
	own, directory actor
}

// actor is a user that calls act as, and the scope of these calls.
type actor struct {
	user, scope string
	bearer      oauth.Bearer
}

// signIn gets a token for the administrator, or uses the stored one, and reads the owner of the mailbox that it opens.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	s, err := open(a)
	if err != nil {
		return nil, err
	}
	return call.CloseOnError(ctx, s, s.identify(ctx))
}

// open makes a session; it sends nothing yet.
func open(a target.Account) (*session, error) {
	base, err := call.NewSession(a, call.Classifier{Address: apiURL})
	if err != nil {
		return nil, err
	}
	s := &session{Session: base}
	s.Classifier = apiClassifier(s.Grant.Name)
	if s.Grant.Name == delegation {
		if s.key, err = parseKey(a.Credentials[serviceAccountKey]); err != nil {
			return nil, &target.Fault{
				Code: target.Misconfigured, Field: serviceAccountKey, Cause: err,
				Message: target.Say("%s %s.", target.Own(serviceAccountKey), err),
			}
		}
	}
	s.own = actor{user: a.Setting(adminEmail), scope: mailScope}
	s.own.bearer = oauth.Bearer{Tokens: a.Tokens, Fetch: s.fetch(s.own.user, mailScope)}
	s.directory = s.actAs(s.own.user, directoryScope)
	return s, nil
}

// identify reads the administrator's identity.
func (s *session) identify(ctx context.Context) error {
	username, err := s.mailbox(ctx, s.own)
	if err != nil {
		return err
	}
	_, domain, _ := strings.Cut(username, "@")
	s.Self = target.Identity{Username: username, OrganizationName: domain, Host: target.HostOf(s.Account.Setting(tokenURL))}
	return s.readIDs(ctx)
}

// actAs makes an actor with a scope. Only the token of the administrator's mailbox is stored between sessions; the others are
// used for one purpose. A refresh token is valid for its own account only, with the scopes that it was granted.
func (s *session) actAs(user, scope string) actor {
	a := actor{user: user, scope: scope}
	if s.Grant.Name != delegation || strings.EqualFold(user, s.own.user) && scope == s.own.scope {
		a.bearer = s.own.bearer
		return a
	}
	a.bearer = oauth.Bearer{Tokens: new(target.Tokens), Fetch: s.fetch(user, scope)}
	return a
}

// fetch requests an access token with the grant of the credentials.
func (s *session) fetch(user, scope string) func(context.Context) (*oauth2.Token, error) {
	return func(ctx context.Context) (*oauth2.Token, error) {
		endpoint := s.endpoint()
		if s.Grant.Name != delegation {
			return endpoint.Refresh(ctx, s.Account, refreshToken)
		}
		// The file has escaped line breaks in the private key; a message can contain it with others.
		s.Account.Tokens.Mask(s.key.PrivateKey)
		assertion, err := s.key.assertion(user, scope, time.Now())
		if err != nil {
			return nil, &target.Fault{Code: target.Misconfigured, Field: serviceAccountKey, Message: target.Say("%s.", err)}
		}
		s.Account.Tokens.Mask(assertion)
		return endpoint.Assertion(ctx, assertion)
	}
}

// endpoint returns the token endpoint.
func (s *session) endpoint() oauth.Endpoint {
	return oauth.Endpoint{
		URL: target.CanonicalURL(s.Account.Setting(tokenURL)), Client: s.Client, Classifier: tokenClassifier(s.Grant.Name),
		Tokens:   s.Account.Tokens,
		ClientID: s.Account.Setting(clientID), ClientSecret: s.Account.Credentials[clientSecret],
	}
}

// readIDs reads the ids of the administrator and of the customer. They stay empty if the directory may not be read: only tests of
// users need it. If the token endpoint rejects the credentials, the sign-in fails all the same: the stored token does not
// show that.
func (s *session) readIDs(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, call.OptionalCallTimeout)
	defer cancel()
	found, err := s.lookUp(ctx, s.Self.Username)
	if fault, ok := target.AsFault(err); ok && fault.Code == target.GivenCredentials && isTokenError(codeOf(fault)) {
		return err
	}
	if err == nil && strings.EqualFold(found.PrimaryEmail, s.Self.Username) {
		s.Self.UserID, s.Self.OrganizationID = found.ID, found.CustomerID
	}
	return nil
}
