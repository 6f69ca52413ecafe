package salesforce

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

// assertionLifetime is how long an assertion is good: Salesforce accepts up to five minutes.
const assertionLifetime = 3 * time.Minute

// session is a service user who is signed in. One goroutine uses it at a time.
type session struct {
	account    target.Account
	login      string
	grant      target.Grant
	http       *http.Client
	bearer     oauth.Bearer
	classifier call.Classifier
	identity   target.Identity
	version    version // empty until a call needs it
	usage      string  // what the API said last about how much of it is used
	// mayModifyAll tells that the permission to work for users was seen.
	mayModifyAll bool
}

// signIn gets a token, or takes the one in use, and asks whose it is.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	s, err := open(a)
	if err != nil {
		return nil, err
	}
	if err := s.whoAmI(ctx); err != nil {
		s.http.CloseIdleConnections()
		return nil, s.withField(err)
	}
	s.identity.OrganizationName = s.organizationName(ctx)
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
	s := &session{
		account: a, login: target.CanonicalURL(a.Setting(loginURL)), grant: grant, http: client, classifier: apiClassifier(),
	}
	s.bearer = oauth.Bearer{Tokens: a.Tokens, Fetch: s.fetch}
	return s, nil
}

// fetch gets an access token with the grant that the credentials make. One that leads elsewhere is not kept.
func (s *session) fetch(ctx context.Context) (*oauth2.Token, error) {
	token, err := s.fetchToken(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := s.instance(token); err != nil {
		return nil, err
	}
	return token, nil
}

func (s *session) fetchToken(ctx context.Context) (*oauth2.Token, error) {
	endpoint := oauth.Endpoint{
		URL: s.login + "/services/oauth2/token", Client: s.http, Classifier: tokenClassifier(),
		ClientID: s.account.Setting(clientID), ClientSecret: s.account.Credentials[clientSecret],
	}
	switch s.grant.Name {
	case "jwt_bearer":
		assertion, err := oauth.Sign(oauth.RS256, s.account.Credentials[privateKey], nil, map[string]any{
			"iss": endpoint.ClientID, "sub": s.account.Setting(username), "aud": audience(s.login),
			"exp": time.Now().Add(assertionLifetime).Unix(),
		})
		if err != nil {
			return nil, &target.Fault{Code: target.Misconfigured, Field: privateKey, Message: err.Error() + "."}
		}
		s.account.Tokens.Mask(assertion)
		return endpoint.Assertion(ctx, assertion)
	case "client_credentials":
		return endpoint.ClientCredentials(ctx)
	}
	current := s.account.Credentials[refreshToken]
	if rotated := s.account.Tokens.Rotated()[refreshToken]; rotated != "" {
		current = rotated
	}
	token, err := endpoint.Refresh(ctx, current)
	if err == nil && token.RefreshToken != current {
		// Before anything else can fail: the one that was shown is worthless from now on.
		s.account.Tokens.Rotate(refreshToken, token.RefreshToken)
	}
	return token, err
}

// instance is where the API is for a token.
func (s *session) instance(token *oauth2.Token) (string, error) {
	base, _ := token.Extra("instance_url").(string)
	return instanceURL(s.login, base, s.account.Network)
}

// userInfo is what OpenID Connect's userinfo says of who signed in (Salesforce help, "UserInfo endpoint").
type userInfo struct {
	Username       string `json:"preferred_username"`
	UserID         string `json:"user_id"`
	OrganizationID string `json:"organization_id"`
}

// whoAmI asks whose the token is. The answer that brought the token says so too, and must agree.
func (s *session) whoAmI(ctx context.Context) error {
	var who userInfo
	if _, err := s.get(ctx, "/services/oauth2/userinfo", &who); err != nil {
		return err
	}
	token, err := s.bearer.Token(ctx)
	if err != nil {
		return err
	}
	base, err := s.instance(token)
	if err != nil {
		return err
	}
	if who.Username == "" || who.OrganizationID == "" {
		return s.classifier.UnexpectedResponse("The answer does not tell who signed in.")
	}
	if organization, user, ok := identityOf(token); ok &&
		(shortID(organization) != shortID(who.OrganizationID) || shortID(user) != shortID(who.UserID)) {
		return s.classifier.UnexpectedResponse("The sign-in names another user or organisation than the API does.")
	}
	s.identity = target.Identity{
		Username: who.Username, UserID: who.UserID, OrganizationID: who.OrganizationID, Host: target.HostOf(base),
	}
	return nil
}

// identityOf finds organisation and user in the identity URL of a token's answer: …/id/<organisation>/<user>.
func identityOf(token *oauth2.Token) (organization, user string, ok bool) {
	id, _ := token.Extra("id").(string)
	_, path, found := strings.Cut(id, "/id/")
	organization, user, split := strings.Cut(path, "/")
	return organization, user, found && split
}

// organizationName asks for the organisation's name for people; empty if that is not told.
func (s *session) organizationName(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, call.OptionalCallTimeout)
	defer cancel()
	var found []struct{ Name string }
	if err := s.query(ctx, "SELECT Name FROM Organization LIMIT 1", &found); err != nil || len(found) == 0 {
		return ""
	}
	return found[0].Name
}

// withField names the secret that was refused.
func (s *session) withField(err error) error {
	return target.WithField(err, s.grant.Secrets[0], target.GivenCredentials)
}

// Identity tells who signed in.
func (s *session) Identity() target.Identity { return s.identity }

// Close gives up the connections. The token stays in use for the next session.
func (s *session) Close() error {
	s.http.CloseIdleConnections()
	return nil
}
