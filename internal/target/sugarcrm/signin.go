package sugarcrm

import (
	"context"
	"net/url"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// client is the OAuth key of every instance for signing in with a password; it has no secret.
const client = "sugar"

// session is a signed-in service user. One goroutine uses it at a time.
type session struct {
	oauth.Session

	api string
	// expired is Sugar's message about an expired password; the API works nevertheless.
	expired target.Text
}

// signIn gets a token, or uses the stored one, and reads the identity.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	base, err := oauth.NewSession(a, apiClassifier())
	if err != nil {
		return nil, err
	}
	s := &session{Session: base, api: apiOf(a.Setting(instanceURL))}
	s.Bearer = oauth.Bearer{Tokens: a.Tokens, Fetch: s.fetch}
	return call.CloseOnError(ctx, s, s.whoAmI(ctx))
}

// fetch signs in with the password. The refresh token in the response is not used: it allows no more than the password, and would
// be one more secret to store.
func (s *session) fetch(ctx context.Context) (*oauth2.Token, error) {
	endpoint := oauth.Endpoint{
		URL: s.api + "/oauth2/token", Client: s.Client, Classifier: tokenClassifier(), ClientID: client,
		Form: url.Values{"platform": {s.Account.Setting(platform)}}, ParseError: parseError,
		Tokens: s.Account.Tokens,
	}
	return endpoint.Password(ctx, s.Account.Setting(username), s.Account.Credentials[password])
}

// me is Sugar's description of the user of a token (GET /me).
type me struct {
	User struct {
		ID       string `json:"id"`
		UserName string `json:"user_name"`
		Expired  bool   `json:"is_password_expired"`
		Message  string `json:"password_expired_message"`
	} `json:"current_user"`
}

// whoAmI reads the identity of the token.
func (s *session) whoAmI(ctx context.Context) error {
	var who me
	if err := s.get(ctx, "/me", &who); err != nil {
		return err
	}
	if who.User.UserName == "" {
		return s.Classifier.UnexpectedResponse("The response does not name the account that signed in.")
	}
	s.Self = target.Identity{Username: who.User.UserName, UserID: who.User.ID, Host: target.HostOf(s.api)}
	if who.User.Expired {
		s.expired = target.Say("The password has expired; Sugar's API still accepts it. %s", who.User.Message)
	}
	return nil
}
