package salesforce

import (
	"context"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// assertionLifetime is how long an assertion is valid: Salesforce accepts up to five minutes.
const assertionLifetime = 3 * time.Minute

// session is a signed-in service user. One goroutine uses it at a time.
type session struct {
	oauth.Session

	login   string
	version version     // empty until a call needs it
	usage   target.Text // the last API usage that the API reported
	// mayModifyAll reports that the permission to work for users was seen.
	mayModifyAll bool
}

// signIn gets a token, or uses the stored one, and reads the identity.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	base, err := oauth.NewSession(a, classifier())
	if err != nil {
		return nil, err
	}
	s := &session{Session: base, login: target.CanonicalURL(a.Setting(loginURL))}
	s.Bearer = oauth.Bearer{Tokens: a.Tokens, Fetch: s.fetch}
	return call.CloseOnError(ctx, s, s.withField(s.whoAmI(ctx)))
}

// fetch requests an access token. A token with an untrusted instance is not stored.
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

// fetchToken requests an access token with the grant of the credentials.
func (s *session) fetchToken(ctx context.Context) (*oauth2.Token, error) {
	endpoint := s.endpoint()
	switch s.Grant.Name {
	case "jwt_bearer":
		assertion, err := oauth.Sign(oauth.RS256, s.Account.Credentials[privateKey], nil, map[string]any{
			"iss": endpoint.ClientID, "sub": s.Account.Setting(username), "aud": audience(s.login),
			"exp": time.Now().Add(assertionLifetime).Unix(),
		})
		if err != nil {
			return nil, &target.Fault{Code: target.Misconfigured, Field: privateKey, Message: target.Say("%s.", err)}
		}
		s.Account.Tokens.Mask(assertion)
		return endpoint.Assertion(ctx, assertion)
	case "client_credentials":
		return endpoint.ClientCredentials(ctx)
	}
	return endpoint.Refresh(ctx, s.Account, refreshToken)
}

// endpoint returns the token endpoint.
func (s *session) endpoint() oauth.Endpoint {
	return oauth.Endpoint{
		URL: s.login + "/services/oauth2/token", Client: s.Client, Classifier: classifier(),
		Tokens:   s.Account.Tokens,
		ClientID: s.Account.Setting(clientID), ClientSecret: s.Account.Credentials[clientSecret],
	}
}

// instance returns the address of the API for a token.
func (s *session) instance(token *oauth2.Token) (string, error) {
	address, _ := token.Extra("instance_url").(string)
	return instanceURL(s.login, address, s.Account.Network)
}

// userInfo is the response of OpenID Connect's userinfo endpoint (Salesforce help, "UserInfo endpoint").
type userInfo struct {
	Username       string `json:"preferred_username"`
	UserID         string `json:"user_id"`
	OrganizationID string `json:"organization_id"`
}

// whoAmI reads the identity of the token. The token's own response contains it too, and must agree.
func (s *session) whoAmI(ctx context.Context) error {
	var who userInfo
	if _, err := s.get(ctx, "/services/oauth2/userinfo", &who); err != nil {
		return err
	}
	token, err := s.Bearer.Token(ctx)
	if err != nil {
		return err
	}
	address, err := s.instance(token)
	if err != nil {
		return err
	}
	if who.Username == "" || who.OrganizationID == "" {
		return s.Classifier.UnexpectedResponse("The response does not name the account that signed in.")
	}
	if organization, user, ok := identityOf(token); ok &&
		(shortID(organization) != shortID(who.OrganizationID) || shortID(user) != shortID(who.UserID)) {
		return s.Classifier.UnexpectedResponse("The sign-in names another user or organization than the API does.")
	}
	s.Self = target.Identity{
		Username: who.Username, UserID: who.UserID, OrganizationID: who.OrganizationID, Host: target.HostOf(address),
	}
	s.Self.OrganizationName = s.organizationName(ctx)
	return nil
}

// identityOf returns the organization and the user in a token's identity URL: …/id/<organization>/<user>.
func identityOf(token *oauth2.Token) (organization, user string, ok bool) {
	id, _ := token.Extra("id").(string)
	_, path, found := strings.Cut(id, "/id/")
	organization, user, split := strings.Cut(path, "/")
	return organization, user, found && split
}

// organizationName reads the display name of the organization; empty if it cannot be read.
func (s *session) organizationName(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, call.OptionalCallTimeout)
	defer cancel()
	var found []struct{ Name string }
	if err := s.query(ctx, "SELECT Name FROM Organization LIMIT 1", &found); err != nil || len(found) == 0 {
		return ""
	}
	return found[0].Name
}

// withField sets the field of the rejected secret, if the error is about none in particular: that of the grant.
func (s *session) withField(err error) error {
	return target.WithField(err, s.Grant.Secrets[0], target.GivenCredentials)
}
