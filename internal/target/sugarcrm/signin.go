package sugarcrm

import (
	"context"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// client is the OAuth key that every instance has for signing in with a password; it has no secret.
const client = "sugar"

// session is a service user who is signed in. One goroutine uses it at a time.
type session struct {
	account    target.Account
	api        string
	http       *http.Client
	bearer     oauth.Bearer
	classifier call.Classifier
	identity   target.Identity
	// expired is what Sugar says of a password that has expired; it lets the API in all the same.
	expired string
}

// signIn gets a token, or takes the one in use, and asks whose it is.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	client, err := call.Client(a)
	if err != nil {
		return nil, err
	}
	s := &session{account: a, api: apiOf(a.Setting(instanceURL)), http: client, classifier: apiClassifier()}
	s.bearer = oauth.Bearer{Tokens: a.Tokens, Fetch: s.fetch}
	if err := s.whoAmI(ctx); err != nil {
		s.http.CloseIdleConnections()
		return nil, err
	}
	return s, nil
}

// fetch signs in with the password. The refresh token that comes with the access token is left alone: it is worth no more
// than the password, and would be one more secret to keep.
func (s *session) fetch(ctx context.Context) (*oauth2.Token, error) {
	endpoint := oauth.Endpoint{
		URL: s.api + "/oauth2/token", Client: s.http, Classifier: tokenClassifier(), ClientID: client,
		Form: url.Values{"platform": {s.account.Setting(platform)}}, ParseError: parseError,
	}
	return endpoint.Password(ctx, s.account.Setting(username), s.account.Credentials[password])
}

// me is what Sugar says of who is signed in (GET /me).
type me struct {
	User struct {
		ID       string `json:"id"`
		UserName string `json:"user_name"`
		Expired  bool   `json:"is_password_expired"`
		Message  string `json:"password_expired_message"`
	} `json:"current_user"`
}

// whoAmI asks whose the token is.
func (s *session) whoAmI(ctx context.Context) error {
	var who me
	if err := s.get(ctx, "/me", &who); err != nil {
		return err
	}
	if who.User.UserName == "" {
		return s.classifier.UnexpectedResponse("The answer does not tell who signed in.")
	}
	s.identity = target.Identity{Username: who.User.UserName, UserID: who.User.ID, Host: target.HostOf(s.api)}
	if who.User.Expired {
		s.expired = "The password has expired; Sugar still lets the API in. " + who.User.Message
	}
	return nil
}

// Identity tells who signed in.
func (s *session) Identity() target.Identity { return s.identity }

// Close gives up the connections. The token stays in use for the next session.
func (s *session) Close() error {
	s.http.CloseIdleConnections()
	return nil
}
