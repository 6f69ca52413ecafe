package suitecrm

import (
	"context"
	"errors"
	"strings"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// session is a signed-in service user. One goroutine uses it at a time.
type session struct {
	oauth.Session

	api string
	// fetched reports that the access token is of this session, so another sign-in would not help.
	fetched bool
}

// signIn gets a token, or uses the stored one, and reads the identity.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	base, err := oauth.NewSession(a, classifier())
	if err != nil {
		return nil, err
	}
	s := &session{Session: base, api: apiOf(a.Setting(instanceURL))}
	s.Bearer = oauth.Bearer{Tokens: a.Tokens, Fetch: s.fetch}
	return call.CloseOnError(ctx, s, s.whoAmI(ctx))
}

// fetch signs in with the password. It is sent as a form: SuiteCRM escapes special characters in a form in the same way as when
// the password and the client's secret were set, but not in JSON. The refresh token in the response is not used: it allows no
// more than the password, and would be one more secret to store.
func (s *session) fetch(ctx context.Context) (*oauth2.Token, error) {
	endpoint := oauth.Endpoint{
		URL: s.api + "/access_token", Client: s.Client, Classifier: classifier(), ParseError: parseError,
		Tokens:   s.Account.Tokens,
		ClientID: s.Account.Setting(clientID), ClientSecret: s.Account.Credentials[clientSecret],
	}
	s.fetched = true
	return endpoint.Password(ctx, s.Account.Setting(username), s.Account.Credentials[password])
}

// whoAmI reads the identity of the token. It rejects a user whose status is not Active: SuiteCRM checks the status when users
// sign in with a browser, but not in the API.
func (s *session) whoAmI(ctx context.Context) error {
	var who struct {
		Data struct {
			ID         string `json:"id"`
			Attributes struct {
				UserName string `json:"user_name"`
				Status   string `json:"status"`
			} `json:"attributes"`
		} `json:"data"`
	}
	if err := s.get(ctx, "/V8/current-user", &who); err != nil {
		return err
	}
	user := who.Data.Attributes
	switch {
	case user.UserName == "":
		return s.Classifier.UnexpectedResponse("The response does not name the account that signed in.")
	case user.Status != "" && user.Status != "Active":
		return &target.Fault{
			Code: target.GivenCredentials,
			Message: target.Say("The status of the user %s is %s. SuiteCRM's API accepts such users, but this program does not.",
				user.UserName, user.Status),
		}
	}
	s.Self = target.Identity{Username: user.UserName, UserID: who.Data.ID, Host: target.HostOf(s.api)}
	return nil
}

// get calls the API and reads the response. Errors are *[target.Fault].
func (s *session) get(ctx context.Context, path string, into any) error {
	return s.Bearer.Do(ctx, func(token *oauth2.Token) error {
		req, err := oauth.NewRequest(ctx, token, s.api+path)
		if err != nil {
			return err
		}
		req.Header.Set("Accept", "application/vnd.api+json")
		_, err = s.Classifier.SendJSON(s.Client, req, parseError, into)
		return err
	}, s.isTokenRejected)
}

// isTokenRejected reports whether another access token may help. A stored token that cannot be verified has expired; a new one
// that cannot be verified means that the keys do not belong together, so the password is not sent again.
func (s *session) isTokenRejected(err error) bool {
	systemErr, ok := errors.AsType[*call.SystemError](err)
	return oauth.IsTokenRejected(err) || ok && !s.fetched && strings.Contains(systemErr.Message, "could not be verified")
}
